"""XLSX in constant memory: the table, what its columns mean, and which workshops it is of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from survey.export.errors import ExportError
from survey.i18n import LANGUAGES
from survey.table import SHAPES, Cell, Table
from survey.table.shapes import CODEBOOK, LONG, STATEMENTS, WIDE

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_576
FIXED_TIME = datetime(1980, 1, 1)
"""Files carry no time of making, so that the same answers give the same bytes."""

MAX_DIGITS = 15
"""More digits than a spreadsheet's numbers hold are written as text, so that none is lost."""

SHEETS = {
    WIDE: "Responses",
    LONG: "Answers",
    STATEMENTS: "Statements",
    CODEBOOK: "Codebook",
}


def write(table: Table, file: IO[bytes]) -> None:
    """The table on a sheet named after its shape, then `Codebook` and `Workshop`; right to left for
    right-to-left languages.

    Raises ExportError where there are more rows than a sheet has.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"created": FIXED_TIME})
        _write_table(workbook, table)
        if table.shape != CODEBOOK:
            _write_table(workbook, SHAPES[CODEBOOK](table.dataset))
        sheet = _sheet(workbook, table, "Workshop")
        for place, row in enumerate(_about(table)):
            _write_row(sheet, place, row)


def _write_table(workbook: Any, table: Table) -> None:
    sheet = _sheet(workbook, table, SHEETS[table.shape])
    sheet.freeze_panes(1, 1)
    _write_row(sheet, 0, table.header, workbook.add_format({"bold": True}))
    decimals = [place for place, shown in enumerate(table.shown) if shown.column.is_decimal]
    for number, row in enumerate(table.rows(), 1):
        if number >= MAX_ROWS:
            raise ExportError(f"XLSX holds {MAX_ROWS - 1:,} rows; use csv or jsonl.")
        cells: list[Cell | float] = [*row]
        for place in decimals:
            cells[place] = _number(row[place])
        _write_row(sheet, number, cells)


def _number(cell: Cell) -> Cell | float:
    """A decimal's digits as a number that can be summed."""
    if not isinstance(cell, str) or not cell[-1].isdigit():
        return cell
    return float(cell) if sum(map(str.isdigit, cell)) <= MAX_DIGITS else cell


def _sheet(workbook: Any, table: Table, name: str) -> Any:
    sheet = workbook.add_worksheet(name)
    language = table.dataset.wording.language
    if language is not None and LANGUAGES[language].direction == "rtl":
        sheet.right_to_left()
    return sheet


def _write_row(sheet: Any, place: int, row: list[Any], format: Any = None) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell, format)
        elif cell is not None:
            sheet.write_number(place, column, cell, format)


def _about(table: Table) -> Iterator[list[Cell]]:
    """The public note, the workshops, the versions of the questionnaire, and which responses were chosen."""
    dataset = table.dataset
    if dataset.is_public:
        yield ["public", dataset.note]
    for workshop in dataset.workshops:
        yield ["workshop", workshop.code, dataset.say(workshop.title), workshop.state]
    for version, questionnaire in dataset.questionnaires.items():
        yield ["questionnaire", questionnaire.name, dataset.say(questionnaire.title), version]
    for name, value in dataset.selection.chosen().items():
        yield [name, value]
