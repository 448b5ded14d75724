"""The one place that chooses the SQLite driver, and how durably it may be used."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.i18n import folded


@contextmanager
def _hidden(*modules: str) -> Iterator[None]:
    """As if these libraries were not installed."""
    there = {name: sys.modules[name] for name in modules if name in sys.modules}
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]
        sys.modules.update(there)


# sqlite-utils imports pandas where it is installed, for a type that is never stored here; each
# command would take two seconds more to start. It takes pysqlite3 where that is installed: a second
# copy of SQLite in the process would drop the first one's file locks, so everyone takes what it took.
with _hidden("pandas", "numpy"):
    from sqlite_utils import utils

sqlite3: Any = vars(utils)["sqlite3"]

SQLITE_VERSION: tuple[int, ...] = sqlite3.sqlite_version_info
IntegrityError = sqlite3.IntegrityError
OperationalError = sqlite3.OperationalError
DatabaseError = sqlite3.DatabaseError

BUSY_SECONDS = 30.0
WAL_LIMIT_BYTES = 16 * 1024 * 1024
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"}


@dataclass(frozen=True, slots=True)
class Journal:
    """How commits are made durable."""

    mode: str
    synchronous: str


def journal_for(version: tuple[int, ...]) -> Journal:
    """WAL where SQLite no longer has the WAL-reset bug, which lost committed rows; else a rollback
    journal. Both settings lose no acknowledged row at a power cut."""
    fixed = (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )
    return Journal("wal", "full") if fixed else Journal("delete", "extra")


JOURNAL = journal_for(SQLITE_VERSION)


def connect(path: Path) -> Any:
    """A connection without implicit transactions, durable and strict."""
    if not path.exists():  # answers are nobody else's to read on a shared computer
        path.touch(mode=0o600)
    connection = sqlite3.connect(
        str(path), isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )
    for pragma in (
        f"synchronous = {JOURNAL.synchronous}",
        f"journal_size_limit = {WAL_LIMIT_BYTES}",
        "foreign_keys = on",
        "secure_delete = on",
        "trusted_schema = off",
    ):
        connection.execute(f"pragma {pragma}")
    connection.create_function("writes", 2, writes, deterministic=True)
    return connection


def writes(texts: str, wanted: str) -> bool:
    """For SQL: whether one of the texts in a JSON array holds what is wanted, which is folded."""
    return any(
        wanted in folded(text)
        for each in json.loads(texts)
        for text in (each if isinstance(each, list) else [each])
        if isinstance(text, str)
    )


def network_file_system(path: Path) -> str | None:
    """The network file system a path lies on, whose locks SQLite cannot trust; None if it is local
    or this system does not tell."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return None
    found = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, place, kind, *_ = line.split(" ")
        place = place.replace("\\040", " ")
        if path.is_relative_to(place) and len(place) >= len(found[0]):
            found = (place, kind)
    return found[1] if found[1] in NETWORK_FILE_SYSTEMS else None
