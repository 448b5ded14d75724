"""The variables of a DDI file and their groups: what each column of the data means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.export.ddi_words import write_words
from survey.export.domain import BLANK, bounds_of, codes_of, missing_of
from survey.export.topics import DIMENSION, SECTION, THEME, topics_of
from survey.export.xml_writer import XmlWriter
from survey.i18n import N_
from survey.questionnaire.model import Question, Words
from survey.table import Column, Dataset
from survey.table.codebook import meanings
from survey.table.columns import (
    CODE,
    CODES,
    DATE,
    DECIMAL,
    FLAG,
    INTEGER,
    TEXT,
    TIME,
    interface_words,
)

RANGE = {"minimum": "min", "maximum": "max"}
YES_NO = {"0": N_("No"), "1": N_("Yes")}


@dataclass(frozen=True, slots=True)
class Measure:
    """How DDI says what cells hold."""

    representation: str
    nature: str
    is_continuous: bool = False
    is_numeric: bool = False
    category: str = "other"


MEASURES = {
    TEXT: Measure("text", "other"),
    CODE: Measure("code", "nominal"),
    CODES: Measure("other", "nominal"),
    FLAG: Measure("code", "nominal", is_numeric=True),
    INTEGER: Measure("numeric", "ratio", is_continuous=True, is_numeric=True),
    DECIMAL: Measure("numeric", "ratio", is_continuous=True, is_numeric=True),
    DATE: Measure("datetime", "interval", is_continuous=True, category="date"),
    TIME: Measure("datetime", "interval", is_continuous=True, category="time"),
}

GROUPS = {
    "select_multiple": ("multipleResp", "selected"),
    "matrix": ("grid", "part"),
    "vote": ("grid", "part"),
    "rank": ("other", "rank"),
    "allocation": ("other", "part"),
    "statements": ("repetition", "statement"),
}
"""The questions whose columns make a group: the group's type, and the kind of these columns."""

DOMAINS = {
    "text": "text",
    "statements": "text",
    "integer": "numeric",
    "decimal": "numeric",
    "date": "datetime",
    "select_one": "category",
    "matrix": "category",
    "vote": "category",
    "select_multiple": "multiple",
}
"""What DDI calls the answers to a question type, where it has a word for them."""


def write_variables(xml: XmlWriter, dataset: Dataset, columns: Sequence[Column]) -> None:
    """Groups of columns, then a variable for each column."""
    with xml.element("dataDscr"):
        grouped = list(_grouped(columns))
        _write_sections(xml, dataset, columns, grouped)
        for question, members in grouped:
            _write_group(xml, dataset, question, members)
        for column in columns:
            _write_variable(xml, dataset, column)


def _grouped(columns: Sequence[Column]) -> Iterator[tuple[Question, list[Column]]]:
    questions = {each.question.name: each.question for each in columns if each.question is not None}
    for name, question in questions.items():
        if question.type in GROUPS:
            kind = GROUPS[question.type][1]
            yield (
                question,
                [
                    each
                    for each in columns
                    if each.question is not None
                    and each.question.name == name
                    and each.kind == kind
                ],
            )


def _write_sections(
    xml: XmlWriter,
    dataset: Dataset,
    columns: Sequence[Column],
    grouped: list[tuple[Question, list[Column]]],
) -> None:
    titles = topics_of(dataset, SECTION)
    for section in dataset.newest.sections:
        names = {question.name for question in section.questions}
        members = [each for each in columns if each.question and each.question.name in names]
        groups = [f"G_{question.name}" for question, _ in grouped if question.name in names]
        if not members:
            continue
        attributes = {
            "ID": f"S_{section.name}",
            "type": "section",
            "name": section.name,
            "var": _references(members),
        }
        if groups:
            attributes["varGrp"] = " ".join(groups)
        with xml.element("varGrp", attributes):
            write_words(xml, "labl", dataset, titles[section.name])


