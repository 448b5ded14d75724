"""Data packages: held against the published profile, and read back as portals read them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.export import FORMATS, file_name
from survey.i18n import messages
from survey.questionnaire.loading import load
from survey.table import SHAPES, Dataset
from tests.all_types import ALL_TYPES, answers
from tests.conftest import PROJECT, questionnaire_of
from tests.export.corpus import ALL_REVISIONS, NASTY, RESPONSES, VERSION, dataset, response

PROFILE = Path(__file__).parent / "schemas" / "datapackage" / "datapackage-2.0.json"
RESOURCES = {"responses": "wide", "answers": "long", "statements": "statements"}
RESOURCES["codebook"] = "codebook"


@cache
def profile() -> jsonschema.protocols.Validator:
    schema = json.loads(PROFILE.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def written(data: Dataset | None = None) -> bytes:
    file = io.BytesIO()
    FORMATS["datapackage"].export(data or dataset(), "wide", file)
    return file.getvalue()


class Package:
    """A package as other programs see it."""

    def __init__(self, data: Dataset | None = None) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(written(data)))
        self.descriptor: dict[str, Any] = json.loads(self.archive.read("datapackage.json"))
        self.resources = {each["name"]: each for each in self.descriptor["resources"]}

    def fields(self, resource: str = "responses") -> dict[str, Any]:
        return {each["name"]: each for each in self.resources[resource]["schema"]["fields"]}

    def rows(self, resource: str = "responses") -> list[dict[str, str]]:
        text = self.archive.read(f"{resource}.csv").decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))


def frictionless(path: Path) -> Any:
    """What `frictionless validate` says of a package."""
    command = [sys.executable, "-m", "frictionless", "validate", str(path), "--json"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_frictionless_finds_it_valid(tmp_path: Path, language: str) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(written(dataset(language=language)))
    report = frictionless(file)
    assert report["valid"], report
    assert [task["name"] for task in report["tasks"]] == list(RESOURCES)
    assert report["tasks"][0]["stats"]["rows"] == len(RESPONSES)
    assert not any(report["warnings"] + [w for task in report["tasks"] for w in task["warnings"]])


def test_what_only_an_older_version_offered_is_valid_too(tmp_path: Path) -> None:
    questions = """
- {type: integer, name: members, DK label: {fr: Membres, ar: الأعضاء}}
- {type: date, name: day, DK label: {fr: Jour, ar: يوم}}
- type: select_multiple
  name: needs
  DK
  label: {fr: Besoins, ar: حاجات}
  choices: [{name: water, label: {fr: Eau, ar: ماء}}]
