"""Prints how fast each export format writes made-up responses, and how much memory it takes.

Run it as `python -m benchmarks.exports`, or with `--responses 1000000 --rounds 1`. Each figure comes
from a process of its own that only reads, as a long export of the app does: all the responses, or as
many as a slow format gets, in each round (the median speed, the highest peak), then a tenth of them,
which shows whether memory grows. Beside the formats stand, in the same run, the least that any could
do: reading the rows, and reading them with `json.loads`; then what the store's scan makes of them for
every format, and the sqlite3 shell, where there is one, with its CSV of the view.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import click
from werkzeug.datastructures import MultiDict

from benchmarks.export_ways import FLOOR, IN_SHELL, TOGETHER, WAYS
from benchmarks.hall import made_up, open_hall, sent, show, souss_massa
from survey.app import services_of
from survey.export import FORMATS
from survey.form import QuestionnaireForm
from survey.questionnaire.model import Questionnaire
from survey.response import Answers, Sending, new_id
from survey.store import Store, responses
from survey.table import columns_of

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


def fill(folder: Path, count: int) -> tuple[str, int]:
    """Puts made-up responses into a store; one in twenty has a second revision. Gives the workshop's
    code, and how many bytes their answers have on average."""
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
    return workshop.code, round(mean)


def check(questionnaire: Questionnaire, answers: Answers) -> None:
    """Made-up answers must be what the form would have stored."""
    form = QuestionnaireForm(questionnaire, "fr", today=date.today())
    form.process(MultiDict(sent(questionnaire, answers)))
    assert form.validate() and form.answers == answers, form.errors


SLOW = {
    **dict.fromkeys((IN_SHELL, "xlsx", "parquet", "sav", "dta"), 200_000),
    **dict.fromkeys(("datapackage", "qdpx", "zip"), 20_000),
}
"""How many responses a slow way gets at most; a million are more than an XLSX file holds."""


def limit(way: str) -> str:
    """What memory a format may take; one that is not streaming has no limit."""
    if way not in FORMATS:
        return str(MEMORY_LIMIT) if way == TOGETHER else ""
    return str(MEMORY_LIMIT) if FORMATS[way].is_streaming else "grows"


def typical(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median speed, and the highest peak."""
    return {
        "rate": median(each["rate"] for each in rounds),
        "peak": max(each["peak"] for each in rounds),
        "size": rounds[0]["size"],
    }


def apart(folder: Path, code: str, way: str, count: int) -> dict[str, Any]:
    """Goes one way in a new process."""
    command = [sys.executable, "-m", "benchmarks.export_ways", str(folder), code, way, str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@click.command()
@click.option("--responses", "count", default=20_000, show_default=True)
@click.option("--rounds", default=3, show_default=True, help="How often each is measured.")
def main(count: int, rounds: int) -> None:
    """Speed and memory of every export format, beside reading alone."""
    counts = {way: min(count, SLOW.get(way, count)) for way in WAYS}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        code, mean = fill(folder, count)
        whole = [
            {way: apart(folder, code, way, counts[way]) for way in WAYS} for _ in range(rounds)
        ]
        a_tenth = {
            way: apart(folder, code, way, counts[way] // 10) for way in WAYS if way != TOGETHER
        }
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
                f"{a_tenth[way]['peak']:.1f}" if way in a_tenth else "",
                f"{found['size']:.1f}" if found["size"] else "",
            ]
            for way, found in all_of_them.items()
        ],
    )
    columns = len(columns_of(souss_massa()))
    click.echo(f"\nResponses of {mean:,} bytes on average; {columns} columns.")


if __name__ == "__main__":
    main()
