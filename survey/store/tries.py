"""Sign-ins that failed: what makes the next one wait. Kept a quarter of an hour, by name alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from survey.store.clock import now
from survey.store.connection import Store
from survey.store.facilitators import MAX_NAME

KEPT = timedelta(minutes=15)
FREE = 5
"""So many may fail one right after the other."""

FIRST_WAIT, LONGEST_WAIT = 60, 480
"""Seconds after the fifth failure, doubled by each further one, and the most."""


class MustWait(Exception):
    """This name was tried wrongly too often; `seconds` are to pass before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} seconds")
        self.seconds = seconds


def wait_after(failures: int) -> int:
    """Seconds between the last of so many failures and the next try."""
    if failures < FREE:
        return 0
    return int(min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT))


def begin(store: Store, name: str, is_known: bool) -> int:
    """Notes a try as failed before it is known, so that tries at the same moment count each other.

    Tries from a browser in which this person signed in before are counted apart: strangers who try
    her name do not keep her out. Returns what `succeed` takes. Raises MustWait.
    """
    name = name[:MAX_NAME]
    with store.write() as database:
        database.execute("delete from failed_sign_in where failed_at < ?", (now(-KEPT),))
        failures, last = database.execute(
            "select count(*), max(failed_at) from failed_sign_in "
            "where facilitator = ? and is_known = ?",
            (name, int(is_known)),
        ).fetchone()
        seconds = _left(failures, last)
        if seconds > 0:
            raise MustWait(seconds)
        row = database.execute(
            "insert into failed_sign_in (facilitator, is_known, failed_at) values (?, ?, ?) "
            "returning id",
            (name, int(is_known), now()),
        ).fetchone()
    return int(row[0])


def _left(failures: int, last: str | None) -> int:
    if last is None:
        return 0
    passed = datetime.fromisoformat(now()) - datetime.fromisoformat(last)
    return int(wait_after(failures) - passed.total_seconds() + 0.999)


def succeed(store: Store, this: int) -> None:
    """This one try was right. What failed under the same name still counts."""
    with store.write() as database:
        database.execute("delete from failed_sign_in where id = ?", (this,))
