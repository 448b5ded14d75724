"""What ships: Souss-Massa's questionnaire with its territories, and the quick diagnosis."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.questionnaire.coverage import share_said
from survey.questionnaire.loading import load
from survey.questionnaire.model import (
    MIN_GROUP_SIZE,
    NOTICE_PLACEHOLDERS,
    SHORT,
    Choice,
    Questionnaire,
)
from survey.response import ancestors
from survey.table import columns_of
from tests.conftest import PROJECT

FOLDER = PROJECT / "questionnaires"
NAMES = ("souss-massa", "quick-diagnosis")
EACH = pytest.mark.parametrize("name", NAMES)

TIFINAGH = re.compile("[\u2d30-\u2d7f]+(?: [\u2d30-\u2d7f]+)*")
ARABIC = re.compile("[\u0621-\u064a]")
ATTESTED = ["ⵙⵓⵙ ⵎⴰⵙⵙⴰ", "ⵜⴰⵔⵓⴷⴰⵏⵜ", "ⵜⵉⵣⵏⵉⵜ"]


@cache
def shipped(name: str) -> Questionnaire:
    return load(FOLDER / f"{name}.yaml")


def territories() -> dict[str, Choice]:
    question = shipped("souss-massa").with_role("territory")
    assert question is not None
    return {choice.name: choice for choice in question.choices}


# Both


def test_everything_that_ships_is_tested_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(NAMES)


@EACH
def test_survey_check_finds_it_right(name: str) -> None:
    result = CliRunner().invoke(main, ["check", str(FOLDER / f"{name}.yaml")])
    assert result.exit_code == 0
    assert "right; " in result.output


@EACH
def test_its_name_is_its_file_s_name(name: str) -> None:
    assert shipped(name).name == name


@EACH
def test_it_is_complete_in_arabic_french_and_english(name: str) -> None:
    assert shipped(name).languages == ("ar", "fr", "en")
    for language in shipped(name).languages:
        said, total = share_said(shipped(name), language)
        assert said == total


@EACH
def test_its_arabic_is_arabic_and_its_french_and_english_are_not(name: str) -> None:
    questionnaire = shipped(name)
    for words in (
        questionnaire.title,
        questionnaire.intro,
        questionnaire.privacy_notice,
        *(section.title for section in questionnaire.sections),
        *(question.label for question in questionnaire.questions()),
    ):
        assert ARABIC.search(words["ar"])
        assert not ARABIC.search(words["fr"] + words["en"])


@EACH
def test_its_notice_can_be_filled_in_by_the_workshop(name: str) -> None:
    for text in shipped(name).privacy_notice.values():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(NOTICE_PLACEHOLDERS)


@EACH
def test_it_protects_small_groups_as_its_notice_says(name: str) -> None:
    questionnaire = shipped(name)
    assert questionnaire.min_group_size == MIN_GROUP_SIZE == 5
    for language, five in {"ar": "خمسة", "fr": "cinq", "en": "five"}.items():
        assert five in questionnaire.privacy_notice[language]


@EACH
def test_every_actor_group_has_an_actor(name: str) -> None:
    questionnaire = shipped(name)
    actor = questionnaire.with_role("actor_group")
    assert actor is not None and actor.other is not None
    used = {choice.group for choice in (*actor.choices, actor.other)}
    assert used == {group.name for group in questionnaire.actor_groups}


@EACH
def test_all_three_dimensions_are_asked_about(name: str) -> None:
    asked = {question.dimension for question in shipped(name).questions()}
    assert asked == {None, "opportunity", "specificity", "challenge"}


@EACH
def test_a_list_says_how_many_may_be_chosen_as_its_question_does(name: str) -> None:
    numbers = {"deux": 2, "trois": 3, "cinq": 5}
    for question in shipped(name).questions():
        at_most = re.search(r"\b(deux|trois|cinq)\b(?: au plus)", question.label["fr"])
        if at_most:
            assert question.max == numbers[at_most[1]]


@EACH
def test_its_columns_bear_different_names_in_sql_too(name: str) -> None:
    names = [column.name.lower() for column in columns_of(shipped(name))]
    assert not [name for name, times in Counter(names).items() if times > 1]


# Souss-Massa


def test_souss_massa_asks_thirty_eight_questions() -> None:
    assert sum(question.asks for question in shipped("souss-massa").questions()) == 38


def test_souss_massa_uses_these_types() -> None:
    assert Counter(question.type for question in shipped("souss-massa").questions()) == {
        "select_one": 9,
        "select_multiple": 6,
        "matrix": 5,
        "integer": 4,
        "statements": 4,
        "rank": 3,
        "allocation": 3,
        "text": 3,
        "vote": 1,
    }


def test_souss_massa_needs_only_the_actor_and_the_territory_as_it_says() -> None:
    questions = list(shipped("souss-massa").questions())
    assert [question.name for question in questions if question.required] == ["p1", "p2"]
    assert [question.name for question in questions[:2]] == ["p1", "p2"]
    assert [question.role for question in questions[:2]] == ["actor_group", "territory"]


def test_souss_massa_has_a_short_version_that_asks_for_consent_too() -> None:
    questionnaire = shipped("souss-massa")
    core = list(questionnaire.questions(SHORT))
    assert len(core) == 18
    assert questionnaire.minutes == {"full": 15, "short": 6}
    assert questionnaire.with_role("quote_consent") in core
    assert {question.dimension for question in core} == {
        None,
        "opportunity",
        "specificity",
        "challenge",
    }


def test_every_open_answer_of_souss_massa_can_be_withheld_from_quotation() -> None:
    questionnaire = shipped("souss-massa")
    consent = questionnaire.with_role("quote_consent")
    assert consent is not None
    for question in questionnaire.questions():
        if question.type == "statements" or question.appearance == "multiline":
            assert question.quote_consent == consent.name


def test_every_theme_of_souss_massa_is_asked_about() -> None:
    questionnaire = shipped("souss-massa")
    used = {question.theme for question in questionnaire.questions() if question.theme}
    assert used == {theme.name for theme in questionnaire.themes}


def test_the_codebook_of_souss_massa_suggests_in_arabic_and_french() -> None:
    for code in shipped("souss-massa").codebook:
        assert code.keywords.keys() == {"ar", "fr"}


# Its territories


def test_the_territories_are_one_region_six_provinces_and_their_communes() -> None:
    question = shipped("souss-massa").question("p2")
    assert question.levels == ("region", "province", "commune")
    levels = Counter(choice.level for choice in question.choices)
    assert levels == {"region": 1, "province": 6, "commune": 175}


def test_every_commune_lies_in_a_province_and_every_province_in_the_region() -> None:
    places = territories()
    for choice in places.values():
        if choice.level == "commune":
            assert choice.parent is not None
            assert choice.name.startswith(f"{choice.parent}.")
            assert ancestors(places, choice.name) == {
                "commune": choice.name,
                "province": choice.parent,
                "region": "09",
            }


def test_a_commune_is_spelt_in_english_as_in_french() -> None:
    for choice in territories().values():
        assert ARABIC.search(choice.label["ar"])
        if choice.level == "commune":
            assert choice.label["en"] == choice.label["fr"]


def test_two_places_in_a_province_bear_different_names() -> None:
    for language in ("ar", "fr"):
        named = Counter(
            (choice.parent, choice.label[language]) for choice in territories().values()
        )
        assert not [place for place, times in named.items() if times > 1]


def test_whoever_made_the_list_of_territories_is_credited() -> None:
    [credit] = shipped("souss-massa").credits
    assert "HCP" in credit and "RGPH 2024" in credit and "CC BY 4.0" in credit


# Tamazight


def test_tamazight_is_offered_where_souss_massa_says_and_french_stands_in() -> None:
    questionnaire = shipped("souss-massa")
    assert questionnaire.partial == ("zgh",)
    assert questionnaire.fallback == "fr"
    assert questionnaire.say("zgh", questionnaire.title) == questionnaire.title["fr"]
    assert shipped("quick-diagnosis").partial == ()


def every_words(value: Any) -> list[Any]:
    """Every mapping in a questionnaire."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, tuple):
        return [words for item in value for words in every_words(item)]
    slots = getattr(type(value), "__dataclass_fields__", {})
    return [words for name in slots for words in every_words(getattr(value, name))]


