"""CSV as Excel opens it right: UTF-8 with a byte order mark, RFC 4180, no live formulas."""

from __future__ import annotations

from typing import IO

from survey.table import Table

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
LINE_END = "\r\n"


def write(table: Table, file: IO[bytes]) -> None:
    """A header and a line for each row, as they come."""
    file.write(BYTE_ORDER_MARK.encode())
    write_lines(table, file)


def write_lines(table: Table, file: IO[bytes]) -> None:
    """The same without a mark, which some programs would take for part of a name."""
    headings = [quoted(neutral(heading)) for heading in table.header]
    file.write(f"{','.join(headings)}{LINE_END}".encode())
    append(table, file)


def append(table: Table, file: IO[bytes]) -> None:
    """A line for each row, without a header.

    The csv module looks at every character of every cell. Most are codes and numbers here, which
    need no quotes, so that only texts are looked at.
    """
    texts = [place for place, shown in enumerate(table.shown) if shown.is_text]
    for row in table.texts():
        for place in texts:
            if row[place]:
                row[place] = quoted(neutral(row[place]))
        file.write(f"{','.join(row)}{LINE_END}".encode())


def neutral(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a leading `'`; so does one that has
    such a mark already, so that removing one mark always gives the text back."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def quoted(text: str) -> str:
    """A text as RFC 4180 wants it: in quotes if it holds what would divide cells or lines."""
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"{}"'.format(text.replace('"', '""'))
    return text
