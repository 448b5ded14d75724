"""The ways to read or export all responses of a workshop, each gone once, in a process of its own.

`python -m benchmarks.export_ways FOLDER CODE WAY COUNT` prints what one took as JSON. It imports no
more than a long export of the app does, so that its memory is that of the app's.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from survey import stretches
from survey.export import FORMATS
from survey.orders import Order
from survey.settings import Settings
from survey.store import Store, responses, workshops
from survey.store.views import view_name
from survey.table.shapes import WIDE

Way = Callable[[Store, str, int, Path], None]
"""Goes through so many responses of a workshop; may write to a path."""

PLAIN_SQL = "select * from revision where workshop = ? order by sequence limit ?"
KILOBYTE = 1024 if sys.platform == "darwin" else 1
"""ru_maxrss counts kilobytes, on macOS bytes."""

STATUS = Path("/proc/self/status")
PROCESSES = 2


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


def shell(store: Store, code: str, count: int, target: Path) -> None:
    """The view holds one questionnaire version's responses; there is no other workshop here."""
    version = workshops.get(store, code).version
    sql = f"select * from {view_name(version)} limit {count}"
    with target.open("wb") as file:
        subprocess.run(
            [str(SHELL), "-csv", "-header", str(store.path), sql], check=True, stdout=file
        )


def export(name: str) -> Way:
    def run(store: Store, code: str, count: int, target: Path) -> None:
        order = Order((code,), name, WIDE)
        dataset = order.dataset(store)
        first = replace(dataset, responses=lambda: islice(dataset.responses(), count))
        with target.open("wb") as file:
            order.format.export(first, WIDE, file)

    return run


def together(name: str) -> Way:
    """Always goes through all responses."""

    def run(store: Store, code: str, _: int, target: Path) -> None:
        with target.open("wb") as file:
            stretches.write(store, Order((code,), name, WIDE), file, PROCESSES, lambda _: None)

    return run


SHELL, IN_SHELL = shutil.which("sqlite3"), "the sqlite3 shell: view to CSV"
FLOOR = "floor: read + json.loads"
TOGETHER = f"csv, {PROCESSES} processes"
WAYS: dict[str, Way] = {
    "floor: read the rows": only_read,
    FLOOR: read_and_parse,
    "the store’s scan": scan,
    **({IN_SHELL: shell} if SHELL else {}),
    "csv": export("csv"),
    TOGETHER: together("csv"),
    **{
        name: export(name)
        for name, format in FORMATS.items()
        if WIDE in format.shapes and name not in ("csv", "r", "qdc")
    },
}
"""All but the formats that read no responses: codebooks, and the script for R."""


def go(folder: Path, code: str, way: str, count: int) -> dict[str, Any]:
    """Goes one way once, in this process: responses a second, MB at the peak, MB of the file."""
    store, target = Store(Settings(instance=folder).database, b""), folder / "export"
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    WAYS[way](store, code, count, target)
    seconds = time.perf_counter() - start
    size = target.stat().st_size / 1e6 if target.exists() else 0
    return {"rate": count / seconds, "peak": peak_of(way), "size": size}


def peak_of(way: str) -> float:
    """The memory at its peak, in MB; that of all processes where several work together."""
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / KILOBYTE / 1024
    if way == IN_SHELL:
        return largest_child
    return its_own() + (PROCESSES - 1) * largest_child if way == TOGETHER else its_own()


def its_own() -> float:
    """The peak of this process. On Linux `ru_maxrss` begins with that of the process before it."""
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE / 1024


if __name__ == "__main__":
    folder, code, way, count = sys.argv[1:]
    print(json.dumps(go(Path(folder), code, way, int(count))))  # noqa: T201
