"""An address as a QR code: on the projector's page, and in the terminal."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def as_svg(address: str) -> str:
    """SVG markup that fills its box and needs no style of its own."""
    import segno

    code = segno.make(address, error="m")
    return str(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))


def print_in_terminal(address: str) -> None:
    import segno

    segno.make(address, error="m").terminal(compact=True)
