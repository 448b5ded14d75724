"""Responses and their revisions: added exactly once, never changed, read in short batches."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from sqlite_utils import Database

from survey.response import (
    CLOSED,
    CODE_ALPHABET,
    OPEN,
    PAUSED,
    RECEIPT_LENGTH,
    Receipt,
    Response,
    Sending,
    canonical,
    clean,
)
from survey.store import log
from survey.store.clock import now
from survey.store.connection import Store, StoreError
from survey.store.views import LATER
from survey.store.workshops import STATE, UnknownWorkshop
from survey.table.selection import EVERYTHING, LAST, Selection

BATCH = 500
JOURNAL_SECONDS = 10.0

RESPONSES, PEOPLE = "count(*)", "sum(people)"
"""What can be counted."""

Stretch: TypeAlias = tuple[int, int]
"""Sequence numbers after the first and up to the second."""

SELECT = """
select revision.sequence, revision.response, response.receipt, revision.workshop, revision.version,
  revision.number, revision.answers, revision.language, revision.variant, revision.channel,
  revision.received_at, workshop.trial, revision.people, response.mark
from revision
join response on response.id = revision.response
join workshop on workshop.code = revision.workshop
"""


class SendingError(Exception):
    """A sending that was not stored."""


class UnknownResponse(SendingError):
    """There is no such response in this workshop."""


class Erased(SendingError):
    """The response was erased, and stays so."""


class NotOpen(SendingError):
    """The workshop takes no answers now; `state` says why."""

    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"{code} is {state}")
        self.state = state


class Conflict(SendingError):
    """Other answers are stored already; `current` is their newest revision, if there is one."""

    def __init__(self, current: Response | None) -> None:
        super().__init__("other answers are stored under this id")
        self.current = current


def add(store: Store, code: str, sending: Sending, *, when_closed: bool = False) -> Receipt:
    """Stores a sending, or finds it stored; when this returns, it is on disk.

    `when_closed`: a closed or paused workshop takes it too, because it was given while it was open.
    Raises UnknownWorkshop, UnknownResponse, Erased, NotOpen or Conflict; nothing is stored then.
    """
    sending = replace(sending, answers=clean(sending.answers))
    with store.write() as database:
        known = _existing(database, code, sending.id)
        if known is not None:
            repeated = _repeated(database, sending)
            if repeated is not None:
                return Receipt(known, *repeated)
        states = (OPEN, PAUSED, CLOSED) if when_closed else (OPEN,)
        version = _open_version(database, code, states)
        current = _current_number(database, sending.id)
        if sending.replaces != current:
            raise Conflict(_get(database, sending.id))
        at = now()
        receipt = known or _add_response(database, code, sending.id, at)
        _add_revision(database, code, version, sending, at)
    return Receipt(receipt, current + 1, at, is_new=True)


def _existing(database: Database, code: str, id: str) -> str | None:
    """The receipt of a response that is there already."""
    row = database.execute(
        "select workshop, receipt, erased_at from response where id = ?", (id,)
    ).fetchone()
    if row is None:
        return None
    workshop, receipt, erased_at = row
    if workshop != code:
        raise UnknownResponse(id)
    if erased_at is not None:
        raise Erased(id)
    return str(receipt)


def _repeated(database: Database, sending: Sending) -> tuple[int, str] | None:
    row: tuple[int, str] | None = database.execute(
        "select number, received_at from revision "
        "where response = ? and replaces = ? and digest = ?",
        (sending.id, sending.replaces, sending.digest),
    ).fetchone()
    return row


def _open_version(database: Database, code: str, states: tuple[str, ...] = (OPEN,)) -> str:
    row = database.execute(
        f"select version, {STATE} from workshop where code = ?", (code,)
    ).fetchone()
    if row is None:
        raise UnknownWorkshop(code)
    version, state = row
    if state not in states:
        raise NotOpen(code, state)
    return str(version)


def _current_number(database: Database, id: str) -> int:
    row = database.execute(
        "select coalesce(max(number), 0) from revision where response = ?", (id,)
    ).fetchone()
    return int(row[0])


def _add_response(database: Database, code: str, id: str, at: str) -> str:
    while True:
        receipt = "".join(secrets.choice(CODE_ALPHABET) for _ in range(RECEIPT_LENGTH))
        taken = database.execute("select 1 from response where receipt = ?", (receipt,)).fetchone()
        if taken is None:
            break
    database.execute(
        "insert into response (id, workshop, receipt, created_at) values (?, ?, ?, ?)",
        (id, code, receipt, at),
    )
    return receipt


def _add_revision(database: Database, code: str, version: str, sending: Sending, at: str) -> None:
    database.execute(
        "insert into revision (response, workshop, version, number, replaces, digest, answers, "
        "language, variant, channel, received_at, people) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sending.id,
            code,
            version,
            sending.replaces + 1,
            sending.replaces,
            sending.digest,
            canonical(sending.answers),
            sending.language,
            sending.variant,
            sending.channel,
            at,
            sending.people,
        ),
    )


def get(store: Store, code: str, id: str) -> Response:
    """A response's newest revision. Raises UnknownResponse or Erased."""
    with store.read() as database:
        _existing(database, code, id)
        response = _get(database, id)
    if response is None:
        raise UnknownResponse(id)
    return response


