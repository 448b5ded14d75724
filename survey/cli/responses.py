"""Commands for responses: take in what was handed over, erase on request."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.errors import explained, fail, store_here
from survey.i18n import SOURCE
from survey.settings import read_settings
from survey.store import Store

if TYPE_CHECKING:
    from survey.handed_over import Outcome

MAX_HANDED_OVER = 4 * 2**20
"""Bytes that hold about a thousand handed-over responses; more is some other file."""


@click.group()
def response() -> None:
    """Participants' rights over their answers."""


@response.command("erase")
@click.argument("receipt")
@click.confirmation_option(prompt="Erase these answers for good?")
@explained
def erase_response(receipt: str) -> None:
    """Erase a response, on the request of who holds its RECEIPT code. There is no way back."""
    from survey.store import responses

    if not responses.erase(store_here(read_settings()), "".join(receipt.split()).upper()):
        fail(f"There is no response with the receipt {receipt}, or it is erased already.")
    click.echo("Erased.")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@explained
def import_handed_over(files: tuple[Path, ...]) -> None:
    """Take in answers that phones without a network handed over, as texts in FILES.

    FILES may hold messages as they came, with several answers; - is the standard input. Prints for
    each response its workshop's code, its receipt and what became of it. The exit status is 1 if
    one was not taken in, or if there is none in a file.
    """
    from survey import handed_over
    from survey.store import log

    store = store_here(read_settings())
    every: list[Outcome] = []
    is_all = True
    for path in files:
        outcomes = _taken_in(store, path)
        for outcome in outcomes:
            click.echo(_line(outcome))
        every += outcomes
        is_all &= bool(outcomes) and all(outcome.receipt for outcome in outcomes)
    new = Counter(outcome.code for outcome in every if outcome.said == handed_over.STORED)
    for code, number in new.items():
        log.note_alone(store, log.TAKEN_IN, None, code, str(number))
    counts = Counter(outcome.said for outcome in every)
    stored, before = counts[handed_over.STORED], counts[handed_over.STORED_BEFORE]
    missed = len(every) - stored - before
    click.echo(f"{stored} stored, {before} stored before, {missed} not taken in.")
    if not is_all:
        raise SystemExit(1)


def _taken_in(store: Store, path: Path) -> list[Outcome]:
    """What became of the responses in a file; says why where there are none."""
    from survey import handed_over

    try:
        with click.open_file(str(path), "rb") as file:
            content = file.read(MAX_HANDED_OVER + 1)
    except OSError as error:
        click.echo(f"{path}: {error.strerror}", err=True)
        return []
    text = handed_over.read_text(content)
    why = handed_over.NOTHING
    if len(content) > MAX_HANDED_OVER:
        why = f"This is larger than {MAX_HANDED_OVER // 2**20} MB. Divide it into several files."
    elif text is None:
        why = handed_over.NOT_TEXT
    elif outcomes := handed_over.take_in(store, text, SOURCE):
        return outcomes
    click.echo(f"{path}: {why}", err=True)
    return []


def _line(outcome: Outcome) -> str:
    """A response's code, receipt and what became of it, with tabs between them."""
    problems = (" ".join(f"{label} – {said}".split()) for label, said in outcome.problems)
    words = ": ".join(filter(None, [outcome.said, "; ".join(problems)]))
    return f"{outcome.code or '-'}\t{outcome.receipt or '-'}\t{words}"
