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
    def is_text(self) -> bool:
        """Free text, which a participant wrote."""
        return self.kind in ("text", "other", "statement")

    @property
    def is_decimal(self) -> bool:
        """Digits kept as text, so that none is lost."""
        return self.question is not None and self.question.type == "decimal"

    def cell(self, response: Response) -> Cell:
        """The response's value in this column, as codes."""
        if self.question is None:
            return ENVELOPE_CELLS[self.name](response)
        return CELLS[self.kind](self, response.answers)


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
        for response in self.responses:
            yield [self.shown(column, column.cell(response)) for column in self.columns]

    def shown(self, column: Column, cell: Cell) -> Cell:
        """A cell's word in the table's language; what has no word stays as it is."""
        if self.language is None or not isinstance(cell, str) or cell not in column.labels:
            return cell
        return self.questionnaire.say(self.language, column.labels[cell])

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


def _labels(choices: Iterable[Choice]) -> dict[str, Words]:
    return {choice.name: choice.label for choice in choices}


def _answerable(question: Question) -> dict[str, Words]:
    """Labels of what counts as an answer; dk and na stay the words that mark missing answers."""
    other = (question.other,) if question.other is not None else ()
    return _labels(question.choices + other)


def _single(questionnaire: Questionnaire, question: Question) -> list[Column]:
    columns = [_column(question, "value", labels=_answerable(question))]
    if question.role == "actor_group":
        groups = _labels(questionnaire.actor_groups)
        columns.append(_column(question, "group", "group", labels=groups))
    territory = {choice.name: choice for choice in question.choices} if question.levels else {}
    columns += [
        _column(question, "level", level, labels=_labels(question.choices), territory=territory)
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
    labels = _labels(question.choices)
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


def _kept(column: Column, answers: Mapping[str, Answer]) -> tuple[bool, Answer, Cell]:
    """Whether there is an answer, the answer, and else the cell that says what is missing."""
    assert column.question is not None
    if column.question.name not in answers:
        return False, None, NOT_ASKED
    answer = answers[column.question.name]
    missing = missing_kind(answer)
    return answer is not None and missing is None, answer, missing


def _cell(
    take: Callable[[Column, Answer], Cell],
) -> Callable[[Column, Mapping[str, Answer]], Cell]:
    def cell(column: Column, answers: Mapping[str, Answer]) -> Cell:
        there, answer, otherwise = _kept(column, answers)
        return take(column, answer) if there else otherwise

    return cell


def _free_text(
    take: Callable[[Column, Answer], Cell],
) -> Callable[[Column, Mapping[str, Answer]], Cell]:
    """Text columns are blank where there is no text; a column beside them says why."""

    def cell(column: Column, answers: Mapping[str, Answer]) -> Cell:
        there, answer, _ = _kept(column, answers)
        return take(column, answer) if there else None

    return cell


def _group(column: Column, answer: Answer) -> Cell:
    assert column.question is not None
    options = column.question.options()
    return next((choice.group for choice in options if choice.name == answer), None)


def _statement(_: Column, answer: Answer) -> Cell:
    place = int(_.part) - 1
    return answer[place] if place < len(answer) else None


def _part(column: Column, answer: Answer) -> Cell:
    value = answer.get(column.part)
    missing: Cell = missing_kind(value)
    return missing or value


def _why_missing(column: Column, answers: Mapping[str, Answer]) -> Cell:
    return _kept(column, answers)[2]


def _other_text(column: Column, answers: Mapping[str, Answer]) -> Cell:
    assert column.question is not None
    text: Cell = answers.get(f"{column.question.name}__other")
    return text


def _other_missing(column: Column, answers: Mapping[str, Answer]) -> Cell:
    assert column.question is not None
    return None if f"{column.question.name}__other" in answers else NOT_ASKED


CELLS: dict[str, Callable[[Column, Mapping[str, Answer]], Cell]] = {
    "value": _cell(lambda column, answer: answer),
    "group": _cell(_group),
    "level": _cell(lambda column, answer: ancestors(column.territory, answer).get(column.part)),
    "selected": _cell(lambda column, answer: int(column.part in answer)),
    "rank": _cell(
        lambda column, answer: answer.index(column.part) + 1 if column.part in answer else None
    ),
    "part": _cell(_part),
    "text": _free_text(lambda column, answer: answer),
    "statement": _free_text(_statement),
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
}


def labelled(table: Table, response: Response) -> dict[str, Answer]:
    """The answers of one response with words for codes, in the table's language."""
    said: dict[str, Answer] = {}
    for question in table.questionnaire.questions():
        words = _labels(question.options())
        if question.name in response.answers:
            answer = response.answers[question.name]
            said[question.name] = _say(table, question, words, answer)
        other = f"{question.name}__other"
        if other in response.answers:
            said[other] = response.answers[other]
    return said


def _say(table: Table, question: Question, words: Mapping[str, Words], answer: Answer) -> Answer:
    if table.language is None or missing_kind(answer) is not None:
        return answer
    if question.type in ("text", "statements", "integer", "decimal", "date"):
        return answer

    def say(code: Any) -> Any:
        known = isinstance(code, str) and code in words
        return table.questionnaire.say(table.language or "", words[code]) if known else code

    if isinstance(answer, list):
        return [say(code) for code in answer]
    if isinstance(answer, Mapping):
        return {key: say(value) for key, value in answer.items()}
    return say(answer)
