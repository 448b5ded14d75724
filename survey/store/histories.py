"""One response by its receipt, with all its revisions; marked, unmarked, entered a second time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from survey.response import DUPLICATE, TEST, Response
from survey.store import log
from survey.store.clock import now
from survey.store.connection import Store
from survey.store.responses import SELECT, Erased, UnknownResponse, response_of

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class History:
    """A response's revisions, the oldest first, and what facilitators said of it."""

    revisions: tuple[Response, ...]
    mark_reason: str = ""
    entered_twice_at: str | None = None

    @property
    def newest(self) -> Response:
        return self.revisions[-1]


def get(store: Store, receipt: str) -> History:
    """Raises UnknownResponse or Erased."""
    with store.read() as database:
        row = database.execute(
            "select id, mark_reason, entered_twice_at from response where receipt = ?", (receipt,)
        ).fetchone()
        if row is None:
            raise UnknownResponse(receipt)
        id, mark_reason, entered_twice_at = row
        rows = database.execute(
            f"{SELECT} where revision.response = ? order by number", (id,)
        ).fetchall()
    if not rows:  # erased before this, or just now
        raise Erased(receipt)
    return History(tuple(map(response_of, rows)), mark_reason, entered_twice_at)


LOGGED = {TEST: log.MARKED_TEST, DUPLICATE: log.MARKED_DUPLICATE}


def mark(store: Store, receipt: str, mark: str, reason: str, by: str | None = None) -> None:
    """Keeps a response from being counted; nothing happens where this is said of it already. Raises
    UnknownResponse or Erased."""
    with store.write() as database:
        workshop = _workshop(database, receipt)
        changed = database.execute(
            "update response set mark = ?1, mark_reason = ?2 where receipt = ?3 "
            "and (mark is not ?1 or mark_reason <> ?2) returning receipt",
            (mark, reason, receipt),
        ).fetchone()
        if changed:
            log.note(database, LOGGED[mark], by, workshop, f"{receipt} – {reason}")


def unmark(store: Store, receipt: str, by: str | None = None) -> None:
    """Counts a response again; nothing happens where it is counted. Raises UnknownResponse or
    Erased."""
    with store.write() as database:
        workshop = _workshop(database, receipt)
        changed = database.execute(
            "update response set mark = null, mark_reason = '' "
            "where receipt = ? and mark is not null returning receipt",
            (receipt,),
        ).fetchone()
        if changed:
            log.note(database, log.UNMARKED, by, workshop, receipt)


def enter_twice(store: Store, receipt: str, by: str | None = None) -> None:
    """Says that a paper form was typed in a second time, and agreed or was settled. Raises
    UnknownResponse or Erased."""
    with store.write() as database:
        workshop = _workshop(database, receipt)
        database.execute(
            "update response set entered_twice_at = ? where receipt = ?", (now(), receipt)
        )
        log.note(database, log.ENTERED_TWICE, by, workshop, receipt)


def _workshop(database: Database, receipt: str) -> str:
    row = database.execute(
        "select workshop, erased_at from response where receipt = ?", (receipt,)
    ).fetchone()
    if row is None:
        raise UnknownResponse(receipt)
    if row[1] is not None:
        raise Erased(receipt)
    return str(row[0])
