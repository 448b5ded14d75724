"""Responses by actor group, for the desk and the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from survey import web
from survey.questionnaire.model import Questionnaire, Words
from survey.response import Workshop
from survey.store import responses


@dataclass(frozen=True, slots=True)
class Group:
    """How many of an actor group answered, and how many are expected, None if nobody said.

    `width` is the length of its bar, 0 to 100, None for no bar. No label: it said no group."""

    label: Words
    received: int
    expected: int | None = None
    width: int | None = None

    @property
    def is_missed(self) -> bool:
        return bool(self.expected) and not self.received


def received_by_group(questionnaire: Questionnaire, workshop: Workshop) -> Counter[str | None]:
    """Responses by the name of the actor group; None counts those that said none."""
    counts: Counter[str | None] = Counter()
    question = questionnaire.with_role("actor_group")
    if question is None:
        return counts
    groups = {choice.name: choice.group for choice in question.options()}
    by_choice = responses.count_by_choice(web.services().store, workshop.code, question.name)
    for choice, number in by_choice.items():
        counts[groups.get(choice or "")] += number
    return counts


def groups_of(
    questionnaire: Questionnaire, workshop: Workshop, expected: Mapping[str, int]
) -> list[Group]:
    """The actor groups in the questionnaire's order; the last one said nothing, if there is any."""
    if questionnaire.with_role("actor_group") is None:
        return []
    counts = received_by_group(questionnaire, workshop)
    most = max(counts.values(), default=0)
    groups = [
        Group(
            group.label,
            counts[group.name],
            expected.get(group.name),
            _width(counts[group.name], expected.get(group.name) if expected else most),
        )
        for group in questionnaire.actor_groups
    ]
    unsaid = Group({}, counts[None], None, None if expected else _width(counts[None], most))
    return groups + ([unsaid] if counts[None] else [])


def _width(number: int, whole: int | None) -> int | None:
    return None if whole is None else min(100, round(100 * number / max(whole, 1)))
