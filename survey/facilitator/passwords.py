"""Facilitators' passwords: Argon2id, and no way to tell an unknown name from a wrong password."""

from __future__ import annotations

from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from survey.store import Store, facilitators

MIN_LENGTH = 12
MAX_LENGTH = 128
MAX_FAILURES = 5
"""Wrong tries a minute for one name, known or not."""

MIN_DIFFERENT = 5
"""Fewer different characters than this are guessed first, however long the password is."""

_hasher = PasswordHasher()
_at_once = Semaphore(2)
"""Each check takes 64 MB for a moment; a crowd at the sign-in must not take the whole memory."""


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
    # Noted before it is known: so tries made at the same moment count each other.
    facilitators.note_failure(store, name)
    known = facilitators.password_of(store, name)
    try:
        with _at_once:
            _hasher.verify(known or _nobody(), password[:MAX_LENGTH])
    except (VerifyMismatchError, InvalidHashError):
        return False
    if known is None:
        return False
    facilitators.forget_failures(store, name)
    return True
