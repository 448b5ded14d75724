"""The `survey` command: parses, calls, prints. Errors go to stderr and set the exit status."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from survey.export import FORMATS, ExportError
from survey.i18n import SOURCE
from survey.questionnaire.loading import QuestionnaireError, load
from survey.questionnaire.model import FULL, NOTICE_PLACEHOLDERS, VARIANTS, Questionnaire
from survey.response import ADMINISTRATOR, CLOSED, DEFAULT_TIMEZONE, OPEN, ROLES, clean_text
from survey.serving import DEFAULT_PORT, link_to_password
from survey.settings import Settings, SettingsError, read_settings
from survey.store import DatabaseError, Store, StoreError

if TYPE_CHECKING:
    from survey.handed_over import Outcome

MAX_HANDED_OVER = 4 * 2**20
"""Bytes that hold about a thousand handed-over responses; more is some other file."""


def fail(message: str) -> None:
    """Ends the command: the message on stderr, exit status 1."""
    raise click.ClickException(message)


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """Turns the errors an operator can mend into messages."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from survey.store.facilitators import FacilitatorError
        from survey.store.workshops import NoticeHasHoles, UnknownWorkshop

        try:
            command(*arguments, **options)
        except UnknownWorkshop as error:
            fail(f"There is no workshop {error}. `survey workshop list` shows their codes.")
        except NoticeHasHoles as error:
            fail(
                f"The privacy notice lacks: {', '.join(error.holes)}. Create the workshop again "
                "with these options filled in."
            )
        except (SettingsError, StoreError, FacilitatorError, ExportError) as error:
            fail(str(error))
        except UnicodeError:
            fail("This is not UTF-8 text. Set the terminal's encoding to UTF-8.")
        except DatabaseError as error:
            fail(f"The database cannot be used now: {error}. Nothing was changed.")
        except BrokenPipeError:  # whoever read our output has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as error:
            fail(f"{error.filename or ''}: {error.strerror or error}".strip(": "))

    return run


def _store(settings: Settings) -> Store:
    from survey.app import store_of

    return store_of(settings)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tashkhis", prog_name="survey")
def main() -> None:
    """Participatory diagnosis: questionnaires, workshops, answers."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@explained
def serve(host: str, port: int) -> None:
    """Serve the app to phones on the same network."""
    from survey.serving import serve as serve_app

    serve_app(read_settings(), host, port)


def _load(path: Path) -> Questionnaire:
    try:
        return load(path)
    except QuestionnaireError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check questionnaires: every problem with its place and its remedy.

    Prints FILE:LINE:COLUMN: what, remedy. The exit status is 1 if there is any problem.
    """
    problems = False
    for path in files:
        try:
            questionnaire = load(path)
        except QuestionnaireError as error:
            problems = True
            click.echo(str(error))
        except OSError as error:
            problems = True
            click.echo(f"{path}: {error.strerror}", err=True)
        else:
            click.echo(_summary(path, questionnaire))
    if problems:
        raise SystemExit(1)


def _summary(path: Path, questionnaire: Questionnaire) -> str:
    from survey.questionnaire.coverage import share_said

    questions = sum(1 for question in questionnaire.questions() if question.asks)
    languages = ", ".join(questionnaire.languages)
    partial = "".join(
        f", {language} {said} of {total} texts"
        for language in questionnaire.partial
        for said, total in [share_said(questionnaire, language)]
    )
    return f"{path}: right; {questions} questions in {languages}{partial}"


@main.command()
def schema() -> None:
    """Print the JSON Schema with which editors help to write questionnaires."""
    from survey.questionnaire.loading.json_schema import schema_text

    click.echo(schema_text(), nl=False)


