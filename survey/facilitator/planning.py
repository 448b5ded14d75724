"""Workshops before and after they run: created, given settings, copied, archived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from flask import abort, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import notice, web
from survey.facilitator import settings_form
from survey.facilitator.access import find_workshop, only_who_may_create, whoever_asks
from survey.facilitator.notice_words import PLACEHOLDERS
from survey.facilitator.rights import RUN
from survey.facilitator.settings_form import SAME_EVERYWHERE, SettingsForm
from survey.facilitator.views import DESK, NOT_NOW, blueprint, workshop_page
from survey.i18n import LANGUAGES, N_, Language
from survey.markdown import as_html
from survey.questionnaire.coverage import share_said
from survey.questionnaire.loading.folder import Found, every
from survey.questionnaire.model import SHORT, Questionnaire
from survey.response import DRAFT, Workshop
from survey.store import questionnaires, workshops

LOOK = "look"
"""The button that shows how the typed texts read, and stores nothing."""

SETTINGS = {
    "title": N_("Title"),
    "place": N_("Place"),
    "held_on": N_("Date"),
    "timezone": N_("Time zone"),
    "languages": N_("Languages"),
    "notice": N_("Privacy notice"),
    "context": N_("Context"),
    "variant": N_("Full or short version"),
    "kiosk": N_("Shared tablets"),
    "table_mode": N_("One phone for each table"),
    "trial": N_("Trial"),
}


def named(detail: str) -> str:
    """Settings as the log names them, in the page's language."""
    return ", ".join(web.plain(SETTINGS.get(name, name)) for name in detail.split(", "))


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire that a workshop may use. `partial` says of each language that is only partly
    there how many of the texts it has."""

    name: str
    questionnaire: Questionnaire
    questions: int
    partial: tuple[tuple[Language, int, int], ...]

    @property
    def has_short(self) -> bool:
        return any(self.questionnaire.questions(SHORT))


@blueprint.get("/<language:language>/workshops/new")
def choose_questionnaire(language: str) -> AnyResponse:
    only_who_may_create()
    folder = web.services().settings.questionnaires
    found = every(folder)
    return web.page(
        "facilitator/choose_questionnaire.html",
        DESK,
        offers=[_offer(each.name, each.questionnaire) for each in found if each.questionnaire],
        broken=[each for each in found if each.problems],
        folder=folder,
    )


def _offer(name: str, questionnaire: Questionnaire) -> Offer:
    asked = sum(1 for question in questionnaire.questions() if question.asks)
    partial = tuple(
        (LANGUAGES[tag], *share_said(questionnaire, tag)) for tag in questionnaire.partial
    )
    return Offer(name, questionnaire, asked, partial)


def find_questionnaire(name: str) -> Questionnaire:
    """404 for a file that is not in the folder or cannot be loaded."""
    found: list[Found] = [
        each for each in every(web.services().settings.questionnaires) if each.name == name
    ]
    if not found or found[0].questionnaire is None:
        abort(404)
    return found[0].questionnaire


@blueprint.route("/<language:language>/workshops/new/<name>", methods=["GET", "POST"])
def create_workshop(language: str, name: str) -> AnyResponse:
    only_who_may_create()
    questionnaire = find_questionnaire(name)
    blank = Workshop("", questionnaire.title, "")
    if request.method == "GET":
        form = settings_form.form_of(blank, questionnaire)
        return _settings_page(form, questionnaire, blank)
    sent = web.read_form(request)
    if LOOK in sent:
        return _settings_page(settings_form.form_as_typed(sent), questionnaire, blank)
    read = settings_form.read(sent, questionnaire, None)
    if isinstance(read, SettingsForm):
        return _settings_page(read, questionnaire, blank, 422)
    made = workshops.create(web.services().store, questionnaire, owner=whoever_asks().name, **read)
    return _to_page_of(made.code)


def _to_page_of(code: str) -> AnyResponse:
    return redirect(url_for("facilitator.one_workshop", language=g.language, code=code), 303)


@blueprint.route("/<language:language>/workshops/<code:code>/settings", methods=["GET", "POST"])
def change_settings(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    store = web.services().store
    questionnaire = questionnaires.get(store, workshop.version)
    if request.method == "GET":
        form = settings_form.form_of(workshop, questionnaire)
        return _settings_page(form, questionnaire, workshop)
    sent = web.read_form(request)
    if LOOK in sent:
        form = settings_form.form_as_typed(sent, workshop)
        return _settings_page(form, questionnaire, workshop)
    read = settings_form.read(sent, questionnaire, workshop)
    if isinstance(read, SettingsForm):
        return _settings_page(read, questionnaire, workshop, 422)
    try:
        workshops.change(store, code, whoever_asks().name, **read)
    except workshops.WrongState:  # opened meanwhile
        workshop = workshops.get(store, code)
        form = settings_form.form_as_typed(sent, workshop)
        return _settings_page(form, questionnaire, workshop, 409)
    return _to_page_of(code)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the texts read in a language."""

    language: Language
    context: Markup
    notice: list[str]


def _settings_page(
    form: SettingsForm, questionnaire: Questionnaire, workshop: Workshop, status: int = 200
) -> AnyResponse:
    draft = settings_form.draft_of(form, questionnaire, workshop)
    values: dict[str, Any] = {
        "form": form,
        "questionnaire": questionnaire,
        "workshop": workshop if workshop.code else None,
        "is_draft": workshop.state == DRAFT,
        "has_changed_meanwhile": status == 409,
        "languages": [LANGUAGES[tag] for tag in questionnaire.offered_languages],
        "placeholders": PLACEHOLDERS,
        "same_everywhere": SAME_EVERYWHERE,
        "gaps": draft.gaps(questionnaire),
        "territory": questionnaire.with_role("territory"),
        "timezones": sorted(available_timezones()),
        "has_short": any(questionnaire.questions(SHORT)),
        "readings": [_reading(draft, questionnaire, tag) for tag in form.languages],
    }
    return web.page("facilitator/settings.html", DESK, status, **values)


def _reading(draft: Workshop, questionnaire: Questionnaire, tag: str) -> Reading:
    return Reading(
        LANGUAGES[tag],
        Markup(as_html(questionnaire.say(tag, draft.context))),
        notice.paragraphs(questionnaire, draft, tag),
    )


@blueprint.post("/<language:language>/workshops/<code:code>/duplicate")
def duplicate(language: str, code: str) -> AnyResponse:
    """Leads to the new workshop's settings, where the date and the place are to be changed."""
    find_workshop(code, RUN)
    made = workshops.duplicate(web.services().store, code, whoever_asks().name)
    return redirect(url_for("facilitator.change_settings", language=language, code=made.code), 303)


@blueprint.post("/<language:language>/workshops/<code:code>/archive")
def archive(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    changes = {"archive": workshops.archive, "take_back": workshops.unarchive}
    change = changes.get(web.read_form(request).get("change", ""))
    if change is None:
        abort(400)
    try:
        change(web.services().store, code, whoever_asks().name)
    except workshops.WrongState:
        return workshop_page(workshop, 409, refusal=NOT_NOW)
    return _to_page_of(code)
