"""A questionnaire's columns over a stream of responses: what export and synthesis read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from survey.questionnaire.model import (
    ENVELOPE,
    FULL,
    Choice,
    Question,
    Questionnaire,
    Words,
)
from survey.response import Answer, Response, ancestors, missing_kind

Cell: TypeAlias = str | int | None
"""None is blank; the words dk, na and not_asked stand for the other kinds of missing."""

NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` says how its cell is taken from a response; `part` is the row, choice,
    level or place within the question's answer; `labels` are the codes' words."""

    name: str
    kind: str
    question: Question | None = None
    part: str = ""
    label: Words = field(default_factory=dict)
    part_label: Words = field(default_factory=dict)
    labels: Mapping[str, Words] = field(default_factory=dict)
    territory: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def question_name(self) -> str:
        """The name of the question; an envelope column has none."""
        assert self.question is not None
        return self.question.name

    @property
    def is_text(self) -> bool:
        """Free text, which a participant wrote."""
        return self.kind in ("text", "other", "statement")

    @property
    def is_decimal(self) -> bool:
        """Digits kept as text, so that none is lost."""
        return self.question is not None and self.question.type == "decimal"

    def cell(self, response: Response) -> Cell:
        """The response's value in this column, as codes."""
        return self.taker()(response)

    def taker(self) -> Callable[[Response], Cell]:
        """A function that takes this column's cell from a response; made once for many rows."""
        if self.question is None:
            return ENVELOPE_CELLS[self.name]
        take = CELLS[self.kind](self)
        return lambda response: take(response.answers)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and a stream of rows. `language` is None where cells are codes."""

    questionnaire: Questionnaire
    columns: tuple[Column, ...]
    responses: Iterable[Response]
    language: str | None = None

    @property
    def header(self) -> list[str]:
        """Column names; in a language, the question's words with the name."""
        if self.language is None:
            return [column.name for column in self.columns]
        return [self._heading(column) for column in self.columns]

    def rows(self) -> Iterator[list[Cell]]:
        """A list of cells for each response, as codes or as words."""
        takers = [self._shown(column) for column in self.columns]
        for response in self.responses:
            yield [take(response) for take in takers]

    def _shown(self, column: Column) -> Callable[[Response], Cell]:
        """Takes a cell, as its word in the table's language if it has one."""
        take = column.taker()
        if self.language is None or not column.labels:
            return take
        words: dict[Cell, Cell] = {
            code: self.questionnaire.say(self.language, said)
            for code, said in column.labels.items()
        }

        def shown(response: Response) -> Cell:
            cell = take(response)
            return words.get(cell, cell)

        return shown

    def _heading(self, column: Column) -> str:
        assert self.language is not None
        words = (column.label, column.part_label)
        said = [self.questionnaire.say(self.language, each) for each in words if each]
        return f"{' – '.join(said)} [{column.name}]" if said else column.name


def table_of(
    questionnaire: Questionnaire, responses: Iterable[Response], language: str | None = None
) -> Table:
    """The table of one questionnaire's responses."""
    return Table(questionnaire, columns_of(questionnaire), responses, language)


