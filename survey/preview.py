"""What a participant will see, shown at the desk: her pages, unable to keep or send anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import abort, g, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator.access import find_workshop, only_who_may_create
from survey.facilitator.planning import find_questionnaire
from survey.facilitator.views import blueprint
from survey.i18n import LANGUAGES
from survey.participant import bundles, showing
from survey.participant.form_pages import form_values, new_form
from survey.participant.welcoming import welcome_values
from survey.questionnaire.model import FULL, SHORT, VARIANTS, Questionnaire
from survey.response import OPEN, Workshop
from survey.store import questionnaires

STYLE = web.HERE / "static" / "preview.css"
SCRIPT = web.HERE / "static" / "preview.js"
SENDS = ("storage.js", "outbox.js", "handing.js", "drafts.js", "sending.js")
"""What the form's script keeps and sends with; the preview's own stands in for all of it."""

PAGES = (WELCOME, FORM) = ("welcome", "form")


def _unable_to_send(bundle: web.Bundle) -> web.Bundle:
    policy = bundle.policy
    for means in ("connect-src", "form-action"):
        policy = policy.replace(f"{means} 'self'", f"{means} 'none'")
    return replace(bundle, policy=policy)


def _form_script(table_mode: bool) -> list[Path]:
    names = [name for name in bundles.FORM_SCRIPT if name not in SENDS]
    names += bundles.TABLE_SCRIPT * table_mode
    before_check = names.index("check.js")
    paths = [bundles.HERE / "static" / name for name in names]
    return [*web.ANSWERING_SCRIPTS, *paths[:before_check], SCRIPT, *paths[before_check:]]


WELCOME_BUNDLE = _unable_to_send(web.bundle_of([*bundles.AROUND_STYLES, STYLE]))
FORM_STYLES = [*bundles.FORM_STYLES, web.TRIAL_STYLE, STYLE]
FORM_BUNDLES = {
    table_mode: _unable_to_send(web.bundle_of(FORM_STYLES, _form_script(table_mode)))
    for table_mode in (False, True)
}
"""By whether a table of people answers together."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which page is shown, in which language and variant."""

    page: str
    language: str
    variant: str


@blueprint.get("/<language:language>/questionnaires/<name>/preview")
def preview_questionnaire(language: str, name: str) -> AnyResponse:
    only_who_may_create()
    questionnaire = find_questionnaire(name)
    workshop = Workshop("", questionnaire.title, "", trial=False)
    back = url_for("facilitator.choose_questionnaire", language=language)
    return _preview(questionnaire, workshop, back)


@blueprint.get("/<language:language>/workshops/<code:code>/preview")
def preview_workshop(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    back = url_for("facilitator.one_workshop", language=language, code=code)
    return _preview(questionnaire, workshop, back)


def _preview(questionnaire: Questionnaire, workshop: Workshop, back: str) -> AnyResponse:
    look = _look(questionnaire, workshop)
    address = _addresses(look)
    bar = _bar(questionnaire, workshop, look, back, address)
    g.workshop = replace(workshop, state=OPEN, variant=look.variant)
    g.questionnaire = questionnaire
    web.speak(look.language, questionnaire.fallback)
    values: dict[str, Any] = showing.CONTEXT | {
        "workshop": g.workshop,
        "questionnaire": questionnaire,
        "offered_languages": workshop.offered_languages(questionnaire),
        "in_language": lambda tag: address(language=tag),
        "bar": bar,
    }
    if look.page == WELCOME:
        values |= welcome_values() | {"begin": address(page=FORM)}
    else:
        # Its buttons would send the form again; the bar has links.
        values |= form_values(new_form()) | {"offered_languages": ()}
    bundle = WELCOME_BUNDLE if look.page == WELCOME else FORM_BUNDLES[workshop.table_mode]
    return web.page(f"preview_{look.page}.html", bundle, **values)


def _look(questionnaire: Questionnaire, workshop: Workshop) -> Look:
    offered = workshop.offered_languages(questionnaire)
    wanted = (g.language, questionnaire.default_language, offered[0])
    look = Look(
        request.args.get("page", WELCOME),
        request.args.get("in") or next(each for each in wanted if each in offered),
        request.args.get("variant", workshop.variant),
    )
    is_there = look.page in PAGES and look.language in offered and look.variant in VARIANTS
    if not is_there or not any(questionnaire.questions(look.variant)):
        abort(404)
    return look


def _addresses(look: Look) -> Callable[..., str]:
    """This preview's address, with something else to look at."""
    assert request.endpoint is not None
    endpoint, place = request.endpoint, dict(request.view_args or {})

    def address(**other: str) -> str:
        shown = replace(look, **other)
        place.update({"page": shown.page, "in": shown.language, "variant": shown.variant})
        return url_for(endpoint, **place)

    return address


def _bar(
    questionnaire: Questionnaire,
    workshop: Workshop,
    look: Look,
    back: str,
    address: Callable[..., str],
) -> Markup:
    """What stands above the page, in the desk's language."""
    return Markup(
        render_template(
            "preview_bar.html",
            look=look,
            back=back,
            address=address,
            languages=[LANGUAGES[tag] for tag in workshop.offered_languages(questionnaire)],
            variants=[each for each in (FULL, SHORT) if any(questionnaire.questions(each))],
        )
    )
