"""How the answers to one question spread over its choices, points, places or bands: never a mean."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from survey.questionnaire.model import VOTES, Choice, Question
from survey.response import Answer, ancestors, missing_kind

PLACES = 3
"""The places of a rank that are shown."""

BANDS = 6
SHARE_BANDS = (0, 1, 11, 21, 31, 51)
"""Where the bands of shared points begin, in per cent of the total."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a response says to a question: its answer, its actor group, how many people gave it."""

    answer: Answer
    group: str | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says about one item: the categories it falls in, and a value if it has one."""

    categories: tuple[str, ...]
    value: float | None = None


Read: TypeAlias = Callable[[Answer, str], Said | None]
"""Reads what an answer says about an item; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a question's answers are shown: its items, each with a distribution over the categories.
    A question that is one whole has the one item "". Free texts have no item: they are not shown."""

    items: tuple[str, ...]
    categories: tuple[str, ...]
    read: Read


@dataclass(frozen=True, slots=True)
class Row:
    """The distribution of an item, of everybody or of the actor groups named. `counts` are people,
    by the shape's categories; quartiles are of values, where answers have some."""

    item: str
    groups: tuple[str | None, ...]
    responses: int
    people: int
    counts: tuple[int, ...]
    quartiles: tuple[float, float, float] | None = None


SaidBy: TypeAlias = Mapping[str, Said]
"""What each response that answers an item says about it, by id."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Voices, read once: what they say about each item."""

    shape: Shape
    voices: Mapping[str, Voice]
    items: Mapping[str, SaidBy]


def reading_of(shape: Shape, voices: Mapping[str, Voice]) -> Reading:
    """Reads every voice for every item."""
    return Reading(shape, voices, {item: _said_of(shape, item, voices) for item in shape.items})


def _said_of(shape: Shape, item: str, voices: Mapping[str, Voice]) -> dict[str, Said]:
    found = ((id, shape.read(voice.answer, item)) for id, voice in voices.items())
    return {id: said for id, said in found if said is not None}


def row_of(reading: Reading, item: str, groups: tuple[str | None, ...] = ()) -> Row:
    """An item's distribution; of these actor groups alone, if there are any."""
    voices = reading.voices
    said = {
        id: said
        for id, said in reading.items[item].items()
        if not groups or voices[id].group in groups
    }
    counts: Counter[str] = Counter()
    values: list[float] = []
    for id, each in said.items():
        people = voices[id].people
        for category in each.categories:
            counts[category] += people
        if each.value is not None:
            values += [each.value] * people
    return Row(
        item,
        groups,
        len(said),
        sum(voices[id].people for id in said),
        tuple(counts[category] for category in reading.shape.categories),
        quartiles_of(values) if values else None,
    )