def test_only_the_three_attested_names_are_said_in_tamazight() -> None:
    said = [words["zgh"] for words in every_words(shipped("souss-massa")) if "zgh" in words]
    assert list(dict.fromkeys(said)) == ATTESTED


def test_no_tamazight_is_written_but_in_the_list_of_territories() -> None:
    written = {
        path.name: TIFINAGH.findall(path.read_text(encoding="utf-8"))
        for path in FOLDER.iterdir()
        if path.is_file()
    }
    assert {name: found for name, found in written.items() if found} == {
        "souss-massa-territories.csv": ATTESTED
    }


def test_the_attested_names_are_those_of_their_places() -> None:
    with Path(FOLDER / "souss-massa-territories.csv").open(encoding="utf-8", newline="") as file:
        named = {row["fr"]: row["zgh"] for row in csv.DictReader(file) if row["zgh"]}
    assert named == dict(zip(["Souss-Massa", "Taroudannt", "Tiznit"], ATTESTED, strict=True))


# The quick diagnosis


def test_the_quick_diagnosis_asks_six_questions() -> None:
    questions = list(shipped("quick-diagnosis").questions())
    assert [question.type for question in questions] == [
        "select_one",
        "integer",
        "statements",
        "statements",
        "rank",
        "text",
    ]
    assert all(question.asks for question in questions)


def test_the_quick_diagnosis_needs_only_its_first_answer_as_it_says() -> None:
    first, *others = shipped("quick-diagnosis").questions()
    assert first.required and first.role == "actor_group"
    assert not any(question.required for question in others)


def test_the_quick_diagnosis_needs_no_file_beside_it(tmp_path: Path) -> None:
    alone = tmp_path / "quick-diagnosis.yaml"
    alone.write_bytes((FOLDER / "quick-diagnosis.yaml").read_bytes())
    assert load(alone) == shipped("quick-diagnosis")
