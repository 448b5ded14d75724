"""A row for each text that a participant wrote, with whose it is and what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.questionnaire.model import OTHER, Question, Questionnaire
from survey.response import Answers
from survey.table import context
from survey.table.cells import NOT_ASKED, Cell
from survey.table.columns import CODE, INTEGER, TEXT, Column
from survey.table.dataset import CODES, Dataset
from survey.table.long import pieces_of

WRITTEN = ("statements", "text")


def columns(dataset: Dataset) -> list[Column]:
    """Whose text it is, the question, its place among that question's texts, and whether it may be
    quoted; `type` is `other` for the text beside that choice."""
    words = [] if dataset.wording.style == CODES else [Column("question_label", "cell", TEXT)]
    return [
        *context.columns(dataset),
        Column("question", "cell", CODE),
        *words,
        *(Column(name, "cell", CODE) for name in ("type", "dimension", "theme")),
        Column("place", "cell", INTEGER),
        Column("text", "cell", TEXT),
        Column("quote_consent", "cell", CODE),
    ]


def rows(dataset: Dataset) -> Iterator[list[Cell]]:
    """The texts of every response, in the order of the questions."""
    take = context.taker(dataset)
    for response in dataset.responses():
        start = take(response)
        questionnaire = dataset.questionnaires[response.version]
        for question in _writing(dataset, questionnaire):
            for cells in _texts(dataset, questionnaire, question, response.answers):
                yield [*start, *cells]


def _writing(dataset: Dataset, questionnaire: Questionnaire) -> Iterator[Question]:
    for question in questionnaire.questions():
        writes = question.type in WRITTEN or question.other is not None
        if writes and (dataset.with_personal or not question.personal):
            yield question


def _texts(
    dataset: Dataset, questionnaire: Questionnaire, question: Question, answers: Answers
) -> Iterator[list[Cell]]:
    words: list[Cell] = [] if dataset.wording.style == CODES else [dataset.say(question.label)]
    texts = [piece for piece in pieces_of(question, answers) if piece.text is not None]
    for place, piece in enumerate(texts, 1):
        kind = OTHER if piece.part == OTHER else question.type
        about: list[Cell] = [kind, question.dimension, question.theme]
        consent = _consent(dataset, questionnaire, question, answers)
        yield [question.name, *words, *about, place, piece.text, consent]


def _consent(
    dataset: Dataset, questionnaire: Questionnaire, question: Question, answers: Answers
) -> Cell:
    """What was answered to the question that asks whether it may be quoted, unless that is personal
    and left out."""
    if question.quote_consent is None:
        return None
    if questionnaire.question(question.quote_consent).personal and not dataset.with_personal:
        return None
    answer = answers.get(question.quote_consent, NOT_ASKED)
    return str(answer["missing"]) if isinstance(answer, Mapping) else answer
