"""A script for base R that reads the CSV export of codes: factors, labels, days, kinds of missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import IO

from survey.export.file_names import name_of
from survey.i18n import N_, messages
from survey.questionnaire.model import MISSING
from survey.table import NOT_ASKED, Column, Table, Wording
from survey.table import SHAPES as ALL_SHAPES
from survey.table.codebook import missing_words
from survey.table.columns import CODE, CODES, DATE, DECIMAL, FLAG, INTEGER, TEXT, TIME
from survey.table.numbers import numbers_of, says_why
from survey.table.shapes import LONG, STATEMENTS, WIDE
from survey.table.table import label_of

SHAPES = (WIDE, LONG, STATEMENTS)

MAX_INTEGER = 2_147_483_647
"""R's integers go no further; its other numbers do."""

ABOUT = (
    N_("`responses` has the answers, with the words of the questionnaire."),
    N_(
        "`missing_kinds` has the same cells: where there is no answer, it says whether the question "
        "was left blank (blank), don’t know (dk), not concerned (na) or not asked (not_asked)."
    ),
)
OTHER_COLUMNS = N_("This file has other columns. Export csv with codes again, then this script.")

SCRIPT = Template((Path(__file__).parent / "r_script.R").read_text(encoding="utf-8"))


def write(table: Table, file: IO[bytes]) -> None:
    """The script, with the words of the dataset's language. It is all ASCII, so that R reads it in
    any locale."""
    dataset = table.dataset
    say = messages(dataset.language).gettext
    as_codes = ALL_SHAPES[table.shape](replace(dataset, wording=Wording()))
    name = name_of(as_codes.dataset, table.shape, "csv")
    about = [dataset.say(dataset.newest.title), *map(say, ABOUT)]
    script = SCRIPT.substitute(
        about=quoted("\n".join(about)),
        name=quoted(name),
        other_columns=quoted(say(OTHER_COLUMNS)),
        columns=",\n".join(_column(table, column) for column in as_codes.columns),
    )
    file.write(script.encode("ascii"))


def _column(table: Table, column: Column) -> str:
    """What the script knows of a column."""
    label = quoted(label_of(table.dataset, column))
    about = {"name": quoted(column.name), "type": quoted(_type(column)), "label": label}
    codes = _codes(table, column)
    if codes:
        about["codes"] = vector(codes)
        about["words"] = vector(_distinct(codes))
    if column.question is not None and column.data_type != TEXT and not says_why(column):
        about["missing"] = "TRUE"
    said = ", ".join(f"{key} = {value}" for key, value in about.items())
    return f"  list({said})"


def _codes(table: Table, column: Column) -> dict[str, str]:
    """The words of each code, in the order of their numbers."""
    say = table.dataset.say
    if says_why(column):
        words = missing_words(table.dataset, column)
        return {kind: say(words.get(kind, {})) or kind for kind in (*MISSING, NOT_ASKED)}
    return {code: say(column.labels[code]) for code in numbers_of(column)}


def _distinct(codes: Mapping[str, str]) -> Iterator[str]:
    """Levels of a factor may not share their words; those that do get their code."""
    counts = Counter(codes.values())
    for code, words in codes.items():
        yield words if counts[words] == 1 and words else f"{words} [{code}]"


def _type(column: Column) -> str:
    question = column.question
    if column.data_type == CODE and (column.labels or says_why(column)):
        return "ordered" if column.is_ordered else "factor"
    if column.data_type == INTEGER and question is not None and question.type == "integer":
        is_small = isinstance(question.max, int) and question.max <= MAX_INTEGER
        return "integer" if is_small else "number"
    return TYPES[column.data_type]


TYPES = {
    TEXT: "text",
    CODE: "code",
    CODES: "code",
    FLAG: "integer",
    INTEGER: "integer",
    DECIMAL: "number",
    DATE: "day",
    TIME: "time",
}
"""What the script makes of each data type."""


def vector(texts: Iterable[str]) -> str:
    return f"c({', '.join(map(quoted, texts))})"


def quoted(text: str) -> str:
    """A string of R, in ASCII alone."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
