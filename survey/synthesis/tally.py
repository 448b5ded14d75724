"""Counts of a workshop's responses, kept up to date by one response at a time: the live page reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from survey.questionnaire.model import Questionnaire
from survey.response import Answers, Response, missing_kind

ANSWERED, BLANK, NOT_ASKED = "answered", "blank", "not_asked"


def status_of(answers: Answers, question: str) -> str:
    """What became of a question: answered, blank, not_asked, or the word of what is missing."""
    if question not in answers:
        return NOT_ASKED
    answer = answers[question]
    return BLANK if answer is None else missing_kind(answer) or ANSWERED


@dataclass(frozen=True, slots=True)
class Share:
    """What one response adds: its actor group, its territory's code, and each question's status."""

    people: int
    group: str | None
    territory: str | None
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts at one moment: people, where any response counts for several, else responses.
    Groups and territories are by name, None for those that said none; `statuses` are by question
    and status."""

    responses: int
    people: int
    groups: Counter[str | None]
    territories: Counter[str | None]
    statuses: Counter[tuple[str, str]]

    @property
    def counts_people(self) -> bool:
        return self.people != self.responses


class Tally:
    """Remembers what each response adds, so that a correction, a mark or an erasure takes it away
    again."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questions = [each.name for each in questionnaire.questions() if each.asks]
        self._actor = questionnaire.with_role("actor_group")
        self._territory = questionnaire.with_role("territory")
        options = self._actor.options() if self._actor else ()
        self._groups = {choice.name: choice.group for choice in options}
        self._shares: dict[str, Share] = {}
        self._marked: frozenset[str] = frozenset()
        self._counts: Counter[tuple[str, str | None, str]] = Counter()

    def put(self, response: Response) -> None:
        """Counts a response, in the place of its earlier revision."""
        self.take(response.id)
        share = self._share_of(response)
        self._shares[response.id] = share
        if response.id not in self._marked:
            self._add(share, 1)

    def take(self, id: str) -> None:
        """Forgets a response, if it is there."""
        share = self._shares.pop(id, None)
        if share is not None and id not in self._marked:
            self._add(share, -1)

    def mark(self, marked: Set[str]) -> None:
        """Leaves out these responses, and none but these; they may be known or not."""
        for ids, sign in ((marked - self._marked, -1), (self._marked - marked, 1)):
            for id in ids & self._shares.keys():
                self._add(self._shares[id], sign)
        self._marked = frozenset(marked)

    def figures(self) -> Figures:
        """The counts as they are now."""
        return Figures(
            self._counts["responses", None, ""],
            self._counts["people", None, ""],
            Counter(self._named("group")),
            Counter(self._named("territory")),
            Counter(
                {
                    (name, status): number
                    for (kind, name, status), number in self._counts.items()
                    if kind == "question" and name is not None and number
                }
            ),
        )

    def _named(self, kind: str) -> dict[str | None, int]:
        return {
            name: number
            for (each, name, _), number in self._counts.items()
            if each == kind and number
        }

    def _share_of(self, response: Response) -> Share:
        answers = response.answers
        actor = answers.get(self._actor.name) if self._actor else None
        territory = answers.get(self._territory.name) if self._territory else None
        return Share(
            response.people,
            self._groups.get(actor) if isinstance(actor, str) else None,
            territory if isinstance(territory, str) else None,
            tuple(status_of(answers, name) for name in self._questions),
        )

    def _add(self, share: Share, sign: int) -> None:
        counts, weight = self._counts, sign * share.people
        counts["responses", None, ""] += sign
        counts["people", None, ""] += weight
        counts["group", share.group, ""] += weight
        counts["territory", share.territory, ""] += weight
        for name, status in zip(self._questions, share.statuses, strict=True):
            counts["question", name, status] += weight
