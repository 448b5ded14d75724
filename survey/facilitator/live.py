"""The live page at the desk: who has answered, from where, and how far, as it is now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, g, render_template

from survey import web
from survey.facilitator import fragment
from survey.facilitator.access import find_workshop, rights_here
from survey.facilitator.groups import Group
from survey.facilitator.projector import tag_of
from survey.facilitator.spoken import clock, words_in
from survey.facilitator.tallies import figures_of
from survey.facilitator.views import blueprint
from survey.questionnaire.model import (
    DONT_KNOW,
    NOT_CONCERNED,
    Question,
    Questionnaire,
    Words,
)
from survey.response import Workshop
from survey.store import halls, questionnaires, workshops
from survey.synthesis.distribution import outer_place
from survey.synthesis.tally import ANSWERED, BLANK, NOT_ASKED, Figures

STATIC = Path(__file__).parent / "static"
LIVE = web.bundle_of(
    [*web.SHARED_STYLES, *(STATIC / f"{name}.css" for name in ("desk", "bars", "live"))],
    [STATIC / "now.js"],
)

STATUSES = (ANSWERED, BLANK, DONT_KNOW, NOT_CONCERNED, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Inner:
    """How many are of a territory within another."""

    label: Words
    received: int


@dataclass(frozen=True, slots=True)
class Place:
    """How many are of a territory, and of those within it. No label: they said none."""

    label: Words
    received: int
    width: int
    within: list[Inner]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question: how many of each status, and which share of the asked answered."""

    label: Words
    numbers: list[int]
    width: int


@blueprint.get("/<language:language>/workshops/<code:code>/live")
def live(language: str, code: str) -> Response:
    workshop = find_workshop(code)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    tag = tag_of(workshop)  # before the numbers, so that they are never older than it says
    return web.page(
        "facilitator/live.html",
        LIVE,
        tag=f'W/"{tag}"',
        title=words_in(questionnaire, g.language, workshop.title),
        may=rights_here(workshop),
        **live_numbers_of(workshop, questionnaire),
    )


@blueprint.get("/<language:language>/workshops/<code:code>/live/now")
def live_now(language: str, code: str) -> Response:
    """The numbers alone, for the page's script; 304 while nothing has changed, after one small read."""
    workshop = find_workshop(code, find=workshops.remembered)
    return fragment.reply(tag_of(workshop), lambda: _numbers_now(code))


def _numbers_now(code: str) -> str:
    workshop = workshops.get(web.services().store, code)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    numbers = live_numbers_of(workshop, questionnaire)
    return render_template("facilitator/live_numbers.html", **numbers)


def live_numbers_of(workshop: Workshop, questionnaire: Questionnaire) -> dict[str, Any]:
    """What the page shows live."""
    store = web.services().store
    figures = figures_of(store, workshop, questionnaire)
    at = halls.last_arrival(store, workshop.code)
    expected = halls.get(store, workshop.code).expected
    return {
        "workshop": workshop,
        "figures": figures,
        "groups": groups_of(questionnaire, figures, expected),
        "expected": sum(expected.values()),
        "places": places_of(questionnaire, figures),
        "sections": asked_of(questionnaire, figures),
        "said": lambda words: words_in(questionnaire, g.language, words),
        "last": clock(workshop, at) if at else "",
    }


def groups_of(
    questionnaire: Questionnaire, figures: Figures, expected: Mapping[str, int]
) -> list[Group]:
    """The actor groups in the questionnaire's order; who said none stands last, if anybody does."""
    if questionnaire.with_role("actor_group") is None:
        return []
    counts, whole = figures.groups, figures.groups.total()
    named: list[tuple[str | None, Words]] = [
        (group.name, group.label) for group in questionnaire.actor_groups
    ]
    return [
        Group(
            label, counts[name], counts[name], expected.get(name or ""), share(counts[name], whole)
        )
        for name, label in (*named, (None, {}))
        if name is not None or counts[None]
    ]


def share(number: int, whole: int) -> int:
    """A share of the whole in per cent, for a bar."""
    return round(100 * number / whole) if whole else 0


def places_of(questionnaire: Questionnaire, figures: Figures) -> list[Place]:
    """The territories from which anybody came, the most frequent first, each with those within it.

    The last level but one holds the last: provinces hold communes. What was said above both stands
    for itself, such as the whole region."""
    question = questionnaire.with_role("territory")
    if question is None or not figures.responses:
        return []
    known = {choice.name: choice for choice in question.options()}
    outer: Counter[str | None] = Counter()
    inner: dict[str | None, Counter[str]] = {}
    for name, number in figures.territories.items():
        place = outer_place(question, known, name)
        outer[place] += number
        if name is not None and name != place:
            inner.setdefault(place, Counter())[name] += number
    whole = outer.total()
    return [
        Place(
            known[place].label if place in known else {},
            number,
            share(number, whole),
            [
                Inner(known[name].label, count)
                for name, count in inner.get(place, Counter()).most_common()
            ],
        )
        for place, number in outer.most_common()
    ]


def asked_of(questionnaire: Questionnaire, figures: Figures) -> list[tuple[Words, list[Asked]]]:
    """Each section's title with its questions."""
    return [
        (
            section.title,
            [_asked(question, figures) for question in section.questions if question.asks],
        )
        for section in questionnaire.sections
    ]


def _asked(question: Question, figures: Figures) -> Asked:
    numbers = [figures.statuses[question.name, status] for status in STATUSES]
    return Asked(question.label, numbers, share(numbers[0], sum(numbers[:-1])))
