"""Parquet, read back by DuckDB: types, lists, and why there is no answer."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest
from hypothesis import given

from survey.export import FORMATS
from survey.export.parquet_format import TYPED, WHY
from survey.questionnaire.loading import load_text
from survey.questionnaire.model import Questionnaire
from survey.response import Response
from survey.table import SHAPES, Dataset, Wording
from survey.table.dataset import BOTH, LABELS
from survey.table.shapes import TABULAR
from tests.all_types import ALL_TYPES, answers
from tests.conftest import PROJECT, dataset_of, questionnaire_of
from tests.export.hard_names import NASTY, RESPONSES, response


def read_back(dataset: Dataset, path: Path, shape: str = "wide") -> list[dict[str, Any]]:
    with path.open("wb") as file:
        assert FORMATS["parquet"].export(dataset, shape, file) == ()
    with duckdb.connect() as database:
        database.execute("set timezone = 'UTC'")
        read = database.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in read.description]
        return [dict(zip(names, row, strict=True)) for row in read.fetchall()]


def as_cells(row: dict[str, Any], dataset: Dataset) -> list[Any]:
    """What DuckDB read, as the table has it."""
    cells = []
    for column in dataset.columns():
        value = row[column.name]
        if value is None and column.question is not None and column.data_type in TYPED:
            value = row[f"{column.question.name}__missing"]
        elif column.data_type == "codes" and value is not None:
            value = " ".join(value)
        elif column.data_type == "time":
            value = f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z"
        elif column.data_type == "date" and value is not None:
            value = str(value)
        elif column.data_type == "decimal" and value is not None:
            value = value.normalize()
        cells.append(value)
    return cells


def expected(dataset: Dataset) -> list[list[Any]]:
    decimals = [column.data_type == "decimal" for column in dataset.columns()]
    return [
        [
            Decimal(cell).normalize() if is_decimal and cell and cell not in WHY else cell
            for cell, is_decimal in zip(row, decimals, strict=True)
        ]
        for row in SHAPES["wide"](dataset).codes()
    ]


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    dataset = dataset_of(NASTY, RESPONSES)
    rows = read_back(dataset, tmp_path / "nasty.parquet")
    assert [as_cells(row, dataset) for row in rows] == expected(dataset)


@given(answers())
def test_any_answers_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, given_answers: dict[str, Any]
) -> None:
    dataset = dataset_of(ALL_TYPES, [response(1, **given_answers)])
    [row] = read_back(dataset, tmp_path_factory.getbasetemp() / "any.parquet")
    assert [as_cells(row, dataset)] == expected(dataset)


def test_columns_have_types_and_codes_are_kept_once(tmp_path: Path) -> None:
    read_back(dataset_of(ALL_TYPES, []), tmp_path / "types.parquet")
    schema = pyarrow.parquet.read_schema(tmp_path / "types.parquet")
    types = {field.name: str(field.type) for field in schema}
    codes = "dictionary<values=string, indices=int32, ordered=0>"
    assert types["actor"] == types["asset__one"] == types["why__missing"] == codes
    assert types["funds"] == "list<element: string>"
    assert (types["members"], types["funds__a"]) == ("int64", "int8")
    assert (types["area"], types["day"]) == ("decimal128(21, 6)", "date32[day]")
    assert (types["received_at"], types["why"]) == ("timestamp[ms, tz=UTC]", "string")


def test_a_column_beside_says_once_for_a_question_why_there_is_no_answer(tmp_path: Path) -> None:
    dataset = dataset_of(ALL_TYPES, [response(1, chain={"missing": "dk"}, funds=None)])
    [row] = read_back(dataset, tmp_path / "why.parquet")
    assert [name for name in row if name.startswith("chain")] == [
        "chain__a",
        "chain__B.2",
        "chain__c_3",
        "chain__missing",
    ]
    assert (row["chain__a"], row["chain__missing"]) == (None, "dk")
    assert (row["funds"], row["funds__missing"]) == (None, None)
    assert (row["points__a"], row["points__missing"]) == (None, "not_asked")


def test_what_only_a_newer_version_asks_has_its_own_column_beside(tmp_path: Path) -> None:
    def ranking(*names: str) -> Questionnaire:
        choices = "\n".join(f"  - {{name: {name}, label: {{fr: X, ar: س}}}}" for name in names)
        return questionnaire_of(
            f"- type: rank\n  name: first\n  label: {{fr: R, ar: ر}}\n  choices:\n{choices}\n"
        )

    old, new = ("0" * 64, ranking("a", "b")), ("1" * 64, ranking("a", "b", "c"))
    older = response(1, first=["b"])
    newer = Response(**{**_fields(older), "version": new[0], "answers": {"first": ["a"]}})
    dataset = Dataset(dict([old, new]), lambda: iter([older, newer]))
    rows = read_back(dataset, tmp_path / "versions.parquet")
    assert [row["first__c"] for row in rows] == [None, None]
    assert [row["first__c__missing"] for row in rows] == ["not_asked", None]
    assert [row["first__missing"] for row in rows] == [None, None]


def _fields(response: Response) -> dict[str, Any]:
    return {name: getattr(response, name) for name in response.__slots__}


def test_the_schema_says_what_columns_and_codes_mean_in_every_language(tmp_path: Path) -> None:
    read_back(dataset_of(NASTY, []), tmp_path / "labels.parquet")
    schema = pyarrow.parquet.read_schema(tmp_path / "labels.parquet")
    about = {key.decode(): value.decode() for key, value in schema.field("rating").metadata.items()}
    assert (about["question"], about["type"]) == ("rating", "select_one")
    assert json.loads(about["label"]) == {"fr": "Note", "ar": "تقييم"}
    assert json.loads(about["codes"])["5"] == {"fr": "Beaucoup", "ar": "كثير"}
    assert schema.metadata[b"questionnaire"] == b"tiny"


@pytest.mark.parametrize("style", [LABELS, BOTH])
def test_words_can_stand_for_codes_or_beside_them(style: str, tmp_path: Path) -> None:
    plain = dataset_of(NASTY, RESPONSES[:2])
    dataset = Dataset(plain.questionnaires, plain.responses, (), Wording(style, "fr"))
    row = read_back(dataset, tmp_path / "words.parquet")[1]
    end = "" if style == LABELS else "__label"
    assert (row[f"with{end}"], row[f"rating{end}"]) == (["X", "Grand X"], "Beaucoup")
    assert style == LABELS or row["with"] == ["x", "z"]


@pytest.mark.parametrize("shape", TABULAR)
def test_every_shape_has_all_its_rows(shape: str, tmp_path: Path) -> None:
    dataset = dataset_of(NASTY, RESPONSES)
    rows = read_back(dataset, tmp_path / "shape.parquet", shape)
    table = SHAPES[shape](dataset)
    texts = [place for place, column in enumerate(table.columns) if column.is_text]
    names = [column.name for column in table.columns]
    assert [[row[names[place]] for place in texts] for row in rows] == [
        [row[place] for place in texts] for row in table.codes()
    ]


def test_the_query_of_the_docs_runs_on_the_example_of_the_docs(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "exports.md").read_text(encoding="utf-8")
    example, query = (
        re.search("```yaml\n(.*?)```", page, re.S),
        re.search("```sql\n(.*?)```", page, re.S),
    )
    assert example and query
    questionnaire = load_text(example[1].encode(), "exports.md")
    needs = [["credit"], ["credit", "water"], ["credit"], {"missing": "dk"}]
    responses = [response(place, need=need) for place, need in enumerate(needs)]
    path = tmp_path / "export.parquet"
    read_back(dataset_of(questionnaire, responses), path)
    with duckdb.connect() as database:
        found = database.execute(query[1].replace("export.parquet", str(path))).fetchall()
    assert sorted(found, key=str) == [
        (None, "dk", 1),
        (["credit", "water"], None, 1),
        (["credit"], None, 2),
    ]


def test_the_same_answers_give_the_same_bytes() -> None:
    assert written(RESPONSES) == written(RESPONSES)


def written(responses: Sequence[Response]) -> bytes:
    file = io.BytesIO()
    FORMATS["parquet"].export(dataset_of(NASTY, responses), "wide", file)
    return file.getvalue()


def test_rows_are_written_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.export.values.BATCH", 50)
    monkeypatch.setattr("survey.export.parquet_format.ROWS", 100)
    file, before = io.BytesIO(), []

    def stream() -> Iterator[Response]:
        for number in range(1000):
            before.append(file.tell())
            yield response(number, all=f"{number}" * 50)

    FORMATS["parquet"].export(Dataset({"0" * 64: NASTY}, stream), "wide", file)
    assert before[-1] > before[500] > before[150] > before[0]
