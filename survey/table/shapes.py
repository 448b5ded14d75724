"""The shapes of a table: a row per response, answer or statement, what columns mean, what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from survey.table import codebook, long, statements
from survey.table.cells import Cell, Notation, rows_of
from survey.table.columns import Column
from survey.table.dataset import Dataset
from survey.table.table import Table

WIDE, LONG, STATEMENTS, CODEBOOK = "wide", "long", "statements", "codebook"
FORM = "form"


def wide(dataset: Dataset) -> Table:
    """A row per response: every column of its questionnaires."""
    columns = dataset.columns()

    def noted(notation: Notation) -> Iterator[list[Cell]]:
        return rows_of(dataset.questionnaires, columns, dataset.responses(), notation)

    return Table(dataset, WIDE, columns, noted)


def _shape(
    name: str,
    columns_of: Callable[[Dataset], Sequence[Column]],
    rows: Callable[[Dataset], Iterator[list[Cell]]],
) -> Callable[[Dataset], Table]:
    def made(dataset: Dataset) -> Table:
        def noted(notation: Notation) -> Iterator[list[Cell]]:
            return map(notation.of, rows(dataset))

        return Table(dataset, name, tuple(columns_of(dataset)), noted)

    return made


def blank_form(dataset: Dataset) -> Table:
    """What is asked, without answers: no rows, for formats that print questions."""
    return Table(dataset, FORM, (), lambda _: iter(()))


SHAPES: dict[str, Callable[[Dataset], Table]] = {
    WIDE: wide,
    LONG: _shape(LONG, long.columns, long.rows),
    STATEMENTS: _shape(STATEMENTS, statements.columns, statements.rows),
    CODEBOOK: _shape(CODEBOOK, codebook.columns, codebook.rows),
    FORM: blank_form,
}
"""Each shape: what makes its table of a dataset."""

TABULAR = (WIDE, LONG, STATEMENTS, CODEBOOK)
"""The shapes that have rows."""

WITH_RESPONSES = (WIDE, LONG, STATEMENTS)
"""The shapes whose rows are made of responses."""

NEVER_PUBLIC = (STATEMENTS, FORM)
"""The shapes that have nothing to publish: all texts, and no answers at all."""
