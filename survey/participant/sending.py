"""Answers that are sent: stored, or shown again with what is wrong."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.form import QuestionnaireForm
from survey.form.body import BodyError, Fields, revision_of
from survey.form.form import CONFLICT, END, LANGUAGE
from survey.i18n import N_
from survey.participant import showing
from survey.participant.form_pages import address_of, form_page, new_form, stored_response
from survey.participant.views import blueprint
from survey.response import PAUSED, Sending, Workshop, new_id
from survey.response import Response as StoredResponse
from survey.store import responses

PAUSED_WORDS = N_(
    "The workshop is paused. Your answers wait here and go by themselves when it goes on."
)


@blueprint.post("/<code:code>/<language:language>/<id:id>")
def send(code: str, language: str, id: str) -> AnyResponse:
    sent = web.read_form(request, END)
    wanted = sent.get(LANGUAGE)
    if wanted is not None and wanted != language:
        return _in_other_language(wanted, id)
    form = new_form(sent)
    revision = _revision(sent)
    shown: dict[str, Any] = {"revision": revision}
    if CONFLICT in sent and not g.workshop.kiosk:
        shown |= _conflict_shown(stored_response(id), sent)
    if wanted is not None:
        return form_page(form, 200, **shown)
    unknown = form.unknown_names(sent)
    if unknown:
        current_app.logger.warning("Refused fields that are not asked: %.200r", unknown)
        shown |= {
            "summary": web.plain("This page does not fit the workshop’s questions any more"),
            "advice": web.plain("Nothing was stored. Check your answers below and send again."),
        }
        return _refused(form, 400, **shown)
    if not form.validate():
        shown |= {
            "summary": web.plain("Some answers need another look"),
            "advice": web.plain("Nothing is lost. Correct what is marked, then send again."),
        }
        return _refused(form, 422, **shown)
    return _store(form, id, revision, sent)


def _refused(form: QuestionnaireForm, status: int, **shown: Any) -> AnyResponse:
    """The form with what was typed and what is wrong. The page's script asks for the word alone: it
    then sends again as a page, which shows all this."""
    if web.wants_json():
        reply = jsonify(refused=status)
        reply.status_code = status
        return reply
    return form_page(form, status, **shown)


def _conflict_shown(stored: StoredResponse, sent: Fields) -> dict[str, Any]:
    """What a page says of the stored answers that the typed ones would replace."""
    typed = new_form(sent)
    typed.validate()
    return {
        "conflict": stored,
        "revision": stored.revision,
        "stored_at": g.workshop.local_time(stored.received_at),
        "differences": showing.differences(typed, stored),
        "id": stored.id,
    }


def _in_other_language(wanted: str, id: str) -> AnyResponse:
    """The browser sends the same form again to the other language's address."""
    if wanted not in g.questionnaire.offered_languages:
        abort(404)
    address = url_for("participant.form", code=g.workshop.code, language=wanted, id=id)
    return redirect(address, 307)


def _revision(sent: Fields) -> int:
    try:
        return revision_of(sent)
    except BodyError:
        abort(400)


def _store(form: QuestionnaireForm, id: str, revision: int, sent: Fields) -> AnyResponse:
    workshop: Workshop = g.workshop
    sending = Sending(
        id,
        form.answers,
        g.language,
        workshop.variant,
        replaces=revision,
        people=form.people,
    )
    try:
        stored = responses.add(web.services().store, workshop.code, sending)
    except responses.UnknownResponse:
        abort(404)
    except responses.Erased:
        return _refused(
            form,
            410,
            action=address_of("participant.form", new_id()),
            summary=web.plain(web.ERRORS[410].title),
            advice=web.plain(
                "Check your answers below and send them again: they are stored as new ones."
            ),
        )
    except responses.NotOpen as refusal:
        return _not_open(form, revision, refusal.state)
    except responses.Conflict as conflict:
        return _conflict(form, conflict, sent)
    if web.wants_json():
        return jsonify(id=id, receipt=stored.code)
    return redirect(address_of("participant.receipt", id), 303)


def _not_open(form: QuestionnaireForm, revision: int, state: str) -> AnyResponse:
    """In a pause the page's script goes on trying by itself; without one, she sends again."""
    if state == PAUSED and web.wants_json():
        reply = jsonify(refused=0, said=web.plain(PAUSED_WORDS))
        reply.status_code = 403
        return reply
    summary = web.plain("The workshop is closed: your answers were not stored")
    advice = web.plain(
        "Keep this page open and ask the facilitator. If the workshop opens again, send again."
    )
    if state == PAUSED:
        summary = web.plain("The workshop is paused: your answers are not stored yet")
        advice = web.plain("Keep this page open. Send again when the facilitator goes on.")
    return _refused(form, 403, revision=revision, is_closed=True, summary=summary, advice=advice)


def _conflict(form: QuestionnaireForm, conflict: responses.Conflict, sent: Fields) -> AnyResponse:
    """Shows what was typed beside what is stored, and lets the participant choose."""
    if conflict.current is None:
        return _refused(
            form,
            409,
            summary=web.plain("There are no stored answers at this address"),
            advice=web.plain("Nothing was stored. Check your answers below and send again."),
        )
    if g.workshop.kiosk:
        # What is stored is somebody else's: these answers go under an id of their own.
        return _refused(
            form,
            409,
            action=address_of("participant.form", new_id()),
            summary=web.plain("Someone else’s answers were sent from this page before"),
            advice=web.plain("Check your answers below and send again: they are stored as yours."),
        )
    return _refused(form, 409, **_conflict_shown(conflict.current, sent))
