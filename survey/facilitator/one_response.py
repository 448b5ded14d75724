"""One response at the desk: read in full, marked, unmarked, erased on its participant's request."""

from __future__ import annotations

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import export_jobs, web
from survey.facilitator import answered, filters
from survey.facilitator.access import find_workshop, whoever_asks
from survey.facilitator.response_list import RESPONSES
from survey.facilitator.rights import RUN
from survey.facilitator.spoken import words_in
from survey.facilitator.views import blueprint, title_of
from survey.i18n import LANGUAGES, N_
from survey.questionnaire.model import Questionnaire
from survey.response import MARKS, PAPER, Response, Workshop, clean_text, typed_receipt
from survey.store import StoreError, histories, questionnaires, responses
from survey.store.histories import MAX_REASON, History

SECOND_ENTRY = {
    "same": N_("Both entries agree. Nothing was changed."),
    "first": N_("The first entry holds everywhere. Nothing was changed."),
    "settled": N_("What you chose is stored as a correction."),
}

NO_REASON = N_("Write why, so that others understand it later.")
LONG_REASON = N_("Write it in 200 characters at most.")
STILL_HELD = N_(
    "The answers are erased, but a copy is still in the database’s journal, because something else "
    "reads the database. Stop the app and start it again."
)


def find_history(code: str, receipt: str) -> tuple[Workshop, History]:
    """404 for a receipt that this workshop does not have, 410 for one that was erased."""
    workshop = find_workshop(code, RUN)
    try:
        history = histories.get(web.services().store, typed_receipt(receipt))
    except responses.UnknownResponse:
        abort(404)
    except responses.Erased:
        abort(_erase_page(workshop, None, status=410))
    if history.newest.workshop != workshop.code:
        abort(404)
    return workshop, history


@blueprint.get("/<language:language>/workshops/<code:code>/responses/<receipt>")
def one_response(language: str, code: str, receipt: str) -> AnyResponse:
    return _response_page(*find_history(code, receipt))


def _response_page(
    workshop: Workshop, history: History, status: int = 200, problem: str = "", reason: str = ""
) -> AnyResponse:
    shown = _revision(history)
    questionnaire = questionnaires.get(web.services().store, shown.version)
    language = _language(questionnaire)
    return web.page(
        "facilitator/response.html",
        RESPONSES,
        status,
        workshop=workshop,
        title=title_of(workshop),
        history=history,
        shown=shown,
        at=answered.when(shown.received_at, workshop.timezone),
        entered_twice=history.entered_twice_at
        and answered.when(history.entered_twice_at, workshop.timezone),
        is_paper=any(each.channel == PAPER for each in history.revisions),
        answers=answered.answered(questionnaire, language, shown.answers),
        changes=answered.changes(history.revisions, language, workshop.timezone),
        channels=answered.CHANNEL_NAMES,
        marks=filters.MARK_NAMES,
        words=lambda said: words_in(questionnaire, language, said),
        answer_language=LANGUAGES[language],
        languages=[LANGUAGES[tag] for tag in questionnaire.offered_languages],
        second=SECOND_ENTRY.get(request.args.get("second", ""), ""),
        problem=problem,
        reason=reason,
    )


def _revision(history: History) -> Response:
    """The revision that is asked for, else the newest."""
    number = request.args.get("revision", "")
    return next(
        (each for each in history.revisions if str(each.revision) == number), history.newest
    )


def _language(questionnaire: Questionnaire) -> str:
    """The language for questions and answers: as asked for, else the page's, else the default."""
    for tag in (request.args.get("words", ""), g.language):
        if tag in questionnaire.offered_languages:
            return tag
    return questionnaire.default_language


@blueprint.post("/<language:language>/workshops/<code:code>/responses/<receipt>/mark")
def mark(language: str, code: str, receipt: str) -> AnyResponse:
    workshop, history = find_history(code, receipt)
    sent = web.read_form(request)
    mark, reason = sent.get("mark"), " ".join(clean_text(sent.get("reason", "")).split())
    if mark not in MARKS:
        abort(400)
    if not reason:
        return _response_page(workshop, history, 422, NO_REASON)
    if len(reason) > MAX_REASON:
        return _response_page(workshop, history, 422, LONG_REASON, reason)
    try:
        store, by = web.services().store, whoever_asks().name
        histories.mark(store, history.newest.receipt, mark, reason, by)
    except responses.Erased:  # at this moment
        abort(410)
    return _back_to(workshop, history)


@blueprint.post("/<language:language>/workshops/<code:code>/responses/<receipt>/unmark")
def unmark(language: str, code: str, receipt: str) -> AnyResponse:
    workshop, history = find_history(code, receipt)
    try:
        histories.unmark(web.services().store, history.newest.receipt, whoever_asks().name)
    except responses.Erased:  # at this moment
        abort(410)
    return _back_to(workshop, history)


def _back_to(workshop: Workshop, history: History) -> AnyResponse:
    return redirect(address_of(workshop, history.newest.receipt), 303)


def address_of(workshop: Workshop, receipt: str) -> str:
    """Where a response is read."""
    return url_for(
        "facilitator.one_response", language=g.language, code=workshop.code, receipt=receipt
    )


@blueprint.get("/<language:language>/workshops/<code:code>/responses/<receipt>/erase")
def erase(language: str, code: str, receipt: str) -> AnyResponse:
    """Asks first. It shows no answer: who erases on request need not read them."""
    workshop, history = find_history(code, receipt)
    return _erase_page(workshop, history.newest)


@blueprint.post("/<language:language>/workshops/<code:code>/responses/<receipt>/erase")
def erase_now(language: str, code: str, receipt: str) -> AnyResponse:
    workshop, history = find_history(code, receipt)
    problem = ""
    try:
        responses.erase(web.services().store, history.newest.receipt, whoever_asks().name)
    except StoreError:
        problem = STILL_HELD
    export_jobs.forget(web.services().settings, code)
    return _erase_page(workshop, None, problem)


def _erase_page(
    workshop: Workshop, response: Response | None, problem: str = "", status: int = 200
) -> AnyResponse:
    """Without a response it says that this one is erased."""
    return web.page(
        "facilitator/erase.html",
        RESPONSES,
        status,
        workshop=workshop,
        title=title_of(workshop),
        response=response,
        at=response and answered.when(response.received_at, workshop.timezone),
        problem=problem,
    )
