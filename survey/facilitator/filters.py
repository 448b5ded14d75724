"""What is typed and chosen above the list of responses → which responses are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import g

from survey import web
from survey.facilitator.answered import CHANNEL_NAMES
from survey.i18n import LANGUAGES, N_
from survey.questionnaire.model import OTHER, Choice, Question, Questionnaire
from survey.response import DUPLICATE, TEST, Workshop
from survey.store import listing, questionnaires
from survey.store.listing import COUNTED, MARKED, Chosen, Wanted

NOBODY = "-"
"""Stands for responses that name no actor group, or no territory."""

YES, NO = "yes", "no"
MARK_NAMES = {TEST: N_("Test"), DUPLICATE: N_("Duplicate")}
MARK_CHOICES = {COUNTED: N_("Counted"), MARKED: N_("Not counted"), **MARK_NAMES}
CORRECTED_CHOICES = {YES: N_("Corrected"), NO: N_("Sent once")}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose in a filter; `depth` is how many places hold it."""

    value: str
    words: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above the list."""

    name: str
    label: str
    options: list[Option]
    chosen: str


def filters_of(workshop: Workshop, sent: Mapping[str, str]) -> list[Filter]:
    """The filters, each with what was chosen in it; one that has nothing to choose is left out."""
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    offered = {
        "group": (N_("Actor group"), _groups(questionnaire)),
        "territory": (N_("Territory"), _territories(workshop, questionnaire)),
        "language": (N_("Language"), _languages(questionnaire)),
        "channel": (N_("How it came"), _named(CHANNEL_NAMES)),
        "mark": (N_("Mark"), _named(MARK_CHOICES)),
        "corrected": (N_("Corrections"), _named(CORRECTED_CHOICES)),
    }
    found = []
    for name, (label, options) in offered.items():
        known = {option.value for option in options}
        chosen = sent.get(name, "")
        if options:
            found.append(Filter(name, label, options, chosen if chosen in known else ""))
    return found


def _named(names: Mapping[str, str]) -> list[Option]:
    return [Option(value, web.plain(name)) for value, name in names.items()]


def _languages(questionnaire: Questionnaire) -> list[Option]:
    return [Option(tag, LANGUAGES[tag].name) for tag in questionnaire.offered_languages]


def _groups(questionnaire: Questionnaire) -> list[Option]:
    if questionnaire.with_role("actor_group") is None:
        return []
    named = [
        Option(group.name, questionnaire.say(g.language, group.label))
        for group in questionnaire.actor_groups
    ]
    return [*named, Option(NOBODY, web.plain("Not stated"))]


def _territories(workshop: Workshop, questionnaire: Questionnaire) -> list[Option]:
    """The places that were named and those that hold them, not the whole country's."""
    question = questionnaire.with_role("territory")
    if question is None:
        return []
    given = listing.given(web.services().store, workshop.code, question.name)
    choices = {choice.name: choice for choice in question.options()}
    held = {each.name for name in given for each in _line(choices, name)}
    shown = [
        Option(
            choice.name,
            questionnaire.say(g.language, choice.label),
            len(list(_line(choices, choice.name))) - 1,
        )
        for choice in _by_branch(question)
        if choice.name in held
    ]
    return [*shown, Option(NOBODY, web.plain("Not stated"))]


def _line(choices: Mapping[str, Choice], name: str) -> Iterator[Choice]:
    """A place and those that hold it."""
    seen: set[str] = set()
    choice = choices.get(name)
    while choice is not None and choice.name not in seen:
        seen.add(choice.name)
        yield choice
        choice = choices.get(choice.parent or "")


def _by_branch(question: Question) -> Iterator[Choice]:
    """Each place before those within it."""
    children: dict[str | None, list[Choice]] = {}
    for choice in question.options():
        children.setdefault(choice.parent, []).append(choice)

    def within(parent: str | None) -> Iterator[Choice]:
        for choice in children.get(parent, ()):
            yield choice
            yield from within(choice.name)

    return within(None)


def wanted(workshop: Workshop, text: str, filters: list[Filter]) -> Wanted:
    """What the store is asked for. Groups and places are looked up in each questionnaire version
    that the workshop's responses answered."""
    chosen = {each.name: each.chosen for each in filters if each.chosen}
    roles = {role: chosen[name] for name, role in ROLES.items() if name in chosen}
    store = web.services().store
    versions = listing.versions(store, workshop.code) if text or roles else []
    asked = [(version, questionnaires.get(store, version)) for version in versions]
    corrected = chosen.get("corrected")
    return Wanted(
        text=text,
        written=frozenset(name for _, each in asked for name in written_in(each)),
        chosen=tuple(
            tuple(part for each in asked if (part := _chosen(*each, role, value)))
            for role, value in roles.items()
        ),
        language=chosen.get("language", ""),
        channel=chosen.get("channel", ""),
        mark=chosen.get("mark", ""),
        corrected=None if corrected is None else corrected == YES,
    )


ROLES = {"group": "actor_group", "territory": "territory"}
"""The filters that ask about an answer, and the role of its question."""


def _chosen(version: str, questionnaire: Questionnaire, role: str, value: str) -> Chosen | None:
    question = questionnaire.with_role(role)
    if question is None:
        return None
    if value == NOBODY:
        return Chosen(version, question.name, None)
    choices = {choice.name: choice for choice in question.options()}
    names = (
        name
        for name, choice in choices.items()
        if value == choice.group or value in {each.name for each in _line(choices, name)}
    )
    return Chosen(version, question.name, frozenset(names))


def written_in(questionnaire: Questionnaire) -> Iterator[str]:
    """The names under which participants write in their own words."""
    for question in questionnaire.questions():
        if question.type in ("text", "statements"):
            yield question.name
        if question.other is not None:
            yield f"{question.name}__{OTHER}"
