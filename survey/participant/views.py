"""The participants' pages, at the addresses that docs/addresses.md lists."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.i18n import LANGUAGES, negotiate
from survey.participant import addresses, bundles, showing
from survey.participant.form_pages import form_bundle, form_values, new_form
from survey.participant.pages import Pages
from survey.participant.recordings import recording
from survey.participant.welcoming import welcome_values
from survey.response import new_id
from survey.store import questionnaires, workshops

blueprint = Blueprint("participant", __name__, template_folder="templates")
blueprint.add_url_rule("/static/audio/<name>", view_func=recording)
pages = Pages()

BEGINNINGS = ("participant.welcome", "participant.begin")


@blueprint.url_value_preprocessor
def find_workshop(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Every address with a code belongs to a workshop, in one of its languages."""
    if not values or "code" not in values:
        return
    code = values["code"]
    g.address_code = code
    if code != code.upper():
        return
    try:
        g.workshop = workshops.remembered(web.services().store, code)
    except workshops.UnknownWorkshop:
        abort(404)
    g.questionnaire = questionnaires.get(web.services().store, g.workshop.version)
    g.offered_languages = g.workshop.offered_languages(g.questionnaire)
    language = values.get("language")
    if language is not None:
        if language not in g.questionnaire.offered_languages:
            abort(404)
        web.speak(language, g.questionnaire.fallback)


@blueprint.before_request
def use_capitals() -> AnyResponse | None:
    """A code typed in small letters is the same code."""
    code = g.get("address_code")
    if code is None or code == code.upper():
        return None
    query = request.query_string.decode("ascii", "ignore")
    path = request.path.replace(code, code.upper(), 1)
    return redirect(f"{path}?{query}" if query else path, 308)


@blueprint.before_request
def use_an_offered_language() -> AnyResponse | None:
    """Who begins is led to a language that this workshop offers. Addresses of a response go on in
    any of the questionnaire's, so that no phone is left alone when the offer changes."""
    if request.endpoint not in BEGINNINGS or g.language in g.offered_languages:
        return None
    return redirect(url_for("participant.workshop_in_any_language", code=g.workshop.code), 303)


@blueprint.context_processor
def what_pages_show() -> dict[str, Any]:
    return showing.CONTEXT | {
        "workshop": g.get("workshop"),
        "questionnaire": g.get("questionnaire"),
        "offered_languages": g.get("offered_languages"),
    }


@blueprint.get("/")
def start() -> AnyResponse:
    language = request.args.get("language", "")
    web.speak(language if language in LANGUAGES else web.language_of_request())
    typed = request.args.get("code", "")
    code = addresses.typed_code(typed)
    if addresses.can_be_code(code):
        return redirect(url_for("participant.workshop_in_any_language", code=code), 303)
    message = ""
    if "code" in request.args:
        message = web.plain(
            "A code has 6 letters and digits, never 0, 1, I, L or O. Look at the screen again."
        )
    response = web.page(
        "participant/start.html",
        bundles.PLAIN,
        422 if message else 200,
        typed=typed[:20],
        message=message,
    )
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<code:code>")
def workshop_in_any_language(code: str) -> AnyResponse:
    default = g.questionnaire.default_language
    offered = g.offered_languages
    language = negotiate(
        request.headers.get("Accept-Language", ""),
        offered,
        default if default in offered else offered[0],
    )
    response = redirect(url_for("participant.welcome", code=code, language=language), 303)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<code:code>/<language:language>")
def welcome(code: str, language: str) -> Response:
    return web.page("participant/welcome.html", bundles.KEPT, **welcome_values())


@blueprint.get("/<code:code>/<language:language>/new")
def begin(code: str, language: str) -> AnyResponse:
    if not g.workshop.is_open:
        return redirect(url_for("participant.welcome", code=code, language=language), 303)
    id = new_id()
    return redirect(url_for("participant.form", code=code, language=language, id=id), 303)


@blueprint.get("/<code:code>/<language:language>/<id:id>")
def form(code: str, language: str, id: str) -> Response:
    if not g.workshop.is_open:
        return web.page("participant/closed.html", bundles.KEPT, 403)
    bundle = form_bundle()
    return pages.response(
        g.workshop,
        language,
        bundle,
        lambda: render_template("participant/form.html", bundle=bundle, **form_values(new_form())),
    )