def _get(database: Database, id: str) -> Response | None:
    row = database.execute(
        f"{SELECT} where revision.response = ? order by number desc limit 1", (id,)
    ).fetchone()
    return None if row is None else response_of(row)


def response_of(row: tuple[Any, ...]) -> Response:
    _, id, receipt, workshop, version, number, answers, language, variant, channel, at, *more = row
    trial, people, mark = more
    return Response(
        id=id,
        receipt=receipt,
        workshop=workshop,
        version=version,
        revision=number,
        answers=json.loads(answers),
        language=language,
        variant=variant,
        channel=channel,
        received_at=at,
        trial=bool(trial),
        people=people,
        mark=mark,
    )


def last_sequence(store: Store) -> int:
    """The number of the newest revision: what a scan reads up to."""
    with store.read() as database:
        return _last_sequence(database)


def _last_sequence(database: Database) -> int:
    row = database.execute("select coalesce(max(sequence), 0) from revision").fetchone()
    return int(row[0])


def versions(store: Store, *codes: str) -> list[str]:
    """The questionnaire versions that these workshops are pinned to, or their responses answered:
    the one registered first stands first, but after all others what the workshops ask now."""
    marks = _marks(codes)
    with store.read() as database:
        rows = database.execute(
            f"""
            with asked_now as (select version from workshop where code in ({marks}))
            select version from questionnaire_version as known
            where version in asked_now or exists (
              select 1 from revision where workshop in ({marks}) and version = known.version
            )
            order by version in asked_now, registered_at, version
            """,
            (*codes, *codes),
        ).fetchall()
    return [row[0] for row in rows]


def scan(
    store: Store,
    *codes: str,
    selection: Selection = EVERYTHING,
    up_to: int | None = None,
    stretch: Stretch | None = None,
) -> Iterator[Response]:
    """The responses of these workshops as they were when the scan began, or when `up_to` was the
    last sequence number, in the order they came; one may be chosen by more than SQL knows, see
    `Selection.keeper`. With a stretch, only those whose sequence numbers are in it.

    Each batch is a read of its own, so that a long scan neither grows the journal nor delays anyone.
    """
    last = last_sequence(store) if up_to is None else up_to
    conditions, values = _conditions(codes, selection, last)
    place, end = stretch or (0, last)
    while True:
        with store.read() as database:
            rows = database.execute(
                f"{SELECT} where {conditions} order by revision.sequence limit {BATCH}",
                {**values, "place": place, "end": end},
            ).fetchall()
        for row in rows:
            yield response_of(row)
        if len(rows) < BATCH:
            return
        place = rows[-1][0]


def how_many(store: Store, *codes: str, selection: Selection = EVERYTHING) -> int:
    """How many responses a scan reads."""
    last = last_sequence(store)
    conditions, values = _conditions(codes, selection, last)
    with store.read() as database:
        row = database.execute(
            f"select count(*) from ({SELECT} where {conditions})",
            {**values, "place": 0, "end": last},
        ).fetchone()
    return int(row[0])


