"""XLSX in constant memory: the table, what its columns mean, and which workshops it is of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZipFile

from survey.export.archive import archive, entry
from survey.export.errors import ExportError
from survey.i18n import LANGUAGES, N_
from survey.table import SHAPES, Cell, Dataset, Table
from survey.table.shapes import CODEBOOK, LONG, STATEMENTS, WIDE

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_576
MAX_DIGITS = 15
"""More digits than a spreadsheet's numbers hold are written as text, so that none is lost."""

TOO_LARGE = N_(
    "This is more than XLSX holds, 4 GiB a sheet. Use csv or jsonl, or choose fewer responses."
)

SHEETS = {
    WIDE: "Responses",
    LONG: "Answers",
    STATEMENTS: "Statements",
    CODEBOOK: "Codebook",
}
ABOUT = "Workshop"
ABOUT_HEADER = ["about", "name", "title", "value"]

FIXED_TIME = datetime(1980, 1, 1)
PROPERTIES = "docProps/core.xml"
NO_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://'
    'schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
"""Files carry no time of making, so that the same answers give the same bytes."""

CellOrNumber = Cell | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its headings, no two alike, and its rows, the same each time it is asked."""

    name: str
    header: list[str]
    rows: Callable[[], Iterator[list[CellOrNumber]]]


def write(table: Table, file: IO[bytes]) -> None:
    """The table on a sheet named after its shape, then `Codebook` and `Workshop`; right to left for
    right-to-left languages.

    Raises ExportError where there is more than a sheet holds: in rows, or in bytes.
    """
    language = table.dataset.wording.language
    is_rtl = language is not None and LANGUAGES[language].direction == "rtl"
    sheets = [*_sheets(table)]
    write_sheets = _write_fast if _can_be_fast(sheets) else _write_anywhere
    write_sheets(sheets, is_rtl, file)


def _can_be_fast(sheets: list[Sheet]) -> bool:
    """The fast library takes headings from the first row, so that it needs one on every sheet."""
    return find_spec("rustpy_xlsxwriter") is not None and all(
        next(sheet.rows(), None) is not None for sheet in sheets
    )


def _sheets(table: Table) -> Iterator[Sheet]:
    yield Sheet(SHEETS[table.shape], table.header, partial(_rows, table))
    if table.shape != CODEBOOK:
        codebook = SHAPES[CODEBOOK](table.dataset)
        yield Sheet(SHEETS[CODEBOOK], codebook.header, partial(_rows, codebook))
    yield Sheet(ABOUT, ABOUT_HEADER, partial(_about, table.dataset))


def _rows(table: Table) -> Iterator[list[CellOrNumber]]:
    decimals = [place for place, shown in enumerate(table.shown) if shown.column.is_decimal]
    for number, row in enumerate(table.rows(), 1):
        if number >= MAX_ROWS:
            raise ExportError(
                N_("XLSX holds %(count)s rows; use csv or jsonl."), count=f"{MAX_ROWS - 1:,}"
            )
        cells: list[CellOrNumber] = [*row]
        for place in decimals:
            cells[place] = _number(row[place])
        yield cells


def _number(cell: Cell) -> CellOrNumber:
    """A decimal's digits as a number that can be summed."""
    if not isinstance(cell, str) or not cell[-1].isdigit():
        return cell
    return float(cell) if sum(map(str.isdigit, cell)) <= MAX_DIGITS else cell


def _about(dataset: Dataset) -> Iterator[list[CellOrNumber]]:
    """What is left out for the public, the workshops, the versions, which responses were chosen."""
    if dataset.is_public:
        yield ["public", dataset.note, None, None]
    for workshop in dataset.workshops:
        yield ["workshop", workshop.code, dataset.say(workshop.title), workshop.state]
    for version, questionnaire in dataset.questionnaires.items():
        yield ["questionnaire", questionnaire.name, dataset.say(questionnaire.title), version]
    for name, value in dataset.selection.chosen().items():
        yield ["selection", name, None, value]


def _write_fast(sheets: list[Sheet], is_rtl: bool, file: IO[bytes]) -> None:
    """By the library that is seven times as fast, where it has a wheel."""
    from rustpy_xlsxwriter import write_worksheets

    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.xlsx"
        try:
            write_worksheets(
                [(sheet.name, _records(sheet)) for sheet in sheets],
                str(whole),
                bold_headers=True,
                freeze_panes={"general": {"row": 1, "col": 1}},
                sheet_view={sheet.name: {"right_to_left": is_rtl} for sheet in sheets},
            )
        except OSError as error:
            if "Large file option" not in str(error):
                raise
            raise ExportError(TOO_LARGE) from error
        _copy_without_time(whole, file)


def _records(sheet: Sheet) -> Iterator[dict[str, CellOrNumber]]:
    return (dict(zip(sheet.header, row, strict=True)) for row in sheet.rows())


def _copy_without_time(whole: Path, file: IO[bytes]) -> None:
    """The same file, but for the member that holds the time of making."""
    with ZipFile(whole) as source, archive(file) as copy:
        for name in source.namelist():
            with source.open(name) as read, entry(copy, name, is_large=True) as written:
                if name == PROPERTIES:
                    written.write(NO_PROPERTIES.encode())
                else:
                    shutil.copyfileobj(read, written, 2**20)


def _write_anywhere(sheets: list[Sheet], is_rtl: bool, file: IO[bytes]) -> None:
    """By the library that runs wherever Python does."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileSizeError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(file, options) as workbook:
            _fill(workbook, sheets, is_rtl)
    except FileSizeError as error:
        raise ExportError(TOO_LARGE) from error


def _fill(workbook: Any, sheets: list[Sheet], is_rtl: bool) -> None:
    workbook.set_properties({"created": FIXED_TIME})
    bold = workbook.add_format({"bold": True})
    for sheet in sheets:
        page = workbook.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        if is_rtl:
            page.right_to_left()
        _write_row(page, 0, sheet.header, bold)
        for place, row in enumerate(sheet.rows(), 1):
            _write_row(page, place, row)


def _write_row(sheet: Any, place: int, row: list[Any], format: Any = None) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell, format)
        elif cell is not None:
            sheet.write_number(place, column, cell, format)
