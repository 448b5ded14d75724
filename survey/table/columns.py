"""The columns of a questionnaire, fixed by it alone and always in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from survey.i18n import LANGUAGES, N_, SentenceError, has, messages
from survey.questionnaire.model import ENVELOPE, FULL, OTHER, Choice, Question, Questionnaire, Words

TEXT, CODE, CODES, FLAG = "text", "code", "codes", "flag"
INTEGER, DECIMAL, DATE, TIME = "integer", "decimal", "date", "time"
DATA_TYPES = (TEXT, CODE, CODES, FLAG, INTEGER, DECIMAL, DATE, TIME)
"""What a cell holds where there is an answer: free text; a name from a list; several, divided by
blanks; 0 or 1; a whole number; digits with a point; an ISO date; an ISO time in UTC."""


class ColumnError(SentenceError):
    """Questionnaires whose columns cannot stand in one table."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` says how its cell comes from an answer and `part` which row, choice, level
    or place of the answer it holds; `data_type` is one of DATA_TYPES; `labels` are the words of its
    codes, those of missing answers left out."""

    name: str
    kind: str
    data_type: str
    question: Question | None = None
    part: str = ""
    label: Words = field(default_factory=dict)
    part_label: Words = field(default_factory=dict)
    labels: Mapping[str, Words] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Free text, which a person wrote."""
        return self.data_type == TEXT

    @property
    def is_decimal(self) -> bool:
        """Digits kept as text, so that none is lost."""
        return self.data_type == DECIMAL

    @property
    def is_ordered(self) -> bool:
        """Its codes are the points of a scale."""
        has_scale = self.question is not None and self.question.scale is not None
        return has_scale and self.kind in ("value", "part")

    @property
    def is_personal(self) -> bool:
        """It tells who somebody is."""
        return self.question is not None and self.question.personal

    @property
    def role(self) -> str | None:
        return None if self.question is None else self.question.role

    @property
    def dimension(self) -> str | None:
        return None if self.question is None else self.question.dimension

    @property
    def theme(self) -> str | None:
        return None if self.question is None else self.question.theme

    @property
    def missing(self) -> tuple[Choice, ...]:
        """Don't know and not concerned, as far as its question offers them."""
        return () if self.question is None else self.question.missing()


def interface_words(message: str) -> Words:
    """A message in each language whose catalogue has it."""
    return {tag: messages(tag).gettext(message) for tag in LANGUAGES if has(tag, message)}


ENVELOPE_COLUMNS: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "receipt": (CODE, N_("Receipt code"), {}),
    "workshop": (CODE, N_("Workshop"), {}),
    "revision": (INTEGER, N_("Revision"), {}),
    "received_at": (TIME, N_("Received at (UTC)"), {}),
    "language": (CODE, N_("Language"), {tag: each.name for tag, each in LANGUAGES.items()}),
    "variant": (CODE, N_("Version"), {"full": N_("Full"), "short": N_("Short")}),
    "channel": (
        CODE,
        N_("Channel"),
        {"web": N_("Phone"), "handed_over": N_("Handed over"), "paper": N_("Paper")},
    ),
    "trial": (FLAG, N_("Trial"), {}),
    "people": (INTEGER, N_("People"), {}),
    "mark": (CODE, N_("Mark"), {"test": N_("Test"), "duplicate": N_("Duplicate")}),
}
"""Each column that every response has: what it holds, its label, the words of its codes."""


PUBLIC_NUMBER = N_("Running number of a public export: no receipt code, texts or personal answers")
"""What a public export says of itself in its first column, in every format."""


def envelope_columns(is_public: bool = False) -> tuple[Column, ...]:
    """The columns that every response has, in the order of ENVELOPE."""
    return tuple(_envelope_column(name, is_public) for name in ENVELOPE)


def _envelope_column(name: str, is_public: bool) -> Column:
    data_type, label, codes = ENVELOPE_COLUMNS[name]
    labels = {code: interface_words(message) for code, message in codes.items()}
    if name == "language":
        labels = {tag: dict.fromkeys(LANGUAGES, each.name) for tag, each in LANGUAGES.items()}
    if name == "receipt" and is_public:
        label = PUBLIC_NUMBER
    return Column(name, "envelope", data_type, label=interface_words(label), labels=labels)


def columns_of(questionnaire: Questionnaire, is_public: bool = False) -> tuple[Column, ...]:
    """The columns, fixed by the questionnaire alone and always in the same order."""
    columns = [*envelope_columns(is_public)]
    for question in questionnaire.questions(FULL):
        columns += question_columns(questionnaire, question)
    return tuple(columns)


def question_columns(questionnaire: Questionnaire, question: Question) -> list[Column]:
    """The columns of one question, that of the text beside *other* and why it is missing last."""
    columns = QUESTION_COLUMNS[question.type](questionnaire, question)
    return columns + _other(question) if question.other is not None else columns


