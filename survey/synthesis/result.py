"""A question's result as it may be shown: distributions, by actor group where that is safe, at one
moment; and the same later, only where the difference gives nobody away."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

from survey.questionnaire.model import Question
from survey.synthesis.distribution import Reading, Row, Voice, reading_of, row_of, shape_of
from survey.synthesis.suppression import Parts, blocks_of, changed, is_safe, parts_of
from survey.synthesis.tally import ANSWERED, status_of

Voices: TypeAlias = Mapping[str, Voice]
"""Voices by the id of their response; who was not asked is not among them."""


class ResultError(Exception):
    """A result that may not be shown."""


class TooFew(ResultError):
    """Fewer have answered than the questionnaire wants to be shown together."""


class TooFewChanged(ResultError):
    """So little has changed since that the difference would show what single people answered."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Distributions of one moment: `sequence` is the last revision in them. Items of which too few
    said anything are not among the rows."""

    categories: tuple[str, ...]
    rows: tuple[Row, ...]
    at: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown of a question. `statuses` are people, by what became of the question. The rows
    by group may be of an earlier moment than the whole; None where none can be shown."""

    counts_people: bool
    statuses: Mapping[str, int]
    whole: Rows
    groups: Rows | None = None

    @property
    def answered(self) -> int:
        return self.statuses.get(ANSWERED, 0)

    @property
    def asked(self) -> int:
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Moment:
    """What responses said to a question up to a revision's sequence number."""

    voices: Voices
    counts_people: bool
    at: str
    sequence: int


def result_of(question: Question, moment: Moment, least: int) -> Result:
    """The result for the first time. Raises TooFew."""
    return _result_of(question, _read(question, moment), moment, least)


def _read(question: Question, moment: Moment) -> Reading:
    return reading_of(shape_of(question, moment.voices.values()), moment.voices)


def _result_of(question: Question, reading: Reading, moment: Moment, least: int) -> Result:
    shape = reading.shape
    statuses = _statuses(moment.voices)
    answers = [voice for voice in moment.voices.values() if _status(voice) == ANSWERED]
    if len(answers) < least:
        raise TooFew
    rows = tuple(row_of(reading, item) for item in shape.items)
    shown = tuple(row for row in rows if row.responses >= least)
    if shape.items and not shown:
        raise TooFew
    whole = Rows(shape.categories, shown, moment.at, moment.sequence)
    groups = None if question.role == "actor_group" else _by_group(reading, whole, least)
    return Result(moment.counts_people, statuses, whole, groups)


def renewed(
    question: Question, shown: Result, before: Callable[[int], Voices], moment: Moment, least: int
) -> Result:
    """The result in the place of the one that is shown. `before` tells what was said up to a
    sequence number. Where the whole may be renewed and the groups may not, these stay as they were.

    Raises TooFew or TooFewChanged.
    """
    reading = _read(question, moment)
    new = _result_of(question, reading, moment, least)
    then = reading_of(reading.shape, before(shown.whole.sequence))
    if not _may_follow(shown.whole, new.whole, then, reading, least):
        raise TooFewChanged
    change = changed(_said(then.voices), _said(moment.voices))
    if reading.shape.items and not is_safe(change, least):
        raise TooFewChanged
    if shown.groups is None:
        return new
    if new.groups is not None:
        if shown.groups.sequence != shown.whole.sequence:
            then = reading_of(reading.shape, before(shown.groups.sequence))
        if _may_follow(shown.groups, new.groups, then, reading, least):
            return new
    return replace(new, groups=shown.groups)


def _said(voices: Voices) -> dict[str, object]:
    """What became of the question, by response."""
    return {id: (_status(voice), voice.people) for id, voice in voices.items()}


def _status(voice: Voice) -> str:
    return status_of({"": voice.answer}, "")


def _statuses(voices: Voices) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for voice in voices.values():
        counts[_status(voice)] += voice.people
    return dict(counts)


def _by_group(reading: Reading, whole: Rows, least: int) -> Rows | None:
    """The same parts for every item, each large enough in every item."""
    items = [row.item for row in whole.rows]
    parts = parts_of(_sizes(reading, items), least)
    rows = tuple(row_of(reading, item, part) for item in items for part in parts)
    return replace(whole, rows=rows) if rows else None


def _sizes(reading: Reading, items: list[str]) -> dict[str | None, int]:
    """Of each actor group, how many said something about the item of which fewest did."""
    voices = reading.voices
    by_item = [Counter(voices[id].group for id in reading.items[item]) for item in items]
    present = dict.fromkeys(voice.group for voice in voices.values())
    return {
        group: min(counts[group] for counts in by_item)
        for group in present
        if any(counts[group] for counts in by_item)
    }


def _may_follow(shown: Rows, new: Rows, before: Reading, after: Reading, least: int) -> bool:
    """Whether nobody is given away by the difference, of any item and of any groups about which
    both tell."""
    return all(
        is_safe(change, least)
        for item in {row.item for row in shown.rows} & {row.item for row in new.rows}
        for block in blocks_of(_parts(shown, item), _parts(new, item))
        for change in _changes(item, block, shown, before, after)
    )


def _parts(rows: Rows, item: str) -> Parts[str | None]:
    return tuple(row.groups for row in rows.rows if row.item == item)


def _changes(
    item: str, block: set[str | None], shown: Rows, before: Reading, after: Reading
) -> tuple[int, int]:
    """How many of these groups, of everybody if there are none, changed what they say of an item:
    its categories, or its value, on which the quartiles rest.

    Erased responses can be read no more: how many they are is told by the numbers shown then."""
    then, now = (_about(item, block, reading) for reading in (before, after))
    counted = sum(row.responses for row in shown.rows if row.item == item and _in(row, block))
    gone = abs(counted - len(then))
    in_categories = changed(*({id: said[:2] for id, said in each.items()} for each in (then, now)))
    return gone + in_categories, gone + changed(then, now)


def _about(item: str, block: set[str | None], reading: Reading) -> dict[str, tuple[object, ...]]:
    voices = reading.voices
    return {
        id: (said.categories, voices[id].people, said.value)
        for id, said in reading.items[item].items()
        if not block or voices[id].group in block
    }


def _in(row: Row, block: set[str | None]) -> bool:
    return not block or not block.isdisjoint(row.groups)


def to_json(result: Result) -> str:
    """The result as text, for the store."""
    return json.dumps(asdict(result), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Result:
    """The result of that text."""
    found = json.loads(text)
    groups = found["groups"]
    return Result(
        found["counts_people"],
        found["statuses"],
        _rows(found["whole"]),
        None if groups is None else _rows(groups),
    )


def _rows(found: Mapping[str, Any]) -> Rows:
    rows = tuple(_row(**row) for row in found["rows"])
    return Rows(tuple(found["categories"]), rows, found["at"], found["sequence"])


def _row(groups: list[str | None], counts: list[int], quartiles: Any, **more: Any) -> Row:
    three = None if quartiles is None else tuple(quartiles)
    return Row(groups=tuple(groups), counts=tuple(counts), quartiles=three, **more)
