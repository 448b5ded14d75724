"""Who did what and when: only ever added to, in the transaction of what it tells of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from survey.store.clock import now
from survey.store.connection import Store

PAGE = 50

SIGNED_IN = "signed_in"
SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
PASSWORD_CHOSEN = "password_chosen"
INVITED = "invited"
LINK_MADE = "link_made"
MADE_ADMINISTRATOR = "made_administrator"
MADE_FACILITATOR = "made_facilitator"
MADE_OBSERVER = "made_observer"
DISABLED = "disabled"
ENABLED = "enabled"
CREATED = "created"
COPIED = "copied"
CHANGED = "changed"
VERSION_TAKEN = "version_taken"
SHARED = "shared"
TAKEN_BACK = "taken_back"
OPENED = "opened"
PAUSED = "paused"
CLOSED = "closed"
ARCHIVED = "archived"
UNARCHIVED = "unarchived"
EXPORTED = "exported"
TAKEN_IN = "taken_in"
ERASED = "erased"
WITHDRAWN = "withdrawn"
MARKED_TEST = "marked_test"
MARKED_DUPLICATE = "marked_duplicate"
UNMARKED = "unmarked"
ENTERED_TWICE = "entered_twice"
REVEALED = "revealed"
RENEWED = "renewed"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `facilitator` is None for the command line, and for the participant who
    took her answers back. `detail` is a name, a format or a number, never an answer."""

    sequence: int
    at: str
    facilitator: str | None
    action: str
    workshop: str | None
    detail: str


def note(
    database: Database, action: str, by: str | None, workshop: str | None = None, detail: str = ""
) -> None:
    """Adds a line, within the caller's transaction."""
    database.execute(
        "insert into log (at, facilitator, action, workshop, detail) values (?, ?, ?, ?, ?)",
        (now(), by, action, workshop, detail),
    )


def note_alone(
    store: Store, action: str, by: str | None, workshop: str | None = None, detail: str = ""
) -> None:
    """Adds a line about what is no transaction itself, such as an export."""
    with store.write() as database:
        note(database, action, by, workshop, detail)


def page(store: Store, workshop: str | None = None, before: int | None = None) -> list[Entry]:
    """A page of the log of one workshop, or of everything: the newest lines first, all of them
    older than `before`. One line more than a page says that there is another page."""
    with store.read() as database:
        rows = database.execute(
            "select sequence, at, facilitator, action, workshop, detail from log "
            "where (?1 is null or workshop = ?1) and (?2 is null or sequence < ?2) "
            "order by sequence desc limit ?3",
            (workshop, before, PAGE + 1),
        ).fetchall()
    return [Entry(*row) for row in rows]
