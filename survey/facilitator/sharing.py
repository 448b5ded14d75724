"""Who else sees a workshop, and the log of who did what, of one workshop or of all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator.access import find_workshop, only_administrators, whoever_asks
from survey.facilitator.people import PROBLEMS, ROLE_NAMES
from survey.facilitator.planning import named
from survey.facilitator.rights import SHARE
from survey.facilitator.views import DESK, blueprint, title_of
from survey.i18n import N_
from survey.response import DEFAULT_TIMEZONE, Workshop, local_time
from survey.store import facilitators, log, shares, workshops
from survey.store.facilitators import UnknownFacilitator

ACTIONS = {
    log.SIGNED_IN: N_("signed in"),
    log.SIGNED_OUT_EVERYWHERE: N_("signed out on every device"),
    log.PASSWORD_CHOSEN: N_("chose a password"),
    log.INVITED: N_("invited"),
    log.LINK_MADE: N_("made a link for"),
    log.MADE_ADMINISTRATOR: N_("gave the role administrator to"),
    log.MADE_FACILITATOR: N_("gave the role facilitator to"),
    log.MADE_OBSERVER: N_("gave the role observer to"),
    log.DISABLED: N_("disabled"),
    log.ENABLED: N_("enabled"),
    log.CREATED: N_("created the workshop"),
    log.COPIED: N_("created the workshop as a copy of"),
    log.CHANGED: N_("changed the settings:"),
    log.VERSION_TAKEN: N_("took the newer version of the questionnaire:"),
    log.SHARED: N_("shared the workshop with"),
    log.TAKEN_BACK: N_("no longer shares the workshop with"),
    log.OPENED: N_("opened the workshop"),
    log.PAUSED: N_("paused the workshop"),
    log.CLOSED: N_("closed the workshop"),
    log.ARCHIVED: N_("put the workshop into the archive"),
    log.UNARCHIVED: N_("took the workshop back from the archive"),
    log.EXPORTED: N_("downloaded the answers:"),
    log.TAKEN_IN: N_("took in handed-over responses:"),
    log.ERASED: N_("erased a response"),
    log.WITHDRAWN: N_("took a response back"),
    log.MARKED_TEST: N_("marked as a test the response"),
    log.MARKED_DUPLICATE: N_("marked as a duplicate the response"),
    log.UNMARKED: N_("took the mark off the response"),
    log.ENTERED_TWICE: N_("typed in a second time the paper form"),
    log.REVEALED: N_("revealed the result of"),
    log.RENEWED: N_("renewed the result of"),
    log.HIDDEN: N_("hid the result of"),
}


@blueprint.get("/<language:language>/workshops/<code:code>/people")
def sharing(language: str, code: str) -> AnyResponse:
    return _sharing_page(find_workshop(code, SHARE))


def _sharing_page(workshop: Workshop, status: int = 200, problem: str = "") -> AnyResponse:
    """Administrators see every workshop, so nobody needs to share one with them."""
    store = web.services().store
    known = shares.names(store, workshop.code)
    everyone = [each for each in facilitators.every(store) if each.name != workshop.owner]
    shared = [each for each in everyone if each.name in known]
    others = [
        each
        for each in everyone
        if each.name not in known and not each.is_disabled and not each.is_administrator
    ]
    return web.page(
        "facilitator/sharing.html",
        DESK,
        status,
        workshop=workshop,
        title=title_of(workshop),
        shared=shared,
        others=others,
        roles=ROLE_NAMES,
        problem=problem,
    )


@blueprint.post("/<language:language>/workshops/<code:code>/people")
def share(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, SHARE)
    name = web.read_form(request).get("name", "")
    try:
        shares.share(web.services().store, code, name, whoever_asks().name)
    except UnknownFacilitator:
        return _sharing_page(workshop, 422, PROBLEMS[UnknownFacilitator])
    return redirect(url_for("facilitator.sharing", language=language, code=code), 303)


@blueprint.post("/<language:language>/workshops/<code:code>/people/take-back")
def take_back(language: str, code: str) -> AnyResponse:
    find_workshop(code, SHARE)
    name = web.read_form(request).get("name", "")
    shares.take_back(web.services().store, code, name, whoever_asks().name)
    return redirect(url_for("facilitator.sharing", language=language, code=code), 303)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log as it is shown."""

    at: str
    who: str
    action: str
    detail: str
    workshop: str


@blueprint.get("/<language:language>/workshops/<code:code>/log")
def workshop_log(language: str, code: str) -> AnyResponse:
    return _log_page(find_workshop(code, SHARE))


@blueprint.get("/<language:language>/log")
def whole_log(language: str) -> AnyResponse:
    only_administrators()
    return _log_page(None)


def _log_page(workshop: Workshop | None) -> AnyResponse:
    store = web.services().store
    before = request.args.get("before", "")
    if not re.fullmatch("[0-9]{0,18}", before, re.ASCII):
        abort(404)
    code = workshop.code if workshop else None
    found = log.page(store, code, int(before) if before else None)
    shown = found[: log.PAGE]
    zones = {each.code: each.timezone for each in workshops.every(store)}
    return web.page(
        "facilitator/log.html",
        DESK,
        workshop=workshop,
        title=title_of(workshop) if workshop else "",
        lines=[_line(entry, zones) for entry in shown],
        is_newest=not before,
        earlier=shown[-1].sequence if len(found) > log.PAGE else None,
    )


def _line(entry: log.Entry, zones: dict[str, str]) -> Line:
    zone = zones.get(entry.workshop or "", DEFAULT_TIMEZONE)
    nobody = N_("A participant") if entry.action == log.WITHDRAWN else N_("Command line")
    return Line(
        local_time(entry.at, zone),
        entry.facilitator or web.plain(nobody),
        ACTIONS[entry.action],
        named(entry.detail) if entry.action == log.CHANGED else entry.detail,
        entry.workshop or "",
    )
