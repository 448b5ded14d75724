"""Any answers that a questionnaire admits survive form, store and export unchanged."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from werkzeug.datastructures import MultiDict

from survey.export import FORMATS
from survey.form import QuestionnaireForm
from survey.response import Sending, new_id
from survey.store import Store, open_store, responses, workshops
from survey.table import Table
from tests.all_types import ALL_TYPES, answers
from tests.conftest import table_of


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("round-trip")
    return open_store(folder / "survey.sqlite3", b"secret")


def sent_for(stored: dict[str, object]) -> MultiDict[str, str]:
    """What a browser would send for these answers."""
    form = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    form.show(stored)
    return MultiDict(
        (name, value)
        for field in form
        for name, values in field.sent.items()  # type: ignore[attr-defined]
        for value in values
    )


@given(answers())
def test_answers_survive_form_store_and_json_lines(kept: Store, given_answers) -> None:  # type: ignore[no-untyped-def]
    asked = {question.name: given_answers.get(question.name) for question in ALL_TYPES.questions()}
    order = [choice.name for choice in ALL_TYPES.question("funds").options()]
    if isinstance(asked["funds"], list):
        asked["funds"] = sorted(asked["funds"], key=order.index)
    for name in ("actor", "funds"):
        if asked[name] == "other" or (isinstance(asked[name], list) and "other" in asked[name]):
            asked[f"{name}__other"] = given_answers.get(f"{name}__other")

    form = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    form.process(sent_for(asked))
    assert form.validate(), form.errors
    assert form.answers == asked

    workshop = workshops.create(kept, ALL_TYPES, trial=True)
    workshops.set_state(kept, workshop.code, "open")
    responses.add(kept, workshop.code, Sending(new_id(), form.answers, "fr"))
    file = io.BytesIO()
    FORMATS["jsonl"].write(table_of(ALL_TYPES, responses.scan(kept, workshop.code)), file)
    assert json.loads(file.getvalue())["answers"] == asked

    table = table_of(ALL_TYPES, responses.scan(kept, workshop.code))
    assert read_back(table) == [
        ["" if cell is None else str(cell) for cell in row]
        for row in table_of(ALL_TYPES, responses.scan(kept, workshop.code)).rows()
    ]


def read_back(table: Table) -> list[list[str]]:
    """The cells of a CSV file, with the marks that keep formulas dead taken off again."""
    file = io.BytesIO()
    FORMATS["csv"].write(table, file)
    _, *rows = csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    texts = [column.is_text for column in table.columns]
    return [
        [
            cell[1:] if text and cell.startswith("'") else cell
            for cell, text in zip(row, texts, strict=True)
        ]
        for row in rows
    ]
