"""Facilitators' passwords: Argon2id, and no way to tell an unknown name from a wrong password."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from survey.store import Store, facilitators

MIN_LENGTH = 12
MAX_LENGTH = 128
MAX_FAILURES = 5
"""Wrong tries a minute for one name, known or not."""

_hasher = PasswordHasher()


class TooManyFailures(Exception):
    """This name has been tried wrongly too often within the last minute."""


def hashed(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def is_right(store: Store, name: str, password: str) -> bool:
    """Checks a sign-in, at the same cost for unknown names. Raises TooManyFailures."""
    if facilitators.recent_failures(store, name) >= MAX_FAILURES:
        raise TooManyFailures(name)
    known = facilitators.password_of(store, name)
    try:
        _hasher.verify(known or _nobody(), password[:MAX_LENGTH])
        matches = known is not None
    except (VerifyMismatchError, InvalidHashError):
        matches = False
    if not matches:
        facilitators.note_failure(store, name)
    return matches
