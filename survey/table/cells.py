"""A response's cells: what each question's columns hold of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from survey.questionnaire.model import ENVELOPE, FULL, MISSING, OTHER, Question, Questionnaire
from survey.response import Answer, Response, ancestors
from survey.table.columns import TEXT, Column, question_columns

Cell: TypeAlias = str | int | None
"""None is blank; the words dk, na and not_asked stand for the other kinds of missing."""

Cells: TypeAlias = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Notation:
    """What stands in cells that hold no word: for a blank, and for a whole number."""

    blank: Cell
    number: Callable[[int], Cell]

    def of(self, cells: Iterable[Cell]) -> list[Cell]:
        """The same cells in this notation."""
        blank, number = self.blank, self.number
        return [
            cell if isinstance(cell, str) else blank if cell is None else number(cell)
            for cell in cells
        ]


TYPED = Notation(None, int)
AS_TEXT = Notation("", str)
"""For lines of text. Cells that are made so need not be looked at one by one."""

Fill: TypeAlias = Callable[[Answer], Cells]
"""A question's cells where it has an answer. What it does not offer gets no cell of its own."""

NOT_ASKED = "not_asked"
ABSENT: Answer = object()


def rows_of(
    questionnaires: Mapping[str, Questionnaire],
    columns: Sequence[Column],
    responses: Iterable[Response],
    notation: Notation = TYPED,
) -> Iterator[list[Cell]]:
    """A row of codes for each response, by the questionnaire version that it answered; where that
    has no such column, the question was not asked."""
    names = [column.name for column in columns]
    absent = _all(columns, NOT_ASKED, notation)
    rows = {
        version: _row_maker(questionnaire, names, absent, notation)
        for version, questionnaire in questionnaires.items()
    }
    for response in responses:
        yield rows[response.version](response)


def _all(columns: Sequence[Column], missing: str, notation: Notation) -> list[Cell]:
    """What stands in cells without an answer. Those of texts are blank, and a column beside says why."""
    return [notation.blank if column.data_type == TEXT else missing for column in columns]


Taker: TypeAlias = tuple[str, Fill, Cells, Cells, Mapping[str, Cells]]
"""The name under which something was answered, and what its cells are: filled from the answer, blank,
not asked, or missing in one of the other ways. A plain tuple is what Python unpacks fastest."""


def _row_maker(
    questionnaire: Questionnaire, names: list[str], absent: list[Cell], notation: Notation
) -> Callable[[Response], list[Cell]]:
    """Questions without a column among `names`, as personal ones, are not even looked at."""
    wanted = set(names)
    own, takers = list(ENVELOPE), list[Taker]()
    for question in questionnaire.questions(FULL):
        columns = question_columns(questionnaire, question)
        if any(column.name in wanted for column in columns):
            own += [column.name for column in columns]
            takers += _takers(question, columns, notation)
    whole = _whole_row(takers, notation)
    return whole if own == names else _placed(whole, own, names, absent)


def _whole_row(takers: list[Taker], notation: Notation) -> Callable[[Response], list[Cell]]:
    """The envelope, then every question's cells."""
    envelope = [ENVELOPE_CELLS[name] for name in ENVELOPE]

    def make(response: Response) -> list[Cell]:
        answers = response.answers
        row = notation.of([take(response) for take in envelope])
        for name, fill, blank, not_asked, missing in takers:
            if name not in answers:
                row += not_asked
                continue
            answer = answers[name]
            if answer is None:
                row += blank
            elif isinstance(answer, dict) and "missing" in answer:
                row += missing[answer["missing"]]
            else:
                row += fill(answer)
        return row

    return make


def _placed(
    whole: Callable[[Response], list[Cell]], own: list[str], names: list[str], absent: list[Cell]
) -> Callable[[Response], list[Cell]]:
    """The cells of `own` columns in the order of `names`; `absent` has what stands for the others."""
    known = {name: place for place, name in enumerate(own)}
    places = [known.get(name, -1) for name in names]

    def make(response: Response) -> list[Cell]:
        row = whole(response)
        return [
            row[place] if place >= 0 else otherwise
            for place, otherwise in zip(places, absent, strict=True)
        ]

    return make


