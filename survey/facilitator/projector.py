"""What hangs on the hall's walls and stands on its tables: the join page, live, and the posters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import qr_code, web
from survey.facilitator import fragment, hall_form
from survey.facilitator.access import find_workshop
from survey.facilitator.groups import groups_of, received
from survey.facilitator.hall_form import HallForm
from survey.facilitator.rights import RUN
from survey.facilitator.spoken import clock, words_in
from survey.facilitator.views import blueprint, workshop_page
from survey.i18n import LANGUAGES, N_, Language, has, messages
from survey.questionnaire.model import Questionnaire
from survey.response import Workshop
from survey.store import halls, questionnaires, workshops
from survey.store.halls import Hall

STATIC = Path(__file__).parent / "static"
WALL = web.bundle_of(
    [*web.SHARED_STYLES, STATIC / "join.css", STATIC / "bars.css"], [STATIC / "now.js"]
)
PAPER = web.bundle_of([*web.SHARED_STYLES, STATIC / "poster.css"])
SIZES = ("a4", "a5")

WIFI = N_("Join this Wi-Fi. Stay on it, even if it has no internet.")
SCAN = N_("Scan this code, or open the address and type the workshop’s code.")
SCAN_AT_TABLE = N_(
    "One phone for each table: scan this code, or open the address and type the workshop’s code."
)
FIRST_SENTENCE = re.compile(r"(?<=[.!?؟])\s")


@dataclass(frozen=True, slots=True)
class Joining:
    """All that a phone needs to join: the address whole, as people type it, and as a QR code, and
    the Wi-Fi's QR code, "" where there is none."""

    address: str
    typed: str
    code: str
    hall: Hall

    @property
    def qr(self) -> Markup:
        return Markup(qr_code.as_svg(self.address)) if self.address else Markup()

    @property
    def wifi_qr(self) -> Markup:
        hall = self.hall
        if not hall.wifi_name:
            return Markup()
        return Markup(qr_code.wifi_as_svg(hall.wifi_name, hall.wifi_password))


def joining_of(workshop: Workshop) -> Joining:
    services = web.services()
    address = f"{services.base_url}/{workshop.code}" if services.base_url else ""
    hall = halls.get(services.store, workshop.code)
    return Joining(address, urlsplit(services.base_url).netloc, workshop.code, hall)


@dataclass(frozen=True, slots=True)
class Line:
    """A message in one of the questionnaire's languages."""

    language: Language
    text: str


def lines(workshop: Workshop, questionnaire: Questionnaire, message: str) -> list[Line]:
    """A message in every language that the workshop offers and that has it."""
    return [
        Line(LANGUAGES[tag], messages(tag).gettext(message))
        for tag in workshop.offered_languages(questionnaire)
        if has(tag, message)
    ]


def scan_lines(workshop: Workshop, questionnaire: Questionnaire) -> list[Line]:
    """What to do with the code: everyone by herself, or one at each table for all."""
    return lines(workshop, questionnaire, SCAN_AT_TABLE if workshop.table_mode else SCAN)


@blueprint.get("/<language:language>/workshops/<code:code>/join")
def join(language: str, code: str) -> Response:
    workshop = find_workshop(code)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    tag = tag_of(workshop)  # before the numbers, so that they are never older than it says
    return web.page(
        "facilitator/join.html",
        WALL,
        tag=f'W/"{tag}"',
        title=words_in(questionnaire, g.language, workshop.title),
        joining=joining_of(workshop),
        wifi_lines=lines(workshop, questionnaire, WIFI),
        scan_lines=scan_lines(workshop, questionnaire),
        **numbers_of(workshop, questionnaire),
    )


@blueprint.get("/<language:language>/workshops/<code:code>/join/now")
def join_now(language: str, code: str) -> Response:
    """The numbers alone, for the page's script; 304 while nothing has changed, after one small read."""
    workshop = find_workshop(code, find=workshops.remembered)
    return fragment.reply(tag_of(workshop), lambda: _numbers_now(code))


def _numbers_now(code: str) -> str:
    """Asked for after the tag, of a workshop as it is now: never older than the tag says."""
    workshop = workshops.get(web.services().store, code)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    numbers = numbers_of(workshop, questionnaire)
    return render_template("facilitator/numbers.html", **numbers)


def tag_of(workshop: Workshop) -> str:
    """Names what the numbers show: their pulse, the language, and the day, which times leave out."""
    pulse = halls.pulse(web.services().store, workshop.code)
    shown = f"{g.language} {workshop.today()} {pulse}"
    return sha256(shown.encode()).hexdigest()[:16]


def numbers_of(workshop: Workshop, questionnaire: Questionnaire) -> dict[str, Any]:
    """What the wall shows live. Nothing of it belongs to any one participant."""
    store = web.services().store
    expected = halls.get(store, workshop.code).expected
    at = halls.last_arrival(store, workshop.code)
    return {
        "workshop": workshop,
        "received": received(workshop),
        "expected": sum(expected.values()),
        "groups": groups_of(questionnaire, workshop, expected),
        "said": lambda words: words_in(questionnaire, g.language, words),
        "last": clock(workshop, at) if at else "",
    }


@blueprint.post("/<language:language>/workshops/<code:code>/hall")
def keep_hall(language: str, code: str) -> AnyResponse:
    workshop = find_workshop(code, RUN)
    store = web.services().store
    questionnaire = questionnaires.get(store, workshop.version)
    hall = hall_form.read(web.read_form(request), questionnaire)
    if isinstance(hall, HallForm):
        return workshop_page(workshop, 422, hall=hall)
    halls.keep(store, code, hall)
    place = url_for("facilitator.one_workshop", language=language, code=code, _anchor="hall")
    return redirect(place, 303)


@blueprint.get("/<language:language>/workshops/<code:code>/poster")
def poster(language: str, code: str) -> Response:
    """A sheet for each language: a poster to hang, or a tent to fold and stand on a table."""
    workshop = find_workshop(code)
    size = request.args.get("size", SIZES[0])
    if size not in SIZES:
        abort(404)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    return web.page(
        "facilitator/poster.html",
        PAPER,
        size=size,
        workshop=workshop,
        joining=joining_of(workshop),
        sheets=[
            sheet_of(workshop, questionnaire, line) for line in scan_lines(workshop, questionnaire)
        ],
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a poster says in its language."""

    language: Language
    title: str
    about: str
    wifi: str
    scan: str
    name: str
    password: str
    code: str
    trial: str


def sheet_of(workshop: Workshop, questionnaire: Questionnaire, scan: Line) -> Sheet:
    say = messages(scan.language.tag).gettext
    tag = scan.language.tag
    return Sheet(
        language=scan.language,
        title=questionnaire.say(tag, workshop.title),
        about=FIRST_SENTENCE.split(questionnaire.say(tag, questionnaire.intro), maxsplit=1)[0],
        wifi=say(WIFI),
        scan=scan.text,
        name=say(NAME),
        password=say(PASSWORD),
        code=say(CODE),
        trial=say(TRIAL) if workshop.trial else "",
    )


NAME = N_("Wi-Fi:")
PASSWORD = N_("Password:")
CODE = N_("Code:")
TRIAL = N_("Trial: these answers count for nothing.")
