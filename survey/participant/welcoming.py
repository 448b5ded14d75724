"""What a workshop's first page says: where and when, the context, the privacy notice."""

from __future__ import annotations

from typing import Any

from flask import g
from markupsafe import Markup

from survey import notice, web
from survey.markdown import as_html
from survey.questionnaire.model import Questionnaire
from survey.response import Workshop


def welcome_values() -> dict[str, Any]:
    """What the first page's template shows."""
    workshop: Workshop = g.workshop
    questionnaire: Questionnaire = g.questionnaire
    return {
        "notice": notice.paragraphs(questionnaire, workshop, g.language),
        "context": Markup(as_html(questionnaire.say(g.language, workshop.context))),
        "where_and_when": _where_and_when(questionnaire, workshop),
    }


def _where_and_when(questionnaire: Questionnaire, workshop: Workshop) -> Markup:
    place = Markup("<bdi>{}</bdi>").format(workshop.place_in(questionnaire, g.language))
    day = web.isolated(workshop.day) if workshop.held_on else ""
    return Markup(" · ").join(part for part in (place if workshop.place else "", day) if part)
