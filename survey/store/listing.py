"""The list of a workshop's responses: the newest first, page by page, searched and narrowed down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.i18n import folded
from survey.response import CODE_ALPHABET, PAPER, RECEIPT_LENGTH, Response, typed_receipt
from survey.store.connection import Store
from survey.store.responses import SELECT, response_of
from survey.store.views import LATER

PAGE = 50

MARKED, COUNTED = "marked", "counted"
"""What may be wanted of marks, beside one of them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question of one questionnaire version, and the choices of which one must be the answer;
    None for responses in which it has none."""

    version: str
    question: str
    choices: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which responses to list. `text` is looked for in receipts and in `written`, the names under
    which participants write freely. Each of `chosen` is a filter: one of its parts must hold."""

    text: str = ""
    written: frozenset[str] = frozenset()
    chosen: tuple[tuple[Chosen, ...], ...] = ()
    language: str = ""
    channel: str = ""
    mark: str = ""
    corrected: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A response in the list, and its place in the order in which they came."""

    sequence: int
    response: Response


Condition = tuple[str, tuple[Any, ...]]
"""A part of SQL, and the values for its question marks."""


def page(store: Store, code: str, wanted: Wanted, before: int | None = None) -> list[Listed]:
    """A page of newest revisions, all of them older than `before`. One more than a page says that
    there is another page."""
    parts = _conditions(wanted)
    conditions = "".join(f" and {sql}" for sql, _ in parts)
    values = [value for _, given in parts for value in given]
    with store.read() as database:
        rows = database.execute(
            f"""{SELECT}
            where revision.workshop = ? and revision.sequence < ?
            and not exists ({LATER}){conditions}
            order by revision.sequence desc limit ?""",
            (code, 2**62 if before is None else before, *values, PAGE + 1),
        ).fetchall()
    return [Listed(row[0], response_of(row)) for row in rows]


def _conditions(wanted: Wanted) -> list[Condition]:
    found = [_chosen(parts) for parts in wanted.chosen]
    if wanted.text:
        found.append(_text(wanted.text, wanted.written))
    if wanted.language:
        found.append(("revision.language = ?", (wanted.language,)))
    if wanted.channel:
        found.append(("revision.channel = ?", (wanted.channel,)))
    if wanted.mark:
        found.append(MARKS_SQL.get(wanted.mark, ("response.mark = ?", (wanted.mark,))))
    if wanted.corrected is not None:
        found.append((f"revision.number {'>' if wanted.corrected else '='} 1", ()))
    return found


MARKS_SQL: Mapping[str, Condition] = {
    MARKED: ("response.mark is not null", ()),
    COUNTED: ("response.mark is null", ()),
}


def _chosen(parts: tuple[Chosen, ...]) -> Condition:
    """Versions may differ in what belongs to a group, so each is asked by its own choices."""
    pieces, values = ["0"], []
    for part in parts:
        path = f"$.{part.question}"
        if part.choices is None:
            pieces.append("revision.version = ? and json_type(answers, ?) is not 'text'")
            values += [part.version, path]
        else:
            pieces.append(
                "revision.version = ? and "
                "json_extract(answers, ?) in (select value from json_each(?))"
            )
            values += [part.version, path, json.dumps(sorted(part.choices))]
    return f"({' or '.join(f'({piece})' for piece in pieces)})", tuple(values)


def _text(text: str, written: frozenset[str]) -> Condition:
    pieces, values = ["0"], []
    receipt = typed_receipt(text)
    if receipt and len(receipt) <= RECEIPT_LENGTH and set(receipt) <= set(CODE_ALPHABET):
        pieces.append("substr(response.receipt, 1, ?) = ?")
        values += [len(receipt), receipt]
    if folded(text) and written:
        # Two paths at least: with one, SQLite gives the bare value rather than an array.
        paths = ["$._", *(f"$.{name}" for name in sorted(written))]
        pieces.append(f"writes(json_extract(answers, {', '.join('?' * len(paths))}), ?)")
        values += [*paths, folded(text)]
    return f"({' or '.join(pieces)})", tuple(values)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many responses a workshop has, and how many of them are marked, so not counted."""

    every: int
    marked: int


def totals(store: Store, code: str) -> Totals:
    with store.read() as database:
        row = database.execute(
            "select count(*), count(mark) from response where workshop = ? and erased_at is null",
            (code,),
        ).fetchone()
    return Totals(*row)


def versions(store: Store, code: str) -> list[str]:
    """The questionnaire versions that a workshop's responses answered, the newest first."""
    with store.read() as database:
        rows = database.execute(
            "select version from revision where workshop = ? "
            "group by version order by max(sequence) desc",
            (code,),
        ).fetchall()
    return [str(row[0]) for row in rows]


def given(store: Store, code: str, question: str) -> set[str]:
    """The choices of a select_one question that any revision chose, and why others chose none."""
    with store.read() as database:
        rows = database.execute(
            "select distinct json_extract(answers, ?) from revision where workshop = ?",
            (f"$.{question}", code),
        ).fetchall()
    return {str(row[0]) for row in rows if row[0] is not None}


def entered(store: Store, code: str) -> int:
    """How many responses were typed in from paper."""
    with store.read() as database:
        row = database.execute(
            "select count(*) from revision "
            f"where workshop = ? and channel = '{PAPER}' and number = 1",
            (code,),
        ).fetchone()
    return int(row[0])
