"""What each column of a dataset and each of its codes means, in every language and version."""

from __future__ import annotations

from collections.abc import Iterator

from survey.i18n import N_
from survey.questionnaire.model import DONT_KNOW, NOT_CONCERNED, Words
from survey.table.cells import NOT_ASKED, Cell
from survey.table.columns import CODE, FLAG, INTEGER, TEXT, Column, columns_of, interface_words
from survey.table.dataset import Dataset
from survey.table.long import BLANK
from survey.table.numbers import number_of, numbers_of, says_why

NAMES = ("name", "question", "type", "data_type", "role", "dimension", "theme")
VERSION_LENGTH = 8
"""The first characters of a version, as in the name of its view."""

Meanings = dict[str, Words]
"""The words of a column under "", and those of each of its codes."""


def columns(dataset: Dataset) -> list[Column]:
    """`code` is blank where a row is about the column itself; `number` stands for the code where
    numbers do; `versions` are those in which it means just this; one label for each language."""
    return [
        *(Column(name, "cell", CODE) for name in NAMES),
        Column("personal", "cell", FLAG),
        Column("code", "cell", CODE),
        Column("number", "cell", INTEGER),
        *(Column(f"label_{tag}", "cell", TEXT) for tag in dataset.languages),
        Column("versions", "cell", CODE),
    ]


def rows(dataset: Dataset) -> Iterator[list[Cell]]:
    """A row for each column, then one for each of its codes and kinds of missing; another one where
    an older version of the questionnaire says it in other words."""
    versions = {
        version: {column.name: column for column in columns_of(questionnaire, dataset.is_public)}
        for version, questionnaire in dataset.questionnaires.items()
    }
    for column in dataset.columns():
        known = {
            version: meanings(dataset, there[column.name])
            for version, there in versions.items()
            if column.name in there
        }
        numbers = numbers_of(column)
        for code in _codes(known):
            number = number_of(column, numbers, code) if code else None
            yield from _rows(dataset, column, [code or None, number], known)


def _codes(known: dict[str, Meanings]) -> list[str]:
    """Every code of every version, as the newest orders them."""
    codes: dict[str, None] = {}
    for each in reversed([*known.values()]):
        codes |= dict.fromkeys(each)
    return list(codes)


def _rows(
    dataset: Dataset, column: Column, said: list[Cell], known: dict[str, Meanings]
) -> Iterator[list[Cell]]:
    """A row for each wording of a code, the newest first; `said` is the code with its number."""
    code = str(said[0] or "")
    worded: dict[tuple[Cell, ...], list[str]] = {}
    for version, each in reversed([*known.items()]):
        if code in each:
            labels = tuple(each[code].get(tag) for tag in dataset.languages)
            worded.setdefault(labels, []).append(version[:VERSION_LENGTH])
    question = column.question
    about: list[Cell] = [
        column.name,
        question.name if question else None,
        question.type if question else None,
        column.data_type,
        column.role,
        column.dimension,
        column.theme,
        int(column.is_personal),
    ]
    for words, versions in worded.items():
        yield [*about, *said, *words, " ".join(reversed(versions))]


def meanings(dataset: Dataset, column: Column) -> Meanings:
    """The words of a column and of its codes, kinds of missing answers included."""
    found: Meanings = {"": _together(dataset, column)}
    found |= column.labels
    found |= {choice.name: choice.label for choice in column.missing}
    if can_be_not_asked(dataset, column):
        found[NOT_ASKED] = interface_words(N_("Not asked"))
    return found


def missing_words(dataset: Dataset, column: Column) -> Meanings:
    """The kinds of missing answers that a column may have in any version, each with its words."""
    if column.kind == "context":
        return {
            DONT_KNOW: interface_words(N_("Don’t know")),
            NOT_CONCERNED: interface_words(N_("Not concerned")),
            NOT_ASKED: interface_words(N_("Not asked")),
        }
    found: Meanings = {}
    if column.question is None:
        return found
    if not says_why(column):
        found[BLANK] = interface_words(N_("Not answered"))
    for questionnaire in dataset.questionnaires.values():
        for question in questionnaire.questions():
            if question.name == column.question.name:
                found |= {choice.name: choice.label for choice in question.missing()}
    if can_be_not_asked(dataset, column):
        found[NOT_ASKED] = interface_words(N_("Not asked"))
    return found


def can_be_not_asked(dataset: Dataset, column: Column) -> bool:
    """Whether somebody may not have been asked: by a condition, in the short version, or because
    another version of the questionnaire does not ask it."""
    question = column.question
    if question is None or column.is_text:
        return False
    return (
        question.relevant is not None
        or column.kind == "other_missing"
        or (not question.core and dataset.has_short_version)
        or len(dataset.questionnaires) > 1
    )


def _together(dataset: Dataset, column: Column) -> Words:
    """A question's words and its part's, in each language that has both."""
    if not column.part_label:
        return column.label
    return {
        tag: f"{column.label[tag]} – {column.part_label[tag]}"
        for tag in dataset.languages
        if tag in column.label and tag in column.part_label
    }
