"""A table becomes a file: one small module for each format, one line for each in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from survey.export import csv_format, jsonl_format, xlsx_format
from survey.export.errors import ExportError
from survey.questionnaire.model import Questionnaire
from survey.table import Table

__all__ = ["FORMATS", "ExportError", "Format", "file_name"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `write` takes the table and a binary file open for writing."""

    name: str
    content_type: str
    write: Callable[[Table, IO[bytes]], None]


FORMATS = {
    format.name: format
    for format in (
        Format("csv", "text/csv; charset=utf-8", csv_format.write),
        Format("xlsx", xlsx_format.CONTENT_TYPE, xlsx_format.write),
        Format("jsonl", "application/jsonl; charset=utf-8", jsonl_format.write),
    )
}


def file_name(questionnaire: Questionnaire, code: str, language: str, format: Format) -> str:
    """The name of a downloaded file, in plain letters."""
    return f"{questionnaire.name}-{code}-{language}.{format.name}"