def columns_of(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """The columns, fixed by the questionnaire alone and always in the same order."""
    columns = [Column(name, "envelope") for name in ENVELOPE]
    for question in questionnaire.questions(FULL):
        columns.extend(QUESTION_COLUMNS[question.type](questionnaire, question))
    return tuple(columns)


def _column(
    question: Question, kind: str, part: str = "", suffix: str | None = None, **more: Any
) -> Column:
    end = part if suffix is None else suffix
    name = f"{question.name}__{end}" if end else question.name
    return Column(name, kind, question, part, question.label, **more)


def labels_of(choices: Iterable[Choice]) -> dict[str, Words]:
    return {choice.name: choice.label for choice in choices}


def _answerable(question: Question) -> dict[str, Words]:
    """Labels of what counts as an answer; dk and na stay the words that mark missing answers."""
    other = (question.other,) if question.other is not None else ()
    return labels_of(question.choices + other)


def _single(questionnaire: Questionnaire, question: Question) -> list[Column]:
    columns = [_column(question, "value", labels=_answerable(question))]
    if question.role == "actor_group":
        groups = labels_of(questionnaire.actor_groups)
        columns.append(_column(question, "group", "group", labels=groups))
    territory = {choice.name: choice for choice in question.choices} if question.levels else {}
    columns += [
        _column(question, "level", level, labels=labels_of(question.choices), territory=territory)
        for level in question.levels
    ]
    return columns + _other(question)


def _multiple(_: Questionnaire, question: Question) -> list[Column]:
    columns = [
        _column(question, "selected", choice.name, part_label=choice.label)
        for choice in question.choices
    ]
    if question.other is not None:
        label = question.other.label
        suffix = "other__selected"
        columns.append(_column(question, "selected", "other", suffix, part_label=label))
    return columns + _other(question)


def _other(question: Question) -> list[Column]:
    if question.other is None:
        return []
    return [
        _column(question, "other", "other", part_label=question.other.label),
        _column(question, "other_missing", "other", "other__missing"),
    ]


def _text(_: Questionnaire, question: Question) -> list[Column]:
    return [_column(question, "text"), _column(question, "missing", suffix="missing")]


def _statements(_: Questionnaire, question: Question) -> list[Column]:
    places = [str(place) for place in range(1, (question.max_items or 1) + 1)]
    texts = [_column(question, "statement", place) for place in places]
    return [*texts, _column(question, "missing", suffix="missing")]


def _value(_: Questionnaire, question: Question) -> list[Column]:
    return [_column(question, "value")]


def _ranked(_: Questionnaire, question: Question) -> list[Column]:
    return [
        _column(question, "rank", choice.name, part_label=choice.label)
        for choice in question.choices
    ]


def _shared(_: Questionnaire, question: Question) -> list[Column]:
    return [
        _column(question, "part", choice.name, part_label=choice.label)
        for choice in question.choices
    ]


def _rated(_: Questionnaire, question: Question) -> list[Column]:
    labels = labels_of(question.choices)
    return [
        _column(question, "part", row.name, part_label=row.label, labels=labels)
        for row in question.rows
    ]


QUESTION_COLUMNS: dict[str, Callable[[Questionnaire, Question], list[Column]]] = {
    "note": lambda *_: [],
    "text": _text,
    "integer": _value,
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
"""The columns of each question type."""


Take: TypeAlias = Callable[[Mapping[str, Answer]], Cell]
"""Takes a cell from a response's answers."""

ABSENT: Answer = object()


def _cells(
    part_of: Callable[[Column], Callable[[Answer], Cell]], *, is_text: bool = False
) -> Callable[[Column], Take]:
    """Makes takers out of what is taken from an answer that is there. Where there is none, the cell
    says what is missing; but text columns are blank then, and a column beside them says why."""

    def taker(column: Column) -> Take:
        name, part = column.question_name, part_of(column)

        def take(answers: Mapping[str, Answer]) -> Cell:
            answer = answers.get(name, ABSENT)
            if answer is ABSENT:
                return None if is_text else NOT_ASKED
            if answer is None:
                return None
            if isinstance(answer, dict) and "missing" in answer:
                return None if is_text else answer["missing"]
            return part(answer)

        return take

    return taker


def _group(column: Column) -> Callable[[Answer], Cell]:
    assert column.question is not None
    groups = {choice.name: choice.group for choice in column.question.options()}
    return groups.get


def _level(column: Column) -> Callable[[Answer], Cell]:
    found = {name: ancestors(column.territory, name).get(column.part) for name in column.territory}
    return found.get


def _selected(column: Column) -> Callable[[Answer], Cell]:
    part = column.part
    return lambda answer: 1 if part in answer else 0


def _rank(column: Column) -> Callable[[Answer], Cell]:
    part = column.part
    return lambda answer: answer.index(part) + 1 if part in answer else None


def _part(column: Column) -> Callable[[Answer], Cell]:
    part = column.part

    def value(answer: Answer) -> Cell:
        found: Cell = answer.get(part)
        return missing_kind(found) or found

    return value


def _statement(column: Column) -> Callable[[Answer], Cell]:
    place = int(column.part) - 1
    return lambda answer: answer[place] if place < len(answer) else None


def _why_missing(column: Column) -> Take:
    return _cells(lambda _: lambda answer: None)(column)


def _other_text(column: Column) -> Take:
    name = f"{column.question_name}__other"
    return lambda answers: answers.get(name)


def _other_missing(column: Column) -> Take:
    name = f"{column.question_name}__other"
    return lambda answers: None if name in answers else NOT_ASKED


def _whole_answer(_: Column) -> Callable[[Answer], Cell]:
    return lambda answer: answer


CELLS: dict[str, Callable[[Column], Take]] = {
    "value": _cells(_whole_answer),
    "group": _cells(_group),
    "level": _cells(_level),
    "selected": _cells(_selected),
    "rank": _cells(_rank),
    "part": _cells(_part),
    "text": _cells(_whole_answer, is_text=True),
    "statement": _cells(_statement, is_text=True),
    "missing": _why_missing,
    "other": _other_text,
    "other_missing": _other_missing,
}
"""How a cell is taken from the answers, by the column's kind."""

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
