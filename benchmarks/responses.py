"""Prints what the desk's list of responses costs the server in a workshop with many of them.

Run it as `python -m benchmarks.responses`. Each page is asked for within the process, so that no
network and no browser is in the figures.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import click

from benchmarks.exports import fill
from benchmarks.hall import show
from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.settings import Settings
from survey.store import facilitators

PAGES = {
    "the newest page": "",
    "the oldest page": "before=60",
    "one actor group": "group=finance",
    "one province": "territory=09.541",
    "language, channel, corrected": "language=ar&channel=web&corrected=yes",
    "a word that many wrote": "q=transport",
    "a word that nobody wrote": "q=zzzzzzzz",
    "the same within one actor group": "q=zzzzzzzz&group=finance",
}
HEADER = ("page", "median CPU ms", "longest CPU ms", "statements")


@click.command()
@click.option("--count", default=10_000, show_default=True, help="Responses in the workshop.")
@click.option("--runs", default=9, show_default=True, help="Times each page is asked for.")
def main(count: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        code = fill(folder, count)["code"]
        app = create_app(Settings(instance=folder), "http://192.168.8.10:8000")
        store = services_of(app).store
        facilitators.add(store, "samira")
        desk = app.test_client()
        desk.set_cookie(COOKIE, facilitators.begin_session(store, "samira"), path="/desk")
        rows = []
        for page, query in PAGES.items():
            address = f"/desk/fr/workshops/{code}/responses?{query}"
            desk.get(address)
            statements: list[str] = []
            with store.read() as database:
                database.conn.set_trace_callback(statements.append)
            desk.get(address)
            with store.read() as database:
                database.conn.set_trace_callback(None)
            times = []
            for _ in range(runs):
                begun = time.process_time()
                assert desk.get(address).status_code == 200
                times.append(1000 * (time.process_time() - begun))
            rows.append((page, round(median(times)), round(max(times)), len(statements)))
        show(HEADER, rows)
        store.close()


if __name__ == "__main__":
    main()
