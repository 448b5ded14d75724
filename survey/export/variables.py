"""A table's columns as the variables of a statistics program, and what that cannot hold whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from survey.export.variable_names import NameRules, variable_names
from survey.i18n import N_, Sentence
from survey.table import Table
from survey.table.codebook import missing_words
from survey.table.columns import CODE, CODES, FLAG, TEXT, Column
from survey.table.numbers import MISSING_NUMBERS, is_coded, numbers_of, says_why
from survey.table.table import label_of

MAX_DIGITS = 15
"""So many digits each of a statistics program's numbers holds; what is beyond is rounded."""

RENAMED = N_("%(program)s cannot have these names of columns: %(columns)s.")
LABELS_CUT = N_("%(program)s has shorter labels; the codebook has them whole. Cut: %(columns)s.")
TEXTS_CUT = N_("%(program)s has %(bytes)s bytes a text; csv has them whole. Cut: %(columns)s.")
ROUNDED = N_("%(program)s has %(digits)s digits a number; csv has all. Rounded: %(columns)s.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program holds: as labels of variables and codes, in bytes or characters, and as a text,
    in bytes, where that has a limit."""

    program: str
    names: NameRules
    cut: Callable[[str, int], str]
    label: int
    code_label: int
    text: int | None = None


def bytes_of(text: str, longest: int) -> str:
    """As much of a text as fits into so many bytes, no character broken."""
    if len(text) * 4 <= longest:
        return text
    return text.encode()[:longest].decode(errors="ignore")


def characters_of(text: str, longest: int) -> str:
    """So many characters of a text."""
    return text[:longest]


@dataclass(slots=True)
class Shortfall:
    """What a program could not hold whole, by column; to be told to whoever exports."""

    limits: Limits
    renamed: dict[str, str] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)

    def warnings(self) -> list[Sentence]:
        """A sentence for each kind, saying where to find the whole."""
        values = {
            "program": self.limits.program,
            "bytes": f"{self.limits.text or 0:,}",
            "digits": str(MAX_DIGITS),
        }
        found = {
            RENAMED: [f"{old} → {new}" for old, new in self.renamed.items()],
            LABELS_CUT: self.labels,
            TEXTS_CUT: self.texts,
            ROUNDED: self.numbers,
        }
        return [
            Sentence(message, {**values, "columns": ", ".join(columns)})
            for message, columns in found.items()
            if columns
        ]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column with a name and words that the program can have. `codes` has the number of each code,
    `labels` the words of these numbers, `missing` those of the kinds of missing answers."""

    column: Column
    name: str
    label: str
    codes: Mapping[str, int]
    labels: Mapping[int, str]
    missing: Mapping[str, str]

    @property
    def is_text(self) -> bool:
        kind = self.column.data_type
        return kind in (TEXT, CODES) or (kind == CODE and not is_coded(self.column))

    @property
    def measure(self) -> str:
        """The level at which it measures."""
        if self.column.is_ordered or self.column.kind == "rank":
            return "ordinal"
        is_named = self.column.data_type in (TEXT, CODE, CODES, FLAG)
        return "nominal" if is_named else "scale"


def variables_of(table: Table, shortfall: Shortfall) -> list[Variable]:
    """A variable for each column, in the dataset's language; notes what had to be cut."""
    names = variable_names((column.name for column in table.columns), shortfall.limits.names)
    shortfall.renamed = {old: new for old, new in names.items() if old != new}
    return [_variable(table, column, names[column.name], shortfall) for column in table.columns]


def _variable(table: Table, column: Column, name: str, shortfall: Shortfall) -> Variable:
    limits, say = shortfall.limits, table.dataset.say

    def fitting(text: str, longest: int) -> str:
        line = " ".join(text.split())
        fits = limits.cut(line, longest)
        if fits != line:
            shortfall.labels[column.name] = None
        return fits

    label = label_of(table.dataset, column)
    if name != column.name:
        label = f"[{column.name}] {label}"
    numbers = numbers_of(column)
    words = {numbers[code]: say(column.labels[code]) for code in numbers}
    missing = {kind: say(said) for kind, said in missing_words(table.dataset, column).items()}
    if says_why(column):
        numbers = {kind: MISSING_NUMBERS[kind] for kind in MISSING_NUMBERS}
        words = {numbers[kind]: missing.pop(kind) for kind in [*missing]}
    return Variable(
        column,
        name,
        fitting(label, limits.label),
        numbers,
        {number: fitting(text, limits.code_label) for number, text in words.items()},
        {kind: fitting(text, limits.code_label) for kind, text in missing.items()},
    )
