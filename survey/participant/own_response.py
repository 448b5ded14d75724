"""What a participant may do with her stored response: see its receipt, correct it, take it back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import export_jobs, web
from survey.form.form import END
from survey.participant import bundles
from survey.participant.form_pages import address_of, form_page, new_form, stored_response
from survey.participant.views import blueprint
from survey.store import StoreError, responses

KIOSK_SECONDS = 60
"""How long a receipt stands on a tablet that people share."""


@blueprint.get("/<code:code>/<language:language>/<id:id>/edit")
def edit(code: str, language: str, id: str) -> AnyResponse:
    if g.workshop.kiosk:
        abort(404)  # whoever holds the tablet now is not who answered
    stored = stored_response(id)
    if not g.workshop.is_open:
        return web.page("participant/closed.html", bundles.KEPT, 403)
    form = new_form()
    form.show(stored.answers, stored.people)
    action = address_of("participant.form", id)
    return form_page(form, 200, revision=stored.revision, action=action, answers="stored")


@blueprint.get("/<code:code>/<language:language>/<id:id>/receipt")
def receipt(code: str, language: str, id: str) -> AnyResponse:
    stored = stored_response(id)
    start = url_for("participant.welcome", code=code, language=language)
    if g.workshop.kiosk and _seconds_since(stored.received_at) > KIOSK_SECONDS:
        return redirect(start, 303)
    response = web.page(
        "participant/receipt.html",
        bundles.RECEIPT,
        response=stored,
        id=id,
        contact=g.workshop.notice.get("contact"),
        kiosk_seconds=KIOSK_SECONDS,
        base_url=web.services().base_url,
    )
    if g.workshop.kiosk:  # without script, the browser itself goes on
        response.headers["Refresh"] = f"{KIOSK_SECONDS}; url={start}"
    return response


@blueprint.route("/<code:code>/<language:language>/<id:id>/withdraw", methods=["GET", "POST"])
def withdraw(code: str, language: str, id: str) -> AnyResponse:
    """The participant takes her answers back: they are erased for good."""
    if g.workshop.kiosk:
        abort(404)
    is_done = request.method == "POST" and g.workshop.is_open
    if is_done:
        web.read_form(request, END)
        try:
            responses.withdraw(web.services().store, code, id)
            export_jobs.forget(web.services().settings, code)
        except StoreError:  # erased, but the journal still holds a copy
            export_jobs.forget(web.services().settings, code)
            raise
        except responses.Erased:  # already, by the same button: browsers may send twice
            pass
        except responses.SendingError:  # unknown, or closed at this moment
            return redirect(address_of("participant.withdraw", id), 303)
    return web.page(
        "participant/withdraw.html",
        bundles.RECEIPT,
        200 if g.workshop.is_open else 403,
        response=None if is_done else stored_response(id),
        id=id,
        is_done=is_done,
    )


def _seconds_since(at: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
