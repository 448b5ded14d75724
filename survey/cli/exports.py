"""Commands that copy what is stored to a file: exports and backups."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from survey.cli.errors import explained, fail, store_here
from survey.export import FORMATS
from survey.questionnaire.model import Questionnaire
from survey.settings import read_settings
from survey.table import SHAPES, Selection, Wording
from survey.table.dataset import BOTH, LABELS
from survey.table.selection import REVISIONS

if TYPE_CHECKING:
    from survey.orders import Order
    from survey.store import Store
    from survey.table import Dataset

CODES = "codes"
MOST_NAMES = 20
"""So many names are listed where one was mistyped."""


def _moment(_: click.Context, __: click.Parameter, text: str) -> str:
    """An ISO day or time as it is stored, in UTC; without an offset it is in UTC."""
    from survey.store.clock import stored

    if not text:
        return ""
    try:
        return stored(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise click.BadParameter("write it like 2026-03-22 or 2026-03-22T09:30+01:00") from None


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose responses, as one `selection`."""
    options = (
        click.option("--all", "everything", is_flag=True, help="Marked responses, too."),
        click.option("--answered-in", "language", default="", metavar="LANGUAGE"),
        click.option("--actor-group", default="", metavar="NAME"),
        click.option("--territory", default="", metavar="NAME", help="With all it holds."),
        click.option("--since", default="", callback=_moment, metavar="TIME"),
        click.option("--until", default="", callback=_moment, metavar="TIME"),
        click.option(
            "--revisions", type=click.Choice(REVISIONS), default=REVISIONS[0], show_default=True
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _listing() -> str:
    """What there is to know of the formats before one is chosen."""
    lines = []
    for format in FORMATS.values():
        notes = [] if format.is_streaming else ["takes more memory for more responses"]
        notes += [f"needs {format.how_to_install}"] if format.extra else []
        lines.append(f"  {format.name}{': ' if notes else ''}{', '.join(notes)}")
    return "\n".join(["\b", "Formats:", *lines])


@click.command(epilog=_listing())
@click.argument("codes", nargs=-1, required=True)
@click.option(
    "--format", "format_name", default="csv", show_default=True, metavar="|".join(FORMATS)
)
@click.option("--shape", type=click.Choice([*SHAPES]), help="The default fits the format.")
@click.option(
    "--language",
    "words_in",
    default=CODES,
    show_default=True,
    help="ar, fr, en… for words, or codes.",
)
@click.option("--both", is_flag=True, help="Words and codes side by side.")
@selection_options
@click.option("--personal", is_flag=True, help="Personal questions, too.")
@click.option("--public", "is_public", is_flag=True, help="Fit to be published.")
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="So many make csv or jsonl together, which is faster where there are many responses.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; else stdout.",
)
@explained
def export(
    codes: tuple[str, ...],
    format_name: str,
    shape: str | None,
    words_in: str,
    both: bool,
    personal: bool,
    is_public: bool,
    processes: int,
    output: Path | None,
    everything: bool,
    **chosen: str,
) -> None:
    """Export the answers of one workshop, or of several together."""
    from survey.orders import Order
    from survey.store import log

    if format_name not in FORMATS:
        fail(f"There is no format {format_name}. There are: {', '.join(FORMATS)}.")
    order = Order(
        tuple(dict.fromkeys(code.upper() for code in codes)),
        format_name,
        shape or FORMATS[format_name].shapes[0],
        _wording(words_in, both),
        Selection(counted_only=not everything, **chosen),
        personal,
        is_public,
    )
    if processes > 1 and not order.is_divisible:
        fail(
            "Several processes can make csv and jsonl with a row for each response, answer or "
            "statement, but no public ones. Leave out --processes."
        )
    store = store_here(read_settings())
    dataset = order.dataset(store)
    _check_language(dataset.newest, words_in)
    _check_selection(dataset)
    for workshop in dataset.workshops:
        log.note_alone(store, log.EXPORTED, None, workshop.code, f"{format_name}, {words_in}")
    progress = _Progress(order.work(store))
    write_out(output, lambda file: _make(store, order, file, processes, progress.tell))
    progress.end()


def _make(
    store: Store, order: Order, file: IO[bytes], processes: int, tell: Callable[[int], None]
) -> None:
    from concurrent.futures.process import BrokenProcessPool

    from survey import stretches
    from survey.datasets import watch

    if processes > 1:
        try:
            stretches.write(store, order, file, processes, tell)
        except BrokenProcessPool:
            fail("A process ended before its work was done. Use fewer --processes.")
        return
    for warning in order.write(store, file, watch(tell)):
        click.echo(f"Warning: {warning}", err=True)


class _Progress:
    """How far it is, on one line of a terminal."""

    def __init__(self, all: int) -> None:
        self.all, self.is_shown = all, False

    def tell(self, read: int) -> None:
        if not sys.stderr.isatty():
            return
        share = min(100, 100 * read // max(self.all, 1))
        click.echo(f"\rReading responses: {share} %", nl=False, err=True)
        self.is_shown = True

    def end(self) -> None:
        if self.is_shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _wording(words_in: str, both: bool) -> Wording:
    if words_in == CODES:
        if both:
            fail("--both needs --language: the words are in a language.")
        return Wording()
    return Wording(BOTH if both else LABELS, words_in)


def _check_language(questionnaire: Questionnaire, words_in: str) -> None:
    if words_in not in (CODES, *questionnaire.offered_languages):
        known = ", ".join((*questionnaire.offered_languages, CODES))
        fail(f"These answers have no words in {words_in}. There are: {known}.")


def _check_selection(dataset: Dataset) -> None:
    """What nobody can have answered was mistyped."""
    selection, questionnaires = dataset.selection, dataset.questionnaires.values()
    groups = {group.name: None for each in questionnaires for group in each.actor_groups}
    territory = [each.with_role("territory") for each in questionnaires]
    places = {choice.name: None for each in territory if each for choice in each.choices}
    for kind, name, known in (
        ("actor group", selection.actor_group, groups),
        ("territory", selection.territory, places),
        ("language", selection.language, dict.fromkeys(dataset.languages)),
    ):
        if name and name not in known:
            some = ", ".join(list(known)[:MOST_NAMES]) + (", …" if len(known) > MOST_NAMES else "")
            fail(f"There is no {kind} {name}. There are: {some or 'none'}.")


def write_out(output: Path | None, write: Callable[[IO[bytes]], None]) -> None:
    """Writes a whole file or none; a link stays a link. To the standard output, to a device or to a
    pipe it writes when all is there."""
    if output is None or (output.exists() and not output.is_file()):
        with tempfile.TemporaryFile() as whole:
            write(whole)
            whole.seek(0)
            with output.open("wb") if output else nullcontext(sys.stdout.buffer) as target:
                shutil.copyfileobj(whole, target)
                target.flush()
        return
    path = output.resolve()
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as file:
            write(file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@explained
def backup(file: Path) -> None:
    """Copy the whole database to FILE while the app goes on; the copy is checked."""
    from survey.store.backup import back_up

    back_up(store_here(read_settings()), file)
