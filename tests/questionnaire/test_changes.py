"""What two versions of a questionnaire differ in."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.changes import changes_of, moved_in
from survey.questionnaire.loading import load_text
from survey.questionnaire.model import Choice, Question
from tests.conftest import HEADER, questionnaire_of

OLD = """
- type: select_one
  name: actor
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
  - {name: gie, label: {fr: GIE, ar: مجموعة}}
- {type: integer, name: members, label: {fr: Combien ?, ar: كم؟}, max: 10}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
"""


def said(new: str, top: str = "", old_top: str = "") -> list[tuple[str, str, str, str]]:
    """Each change between OLD and this, without its words."""
    found = changes_of(questionnaire_of(OLD, old_top), questionnaire_of(new, top))
    return [(each.what, each.how, each.question, each.part) for each in found]


def test_equal_questionnaires_have_no_changes() -> None:
    assert said(OLD) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("fr: Idée", "fr: Votre idée", ("question", "reworded", "idea", "")),
        ("type: integer", "type: decimal", ("question", "type", "members", "")),
        ("max: 10", "max: 20", ("question", "limits", "members", "")),
        ("max: 10", "required: true, max: 10", ("question", "limits", "members", "")),
        (
            "max: 10",
            "max: 10, relevant: \"${actor} = 'coop'\"",
            ("question", "condition", "members", ""),
        ),
        ("fr: GIE", "fr: Groupement", ("choice", "reworded", "actor", "gie")),
        ("max: 10", "max: 10, core: true", ("question", "otherwise", "members", "core")),
        (
            "max: 10",
            "max: 10, hint: {fr: Environ, ar: تقريبا}",
            ("question", "otherwise", "members", "hint"),
        ),
    ],
)
def test_each_kind_of_change_is_said_by_its_name(
    before: str, after: str, change: tuple[str, str, str, str]
) -> None:
    assert said(OLD.replace(before, after)) == [change]


def test_questions_and_choices_come_and_go() -> None:
    new = OLD.replace("name: gie", "name: union").replace("name: members", "name: women")
    assert said(new) == [
        ("choice", "added", "actor", "union"),
        ("choice", "removed", "actor", "gie"),
        ("question", "added", "women", ""),
        ("question", "removed", "members", ""),
    ]


def test_words_before_and_after_are_there() -> None:
    new = questionnaire_of(OLD.replace("fr: Idée", "fr: Votre idée"))
    [change] = changes_of(questionnaire_of(OLD), new)
    assert (change.before["fr"], change.after["fr"]) == ("Idée", "Votre idée")
    assert change.languages == ("fr",)


def test_one_question_that_is_carried_to_the_top_is_one_that_moved() -> None:
    lines = OLD.strip().splitlines()
    assert said("\n".join([lines[-1], *lines[:-1]])) == [("question", "moved", "idea", "")]


def test_a_named_condition_that_changed_is_named() -> None:
    tops = ("conditions: {big: '${members} > 5'}\n", "conditions: {big: '${members} > 6'}\n")
    assert said(OLD, tops[1], tops[0]) == [("questionnaire", "condition", "", "big")]


def test_the_title_and_the_rest_of_the_top_are_named() -> None:
    assert said(OLD, "minutes: {full: 4}\n") == [("questionnaire", "otherwise", "", "minutes")]


def test_sections_come_go_and_are_reworded() -> None:
    def sections(*names: str) -> str:
        return (
            HEADER
            + "sections:\n"
            + "".join(
                f"- name: {name}\n  title: {{fr: {name}, ar: {name}}}\n  questions:\n"
                f"  - {{type: text, name: t_{name}, label: {{fr: T, ar: T}}}}\n"
                for name in names
            )
        )

    old, new = (load_text(sections(*each).encode(), "t.yaml") for each in ("abc", "cax"))
    found = {(each.how, each.part) for each in changes_of(old, new) if each.what == "section"}
    assert found == {("added", "x"), ("removed", "b"), ("moved", "c")}
    reworded = load_text(sections(*"abc").replace("fr: b", "fr: B").encode(), "t.yaml")
    assert [(each.how, each.part) for each in changes_of(old, reworded)] == [("reworded", "b")]


def test_a_question_in_another_section_has_moved() -> None:
    text = (
        HEADER
        + """sections:
- name: a
  title: {fr: A, ar: A}
  questions:
  - {type: text, name: x, label: {fr: T, ar: T}}
  - {type: text, name: y, label: {fr: T, ar: T}}
"""
    )
    second = "- name: b\n  title: {fr: B, ar: B}\n  questions:\n"
    last = "  - {type: text, name: z, label: {fr: T, ar: T}}\n"
    y = "  - {type: text, name: y, label: {fr: T, ar: T}}\n"
    old = load_text((text + second + last).encode(), "t.yaml")
    new = load_text((text.replace(y, "") + second + y + last).encode(), "t.yaml")
    assert [(each.how, each.question) for each in changes_of(old, new)] == [("moved", "y")]


@pytest.mark.parametrize("key", [item.name for item in fields(Question)])
def test_no_key_of_a_question_is_forgotten(key: str) -> None:
    old = questionnaire_of(OLD)
    [section] = old.sections
    question = section.questions[-1]
    other = replace(question, **{key: DIFFERENT.get(key, "different")})
    changed = replace(section, questions=(*section.questions[:-1], other))
    assert changes_of(old, replace(old, sections=(changed,)))


DIFFERENT: dict[str, Any] = {
    "label": {"fr": "Autre"},
    "choices": (Choice("x", {}),),
    "rows": (Choice("x", {}),),
    **dict.fromkeys(("other", "dk", "na"), Choice("x", {})),
}


@given(st.permutations("abcdef"), st.permutations("abcdef"))
def test_what_stays_is_in_the_same_order_and_what_moved_is_least(
    old: list[str], new: list[str]
) -> None:
    moved = moved_in(old, new)
    assert [each for each in old if each not in moved] == [
        each for each in new if each not in moved
    ]
    if old == new:
        assert not moved


@given(st.permutations("abcdefgh"), st.integers(0, 7), st.integers(0, 7))
def test_one_that_is_put_elsewhere_is_at_most_one_that_moved(
    old: list[str], taken: int, put: int
) -> None:
    new = [*old]
    new.insert(put, new.pop(taken))
    assert len(moved_in(old, new)) <= 1


def test_added_and_removed_names_do_not_make_others_move() -> None:
    assert moved_in(["a", "b", "c"], ["x", "a", "c", "y"]) == set()
