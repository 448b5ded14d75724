"""What arrived since a moment, and what counts no longer: for whoever keeps counts up to date."""

from __future__ import annotations

from collections.abc import Iterator

from survey.response import Response
from survey.store.connection import Store
from survey.store.responses import BATCH, SELECT, response_of


def since(store: Store, code: str, sequence: int) -> Iterator[tuple[int, Response]]:
    """Every revision of a workshop after a sequence number, in the order they came, with its own
    number. Marked responses are among them."""
    while True:
        with store.read() as database:
            rows = database.execute(
                f"{SELECT} where revision.workshop = ? and revision.sequence > ? "
                "order by revision.sequence limit ?",
                (code, sequence, BATCH),
            ).fetchall()
        for row in rows:
            yield row[0], response_of(row)
        if len(rows) < BATCH:
            return
        sequence = rows[-1][0]


def erased(store: Store, code: str) -> set[str]:
    """The ids of a workshop's erased responses."""
    return _ids(store, code, "erased_at is not null")


def marked(store: Store, code: str) -> set[str]:
    """The ids of a workshop's responses that are kept, but not counted."""
    return _ids(store, code, "mark is not null")


def _ids(store: Store, code: str, condition: str) -> set[str]:
    with store.read() as database:
        rows = database.execute(
            f"select id from response where workshop = ? and {condition}", (code,)
        ).fetchall()
    return {str(row[0]) for row in rows}
