"""Prints how fast each export format writes made-up responses, and how much memory it takes.

Run it as `python -m benchmarks.exports`, or with `--responses 1000000 --rounds 1`. Each figure comes
from a process of its own that only reads: all the responses, or as many as a slow format gets, in
each round (the median speed, the highest peak), then a tenth of them, which shows whether memory
grows. Beside the formats stand, in the same run, the least that any could do: reading the rows, and
reading them with `json.loads`; then what the store's scan makes of them for every format, and the
sqlite3 shell, where there is one, with its CSV of the view.
"""

from __future__ import annotations

import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import click
from werkzeug.datastructures import MultiDict

from benchmarks.hall import made_up, open_hall, sent, show, souss_massa
from survey.app import services_of, store_of
from survey.export import FORMATS, Format
from survey.form import QuestionnaireForm
from survey.questionnaire.model import Questionnaire
from survey.response import Answers, Sending, new_id
from survey.settings import Settings
from survey.store import Store, questionnaires, responses, workshops
from survey.store.views import view_name
from survey.table import Dataset, columns_of
from survey.table.shapes import WIDE

if TYPE_CHECKING:
    from sqlite_utils import Database

HEADER = (
    "codes",
    "responses",
    "rows a second",
    "times read + json",
    "peak MB",
    "limit MB",
    "of a tenth",
    "file MB",
)
MEMORY_LIMIT = 150
"""What a streaming format may take at most."""

MADE_UP = 20_000
"""Responses that differ. What is more repeats their answers under ids and receipts of its own, which no
format takes for less work; making all of them up would take longer than all the exports."""

CHECKED = 200
REVISED_EVERY = 20
KILOBYTE = 1024 if sys.platform == "darwin" else 1
"""ru_maxrss counts kilobytes, on macOS bytes."""

PLAIN_SQL = "select * from revision where workshop = ? order by sequence limit ?"
COPIED_SQL = (
    """
    insert into response (id, workshop, receipt, created_at)
    select substr(id, 1, 18) || printf('%08d', :copy), workshop,
        printf('%08X', :copy * :made_up + rowid), created_at
    from response where rowid <= :made_up
    """,
    """
    insert into revision (response, workshop, version, number, replaces, digest, answers, language,
        variant, channel, received_at)
    select substr(response, 1, 18) || printf('%08d', :copy), workshop, version, number, replaces,
        digest, answers, language, variant, channel, received_at
    from revision where sequence <= :last order by sequence
    """,
)
MEAN_SQL = "select avg(length(cast(answers as blob))) from revision"


class OneTransaction:
    """Stands in for a store all of whose writes belong to one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def write(self) -> Iterator[Database]:
        yield self.database


def fill(folder: Path, count: int) -> dict[str, Any]:
    """Puts made-up responses into a store; one in twenty has a second revision."""
    app, workshop = open_hall(folder)
    store, questionnaire, chance = services_of(app).store, souss_massa(), Random(1)
    with store.write() as database:
        hall = cast(Store, OneTransaction(database))
        for place in range(min(count, MADE_UP)):
            answers, id = made_up(questionnaire, chance), new_id()
            if place < CHECKED:
                check(questionnaire, answers)
            responses.add(hall, workshop.code, Sending(id, answers, "ar"))
            if place % REVISED_EVERY == 0:
                again = made_up(questionnaire, chance)
                responses.add(hall, workshop.code, Sending(id, again, "ar", replaces=1))
        last = database.execute("select max(sequence) from revision").fetchone()[0]
        for copy in range(1, math.ceil(count / MADE_UP)):
            for sql in COPIED_SQL:
                database.execute(sql, {"copy": copy, "made_up": MADE_UP, "last": last})
    with store.read() as database:
        mean = database.execute(MEAN_SQL).fetchone()[0]
    store.close()
    return {"code": workshop.code, "mean": round(mean)}


def check(questionnaire: Questionnaire, answers: Answers) -> None:
    """Made-up answers must be what the form would have stored."""
    form = QuestionnaireForm(questionnaire, "fr", today=date.today())
    form.process(MultiDict(sent(questionnaire, answers)))
    assert form.validate() and form.answers == answers, form.errors


def only_read(store: Store, code: str, count: int, _: Path) -> None:
    with store.read() as database:
        deque(database.execute(PLAIN_SQL, (code, count)), maxlen=0)


def read_and_parse(store: Store, code: str, count: int, _: Path) -> None:
    with store.read() as database:
        rows = database.execute(PLAIN_SQL, (code, count))
        place = [name for name, *_ in rows.description].index("answers")
        deque((json.loads(row[place]) for row in rows), maxlen=0)


def scan(store: Store, code: str, count: int, _: Path) -> None:
    deque(islice(responses.scan(store, code), count), maxlen=0)


def export(format: Format) -> Callable[[Store, str, int, Path], None]:
    def run(store: Store, code: str, count: int, target: Path) -> None:
        version = workshops.get(store, code).version
        questionnaire = questionnaires.get(store, version)
        dataset = Dataset(
            {version: questionnaire}, lambda: islice(responses.scan(store, code), count)
        )
        with target.open("wb") as file:
            format.export(dataset, WIDE, file)

    return run


def shell(store: Store, code: str, count: int, target: Path) -> None:
    """The view holds one questionnaire version's responses; there is no other workshop here."""
    version = workshops.get(store, code).version
    sql = f"select * from {view_name(version)} limit {count}"
    with target.open("wb") as file:
        subprocess.run(
            [str(SHELL), "-csv", "-header", str(store.path), sql], check=True, stdout=file
        )


