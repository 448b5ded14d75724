"""The participants' pages, at the addresses that docs/addresses.md lists."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.form import QuestionnaireForm
from survey.form.body import BodyError, Fields, revision_of
from survey.form.form import CONFLICT, END, LANGUAGE
from survey.i18n import LANGUAGES, negotiate
from survey.participant import addresses, notice, showing
from survey.participant.pages import Pages
from survey.participant.recordings import recording
from survey.questionnaire.model import Questionnaire
from survey.response import Response as StoredResponse
from survey.response import Sending, Workshop
from survey.store import questionnaires, responses, workshops

HERE = Path(__file__).parent
SHARED_STYLES = (web.SHARED_STYLE, HERE / "static" / "participant.css")
FORM_STYLES = (*SHARED_STYLES, HERE / "static" / "form.css")
AROUND_STYLES = (*SHARED_STYLES, web.CODE_STYLE, HERE / "static" / "around.css")
SENDING = ("elements.js", "storage.js", "outbox.js", "handing.js")
KEPT_SCRIPT = (*SENDING, "kept.js")
RECEIPT_SCRIPT = ("storage.js", "outbox.js", "receipt.js")
FORM_SCRIPT = (
    "expressions.js",
    "answers.js",
    "relevance.js",
    "inputs.js",
    "rank.js",
    *SENDING,
    "drafts.js",
    "check.js",
    "search.js",
    "speech.js",
    "steps.js",
    "sending.js",
    "start.js",
)
KIOSK_SCRIPT = (*FORM_SCRIPT, "kiosk.js")

KIOSK_SECONDS = 60
"""How long a receipt stands on a tablet that people share."""

blueprint = Blueprint("participant", __name__, template_folder="templates")
blueprint.add_url_rule("/static/audio/<name>", view_func=recording)
PLAIN = web.bundle_of(AROUND_STYLES)


def _bundle(styles: tuple[Path, ...], script: tuple[str, ...]) -> web.Bundle:
    return web.bundle_of(styles, [HERE / "static" / name for name in script])


KEPT, RECEIPT = (_bundle(AROUND_STYLES, script) for script in (KEPT_SCRIPT, RECEIPT_SCRIPT))
FORM, KIOSK = (_bundle(FORM_STYLES, script) for script in (FORM_SCRIPT, KIOSK_SCRIPT))
pages = Pages()


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


@blueprint.context_processor
def what_pages_show() -> dict[str, Any]:
    return showing.CONTEXT | {
        "workshop": g.get("workshop"),
        "questionnaire": g.get("questionnaire"),
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
        "participant/start.html", PLAIN, 422 if message else 200, typed=typed[:20], message=message
    )
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<code:code>")
def workshop_in_any_language(code: str) -> AnyResponse:
    questionnaire: Questionnaire = g.questionnaire
    language = negotiate(
        request.headers.get("Accept-Language", ""),
        questionnaire.offered_languages,
        questionnaire.default_language,
    )
    response = redirect(url_for("participant.welcome", code=code, language=language), 303)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<code:code>/<language:language>")
def welcome(code: str, language: str) -> Response:
    paragraphs = notice.paragraphs(g.questionnaire, g.workshop, language)
    return web.page("participant/welcome.html", KEPT, notice=paragraphs)


@blueprint.get("/<code:code>/<language:language>/new")
def begin(code: str, language: str) -> AnyResponse:
    if not g.workshop.is_open:
        return redirect(url_for("participant.welcome", code=code, language=language), 303)
    id = addresses.new_id()
    return redirect(url_for("participant.form", code=code, language=language, id=id), 303)


@blueprint.get("/<code:code>/<language:language>/<id:id>")
def form(code: str, language: str, id: str) -> Response:
    if not g.workshop.is_open:
        return web.page("participant/closed.html", KEPT, 403)
    bundle = _form_bundle()
    return pages.response(
        g.workshop,
        language,
        bundle,
        lambda: render_template(
            "participant/form.html", bundle=bundle, **_form_values(_new_form())
        ),
    )


def _form_bundle() -> web.Bundle:
    return KIOSK if g.workshop.kiosk else FORM


def _new_form(sent: Fields | None = None) -> QuestionnaireForm:
    workshop: Workshop = g.workshop
    form = QuestionnaireForm(
        g.questionnaire, g.language, today=workshop.today(), variant=workshop.variant
    )
    form.process(sent)
    return form


def _form_values(form: QuestionnaireForm, **more: Any) -> dict[str, Any]:
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


def _form_page(form: QuestionnaireForm, status: int, **more: Any) -> Response:
    values = _form_values(form, **{"answers": "typed", **more})
    return web.page("participant/form.html", _form_bundle(), status, **values)


@blueprint.post("/<code:code>/<language:language>/<id:id>")
def send(code: str, language: str, id: str) -> AnyResponse:
    sent = web.read_form(request, END)
    wanted = sent.get(LANGUAGE)
    if wanted is not None and wanted != language:
        return _in_other_language(wanted, id)
    form = _new_form(sent)
    revision = _revision(sent)
    shown: dict[str, Any] = {"revision": revision}
    if CONFLICT in sent and not g.workshop.kiosk:
        shown |= _conflict_shown(_stored(id), sent)
    if wanted is not None:
        return _form_page(form, 200, **shown)
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
    return _form_page(form, status, **shown)


def _conflict_shown(stored: StoredResponse, sent: Fields) -> dict[str, Any]:
    """What a page says of the stored answers that the typed ones would replace."""
    typed = _new_form(sent)
    typed.validate()
    return {
        "conflict": stored,
        "revision": stored.revision,
        "stored_at": g.workshop.local_time(stored.received_at),
        "differences": showing.differences(typed.answers, stored.answers),
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
    sending = Sending(id, form.answers, g.language, workshop.variant, replaces=revision)
    try:
        stored = responses.add(web.services().store, workshop.code, sending)
    except responses.UnknownResponse:
        abort(404)
    except responses.Erased:
        abort(410)
    except responses.NotOpen:
        return _refused(
            form,
            403,
            revision=revision,
            is_closed=True,
            summary=web.plain("The workshop is closed: your answers were not stored"),
            advice=web.plain(
                "Keep this page open and ask the facilitator. If the workshop opens again, send again."
            ),
        )
    except responses.Conflict as conflict:
        return _conflict(form, conflict, sent)
    if web.wants_json():
        return jsonify(id=id, receipt=stored.code)
    return redirect(_address("participant.receipt", id), 303)


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
            action=_address("participant.form", addresses.new_id()),
            summary=web.plain("Someone else’s answers were sent from this page before"),
            advice=web.plain("Check your answers below and send again: they are stored as yours."),
        )
    return _refused(form, 409, **_conflict_shown(conflict.current, sent))


def _address(endpoint: str, id: str) -> str:
    return url_for(endpoint, code=g.workshop.code, language=g.language, id=id)


@blueprint.get("/<code:code>/<language:language>/<id:id>/edit")
def edit(code: str, language: str, id: str) -> AnyResponse:
    if g.workshop.kiosk:
        abort(404)  # whoever holds the tablet now is not who answered
    stored = _stored(id)
    if not g.workshop.is_open:
        return web.page("participant/closed.html", KEPT, 403)
    form = _new_form()
    form.show(stored.answers)
    action = _address("participant.form", id)
    return _form_page(form, 200, revision=stored.revision, action=action, answers="stored")


@blueprint.get("/<code:code>/<language:language>/<id:id>/receipt")
def receipt(code: str, language: str, id: str) -> AnyResponse:
    stored = _stored(id)
    start = url_for("participant.welcome", code=code, language=language)
    if g.workshop.kiosk and _seconds_since(stored.received_at) > KIOSK_SECONDS:
        return redirect(start, 303)
    response = web.page(
        "participant/receipt.html",
        RECEIPT,
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
    stored = _stored(id)
    is_done = request.method == "POST" and g.workshop.is_open
    if is_done:
        web.read_form(request, END)
        try:
            responses.withdraw(web.services().store, code, id)
        except responses.SendingError:  # closed, or erased from another phone, at this moment
            return redirect(_address("participant.withdraw", id), 303)
    return web.page(
        "participant/withdraw.html",
        RECEIPT,
        200 if g.workshop.is_open else 403,
        response=stored,
        id=id,
        is_done=is_done,
    )


def _seconds_since(at: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()


def _stored(id: str) -> StoredResponse:
    try:
        return responses.get(web.services().store, g.workshop.code, id)
    except responses.UnknownResponse:
        abort(404)
    except responses.Erased:
        abort(410)
