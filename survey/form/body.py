"""The urlencoded body of a form → its fields, taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl

from survey.form.form import REVISION

MAX_FIELDS = 3000


class BodyError(ValueError):
    """A body that was cut off, or that no form of ours sends."""


class Fields(Mapping[str, str]):
    """The first value under each name, and with `getlist`, for the form, all of them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))


def fields_of(body: bytes, end: str | None = None) -> Fields:
    """The fields of a body. `end` names the field that must stand last. Raises BodyError."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise BodyError("not the fields of a form") from None
    if end is not None and (not pairs or pairs[-1][0] != end):
        raise BodyError("cut off")
    return Fields(pairs)


def revision_of(fields: Mapping[str, str]) -> int:
    """The revision that these answers replace, 0 for none. Raises BodyError."""
    text = fields.get(REVISION, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise BodyError("no revision")
    return int(text)
