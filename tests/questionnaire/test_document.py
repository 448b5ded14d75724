"""A questionnaire as a stored document, and back; its digest is the version."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from survey.questionnaire.document import from_document, to_document, version_of
from survey.questionnaire.loading import load, load_text
from survey.questionnaire.model import Questionnaire
from tests.conftest import PROJECT, questionnaire_of, questionnaire_text
from tests.questionnaire.test_hostile_yaml import EVERY_TYPE
from tests.questionnaire.test_loading import WORDS, question

FILES = sorted(
    [*(PROJECT / "questionnaires").glob("*.yaml"), *(PROJECT / "tests/features").glob("*.yaml")]
)


def every_type() -> Questionnaire:
    return load_text(EVERY_TYPE.encode(), "every.yaml")


# Round trip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_questionnaire_comes_back_as_it_was(path: Path) -> None:
    questionnaire = load(path)
    again = from_document(to_document(questionnaire))
    assert again == questionnaire
    assert to_document(again) == to_document(questionnaire)


def test_every_type_and_every_key_come_back_as_they_were() -> None:
    assert from_document(to_document(every_type())) == every_type()


def test_what_comes_back_is_frozen_like_what_was_loaded() -> None:
    again = from_document(to_document(every_type()))
    question = again.question("t5")
    assert isinstance(question.relevant, tuple) and isinstance(again.sections, tuple)
    assert isinstance(again.codebook[0].keywords["fr"], tuple)
    assert hash(question.relevant) == hash(every_type().question("t5").relevant)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("type: integer, max: 12", 12),
        ("type: decimal, max: 2.50", Decimal("2.50")),
        ("type: decimal, max: 999999999999999", Decimal(999_999_999_999_999)),
        ("type: date, max: 2026-03-22", date(2026, 3, 22)),
        (f"type: rank, max: 1, choices: [{{name: a, label: {WORDS}}}]", 1),
    ],
)
def test_a_bound_comes_back_as_the_kind_of_value_it_was(keys: str, value: object) -> None:
    again = from_document(to_document(questionnaire_of(question(f"name: a, {keys}"))))
    bound = again.question("a").max
    assert bound == value and type(bound) is type(value) and str(bound) == str(value)


def test_words_in_any_script_come_back_as_they_were() -> None:
    words = '{fr: "«é» \\"\\\\ 𐤀\\n\\u2028", ar: "١٢ \\u202bتجربة\\u202c"}'
    questionnaire = questionnaire_of(f"- {{type: note, name: a, label: {words}}}")
    label = from_document(to_document(questionnaire)).question("a").label
    assert label == {"fr": '«é» "\\ 𐤀', "ar": "١٢ \u202bتجربة\u202c"}


# The canonical text


def test_the_document_is_canonical_json_without_what_is_left_out() -> None:
    """Stored versions are digests of this text: it must not change by itself."""
    questionnaire = questionnaire_of(
        question('type: text, name: a, core: true, relevant: "1 = 1", dk: {label: {fr: X, ar: Y}}')
    )
    words = '{"ar":"كلمة","fr":"Mot"}'
    assert to_document(questionnaire) == (
        '{"default_language":"fr","languages":["fr","ar"],"name":"tiny",'
        '"privacy_notice":{"ar":"إشعار {controller}","fr":"Avis de {controller}"},'
        '"sections":[{"name":"only","questions":[{"core":true,'
        '"dk":{"label":{"ar":"Y","fr":"X"},"name":"dk"},'
        f'"label":{words},"max_length":255,"name":"a","relevant":["=",1.0,1.0],"type":"text"}}],'
        '"title":{"ar":"الكل","fr":"Tout"}}],"title":{"ar":"تجربة","fr":"Essai"}}'
    )


def test_the_version_is_the_digest_of_the_document() -> None:
    questionnaire = every_type()
    version = version_of(questionnaire)
    assert re.fullmatch("[0-9a-f]{64}", version)
    assert version == sha256(to_document(questionnaire).encode()).hexdigest()


def test_the_document_is_plain_json() -> None:
    assert json.loads(to_document(every_type()))["name"] == "tiny"


# The version


def version(text: str) -> str:
    return version_of(load_text(text.encode(), "tiny.yaml"))


RIGHT = questionnaire_text(
    question("type: integer, name: a, max: 9") + question("type: note, name: b")
)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("{fr: Mot, ar: كلمة}", "{ar: كلمة, fr: Mot}"),
        ("{fr: Mot, ar: كلمة}", "{fr: 'Mot', ar: \"كلمة\"}"),
        ("type: integer, name: a", "name: a, type: integer"),
        ("name: a,", "name: a, required: false, min: 0,"),
        ("name: tiny\n", "# a comment\nname: tiny\nmin_group_size: 5\ndefault_language: fr\n"),
        ("\n", "\r\n"),
    ],
)
def test_what_says_the_same_is_the_same_version(written: str, otherwise: str) -> None:
    assert written in RIGHT
    assert version(RIGHT.replace(written, otherwise)) == version(RIGHT)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("{fr: Mot, ar: كلمة}", "{fr: Mots, ar: كلمة}"),
        ("{fr: Mot, ar: كلمة}", "{fr: Mot, ar: كلمه}"),
        ("{fr: Mot,", "{fr: mot,"),
        ("max: 9", "max: 10"),
        ("max: 9", "max: 9, required: true"),
        ("max: 9", "max: 9, relevant: '1 = 1'"),
        ("name: a", "name: c"),
        ("[fr, ar]", "[ar, fr]"),
        ("Avis de", "Un avis de"),
        ("name: only", "name: other"),
        ("name: tiny\n", "name: tiny\nmin_group_size: 6\n"),
        ("name: tiny\n", "name: tiny\ndefault_language: ar\n"),
        ("name: tiny\n", "name: tiny\npartial: [zgh]\nfallback: fr\n"),
        ("name: tiny\n", "name: tiny\nconditions: {here: 1 = 1}\n"),
    ],
)
def test_what_says_something_else_is_another_version(written: str, otherwise: str) -> None:
    assert written in RIGHT
    assert version(RIGHT.replace(written, otherwise)) != version(RIGHT)


def test_the_order_of_questions_and_of_choices_is_part_of_the_version() -> None:
    first, second = question("type: note, name: a"), question("type: note, name: b")
    assert version(questionnaire_text(first + second)) != version(
        questionnaire_text(second + first)
    )
    one, two = (f"{{name: {name}, label: {WORDS}}}" for name in "ab")
    ranked = [
        question(f"type: rank, name: a, choices: [{x}, {y}]") for x, y in ((one, two), (two, one))
    ]
    assert version(questionnaire_text(ranked[0])) != version(questionnaire_text(ranked[1]))
