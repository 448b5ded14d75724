"""The desk's list of a workshop's responses, for whoever runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flask import g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator import filters
from survey.facilitator.access import find_workshop
from survey.facilitator.answered import CHANNEL_NAMES, place_name, when
from survey.facilitator.rights import RUN
from survey.facilitator.spoken import words_in
from survey.facilitator.views import blueprint, title_of
from survey.i18n import LANGUAGES
from survey.questionnaire.model import Choice, Question, Questionnaire
from survey.response import Response, Workshop, clean_text, typed_receipt
from survey.store import histories, listing, questionnaires, responses

STATIC = Path(__file__).parent / "static"
STYLES = [*web.SHARED_STYLES, STATIC / "desk.css", STATIC / "responses.css"]
RESPONSES = web.bundle_of(STYLES)
MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A response as it is listed."""

    receipt: str
    at: Markup
    group: Markup
    territory: Markup
    language: str
    channel: str
    revision: int
    mark: str


@blueprint.get("/<language:language>/workshops/<code:code>/responses")
def every_response(language: str, code: str) -> AnyResponse:
    return list_page(find_workshop(code, RUN))


def list_page(workshop: Workshop, status: int = 200, unknown: str = "") -> AnyResponse:
    """`unknown` is what was typed as a receipt and is none."""
    store = web.services().store
    text = clean_text(request.args.get("q", ""))[:MAX_TEXT]
    chosen = filters.filters_of(workshop, request.args)
    before = _before(request.args.get("before", ""))
    found = listing.page(store, workshop.code, filters.wanted(workshop, text, chosen), before)
    shown = found[: listing.PAGE]
    kept = {each.name: each.chosen for each in chosen if each.chosen} | (
        {"q": text} if text else {}
    )
    return web.page(
        "facilitator/responses.html",
        RESPONSES,
        status,
        workshop=workshop,
        title=title_of(workshop),
        totals=listing.totals(store, workshop.code),
        text=text,
        filters=chosen,
        lines=[_line(workshop, each.response) for each in shown],
        kept=kept,
        is_newest=before is None,
        earlier=shown[-1].sequence if len(found) > listing.PAGE else None,
        unknown=unknown,
    )


def _before(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,18}", text, re.ASCII) else None


def _line(workshop: Workshop, response: Response) -> Line:
    questionnaire = questionnaires.get(web.services().store, response.version)
    return Line(
        receipt=response.receipt,
        at=when(response.received_at, workshop.timezone),
        group=_group(questionnaire, response),
        territory=_territory(questionnaire, response),
        language=LANGUAGES[response.language].name,
        channel=CHANNEL_NAMES.get(response.channel, response.channel),
        revision=response.revision,
        mark=filters.MARK_NAMES.get(response.mark or "", ""),
    )


def _group(questionnaire: Questionnaire, response: Response) -> Markup:
    choice = _choice(questionnaire.with_role("actor_group"), response)
    groups = {group.name: group for group in questionnaire.actor_groups}
    group = groups.get((choice and choice.group) or "")
    return words_in(questionnaire, g.language, group.label) if group else Markup()


def _territory(questionnaire: Questionnaire, response: Response) -> Markup:
    question = questionnaire.with_role("territory")
    choice = _choice(question, response)
    return place_name(questionnaire, question, choice) if question and choice else Markup()


def _choice(question: Question | None, response: Response) -> Choice | None:
    """What was chosen, None where there is no such question or answer."""
    if question is None:
        return None
    answer = response.answers.get(question.name)
    return next((choice for choice in question.options() if choice.name == answer), None)


@blueprint.get("/<language:language>/workshops/<code:code>/responses/erase")
def find_to_erase(language: str, code: str) -> AnyResponse:
    """Leads from a receipt's code, which a participant names, to the page that erases."""
    workshop = find_workshop(code, RUN)
    typed = request.args.get("receipt", "")
    receipt = typed_receipt(typed)
    if not is_here(workshop, receipt):
        return list_page(workshop, 404, unknown=typed[:MAX_TEXT])
    address = url_for("facilitator.erase", language=language, code=code, receipt=receipt)
    return redirect(address, 303)


def is_here(workshop: Workshop, receipt: str) -> bool:
    """Whether the workshop has a response with this receipt that was not erased."""
    try:
        history = histories.get(web.services().store, receipt)
    except responses.SendingError:
        return False
    return history.newest.workshop == workshop.code
