"""Which responses of a workshop are read: what store, exports and desk agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from survey.questionnaire.model import Questionnaire
from survey.response import Response, ancestors

LAST, EVERY = "last", "all"
REVISIONS = (LAST, EVERY)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a response must be to be read; an empty one leaves nothing out. `since` and `until` are
    ISO times in UTC, the first included, the second not."""

    counted_only: bool = False
    revisions: str = LAST
    language: str = ""
    actor_group: str = ""
    territory: str = ""
    since: str = ""
    until: str = ""

    def chosen(self) -> dict[str, str]:
        """What leaves something out, by name."""
        chosen = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: "yes" if value is True else value
            for name, value in chosen.items()
            if value and (name, value) != ("revisions", LAST)
        }

    def keeper(self, questionnaire: Questionnaire) -> Callable[[Response], bool]:
        """Says of a response to this questionnaire whether its answers fit the actor group and the
        territory; the store sees to the rest."""
        group = _in_group(questionnaire, self.actor_group)
        territory = _in_territory(questionnaire, self.territory)
        return lambda response: group(response) and territory(response)


EVERYTHING = Selection()


def _anything(_: Response) -> bool:
    return True


def _in_group(questionnaire: Questionnaire, group: str) -> Callable[[Response], bool]:
    if not group:
        return _anything
    return _chosen(questionnaire, "actor_group", lambda choices, name: choices[name].group == group)


def _in_territory(questionnaire: Questionnaire, territory: str) -> Callable[[Response], bool]:
    if not territory:
        return _anything
    return _chosen(
        questionnaire,
        "territory",
        lambda choices, name: name == territory or territory in ancestors(choices, name).values(),
    )


def _chosen(
    questionnaire: Questionnaire, role: str, fits: Callable[..., bool]
) -> Callable[[Response], bool]:
    """Whether the choice in the question of a role fits."""
    question = questionnaire.with_role(role)
    if question is None:
        return lambda _: False
    choices = {choice.name: choice for choice in question.options()}
    fitting = {name for name in choices if fits(choices, name)}
    name = question.name

    def fits_here(response: Response) -> bool:
        answer = response.answers.get(name)
        return isinstance(answer, str) and answer in fitting

    return fits_here
