"""Commands for workshops: create, list, open, close, share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey.cli.errors import explained, fail, store_here
from survey.cli.questionnaires import load_or_fail
from survey.questionnaire.model import FULL, NOTICE_PLACEHOLDERS, VARIANTS, Questionnaire
from survey.response import CLOSED, DEFAULT_TIMEZONE, OPEN, Workshop, clean_text
from survey.settings import read_settings
from survey.store import Store


@click.group()
def workshop() -> None:
    """Create, list, open, close and share workshops."""


def _words(questionnaire: Questionnaire, texts: tuple[str, ...], option: str) -> dict[str, str]:
    """`fr=…` for one language, or one text for all."""
    words = {}
    for text in texts:
        language, sign, rest = text.partition("=")
        if sign and language in questionnaire.offered_languages:
            words[language] = clean_text(rest)
        elif sign and re.fullmatch("[a-z]{2,3}", language):
            known = ", ".join(questionnaire.offered_languages)
            fail(f"{option}: this questionnaire has no language {language}. There are: {known}.")
        else:
            words |= dict.fromkeys(questionnaire.languages, clean_text(text))
    if words and not set(questionnaire.languages) <= words.keys():
        absent = [each for each in questionnaire.languages if each not in words]
        fail(f"{option} is missing in {', '.join(absent)}: add {option} {absent[0]}=…")
    return words


def _timezone(_: click.Context, __: click.Parameter, name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise click.BadParameter("no such time zone; write one like Africa/Casablanca") from None
    return name


WORDS_HELP = "One text for all languages, or LANGUAGE=TEXT once for each."


def notice_options(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each placeholder of the privacy notice."""
    for name in reversed(NOTICE_PLACEHOLDERS):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, name, multiple=True, metavar="[LANGUAGE=]TEXT")(command)
    return command


@workshop.command("create")
@click.argument("questionnaire")
@click.option("--title", multiple=True, metavar="[LANGUAGE=]TEXT", help=WORDS_HELP)
@notice_options
@click.option("--variant", type=click.Choice(VARIANTS), default=FULL, show_default=True)
@click.option("--timezone", default=DEFAULT_TIMEZONE, show_default=True, callback=_timezone)
@click.option("--trial", is_flag=True, help="For trying out: marked on every page and export.")
@click.option("--kiosk", is_flag=True, help="For tablets that people share: nothing stays on them.")
@click.option("--table-mode", is_flag=True, help="One phone for a table: it says how many answer.")
@explained
def create(
    questionnaire: str,
    title: tuple[str, ...],
    variant: str,
    timezone: str,
    trial: bool,
    kiosk: bool,
    table_mode: bool,
    **notice: tuple[str, ...],
) -> None:
    """Create a workshop on QUESTIONNAIRE (a name in the questionnaires folder, or a file).

    The controller, contact, retention and CNDP receipt fill in the privacy notice; a workshop
    cannot open without them, unless it is a trial.
    """
    from survey.store import workshops

    settings = read_settings()
    path = Path(questionnaire)
    if path.suffix != ".yaml":
        path = settings.questionnaires / f"{questionnaire}.yaml"
    loaded = load_or_fail(path)
    if variant != FULL and not any(loaded.questions(variant)):
        fail("No question is marked `core: true`, so there is no short version.")
    words = {name: _words(loaded, texts, f"--{name}") for name, texts in notice.items() if texts}
    created = workshops.create(
        store_here(settings),
        loaded,
        title=_words(loaded, title, "--title") or None,
        notice=words,
        variant=variant,
        timezone=timezone,
        trial=trial,
        kiosk=kiosk,
        table_mode=table_mode,
    )
    click.echo(created.code)


@workshop.command("list")
@explained
def list_workshops() -> None:
    """List the workshops: code, state, numbers of responses and people, title."""
    from survey.store import questionnaires, workshops

    store = store_here(read_settings())
    for each in workshops.every(store):
        questionnaire = questionnaires.get(store, each.version)
        title = questionnaire.say(questionnaire.default_language, each.title)
        state = f"{each.state}, trial" if each.trial else each.state
        click.echo(f"{each.code}\t{state}\t{_received(store, each)}\t{title}")


def _received(store: Store, workshop: Workshop) -> str:
    """What came, and whether it is responses or people."""
    from survey.store import responses

    count = responses.count(store, workshop.code)
    said = f"{count} {'response' if count == 1 else 'responses'}"
    if not workshop.table_mode:
        return said
    people = responses.count_people(store, workshop.code)
    return f"{said}, {people} {'person' if people == 1 else 'people'}"


@workshop.command("open")
@click.argument("code")
@explained
def open_workshop(code: str) -> None:
    """Open a workshop: from now on it takes answers."""
    from survey.store import workshops

    workshops.set_state(store_here(read_settings()), code.upper(), OPEN)
    click.echo(f"{code.upper()} is open.")


@workshop.command("close")
@click.argument("code")
@explained
def close_workshop(code: str) -> None:
    """Close a workshop: it takes no more answers."""
    from survey.store import workshops

    workshops.set_state(store_here(read_settings()), code.upper(), CLOSED)
    click.echo(f"{code.upper()} is closed.")


@workshop.command("share")
@click.argument("code")
@click.argument("name")
@explained
def share_workshop(code: str, name: str) -> None:
    """Let the facilitator or observer NAME see a workshop."""
    from survey.store import shares

    shares.share(store_here(read_settings()), code.upper(), name.strip())
    click.echo(f"{code.upper()} is shared with {name.strip()}.")


@workshop.command("unshare")
@click.argument("code")
@click.argument("name")
@explained
def unshare_workshop(code: str, name: str) -> None:
    """End sharing a workshop with NAME."""
    from survey.store import shares

    shares.take_back(store_here(read_settings()), code.upper(), name.strip())
    click.echo(f"{code.upper()} is not shared with {name.strip()}.")
