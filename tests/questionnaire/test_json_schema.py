"""The schema that editors use says the same as loading does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from survey.cli import main
from survey.questionnaire.loading.json_schema import schema, schema_text
from survey.questionnaire.loading.keys import DOCUMENT_KEYS, NEEDED, QUESTION_KEYS, TYPES
from tests.conftest import PROJECT, questionnaire_text
from tests.questionnaire.test_loading import (
    CHOICE_LISTS,
    OPTIONAL,
    WORDS,
    minimal,
    question,
    sample,
)

SHIPPED = sorted((PROJECT / "questionnaires").glob("*.yaml"))
SCHEMA_FILE = PROJECT / "questionnaires" / "questionnaire.schema.json"

VALIDATOR = jsonschema.Draft202012Validator(schema())


def accepts(document: Any) -> bool:
    return VALIDATOR.is_valid(document)


def written(questions: str) -> Any:
    return yaml.safe_load(questionnaire_text(questions, CHOICE_LISTS))


def test_the_shipped_schema_is_the_one_the_definitions_make() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_command_prints_the_schema() -> None:
    assert CliRunner().invoke(main, ["schema"]).output == schema_text()


def test_the_schema_is_valid_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    found = schema()
    for reference in values_of_key("$ref"):
        assert reference.removeprefix("#/$defs/") in found["$defs"]


def parts_of(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(part for each in inner for part in parts_of(each))]


def values_of_key(key: str) -> set[str]:
    return {part[key] for part in parts_of(schema()) if isinstance(part, dict) and key in part}


def test_every_key_is_explained() -> None:
    explained = values_of_key("description")
    assert {key.doc for key in (*DOCUMENT_KEYS, *QUESTION_KEYS) if key.name != "type"} <= explained
    assert {doc for doc, _ in TYPES.values()} <= explained


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_questionnaire_is_accepted(path: Any) -> None:
    VALIDATOR.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_questionnaire_names_the_schema_for_editors(path: Any) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE.name}"


MISSPELT: dict[str, Callable[[Any], Any]] = {
    "questionnaire": lambda document: document,
    "words": lambda document: document["title"],
    "section": lambda document: document["sections"][0],
    "question": lambda document: document["sections"][0]["questions"][0],
    "choice": lambda document: document["choices"]["few"][0],
    "point": lambda document: document["scales"]["points"][0],
    "offered": lambda document: document["sections"][0]["questions"][0]["other"],
}


@pytest.mark.parametrize("place", MISSPELT)
def test_a_misspelt_key_is_refused_wherever_it_stands(place: str) -> None:
    right = written(question("type: select_one, name: a, choices: few, other: {group: producers}"))
    assert accepts(right)
    wrong = copy.deepcopy(right)
    MISSPELT[place](wrong)["lable"] = "x"
    assert not accepts(wrong)


@pytest.mark.parametrize("key", [key.name for key in DOCUMENT_KEYS if key.required])
def test_a_missing_key_is_refused(key: str) -> None:
    document = written(question("type: note, name: a"))
    del document[key]
    assert not accepts(document)


@pytest.mark.parametrize("type", TYPES)
def test_a_type_needs_in_the_schema_what_it_needs_at_load(type: str) -> None:
    document = written(question(minimal(type)))
    assert accepts(document)
    for group in NEEDED.get(type, ()):
        less = copy.deepcopy(document)
        for key in group:
            less["sections"][0]["questions"][0].pop(key, None)
        assert not accepts(less)


@pytest.mark.parametrize(("type", "key"), OPTIONAL)
def test_a_type_takes_in_the_schema_the_keys_it_takes_at_load(type: str, key: str) -> None:
    assert accepts(written(question(f"{minimal(type)}, {key}: {quoted(sample(type, key))}")))


def quoted(value: str) -> str:
    """A date in quotes: other YAML readers than ours make a date of it, which JSON has not."""
    return f"'{value}'" if value[:4] == "2026" else value


@pytest.mark.parametrize("type", TYPES)
def test_a_type_takes_no_other_key_in_the_schema(type: str) -> None:
    for key in QUESTION_KEYS:
        if key.name not in TYPES[type][1]:
            document = written(question(minimal(type)))
            document["sections"][0]["questions"][0][key.name] = "x"
            assert not accepts(document)


@pytest.mark.parametrize(
    "keys",
    [
        "type: txt, name: a",
        "type: text, name: A",
        "type: text, name: a__b",
        "type: text, name: a, required: maybe",
        "type: text, name: a, max_length: long",
        "type: text, name: a, appearance: wide",
        "type: text, name: a, hint: words",
        "type: rank, name: a, choices: []",
        "type: rank, name: a, choices: [{name: a}]",
        f"type: rank, name: a, choices: [{{name: a-b, label: {WORDS}}}]",
        "type: rank, name: a, choices: {file: x.csv, level: [a]}",
        "type: select_one, name: a, choices: few, scale: points",
    ],
)
def test_a_wrong_value_is_refused(keys: str) -> None:
    assert not accepts(written(question(keys)))