def merged(versions: Sequence[Questionnaire], is_public: bool = False) -> tuple[Column, ...]:
    """The columns of several versions, the oldest first: those of the newest, and among them, after
    what they stood after, those that only an older one has. The newest one's words count.

    Raises ColumnError where a question of one name has several types.
    """
    columns = list(columns_of(versions[-1], is_public))
    for older in reversed(versions[:-1]):
        columns = _with_older(columns, columns_of(older, is_public))
    return tuple(columns)


def _with_older(columns: list[Column], older: Sequence[Column]) -> list[Column]:
    together = {column.name: column for column in columns}
    order = _woven(together, [column.name for column in older])
    for column in older:
        known = together.get(column.name)
        together[column.name] = column if known is None else _both(known, column)
    return [together[name] for name in order]


def _woven(newer: Iterable[str], older: Iterable[str]) -> list[str]:
    """The newer names in their order; those that only the older have, after what they stood after."""
    order, place = list(newer), 0
    known = set(order)
    for name in older:
        if name not in known:
            order.insert(place, name)
        place = order.index(name) + 1
    return order


def _both(newer: Column, older: Column) -> Column:
    """The newer column, with the codes that only the older one has. Their order is that of a scale."""
    if newer.data_type != older.data_type or newer.kind != older.kind:
        assert newer.question is not None and older.question is not None
        raise ColumnError(
            N_(
                "%(column)s is %(type)s in one questionnaire and %(other)s in another. "
                "Export these workshops one by one."
            ),
            column=newer.name,
            type=newer.question.type,
            other=older.question.type,
        )
    labels = {**older.labels, **newer.labels}
    return replace(
        newer, labels={code: labels[code] for code in _woven(newer.labels, older.labels)}
    )


def labels_of(choices: Iterable[Choice]) -> dict[str, Words]:
    return {choice.name: choice.label for choice in choices}


def _column(
    question: Question,
    kind: str,
    data_type: str,
    part: str = "",
    suffix: str | None = None,
    **more: Any,
) -> Column:
    end = part if suffix is None else suffix
    name = f"{question.name}__{end}" if end else question.name
    return Column(name, kind, data_type, question, part, question.label, **more)


def _answerable(question: Question) -> dict[str, Words]:
    """Labels of what counts as an answer; dk and na stay the words that mark missing answers."""
    other = (question.other,) if question.other is not None else ()
    return labels_of(question.choices + other)


def _single(questionnaire: Questionnaire, question: Question) -> list[Column]:
    columns = [_column(question, "value", CODE, labels=_answerable(question))]
    if question.role == "actor_group":
        groups = labels_of(questionnaire.actor_groups)
        columns.append(_column(question, "group", CODE, "group", labels=groups))
    for level in question.levels:
        there = [choice for choice in question.choices if choice.level == level]
        columns.append(_column(question, "level", CODE, level, labels=labels_of(there)))
    return columns


def _multiple(_: Questionnaire, question: Question) -> list[Column]:
    columns = [_column(question, "chosen", CODES, labels=_answerable(question))]
    others = (question.other,) if question.other is not None else ()
    for choice in (*question.choices, *others):
        suffix = "other__selected" if choice.name == OTHER else None
        label = choice.label
        columns.append(_column(question, "selected", FLAG, choice.name, suffix, part_label=label))
    return columns


def _other(question: Question) -> list[Column]:
    assert question.other is not None
    return [
        _column(question, "other", TEXT, OTHER, part_label=question.other.label),
        _column(question, "other_missing", CODE, OTHER, "other__missing"),
    ]


def _text(_: Questionnaire, question: Question) -> list[Column]:
    return [_column(question, "text", TEXT), _column(question, "missing", CODE, suffix="missing")]


def _statements(_: Questionnaire, question: Question) -> list[Column]:
    places = [str(place) for place in range(1, (question.max_items or 1) + 1)]
    texts = [_column(question, "statement", TEXT, place) for place in places]
    return [*texts, _column(question, "missing", CODE, suffix="missing")]


def _value(data_type: str) -> Callable[[Questionnaire, Question], list[Column]]:
    return lambda _, question: [_column(question, "value", data_type)]


def _ranked(_: Questionnaire, question: Question) -> list[Column]:
    return [
        _column(question, "rank", INTEGER, choice.name, part_label=choice.label)
        for choice in question.choices
    ]


def _shared(_: Questionnaire, question: Question) -> list[Column]:
    return [
        _column(question, "part", INTEGER, choice.name, part_label=choice.label)
        for choice in question.choices
    ]


def _rated(_: Questionnaire, question: Question) -> list[Column]:
    labels = labels_of(question.choices)
    return [
        _column(question, "part", CODE, row.name, part_label=row.label, labels=labels)
        for row in question.rows
    ]


QUESTION_COLUMNS: dict[str, Callable[[Questionnaire, Question], list[Column]]] = {
    "note": lambda *_: [],
    "text": _text,
    "integer": _value(INTEGER),
    "decimal": _value(DECIMAL),
    "date": _value(DATE),
    "select_one": _single,
    "select_multiple": _multiple,
    "rank": _ranked,
    "matrix": _rated,
    "allocation": _shared,
    "statements": _statements,
    "vote": _rated,
}
"""The columns of each question type."""
