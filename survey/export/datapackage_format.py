"""A Data Package (version 2): a zip of CSV files and a description of their columns, for portals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from survey.export.archive import archive, entry
from survey.export.csv_format import write_lines
from survey.export.domain import bounds_of, codes_of, missing_of
from survey.i18n import N_
from survey.questionnaire.model import Words
from survey.table import SHAPES, Column, Dataset, Table, Wording
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
from survey.table.selection import LAST
from survey.table.shapes import CODEBOOK, LONG, NEVER_PUBLIC, STATEMENTS, WIDE

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESPONSES = "responses"

RESOURCES = {WIDE: RESPONSES, LONG: "answers", STATEMENTS: "statements", CODEBOOK: "codebook"}
"""The name of each shape's file."""

TYPES: dict[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    CODE: {"type": "string"},
    CODES: {"type": "string"},
    FLAG: {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    INTEGER: {"type": "integer"},
    DECIMAL: {"type": "number"},
    DATE: {"type": "date"},
    TIME: {"type": "datetime"},
}

NEUTRALISED = N_(
    "A text that a spreadsheet would take for a formula has a ' in front. So has a text that begins "
    "with a ' itself: take one away to have what was written."
)

Json = dict[str, Any]


def write(table: Table, file: IO[bytes]) -> None:
    """`datapackage.json`, then a CSV file for each shape. Cells are codes; their words stand in the
    description."""
    wording = Wording(language=table.dataset.language)
    dataset = replace(table.dataset, wording=wording)
    tables = {
        name: SHAPES[shape](dataset)
        for shape, name in RESOURCES.items()
        if not (dataset.is_public and shape in NEVER_PUBLIC)
    }
    with archive(file) as package:
        with entry(package, "datapackage.json") as described:
            text = json.dumps(_package(dataset, tables), ensure_ascii=False, indent=2)
            described.write(f"{text}\n".encode())
        for name, each in tables.items():
            with entry(package, f"{name}.csv", is_large=True) as data:
                write_lines(each, data)


def _package(dataset: Dataset, tables: dict[str, Table]) -> Json:
    newest = dataset.newest
    described = {
        "$schema": PROFILE,
        "name": newest.name,
        **_said(dataset, "title", newest.title),
        **_said(dataset, "description", newest.intro),
        "languages": list(dict.fromkeys((dataset.language, *dataset.languages))),
        "contributors": _contributors(dataset),
        "sources": list(_sources(dataset)),
        "workshops": list(_workshops(dataset)),
        "note": dataset.note,
        "selection": dataset.selection.chosen(),
        "resources": [_resource(dataset, name, table) for name, table in tables.items()],
    }
    return {name: value for name, value in described.items() if value}


def _said(dataset: Dataset, name: str, words: Words) -> Json:
    """Words under the standard's own name; and under that name in the plural, where the standard
    has none, in every language."""
    if not words:
        return {}
    said = {tag: words[tag] for tag in dataset.languages if tag in words}
    return {name: dataset.say(words), f"{name}s": said}


def _contributors(dataset: Dataset) -> list[Json]:
    """Who the workshops' privacy notices name as responsible."""
    controllers = [each.notice.get("controller", {}) for each in dataset.workshops]
    titles = dict.fromkeys(filter(None, map(dataset.say, controllers)))
    return [{"title": title, "roles": ["controller"]} for title in titles]


def _sources(dataset: Dataset) -> Iterator[Json]:
    """The questionnaires, then what they credit."""
    for version, questionnaire in dataset.questionnaires.items():
        yield {"title": dataset.say(questionnaire.title), "version": version}
    credits = [credit for each in dataset.questionnaires.values() for credit in each.credits]
    for credit in dict.fromkeys(credits):
        yield {"title": credit}


def _workshops(dataset: Dataset) -> Iterator[Json]:
    for workshop in dataset.workshops:
        titles = _said(dataset, "title", workshop.title)
        place = workshop.place_in(dataset.newest, dataset.language)
        when = {"place": place, "date": workshop.held_on, "created": workshop.created_at}
        yield {
            "code": workshop.code,
            **titles,
            **{name: said for name, said in when.items() if said},
        }


def _resource(dataset: Dataset, name: str, table: Table) -> Json:
    has_texts = any(shown.is_text for shown in table.shown)
    return {
        "name": name,
        **(_said(dataset, "description", interface_words(NEUTRALISED)) if has_texts else {}),
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(dataset, column) for column in table.columns],
            **_keys(dataset, name),
        },
    }


def _keys(dataset: Dataset, name: str) -> Json:
    """How rows are told apart, and which response a row of another file is about."""
    key = ["receipt"] if dataset.selection.revisions == LAST else ["receipt", "revision"]
    if name == RESPONSES:
        return {"primaryKey": key}
    if name == RESOURCES[CODEBOOK]:
        return {}
    return {
        "foreignKeys": [{"fields": key, "reference": {"resource": RESPONSES, "fields": key}}],
    }


def _field(dataset: Dataset, column: Column) -> Json:
    hint = column.question.hint if column.question is not None else {}
    codes = [_value(dataset, code, said) for code, said in codes_of(dataset, column).items()]
    described = {
        "name": column.name,
        **TYPES[column.data_type],
        **_said(dataset, "title", meanings(dataset, column)[""]),
        **_said(dataset, "description", hint),
        "constraints": _bounds(dataset, column),
        "categories": codes if column.data_type == CODE else [],
        "categoriesOrdered": column.data_type == CODE and bool(_scale(column)),
        "missingValues": _missing(dataset, column),
    }
    return {name: value for name, value in described.items() if value}


def _scale(column: Column) -> str | None:
    return column.question.scale if column.question is not None else None


def _value(dataset: Dataset, value: str, words: Words) -> Json:
    return {"value": value, **_said(dataset, "label", words)}


def _missing(dataset: Dataset, column: Column) -> list[Json]:
    """None where only an empty cell is missing and nothing is to be said of it, which is what the
    standard supposes. No two labels may be the same: the later one is left out."""
    found = missing_of(dataset, column)
    labels: set[str] = set()
    missing: list[Json] = []
    for value, words in found.items():
        label = dataset.say(words)
        missing.append({"value": value} if label in labels else _value(dataset, value, words))
        labels.add(label)
    return missing if any(found.values()) else []


def _bounds(dataset: Dataset, column: Column) -> Json:
    return {
        name: bound if isinstance(bound, int) else str(bound)
        for name, bound in bounds_of(dataset, column).items()
    }