def _conditions(
    codes: tuple[str, ...], selection: Selection, last: int
) -> tuple[str, dict[str, Any]]:
    """What the chosen revisions fulfil, and the values for it."""
    names = {f"code_{place}": code for place, code in enumerate(codes)}
    # One workshop's revisions are found by index; several are read in their order, not sorted.
    column = "revision.workshop" if len(codes) == 1 else "+revision.workshop"
    parts = [
        f"{column} in ({', '.join(f':{name}' for name in names)})",
        "revision.sequence > :place and revision.sequence <= :end",
    ]
    if selection.revisions == LAST:
        parts.append(f"not exists ({LATER} and later.sequence <= :last)")
    if selection.counted_only:
        parts.append("response.mark is null")
    for field, condition in SELECTED.items():
        if getattr(selection, field):
            parts.append(condition)
    values = {field: getattr(selection, field) for field in SELECTED}
    return " and ".join(parts), {**names, **values, "last": last}


SELECTED = {
    "language": "revision.language = :language",
    "since": "revision.received_at >= :since",
    "until": "revision.received_at < :until",
}
"""The parts of a selection that SQL sees to, each with its condition."""


def _marks(codes: tuple[str, ...]) -> str:
    return ", ".join("?" for _ in codes)


def erase(store: Store, receipt: str, by: str | None = None) -> bool:
    """Erases a response for good, on its participant's request; False if no receipt is like this.

    What stays is that a response of this id and receipt was erased, and when: so it cannot return.
    """
    with store.write() as database:
        row = database.execute(
            "select id, workshop from response where receipt = ? and erased_at is null", (receipt,)
        ).fetchone()
        if row is not None:
            _erase(database, row[0])
            log.note(database, log.ERASED, by, row[1])
    if row is not None:
        _empty_journal(store)
    return row is not None


def withdraw(store: Store, code: str, id: str) -> None:
    """Erases a response like `erase`, by whoever holds its address, while the workshop is open.

    Raises UnknownResponse, Erased or NotOpen.
    """
    with store.write() as database:
        if _existing(database, code, id) is None:
            raise UnknownResponse(id)
        _open_version(database, code)
        _erase(database, id)
        log.note(database, log.WITHDRAWN, None, code)
    _empty_journal(store)


def _erase(database: Database, id: str) -> None:
    database.execute(
        "update response set erased_at = ?, mark = null, mark_reason = '' where id = ?", (now(), id)
    )
    database.execute("delete from revision where response = ?", (id,))


def _empty_journal(store: Store) -> None:
    """Lets the journal keep no copy of what was erased; readers are waited for."""
    deadline = time.monotonic() + JOURNAL_SECONDS
    while True:
        with store.read() as database:
            is_busy = database.conn.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        if not is_busy:
            return
        if time.monotonic() > deadline:
            raise StoreError(
                "The answers are erased, but the journal still holds them, because something else "
                "reads the database. Stop the app and start it again."
            )
        time.sleep(0.2)


def count(store: Store, code: str) -> int:
    """How many responses of a workshop are counted."""
    with store.read() as database:
        row = database.execute(
            "select count(*) from response "
            "where workshop = ? and erased_at is null and mark is null",
            (code,),
        ).fetchone()
    return int(row[0])


def count_people(store: Store, code: str) -> int:
    """How many people gave the responses of a workshop that count."""
    with store.read() as database:
        row = database.execute(
            f"""
            select coalesce(sum(people), 0) from revision
            join response on response.id = revision.response and response.mark is null
            where revision.workshop = ? and not exists ({LATER})
            """,
            (code,),
        ).fetchone()
    return int(row[0])


def count_by_choice(
    store: Store, code: str, question: str, counted: str = RESPONSES
) -> dict[str | None, int]:
    """How many of the counted responses chose each choice of a select_one question, or how many
    people gave them; None counts the blank ones."""
    with store.read() as database:
        rows = database.execute(
            f"""
            select case when json_type(answers, ?) = 'text' then json_extract(answers, ?) end, {counted}
            from revision
            join response on response.id = revision.response and response.mark is null
            where revision.workshop = ? and not exists ({LATER})
            group by 1
            """,
            (f"$.{question}", f"$.{question}", code),
        ).fetchall()
    return dict(rows)
