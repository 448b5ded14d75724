"""Facilitators, their roles, one-time links and sessions. Only keyed hashes of tokens are stored."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import Any

from sqlite_utils import Database

from survey.response import ADMINISTRATOR, Facilitator
from survey.store import log
from survey.store.clock import now
from survey.store.connection import Store

LINK_HOURS = 1
MAX_NAME = 64
COLUMNS = "facilitator.name, role, disabled_at, password, facilitator.created_at"

MADE = {
    "administrator": log.MADE_ADMINISTRATOR,
    "facilitator": log.MADE_FACILITATOR,
    "observer": log.MADE_OBSERVER,
}


class FacilitatorError(Exception):
    """What cannot be done with a facilitator's account."""


class BadName(FacilitatorError):
    """A name that is empty, long or invisible."""


class NameTaken(FacilitatorError):
    """There is a facilitator of this name already."""


class UnknownFacilitator(FacilitatorError):
    """There is no facilitator of this name, or she is disabled."""


class LastAdministrator(FacilitatorError):
    """Somebody must stay who can let others in."""


def _hash(store: Store, token: str) -> str:
    return hmac.new(store.secret, token.encode(), "sha256").hexdigest()


def _facilitator(row: tuple[Any, ...]) -> Facilitator:
    name, role, disabled_at, password, created_at = row
    return Facilitator(name, role, disabled_at is not None, password is not None, created_at)


def add(store: Store, name: str, role: str = ADMINISTRATOR, by: str | None = None) -> None:
    """A new account, without a password yet. Raises BadName or NameTaken."""
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise BadName(f"A name has 1 to {MAX_NAME} visible characters.")
    with store.write() as database:
        if _find(database, name) is not None:
            raise NameTaken(f"there is a facilitator called {name} already")
        database.execute(
            "insert into facilitator (name, role, created_at) values (?, ?, ?)", (name, role, now())
        )
        log.note(database, log.INVITED, by, detail=name)
        log.note(database, MADE[role], by, detail=name)


def _find(database: Database, name: str) -> Facilitator | None:
    row = database.execute(f"select {COLUMNS} from facilitator where name = ?", (name,)).fetchone()
    return None if row is None else _facilitator(row)


def _existing(database: Database, name: str) -> Facilitator:
    found = _find(database, name)
    if found is None:
        raise UnknownFacilitator(f"there is no facilitator called {name}")
    return found


def every(store: Store) -> list[Facilitator]:
    """All accounts, by name."""
    with store.read() as database:
        rows = database.execute(f"select {COLUMNS} from facilitator order by name").fetchall()
    return [_facilitator(row) for row in rows]


def set_role(store: Store, name: str, role: str, by: str | None = None) -> None:
    """Raises UnknownFacilitator or LastAdministrator."""
    with store.write() as database:
        found = _existing(database, name)
        if found.role == role:
            return
        _keep_an_administrator(database, found)
        database.execute("update facilitator set role = ? where name = ?", (role, name))
        log.note(database, MADE[role], by, detail=found.name)


def disable(store: Store, name: str, by: str | None = None) -> None:
    """Ends her sessions and links at once. Raises UnknownFacilitator or LastAdministrator."""
    with store.write() as database:
        found = _existing(database, name)
        if found.is_disabled:
            return
        _keep_an_administrator(database, found)
        database.execute("update facilitator set disabled_at = ? where name = ?", (now(), name))
        _end_all(database, name)
        log.note(database, log.DISABLED, by, detail=found.name)


def enable(store: Store, name: str, by: str | None = None) -> None:
    """Lets her sign in again, with the password she had. Raises UnknownFacilitator."""
    with store.write() as database:
        found = _existing(database, name)
        if found.is_disabled:
            database.execute("update facilitator set disabled_at = null where name = ?", (name,))
            log.note(database, log.ENABLED, by, detail=found.name)


def _keep_an_administrator(database: Database, but: Facilitator) -> None:
    """Another who can sign in, where this one can."""
    if not but.is_administrator or but.is_disabled:
        return
    row = database.execute(
        "select 1 from facilitator where role = ? and disabled_at is null and name <> ? "
        "and (password is not null or ?)",
        (ADMINISTRATOR, but.name, int(not but.has_password)),
    ).fetchone()
    if row is None:
        raise LastAdministrator(f"{but.name} is the last administrator: make another one first")


