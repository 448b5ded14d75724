"""A stored response in words, in any of its questionnaire's languages, for who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask import g
from markupsafe import Markup

from survey import web
from survey.facilitator.spoken import words_in
from survey.i18n import N_
from survey.questionnaire.model import OTHER, Choice, Question, Questionnaire
from survey.response import HANDED_OVER, PAPER, WEB, Answers, Response
from survey.store import questionnaires
from survey.wording import lines_of

LEFT_BLANK, NOT_ASKED = N_("Left blank"), N_("Not asked")

CHANNEL_NAMES = {
    WEB: N_("On a phone"),
    HANDED_OVER: N_("Handed over as text"),
    PAPER: N_("On paper"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered to a question: lines in words, or why there are none."""

    lines: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    question: Question
    said: Said


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that was answered in two ways."""

    question: Question
    first: Said
    second: Said


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, and what it changed of the one before."""

    revision: Response
    at: Markup
    differences: list[Difference]


def said_to(
    questionnaire: Questionnaire, language: str, question: Question, answers: Answers
) -> Said:
    if question.name not in answers:
        return Said((), NOT_ASKED)
    lines = lines_of(questionnaire, language, question, answers)
    return Said(tuple(lines), "" if lines else LEFT_BLANK)


def answered(questionnaire: Questionnaire, language: str, answers: Answers) -> list[Answered]:
    """Every question in the order asked, with what was said to it."""
    return [
        Answered(question, said_to(questionnaire, language, question, answers))
        for question in questionnaire.questions()
        if question.asks
    ]


def differences(
    questionnaire: Questionnaire, language: str, first: Answers, second: Answers
) -> list[Difference]:
    """The questions whose answers are not the same, in the order asked."""
    return [
        Difference(
            question,
            said_to(questionnaire, language, question, first),
            said_to(questionnaire, language, question, second),
        )
        for question in questionnaire.questions()
        if question.asks and _part(question, first) != _part(question, second)
    ]


def _part(question: Question, answers: Answers) -> list[object]:
    names = (question.name, f"{question.name}__{OTHER}")
    return [(name in answers, answers.get(name)) for name in names]


def changes(revisions: tuple[Response, ...], language: str, timezone: str) -> list[Change]:
    """The revisions after the first, the newest first, each in the words of its own version."""
    store = web.services().store
    return [
        Change(
            revision,
            when(revision.received_at, timezone),
            differences(
                questionnaires.get(store, revision.version),
                language,
                before.answers,
                revision.answers,
            ),
        )
        for before, revision in pairwise(revisions)
    ][::-1]


def when(at: str, timezone: str) -> Markup:
    """A stored time as the workshop's clock showed it."""
    moment = datetime.fromisoformat(at).astimezone(ZoneInfo(timezone))
    return web.isolated(f"{moment:%d/%m/%Y %H:%M}")


def place_name(questionnaire: Questionnaire, question: Question, choice: Choice) -> Markup:
    """A territory's name; one that holds others says that the whole of it is meant."""
    name = words_in(questionnaire, g.language, choice.label)
    if not question.levels or choice.level in (None, question.levels[-1]):
        return name
    return web.say("%(place)s (the whole)", place=name)
