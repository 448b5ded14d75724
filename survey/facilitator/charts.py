"""A result → what the projector shows of it: rows of bars in words, shares and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from survey import web
from survey.i18n import N_
from survey.questionnaire.model import Question, Questionnaire, Words
from survey.synthesis.distribution import Row
from survey.synthesis.result import Result, Rows
from survey.web import isolated

Say: TypeAlias = Callable[[Words], str]

STACKED = ("matrix", "vote", "rank", "allocation")
"""The question types with several items, each with a bar that is divided."""

BY_SIZE = ("select_multiple", "rank", "allocation")
"""The question types whose lines stand in the order of what they come to, the most first."""

FIRST, SECOND, THIRD = N_("First"), N_("Second"), N_("Third")
PLACE_NAMES = {"1": FIRST, "2": SECOND, "3": THIRD}
TONES = 7
MOST = 12
"""As many lines as can be read from the last row, where the least of them can be left out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a divided bar. `tone` is its colour's number."""

    label: str
    tone: str
    width: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a line meets a column: a number in words, and a bar of one piece or more.
    `count` is how many it stands for, "" where another number says it."""

    text: str
    count: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, the cell of everybody, and one of each part."""

    label: str
    whole: Cell
    parts: tuple[Cell, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class Part:
    """A column's heading: the actor groups in it, and how many answered, None where it differs by
    line."""

    labels: tuple[str, ...]
    number: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is shown of a result. `legend` names the pieces of the divided bars. `middle` is the
    median and the quartiles of a number, `left_out` how many lines with less are not shown."""

    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    legend: tuple[Segment, ...]
    value: str
    middle: tuple[str, str, str] | None
    left_out: int = 0


def chart_of(questionnaire: Questionnaire, question: Question, result: Result, say: Say) -> Chart:
    """The chart in the page's language."""
    labels = _labels(question, result.whole.categories, say)
    groups = _groups_of(questionnaire, result)
    make = _stacked if question.type in STACKED else _plain
    lines = make(question, result.whole, groups, labels, say)
    shown = _sorted(question, lines)
    rows = result.whole.rows
    is_number = question.type in ("integer", "decimal") and rows and rows[0].quartiles
    return Chart(
        lines=tuple(line for line, _ in shown),
        parts=_parts(questionnaire, question, groups, say),
        legend=_segments(labels, question, None) if question.type in STACKED else (),
        value=VALUES.get(question.type, ""),
        middle=_middle(rows[0]) if is_number else None,
        left_out=len(lines) - len(shown),
    )


VALUES = {
    "rank": N_("Among the first three"),
    "allocation": N_("Median (quartiles)"),
    "vote": N_("Answered"),
    "matrix": N_("Answered"),
}
"""What the number at the end of a line with a divided bar says."""

Sized: TypeAlias = list[tuple[Line, float]]


Groups: TypeAlias = dict[tuple[str | None, ...], dict[str, Row]]
"""The rows by actor group and item."""


def _groups_of(questionnaire: Questionnaire, result: Result) -> Groups:
    """In the questionnaire's order, those that are merged last; none where the groups are of an
    earlier moment, which had other bands."""
    if result.groups is None or result.groups.categories != result.whole.categories:
        return {}
    order = [group.name for group in questionnaire.actor_groups]

    def place(row: Row) -> tuple[bool, int]:
        first = row.groups[0]
        return len(row.groups) > 1, order.index(first) if first in order else len(order)

    groups: Groups = {}
    for row in sorted(result.groups.rows, key=place):
        groups.setdefault(row.groups, {})[row.item] = row
    return groups


def _plain(
    question: Question, whole: Rows, groups: Groups, labels: Mapping[str, str], say: Say
) -> Sized:
    """A line for each category; every column is one distribution."""
    columns = list(whole.rows) + [rows[""] for rows in groups.values()]
    lines: Sized = []
    for place, label in enumerate(labels.values()):
        cells = [_share_cell(row.counts[place], row.people, label) for row in columns]
        if cells:
            line = Line(label, cells[0], tuple(cells[1:]))
            lines.append((line, columns[0].counts[place]))
    return lines


def _share_cell(count: int, people: int, label: str) -> Cell:
    width = _percent(count, people)
    return Cell(f"{width} %", str(count), (Segment(label, "t0", width),))


def _percent(count: int, whole: int) -> int:
    return round(100 * count / whole) if whole else 0


def _sorted(question: Question, lines: Sized) -> Sized:
    """The most, by size, where the choices have no order of their own, which decides ties."""
    if question.type not in BY_SIZE:
        return lines
    return sorted(lines, key=lambda each: -each[1])[:MOST]


def _stacked(
    question: Question, whole: Rows, groups: Groups, labels: Mapping[str, str], say: Say
) -> Sized:
    """A line for each item, with a bar divided by category."""
    items = {each.name: say(each.label) for each in (*question.rows, *question.choices)}
    return [
        (
            Line(
                items.get(row.item, row.item),
                _stacked_cell(question, row, labels),
                tuple(
                    _stacked_cell(question, rows[row.item], labels) if row.item in rows else NONE
                    for rows in groups.values()
                ),
            ),
            _weight(question, row),
        )
        for row in whole.rows
    ]


NONE = Cell("–", "", ())


def _weight(question: Question, row: Row) -> float:
    """What orders the lines: the median share and then the upper quartile, or who ranked it."""
    if row.quartiles is not None:
        _, median, high = row.quartiles
        return median + high / 1000
    return sum(row.counts) + row.counts[0] / 1000 if row.counts else 0


def _stacked_cell(question: Question, row: Row, labels: Mapping[str, str]) -> Cell:
    segments = _segments(labels, question, row)
    if question.type == "allocation" and row.quartiles is not None:
        low, median, high = (f"{value:.0f}" for value in row.quartiles)
        return Cell(f"{median} %", f"{low}–{high}", segments)
    if question.type == "rank":
        return Cell(f"{_percent(sum(row.counts), row.people)} %", str(sum(row.counts)), segments)
    return Cell(str(row.people), "", segments)


def _segments(
    labels: Mapping[str, str], question: Question, row: Row | None
) -> tuple[Segment, ...]:
    """The pieces of a bar, as wide as their share; of the legend, if there is no row."""
    tones = _tones(question, len(labels))
    widths = _widths(row.counts, row.people) if row else [0] * len(labels)
    return tuple(
        Segment(label, tone, width)
        for label, tone, width in zip(labels.values(), tones, widths, strict=True)
    )


def _tones(question: Question, number: int) -> list[str]:
    if question.type == "vote":
        return ["agree", "disagree", "pass"]
    last = max(number - 1, 1)
    if question.type == "rank":
        return ["t7", "t4", "t2"]
    return [f"t{1 + round(place * (TONES - 1) / last)}" for place in range(number)]


def _widths(counts: Sequence[int], whole: int) -> list[int]:
    """Whole per cents that add up to no more than the share of all, by the largest remainders."""
    exact = [100 * count / whole if whole else 0.0 for count in counts]
    widths = [int(value) for value in exact]
    left = round(sum(exact)) - sum(widths)
    by_remainder = sorted(range(len(exact)), key=lambda place: widths[place] - exact[place])
    for place in by_remainder[:left]:
        widths[place] += 1
    return widths


def _parts(
    questionnaire: Questionnaire, question: Question, groups: Groups, say: Say
) -> tuple[Part, ...]:
    """The columns by actor group; every item has the same ones."""
    names = {group.name: say(group.label) for group in questionnaire.actor_groups}
    nobody = web.plain("Not stated")
    return tuple(
        Part(
            tuple(names.get(name or "", nobody) for name in part),
            None if question.type in ("matrix", "vote") else next(iter(rows.values())).people,
        )
        for part, rows in groups.items()
    )


def _middle(row: Row) -> tuple[str, str, str]:
    """Quartiles to two digits: a number of members told exactly can name an organisation."""
    assert row.quartiles is not None
    low, median, high = (f"{float(f'{value:.2g}'):,g}".replace(",", " ") for value in row.quartiles)
    return low, median, high


def _labels(question: Question, categories: Sequence[str], say: Say) -> dict[str, str]:
    """The words of each category."""
    if question.type == "rank":
        return {name: web.plain(PLACE_NAMES[name]) for name in categories}
    if question.type in ("allocation", "integer", "decimal"):
        return _band_labels(question.type, [int(name) for name in categories])
    if question.type == "date":
        return {name: isolated(f"{name[5:7]}/{name[:4]}") for name in categories}
    words = {choice.name: say(choice.label) for choice in question.options()}
    return {name: words.get(name, name) for name in categories}


def _band_labels(type: str, starts: Sequence[int]) -> dict[str, str]:
    """A band in words. The first holds all that is below it, too."""
    unit = " %" if type == "allocation" else ""
    labels: dict[str, str] = {}
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if end is None:
            label = web.say("%(number)s and more", number=isolated(f"{start}{unit}"))
        elif type == "decimal" and start == starts[0]:
            label = web.say("under %(number)s", number=isolated(f"{end}"))
        elif type == "decimal":
            label = isolated(f"{start}–{end}")
        elif start == starts[0] and start != 0:
            label = web.say("up to %(number)s", number=isolated(f"{end - 1}"))
        elif end == start + 1:
            label = isolated(f"{start}{unit}")
        else:
            label = isolated(f"{start}–{end - 1}{unit}")
        labels[str(start)] = label
    return labels
