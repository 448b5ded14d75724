"""What a workshop's hall is like, and the pulse that tells whether its numbers have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.store.connection import Store
from survey.store.workshops import UnknownWorkshop


@dataclass(frozen=True, slots=True)
class Hall:
    """The Wi-Fi of the hall, "" for none, and how many of each actor group are expected there."""

    wifi_name: str = ""
    wifi_password: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)


def get(store: Store, code: str) -> Hall:
    """Raises UnknownWorkshop."""
    with store.read() as database:
        row = database.execute(
            "select wifi_name, wifi_password from workshop where code = ?", (code,)
        ).fetchone()
        if row is None:
            raise UnknownWorkshop(code)
        expected = database.execute(
            "select actor_group, number from expected where workshop = ?", (code,)
        ).fetchall()
    name, password = row
    return Hall(name, password, dict(expected))


def keep(store: Store, code: str, hall: Hall) -> None:
    """Puts this hall in the place of what was said of it before. Raises UnknownWorkshop."""
    with store.write() as database:
        kept = database.execute(
            "update workshop set wifi_name = ?, wifi_password = ? where code = ?",
            (hall.wifi_name, hall.wifi_password, code),
        )
        if kept.rowcount == 0:
            raise UnknownWorkshop(code)
        database.execute("delete from expected where workshop = ?", (code,))
        for group, number in hall.expected.items():
            database.execute("insert into expected values (?, ?, ?)", (code, group, number))


def pulse(store: Store, code: str) -> str:
    """A short text that changes with whatever the wall shows of a workshop, for one small read.
    Whatever is erased, marked or unmarked leaves its line in the log."""
    with store.read() as database:
        row = database.execute(
            """
            select state,
              (select max(sequence) from revision where workshop = code),
              (select max(sequence) from log where workshop = code),
              (select json_group_object(actor_group, number) from expected where workshop = code)
            from workshop where code = ?
            """,
            (code,),
        ).fetchone()
    if row is None:
        raise UnknownWorkshop(code)
    return " ".join(map(str, row))


def last_arrival(store: Store, code: str) -> str | None:
    """When the newest answers of a workshop came, None if there are none."""
    with store.read() as database:
        row = database.execute(
            "select received_at from revision where workshop = ? order by sequence desc limit 1",
            (code,),
        ).fetchone()
    return None if row is None else str(row[0])
