"""Recordings that questionnaire versions name: kept for good, once each, by a name that says what
they hold."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from survey.store.clock import now
from survey.store.connection import Store


def add(database: Database, contents: Mapping[str, bytes]) -> None:
    """Keeps recordings within a transaction; one that is there already stays as it is."""
    for name, content in contents.items():
        database.execute(
            "insert into recording (name, content, registered_at) values (?, ?, ?) "
            "on conflict (name) do nothing",
            (name, content, now()),
        )


def get(store: Store, name: str) -> bytes:
    """The bytes of a recording. Raises KeyError for a name that no version ever used."""
    with store.read() as database:
        row = database.execute("select content from recording where name = ?", (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    content: bytes = row[0]
    return content
