"""What templates need to show a questionnaire in the page's language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from markupsafe import Markup

from survey import web
from survey.questionnaire.model import FULL, Question, Questionnaire, Section, Words
from survey.response import Answers
from survey.wording import lines_of


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


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that was answered in two ways, each in words."""

    question: Question
    typed: list[str]
    stored: list[str]


def differences(typed: Answers, stored: Answers) -> list[Difference]:
    """The questions whose answers are not the same, in the order asked."""
    questionnaire: Questionnaire = g.questionnaire
    found = []
    for question in questionnaire.questions():
        lines = [lines_of(questionnaire, g.language, question, each) for each in (typed, stored)]
        if lines[0] != lines[1]:
            found.append(Difference(question, *lines))
    return found


CONTEXT = {
    "words": words,
    "plain_words": plain_words,
    "said_in": said_in,
    "in_language": in_language,
}
"""What pages of a workshop may call."""