def make_link(store: Store, name: str, by: str | None = None) -> str:
    """A token, good for one hour and once, with which the facilitator chooses a password. Links
    made before are over. Raises UnknownFacilitator."""
    token = secrets.token_urlsafe(24)
    with store.write() as database:
        found = _existing(database, name)
        if found.is_disabled:
            raise UnknownFacilitator(f"{found.name} is disabled: enable the account first")
        _end_links(database, name)
        database.execute(
            "insert into one_time_link (token, facilitator, expires_at) values (?, ?, ?)",
            (_hash(store, token), name, now(timedelta(hours=LINK_HOURS))),
        )
        log.note(database, log.LINK_MADE, by, detail=found.name)
    return token


def facilitator_of_link(store: Store, token: str) -> str | None:
    """Whose link this is, while it is good; looking does not use it up."""
    with store.read() as database:
        row = database.execute(
            "select name from one_time_link join facilitator on name = facilitator "
            "where token = ? and used_at is null and expires_at > ?",
            (_hash(store, token), now()),
        ).fetchone()
    return None if row is None else str(row[0])


def use_link(store: Store, token: str, password: str) -> str | None:
    """Sets the password (already hashed) and ends the link and every session of the account.

    Returns the facilitator, or None for a link that is not good any more.
    """
    with store.write() as database:
        row = database.execute(
            "update one_time_link set used_at = ? "
            "where token = ? and used_at is null and expires_at > ? returning facilitator",
            (now(), _hash(store, token), now()),
        ).fetchone()
        if row is None:
            return None
        name = _existing(database, str(row[0])).name
        _set_password(database, name, password)
    return name


def change_password(store: Store, name: str, password: str) -> None:
    """Sets the password (already hashed) and ends every session and link of the account."""
    with store.write() as database:
        _set_password(database, name, password)


def _set_password(database: Database, name: str, password: str) -> None:
    database.execute("update facilitator set password = ? where name = ?", (password, name))
    _end_all(database, name)
    log.note(database, log.PASSWORD_CHOSEN, name)


def password_of(store: Store, name: str) -> str | None:
    """The password's hash, if there is such a facilitator who may sign in and has set one."""
    with store.read() as database:
        row = database.execute(
            "select password from facilitator where name = ? and disabled_at is null", (name,)
        ).fetchone()
    return None if row is None else row[0]


def administrator(store: Store, with_password: bool) -> str | None:
    """The first administrator there was who is not disabled; if need be, who can sign in."""
    with store.read() as database:
        row = database.execute(
            "select name from facilitator where role = ? and disabled_at is null "
            "and (password is not null or ?) order by created_at limit 1",
            (ADMINISTRATOR, int(not with_password)),
        ).fetchone()
    return None if row is None else str(row[0])


def begin_session(store: Store, name: str) -> str:
    """A new session's token, for the cookie."""
    token = secrets.token_urlsafe(32)
    at = now()
    with store.write() as database:
        row = database.execute(
            "insert into session (token, facilitator, created_at, seen_at) "
            "select ?, name, ?, ? from facilitator where name = ? and disabled_at is null "
            "returning facilitator",
            (_hash(store, token), at, at, name),
        ).fetchone()
        if row is not None:
            log.note(database, log.SIGNED_IN, str(row[0]))
    return token


def facilitator_of_session(
    store: Store, token: str, idle: timedelta, longest: timedelta
) -> Facilitator | None:
    """Who is signed in, unless the session was idle or lasted too long."""
    with store.read() as database:
        row = database.execute(
            f"select {COLUMNS}, seen_at from session join facilitator on name = facilitator "
            "where token = ? and seen_at > ? and session.created_at > ?",
            (_hash(store, token), now(-idle), now(-longest)),
        ).fetchone()
    if row is None:
        return None
    if row[-1] < now(-timedelta(minutes=1)):
        with store.write() as database:
            database.execute(
                "update session set seen_at = ? where token = ?", (now(), _hash(store, token))
            )
    return _facilitator(row[:-1])


def end_session(store: Store, token: str) -> None:
    """Signs out, in every process at once."""
    with store.write() as database:
        database.execute("delete from session where token = ?", (_hash(store, token),))


def end_every_session(store: Store, name: str) -> None:
    """Signs out on every device."""
    with store.write() as database:
        database.execute("delete from session where facilitator = ?", (name,))
        log.note(database, log.SIGNED_OUT_EVERYWHERE, name)


def _end_all(database: Database, name: str) -> None:
    database.execute("delete from session where facilitator = ?", (name,))
    _end_links(database, name)


def _end_links(database: Database, name: str) -> None:
    database.execute("delete from one_time_link where facilitator = ? and used_at is null", (name,))
