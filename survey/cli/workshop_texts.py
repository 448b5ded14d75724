"""What a workshop is told on the command line: the options of its settings, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from survey.cli.errors import fail
from survey.questionnaire.model import NOTICE_PLACEHOLDERS, VARIANTS, Questionnaire
from survey.response import clean_text
from survey.store.workshops import WorkshopSettings

WORDS_HELP = "One text for all languages, or LANGUAGE=TEXT once for each."


def _timezone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    try:
        return name and ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise click.BadParameter("no such time zone; write one like Africa/Casablanca") from None


def _day(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise click.BadParameter("write year, month and day, like 2026-03-22") from None


def settings_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that creating and editing share; none that is not given is None or empty."""
    notice = [f"--{name.replace('_', '-')}" for name in NOTICE_PLACEHOLDERS]
    options = [
        click.option("--title", multiple=True, metavar="[LANGUAGE=]TEXT", help=WORDS_HELP),
        *(click.option(flag, multiple=True, metavar="[LANGUAGE=]TEXT") for flag in notice),
        click.option("--place", help="A territory's name, or free text."),
        click.option("--date", "held_on", metavar="YYYY-MM-DD", callback=_day),
        click.option("--timezone", callback=_timezone),
        click.option("--languages", metavar="LANGUAGE,…", help="Those offered; else all."),
        click.option(
            "--context",
            multiple=True,
            metavar="[LANGUAGE=]FILE",
            help="Light Markdown, shown before the questions.",
        ),
        click.option("--variant", type=click.Choice(VARIANTS)),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def settings_of(questionnaire: Questionnaire, given: dict[str, Any]) -> WorkshopSettings:
    """The settings among the options that were given; ends the command where one is wrong."""
    settings: WorkshopSettings = {}
    if given["title"]:
        settings["title"] = _words(questionnaire, given["title"], "--title")
    notice = {
        name: _words(questionnaire, given[name], f"--{name.replace('_', '-')}")
        for name in NOTICE_PLACEHOLDERS
        if given[name]
    }
    if notice:
        settings["notice"] = notice
    if given["context"]:
        settings["context"] = _words(questionnaire, given["context"], "--context", _content)
    if given["languages"] is not None:
        settings["languages"] = _languages(questionnaire, given["languages"])
    if given["variant"] is not None:
        if not any(questionnaire.questions(given["variant"])):
            fail("No question is marked `core: true`, so there is no short version.")
        settings["variant"] = given["variant"]
    if given["place"] is not None:
        settings["place"] = clean_text(given["place"])
    if given["held_on"] is not None:
        settings["held_on"] = given["held_on"]
    if given["timezone"] is not None:
        settings["timezone"] = given["timezone"]
    return settings


def _words(
    questionnaire: Questionnaire,
    texts: tuple[str, ...],
    option: str,
    read: Callable[[str], str] = clean_text,
) -> dict[str, str]:
    """`fr=…` for one language, or one text for all."""
    words = {}
    for text in texts:
        language, sign, rest = text.partition("=")
        if sign and language in questionnaire.offered_languages:
            words[language] = read(rest)
        elif sign and re.fullmatch("[a-z]{2,3}", language):
            known = ", ".join(questionnaire.offered_languages)
            fail(f"{option}: this questionnaire has no language {language}. There are: {known}.")
        else:
            words |= dict.fromkeys(questionnaire.languages, read(text))
    absent = [each for each in questionnaire.languages if each not in words]
    if absent:
        fail(f"{option} is missing in {', '.join(absent)}: add {option} {absent[0]}=…")
    return words


def _content(path: str) -> str:
    return clean_text(Path(path).read_text(encoding="utf-8"))


def _languages(questionnaire: Questionnaire, text: str) -> tuple[str, ...]:
    wanted = [each.strip() for each in text.split(",") if each.strip()]
    known = questionnaire.offered_languages
    for each in wanted:
        if each not in known:
            fail(f"This questionnaire has no language {each}. There are: {', '.join(known)}.")
    if not set(wanted) & set(questionnaire.languages):
        complete = ", ".join(questionnaire.languages)
        fail(f"--languages needs at least one complete language. There are: {complete}.")
    offered = tuple(each for each in known if each in wanted)
    return () if offered == known else offered
