"""Commands for workshops: create, edit, list, open, pause, close, archive, duplicate, share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from survey.cli.errors import explained, fail, store_here
from survey.cli.questionnaires import load_or_fail
from survey.cli.workshop_texts import settings_of, settings_options
from survey.response import CLOSED, OPEN, PAUSED, Workshop
from survey.settings import read_settings
from survey.store import Store


@click.group()
def workshop() -> None:
    """Create, edit, list, open, pause, close, archive and share workshops."""


@workshop.command("create")
@click.argument("questionnaire")
@settings_options
@click.option("--trial", is_flag=True, help="For trying out: marked on every page and export.")
@click.option("--kiosk", is_flag=True, help="For tablets that people share: nothing stays on them.")
@click.option("--table-mode", is_flag=True, help="One phone for a table: it says how many answer.")
@explained
def create(questionnaire: str, trial: bool, kiosk: bool, table_mode: bool, **given: Any) -> None:
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
    said = settings_of(loaded, given)
    said |= {"trial": trial, "kiosk": kiosk, "table_mode": table_mode}
    click.echo(workshops.create(store_here(settings), loaded, **said).code)


@workshop.command("edit")
@click.argument("code")
@settings_options
@click.option("--trial/--no-trial", default=None, help="Before the first opening only.")
@click.option("--kiosk/--no-kiosk", default=None, help="Before the first opening only.")
@click.option("--table-mode/--no-table-mode", default=None, help="Before the first opening only.")
@explained
def edit(
    code: str, trial: bool | None, kiosk: bool | None, table_mode: bool | None, **given: Any
) -> None:
    """Change a workshop's settings; those that are not given stay.

    The variant, trial, kiosk and table mode can only be changed before the first opening.
    """
    from survey.store import questionnaires, workshops

    store = store_here(read_settings())
    found = workshops.get(store, code.upper())
    said = settings_of(questionnaires.get(store, found.version), given)
    if "notice" in said:
        said["notice"] = {**found.notice, **said["notice"]}
    if trial is not None:
        said["trial"] = trial
    if kiosk is not None:
        said["kiosk"] = kiosk
    if table_mode is not None:
        said["table_mode"] = table_mode
    if not said:
        fail("Nothing to change: give at least one option. `--help` lists them.")
    try:
        workshops.change(store, found.code, **said)
    except workshops.WrongState:
        fail(
            f"{found.code} was open already, so its variant, trial, kiosk and table mode stay. "
            f"Make another with `survey workshop duplicate {found.code}` and change that."
        )
    click.echo(f"{found.code} is changed.")


@workshop.command("list")
@click.option("--archived", is_flag=True, help="Those in the archive instead.")
@explained
def list_workshops(archived: bool) -> None:
    """List the workshops: code, state, numbers of responses and people, title."""
    from survey.store import questionnaires, workshops

    store = store_here(read_settings())
    for each in workshops.every(store):
        if bool(each.archived_at) != archived:
            continue
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


def _set_state(code: str, state: str) -> None:
    from survey.store import workshops

    workshops.set_state(store_here(read_settings()), code.upper(), state)
    click.echo(f"{code.upper()} is {state}.")


@workshop.command("open")
@click.argument("code")
@explained
def open_workshop(code: str) -> None:
    """Open a workshop: from now on it takes answers."""
    _set_state(code, OPEN)


@workshop.command("pause")
@click.argument("code")
@explained
def pause_workshop(code: str) -> None:
    """Pause an open workshop: phones keep their answers until it is opened again."""
    _set_state(code, PAUSED)


@workshop.command("close")
@click.argument("code")
@explained
def close_workshop(code: str) -> None:
    """Close a workshop: it takes no more answers."""
    _set_state(code, CLOSED)


@workshop.command("archive")
@click.argument("code")
@explained
def archive_workshop(code: str) -> None:
    """Put a closed workshop, or one never opened, into the archive. Nothing of it is lost."""
    from survey.store import workshops

    workshops.archive(store_here(read_settings()), code.upper())
    click.echo(f"{code.upper()} is archived.")


@workshop.command("unarchive")
@click.argument("code")
@explained
def unarchive_workshop(code: str) -> None:
    """Take a workshop back from the archive."""
    from survey.store import workshops

    workshops.unarchive(store_here(read_settings()), code.upper())
    click.echo(f"{code.upper()} is back from the archive.")


@workshop.command("duplicate")
@click.argument("code")
@explained
def duplicate_workshop(code: str) -> None:
    """Create a workshop with the settings of another, without its answers; prints the new code."""
    from survey.store import workshops

    click.echo(workshops.duplicate(store_here(read_settings()), code.upper()).code)


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
