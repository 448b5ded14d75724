"""A dataset that may be published: no texts, nobody to be told by what she is or where she is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from survey.i18n import N_, SentenceError
from survey.questionnaire.model import Choice, Question, Questionnaire, Tree
from survey.response import Answers, Response, ancestors, missing_kind
from survey.table.cells import ABSENT, NOT_ASKED
from survey.table.columns import interface_words
from survey.table.dataset import Dataset
from survey.table.selection import LAST
from survey.table.suppression import SUPPRESSED, Path, shown

PUBLISHED = (
    "note",
    "integer",
    "decimal",
    "date",
    "select_one",
    "select_multiple",
    "rank",
    "matrix",
    "allocation",
    "vote",
)
"""The question types whose answers nobody wrote in her own words."""

ACTOR_GROUP, TERRITORY = "actor_group", "territory"
NUMBER = "public-{}"
"""What stands in the place of a receipt code, which gives access to the response."""


EVERY_GROUP = N_(
    "A public export holds every actor group and territory: chosen alone, a small one would be known. "
    "Leave out this choice."
)


class PublicError(SentenceError):
    """What a public export cannot have."""


Who: TypeAlias = tuple[str, Path]
"""An actor group and a territory. What begins with a blank says that there is no answer."""


@dataclass(frozen=True, slots=True)
class ToShow:
    """The actor group and the territory of a row. Where `tells_asked` is false, only few of those
    whose rows have the same two were asked just this, so that no row may tell what was asked."""

    group: str
    place: str
    tells_asked: bool


Plan: TypeAlias = Mapping[tuple[str, Who], ToShow]
"""What to show, by workshop, group and territory."""


def public(dataset: Dataset) -> Dataset:
    """The same responses without what tells whose they are. They are read twice: first to count.

    Raises PublicError.
    """
    if dataset.with_personal:
        raise PublicError(N_("A public export has no personal answers. Choose one or the other."))
    if dataset.selection.actor_group or dataset.selection.territory:
        raise PublicError(EVERY_GROUP)
    if dataset.selection.revisions != LAST:
        raise PublicError(N_("A public export holds the last revision of each response only."))
    questionnaires = {version: reduced(each) for version, each in dataset.questionnaires.items()}
    people = {version: _People(each) for version, each in dataset.questionnaires.items()}
    least = max(each.min_group_size for each in questionnaires.values())

    @cache
    def plan() -> Plan:
        return _plan(dataset, people, least)

    def responses() -> Iterator[Response]:
        known = plan()
        for number, response in enumerate(dataset.responses(), 1):
            whose = people[response.version]
            to_show = known[response.workshop, whose.who(response.answers)]
            yield replace(
                response,
                id=NUMBER.format(number),
                receipt=NUMBER.format(number),
                received_at=f"{response.received_at[:10]}T00:00:00.000Z",
                answers=whose.shown(response.answers, to_show),
            )

    return replace(dataset, questionnaires=questionnaires, responses=responses, is_public=True)


def _plan(dataset: Dataset, people: Mapping[str, _People], least: int) -> Plan:
    """A workshop tells a place and a day: groups must be large enough in each."""
    counts: dict[str, Counter[Who]] = {}
    asked: dict[tuple[str, Who], Counter[frozenset[str]]] = {}
    for response in dataset.responses():
        whose = people[response.version]
        who = whose.who(response.answers)
        counts.setdefault(response.workshop, Counter())[who] += 1
        asked.setdefault((response.workshop, who), Counter())[whose.asked(response.answers)] += 1
    plan: dict[tuple[str, Who], ToShow] = {}
    for workshop, there in counts.items():
        to_show = shown(there, least, _say_none(there))
        alike: dict[tuple[str, str], Counter[frozenset[str]]] = {}
        for who, both in to_show.items():
            alike.setdefault(both, Counter()).update(asked[workshop, who])
        for who, both in to_show.items():
            tells_asked = len(alike[both]) == 1 or min(alike[both].values()) >= least
            plan[workshop, who] = ToShow(*both, tells_asked)
    return plan


def _say_none(there: Mapping[Who, int]) -> set[str]:
    return {group for group, _ in there if group.startswith(" ")}


def reduced(questionnaire: Questionnaire) -> Questionnaire:
    """The questions whose answers may be published. *Other* is a choice without a text, and an
    actor group stands in the place of the kinds of actors that it holds."""
    groups = (*questionnaire.actor_groups, _suppressed())

    def published(question: Question) -> Question:
        if question.role == ACTOR_GROUP:
            choices = tuple(replace(group, group=group.name) for group in groups)
        else:
            other = (question.other,) if question.other is not None else ()
            kept = (_suppressed(),) if question.role == TERRITORY else ()
            choices = (*question.choices, *other, *kept)
        return replace(question, choices=choices, other=None)

    sections = tuple(
        replace(section, questions=tuple(map(published, filter(_may_be_seen, section.questions))))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections, actor_groups=groups)


def _suppressed() -> Choice:
    return Choice(SUPPRESSED, interface_words(N_("Suppressed")))


def _may_be_seen(question: Question) -> bool:
    return question.type in PUBLISHED and not question.personal


def asked_because_of(names: Set[str], questionnaire: Questionnaire) -> frozenset[str]:
    """The questions whose `relevant` looks at the answers to these, or at answers that do."""
    found: set[str] = set()
    for question in questionnaire.questions():
        looked_at = mentioned(question.relevant, questionnaire.conditions)
        if looked_at & (names | found):
            found.add(question.name)
    return frozenset(found)


def mentioned(tree: Tree | None, conditions: Mapping[str, Tree]) -> frozenset[str]:
    """The questions whose answers an expression looks at, by way of named conditions, too."""
    if not isinstance(tree, tuple):
        return frozenset()
    operator, *arguments = tree
    if operator == "ref":
        return frozenset(arguments)
    if operator == "condition":
        return mentioned(conditions[arguments[0]], conditions)
    return frozenset().union(*(mentioned(each, conditions) for each in arguments))


class _People:
    """Who answers a questionnaire, as far as its public answers say so."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        kept = [question for question in questionnaire.questions() if _may_be_seen(question)]
        self._names = [question.name for question in kept if question.asks]
        by_role = {question.role: question for question in kept}
        self._actor, self._place = by_role.get(ACTOR_GROUP), by_role.get(TERRITORY)
        self._groups = {
            choice.name: choice.group or ""
            for choice in (self._actor.options() if self._actor else ())
        }
        hidden = {
            question.name
            for question in questionnaire.questions()
            if question.personal or question.role in (ACTOR_GROUP, TERRITORY)
        }
        self._dependent = asked_because_of(hidden, questionnaire) & set(self._names)
        places = {choice.name: choice for choice in (self._place.choices if self._place else ())}
        self._paths = {name: tuple(ancestors(places, name).values()) or (name,) for name in places}

    def who(self, answers: Answers) -> Who:
        actor, place = _told(self._actor, answers), _told(self._place, answers)
        return self._groups.get(actor, actor), self._paths.get(place, (place,))

    def asked(self, answers: Answers) -> frozenset[str]:
        """What was asked because of who it is or where she is from."""
        return frozenset(self._dependent & answers.keys())

    def shown(self, answers: Answers, to_show: ToShow) -> Answers:
        """The answers that may be published, with this actor group and this territory."""
        left_out = frozenset() if to_show.tells_asked else self._dependent
        names = (name for name in self._names if name in answers and name not in left_out)
        found = {name: answers[name] for name in names}
        roles = ((self._actor, to_show.group), (self._place, to_show.place))
        for question, code in roles:
            if question is not None and not code.startswith(" "):
                found[question.name] = code
        return found


def _told(question: Question | None, answers: Answers) -> str:
    """The code that was chosen, or why there is none, after a blank."""
    answer = answers.get(question.name, ABSENT) if question is not None else ABSENT
    if isinstance(answer, str):
        return answer
    return f" {missing_kind(answer) or ('' if answer is None else NOT_ASKED)}"
