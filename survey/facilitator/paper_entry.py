"""Paper forms typed in at the desk: stored like a participant's sending, and the next sheet at once."""

from __future__ import annotations

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator import sheets
from survey.facilitator.access import find_workshop
from survey.facilitator.response_list import is_here
from survey.facilitator.rights import RUN
from survey.facilitator.views import blueprint
from survey.form import QuestionnaireForm
from survey.form.body import BodyError, Fields, revision_of
from survey.form.form import END
from survey.response import PAPER, Sending, Workshop, new_id, typed_receipt
from survey.store import listing, responses


@blueprint.get("/<language:language>/workshops/<code:code>/paper")
def new_sheet(language: str, code: str) -> AnyResponse:
    find_workshop(code, RUN)
    return _next_sheet(code, request.args.get("words", ""))


def _next_sheet(code: str, paper_language: str, stored: str = "") -> AnyResponse:
    """The id is in the address from the start, so that a second press of a button stores once."""
    address = url_for(
        "facilitator.sheet",
        language=g.language,
        code=code,
        id=new_id(),
        stored=stored or None,
        words=paper_language or None,
    )
    return redirect(address, 303)


@blueprint.get("/<language:language>/workshops/<code:code>/paper/<id:id>")
def sheet(language: str, code: str, id: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    form = sheets.read(workshop, sheets.BLANK)
    stored = typed_receipt(request.args.get("stored", ""))
    return _sheet(
        workshop,
        form,
        Fields([(sheets.LANGUAGE, request.args.get("words", ""))]),
        stored=stored if stored and is_here(workshop, stored) else "",
    )


def _sheet(
    workshop: Workshop, form: QuestionnaireForm, typed: Fields, status: int = 200, **more: object
) -> AnyResponse:
    entered = listing.entered(web.services().store, workshop.code)
    return sheets.sheet_page(workshop, form, typed, status, entered=entered, **more)


@blueprint.post("/<language:language>/workshops/<code:code>/paper/<id:id>")
def enter(language: str, code: str, id: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    typed = web.read_form(request, END)
    form = sheets.read(workshop, typed)
    try:
        replaces = revision_of(typed)
    except BodyError:
        abort(400)
    if not form.validate():
        return _sheet(workshop, form, typed, 422, **sheets.needs_another_look())
    paper_language = sheets.language_of(form.questionnaire, typed.get(sheets.LANGUAGE, ""))
    sending = Sending(
        id, form.answers, paper_language, workshop.variant, PAPER, replaces, form.people
    )
    try:
        stored = responses.add(web.services().store, code, sending, when_closed=True)
    except responses.UnknownResponse:
        abort(404)
    except responses.SendingError as refusal:
        return _refused(workshop, form, typed, refusal)
    return _next_sheet(code, paper_language, stored.code)


def _refused(
    workshop: Workshop, form: QuestionnaireForm, typed: Fields, refusal: responses.SendingError
) -> AnyResponse:
    """Nothing typed is lost: the sheet again, and where to send it now."""
    elsewhere = url_for("facilitator.enter", language=g.language, code=workshop.code, id=new_id())
    if isinstance(refusal, responses.NotOpen):
        return _sheet(
            workshop,
            form,
            typed,
            403,
            summary=web.plain("The workshop takes no answers now"),
            advice=web.plain(
                "Nothing was stored. Open the workshop in another tab, then save again."
            ),
        )
    current = refusal.current if isinstance(refusal, responses.Conflict) else None
    if current is None:
        return _sheet(
            workshop,
            form,
            typed,
            410 if isinstance(refusal, responses.Erased) else 409,
            elsewhere=elsewhere,
            summary=web.plain("This sheet cannot be stored as it is"),
            advice=web.plain("What it once held was erased. Save it as a new response."),
        )
    return _sheet(
        workshop,
        form,
        typed,
        409,
        elsewhere=elsewhere,
        conflict=current,
        summary=web.plain("Other answers were stored from this sheet before"),
        advice=web.plain("Nothing was overwritten. Choose below how to save."),
    )
