"""The desk's form about a workshop: what was typed → its settings, or what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from survey.form.body import Fields
from survey.i18n import N_, western_digits
from survey.questionnaire.model import (
    FULL,
    NOTICE_PLACEHOLDERS,
    SHORT,
    VARIANTS,
    Questionnaire,
    Words,
)
from survey.response import DEFAULT_TIMEZONE, DRAFT, Workshop, clean_text
from survey.store.workshops import WorkshopSettings

SAME_EVERYWHERE = ("contact", "cndp_receipt")
"""Placeholders that mostly read alike: a language left blank gets the text of another one."""

MAX_TITLE, MAX_NOTICE, MAX_PLACE, MAX_CONTEXT = 200, 500, 100, 10_000

TOO_LONG = N_("This is too long. Shorten it.")
NO_DATE = N_("Write the date as year, month and day, like 2026-03-22.")
NO_TIMEZONE = N_("There is no such time zone. Choose one from the list, like Africa/Casablanca.")
NO_LANGUAGE = N_("Offer at least one language in which the questionnaire is complete.")
NO_SHORT = N_("This questionnaire has no short version.")


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What stands in the fields, which languages are ticked, and the message at each field that
    needs another look."""

    typed: Mapping[str, str]
    languages: tuple[str, ...]
    messages: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, language: str = "") -> str:
        return self.typed.get(f"{name}__{language}" if language else name, "")


def form_of(workshop: Workshop, questionnaire: Questionnaire) -> SettingsForm:
    """The form with what is stored."""
    words = {"title": workshop.title, "context": workshop.context, **workshop.notice}
    typed = {
        f"{name}__{language}": text
        for name, said in words.items()
        for language, text in said.items()
    }
    plain = ("place", "held_on", "timezone", "variant")
    typed |= {name: getattr(workshop, name) for name in plain}
    typed |= {name: "1" for name in ("kiosk", "table_mode", "trial") if getattr(workshop, name)}
    return SettingsForm(typed, workshop.offered_languages(questionnaire))


def read(
    sent: Fields, questionnaire: Questionnaire, workshop: Workshop | None
) -> WorkshopSettings | SettingsForm:
    """The settings as typed, or the form again with its messages. What holds from the first opening
    on is not read of a workshop that was open."""
    reading = _Reading(sent, questionnaire)
    settings: WorkshopSettings = {
        "title": reading.title(),
        "place": reading.text("place", MAX_PLACE),
        "held_on": reading.held_on(),
        "timezone": reading.timezone(),
        "languages": reading.languages(),
        "notice": reading.notice(),
        "context": reading.words("context", MAX_CONTEXT),
    }
    if workshop is None or workshop.state == DRAFT:
        settings |= {
            "variant": reading.variant(),
            "kiosk": "kiosk" in sent,
            "table_mode": "table_mode" in sent,
            "trial": "trial" in sent,
        }
    if reading.messages:
        return form_as_typed(sent, workshop, reading.messages)
    return settings


def form_as_typed(
    sent: Fields, workshop: Workshop | None = None, messages: Mapping[str, str] | None = None
) -> SettingsForm:
    """The form with what was typed, and with what can no longer be changed as it is stored."""
    typed = dict(sent)
    if workshop is not None and workshop.state != DRAFT:
        typed["variant"] = workshop.variant
        typed |= {name: "1" for name in ("kiosk", "table_mode", "trial") if getattr(workshop, name)}
    return SettingsForm(typed, tuple(sent.getlist("languages")), messages or {})


@dataclass(slots=True)
class _Reading:
    """Reads field by field, and gathers the messages."""

    sent: Fields
    questionnaire: Questionnaire
    messages: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, most: int) -> str:
        text = clean_text(self.sent.get(name, ""))
        if len(text) > most:
            self.messages[name] = TOO_LONG
        return text

    def words(self, name: str, most: int) -> dict[str, str]:
        offered = self.questionnaire.offered_languages
        said = {each: self.text(f"{name}__{each}", most) for each in offered}
        return {each: text for each, text in said.items() if text}

    def title(self) -> Words:
        """Blank is the questionnaire's own."""
        return {**self.questionnaire.title, **self.words("title", MAX_TITLE)}

    def notice(self) -> Mapping[str, Words]:
        found = {name: self.words(name, MAX_NOTICE) for name in NOTICE_PLACEHOLDERS}
        for name in SAME_EVERYWHERE:
            if found[name]:
                first = next(iter(found[name].values()))
                found[name] = dict.fromkeys(self.questionnaire.languages, first) | found[name]
        return {name: words for name, words in found.items() if words}

    def held_on(self) -> str:
        text = western_digits(self.text("held_on", MAX_PLACE))
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            self.messages["held_on"] = NO_DATE
            return ""

    def timezone(self) -> str:
        name = self.text("timezone", MAX_PLACE) or DEFAULT_TIMEZONE
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            self.messages["timezone"] = NO_TIMEZONE
            return ""

    def languages(self) -> tuple[str, ...]:
        """All of them is none in particular: what a newer version adds is then offered, too."""
        known = self.questionnaire.offered_languages
        ticked = tuple(each for each in known if each in self.sent.getlist("languages"))
        if not set(ticked) & set(self.questionnaire.languages):
            self.messages["languages"] = NO_LANGUAGE
        return () if ticked == known else ticked

    def variant(self) -> str:
        variant = self.sent.get("variant", FULL)
        if variant not in VARIANTS or not any(self.questionnaire.questions(variant)):
            self.messages["variant"] = NO_SHORT
        return variant


def draft_of(settings: SettingsForm, questionnaire: Questionnaire, workshop: Workshop) -> Workshop:
    """The workshop as the typed settings would make it, as far as they can be read: to show how it
    reads."""
    sent = Fields([*settings.typed.items(), *(("languages", each) for each in settings.languages)])
    reading = _Reading(sent, questionnaire)
    return Workshop(
        code=workshop.code,
        version=workshop.version,
        title=reading.title(),
        notice=reading.notice(),
        context=reading.words("context", MAX_CONTEXT),
        languages=reading.languages(),
        trial="trial" in settings.typed,
        variant=SHORT if settings.value("variant") == SHORT else FULL,
    )
