"""With whom a workshop is shared, besides its owner and the administrators."""

from __future__ import annotations

from survey.store import log, workshops
from survey.store.clock import now
from survey.store.connection import Store
from survey.store.facilitators import UnknownFacilitator


def is_shared(store: Store, code: str, name: str) -> bool:
    """Whether a workshop is shared with somebody."""
    with store.read() as database:
        row = database.execute(
            "select 1 from workshop_share where workshop = ? and facilitator = ?", (code, name)
        ).fetchone()
    return row is not None


def names(store: Store, code: str) -> set[str]:
    """With whom a workshop is shared."""
    with store.read() as database:
        rows = database.execute(
            "select facilitator from workshop_share where workshop = ?", (code,)
        ).fetchall()
    return {str(row[0]) for row in rows}


def share(store: Store, code: str, name: str, by: str | None = None) -> None:
    """Lets somebody see a workshop. Raises UnknownWorkshop or UnknownFacilitator."""
    workshops.get(store, code)
    with store.write() as database:
        row = database.execute(
            "select name from facilitator where name = ? and disabled_at is null", (name,)
        ).fetchone()
        if row is None:
            raise UnknownFacilitator(f"there is no facilitator called {name}")
        added = database.execute(
            "insert into workshop_share values (?, ?, ?) "
            "on conflict (workshop, facilitator) do nothing returning workshop",
            (code, row[0], now()),
        ).fetchone()
        if added:
            log.note(database, log.SHARED, by, code, str(row[0]))


def take_back(store: Store, code: str, name: str, by: str | None = None) -> None:
    """Ends sharing; nothing happens where it was not shared. Raises UnknownWorkshop."""
    workshops.get(store, code)
    with store.write() as database:
        gone = database.execute(
            "delete from workshop_share where workshop = ? and facilitator = ? "
            "returning facilitator",
            (code, name),
        ).fetchone()
        if gone:
            log.note(database, log.TAKEN_BACK, by, code, str(gone[0]))
