"""What every command shares: the errors an operator can mend become messages; the store."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from survey.i18n import SentenceError
from survey.settings import Settings, SettingsError
from survey.store import DatabaseError, Store, StoreError

REMEDIES = {
    "draft": "Open it first.",
    "open": "Close it first.",
    "paused": "Close it first.",
    "closed": "Open it first.",
    "archived": "Take it back first, with `survey workshop unarchive`.",
}
"""What to do about a state that does not allow what was asked."""


def fail(message: str) -> NoReturn:
    """Ends the command: the message on stderr, exit status 1."""
    raise click.ClickException(message)


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """Turns the errors an operator can mend into messages."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from survey.store.facilitators import FacilitatorError
        from survey.store.workshops import NoticeHasHoles, UnknownWorkshop, WrongState

        try:
            command(*arguments, **options)
        except UnknownWorkshop as error:
            fail(f"There is no workshop {error}. `survey workshop list` shows their codes.")
        except NoticeHasHoles as error:
            flags = " ".join(f"--{name.replace('_', '-')} …" for name in error.holes)
            fail(
                f"The privacy notice lacks: {', '.join(error.holes)}. Fill it in with "
                f"`survey workshop edit {error.code} {flags}`."
            )
        except WrongState as error:
            fail(f"{error}. {REMEDIES[error.state]}")
        except (SettingsError, StoreError, FacilitatorError, SentenceError) as error:
            fail(str(error))
        except UnicodeError:
            fail("This is not UTF-8 text. Set the terminal's encoding to UTF-8.")
        except DatabaseError as error:
            fail(f"The database cannot be used now: {error}. Nothing was changed.")
        except BrokenPipeError:  # whoever read our output has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except OSError as error:
            fail(f"{error.filename or ''}: {error.strerror or error}".strip(": "))

    return run


def store_here(settings: Settings) -> Store:
    from survey.app import store_of

    return store_of(settings)
