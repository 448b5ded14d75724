"""The form as a page: blank, with what was typed, or with what is stored."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, url_for

from survey import web
from survey.form import QuestionnaireForm
from survey.form.body import Fields
from survey.participant import bundles, showing
from survey.response import Response as StoredResponse
from survey.response import Workshop
from survey.store import responses


def form_bundle() -> web.Bundle:
    workshop = g.workshop
    return bundles.FORMS[workshop.kiosk, workshop.trial, workshop.table_mode]


def new_form(sent: Fields | None = None) -> QuestionnaireForm:
    workshop: Workshop = g.workshop
    form = QuestionnaireForm(
        g.questionnaire,
        g.language,
        today=workshop.today(),
        variant=workshop.variant,
        table_mode=workshop.table_mode,
    )
    form.process(sent)
    return form


def form_values(form: QuestionnaireForm, **more: Any) -> dict[str, Any]:
    """What the form's template shows; `action` only where the form posts elsewhere."""
    defaults: dict[str, Any] = {
        "summary": "",
        "advice": "",
        "action": None,
        "answers": "",
        "revision": 0,
        "conflict": None,
        "is_closed": False,
        "sections": showing.sections(g.questionnaire, g.workshop.variant),
    }
    return {**defaults, "form": form, **more}


def form_page(form: QuestionnaireForm, status: int, **more: Any) -> Response:
    values = form_values(form, **{"answers": "typed", **more})
    return web.page("participant/form.html", form_bundle(), status, **values)


def address_of(endpoint: str, id: str) -> str:
    return url_for(endpoint, code=g.workshop.code, language=g.language, id=id)


def stored_response(id: str) -> StoredResponse:
    try:
        return responses.get(web.services().store, g.workshop.code, id)
    except responses.UnknownResponse:
        abort(404)
    except responses.Erased:
        abort(410)
