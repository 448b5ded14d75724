"""What a workshop's responses say to one question, now and as it was up to an earlier revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.questionnaire.model import Question, Questionnaire
from survey.response import Response, Workshop
from survey.store import Store, arrivals
from survey.store.clock import now
from survey.synthesis.distribution import Voice
from survey.synthesis.result import Moment, Voices


@dataclass(slots=True)
class History:
    """Every voice that counts, with the sequence number of its revision; None: not asked."""

    voices: dict[str, list[tuple[int, Voice | None]]] = field(default_factory=dict)
    counts_people: bool = False
    sequence: int = 0

    def before(self, sequence: int) -> Voices:
        """What was said up to a revision; what was erased since is not there."""
        found: dict[str, Voice] = {}
        for id, revisions in self.voices.items():
            then = [voice for number, voice in revisions if number <= sequence]
            if then and then[-1] is not None:
                found[id] = then[-1]
        return found

    @property
    def moment(self) -> Moment:
        return Moment(self.before(self.sequence), self.counts_people, now(), self.sequence)


def history_of(
    store: Store, workshop: Workshop, questionnaire: Questionnaire, question: Question
) -> History:
    """Reads every revision once: somebody has pressed a button and waits."""
    groups = _groups(questionnaire)
    history = History()
    people: dict[str, int] = {}
    for sequence, response in arrivals.since(store, workshop.code, 0):
        revisions = history.voices.setdefault(response.id, [])
        revisions.append((sequence, _voice(response, questionnaire, question, groups)))
        people[response.id] = response.people
        history.sequence = sequence
    for id in arrivals.marked(store, workshop.code) & history.voices.keys():
        del history.voices[id]
    history.counts_people = any(people[id] != 1 for id in history.voices)
    return history


def _groups(questionnaire: Questionnaire) -> Mapping[str, str | None]:
    question = questionnaire.with_role("actor_group")
    options = question.options() if question else ()
    return {choice.name: choice.group for choice in options}


def _voice(
    response: Response,
    questionnaire: Questionnaire,
    question: Question,
    groups: Mapping[str, str | None],
) -> Voice | None:
    if question.name not in response.answers:
        return None
    role = questionnaire.with_role("actor_group")
    actor = response.answers.get(role.name) if role else None
    group = groups.get(actor) if isinstance(actor, str) else None
    return Voice(response.answers[question.name], group, response.people)
