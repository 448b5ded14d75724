"""Arrow arrays, gathered value by value in buffers that are laid out as Arrow's own are.

`pyarrow.array` would import pandas wherever it is installed, just to see whether a list is a series:
40 MB that nothing here uses. The layouts: https://arrow.apache.org/docs/format/Columnar.html
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from decimal import Decimal
from sys import byteorder
from typing import Any

Values = Sequence[Any]
"""What comes into an array; None where there is nothing."""

TYPE_CODES = {8: "b", 32: "i", 64: "q"}
"""Python's code for a whole number of so many bits."""

BYTES_OF_DECIMAL = 16


class Gathering(ABC):
    """Values of an Arrow type, until they are taken as an array."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._present = bytearray()
        self._empty()

    def add(self, values: Values) -> None:
        self._present += bytes([value is not None for value in values])
        self._add(values)

    def take(self) -> Any:
        """The values as an Arrow array, which keeps the buffers; what comes next begins anew."""
        made = self._made(len(self._present), _bits(self._present))
        self._present = bytearray()
        self._empty()
        return made

    @abstractmethod
    def _empty(self) -> None: ...

    @abstractmethod
    def _add(self, values: Values) -> None: ...

    @abstractmethod
    def _made(self, length: int, present: Any) -> Any:
        """An array of so many values; `present` has a bit for each, or is None if all are there."""


def _bits(present: bytearray) -> Any:
    """A bit for each byte of 0 or 1, the least significant one first."""
    import pyarrow

    if all(present):
        return None
    digits = present.translate(bytes.maketrans(b"\0\1", b"01"))
    return pyarrow.py_buffer(int(digits[::-1], 2).to_bytes((len(present) + 7) // 8, "little"))


class Flat(Gathering):
    """Values of one width, after each other in a buffer."""

    _buffer: array[int] | bytearray

    def _made(self, length: int, present: Any) -> Any:
        import pyarrow

        buffers = [present, pyarrow.py_buffer(self._buffer)]
        return pyarrow.Array.from_buffers(self._kind, length, buffers)


class Numbers(Flat):
    """Whole numbers of the type's width: days, milliseconds and flags are such, too."""

    def _empty(self) -> None:
        self._buffer = array(TYPE_CODES[self._kind.bit_width])

    def _add(self, values: Values) -> None:
        if None in values:
            values = [0 if value is None else value for value in values]
        self._buffer.extend(values)


class Decimals(Flat):
    """Decimals of up to 128 bits, as whole numbers of their smallest decimal place. Raises ValueError
    for one that has more digits than the type."""

    def _empty(self) -> None:
        self._buffer = bytearray()

    def _add(self, values: Values) -> None:
        limit = 10**self._kind.precision
        for value in values:
            scaled = (value or Decimal(0)).scaleb(self._kind.scale)
            number = int(scaled)
            if number != scaled or abs(number) >= limit:
                raise ValueError(f"{value} does not fit {self._kind}")
            self._buffer.extend(number.to_bytes(BYTES_OF_DECIMAL, byteorder, signed=True))


class Texts(Gathering):
    """Texts in UTF-8 after each other, and where each ends."""

    def _empty(self) -> None:
        self._bytes, self._ends = bytearray(), array("i", [0])

    def _add(self, values: Values) -> None:
        for value in values:
            if value is not None:
                self._bytes += value.encode()
            self._ends.append(len(self._bytes))

    def _made(self, length: int, present: Any) -> Any:
        import pyarrow

        buffers = [present, pyarrow.py_buffer(self._ends), pyarrow.py_buffer(self._bytes)]
        return pyarrow.Array.from_buffers(self._kind, length, buffers)


class Words(Gathering):
    """Texts of which there are few: each is kept once and told by its number."""

    def _empty(self) -> None:
        self._numbers = array(TYPE_CODES[self._kind.index_type.bit_width])
        self._known = _Numbered()

    def _add(self, values: Values) -> None:
        known = self._known
        self._numbers.extend([0 if value is None else known[value] for value in values])

    def _made(self, length: int, present: Any) -> Any:
        import pyarrow

        words = Texts(self._kind.value_type)
        words.add(list(self._known))
        buffers = [present, pyarrow.py_buffer(self._numbers)]
        numbers = pyarrow.Array.from_buffers(self._kind.index_type, length, buffers)
        return pyarrow.DictionaryArray.from_arrays(numbers, words.take())


class _Numbered(dict[str, int]):
    """Words with their numbers; one that is new gets the next."""

    def __missing__(self, word: str) -> int:
        return self.setdefault(word, len(self))


class Lists(Gathering):
    """Lists of texts: all texts after each other, and where each list ends."""

    def _empty(self) -> None:
        self._texts, self._ends = Texts(self._kind.value_type), array("i", [0])

    def _add(self, values: Values) -> None:
        for value in values:
            self._texts.add(value or ())
            self._ends.append(self._ends[-1] + len(value or ()))

    def _made(self, length: int, present: Any) -> Any:
        import pyarrow

        buffers = [present, pyarrow.py_buffer(self._ends)]
        texts = self._texts.take()
        return pyarrow.Array.from_buffers(self._kind, length, buffers, children=[texts])
