"""DDI-Codebook 2.5: held against the DDI Alliance's own schema, and read as an archive reads it."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from survey.export import FORMATS
from survey.questionnaire.loading import load
from survey.table import Dataset
from tests.conftest import PROJECT, questionnaire_of
from tests.export.corpus import QUESTIONNAIRE, RESPONSES, VERSION, dataset, response

D = {"d": "ddi:codebook:2_5"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = Path(__file__).parent / "schemas" / "ddi" / "codebook.xsd"


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMA))


def written(data: Dataset) -> bytes:
    file = io.BytesIO()
    FORMATS["ddi"].export(data, "wide", file)
    return file.getvalue()


def codebook(data: Dataset | None = None) -> Any:
    return etree.fromstring(written(data or dataset(language="fr")))


def variable(name: str, data: Dataset | None = None) -> Any:
    [found] = codebook(data).xpath("//d:var[@name=$name]", namespaces=D, name=name)
    return found


def words(element: Any, path: str) -> list[tuple[str, str]]:
    """The texts at a path, each with its language."""
    return [(each.get(LANG), each.text) for each in element.findall(path, D)]


def categories(element: Any) -> dict[str, str]:
    """Codes with their words in the first language."""
    return {
        each.findtext("d:catValu", namespaces=D): each.findtext("d:labl", namespaces=D)
        for each in element.findall("d:catgry", D)
    }


@pytest.mark.parametrize("language", [None, "fr", "ar"])
def test_it_is_valid_by_the_published_schema(language: str | None) -> None:
    schema().assertValid(codebook(dataset(language=language)))


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("questionnaires/*.yaml")), ids=lambda p: p.stem
)
def test_the_shipped_questionnaires_are_valid_too(path: Path) -> None:
    questionnaire = load(path)
    described = codebook(dataset([], questionnaire=questionnaire))
    schema().assertValid(described)
    assert len(described.findall(".//d:varGrp[@type='section']", D)) == len(questionnaire.sections)


def test_the_schema_refuses_what_is_not_ddi() -> None:
    broken = etree.fromstring(
        written(dataset()).replace(b"<qstnLit", b"<question").replace(b"</qstnLit", b"</question")
    )
    assert not schema().validate(broken)


def test_it_says_what_the_study_is_in_every_language() -> None:
    study = codebook().find("d:stdyDscr", D)
    titles = study.find("d:citation/d:titlStmt", D)
    assert words(titles, "d:titl") == [("fr", "Essai")]
    assert words(titles, "d:parTitl") == [("ar", "تجربة")]
    assert words(study, "d:stdyInfo/d:abstract") == [
        ("fr", "Bienvenue ]]> & merci"),
        ("ar", "مرحبا"),
    ]
    assert words(study, ".//d:keyword")[:2] == [("fr", "Argent"), ("ar", "مال")]
    assert study.findtext(".//d:AuthEnty", namespaces=D) == "Région & Cie"
    assert study.findtext(".//d:version", namespaces=D) == VERSION
    assert ("fr", "ABC234, 2026-03-20: Taroudant <1>") in words(study, ".//d:collSitu")


def test_it_says_how_many_responses_there_are_and_from_when() -> None:
    described = codebook()
    dates = described.findall(".//d:collDate", D)
    assert [(each.get("event"), each.get("date")) for each in dates] == [
        ("start", "2026-03-22"),
        ("end", "2026-03-22"),
    ]
    assert described.findtext(".//d:caseQnty", namespaces=D) == str(len(RESPONSES))
    count = len(described.findall(".//d:var", D))
    assert described.findtext(".//d:varQnty", namespaces=D) == str(count)


def test_without_responses_there_are_no_dates() -> None:
    described = codebook(dataset([]))
    assert described.find(".//d:collDate", D) is None
    assert described.findtext(".//d:caseQnty", namespaces=D) == "0"


def test_the_widest_territories_are_its_places() -> None:
    questionnaire = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    described = codebook(dataset([], "fr", questionnaire))
    places = [text for tag, text in words(described, ".//d:geogCover") if tag == "fr"]
    assert len(places) == 1 and "Souss-Massa" in places[0]
    credits = [each.text for each in described.findall(".//d:dataSrc", D)]
    assert credits == list(questionnaire.credits)


def test_variables_are_the_columns_of_the_data() -> None:
    names = [each.get("name") for each in codebook().findall(".//d:var", D)]
    assert names == [column.name for column in dataset().columns()]


def test_a_variable_has_its_question_literally_in_every_language() -> None:
    actor = variable("actor")
    expected = [("fr", '<Qui> & "vous" ]]> ?'), ("ar", "\u200fمن أنتم؟")]
    assert words(actor, "d:labl") == expected
    assert words(actor, "d:qstn/d:qstnLit") == expected
    assert actor.get("nature") == "nominal" and actor.get("representationType") == "code"
    assert [each.text for each in actor.findall("d:concept", D)][0] == "Argent"


def test_words_come_in_the_dataset_s_language_first() -> None:
    assert [tag for tag, _ in words(variable("idea", dataset(language="ar")), "d:labl")] == [
        "ar",
        "fr",
    ]


def test_missing_answers_are_declared_and_have_words() -> None:
    actor = variable("actor")
    declared = [each.get("VALUE") for each in actor.findall("d:invalrng/d:item", D)]
    assert declared == ["dk", "not_asked"]
    missing = [
        each.findtext("d:catValu", namespaces=D)
        for each in actor.findall("d:catgry[@missing='Y']", D)
    ]
    assert missing == declared
    assert categories(actor)["coop"] == "=Coopérative 🧿"
    assert categories(actor)["dk"] == "Je ne sais pas"


def test_a_text_has_no_missing_codes_and_the_column_beside_it_has() -> None:
    assert variable("word").find("d:invalrng", D) is None
    assert list(categories(variable("word__missing"))) == ["dk", "not_asked"]


def test_bounds_are_declared_where_the_questionnaire_has_some() -> None:
    [bounds] = variable("members").findall("d:valrng/d:range", D)
    assert (bounds.get("min"), bounds.get("max"), bounds.get("UNITS")) == ("1", "900", "INT")


def test_several_versions_may_have_had_other_bounds() -> None:
    data = dataset(versions={"1" * 64: QUESTIONNAIRE, VERSION: QUESTIONNAIRE})
    assert variable("members", data).find("d:valrng", D) is None


def test_points_of_a_scale_are_ordered() -> None:
    assert variable("load__cash").get("nature") == "ordinal"
    assert list(categories(variable("load__cash"))) == ["1", "2", "dk", "na", "not_asked"]


@pytest.mark.parametrize(
    ("name", "type", "members"),
    [
        ("need", "multipleResp", "V_need__cash V_need__B.2 V_need__other__selected"),
        ("load", "grid", "V_load__cash V_load__water"),
        ("view", "grid", "V_view__cash V_view__water"),
        ("first", "other", "V_first__cash V_first__B.2"),
        ("ideas", "repetition", "V_ideas__1 V_ideas__2 V_ideas__3"),
    ],
)
def test_the_columns_of_one_question_are_a_group(name: str, type: str, members: str) -> None:
    [group] = codebook().xpath("//d:varGrp[@ID=$id]", namespaces=D, id=f"G_{name}")
    assert (group.get("type"), group.get("var"), group.get("name")) == (type, members, name)


def test_personal_questions_are_left_out_unless_asked_for() -> None:
    assert b'name="phone"' not in written(dataset())
    assert variable("phone", dataset(with_personal=True)) is not None


def test_what_an_older_version_asked_is_a_variable() -> None:
    older = questionnaire_of("- {type: text, name: gone, label: {fr: Avant, ar: قبل}}")
    data = dataset(
        [response(1, answers={"gone": "x"}, version="1" * 64)],
        versions={"1" * 64: older, VERSION: QUESTIONNAIRE},
    )
    schema().assertValid(codebook(data))
    assert words(variable("gone", data), "d:labl") == [("fr", "Avant"), ("ar", "قبل")]


def test_the_same_answers_give_the_same_bytes() -> None:
    assert written(dataset()) == written(dataset())
