"""A response's cells: what each question's columns hold of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from survey.questionnaire.model import ENVELOPE, FULL, OTHER, Question, Questionnaire
from survey.response import Answer, Response, ancestors, missing_kind
from survey.table.columns import TEXT, Column, columns_of, question_columns

Cell: TypeAlias = str | int | None
"""None is blank; the words dk, na and not_asked stand for the other kinds of missing."""

Cells: TypeAlias = Sequence[Cell]
Take: TypeAlias = Callable[[Mapping[str, Answer]], Cells]
"""Takes a question's cells from a response's answers."""

NOT_ASKED = "not_asked"
ABSENT: Answer = object()


def rows_of(
    questionnaires: Mapping[str, Questionnaire],
    columns: Sequence[Column],
    responses: Iterable[Response],
) -> Iterator[list[Cell]]:
    """A row of codes for each response, by the questionnaire version that it answered; where that
    has no such column, the question was not asked."""
    names = [column.name for column in columns]
    absent = [_when_absent(column) for column in columns]
    rows = {
        version: _row_maker(questionnaire, names, absent)
        for version, questionnaire in questionnaires.items()
    }
    for response in responses:
        yield rows[response.version](response)


def _when_absent(column: Column) -> Cell:
    """Text columns are blank then, and a column beside them says why."""
    return None if column.data_type == TEXT else NOT_ASKED


def _row_maker(
    questionnaire: Questionnaire, names: list[str], absent: list[Cell]
) -> Callable[[Response], list[Cell]]:
    takers = [
        taker
        for question in questionnaire.questions(FULL)
        for taker in _takers(questionnaire, question)
    ]
    envelope = [ENVELOPE_CELLS[name] for name in ENVELOPE]

    def whole(response: Response) -> list[Cell]:
        answers = response.answers
        row = [take(response) for take in envelope]
        for taker in takers:
            row += taker(answers)
        return row

    own = {column.name: place for place, column in enumerate(columns_of(questionnaire))}
    if list(own) == names:
        return whole
    places = [own.get(name, -1) for name in names]

    def placed(response: Response) -> list[Cell]:
        row = whole(response)
        return [
            row[place] if place >= 0 else otherwise
            for place, otherwise in zip(places, absent, strict=True)
        ]

    return placed


def _takers(questionnaire: Questionnaire, question: Question) -> Iterator[Take]:
    if not question.asks:
        return
    columns = [
        column
        for column in question_columns(questionnaire, question)
        if column.kind not in ("other", "other_missing")
    ]
    yield _taker(question, columns)
    if question.other is not None:
        yield _other_taker(question)


def _taker(question: Question, columns: list[Column]) -> Take:
    """Where there is no answer, every cell says what is missing."""
    name, filled = question.name, FILLED[question.type](question, columns)
    blank: Cells = [None] * len(columns)
    not_asked = _all(columns, NOT_ASKED)

    def take(answers: Mapping[str, Answer]) -> Cells:
        answer = answers.get(name, ABSENT)
        if answer is None:
            return blank
        if answer is ABSENT:
            return not_asked
        if isinstance(answer, dict) and "missing" in answer:
            return _all(columns, answer["missing"])
        return filled(answer)

    return take


def _all(columns: list[Column], missing: str) -> Cells:
    return [None if column.is_text else missing for column in columns]


def _other_taker(question: Question) -> Take:
    name = f"{question.name}__{OTHER}"
    not_asked: Cells = (None, NOT_ASKED)

    def take(answers: Mapping[str, Answer]) -> Cells:
        return (answers[name], None) if name in answers else not_asked

    return take


Fill: TypeAlias = Callable[[Answer], Cells]
"""A question's cells where it has an answer."""


def _value(question: Question, columns: list[Column]) -> Fill:
    return lambda answer: (answer,)


def _text(question: Question, columns: list[Column]) -> Fill:
    return lambda answer: (answer, None)


def _single(question: Question, columns: list[Column]) -> Fill:
    """The choice, then what follows from it: its actor group, the territories that hold it."""
    if len(columns) == 1:
        return _value(question, columns)
    choices = {choice.name: choice for choice in question.options()}
    known: dict[str, list[Cell]] = {}
    for name, choice in choices.items():
        above = ancestors(choices, name)
        known[name] = [
            name,
            *(
                choice.group if each.kind == "group" else above.get(each.part)
                for each in columns[1:]
            ),
        ]
    unknown: list[Cell] = [None] * (len(columns) - 1)
    return lambda answer: known.get(answer) or [answer, *unknown]


def _multiple(question: Question, columns: list[Column]) -> Fill:
    names = [column.part for column in columns[1:]]
    return lambda answer: [" ".join(answer), *[1 if name in answer else 0 for name in names]]


def _ranked(question: Question, columns: list[Column]) -> Fill:
    names = [column.part for column in columns]

    def fill(answer: Answer) -> Cells:
        places = {name: place for place, name in enumerate(answer, 1)}
        return [places.get(name) for name in names]

    return fill


def _parts(question: Question, columns: list[Column]) -> Fill:
    names = [column.part for column in columns]

    def fill(answer: Answer) -> Cells:
        found = [answer.get(name) for name in names]
        if dict in map(type, found):
            return [missing_kind(each) or each for each in found]
        return found

    return fill


def _statements(question: Question, columns: list[Column]) -> Fill:
    width = len(columns)
    return lambda answer: [*answer, *[None] * (width - len(answer))]


FILLED: dict[str, Callable[[Question, list[Column]], Fill]] = {
    "text": _text,
    "integer": _value,
    "decimal": _value,
    "date": _value,
    "select_one": _single,
    "select_multiple": _multiple,
    "rank": _ranked,
    "matrix": _parts,
    "allocation": _parts,
    "statements": _statements,
    "vote": _parts,
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
