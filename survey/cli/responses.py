"""Commands for responses: list, show, mark, take in what was handed over, erase on request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.cli.errors import explained, fail, store_here
from survey.i18n import SOURCE
from survey.response import MARKS, clean_text, typed_receipt
from survey.settings import read_settings
from survey.store import Store

if TYPE_CHECKING:
    from survey.handed_over import Outcome
    from survey.store.histories import History

MAX_HANDED_OVER = 4 * 2**20
"""Bytes that hold about a thousand handed-over responses; more is some other file."""


@click.group()
def response() -> None:
    """Single responses: read, mark, erase."""


@response.command("list")
@click.argument("code")
@explained
def list_responses(code: str) -> None:
    """List a workshop's responses, the newest first: receipt, time, language, channel, revision, mark."""
    from survey.store import listing, workshops
    from survey.store.listing import Wanted

    store, code = store_here(read_settings()), code.upper()
    workshop, before = workshops.get(store, code), None
    while True:
        found = listing.page(store, code, Wanted(), before)
        for each in found[: listing.PAGE]:
            shown = each.response
            at = workshop.local_time(shown.received_at)
            facts = (shown.receipt, at, shown.language, shown.channel, shown.revision)
            click.echo("\t".join(map(str, (*facts, shown.mark or "-"))))
        if len(found) <= listing.PAGE:
            return
        before = found[listing.PAGE - 1].sequence


@response.command("show")
@click.argument("receipt")
@click.option("--language", help="One of the questionnaire's languages.")
@explained
def show_response(receipt: str, language: str | None) -> None:
    """Print the newest answers of the response with this RECEIPT code in words."""
    from survey.store import questionnaires, workshops
    from survey.wording import lines_of

    store = store_here(read_settings())
    history = _history(store, receipt)
    shown = history.newest
    questionnaire = questionnaires.get(store, shown.version)
    language = language or questionnaire.default_language
    if language not in questionnaire.offered_languages:
        fail(f"There is no {language} here: {', '.join(questionnaire.offered_languages)}.")
    at = workshops.get(store, shown.workshop).local_time(shown.received_at)
    facts = [shown.workshop, at, shown.language, shown.variant, shown.channel]
    people = [f"{shown.people} people"] if shown.people != 1 else []
    marked = [f"{shown.mark}: {history.mark_reason}"] if shown.mark else []
    click.echo("\t".join([*facts, f"revision {shown.revision}", *people, *marked]))
    for question in questionnaire.questions():
        if question.asks:
            click.echo(f"\n{questionnaire.say(language, question.label)}")
            lines = lines_of(questionnaire, language, question, shown.answers)
            blank = "(left blank)" if question.name in shown.answers else "(not asked)"
            for line in lines or [blank]:
                click.echo(f"    {line}")


def _history(store: Store, receipt: str) -> History:
    from survey.store import histories

    with _known(receipt):
        return histories.get(store, typed_receipt(receipt))


@contextmanager
def _known(receipt: str) -> Iterator[None]:
    """Says that there is no such response, or none any more."""
    from survey.store import responses

    try:
        yield
    except (responses.UnknownResponse, responses.Erased):
        fail(f"There is no response with the receipt {receipt}, or it is erased already.")


@response.command("mark")
@click.argument("receipt")
@click.argument("mark", type=click.Choice(MARKS))
@click.option("--reason", required=True, help="Why; the log keeps it, so name nobody.")
@explained
def mark_response(receipt: str, mark: str, reason: str) -> None:
    """Keep a response, but let nothing count it: it is a test, or a duplicate."""
    from survey.store import histories

    reason = " ".join(clean_text(reason).split())
    if not 1 <= len(reason) <= histories.MAX_REASON:
        fail(f"Give a reason of 1 to {histories.MAX_REASON} characters.")
    with _known(receipt):
        histories.mark(store_here(read_settings()), typed_receipt(receipt), mark, reason)
    click.echo(f"{typed_receipt(receipt)} is marked: {mark}. Nothing counts it.")


@response.command("unmark")
@click.argument("receipt")
@explained
def unmark_response(receipt: str) -> None:
    """Count a response again."""
    from survey.store import histories

    with _known(receipt):
        histories.unmark(store_here(read_settings()), typed_receipt(receipt))
    click.echo(f"{typed_receipt(receipt)} is counted.")


@response.command("erase")
@click.argument("receipt")
@click.confirmation_option(prompt="Erase these answers for good?")
@explained
def erase_response(receipt: str) -> None:
    """Erase a response, on the request of who holds its RECEIPT code. There is no way back."""
    from survey import export_jobs
    from survey.store import responses

    settings = read_settings()
    store = store_here(settings)
    workshop = _history(store, receipt).newest.workshop
    try:
        responses.erase(store, typed_receipt(receipt))
    finally:  # also where the journal still holds a copy
        export_jobs.forget(settings, workshop)
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
