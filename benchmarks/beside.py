"""Prints what participants feel while exports are made: how long a sending takes, how the journal grows.

Run it as `python -m benchmarks.beside`. The server is waitress with 8 threads in a process of its own.
Whole responses arrive at a steady pace; each is timed from the moment when it is due, so that waiting
counts. Beside them run long CSV exports as the desk begins them, one after the other.
"""

from __future__ import annotations

import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.exports import fill
from benchmarks.hall import open_app, show
from benchmarks.requests import LANGUAGE, Timing, ms, posts, raw, reply, serve, whole_bodies
from survey import export_jobs
from survey.orders import Order
from survey.response import new_id
from survey.settings import Settings
from survey.table.shapes import WIDE

CONNECTIONS = 8
LOOK = 0.05
"""Seconds between two looks at the journal, and at an export."""

WARM_UP = 3.0
"""Seconds; also the time an export needs until it reads and writes."""


@dataclass
class Beside:
    """What goes on beside the sendings: exports, and looks at the size of the journal."""

    settings: Settings
    code: str
    ended: threading.Event = field(default_factory=threading.Event)
    finished: int = 0
    largest: int = 0

    def export(self) -> None:
        """One export after the other, as the desk begins them; the last one is cancelled."""
        order = Order((self.code,), "csv", WIDE)
        while not self.ended.is_set():
            id = export_jobs.begin(self.settings, "benchmark", order, "answers.csv", 0)
            while (job := self._job(id)).state == export_jobs.RUNNING and not self.ended.is_set():
                time.sleep(LOOK)
            assert job.state in (export_jobs.RUNNING, export_jobs.READY), job
            self.finished += job.state == export_jobs.READY
            export_jobs.remove(job)

    def _job(self, id: str) -> export_jobs.Job:
        job = export_jobs.find(self.settings, "benchmark", id)
        assert job is not None
        return job

    def look(self) -> None:
        journal = self.settings.database.with_name(f"{self.settings.database.name}-wal")
        while not self.ended.is_set():
            if journal.exists():
                self.largest = max(self.largest, journal.stat().st_size)
            time.sleep(LOOK)


class Phones:
    """Connections that are kept, each for one sending at a time."""

    def __init__(self, port: int) -> None:
        self.port, self.kept = port, threading.local()

    def send(self, path: str, body: bytes | None, due: float) -> float:
        """Seconds from the moment it is due until the reply."""
        if not hasattr(self.kept, "connection"):
            self.kept.connection = socket.create_connection(("127.0.0.1", self.port))
        self.kept.connection.sendall(raw(path, body))
        status, _ = reply(self.kept.connection)
        assert status == "303", status
        return time.perf_counter() - due


def arrive(port: int, home: str, bodies: list[bytes], pace: float, seconds: float) -> Timing:
    """Sendings at a steady pace, whether or not those before have their replies."""
    wanted = posts(home, bodies, int(pace * seconds))
    phones, start = Phones(port), time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        sendings = []
        for place, (path, body) in enumerate(wanted):
            due = start + place / pace
            time.sleep(max(0.0, due - time.perf_counter()))
            sendings.append(pool.submit(phones.send, path, body, due))
        took = [each.result() for each in sendings]
    return Timing(took, time.perf_counter() - start, 0.0)


def measure(
    name: str, exports: int, beside: Beside, sendings: Callable[[float], Timing], seconds: float
) -> list[str]:
    """A row of the table, with so many exports at the same time."""
    threads = [threading.Thread(target=beside.export) for _ in range(exports)]
    threads.append(threading.Thread(target=beside.look))
    for thread in threads:
        thread.start()
    try:
        sendings(WARM_UP)
        timing = sendings(seconds)
    finally:
        beside.ended.set()
        for thread in threads:
            thread.join()
    times = [timing.quantile(share) for share in (0.5, 0.99, 1.0)]
    journal = f"{beside.largest / 1e6:.1f}"
    return [name, str(len(timing.took)), *map(ms, times), journal, str(beside.finished)]


@click.command()
@click.option("--responses", "count", default=100_000, show_default=True, help="What is exported.")
@click.option("--seconds", default=30.0, show_default=True, help="For each row.")
@click.option("--pace", default=10.0, show_default=True, help="Sendings a second.")
def main(count: int, seconds: float, pace: float) -> None:
    """What participants feel while long exports are made."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        code, _ = fill(folder, count)
        home = f"/{code}/{LANGUAGE}"
        bodies = whole_bodies(open_app(folder), f"{home}/{new_id()}")
        said, other = spawn.Pipe()
        server = spawn.Process(target=serve, args=(folder, f"{home}/{new_id()}", other))
        server.start()
        try:
            port = said.recv()
            rows = [
                measure(
                    name,
                    exports,
                    Beside(Settings(instance=folder), code),
                    lambda time: arrive(port, home, bodies, pace, time),
                    seconds,
                )
                for name, exports in (("nothing", 0), ("an export", 1), ("two exports", 2))
            ]
        finally:
            server.terminate()
            server.join()
    columns = ("sendings", "p50 ms", "p99 ms", "longest ms", "journal MB", "exports finished")
    show((f"beside {pace:g} sendings a second: {count:,} responses as CSV", *columns), rows)


if __name__ == "__main__":
    main()
