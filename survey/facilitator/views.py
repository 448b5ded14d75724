"""The desk's pages: everything under /desk needs a signed-in facilitator, but signing in itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import edition, qr_code, web
from survey.export import FORMATS
from survey.facilitator import hall_form, handing_over, passwords
from survey.facilitator.access import find_workshop, rights_here, whoever_asks
from survey.facilitator.groups import groups_of, received
from survey.facilitator.hall_form import HallForm
from survey.facilitator.handing_over import Taken
from survey.facilitator.notice_words import PLACEHOLDERS
from survey.facilitator.rights import RUN
from survey.i18n import LANGUAGES, N_
from survey.response import CLOSED, OPEN, PAUSED, Workshop
from survey.store import facilitators, halls, log, questionnaires, tries, workshops

HERE = Path(__file__).parent
DESK = web.bundle_of([*web.SHARED_STYLES, HERE / "static" / "desk.css"])
COOKIE = "survey_session"
KNOWN = "survey_known"
KNOWN_SECONDS = 365 * 86_400
NOT_NOW = N_("Nothing was changed: the workshop is not in the state for this any more.")

PAGE_OF = {
    "facilitator.change_state": "facilitator.one_workshop",
    "facilitator.take_in": "facilitator.one_workshop",
    "facilitator.new_link": "facilitator.every_facilitator",
    "facilitator.change_role": "facilitator.every_facilitator",
    "facilitator.change_access": "facilitator.every_facilitator",
    "facilitator.take_back": "facilitator.sharing",
    "facilitator.keep_hall": "facilitator.one_workshop",
    "facilitator.archive": "facilitator.one_workshop",
    "facilitator.mark": "facilitator.one_response",
    "facilitator.unmark": "facilitator.one_response",
    "facilitator.erase_now": "facilitator.erase",
    "facilitator.enter": "facilitator.sheet",
    "facilitator.compare": "facilitator.second_entry",
    "facilitator.choose": "facilitator.second_entry",
    "facilitator.take_away": "facilitator.exports",
    "facilitator.export": "facilitator.one_workshop",
    "facilitator.drop_export": "facilitator.one_export",
}
"""Where to see the page with which an address answers that can only be posted to."""

OPEN_TO_ALL = {"facilitator.sign_in", "facilitator.link", "facilitator.any_language"}

blueprint = Blueprint("facilitator", __name__, url_prefix="/desk", template_folder="templates")


@blueprint.before_request
def only_facilitators() -> AnyResponse | None:
    """Closed by default: a view is open only if it is named above."""
    language = (request.view_args or {}).get("language")
    web.speak(language or web.language_of_request())
    settings = web.services().settings
    token = request.cookies.get(COOKIE, "")
    g.facilitator = token and facilitators.facilitator_of_session(
        web.services().store,
        token,
        timedelta(minutes=settings.session_idle_minutes),
        timedelta(hours=settings.session_hours),
    )
    if g.facilitator or request.endpoint in OPEN_TO_ALL:
        return None
    return redirect(url_for("facilitator.sign_in", language=g.language), 303)


@blueprint.context_processor
def what_pages_show() -> dict[str, Any]:
    return {"facilitator": g.get("facilitator"), "in_language": _in_language}


def _in_language(language: str) -> str:
    assert request.endpoint is not None
    endpoint = PAGE_OF.get(request.endpoint, request.endpoint)
    return url_for(endpoint, **{**(request.view_args or {}), "language": language})


@blueprint.get("/")
def any_language() -> AnyResponse:
    response = redirect(url_for("facilitator.every_workshop", language=g.language), 303)
    response.vary.add("Accept-Language")
    return response


@blueprint.route("/<language:language>/sign-in", methods=["GET", "POST"])
def sign_in(language: str) -> AnyResponse:
    if request.method == "GET":
        return web.page("facilitator/sign_in.html", DESK, name="")
    sent = web.read_form(request)
    name = sent.get("name", "").strip()
    try:
        is_right = passwords.is_right(
            web.services().store, name, sent.get("password", ""), request.cookies.get(KNOWN, "")
        )
    except tries.MustWait as error:
        wait = passwords.too_many(error)
        page = web.page("facilitator/sign_in.html", DESK, 429, name=name, wait=wait)
        page.headers["Retry-After"] = str(error.seconds)
        return page
    if not is_right:
        return web.page("facilitator/sign_in.html", DESK, 422, name=name, wrong=True)
    return _signed_in(name)


def _signed_in(name: str) -> AnyResponse:
    response = redirect(url_for("facilitator.every_workshop", language=g.language), 303)
    return with_session(response, name)


def with_session(response: AnyResponse, name: str) -> AnyResponse:
    """Gives the browser a new session; its old one, if any, is over."""
    store = web.services().store
    facilitators.end_session(store, request.cookies.get(COOKIE, ""))
    session_seconds = web.services().settings.session_hours * 3600
    for cookie, value, seconds in (
        (COOKIE, facilitators.begin_session(store, name), session_seconds),
        (KNOWN, passwords.mark_of(store, name), KNOWN_SECONDS),
    ):
        response.set_cookie(
            cookie,
            value,
            path="/desk",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
            max_age=seconds,
        )
    return response


@blueprint.route("/<language:language>/link/<token>", methods=["GET", "POST"])
def link(language: str, token: str) -> AnyResponse:
    """The one-time link: looking does not use it up, choosing a password does."""
    store = web.services().store
    name = facilitators.facilitator_of_link(store, token)
    if name is None:
        return web.page("facilitator/link_over.html", DESK, 404)
    if request.method == "GET":
        return web.page("facilitator/choose_password.html", DESK, name=name, message="")
    sent = web.read_form(request)
    password = sent.get("password", "")
    message = passwords.problem_with(password, sent.get("again", ""), name)
    if message:
        return web.page("facilitator/choose_password.html", DESK, 422, name=name, message=message)
    if facilitators.use_link(store, token, passwords.hashed(password)) is None:
        return web.page("facilitator/link_over.html", DESK, 404)
    return _signed_in(name)


@blueprint.post("/<language:language>/sign-out")
def sign_out(language: str) -> AnyResponse:
    facilitators.end_session(web.services().store, request.cookies.get(COOKIE, ""))
    response = redirect(url_for("facilitator.sign_in", language=language), 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response


def title_of(workshop: Workshop) -> str:
    """A workshop's title in the page's language."""
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    return questionnaire.say(g.language, workshop.title)


@blueprint.get("/<language:language>/workshops/<code:code>")
def one_workshop(language: str, code: str) -> Response:
    return workshop_page(find_workshop(code))


def workshop_page(
    workshop: Workshop,
    status: int = 200,
    problem: str = "",
    refusal: str = "",
    taken: Taken | None = None,
    hall: HallForm | None = None,
) -> Response:
    services = web.services()
    questionnaire = questionnaires.get(services.store, workshop.version)
    address = f"{services.base_url}/{workshop.code}" if services.base_url else ""
    return web.page(
        "facilitator/workshop.html",
        DESK,
        status,
        workshop=workshop,
        may=rights_here(workshop),
        title=title_of(workshop),
        problem=problem,
        refusal=refusal,
        taken=taken,
        holes=workshop.gaps(questionnaire),
        placeholders=PLACEHOLDERS,
        is_newer=edition.is_offered(services.store, workshop, services.settings.questionnaires),
        address=address,
        qr_code=Markup(qr_code.as_svg(address)) if address else "",
        received=received(workshop),
        groups=groups_of(questionnaire, workshop, {}),
        hall=hall or hall_form.form_of(halls.get(services.store, workshop.code)),
        questionnaire=questionnaire,
        created=workshop.local_time(workshop.created_at),
        formats=[each.name for each in FORMATS.values() if each.is_installed],
        languages=[LANGUAGES[tag] for tag in questionnaire.languages],
        export_language=g.language
        if g.language in questionnaire.languages
        else questionnaire.default_language,
    )


@blueprint.post("/<language:language>/workshops/<code:code>/state")
def change_state(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    state = web.read_form(request).get("state")
    if state not in (OPEN, PAUSED, CLOSED):
        abort(400)
    try:
        workshops.set_state(web.services().store, code, state, whoever_asks().name)
    except workshops.NoticeHasHoles:
        return workshop_page(workshop, 422)  # it says what is missing
    except workshops.WrongState:
        return workshop_page(workshop, 409, refusal=NOT_NOW)
    return redirect(url_for("facilitator.one_workshop", language=language, code=code), 303)


@blueprint.post("/<language:language>/workshops/<code:code>/handed-over")
def take_in(language: str, code: str) -> Response:
    """The workshop's page again, with what became of the texts; sending them twice does no harm."""
    workshop = find_workshop(code, RUN)
    if request.mimetype != "multipart/form-data":
        abort(415)
    taken = handing_over.take_in(request, workshop)
    if taken.stored:
        store, name = web.services().store, whoever_asks().name
        log.note_alone(store, log.TAKEN_IN, name, code, str(taken.stored))
    return workshop_page(workshop, taken.status, taken=taken)
