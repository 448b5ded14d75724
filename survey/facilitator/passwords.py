"""Facilitators' passwords: Argon2id, and no way to tell an unknown name from a wrong password."""

from __future__ import annotations

import hmac
from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from survey import web
from survey.store import Store, facilitators, tries

MIN_LENGTH = 12
MAX_LENGTH = 128

MIN_DIFFERENT = 5
"""Fewer different characters than this are guessed first, however long the password is."""

_hasher = PasswordHasher()
_at_once = Semaphore(2)
"""Each check takes 64 MB for a moment; a crowd at the sign-in must not take the whole memory."""


def hashed(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def is_right(store: Store, name: str, password: str, known: str = "") -> bool:
    """Checks a sign-in, at the same cost for unknown names. `known` is what `mark_of` gave to a
    browser in which this person signed in before. Raises tries.MustWait."""
    kept = facilitators.password_of(store, name)
    is_known = hmac.compare_digest(known.encode(), _mark(store, name, kept).encode())
    this = tries.begin(store, name, is_known)
    try:
        with _at_once:
            _hasher.verify(kept or _nobody(), password[:MAX_LENGTH])
    except (VerifyMismatchError, InvalidHashError):
        return False
    if kept is None:
        return False
    tries.succeed(store, this)
    return True


def mark_of(store: Store, name: str) -> str:
    """What a browser keeps to show that this person signed in there; over with the password."""
    return _mark(store, name, facilitators.password_of(store, name))


def _mark(store: Store, name: str, kept: str | None) -> str:
    said = f"signed in before\0{name.lower()}\0{kept}"
    return hmac.new(store.secret, said.encode(), "sha256").hexdigest()


def problem_with(password: str, again: str) -> str:
    """Why a new password cannot be taken, in the page's language; "" if it can."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return web.plain(
            "Use %(least)s to %(most)s characters: a few unrelated words make a good password.",
            least=MIN_LENGTH,
            most=MAX_LENGTH,
        )
    if len(set(password)) < MIN_DIFFERENT:
        return web.plain("This is too easy to guess: use more different letters.")
    if password != again:
        return web.plain("The two are not the same: type the password twice.")
    return ""


def too_many(error: tries.MustWait) -> str:
    """How long to wait, in the page's language."""
    return web.plain_plural(
        "Too many wrong tries. Try again in %(count)s minute.",
        "Too many wrong tries. Try again in %(count)s minutes.",
        -(-error.seconds // 60),
    )