"""
    older = questionnaire_of(
        questions.replace("DK label", "dk: true, label").replace("DK", "dk: true")
    )
    newer = questionnaire_of(
        questions.replace("DK label", "label").replace("DK", "required: false")
    )
    unknown = dict.fromkeys(("members", "day", "needs"), {"missing": "dk"})
    data = dataset(
        [response(1, answers=unknown, version="1" * 64)],
        versions={"1" * 64: older, "2" * 64: newer},
    )
    file = tmp_path / "answers.zip"
    with file.open("wb") as opened:
        FORMATS["datapackage"].export(data, "wide", opened)
    report = frictionless(file)
    assert report["valid"], report


def test_frictionless_finds_a_cell_of_the_wrong_type(tmp_path: Path) -> None:
    file = tmp_path / "package.zip"
    package = Package()
    with zipfile.ZipFile(file, "w") as broken:
        for name in package.archive.namelist():
            content = package.archive.read(name)
            broken.writestr(name, content.replace(b"2019-05-01", b"yesterday!"))
    assert not frictionless(file)["valid"]


def test_it_fits_the_published_profile() -> None:
    for language in ("fr", "ar"):
        assert not list(profile().iter_errors(Package(dataset(language=language)).descriptor))


def test_the_profile_refuses_categories_that_have_no_value() -> None:
    descriptor = Package().descriptor
    descriptor["resources"][0]["schema"]["fields"][4]["categories"] = [{"label": "x"}]
    assert list(profile().iter_errors(descriptor))


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("questionnaires/*.yaml")), ids=lambda p: p.stem
)
def test_the_shipped_questionnaires_fit_it_too(path: Path) -> None:
    questionnaire = load(path)
    package = Package(dataset([], questionnaire=questionnaire))
    assert not list(profile().iter_errors(package.descriptor))
    assert package.descriptor["title"] == questionnaire.title[questionnaire.default_language]
    credits = [each["title"] for each in package.descriptor["sources"] if "version" not in each]
    assert credits == list(questionnaire.credits)


def test_the_package_says_what_it_is_in_every_language() -> None:
    descriptor = Package(dataset(language="ar")).descriptor
    assert descriptor["name"] == "tiny" and descriptor["languages"] == ["ar", "fr"]
    assert descriptor["title"] == "تجربة"
    assert descriptor["titles"] == {"fr": "Essai", "ar": "تجربة"}
    assert descriptor["description"] == "مرحبا"
    assert descriptor["sources"] == [{"title": "تجربة", "version": VERSION}]
    assert descriptor["contributors"] == [{"title": "الجهة", "roles": ["controller"]}]
    [workshop] = descriptor["workshops"]
    assert (workshop["code"], workshop["title"]) == ("ABC234", "تارودانت")


def test_each_shape_is_a_file_with_the_cells_of_the_table() -> None:
    package = Package()
    assert package.archive.namelist() == [
        "datapackage.json",
        *(f"{each}.csv" for each in RESOURCES),
    ]
    for name, shape in RESOURCES.items():
        file = io.BytesIO()
        FORMATS["csv"].export(dataset(), shape, file)
        alone = file.getvalue().removeprefix(b"\xef\xbb\xbf")
        assert package.archive.read(f"{name}.csv") == alone
        assert list(package.fields(name)) == SHAPES[shape](dataset()).header


def test_files_have_no_mark_before_the_first_name() -> None:
    assert Package().archive.read("responses.csv").startswith(b"receipt,workshop,")


def test_formulas_are_dead_and_the_file_says_how_to_have_them_back() -> None:
    package = Package(dataset(language="fr"))
    ideas = [row["idea"] for row in package.rows()[: len(NASTY)]]
    assert ideas[:3] == ["'=1+1", "''=1", "'+212"]
    assert [text.removeprefix("'") for text in ideas[:3]] == NASTY[:3]
    assert ideas[3:] == NASTY[3:]
    assert "'" in package.resources["responses"]["description"]


def test_codes_are_categories_with_words() -> None:
    actor = Package(dataset(language="fr")).fields()["actor"]
    assert actor["type"] == "string" and "categoriesOrdered" not in actor
    assert actor["categories"] == [
        {
            "value": "coop",
            "label": "=Coopérative 🧿",
            "labels": {"fr": "=Coopérative 🧿", "ar": "تعاونية"},
        }
    ]
    assert actor["titles"]["ar"] == "\u200fمن أنتم؟"


def test_points_of_a_scale_are_ordered() -> None:
    field = Package().fields()["load__cash"]
    assert field["categoriesOrdered"] is True
    assert [each["value"] for each in field["categories"]] == ["1", "2"]


def test_each_kind_of_missing_answer_has_a_label_of_its_own() -> None:
    said = messages("fr").gettext
    missing = Package(dataset(language="fr")).fields()["load__cash"]["missingValues"]
    assert [(each["value"], each["label"]) for each in missing] == [
        ("", said("Not answered")),
        ("dk", "Je ne sais pas"),
        ("na", "Non concerné(e)"),
        ("not_asked", said("Not asked")),
    ]


def test_two_kinds_of_missing_answer_with_the_same_words_do_not_clash() -> None:
    questionnaire = questionnaire_of(
        "- {type: integer, name: n, label: {fr: N, ar: ن}, dk: {label: {fr: Rien, ar: لا}}, "
        "na: {label: {fr: Rien, ar: لا}}}"
    )
    field = Package(dataset([], questionnaire=questionnaire)).fields()["n"]
    assert [each.get("label") for each in field["missingValues"]].count("Rien") == 1
    assert [each["value"] for each in field["missingValues"]] == ["", "dk", "na", "not_asked"]


def test_what_a_text_holds_is_never_a_missing_value() -> None:
    fields = Package().fields()
    assert [each["value"] for each in fields["word"]["missingValues"]] == [""]
    values = [each["value"] for each in fields["word__missing"]["categories"]]
    assert values == ["dk", "not_asked"]


def test_fields_have_types_and_bounds() -> None:
    fields = Package().fields()
    kinds = {name: field["type"] for name, field in fields.items()}
    assert (kinds["members"], kinds["area"], kinds["since"]) == ("integer", "number", "date")
    assert (kinds["received_at"], kinds["need__cash"]) == ("datetime", "boolean")
    assert fields["members"]["constraints"] == {"minimum": 1, "maximum": 900}


def test_every_code_in_the_data_is_declared() -> None:
    package = Package()
    for resource in ("responses", "statements", "answers"):
        for name, field in package.fields(resource).items():
            if "categories" in field:
                known = {each["value"] for each in field["categories"]}
                known |= {each["value"] for each in field.get("missingValues", [{"value": ""}])}
                assert {row[name] for row in package.rows(resource)} <= known, name


def test_receipts_tell_rows_apart_and_tie_files_together() -> None:
    schemas = {name: each["schema"] for name, each in Package().resources.items()}
    assert schemas["responses"]["primaryKey"] == ["receipt"]
    assert schemas["statements"]["foreignKeys"][0]["reference"]["resource"] == "responses"
    every = Package(dataset(selection=ALL_REVISIONS)).resources["responses"]["schema"]
    assert every["primaryKey"] == ["receipt", "revision"]


def test_personal_answers_are_in_no_file_unless_asked_for() -> None:
    def holds(data: Dataset) -> list[str]:
        archive = Package(data).archive
        return [name for name in archive.namelist() if b"0612345678" in archive.read(name)]

    assert holds(dataset()) == []
    personal = dataset(with_personal=True)
    assert holds(personal) == ["responses.csv", "answers.csv", "statements.csv"]


def test_the_same_answers_give_the_same_bytes_whatever_the_clock() -> None:
    assert written() == written()
    times = {each.date_time for each in Package().archive.infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_its_name_says_what_kind_of_zip_it_is() -> None:
    name = file_name(dataset(language="fr"), "wide", FORMATS["datapackage"])
    assert name == "tiny-ABC234-wide-fr.datapackage.zip"


@settings(max_examples=25)
@given(st.lists(answers(), max_size=3))
def test_whatever_is_answered_comes_back(given_answers: list[dict[str, object]]) -> None:
    responses = [response(place, answers=each) for place, each in enumerate(given_answers)]
    package = Package(dataset(responses, questionnaire=ALL_TYPES))
    for row, each in zip(package.rows(), responses, strict=True):
        why = each.answers.get("why")
        text = row["why"][1:] if row["why"].startswith("'") else row["why"]
        assert text == (why if isinstance(why, str) else "")
        members = each.answers.get("members", "not_asked")
        if isinstance(members, dict):
            members = members["missing"]
        assert row["members"] == ("" if members is None else str(members))
