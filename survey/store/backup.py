"""A copy of the whole database, consistent while answers keep coming in."""

from __future__ import annotations

import os
from pathlib import Path

from survey.store import driver
from survey.store.connection import Store, StoreError


def back_up(store: Store, target: Path) -> None:
    """Writes a checked copy to a new file. Raises StoreError, and leaves nothing behind then."""
    if target.exists():
        raise StoreError(f"{target} is there already. Choose another name.")
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        draft.touch(mode=0o600)
        with store.read() as database:
            database.execute("vacuum into ?", (str(draft),))
        _check(draft)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    except (OSError, driver.DatabaseError) as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{target} could not be written: {error}.") from error


def _check(path: Path) -> None:
    connection = driver.connect(path)
    try:
        verdict = connection.execute("pragma integrity_check").fetchone()[0]
    finally:
        connection.close()
    if verdict != "ok":
        raise driver.DatabaseError(f"the copy is damaged ({verdict})")
