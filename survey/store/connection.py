"""Opens the database and hands out connections: many that read, one at a time that writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from survey.response import Workshop
from survey.store import driver, views
from survey.store.migrations import migrations

SETTLING_SECONDS = 30.0


class StoreError(Exception):
    """A database that cannot be used, and what the operator can do."""


class Store:
    """A database file. Threads share it; processes may share the file."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self.path = path
        self.secret = secret
        self.remembered: dict[str, tuple[float, Workshop]] = {}
        self._idle: list[Database] = []
        self._idle_lock = threading.Lock()
        self._write_lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A connection to read with; each statement sees one state of the database."""
        with self._idle_lock:
            database = self._idle.pop() if self._idle else None
        database = database or _database(self.path)
        try:
            yield database
        except BaseException:
            database.close()  # whatever state it is in ends here
            raise
        with self._idle_lock:
            self._idle.append(database)

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction, begun immediately; on disk when the block is left, undone if it raises."""
        with self._write_lock, self.read() as database, _transaction(database):
            yield database

    def close(self) -> None:
        """Closes every idle connection; a later use opens new ones."""
        with self._idle_lock:
            while self._idle:
                self._idle.pop().close()


def open_store(path: Path, secret: bytes) -> Store:
    """The store in a file, made or brought up to date. Several processes may do so at once.

    Raises StoreError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = driver.network_file_system(path.parent.resolve())
    if kind is not None:
        raise StoreError(
            f"{path.parent} is on a network file system ({kind}), where SQLite can lose answers. "
            "Set SURVEY_INSTANCE to a folder on this computer's own disk."
        )
    try:
        database = _database(path)
        try:
            _set_journal(database)
            _migrate(database)
        finally:
            database.close()
    except driver.DatabaseError as error:
        raise StoreError(f"{path} cannot be used as the database: {error}.") from error
    return Store(path, secret)


def about_database(store: Store) -> dict[str, str]:
    """The version of SQLite and how it makes commits durable, as the database itself says."""
    with store.read() as database:
        journal = database.conn.execute("pragma journal_mode").fetchone()[0]
        synchronous = database.conn.execute("pragma synchronous").fetchone()[0]
    version = ".".join(map(str, driver.SQLITE_VERSION))
    level = ("off", "normal", "full", "extra")[synchronous]
    return {"sqlite": version, "journal_mode": journal, "synchronous": level}


def _database(path: Path) -> Database:
    return Database(driver.connect(path), execute_plugins=False)


def _set_journal(database: Database) -> None:
    """Only one process can change the journal; the others wait until it is as wanted."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while database.conn.execute("pragma journal_mode").fetchone()[0] != driver.JOURNAL.mode:
        try:
            database.conn.execute(f"pragma journal_mode = {driver.JOURNAL.mode}")
        except driver.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _migrate(database: Database) -> None:
    # Migrations.apply alone would let two processes make the same tables.
    with _transaction(database):
        migrations.apply(database)
        views.refresh(database)


@contextmanager
def _transaction(database: Database) -> Iterator[None]:
    """Commits when the block is left. If that or anything in the block fails, nothing was written."""
    database.conn.execute("begin immediate")
    try:
        yield
        database.conn.execute("commit")
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("rollback")
        raise
