"""Workshops: created, found by their code, changed, opened, paused and closed, archived."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypedDict, Unpack

from sqlite_utils import Database

from survey.questionnaire.model import Questionnaire, Words
from survey.response import (
    CLOSED,
    CODE_ALPHABET,
    CODE_LENGTH,
    DRAFT,
    OPEN,
    PAUSED,
    Facilitator,
    Workshop,
)
from survey.store import log, questionnaires
from survey.store.clock import now
from survey.store.connection import Store

STATE = "case when paused and state = 'open' then 'paused' else state end"
"""The state as one word; the column cannot hold `paused`, which is beside it."""

NAMES = tuple(item.name for item in fields(Workshop))
JSON = ("title", "notice", "languages", "context")
FLAGS = ("trial", "kiosk", "table_mode")
COLUMNS = ", ".join(STATE if name == "state" else name for name in NAMES)
REMEMBERED_SECONDS = 1.0
LOGGED = {OPEN: log.OPENED, PAUSED: log.PAUSED, CLOSED: log.CLOSED}
ONLY_IN_DRAFT = ("variant", "trial", "kiosk", "table_mode")
"""Settings by which answers are given: they hold from the first opening on."""


class WorkshopSettings(TypedDict, total=False):
    """What is said of a workshop when it is created, and may be changed."""

    title: Words
    notice: Mapping[str, Words]
    variant: str
    timezone: str
    trial: bool
    kiosk: bool
    table_mode: bool
    place: str
    held_on: str
    languages: tuple[str, ...]
    context: Words


class WorkshopError(Exception):
    """What cannot be done with a workshop, and why."""


class UnknownWorkshop(WorkshopError):
    """There is no workshop of that code."""


class NoticeHasHoles(WorkshopError):
    """A workshop whose privacy notice is not filled in cannot open; `holes` are what is missing."""

    def __init__(self, code: str, holes: tuple[str, ...]) -> None:
        super().__init__(", ".join(holes))
        self.code = code
        self.holes = holes


class WrongState(WorkshopError):
    """The workshop's state does not allow this; `state` is `archived` where it is in the archive."""

    def __init__(self, workshop: Workshop) -> None:
        self.state = "archived" if workshop.archived_at else workshop.state
        super().__init__(f"{workshop.code} is {self.state}")


def create(
    store: Store,
    questionnaire: Questionnaire,
    *,
    owner: str | None = None,
    copy_of: str = "",
    **settings: Unpack[WorkshopSettings],
) -> Workshop:
    """A new workshop, not yet open, pinned to this version of the questionnaire."""
    with store.write() as database:
        version = questionnaires.register(database, questionnaire)
        code = _free_code(database)
        said: Any = {"title": questionnaire.title, **settings}
        workshop = Workshop(code=code, version=version, created_at=now(), owner=owner, **said)
        marks = ", ".join(f":{name}" for name in NAMES)
        database.execute(
            f"insert into workshop ({', '.join(NAMES)}) values ({marks})", _row(workshop)
        )
        log.note(database, log.COPIED if copy_of else log.CREATED, owner, code, copy_of)
    return workshop


def duplicate(store: Store, code: str, by: str | None = None) -> Workshop:
    """A new workshop, not yet open, with the same questionnaire version and settings."""
    of = get(store, code)
    settings: Any = {name: getattr(of, name) for name in WorkshopSettings.__annotations__}
    return create(
        store, questionnaires.get(store, of.version), owner=by, copy_of=of.code, **settings
    )


def _row(workshop: Workshop) -> dict[str, Any]:
    """A workshop's values as its columns hold them."""
    return {name: _kept(name, getattr(workshop, name)) for name in NAMES}


def _kept(name: str, value: Any) -> Any:
    if name in JSON:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return int(value) if name in FLAGS else value


def _workshop(row: tuple[Any, ...]) -> Workshop:
    values = dict(zip(NAMES, row, strict=True))
    values |= {name: json.loads(values[name]) for name in JSON}
    values |= {name: bool(values[name]) for name in FLAGS}
    return Workshop(**{**values, "languages": tuple(values["languages"])})


def _free_code(database: Database) -> str:
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if database.execute("select 1 from workshop where code = ?", (code,)).fetchone() is None:
            return code


