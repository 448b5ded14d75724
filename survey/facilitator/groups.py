"""What came, in all and by actor group, for the desk and the wall: responses, and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from survey import web
from survey.questionnaire.model import Questionnaire, Words
from survey.response import Workshop
from survey.store import responses


@dataclass(frozen=True, slots=True)
class Received:
    """How many responses came, and how many people gave them: as many, but in table mode."""

    responses: int
    people: int


def received(workshop: Workshop) -> Received:
    store = web.services().store
    count = responses.count(store, workshop.code)
    people = responses.count_people(store, workshop.code) if workshop.table_mode else count
    return Received(count, people)


@dataclass(frozen=True, slots=True)
class Group:
    """How many responses of an actor group came, how many people gave them, and how many people are
    expected, None if nobody said.

    `width` is the length of its bar, 0 to 100, None for no bar. No label: it said no group."""

    label: Words
    received: int
    people: int
    expected: int | None = None
    width: int | None = None

    @property
    def is_missed(self) -> bool:
        return bool(self.expected) and not self.received


def received_by_group(
    questionnaire: Questionnaire, workshop: Workshop, counted: str = responses.RESPONSES
) -> Counter[str | None]:
    """Responses, or people, by the name of the actor group; None counts those that said none."""
    counts: Counter[str | None] = Counter()
    question = questionnaire.with_role("actor_group")
    if question is None:
        return counts
    groups = {choice.name: choice.group for choice in question.options()}
    by_choice = responses.count_by_choice(
        web.services().store, workshop.code, question.name, counted
    )
    for choice, number in by_choice.items():
        counts[groups.get(choice or "")] += number
    return counts


def groups_of(
    questionnaire: Questionnaire, workshop: Workshop, expected: Mapping[str, int]
) -> list[Group]:
    """The actor groups in the questionnaire's order; the last one said nothing, if there is any."""
    if questionnaire.with_role("actor_group") is None:
        return []
    counts = people = received_by_group(questionnaire, workshop)
    if workshop.table_mode:
        people = received_by_group(questionnaire, workshop, responses.PEOPLE)
    most = max(people.values(), default=0)
    groups = [
        Group(
            group.label,
            counts[group.name],
            people[group.name],
            expected.get(group.name),
            _width(people[group.name], expected.get(group.name) if expected else most),
        )
        for group in questionnaire.actor_groups
    ]
    unsaid_width = None if expected else _width(people[None], most)
    unsaid = Group({}, counts[None], people[None], None, unsaid_width)
    return groups + ([unsaid] if counts[None] else [])


def _width(number: int, whole: int | None) -> int | None:
    return None if whole is None else min(100, round(100 * number / max(whole, 1)))
