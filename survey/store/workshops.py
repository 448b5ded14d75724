"""Workshops: created, found by their code, opened and closed."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from survey.questionnaire.model import FULL, Questionnaire, Words
from survey.response import (
    CLOSED,
    CODE_ALPHABET,
    CODE_LENGTH,
    DEFAULT_TIMEZONE,
    DRAFT,
    OPEN,
    Facilitator,
    Workshop,
)
from survey.store import log, questionnaires
from survey.store.clock import now
from survey.store.connection import Store

COLUMNS = (
    "code, version, title, notice, state, variant, timezone, trial, kiosk, table_mode, created_at, "
    "owner"
)
REMEMBERED_SECONDS = 1.0
LOGGED = {OPEN: log.OPENED, CLOSED: log.CLOSED}


class WorkshopError(Exception):
    """What cannot be done with a workshop, and why."""


class UnknownWorkshop(WorkshopError):
    """There is no workshop of that code."""


class NoticeHasHoles(WorkshopError):
    """A workshop whose privacy notice is not filled in cannot open; `holes` are what is missing."""

    def __init__(self, holes: tuple[str, ...]) -> None:
        super().__init__(", ".join(holes))
        self.holes = holes


def create(
    store: Store,
    questionnaire: Questionnaire,
    *,
    title: Words | None = None,
    notice: Mapping[str, Words] | None = None,
    variant: str = FULL,
    timezone: str = DEFAULT_TIMEZONE,
    trial: bool = False,
    kiosk: bool = False,
    table_mode: bool = False,
    owner: str | None = None,
) -> Workshop:
    """A new workshop, not yet open, pinned to this version of the questionnaire."""
    with store.write() as database:
        version = questionnaires.register(database, questionnaire)
        code = _free_code(database)
        workshop = Workshop(
            code=code,
            title=title or questionnaire.title,
            version=version,
            variant=variant,
            timezone=timezone,
            trial=trial,
            kiosk=kiosk,
            table_mode=table_mode,
            notice=notice or {},
            created_at=now(),
            owner=owner,
        )
        database.execute(
            f"insert into workshop ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                code,
                version,
                _json(workshop.title),
                _json(workshop.notice),
                DRAFT,
                variant,
                timezone,
                int(trial),
                int(kiosk),
                int(table_mode),
                workshop.created_at,
                owner,
            ),
        )
        log.note(database, log.CREATED, owner, code)
    return workshop


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _free_code(database: Any) -> str:
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if database.execute("select 1 from workshop where code = ?", (code,)).fetchone() is None:
            return code


def get(store: Store, code: str) -> Workshop:
    """Raises UnknownWorkshop."""
    with store.read() as database:
        row = database.execute(f"select {COLUMNS} from workshop where code = ?", (code,)).fetchone()
    if row is None:
        raise UnknownWorkshop(code)
    return _workshop(row)


def every(store: Store) -> list[Workshop]:
    """All workshops, the newest first."""
    with store.read() as database:
        rows = database.execute(
            f"select {COLUMNS} from workshop order by created_at desc, code"
        ).fetchall()
    return [_workshop(row) for row in rows]


def seen_by(store: Store, facilitator: Facilitator) -> list[Workshop]:
    """The workshops that somebody owns or that are shared with her, the newest first; all of them
    for an administrator."""
    if facilitator.is_administrator:
        return every(store)
    with store.read() as database:
        rows = database.execute(
            f"select {COLUMNS} from workshop where owner = ?1 or code in "
            "(select workshop from workshop_share where facilitator = ?1) "
            "order by created_at desc, code",
            (facilitator.name,),
        ).fetchall()
    return [_workshop(row) for row in rows]


def _workshop(row: tuple[Any, ...]) -> Workshop:
    code, version, title, notice, state, variant, timezone, *more = row
    trial, kiosk, table_mode, created_at, owner = more
    return Workshop(
        code=code,
        version=version,
        title=json.loads(title),
        notice=json.loads(notice),
        state=state,
        variant=variant,
        timezone=timezone,
        trial=bool(trial),
        kiosk=bool(kiosk),
        table_mode=bool(table_mode),
        created_at=created_at,
        owner=owner,
    )


def set_state(store: Store, code: str, state: str, by: str | None = None) -> None:
    """Opens or closes a workshop. Raises UnknownWorkshop or NoticeHasHoles."""
    workshop = get(store, code)
    if state == OPEN:
        holes = workshop.holes(questionnaires.get(store, workshop.version))
        if holes:
            raise NoticeHasHoles(holes)
    with store.write() as database:
        changed = database.execute(
            "update workshop set state = ? where code = ? and state <> ? returning code",
            (state, code, state),
        ).fetchone()
        if changed:
            log.note(database, LOGGED[state], by, code)
    store.remembered.pop(code, None)


def closed_at(store: Store, code: str) -> str | None:
    """When a workshop was last closed; None where nobody closed it, or before there was a log."""
    with store.read() as database:
        found: str | None = database.execute(
            "select max(at) from log where workshop = ? and action = ?", (code, log.CLOSED)
        ).fetchone()[0]
    return found


def remembered(store: Store, code: str) -> Workshop:
    """Like `get`, but up to a second old: for the page that a whole hall opens at once."""
    known = store.remembered.get(code)
    if known is not None and time.monotonic() - known[0] < REMEMBERED_SECONDS:
        return known[1]
    workshop = get(store, code)
    store.remembered[code] = (time.monotonic(), workshop)
    return workshop