@main.group()
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
@explained
def create(
    questionnaire: str,
    title: tuple[str, ...],
    variant: str,
    timezone: str,
    trial: bool,
    kiosk: bool,
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
    loaded = _load(path)
    if variant != FULL and not any(loaded.questions(variant)):
        fail("No question is marked `core: true`, so there is no short version.")
    words = {name: _words(loaded, texts, f"--{name}") for name, texts in notice.items() if texts}
    created = workshops.create(
        _store(settings),
        loaded,
        title=_words(loaded, title, "--title") or None,
        notice=words,
        variant=variant,
        timezone=timezone,
        trial=trial,
        kiosk=kiosk,
    )
    click.echo(created.code)


@workshop.command("list")
@explained
def list_workshops() -> None:
    """List the workshops: code, state, number of responses, title."""
    from survey.store import questionnaires, responses, workshops

    store = _store(read_settings())
    for each in workshops.every(store):
        questionnaire = questionnaires.get(store, each.version)
        title = questionnaire.say(questionnaire.default_language, each.title)
        state = f"{each.state}, trial" if each.trial else each.state
        click.echo(f"{each.code}\t{state}\t{responses.count(store, each.code)}\t{title}")


@workshop.command("open")
@click.argument("code")
@explained
def open_workshop(code: str) -> None:
    """Open a workshop: from now on it takes answers."""
    from survey.store import workshops

    workshops.set_state(_store(read_settings()), code.upper(), OPEN)
    click.echo(f"{code.upper()} is open.")


@workshop.command("close")
@click.argument("code")
@explained
def close_workshop(code: str) -> None:
    """Close a workshop: it takes no more answers."""
    from survey.store import workshops

    workshops.set_state(_store(read_settings()), code.upper(), CLOSED)
    click.echo(f"{code.upper()} is closed.")


@workshop.command("share")
@click.argument("code")
@click.argument("name")
@explained
def share_workshop(code: str, name: str) -> None:
    """Let the facilitator or observer NAME see a workshop."""
    from survey.store import shares

    shares.share(_store(read_settings()), code.upper(), name.strip())
    click.echo(f"{code.upper()} is shared with {name.strip()}.")


@workshop.command("unshare")
@click.argument("code")
@click.argument("name")
@explained
def unshare_workshop(code: str, name: str) -> None:
    """End sharing a workshop with NAME."""
    from survey.store import shares

    shares.take_back(_store(read_settings()), code.upper(), name.strip())
    click.echo(f"{code.upper()} is not shared with {name.strip()}.")


@main.group()
def response() -> None:
    """Participants' rights over their answers."""


@response.command("erase")
@click.argument("receipt")
@click.confirmation_option(prompt="Erase these answers for good?")
@explained
def erase_response(receipt: str) -> None:
    """Erase a response, on the request of who holds its RECEIPT code. There is no way back."""
    from survey.store import responses

    if not responses.erase(_store(read_settings()), "".join(receipt.split()).upper()):
        fail(f"There is no response with the receipt {receipt}, or it is erased already.")
    click.echo("Erased.")


@main.command("import")
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

    store = _store(read_settings())
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


@main.group()
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
    store = _store(settings)
    facilitators.add(store, name.strip(), role)
    click.echo(_link(settings, facilitators.make_link(store, name.strip())))


@facilitator.command("list")
@explained
def list_facilitators() -> None:
    """List the accounts: name, role, and whether she can sign in."""
    from survey.store import facilitators

    for each in facilitators.every(_store(read_settings())):
        state = "can sign in" if each.has_password else "no password yet"
        click.echo(f"{each.name}\t{each.role}\t{'disabled' if each.is_disabled else state}")


@facilitator.command("disable")
@click.argument("name")
@explained
def disable_facilitator(name: str) -> None:
    """Keep NAME out: her sessions and links end at once."""
    from survey.store import facilitators

    facilitators.disable(_store(read_settings()), name.strip())
    click.echo(f"{name.strip()} is disabled.")


@facilitator.command("enable")
@click.argument("name")
@explained
def enable_facilitator(name: str) -> None:
    """Let NAME sign in again, with the password she had."""
    from survey.store import facilitators

    facilitators.enable(_store(read_settings()), name.strip())
    click.echo(f"{name.strip()} is enabled.")


@facilitator.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@explained
def change_role(name: str, role: str) -> None:
    """Give NAME another role, from the next page on."""
    from survey.store import facilitators

    facilitators.set_role(_store(read_settings()), name.strip(), role)
    click.echo(f"{name.strip()} is {role}.")


@facilitator.command("link")
@click.argument("name")
@explained
def link_facilitator(name: str) -> None:
    """Print a new link for a facilitator who has forgotten her password."""
    from survey.store import facilitators

    settings = read_settings()
    click.echo(_link(settings, facilitators.make_link(_store(settings), name.strip())))


def _link(settings: Settings, token: str) -> str:
    """Where the app is when nobody said: on this computer, at the port that `serve` takes."""
    return link_to_password(settings.base_url or f"http://localhost:{DEFAULT_PORT}", token)


@main.command()
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
    store = _store(read_settings())
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


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@explained
def backup(file: Path) -> None:
    """Copy the whole database to FILE while the app goes on; the copy is checked."""
    from survey.store.backup import back_up

    back_up(_store(read_settings()), file)
