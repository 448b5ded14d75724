"""Prints how fast each export format writes made-up responses, and how much memory it takes.

Run it as `python -m benchmarks.exports`, or with `--responses 100000`. Each figure comes from a
process of its own that only reads: all the responses, three times (the median speed, the highest
peak), then a tenth of them, which shows whether memory grows. Beside the formats stand, in the same
run, the least that any could do: reading the rows, and reading them with `json.loads`; then what
the store's scan makes of them for every format.
"""

from __future__ import annotations

import json
import resource
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
from survey.table import Dataset, columns_of
from survey.table.shapes import WIDE

if TYPE_CHECKING:
    from sqlite_utils import Database

HEADER = (
    "codes",
    "rows a second",
    "times read + json",
    "peak MB",
    "limit MB",
    "of a tenth",
    "file MB",
)
MEMORY_LIMIT = 150
"""What a streaming format may take at most."""

ROUNDS = 3
CHECKED = 200
REVISED_EVERY = 20
KILOBYTE = 1024 if sys.platform == "darwin" else 1
"""ru_maxrss counts kilobytes, on macOS bytes."""

PLAIN_SQL = "select * from revision where workshop = ? order by sequence limit ?"
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
        for place in range(count):
            answers, id = made_up(questionnaire, chance), new_id()
            if place < CHECKED:
                check(questionnaire, answers)
            responses.add(hall, workshop.code, Sending(id, answers, "ar"))
            if place % REVISED_EVERY == 0:
                again = made_up(questionnaire, chance)
                responses.add(hall, workshop.code, Sending(id, again, "ar", replaces=1))
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


FLOOR = "floor: read + json.loads"
WAYS: dict[str, Callable[[Store, str, int, Path], None]] = {
    "floor: read the rows": only_read,
    FLOOR: read_and_parse,
    "the store’s scan": scan,
    **{name: export(format) for name, format in FORMATS.items() if name != "r"},
}
"""All but the script for R, which reads no responses."""


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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE / 1024
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
@click.pass_context
def main(context: click.Context, count: int) -> None:
    """Speed and memory of every export format, beside reading alone."""
    if context.invoked_subcommand is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        filled = apart("fill", folder, count)
        code = filled["code"]
        rounds = [
            {way: apart("measure", folder, code, way, count) for way in WAYS} for _ in range(ROUNDS)
        ]
        a_tenth = {way: apart("measure", folder, code, way, count // 10) for way in WAYS}
    all_of_them = {way: typical([each[way] for each in rounds]) for way in WAYS}
    floor = all_of_them[FLOOR]["rate"]
    show(
        HEADER,
        [
            [
                way,
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
    click.echo(f"\n{count:,} responses of {filled['mean']:,} bytes on average; {columns} columns.")


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
