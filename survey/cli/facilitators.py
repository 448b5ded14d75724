"""Commands for the desk's accounts."""

from __future__ import annotations

import click

from survey.cli.errors import explained, store_here
from survey.response import ADMINISTRATOR, ROLES
from survey.serving import DEFAULT_PORT, link_to_password
from survey.settings import Settings, read_settings


@click.group()
def facilitator() -> None:
    """Accounts for the desk."""


@facilitator.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=ADMINISTRATOR, show_default=True)
@explained
def add_facilitator(name: str, role: str) -> None:
    """Add a facilitator and print a link, good once and for an hour, to choose a password."""
    from survey.store import facilitators

    settings = read_settings()
    store = store_here(settings)
    facilitators.add(store, name.strip(), role)
    click.echo(_link(settings, facilitators.make_link(store, name.strip())))


@facilitator.command("list")
@explained
def list_facilitators() -> None:
    """List the accounts: name, role, and whether she can sign in."""
    from survey.store import facilitators

    for each in facilitators.every(store_here(read_settings())):
        state = "can sign in" if each.has_password else "no password yet"
        click.echo(f"{each.name}\t{each.role}\t{'disabled' if each.is_disabled else state}")


@facilitator.command("disable")
@click.argument("name")
@explained
def disable_facilitator(name: str) -> None:
    """Keep NAME out: her sessions and links end at once."""
    from survey.store import facilitators

    facilitators.disable(store_here(read_settings()), name.strip())
    click.echo(f"{name.strip()} is disabled.")


@facilitator.command("enable")
@click.argument("name")
@explained
def enable_facilitator(name: str) -> None:
    """Let NAME sign in again, with the password she had."""
    from survey.store import facilitators

    facilitators.enable(store_here(read_settings()), name.strip())
    click.echo(f"{name.strip()} is enabled.")


@facilitator.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@explained
def change_role(name: str, role: str) -> None:
    """Give NAME another role, from the next page on."""
    from survey.store import facilitators

    facilitators.set_role(store_here(read_settings()), name.strip(), role)
    click.echo(f"{name.strip()} is {role}.")


@facilitator.command("link")
@click.argument("name")
@explained
def link_facilitator(name: str) -> None:
    """Print a new link for a facilitator who has forgotten her password."""
    from survey.store import facilitators

    settings = read_settings()
    click.echo(_link(settings, facilitators.make_link(store_here(settings), name.strip())))


def _link(settings: Settings, token: str) -> str:
    """Where the app is when nobody said: on this computer, at the port that `serve` takes."""
    return link_to_password(settings.base_url or f"http://localhost:{DEFAULT_PORT}", token)
