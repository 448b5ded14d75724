"""Exports that are kept for a while, each in a folder of its own: long ones, which a process makes
that only reads, and those of which there is something to know before the download."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from survey.datasets import watch
from survey.i18n import Sentence, SentenceError
from survey.orders import Order, order_of
from survey.settings import PROJECT, Settings
from survey.store import Store

FOLDER = "exports"
ORDER, PROGRESS, FILE, CANCELLED = "order.json", "progress", "file", "cancelled"
WARNINGS, PROBLEM = "warnings.json", "problem.json"
DAY = 86_400
BEAT = 0.5
"""Seconds between two signs of life."""

SILENCE = 30
"""Seconds without a sign of life after which a process is taken for ended."""

MOST = 2
"""So many may run at once: a laptop also serves phones."""

NICENESS = 10

RUNNING, READY, FAILED, STOPPED = "running", "ready", "failed", "stopped"


class TooMany(Exception):
    """Other exports are under way; this one has to wait."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kept export as it is now. `read` of `all` responses have been read, each as often as it is;
    `warnings` say what its format could not hold whole."""

    folder: Path
    owner: str
    order: Order
    name: str
    all: int
    read: int
    begun: float
    state: str
    warnings: tuple[Sentence, ...] = ()
    problem: Sentence | None = None

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def percent(self) -> int:
        return min(99, 100 * self.read // max(self.all, 1)) if self.state == RUNNING else 100


def begin(settings: Settings, owner: str, order: Order, name: str, work: int) -> str:
    """Starts the process; returns the job's id. Raises TooMany."""
    clean(settings)
    if sum(job.state == RUNNING for job in _every(settings)) >= MOST:
        raise TooMany
    folder = _folder_for(settings)
    _describe(folder, owner, order, name, work)
    command = [sys.executable, "-P", "-m", "survey.export_jobs", str(folder)]
    paths = filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    threading.Thread(target=process.wait, daemon=True).start()  # so that nothing is left of it
    return folder.name


def keep(
    settings: Settings,
    owner: str,
    order: Order,
    name: str,
    file: IO[bytes],
    warnings: Sequence[Sentence],
) -> str:
    """Keeps a file that is made already, with what there is to know of it; returns the job's id."""
    clean(settings)
    folder = _folder_for(settings)
    file.seek(0)
    with os.fdopen(_opened(folder / FILE), "wb") as kept:
        shutil.copyfileobj(file, kept)
    _warn(folder, warnings)
    _describe(folder, owner, order, name, 0)
    return folder.name


def _folder_for(settings: Settings) -> Path:
    folder = settings.instance / FOLDER / secrets.token_hex(16)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    return folder


def _describe(folder: Path, owner: str, order: Order, name: str, work: int) -> None:
    """From now on it is found: so the last thing that is written of a new one."""
    about = {"owner": owner, "order": order.as_json(), "name": name, "all": work}
    _write(folder / PROGRESS, "0")
    _write(folder / ORDER, json.dumps({**about, "begun": time.time()}))


def _warn(folder: Path, warnings: Sequence[Sentence]) -> None:
    _write(folder / WARNINGS, json.dumps([asdict(each) for each in warnings]))


def jobs_of(settings: Settings, owner: str) -> list[Job]:
    """Somebody's exports, the newest first."""
    clean(settings)
    found = [job for job in _every(settings) if job.owner == owner]
    return sorted(found, key=lambda job: (-job.begun, job.id))


def find(settings: Settings, owner: str, id: str) -> Job | None:
    """Her export of this id. The id is only compared: no path is made of it."""
    return next((job for job in jobs_of(settings, owner) if job.id == id), None)


def remove(job: Job) -> None:
    """Cancels it, or throws its file away; its process ends within a moment."""
    _write(job.folder / CANCELLED, "")
    shutil.rmtree(job.folder, ignore_errors=True)


def forget(settings: Settings, code: str) -> None:
    """Removes everybody's exports of a workshop: one of its responses was erased."""
    for job in _every(settings):
        if code in job.order.codes:
            remove(job)


def clean(settings: Settings) -> None:
    """Removes what is older than a day, and what was cancelled."""
    for folder in _folders(settings):
        with suppress(OSError):
            is_old = folder.stat().st_mtime < time.time() - DAY
            if is_old or (folder / CANCELLED).exists():
                shutil.rmtree(folder, ignore_errors=True)


def _folders(settings: Settings) -> list[Path]:
    with suppress(FileNotFoundError):
        return [*(settings.instance / FOLDER).iterdir()]
    return []


def _every(settings: Settings) -> Iterator[Job]:
    for folder in _folders(settings):
        with suppress(FileNotFoundError):  # it is being made, or removed
            if not (folder / CANCELLED).exists():
                yield _job(folder)


def _job(folder: Path) -> Job:
    about = json.loads((folder / ORDER).read_text(encoding="utf-8"))
    state, warnings, problem = RUNNING, [], None
    if (folder / FILE).exists():
        state, warnings = READY, _read(folder / WARNINGS)
    elif (folder / PROBLEM).exists():
        state, problem = FAILED, _read(folder / PROBLEM)
    elif (folder / PROGRESS).stat().st_mtime < time.time() - SILENCE:
        state = STOPPED
    return Job(
        folder,
        about["owner"],
        order_of(about["order"]),
        about["name"],
        about["all"],
        int((folder / PROGRESS).read_text(encoding="ascii")),
        about["begun"],
        state,
        tuple(Sentence(**each) for each in warnings),
        Sentence(**problem) if problem else None,
    )


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    """Writes a small file whole, for nobody else to read."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with suppress(FileNotFoundError):  # the folder was removed meanwhile
        with os.fdopen(_opened(draft), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)


def _opened(path: Path) -> int:
    """A new file, for nobody else to read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


class _Life:
    """Says in a file, every moment, that the process lives and how far it is; ends it if wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read = folder, 0
        threading.Thread(target=self._beat, daemon=True).start()

    def tell(self, read: int) -> None:
        self.read = read

    def _beat(self) -> None:
        while True:
            if not (self.folder / ORDER).exists() or (self.folder / CANCELLED).exists():
                shutil.rmtree(self.folder, ignore_errors=True)
                os._exit(0)
            _write(self.folder / PROGRESS, str(self.read))
            time.sleep(BEAT)


def run(folder: Path) -> None:
    """Makes the file of a job, in its own process. The store is only read."""
    os.umask(0o077)
    with suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(NICENESS)
    if not (folder / ORDER).exists():  # cancelled before it began
        return
    about: dict[str, Any] = json.loads((folder / ORDER).read_text(encoding="utf-8"))
    life = _Life(folder)
    settings = Settings(instance=folder.parent.parent)
    store = Store(settings.database, b"")
    draft = folder / f"{FILE}.part"
    try:
        with draft.open("wb") as file:
            _warn(folder, order_of(about["order"]).write(store, file, watch(life.tell)))
        draft.replace(folder / FILE)
    except SentenceError as error:
        _write(folder / PROBLEM, json.dumps(asdict(error.sentence)))
    except Exception:
        _write(folder / PROBLEM, json.dumps(None))
        raise
    finally:
        draft.unlink(missing_ok=True)
        store.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # the app is stopped, and this with it
        run(Path(sys.argv[1]))
