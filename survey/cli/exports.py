"""Commands that copy what is stored to a file: exports and backups."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click

from survey.cli.errors import explained, fail, store_here
from survey.export import FORMATS
from survey.settings import read_settings


@click.command()
@click.argument("code")
@click.option(
    "--format", "format_name", default="csv", show_default=True, metavar="|".join(FORMATS)
)
@click.option(
    "--language", default="codes", show_default=True, help="ar, fr, en… for words, or codes."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else stdout.")
@explained
def export(code: str, format_name: str, language: str, output: Path | None) -> None:
    """Export a workshop's answers."""
    from survey.store import log, questionnaires, responses, workshops
    from survey.table import table_of

    if format_name not in FORMATS:
        fail(f"There is no format {format_name}. There are: {', '.join(FORMATS)}.")
    store = store_here(read_settings())
    found = workshops.get(store, code.upper())
    questionnaire = questionnaires.get(store, found.version)
    if language != "codes" and language not in questionnaire.offered_languages:
        known = ", ".join((*questionnaire.offered_languages, "codes"))
        fail(f"These answers have no words in {language}. There are: {known}.")
    rows = responses.scan(store, found.code)
    table = table_of(questionnaire, rows, None if language == "codes" else language)
    log.note_alone(store, log.EXPORTED, None, found.code, f"{format_name}, {language}")
    write = FORMATS[format_name].write
    if output is None:
        with tempfile.TemporaryFile() as whole:
            write(table, whole)
            whole.seek(0)
            shutil.copyfileobj(whole, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        return
    draft = output.with_name(f"{output.name}.part")
    try:
        with draft.open("wb") as file:
            write(table, file)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@explained
def backup(file: Path) -> None:
    """Copy the whole database to FILE while the app goes on; the copy is checked."""
    from survey.store.backup import back_up

    back_up(store_here(read_settings()), file)
