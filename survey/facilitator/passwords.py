"""Facilitators' passwords: Argon2id, and no way to tell an unknown name from a wrong password."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from survey import web
from survey.i18n import N_
from survey.store import Store, facilitators, tries

MIN_LENGTH = 12
MAX_LENGTH = 128

MIN_SCORE = 3
"""Of 0 to 4: below it fewer than a hundred million guesses are needed."""

MEASURED = 72
"""More characters than these make no password worse, and cost time to look at."""

FIRST_GUESSES = ("tashkhis", "تشخيص", "diagnostic", "motdepasse", "كلمة السر", "كلمة المرور")
"""What is tried first here, beside the commonest passwords and words and the account's name."""

MIN_REST = 8
"""Letters and digits that a password has beside those, if it has any of them."""

MIN_WORD = 3
"""Shorter names are in many good words."""

OF_A_NAME = N_(
    "This is too easy to guess: it is made from your name or the app’s. Use a few unrelated words."
)
OF_A_COMMON_PASSWORD = N_(
    "This is too easy to guess: it is made from one of the commonest passwords. "
    "Use a few unrelated words."
)
OF_A_PATTERN = N_(
    "This is too easy to guess: it is common words, dates, rows of letters or repetitions. "
    "Use a few unrelated words."
)
GUESSED_BY = {"user_inputs": OF_A_NAME, "passwords": OF_A_COMMON_PASSWORD}

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


def problem_with(password: str, again: str, name: str) -> str:
    """Why a new password of this person cannot be taken, in the page's language; "" if it can."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return web.plain(
            "Use %(least)s to %(most)s characters: a few unrelated words make a good password.",
            least=MIN_LENGTH,
            most=MAX_LENGTH,
        )
    easy = _too_easy(password, name)
    if easy:
        return web.plain(easy)
    if password != again:
        return web.plain("The two are not the same: type the password twice.")
    return ""


def _too_easy(password: str, name: str) -> str:
    """Why it would be guessed soon; "" if it would not."""
    tried = [name, *name.split(), *FIRST_GUESSES]
    if _is_made_of(password, tried):
        return OF_A_NAME
    # Its lists take 13 MB, so only where somebody chooses a password.
    from zxcvbn import zxcvbn

    found = zxcvbn(password[:MEASURED], tried)
    if found["score"] >= MIN_SCORE:
        return ""
    weakest = max(found["sequence"], key=lambda match: len(match["token"]))
    return GUESSED_BY.get(weakest.get("dictionary_name", ""), OF_A_PATTERN)


def _is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether a password has one of the words in it, and little else."""
    rest = whole = password.lower()
    for word in words:
        if len(word) >= MIN_WORD:
            rest = rest.replace(word.lower(), "")
    return rest != whole and sum(map(str.isalnum, rest)) < MIN_REST


def too_many(error: tries.MustWait) -> str:
    """How long to wait, in the page's language."""
    return web.plain_plural(
        "Too many wrong tries. Try again in %(count)s minute.",
        "Too many wrong tries. Try again in %(count)s minutes.",
        -(-error.seconds // 60),
    )
