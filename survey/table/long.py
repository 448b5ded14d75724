"""Tidy data: a row for each answer, each row of a matrix, each place in a ranking, each statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from survey.questionnaire.model import FULL, OTHER, Question, Words
from survey.response import Answer, Answers, missing_kind
from survey.table import context
from survey.table.cells import ABSENT, NOT_ASKED, Cell
from survey.table.columns import CODE, DECIMAL, TEXT, Column, labels_of
from survey.table.dataset import CODES, Dataset

BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that an answer says. `part` is the choice, row or place that it is about; one of the
    others is what is said of it: a code or a day, a number as digits, a text, what is missing."""

    part: str | None = None
    value: str | None = None
    number: str | None = None
    text: str | None = None
    missing: str | None = None


def columns(dataset: Dataset) -> list[Column]:
    """Whose answer it is, the question, and what is said; with words beside the codes if the
    wording has any."""
    worded = dataset.wording.style != CODES
    about = [
        _column("question", CODE),
        *_label("question_label", worded),
        _column("type", CODE),
        _column("dimension", CODE),
        _column("theme", CODE),
    ]
    said = [
        _column("part", CODE),
        *_label("part_label", worded),
        _column("value", CODE),
        *_label("value_label", worded),
        _column("number", DECIMAL),
        _column("text", TEXT),
        _column("missing", CODE),
    ]
    return [*context.columns(dataset), *about, *said]


def _column(name: str, data_type: str) -> Column:
    return Column(name, "cell", data_type)


def _label(name: str, is_shown: bool) -> list[Column]:
    return [_column(name, TEXT)] if is_shown else []


def rows(dataset: Dataset) -> Iterator[list[Cell]]:
    """The rows of every response, in the order of the questions."""
    take = context.taker(dataset)
    writers = {
        version: [
            _writer(dataset, question)
            for question in questionnaire.questions(FULL)
            if question.asks and (dataset.with_personal or not question.personal)
        ]
        for version, questionnaire in dataset.questionnaires.items()
    }
    for response in dataset.responses():
        start = take(response)
        for write in writers[response.version]:
            for cells in write(response.answers):
                yield [*start, *cells]


def _writer(dataset: Dataset, question: Question) -> Callable[[Answers], Iterator[list[Cell]]]:
    """Writes a question's rows, without what stands before every row."""
    worded = dataset.wording.style != CODES
    parts = _said(dataset, labels_of((*question.rows, *question.choices)))
    values = _said(dataset, labels_of(question.options()))
    about: list[Cell] = [question.name]
    about += [dataset.say(question.label)] if worded else []
    about += [question.type, question.dimension, question.theme]

    def write(answers: Answers) -> Iterator[list[Cell]]:
        for piece in pieces_of(question, answers):
            part_label: list[Cell] = [parts.get(piece.part or "")] if worded else []
            value_label: list[Cell] = [values.get(piece.value or "")] if worded else []
            yield [
                *about,
                piece.part,
                *part_label,
                piece.value,
                *value_label,
                piece.number,
                piece.text,
                piece.missing,
            ]

    return write


def _said(dataset: Dataset, labels: Mapping[str, Words]) -> dict[str, str]:
    return {name: dataset.say(words) for name, words in labels.items()}


def pieces_of(question: Question, answers: Answers) -> Iterator[Piece]:
    """What the answer to a question says, the text beside *other* last."""
    answer = answers.get(question.name, ABSENT)
    if answer is ABSENT:
        yield Piece(missing=NOT_ASKED)
    elif answer is None:
        yield Piece(missing=BLANK)
    elif missing_kind(answer) is not None:
        yield Piece(missing=missing_kind(answer))
    else:
        yield from PIECES[question.type](question, answer)
    other = answers.get(f"{question.name}__{OTHER}")
    if other is not None:
        yield Piece(part=OTHER, text=other)


def _value(_: Question, answer: Answer) -> Iterator[Piece]:
    yield Piece(value=str(answer))


def _number(_: Question, answer: Answer) -> Iterator[Piece]:
    yield Piece(number=str(answer))


def _text(_: Question, answer: Answer) -> Iterator[Piece]:
    yield Piece(text=answer)


def _chosen(_: Question, answer: Answer) -> Iterator[Piece]:
    return (Piece(value=name) for name in answer)


def _ranked(_: Question, answer: Answer) -> Iterator[Piece]:
    return (Piece(part=name, number=str(place)) for place, name in enumerate(answer, 1))


def _rated(question: Question, answer: Answer) -> Iterator[Piece]:
    """A row that was left out is blank."""
    for row in question.rows:
        point = answer.get(row.name)
        missing = BLANK if point is None else missing_kind(point)
        yield Piece(part=row.name, missing=missing) if missing else Piece(row.name, point)


def _shared(question: Question, answer: Answer) -> Iterator[Piece]:
    for choice in question.choices:
        share = answer.get(choice.name)
        said = Piece(number=str(share)) if share is not None else Piece(missing=BLANK)
        yield replace(said, part=choice.name)


def _statements(_: Question, answer: Answer) -> Iterator[Piece]:
    return (Piece(part=str(place), text=text) for place, text in enumerate(answer, 1))


PIECES: dict[str, Callable[[Question, Answer], Iterator[Piece]]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _value,
    "select_one": _value,
    "select_multiple": _chosen,
    "rank": _ranked,
    "matrix": _rated,
    "allocation": _shared,
    "statements": _statements,
    "vote": _rated,
}
"""What an answer of each question type says."""
