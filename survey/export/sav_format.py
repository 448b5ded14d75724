"""SPSS: numbers with labels for codes, user-missing numbers for each kind of missing answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO, Any

from survey.export.values import Clock, frame_of, taker, through_path
from survey.export.variable_names import SPSS_NAMES
from survey.export.variables import Limits, Shortfall, Variable, bytes_of, variables_of
from survey.i18n import Sentence
from survey.table import Table
from survey.table.columns import DATE, DECIMAL, INTEGER, TIME
from survey.table.numbers import MISSING_NUMBERS

LIMITS = Limits("SPSS", SPSS_NAMES, bytes_of, label=256, code_label=120, text=32_767)
MAX_TITLE = 64
CLOCK = Clock(date(1582, 10, 14), day=86_400, second=1)
MISSING = {kind: float(number) for kind, number in MISSING_NUMBERS.items()}
MISSING_RANGE: Any = {"lo": min(MISSING.values()), "hi": max(MISSING.values())}

SHOWN = {INTEGER: "F16.0", DECIMAL: "F22.6", DATE: "SDATE10", TIME: "DATETIME24.3"}
"""How numbers are shown, by what they are."""

MADE_AT = slice(92, 109)
"""Where the header says on which day and at what time the file was made."""

NO_TIME = b"01 Jan 8000:00:00"


def write(table: Table, file: IO[bytes]) -> list[Sentence]:
    """The table as codes, whatever its wording; labels in the dataset's language."""
    import pyreadstat

    shortfall = Shortfall(LIMITS)
    variables = variables_of(table, shortfall)
    takers = [taker(variable, MISSING, CLOCK, shortfall) for variable in variables]
    frame = frame_of(table, variables, takers, with_letters=False)
    numbers = [variable for variable in variables if not variable.is_text]
    title = table.dataset.say(table.dataset.newest.title)

    def to_path(path: Path) -> None:
        pyreadstat.write_sav(
            frame,
            path,
            file_label=bytes_of(" ".join(title.split()), MAX_TITLE),
            column_labels=[variable.label for variable in variables],
            row_compress=True,
            variable_value_labels={each.name: _labels(each) for each in numbers if _labels(each)},
            missing_ranges={each.name: [MISSING_RANGE] for each in numbers if each.missing},
            variable_measure={each.name: each.measure for each in variables},
            variable_format={each.name: _shown(each) for each in numbers},
        )

    through_path(to_path, file, _undated)
    return shortfall.warnings()


def _labels(variable: Variable) -> dict[float, str]:
    missing = {MISSING[kind]: words for kind, words in variable.missing.items()}
    return missing | {float(number): words for number, words in variable.labels.items()}


def _shown(variable: Variable) -> str:
    """Wide enough for its codes and for the numbers of missing answers."""
    longest = max(map(len, map(str, [-99, *variable.codes.values()])))
    return SHOWN.get(variable.column.data_type, f"F{longest}.0")


def _undated(header: bytes) -> bytes:
    return header[: MADE_AT.start] + NO_TIME + header[MADE_AT.stop :]
