"""Columns over a stream of rows: what every export format writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from survey.questionnaire.model import Words
from survey.table.cells import AS_TEXT, NOT_ASKED, TYPED, Cell, Notation
from survey.table.columns import CODES as SEVERAL_CODES
from survey.table.columns import TEXT, Column
from survey.table.dataset import CODES, LABELS, Dataset

Say = Callable[[Cell], Cell]
"""Turns a code into its words; what has none stays as it is."""

LABEL = "label"


@dataclass(frozen=True, slots=True)
class Shown:
    """One column as it is shown: its place among the codes, its heading, and how it is said."""

    column: Column
    place: int
    heading: str
    say: Say | None = None

    @property
    def is_text(self) -> bool:
        """It holds words that a person wrote: a participant, or the author of the questionnaire."""
        return self.column.is_text or self.say is not None


@dataclass(frozen=True, slots=True)
class Table:
    """A shape of a dataset. `noted` gives its rows as codes, the same each time it is called."""

    dataset: Dataset
    shape: str
    columns: tuple[Column, ...]
    noted: Callable[[Notation], Iterator[list[Cell]]]

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The columns as the dataset's wording shows them."""
        taken = {column.name for column in self.columns}
        return tuple(
            each
            for place, column in enumerate(self.columns)
            for each in self._shown(place, column, taken)
        )

    @property
    def header(self) -> list[str]:
        """The headings: column names; in a language, the question's words with the name."""
        return [each.heading for each in self.shown]

    def codes(self) -> Iterator[list[Cell]]:
        """A list of cells for each row, as codes."""
        return self.noted(TYPED)

    def rows(self) -> Iterator[list[Cell]]:
        """A list of cells for each row, as the wording shows them."""
        if self.dataset.wording.style == CODES:
            yield from self.codes()
            return
        shown = [(each.place, each.say) for each in self.shown]
        for row in self.codes():
            yield [row[place] if say is None else say(row[place]) for place, say in shown]

    def texts(self) -> Iterator[list[str]]:
        """The same rows with every cell as text: empty where it is blank, numbers as their digits."""
        if self.dataset.wording.style == CODES:
            return cast(Iterator[list[str]], self.noted(AS_TEXT))
        return cast(Iterator[list[str]], map(AS_TEXT.of, self.rows()))

    def _shown(self, place: int, column: Column, taken: set[str]) -> Iterator[Shown]:
        style = self.dataset.wording.style
        say = self._sayer(column) if column.labels and style != CODES else None
        if style == LABELS:
            yield Shown(column, place, self._heading(column), say)
            return
        yield Shown(column, place, column.name)
        if say is not None:
            name = f"{column.name}__{LABEL}"
            while name in taken:  # a choice may have this name
                name += "_"
            yield Shown(Column(name, LABEL, TEXT, column.question), place, name, say)

    def _heading(self, column: Column) -> str:
        words = label_of(self.dataset, column)
        return f"{words} [{column.name}]" if words else column.name

    def _sayer(self, column: Column) -> Say:
        words = {code: self.dataset.say(said) for code, said in column.labels.items()}
        if column.data_type != SEVERAL_CODES:
            return _one_of(words)
        return _several_of(words)


def label_of(dataset: Dataset, column: Column) -> str:
    """A column's words in the dataset's language: the question's, then its part's."""
    both: tuple[Words, Words] = (column.label, column.part_label)
    return " – ".join(filter(None, map(dataset.say, both)))


def _one_of(words: dict[str, str]) -> Say:
    known: dict[Cell, str] = dict(words.items())
    return lambda cell: known.get(cell, cell)


def _several_of(words: dict[str, str]) -> Say:
    def say(cell: Cell) -> Cell:
        if not isinstance(cell, str) or cell == NOT_ASKED:
            return cell
        return "; ".join(words.get(code, code) for code in cell.split(" "))

    return say