def quartiles_of(values: Iterable[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile by type 7 of Hyndman and Fan, Sample Quantiles in
    Statistical Packages, The American Statistician 50 (1996)."""
    ordered = sorted(values)

    def quantile(share: float) -> float:
        place = (len(ordered) - 1) * share
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return quantile(0.25), quantile(0.5), quantile(0.75)


def shape_of(question: Question, voices: Iterable[Voice]) -> Shape:
    """How this question's answers are shown; bands and months come from the answers themselves."""
    answers = [each.answer for each in voices if not _is_missing(each.answer)]
    return SHAPES[question.type](question, answers)


def _is_missing(answer: Answer) -> bool:
    return answer is None or missing_kind(answer) is not None


def _whole(categories: Iterable[str], read: Callable[[Answer], Said | None]) -> Shape:
    """The shape of a question that is one item."""
    return Shape(
        ("",),
        tuple(categories),
        lambda answer, _: None if _is_missing(answer) else read(answer),
    )


def _names(choices: Iterable[Choice]) -> tuple[str, ...]:
    return tuple(choice.name for choice in choices)


def _answerable(question: Question) -> tuple[str, ...]:
    """What can be chosen but don't know and not concerned, which are no answers."""
    return tuple(choice.name for choice in question.options() if choice not in question.missing())


def _single(question: Question, answers: Sequence[Answer]) -> Shape:
    if question.levels:
        return _territory(question, answers)
    known = _answerable(question)
    return _whole(known, lambda answer: Said((answer,)) if answer in known else None)


def _territory(question: Question, answers: Sequence[Answer]) -> Shape:
    """Communes by their province: the last level by the one before it."""
    known = {choice.name: choice for choice in question.choices}

    def read(answer: Answer) -> Said | None:
        place = outer_place(question, known, answer)
        return None if place is None else Said((place,))

    found = {said.categories[0] for said in map(read, answers) if said is not None}
    return _whole((name for name in known if name in found), read)


def outer_place(question: Question, known: Mapping[str, Choice], name: str | None) -> str | None:
    """The territory of the last level but one in which a territory lies; itself, if it is wider."""
    if name not in known:
        return None
    level = question.levels[-2] if len(question.levels) > 1 else question.levels[-1]
    return ancestors(known, str(name)).get(level, name)


def _multiple(question: Question, _: Sequence[Answer]) -> Shape:
    known = _answerable(question)
    return _whole(known, lambda answer: Said(tuple(name for name in known if name in answer)))


def _rated(points: tuple[str, ...], question: Question) -> Shape:
    def read(answer: Answer, item: str) -> Said | None:
        if _is_missing(answer):
            return None
        point = answer.get(item)
        return Said((point,)) if point in points else None

    return Shape(_names(question.rows), points, read)


def _ranked(question: Question, _: Sequence[Answer]) -> Shape:
    places = tuple(str(place) for place in range(1, PLACES + 1))

    def read(answer: Answer, item: str) -> Said | None:
        if _is_missing(answer):
            return None
        place = str(answer.index(item) + 1) if item in answer else ""
        return Said((place,) if place in places else ())

    return Shape(_names(question.choices), places, read)


def _shared(question: Question, _: Sequence[Answer]) -> Shape:
    total = question.total or 100

    def read(answer: Answer, item: str) -> Said | None:
        if _is_missing(answer):
            return None
        share = 100 * answer.get(item, 0) / total
        return Said((band_of(SHARE_BANDS, math.ceil(share)),), share)

    return Shape(_names(question.choices), tuple(map(str, SHARE_BANDS)), read)


def band_of(starts: Sequence[int], value: float) -> str:
    """The band in which a value lies, named by where it begins; the first holds all below it."""
    return str(starts[max(0, bisect_right(starts, value) - 1)])


def bands_of(values: Iterable[float]) -> tuple[int, ...]:
    """Where round bands begin that tell the bulk of the values apart; the outer bands are open, so
    that they give no extreme away."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
    width = max((high - low) / (BANDS - 1), 1)
    size = 10 ** math.floor(math.log10(width))
    step = next(step * size for step in (1, 2, 5, 10) if step * size >= width)
    first = math.floor(low / step) * step
    return tuple(range(first, math.floor(high) + 1, step))[:BANDS]


def _number(_: Question, answers: Sequence[Answer]) -> Shape:
    starts = bands_of(map(float, answers)) if answers else ()
    return _whole(
        map(str, starts), lambda answer: Said((band_of(starts, float(answer)),), float(answer))
    )


def _date(_: Question, answers: Sequence[Answer]) -> Shape:
    months = sorted({answer[:7] for answer in answers})
    return _whole(months, lambda answer: Said((answer[:7],)))


def _text(_: Question, answers: Sequence[Answer]) -> Shape:
    return Shape((), (), lambda *_: None)


SHAPES: dict[str, Callable[[Question, Sequence[Answer]], Shape]] = {
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "select_one": _single,
    "select_multiple": _multiple,
    "rank": _ranked,
    "matrix": lambda question, _: _rated(_names(question.choices), question),
    "allocation": _shared,
    "statements": _text,
    "vote": lambda question, _: _rated(VOTES, question),
}
"""How the answers to each question type are shown."""
