"""Facilitators, their one-time links and sessions. Only keyed hashes of tokens are ever stored."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from sqlite_utils import Database

from survey.store.clock import now
from survey.store.connection import Store

LINK_HOURS = 1
FAILURE_MINUTES = 1
MAX_NAME = 64


class FacilitatorError(Exception):
    """What cannot be done with a facilitator's account."""


def _hash(store: Store, token: str) -> str:
    return hmac.new(store.secret, token.encode(), "sha256").hexdigest()


def add(store: Store, name: str) -> None:
    """A new administrator, without a password yet. Raises FacilitatorError if the name is taken."""
    with store.write() as database:
        if _exists(database, name):
            raise FacilitatorError(f"there is a facilitator called {name} already")
        database.execute(
            "insert into facilitator (name, role, created_at) values (?, 'administrator', ?)",
            (name, now()),
        )


def _exists(database: Database, name: str) -> bool:
    rows = database.execute("select 1 from facilitator where name = ?", (name,))
    return rows.fetchone() is not None


def is_there(store: Store, name: str) -> bool:
    """Whether a facilitator has this name."""
    with store.read() as database:
        return _exists(database, name)


def make_link(store: Store, name: str) -> str:
    """A token, good for one hour and once, with which the facilitator chooses a password.

    Raises FacilitatorError for an unknown name.
    """
    token = secrets.token_urlsafe(24)
    with store.write() as database:
        if not _exists(database, name):
            raise FacilitatorError(f"there is no facilitator called {name}")
        database.execute(
            "insert into one_time_link (token, facilitator, expires_at) values (?, ?, ?)",
            (_hash(store, token), name, now(timedelta(hours=LINK_HOURS))),
        )
    return token


def facilitator_of_link(store: Store, token: str) -> str | None:
    """Whose link this is, while it is good; looking does not use it up."""
    with store.read() as database:
        row = database.execute(
            "select facilitator from one_time_link "
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
        name = str(row[0])
        database.execute("update facilitator set password = ? where name = ?", (password, name))
        database.execute("delete from session where facilitator = ?", (name,))
        database.execute("delete from failed_sign_in where facilitator = ?", (name,))
    return name


def password_of(store: Store, name: str) -> str | None:
    """The password's hash, if there is such a facilitator and she has set one."""
    with store.read() as database:
        row = database.execute(
            "select password from facilitator where name = ?", (name,)
        ).fetchone()
    return None if row is None else row[0]


def any_password(store: Store) -> bool:
    """Whether anyone can sign in yet."""
    with store.read() as database:
        row = database.execute("select 1 from facilitator where password is not null").fetchone()
    return row is not None


def note_failure(store: Store, name: str) -> None:
    """Keeps that a sign-in failed; forgets those that no longer count."""
    with store.write() as database:
        database.execute(
            "delete from failed_sign_in where failed_at < ?",
            (now(-timedelta(minutes=FAILURE_MINUTES)),),
        )
        database.execute("insert into failed_sign_in values (?, ?)", (name[:MAX_NAME], now()))


def forget_failures(store: Store, name: str) -> None:
    """After the right password: earlier slips of the same name no longer count."""
    with store.write() as database:
        database.execute("delete from failed_sign_in where facilitator = ?", (name[:MAX_NAME],))


def recent_failures(store: Store, name: str) -> int:
    """How many sign-ins failed under a name, known or not, within the last minute."""
    with store.read() as database:
        row = database.execute(
            "select count(*) from failed_sign_in where facilitator = ? and failed_at >= ?",
            (name[:MAX_NAME], now(-timedelta(minutes=FAILURE_MINUTES))),
        ).fetchone()
    return int(row[0])


def begin_session(store: Store, name: str) -> str:
    """A new session's token, for the cookie."""
    token = secrets.token_urlsafe(32)
    at = now()
    with store.write() as database:
        database.execute(
            "insert into session (token, facilitator, created_at, seen_at) "
            "select ?, name, ?, ? from facilitator where name = ?",
            (_hash(store, token), at, at, name),
        )
    return token


def facilitator_of_session(
    store: Store, token: str, idle: timedelta, longest: timedelta
) -> str | None:
    """Who is signed in, unless the session was idle or lasted too long."""
    with store.read() as database:
        row = database.execute(
            "select facilitator, seen_at from session "
            "where token = ? and seen_at > ? and created_at > ?",
            (_hash(store, token), now(-idle), now(-longest)),
        ).fetchone()
    if row is None:
        return None
    name, seen_at = row
    if seen_at < now(-timedelta(minutes=1)):
        with store.write() as database:
            database.execute(
                "update session set seen_at = ? where token = ?", (now(), _hash(store, token))
            )
    return str(name)


def end_session(store: Store, token: str) -> None:
    """Signs out, in every process at once."""
    with store.write() as database:
        database.execute("delete from session where token = ?", (_hash(store, token),))
