"""XLSX in constant memory: the responses, and a codebook that says what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from survey.export.errors import ExportError
from survey.i18n import LANGUAGES
from survey.table import NOT_ASKED, Cell, Column, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_576
FIXED_TIME = datetime(1980, 1, 1)
"""Files carry no time of making, so that the same answers give the same bytes."""

CODEBOOK_HEADER = ("name", "question", "type", "label", "theme", "dimension", "code", "code_label")


MAX_DIGITS = 15
"""More digits than a spreadsheet's numbers hold are written as text, so that none is lost."""


def write(table: Table, file: IO[bytes]) -> None:
    """Sheets `Responses` and `Codebook`; right to left for right-to-left languages.

    Raises ExportError where there are more responses than a sheet has rows.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"created": FIXED_TIME})
        bold = workbook.add_format({"bold": True})
        sheet = _sheet(workbook, table, "Responses")
        _write_row(sheet, 0, table.header, bold)
        decimals = [column.is_decimal for column in table.columns]
        for place, row in enumerate(table.rows(), 1):
            if place >= MAX_ROWS:
                raise ExportError(f"XLSX holds {MAX_ROWS - 1:,} responses; use csv or jsonl.")
            _write_row(sheet, place, [_number(*pair) for pair in zip(decimals, row, strict=True)])
        codebook = _sheet(workbook, table, "Codebook")
        _write_row(codebook, 0, list(CODEBOOK_HEADER), bold)
        for place, row in enumerate(codebook_rows(table), 1):
            _write_row(codebook, place, row)


def _number(is_decimal: bool, cell: Cell) -> Cell | float:
    """A decimal's digits as a number that can be summed."""
    if not is_decimal or not isinstance(cell, str) or not cell[-1].isdigit():
        return cell
    return float(cell) if sum(map(str.isdigit, cell)) <= MAX_DIGITS else cell


def _sheet(workbook: Any, table: Table, name: str) -> Any:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    if table.language is not None and LANGUAGES[table.language].direction == "rtl":
        sheet.right_to_left()
    return sheet


def _write_row(sheet: Any, place: int, row: list[Any], format: Any = None) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell, format)
        elif cell is not None:
            sheet.write_number(place, column, cell, format)


def codebook_rows(table: Table) -> Iterator[list[Cell]]:
    """A row for each column, then one for each of its codes and kinds of missing."""
    questionnaire = table.questionnaire
    language = table.language or questionnaire.default_language
    for column in table.columns:
        question = column.question
        if question is None:
            yield [column.name]
            continue
        words = (column.label, column.part_label)
        label = " – ".join(questionnaire.say(language, each) for each in words if each)
        theme, dimension = question.theme, question.dimension
        start = [column.name, question.name, question.type, label, theme, dimension]
        yield [*start]
        for code, meaning in _codes(column, language, table):
            yield [column.name, question.name, None, None, None, None, code, meaning]


def _codes(column: Column, language: str, table: Table) -> Iterator[tuple[str, str]]:
    question = column.question
    assert question is not None
    for code, words in column.labels.items():
        yield code, table.questionnaire.say(language, words)
    for choice in question.missing():
        yield choice.name, table.questionnaire.say(language, choice.label)
    if question.relevant is not None or column.kind == "other_missing":
        yield NOT_ASKED, NOT_ASKED
