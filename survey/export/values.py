"""A table's cells as a statistics program's file has them: numbers, times since its epoch, texts."""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

from survey.export.errors import ExportError
from survey.export.variables import MAX_DIGITS, Shortfall, Variable
from survey.i18n import N_
from survey.table import Cell, Table
from survey.table.columns import DATE, DECIMAL, FLAG, TIME
from survey.table.long import BLANK

BATCH = 500
"""So many rows at a time are turned into columns."""

HEADER_LENGTH = 4096
NOTHING = float("nan")

Take = Callable[[Any], Any]
"""Takes a cell as the program holds it."""


def batches(table: Table) -> Iterator[list[tuple[Cell, ...]]]:
    """The codes of some rows after others, column by column."""
    rows = table.codes()
    while batch := list(islice(rows, BATCH)):
        yield list(zip(*batch, strict=True))


@dataclass(frozen=True, slots=True)
class Clock:
    """How a program counts time: from when, in how many units a day for days, a second for times."""

    epoch: date
    day: int
    second: int

    def days(self, cell: str) -> float:
        return float((date.fromisoformat(cell) - self.epoch).days * self.day)

    def moments(self, cell: str) -> float:
        start = datetime(self.epoch.year, self.epoch.month, self.epoch.day, tzinfo=UTC)
        return (datetime.fromisoformat(cell) - start).total_seconds() * self.second


def taker(
    variable: Variable, missing: Mapping[str, Any], clock: Clock, shortfall: Shortfall
) -> Take:
    """`missing` has what stands for each kind of missing answer."""
    if variable.is_text:
        return _text(variable, shortfall)
    known: dict[Cell, Any] = {None: missing[BLANK] if variable.missing else NOTHING}
    known |= dict(missing.items())
    known |= {code: float(number) for code, number in variable.codes.items()}
    if variable.column.data_type == FLAG:
        known |= {0: 0.0, 1: 1.0}
    if variable.codes:
        return _code(variable, known)
    convert = _number(variable, clock, shortfall)
    return lambda cell: known[cell] if cell in known else convert(cell)


def _code(variable: Variable, known: Mapping[Cell, Any]) -> Take:
    def take(cell: Cell) -> Any:
        try:
            return known[cell]
        except KeyError:
            raise ExportError(
                N_("%(column)s holds %(code)s, which no questionnaire has. Use csv."),
                column=variable.column.name,
                code=str(cell),
            ) from None

    return take


def _text(variable: Variable, shortfall: Shortfall) -> Take:
    limit, name = shortfall.limits.text, variable.column.name
    if limit is None:
        return lambda cell: cell or ""

    def take(cell: str | None) -> str:
        fits = shortfall.limits.cut(cell or "", limit)
        if fits != (cell or ""):
            shortfall.texts[name] = None
        return fits

    return take


def _number(variable: Variable, clock: Clock, shortfall: Shortfall) -> Take:
    name = variable.column.name

    def digits(cell: str) -> float:
        number = float(cell)
        if len(cell) > MAX_DIGITS and Decimal(repr(number)) != Decimal(cell):
            shortfall.numbers[name] = None
        return number

    return {DATE: clock.days, TIME: clock.moments, DECIMAL: digits}.get(
        variable.column.data_type, float
    )


def frame_of(
    table: Table, variables: Sequence[Variable], takers: Sequence[Take], with_letters: bool
) -> Any:
    """The whole table as the data frame that the library for these files wants. Where letters mark
    missing answers, numbers must be objects beside them."""
    import pandas

    columns: list[Any] = [
        [] if variable.is_text or with_letters else array("d") for variable in variables
    ]
    for batch in batches(table):
        for column, take, cells in zip(columns, takers, batch, strict=True):
            column.extend(map(take, cells))
    series = {
        variable.name: _series(variable, column)
        for variable, column in zip(variables, columns, strict=True)
    }
    return pandas.DataFrame(series, copy=False)


def _series(variable: Variable, column: Any) -> Any:
    import numpy
    import pandas

    if isinstance(column, array):
        return pandas.Series(numpy.asarray(column), copy=False)
    has_text = variable.is_text or any(isinstance(value, str) for value in column)
    return pandas.Series(column, dtype=object if has_text else float)


def through_path(
    write: Callable[[Path], None], file: IO[bytes], undated: Callable[[bytes], bytes]
) -> None:
    """What a library writes to a path of its own choice, copied to an open file. `undated` takes the
    time of making out of its first bytes, so that the same answers give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole"
        write(path)
        with path.open("rb") as whole:
            file.write(undated(whole.read(HEADER_LENGTH)))
            shutil.copyfileobj(whole, file)