def get(store: Store, code: str) -> Workshop:
    """Raises UnknownWorkshop."""
    with store.read() as database:
        return _get(database, code)


def _get(database: Database, code: str) -> Workshop:
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


def change(
    store: Store, code: str, by: str | None = None, **settings: Unpack[WorkshopSettings]
) -> Workshop:
    """Gives a workshop other settings; those not named stay.

    Raises UnknownWorkshop, or WrongState for what holds from the first opening on.
    """
    given: dict[str, Any] = {**settings}
    with store.write() as database:
        workshop = _get(database, code)
        changed = [name for name, value in given.items() if value != getattr(workshop, name)]
        if workshop.state != DRAFT and any(name in ONLY_IN_DRAFT for name in changed):
            raise WrongState(workshop)
        for name in changed:
            database.execute(
                f"update workshop set {name} = ? where code = ?", (_kept(name, given[name]), code)
            )
        if changed:
            log.note(database, log.CHANGED, by, code, ", ".join(changed))
    store.remembered.pop(code, None)
    return get(store, code)


def take_version(
    store: Store, code: str, questionnaire: Questionnaire, by: str | None = None
) -> None:
    """Pins a workshop to another version of its questionnaire. Responses keep the one they
    answered. Raises UnknownWorkshop."""
    with store.write() as database:
        before = _get(database, code).version
        version = questionnaires.register(database, questionnaire)
        if version != before:
            database.execute("update workshop set version = ? where code = ?", (version, code))
            log.note(database, log.VERSION_TAKEN, by, code, version[:8])
    store.remembered.pop(code, None)


def set_state(store: Store, code: str, state: str, by: str | None = None) -> None:
    """Opens, pauses or closes a workshop.

    Raises UnknownWorkshop; NoticeHasHoles; WrongState for one that is archived, or that is to be
    paused and is not open.
    """
    workshop = get(store, code)
    if state == OPEN:
        holes = workshop.holes(questionnaires.get(store, workshop.version))
        if holes:
            raise NoticeHasHoles(workshop.code, holes)
    with store.write() as database:
        workshop = _get(database, code)
        if workshop.archived_at or (state == PAUSED and workshop.state not in (OPEN, PAUSED)):
            raise WrongState(workshop)
        if state != workshop.state:
            database.execute(
                "update workshop set state = ?, paused = ? where code = ?",
                (OPEN if state == PAUSED else state, int(state == PAUSED), code),
            )
            log.note(database, LOGGED[state], by, code)
    store.remembered.pop(code, None)


def closed_at(store: Store, code: str) -> str | None:
    """When a workshop was last closed; None where nobody closed it, or before there was a log."""
    with store.read() as database:
        found: str | None = database.execute(
            "select max(at) from log where workshop = ? and action = ?", (code, log.CLOSED)
        ).fetchone()[0]
    return found


def archive(store: Store, code: str, by: str | None = None) -> None:
    """Puts a workshop away; nothing of it is lost. Raises UnknownWorkshop, or WrongState for one
    that still runs."""
    with store.write() as database:
        workshop = _get(database, code)
        if workshop.state not in (DRAFT, CLOSED):
            raise WrongState(workshop)
        if not workshop.archived_at:
            database.execute("update workshop set archived_at = ? where code = ?", (now(), code))
            log.note(database, log.ARCHIVED, by, code)
    store.remembered.pop(code, None)


def unarchive(store: Store, code: str, by: str | None = None) -> None:
    """Takes a workshop back from the archive. Raises UnknownWorkshop."""
    with store.write() as database:
        if _get(database, code).archived_at:
            database.execute("update workshop set archived_at = null where code = ?", (code,))
            log.note(database, log.UNARCHIVED, by, code)
    store.remembered.pop(code, None)


def remembered(store: Store, code: str) -> Workshop:
    """Like `get`, but up to a second old: for the page that a whole hall opens at once."""
    known = store.remembered.get(code)
    if known is not None and time.monotonic() - known[0] < REMEMBERED_SECONDS:
        return known[1]
    workshop = get(store, code)
    store.remembered[code] = (time.monotonic(), workshop)
    return workshop
