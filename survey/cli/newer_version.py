"""The command that takes the newer version of a workshop's questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from survey.cli.errors import explained, fail, store_here
from survey.settings import read_settings

if TYPE_CHECKING:
    from survey.edition import Edition

OBSTACLES = {
    "short": "it has no short version, and this workshop is on the short one",
    "language": "it lacks a language that this workshop offers",
    "type": "a question is answered in another way than before; it needs another name",
    "notice": "its privacy notice needs more: fill it in first, or close the workshop",
}


@click.command("update")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
@explained
def update_workshop(code: str, yes: bool) -> None:
    """Take the newer version of the questionnaire from the questionnaires folder.

    Shows what it changes, and asks. Responses keep the version that they answered.
    """
    from survey import edition
    from survey.store import workshops

    settings = read_settings()
    store = store_here(settings)
    found = workshops.get(store, code.upper())
    offered = edition.offered(store, found, settings.questionnaires)
    if offered is None:
        click.echo(f"{found.code} has the version that is in {settings.questionnaires}.")
        return
    _show(offered)
    if offered.obstacles:
        said = "; ".join(
            f"{OBSTACLES[each.kind]} {each.name}".strip() for each in offered.obstacles
        )
        fail(f"It cannot be taken: {said}.")
    if not yes:
        click.confirm("Take it?", abort=True)
    edition.take(store, found, offered)
    click.echo(f"{found.code} has the version {offered.version[:8]}.")


def _show(offered: Edition) -> None:
    questionnaire = offered.questionnaire
    language = questionnaire.default_language
    for change in offered.changes:
        place = " ".join(filter(None, [change.what, change.question, change.part]))
        for each in change.languages or (language,):
            labels = [questionnaire.say(each, said) for said in (change.before, change.after)]
            click.echo("\t".join([change.how, place, " → ".join(filter(None, labels))]))
    for sign, columns in (("+", offered.gained), ("-", offered.lost)):
        if columns:
            click.echo(f"{sign} columns\t{', '.join(columns)}")