def _write_group(
    xml: XmlWriter, dataset: Dataset, question: Question, members: list[Column]
) -> None:
    type = GROUPS[question.type][0]
    attributes = {
        "ID": f"G_{question.name}",
        "type": type,
        "name": question.name,
        "var": _references(members),
    }
    if type == "other":
        attributes["otherType"] = question.type
    with xml.element("varGrp", attributes):
        write_words(xml, "labl", dataset, question.label)


def _references(columns: Sequence[Column]) -> str:
    return " ".join(_id(column) for column in columns)


def _id(column: Column) -> str:
    return f"V_{column.name}"


def _write_variable(xml: XmlWriter, dataset: Dataset, column: Column) -> None:
    measure = MEASURES[column.data_type]
    with xml.element("var", _attributes(column, measure)):
        write_words(xml, "labl", dataset, meanings(dataset, column)[""])
        if column.question is not None:
            _write_question(xml, dataset, column.question)
        _write_ranges(xml, dataset, column)
        _write_categories(xml, dataset, column)
        if column.question is not None:
            _write_concepts(xml, dataset, column.question)
        format = "numeric" if measure.is_numeric else "character"
        xml.leaf("varFormat", "", {"type": format, "category": measure.category})


def _attributes(column: Column, measure: Measure) -> dict[str, str]:
    is_ordered = column.kind == "rank" or _is_scale(column)
    return {
        "ID": _id(column),
        "name": column.name,
        "files": "F1",
        "intrvl": "contin" if measure.is_continuous else "discrete",
        "nature": "ordinal" if is_ordered else measure.nature,
        "representationType": measure.representation,
    }


def _is_scale(column: Column) -> bool:
    question = column.question
    return column.data_type == CODE and question is not None and question.scale is not None


def _write_question(xml: XmlWriter, dataset: Dataset, question: Question) -> None:
    domain = DOMAINS.get(question.type)
    attributes = {"responseDomainType": domain or "other"}
    if domain is None:
        attributes["otherResponseDomainType"] = question.type
    with xml.element("qstn", attributes):
        write_words(xml, "qstnLit", dataset, question.label)
        write_words(xml, "ivuInstr", dataset, question.hint)


def _write_ranges(xml: XmlWriter, dataset: Dataset, column: Column) -> None:
    bounds = bounds_of(dataset, column)
    if bounds:
        units = "INT" if column.data_type == INTEGER else "REAL"
        range = {RANGE[name]: str(bound) for name, bound in bounds.items()}
        with xml.element("valrng"):
            xml.leaf("range", "", {"UNITS": units, **range})
    missing = [value for value in missing_of(dataset, column) if value != BLANK]
    if missing:
        with xml.element("invalrng"):
            for value in missing:
                xml.leaf("item", "", {"VALUE": value})


def _write_categories(xml: XmlWriter, dataset: Dataset, column: Column) -> None:
    codes = codes_of(dataset, column)
    if column.data_type == FLAG:
        codes = {code: interface_words(message) for code, message in YES_NO.items()}
    for code, words in codes.items():
        _write_category(xml, dataset, code, words, {})
    for value, words in missing_of(dataset, column).items():
        if value != BLANK:
            _write_category(xml, dataset, value, words, {"missing": "Y", "missType": value})


def _write_category(
    xml: XmlWriter, dataset: Dataset, code: str, words: Words, attributes: dict[str, str]
) -> None:
    with xml.element("catgry", attributes):
        xml.leaf("catValu", code)
        write_words(xml, "labl", dataset, words)


def _write_concepts(xml: XmlWriter, dataset: Dataset, question: Question) -> None:
    for kind, name in ((THEME, question.theme), (DIMENSION, question.dimension)):
        words = topics_of(dataset, kind).get(name or "")
        if words:
            text = dataset.say(words)
            tag = dataset.newest.said_in(dataset.language, words)
            xml.leaf("concept", text, {"xml:lang": tag, "vocab": kind})
