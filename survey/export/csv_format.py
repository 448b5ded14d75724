"""CSV as Excel opens it right: UTF-8 with a byte order mark, RFC 4180, no live formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from survey.table import Cell, Table

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def write(table: Table, file: IO[bytes]) -> None:
    """A header and a line for each row, as they come."""
    file.write(BYTE_ORDER_MARK.encode())
    write_lines(table, file)


def write_lines(table: Table, file: IO[bytes]) -> None:
    """The same without a mark, which some programs would take for part of a name."""
    with _lines(file) as writer:
        writer.writerow([neutral(heading) for heading in table.header])
    append(table, file)


def append(table: Table, file: IO[bytes]) -> None:
    """A line for each row, without a header."""
    texts = [place for place, shown in enumerate(table.shown) if shown.is_text]
    with _lines(file) as writer:
        for row in table.rows():
            for place in texts:
                row[place] = neutral(row[place])
            writer.writerow(row)


@contextmanager
def _lines(file: IO[bytes]) -> Iterator[Any]:
    """What writes rows to a file, which stays open."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    yield csv.writer(text)
    text.flush()
    text.detach()


def neutral(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets a leading `'`; so does one that has
    such a mark already, so that removing one mark always gives the text back."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
