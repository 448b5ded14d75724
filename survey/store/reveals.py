"""What was revealed of a workshop's results, as it was shown, and the question on the projector."""

from __future__ import annotations

from dataclasses import dataclass

from survey.store import log
from survey.store.clock import now
from survey.store.connection import Store


@dataclass(frozen=True, slots=True)
class Reveal:
    """A question's result as text, as it was when it was revealed or renewed. A hidden one is kept:
    shown again, it must not differ by a few answers."""

    question: str
    result: str
    at: str
    is_shown: bool


def every(store: Store, code: str) -> dict[str, Reveal]:
    """By question, all that was ever revealed of a workshop."""
    with store.read() as database:
        rows = database.execute(
            "select question, result, at, is_shown from revealed where workshop = ?", (code,)
        ).fetchall()
    return {row[0]: Reveal(row[0], row[1], row[2], bool(row[3])) for row in rows}


def get(store: Store, code: str, question: str) -> Reveal | None:
    """What was revealed of one question, None if nothing was."""
    with store.read() as database:
        row = database.execute(
            "select question, result, at, is_shown from revealed "
            "where workshop = ? and question = ?",
            (code, question),
        ).fetchone()
    return None if row is None else Reveal(row[0], row[1], row[2], bool(row[3]))


def keep(store: Store, code: str, question: str, result: str, by: str) -> None:
    """Shows a result, in the place of the one that was shown before."""
    with store.write() as database:
        before = database.execute(
            "select 1 from revealed where workshop = ? and question = ?", (code, question)
        ).fetchone()
        database.execute(
            'insert into revealed (workshop, question, result, at, "by", is_shown) '
            "values (?, ?, ?, ?, ?, 1) on conflict (workshop, question) do update "
            'set result = excluded.result, at = excluded.at, "by" = excluded."by", is_shown = 1',
            (code, question, result, now(), by),
        )
        log.note(database, log.RENEWED if before else log.REVEALED, by, code, question)


def show(store: Store, code: str, question: str, is_shown: bool, by: str) -> None:
    """Hides a result, or shows it again as it was."""
    with store.write() as database:
        changed = database.execute(
            "update revealed set is_shown = ?1 where workshop = ?2 and question = ?3 "
            "and is_shown <> ?1 returning question",
            (int(is_shown), code, question),
        ).fetchone()
        if changed:
            log.note(database, log.REVEALED if is_shown else log.HIDDEN, by, code, question)


@dataclass(frozen=True, slots=True)
class Projected:
    """What the projector is on: a question, and whether its result is split by actor group."""

    question: str = ""
    by_group: bool = False


def projected(store: Store, code: str) -> Projected:
    """What the projector is on; no question, if none was put there yet."""
    with store.read() as database:
        row = database.execute(
            "select question, by_group from projected where workshop = ?", (code,)
        ).fetchone()
    return Projected() if row is None else Projected(str(row[0]), bool(row[1]))


def project(store: Store, code: str, question: str, by_group: bool = False) -> None:
    """Puts a question on the projector."""
    with store.write() as database:
        database.execute(
            "insert into projected values (?, ?, ?) on conflict (workshop) do update "
            "set question = excluded.question, by_group = excluded.by_group",
            (code, question, int(by_group)),
        )


def pulse(store: Store, code: str) -> str:
    """A short text that changes with whatever the projector shows, for one small read. Whatever is
    revealed, renewed or hidden leaves its line in the log."""
    with store.read() as database:
        row = database.execute(
            "select (select question || by_group from projected where workshop = ?1), "
            "(select max(sequence) from log where workshop = ?1)",
            (code,),
        ).fetchone()
    return f"{row[0]} {row[1]}"
