"""What a column's cells can hold: codes, bounds, and what stands where there is no answer."""

from __future__ import annotations

from collections.abc import Iterator

from survey.i18n import N_
from survey.questionnaire.model import Bound, Choice, Words
from survey.table import NOT_ASKED, Column, Dataset
from survey.table.columns import DATE, DECIMAL, INTEGER, TEXT, interface_words

BLANK = ""

SAY_WHAT_IS_MISSING = ("missing", "other_missing")
"""The kinds of column that say why the text beside them is missing."""


def missing_of(dataset: Dataset, column: Column) -> dict[str, Words]:
    """What a cell of this column holds where there is no answer, with its words; blank first. Every
    question may be not asked, in one version or another."""
    is_answer = column.question is not None
    found: dict[str, Words] = {BLANK: interface_words(N_("Not answered")) if is_answer else {}}
    if column.data_type != TEXT and column.kind not in SAY_WHAT_IS_MISSING:
        found |= kinds_of(dataset, column)
    return found


def codes_of(dataset: Dataset, column: Column) -> dict[str, Words]:
    """The codes that are answers in this column, with their words."""
    if column.kind in SAY_WHAT_IS_MISSING:
        return kinds_of(dataset, column)
    return dict(column.labels)


def kinds_of(dataset: Dataset, column: Column) -> dict[str, Words]:
    """The kinds of missing answers that have a name: don't know, not concerned, not asked."""
    kinds = {choice.name: choice.label for choice in _offered(dataset, column)}
    if column.question is not None or column.kind == "context":
        kinds[NOT_ASKED] = interface_words(N_("Not asked"))
    return kinds


def _offered(dataset: Dataset, column: Column) -> Iterator[Choice]:
    """What any version of the questionnaire offers, the newest last."""
    for questionnaire in dataset.questionnaires.values():
        for question in questionnaire.questions():
            by_role = column.kind == "context" and question.role == column.name
            if by_role or (column.question is not None and question.name == column.question.name):
                yield from question.missing()


def bounds_of(dataset: Dataset, column: Column) -> dict[str, Bound]:
    """The `minimum` and `maximum` of a number or a day; none where versions may have had others."""
    question = column.question
    if question is None or column.kind != "value" or len(dataset.questionnaires) > 1:
        return {}
    if column.data_type not in (INTEGER, DECIMAL, DATE):
        return {}
    bounds = {"minimum": question.min, "maximum": question.max}
    return {name: bound for name, bound in bounds.items() if bound is not None}
