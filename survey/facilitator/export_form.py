"""The desk's form about an export: what was typed → an Order, or what to mend, with all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey.export import FORMATS
from survey.form.body import Fields
from survey.i18n import N_
from survey.orders import Order
from survey.questionnaire.model import Questionnaire
from survey.response import Workshop
from survey.store.clock import stored
from survey.table import SHAPES, Selection, Wording
from survey.table.dataset import BOTH, CODES, LABELS, STYLES
from survey.table.public import EVERY_GROUP
from survey.table.selection import EVERY, LAST
from survey.table.shapes import NEVER_PUBLIC

FITTING = ""
"""The shape that fits the format best."""

NO_FORMAT = N_("Choose a format.")
NO_SUCH_SHAPE = N_("This format has no such rows. Choose others, or what fits the format.")
NO_DAY = N_("Write a day like 2026-03-22, or leave it blank.")
NO_DAYS = N_("The last day is before the first one.")
NOT_BOTH = N_("Personal answers are never published. Choose one or the other.")
LAST_ONLY = N_("What is published holds the last revision of each response only.")
NOTHING_TO_PUBLISH = N_("There is nothing to publish in these rows. Choose others.")

STYLE_NAMES = {
    LABELS: N_("Words"),
    CODES: N_("Codes, for statistics"),
    BOTH: N_("Words and codes side by side"),
}


@dataclass(frozen=True, slots=True)
class ExportForm:
    """What stands in the fields, and the message at each that needs another look."""

    typed: Fields
    messages: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, otherwise: str = "") -> str:
        return self.typed.get(name, otherwise)

    def is_ticked(self, name: str) -> bool:
        return bool(self.typed.get(name))

    def holds(self, name: str, value: str) -> bool:
        return value in self.typed.getlist(name)


class Unknown(Exception):
    """A value that the form does not offer: no browser sends it by itself."""


def read(
    sent: Fields, workshop: Workshop, questionnaire: Questionnaire, offered: set[str]
) -> Order | ExportForm:
    """The order as typed, or the form again with its messages. `offered` are the other workshops
    that may be exported together with this one. Raises Unknown."""
    format = FORMATS.get(sent.get("format", ""))
    shape = sent.get("shape", FITTING)
    messages: dict[str, str] = {}
    selection = _selection(sent, workshop, questionnaire, messages)
    order = Order(
        codes=(workshop.code, *_known(sent.getlist("also"), offered)),
        format_name=format.name if format else "",
        shape=shape or (format.shapes[0] if format else ""),
        wording=_wording(sent, questionnaire),
        selection=selection,
        with_personal=bool(sent.get("personal")),
        is_public=bool(sent.get("public")),
    )
    if format is None or not format.is_installed:
        messages["format"] = NO_FORMAT
    elif order.shape not in format.shapes:
        _known([shape], SHAPES)
        messages["shape"] = NO_SUCH_SHAPE
    if order.is_public:
        messages |= _unfit_for_the_public(order)
    return ExportForm(sent, messages) if messages else order


def _unfit_for_the_public(order: Order) -> dict[str, str]:
    if order.with_personal:
        return {"public": NOT_BOTH}
    if order.selection.revisions != LAST:
        return {"public": LAST_ONLY}
    if order.selection.actor_group or order.selection.territory:
        return {"public": EVERY_GROUP}
    return {"shape": NOTHING_TO_PUBLISH} if order.shape in NEVER_PUBLIC else {}


def _wording(sent: Fields, questionnaire: Questionnaire) -> Wording:
    style = sent.get("style", CODES)
    _known([style], STYLES)
    language = sent.get("words", "")
    if style == CODES:
        return Wording()
    _known([language], questionnaire.offered_languages)
    return Wording(style, language)


def _selection(
    sent: Fields, workshop: Workshop, questionnaire: Questionnaire, messages: dict[str, str]
) -> Selection:
    groups = [group.name for group in questionnaire.actor_groups]
    place = questionnaire.with_role("territory")
    places = [choice.name for choice in place.choices] if place else []
    since = _day(sent, "since", messages)
    until = _day(sent, "until", messages)
    if since and until and until < since:
        messages["until"] = NO_DAYS
    zone = ZoneInfo(workshop.timezone)
    return Selection(
        counted_only=not sent.get("everything"),
        revisions=EVERY if sent.get("revisions") else LAST,
        language=_choice(sent, "answered_in", questionnaire.offered_languages),
        actor_group=_choice(sent, "actor_group", groups),
        territory=_choice(sent, "territory", places),
        since=_midnight(since, zone),
        until=_midnight(until + timedelta(days=1), zone) if until else "",
    )


def _midnight(day: date | None, zone: ZoneInfo) -> str:
    return stored(datetime.combine(day, time(), zone)) if day else ""


def _day(sent: Fields, name: str, messages: dict[str, str]) -> date | None:
    text = sent.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        messages[name] = NO_DAY
        return None
    if day is not None and not 2000 <= day.year < 9000:
        messages[name] = NO_DAY
        return None
    return day


def _choice(
    sent: Fields, name: str, offered: Mapping[str, object] | tuple[str, ...] | list[str]
) -> str:
    value = sent.get(name, "")
    _known([value] if value else [], offered)
    return value


def _known(
    values: list[str], offered: Mapping[str, object] | tuple[str, ...] | list[str] | set[str]
) -> list[str]:
    for value in values:
        if value not in offered:
            raise Unknown(value)
    return list(dict.fromkeys(values))
