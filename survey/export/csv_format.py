"""CSV as Excel opens it right: UTF-8 with a byte order mark, RFC 4180, no live formulas."""

from __future__ import annotations

import csv
import io
from typing import IO

from survey.table import Cell, Table

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def write(table: Table, file: IO[bytes]) -> None:
    """A header and a line for each row, as they come."""
    write_lines(table, file, BYTE_ORDER_MARK)


def write_lines(table: Table, file: IO[bytes], mark: str = "") -> None:
    """The same after a mark, or without one, which some programs would take for part of a name."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(mark)
    writer = csv.writer(text)
    writer.writerow([neutral(heading) for heading in table.header])
    texts = [place for place, shown in enumerate(table.shown) if shown.is_text]
    for row in table.rows():
        for place in texts:
            row[place] = neutral(row[place])
        writer.writerow(row)
    text.flush()
    text.detach()


def neutral(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets a leading `'`; so does one that has
    such a mark already, so that removing one mark always gives the text back."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