def _takers(question: Question, columns: list[Column], notation: Notation) -> Iterator[Taker]:
    """The question's own, then that of the text beside *other*."""
    own = [column for column in columns if column.kind not in ("other", "other_missing")]
    fill = FILLED[question.type](question, own, notation)
    yield _taker(question.name, fill, own, notation)
    if question.other is not None:
        beside = columns[len(own) :]
        fill = _text(question, beside, notation)
        yield _taker(f"{question.name}__{OTHER}", fill, beside, notation)


def _taker(name: str, fill: Fill, columns: list[Column], notation: Notation) -> Taker:
    missing = {kind: _all(columns, kind, notation) for kind in (*MISSING, NOT_ASKED)}
    return name, fill, [notation.blank] * len(columns), missing[NOT_ASKED], missing


def _value(question: Question, columns: list[Column], notation: Notation) -> Fill:
    return lambda answer: (answer,)


def _number(question: Question, columns: list[Column], notation: Notation) -> Fill:
    number = notation.number
    return lambda answer: (number(answer),)


def _text(question: Question, columns: list[Column], notation: Notation) -> Fill:
    blank = notation.blank
    return lambda answer: (answer, blank)


def _single(question: Question, columns: list[Column], notation: Notation) -> Fill:
    """The choice, then what follows from it: its actor group, the territories that hold it."""
    if len(columns) == 1:
        return _value(question, columns, notation)
    choices = {choice.name: choice for choice in question.options()}
    known: dict[str, list[Cell]] = {}
    for name, choice in choices.items():
        above = ancestors(choices, name)
        follows = [
            choice.group if each.kind == "group" else above.get(each.part) for each in columns[1:]
        ]
        known[name] = notation.of([name, *follows])
    unknown = [notation.blank] * (len(columns) - 1)
    return lambda answer: known.get(answer) or [answer, *unknown]


def _multiple(question: Question, columns: list[Column], notation: Notation) -> Fill:
    places = {column.part: place for place, column in enumerate(columns)}
    no, yes = notation.number(0), notation.number(1)
    nothing = [no] * len(columns)

    def fill(answer: Answer) -> Cells:
        cells = nothing.copy()
        cells[0] = " ".join(answer)
        for name in answer:
            if name in places:
                cells[places[name]] = yes
        return cells

    return fill


def _ranked(question: Question, columns: list[Column], notation: Notation) -> Fill:
    places = {column.part: place for place, column in enumerate(columns)}
    ranks = [notation.number(rank) for rank in range(1, len(columns) + 1)]
    nothing = [notation.blank] * len(columns)

    def fill(answer: Answer) -> Cells:
        cells = nothing.copy()
        for rank, name in zip(ranks, answer, strict=False):
            if name in places:
                cells[places[name]] = rank
        return cells

    return fill


def _rated(question: Question, columns: list[Column], notation: Notation) -> Fill:
    names, blanks = [column.part for column in columns], [notation.blank] * len(columns)

    def fill(answer: Answer) -> Cells:
        found = map(answer.get, names, blanks)
        return [each["missing"] if isinstance(each, dict) else each for each in found]

    return fill


def _shared(question: Question, columns: list[Column], notation: Notation) -> Fill:
    names, blank, number = [column.part for column in columns], notation.blank, notation.number
    return lambda answer: [number(answer[name]) if name in answer else blank for name in names]


def _statements(question: Question, columns: list[Column], notation: Notation) -> Fill:
    width, blank = len(columns), notation.blank
    return lambda answer: [*answer, *[blank] * (width - len(answer))]


FILLED: dict[str, Callable[[Question, list[Column], Notation], Fill]] = {
    "text": _text,
    "integer": _number,
    "decimal": _value,
    "date": _value,
    "select_one": _single,
    "select_multiple": _multiple,
    "rank": _ranked,
    "matrix": _rated,
    "allocation": _shared,
    "statements": _statements,
    "vote": _rated,
}
"""How the cells of each question type are filled, in the order of its columns."""

ENVELOPE_CELLS: dict[str, Callable[[Response], Cell]] = {
    "receipt": lambda response: response.receipt,
    "workshop": lambda response: response.workshop,
    "revision": lambda response: response.revision,
    "received_at": lambda response: response.received_at,
    "language": lambda response: response.language,
    "variant": lambda response: response.variant,
    "channel": lambda response: response.channel,
    "trial": lambda response: int(response.trial),
    "people": lambda response: response.people,
    "mark": lambda response: response.mark,
}
