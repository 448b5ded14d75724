"""What stands before each answer in the long shapes: whose it is, and where she is from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from survey.i18n import N_
from survey.questionnaire.model import OTHER, Question, Questionnaire, Words
from survey.response import Response
from survey.table.cells import ABSENT, ENVELOPE_CELLS, NOT_ASKED, Cell
from survey.table.columns import CODE, Column, envelope_columns, interface_words, labels_of
from survey.table.dataset import Dataset

ACTOR_GROUP, TERRITORY = "actor_group", "territory"


def columns(dataset: Dataset) -> list[Column]:
    """The columns every response has, then its actor group and its territory."""
    labels: dict[str, dict[str, Words]] = {ACTOR_GROUP: {}, TERRITORY: {}}
    for questionnaire in dataset.questionnaires.values():
        labels[ACTOR_GROUP] |= labels_of(questionnaire.actor_groups)
        territory = _asked(dataset, questionnaire, TERRITORY)
        labels[TERRITORY] |= labels_of(territory.choices) if territory else {}
    return [
        *envelope_columns(dataset.is_public),
        Column(
            ACTOR_GROUP,
            "context",
            CODE,
            label=interface_words(N_("Actor group")),
            labels=labels[ACTOR_GROUP],
        ),
        Column(
            TERRITORY,
            "context",
            CODE,
            label=interface_words(N_("Territory")),
            labels=labels[TERRITORY],
        ),
    ]


def taker(dataset: Dataset) -> Callable[[Response], list[Cell]]:
    """Takes the cells of these columns from a response."""
    roles = {
        version: [_by_role(dataset, questionnaire, role) for role in (ACTOR_GROUP, TERRITORY)]
        for version, questionnaire in dataset.questionnaires.items()
    }

    def take(response: Response) -> list[Cell]:
        envelope = [cell(response) for cell in ENVELOPE_CELLS.values()]
        return envelope + [of(response) for of in roles[response.version]]

    return take


def _asked(dataset: Dataset, questionnaire: Questionnaire, role: str) -> Question | None:
    question = questionnaire.with_role(role)
    if question is None or (question.personal and not dataset.with_personal):
        return None
    return question


def _by_role(
    dataset: Dataset, questionnaire: Questionnaire, role: str
) -> Callable[[Response], Cell]:
    if questionnaire.with_role(role) is None:
        return lambda _: NOT_ASKED
    question = _asked(dataset, questionnaire, role)
    if question is None:
        return lambda _: None
    meanings: Mapping[str, str | None] = {
        choice.name: choice.group if role == ACTOR_GROUP else choice.name
        for choice in question.options()
        if choice.name != OTHER or role == ACTOR_GROUP
    }
    name = question.name

    def of(response: Response) -> Cell:
        answer = response.answers.get(name, ABSENT)
        if answer is ABSENT:
            return NOT_ASKED
        if isinstance(answer, Mapping):
            return str(answer["missing"])
        return meanings.get(answer) if answer is not None else None

    return of
