"""An address or a Wi-Fi as a QR code: on the wall, on paper, and in the terminal."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def as_svg(address: str) -> str:
    """SVG markup that fills its box and needs no style of its own."""
    import segno

    code = segno.make(address, error="m")
    return str(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))


@lru_cache(maxsize=256)
def wifi_as_svg(name: str, password: str) -> str:
    """Like `as_svg`: what a phone needs to join a Wi-Fi; no password for an open one."""
    from segno import make
    from segno.helpers import make_wifi_data

    text = make_wifi_data(name, password or None, "WPA" if password else "nopass")
    code = make(text, error="m", encoding="utf-8", micro=False)
    return str(code.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))


def print_in_terminal(address: str) -> None:
    import segno

    segno.make(address, error="m").terminal(compact=True)
