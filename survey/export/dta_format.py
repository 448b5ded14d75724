"""Stata 14 and later: numbers with labels for codes, an extended missing value for each kind."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import IO, Any

from survey.export.values import NOTHING, Clock, frame_of, taker, through_path
from survey.export.variable_names import STATA_NAMES
from survey.export.variables import Limits, Shortfall, Variable, characters_of, variables_of
from survey.i18n import Sentence
from survey.questionnaire.model import DONT_KNOW, NOT_CONCERNED
from survey.table import NOT_ASKED, Table
from survey.table.columns import DATE, DECIMAL, INTEGER, TIME
from survey.table.long import BLANK

VERSION = 14
"""The first one with UTF-8."""

LIMITS = Limits("Stata", STATA_NAMES, characters_of, label=80, code_label=8_000)
MAX_TITLE = 80
CLOCK = Clock(date(1960, 1, 1), day=1, second=1000)

MISSING: dict[str, Any] = {BLANK: NOTHING, DONT_KNOW: "a", NOT_CONCERNED: "b", NOT_ASKED: "c"}
"""The letters of Stata's extended missing values; blank is its `.`, which can have no label."""

LETTERS = ["a", "b", "c"]

SHOWN = {INTEGER: "%16.0f", DECIMAL: "%22.0g", DATE: "%td", TIME: "%tc"}
"""How numbers are shown, by what they are."""

MADE_AT = re.compile(rb"<timestamp>.*?</timestamp>")


def write(table: Table, file: IO[bytes]) -> list[Sentence]:
    """The table as codes, whatever its wording; labels in the dataset's language."""
    import pyreadstat

    shortfall = Shortfall(LIMITS)
    variables = variables_of(table, shortfall)
    takers = [taker(variable, MISSING, CLOCK, shortfall) for variable in variables]
    frame = frame_of(table, variables, takers, with_letters=True)
    numbers = [variable for variable in variables if not variable.is_text]
    title = table.dataset.say(table.dataset.newest.title)

    def to_path(path: Path) -> None:
        pyreadstat.write_dta(
            frame,
            path,
            file_label=" ".join(title.split())[:MAX_TITLE],
            column_labels=[variable.label for variable in variables],
            version=VERSION,
            variable_value_labels={each.name: _labels(each) for each in numbers if _labels(each)},
            missing_user_values={each.name: LETTERS for each in numbers if each.missing},
            variable_format={each.name: _shown(each) for each in numbers},
        )

    through_path(to_path, file, _undated)
    return shortfall.warnings()


def _labels(variable: Variable) -> dict[Any, str]:
    missing = {MISSING[kind]: words for kind, words in variable.missing.items() if kind != BLANK}
    return missing | {float(number): words for number, words in variable.labels.items()}


def _shown(variable: Variable) -> str:
    return SHOWN.get(variable.column.data_type, "%12.0g")


def _undated(header: bytes) -> bytes:
    return MADE_AT.sub(lambda found: b"<timestamp>\x11" + b"01 Jan 1980 00:00</timestamp>", header)
