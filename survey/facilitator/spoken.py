"""What pages of the desk and the wall say: a questionnaire's words, and times by a workshop's clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g
from markupsafe import Markup

from survey import web
from survey.questionnaire.model import Questionnaire, Words
from survey.response import Workshop


def words_in(questionnaire: Questionnaire, language: str, words: Words) -> Markup:
    """Words in a language, marked with theirs where that is not the page's."""
    tag = questionnaire.said_in(language, words)
    text = Markup.escape(words.get(tag, ""))
    return text if tag == g.language else web.in_other_language(tag, text)


def clock(workshop: Workshop, at: str) -> str:
    """A time by the workshop's clock, with the day unless it is today."""
    moment = datetime.fromisoformat(at).astimezone(ZoneInfo(workshop.timezone))
    is_today = moment.date() == workshop.today()
    return f"{moment:%H:%M}" if is_today else f"{moment:%d/%m/%Y %H:%M}"
