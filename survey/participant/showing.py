"""What templates need to show a questionnaire in the page's language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, request, url_for
from markupsafe import Markup

from survey import web
from survey.form import QuestionnaireForm
from survey.form.people import PEOPLE, people_question
from survey.questionnaire.model import FULL, Question, Questionnaire, Section, Words
from survey.response import CLOSED, Workshop
from survey.response import Response as StoredResponse
from survey.store import workshops
from survey.wording import lines_of

LONG = timedelta(days=30)
"""After that no workshop is opened again to take late answers."""


def words(said: Words) -> Markup:
    """Words in the page's language; where another stands in, marked with its language."""
    questionnaire: Questionnaire = g.questionnaire
    language = questionnaire.said_in(g.language, said)
    text = said.get(language, "")
    if text and not any(map(str.isalpha, text)):  # `18–29` reads the same way in every language
        return web.isolated(text)
    if language == g.language:
        return Markup("{}").format(text)
    return web.in_other_language(language, text)


def plain_words(said: Words) -> str:
    """Words as text, for attributes and titles."""
    questionnaire: Questionnaire = g.questionnaire
    return questionnaire.say(g.language, said)


def said_in(said: Words) -> str:
    questionnaire: Questionnaire = g.questionnaire
    return questionnaire.said_in(g.language, said)


def in_language(language: str) -> str:
    """This page's address in another language."""
    assert request.endpoint is not None
    return url_for(request.endpoint, **{**(request.view_args or {}), "language": language})


def as_json(value: Any) -> Markup:
    """Compact JSON for an attribute in single quotes, where JSON's own quotes need no escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;"))


def sections(
    questionnaire: Questionnaire, variant: str = FULL
) -> list[tuple[Section, list[Question]]]:
    """The sections that have something to ask in this variant, with those questions."""
    asked = {question.name for question in questionnaire.questions(variant)}
    found = [
        (section, [question for question in section.questions if question.name in asked])
        for section in questionnaire.sections
    ]
    return [(section, questions) for section, questions in found if questions]


def is_long_over() -> bool:
    """Whether the workshop was closed so long ago that no phone need keep a draft for it. The server
    counts: a phone's clock may be wrong."""
    workshop: Workshop = g.workshop
    if workshop.state != CLOSED:
        return False
    closed = workshops.closed_at(web.services().store, workshop.code)
    return closed is not None and datetime.now(UTC) - datetime.fromisoformat(closed) > LONG


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that was answered in two ways, each in words."""

    question: Question
    typed: list[str]
    stored: list[str]


def differences(typed: QuestionnaireForm, stored: StoredResponse) -> list[Difference]:
    """The questions whose answers are not the same, in the order asked."""
    questionnaire: Questionnaire = g.questionnaire
    both = typed.answers, stored.answers
    found = _different_people(typed, stored)
    for question in questionnaire.questions():
        lines = [lines_of(questionnaire, g.language, question, each) for each in both]
        if lines[0] != lines[1]:
            found.append(Difference(question, *lines))
    return found


def _different_people(typed: QuestionnaireForm, stored: StoredResponse) -> list[Difference]:
    """That another number of people answered, where the workshop asks for it."""
    if PEOPLE not in typed or typed[PEOPLE].data == stored.people:
        return []
    number = typed[PEOPLE].data
    return [
        Difference(people_question(), [] if number is None else [str(number)], [str(stored.people)])
    ]


CONTEXT = {
    "words": words,
    "plain_words": plain_words,
    "said_in": said_in,
    "in_language": in_language,
    "is_long_over": is_long_over,
}
"""What pages of a workshop may call."""