SHELL, IN_SHELL = shutil.which("sqlite3"), "the sqlite3 shell: view to CSV"
FLOOR = "floor: read + json.loads"
WAYS: dict[str, Callable[[Store, str, int, Path], None]] = {
    "floor: read the rows": only_read,
    FLOOR: read_and_parse,
    "the store’s scan": scan,
    **({IN_SHELL: shell} if SHELL else {}),
    **{
        name: export(format)
        for name, format in FORMATS.items()
        if WIDE in format.shapes and name not in ("r", "qdc")
    },
}
"""All but the formats that read no responses: codebooks, and the script for R."""

SLOW = {
    **dict.fromkeys((IN_SHELL, "xlsx", "parquet", "sav", "dta"), 200_000),
    **dict.fromkeys(("datapackage", "qdpx", "zip"), 20_000),
}
"""How many responses a slow way gets at most; a million are more than an XLSX file holds."""


def limit(way: str) -> str:
    """What memory a format may take; one that is not streaming has no limit."""
    if way not in FORMATS:
        return ""
    return str(MEMORY_LIMIT) if FORMATS[way].is_streaming else "grows"


def measure(folder: Path, code: str, way: str, count: int) -> dict[str, Any]:
    """Goes one way once, in this process."""
    store, target = store_of(Settings(instance=folder)), folder / "export"
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    WAYS[way](store, code, count, target)
    seconds = time.perf_counter() - start
    whose = resource.RUSAGE_CHILDREN if way == IN_SHELL else resource.RUSAGE_SELF
    peak = resource.getrusage(whose).ru_maxrss / KILOBYTE / 1024
    size = target.stat().st_size / 1e6 if target.exists() else 0
    return {"rate": count / seconds, "peak": peak, "size": size}


def typical(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median speed, and the highest peak."""
    return {
        "rate": median(each["rate"] for each in rounds),
        "peak": max(each["peak"] for each in rounds),
        "size": rounds[0]["size"],
    }


def apart(step: str, *arguments: object) -> dict[str, Any]:
    """Takes a step in a new process. This one does no more than import, so that the peak which the
    new one inherits is never above its own."""
    command = [sys.executable, "-m", "benchmarks.exports", step, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@click.group(invoke_without_command=True)
@click.option("--responses", "count", default=20_000, show_default=True)
@click.option("--rounds", default=3, show_default=True, help="How often each is measured.")
@click.pass_context
def main(context: click.Context, count: int, rounds: int) -> None:
    """Speed and memory of every export format, beside reading alone."""
    if context.invoked_subcommand is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        filled = apart("fill", folder, count)
        counts = {way: min(count, SLOW.get(way, count)) for way in WAYS}

        def measured(share: int) -> dict[str, dict[str, Any]]:
            return {
                way: apart("measure", folder, filled["code"], way, counts[way] // share)
                for way in WAYS
            }

        whole, a_tenth = [measured(1) for _ in range(rounds)], measured(10)
    all_of_them = {way: typical([each[way] for each in whole]) for way in WAYS}
    floor = all_of_them[FLOOR]["rate"]
    show(
        HEADER,
        [
            [
                way,
                f"{counts[way]:,}",
                f"{found['rate']:,.0f}",
                f"{floor / found['rate']:.1f}",
                f"{found['peak']:.1f}",
                limit(way),
                f"{a_tenth[way]['peak']:.1f}",
                f"{found['size']:.1f}" if found["size"] else "",
            ]
            for way, found in all_of_them.items()
        ],
    )
    columns = len(columns_of(souss_massa()))
    click.echo(f"\nResponses of {filled['mean']:,} bytes on average; {columns} columns.")


@main.command("fill", hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("count", type=int)
def fill_step(folder: Path, count: int) -> None:
    click.echo(json.dumps(fill(folder, count)))


@main.command("measure", hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("code")
@click.argument("way")
@click.argument("count", type=int)
def measure_step(folder: Path, code: str, way: str, count: int) -> None:
    click.echo(json.dumps(measure(folder, code, way, count)))


if __name__ == "__main__":
    main()
