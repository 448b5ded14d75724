"""Paper forms by codes: whatever can be answered can be typed, and what is no code is explained."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from survey.form import QuestionnaireForm, paper
from survey.form.body import Fields
from survey.questionnaire.loading import load
from survey.questionnaire.model import Questionnaire
from survey.response import Answers, clean
from tests.all_types import ALL_TYPES, answers
from tests.conftest import PROJECT, questionnaire_of

QUESTIONS = questionnaire_of(
    """
- {type: select_one, name: actor, choices: [{name: coop, label: {fr: C, ar: ت}}, {name: Bank, label: {fr: B, ar: ب}}], other: true, dk: true, label: {fr: T, ar: ت}}
- {type: select_multiple, name: funds, choices: [{name: own, label: {fr: O, ar: ذ}}, {name: indh, label: {fr: I, ar: م}}], dk: true, label: {fr: T, ar: ت}}
- {type: rank, name: chain, choices: [{name: argan, label: {fr: A, ar: أ}}, {name: honey, label: {fr: M, ar: ع}}], dk: true, label: {fr: T, ar: ت}}
- {type: matrix, name: asset, rows: [{name: people, label: {fr: P, ar: ن}}], scale: [{name: "2", label: {fr: deux, ar: اثنان}}, {name: "1", label: {fr: un, ar: واحد}}], label: {fr: T, ar: ت}}
- {type: integer, name: members, dk: true, label: {fr: T, ar: ت}}
- {type: allocation, name: points, na: true, choices: [{name: a, label: {fr: A, ar: أ}}, {name: b, label: {fr: B, ar: ب}}], label: {fr: T, ar: ت}}
- {type: text, name: idea, dk: true, label: {fr: T, ar: ت}}
- {type: text, name: why, relevant: "${actor} = 'coop'", label: {fr: T, ar: ت}}
"""
)


def form_of(questionnaire: Questionnaire, **typed: str) -> QuestionnaireForm:
    form = QuestionnaireForm(questionnaire, "fr", today=date(2026, 3, 22))
    paper.process(form, Fields(typed.items()))
    form.validate()
    return form


def answer(name: str, **typed: str) -> object:
    form = form_of(QUESTIONS, **typed)
    assert not form.errors
    return form.answers[name]


def problem(questionnaire: Questionnaire, name: str, **typed: str) -> str:
    return str(form_of(questionnaire, **typed)[name].errors[0])


@given(answers())
def test_what_codes_write_is_read_as_the_same_answers(given: Answers) -> None:
    typed = {
        name: text
        for question in ALL_TYPES.questions()
        for name, text in paper.typed_for(question, given).items()
    }
    shown = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    shown.show(given)
    phone = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    phone.process(
        Fields((name, each) for field in shown for name, all in field.sent.items() for each in all)
    )
    sheet = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    paper.process(sheet, Fields(typed.items()))
    assert (sheet.validate(), clean(sheet.answers)) == (phone.validate(), clean(phone.answers))


@pytest.mark.parametrize("text", ["coop", "COOP", " coop ", "1", "١"])
def test_a_choice_is_typed_by_its_name_or_its_number(text: str) -> None:
    assert answer("actor", actor=text) == "coop"


@pytest.mark.parametrize("text", ["bank", "Bank", "2"])
def test_capitals_in_a_name_need_not_be_typed(text: str) -> None:
    assert answer("actor", actor=text) == "Bank"


def test_where_names_are_numbers_they_are_names_not_places() -> None:
    assert answer("asset", asset__people="1") == {"people": "1"}


def test_several_codes_stand_side_by_side_and_a_rank_keeps_their_order() -> None:
    assert answer("funds", funds="indh, own") == ["own", "indh"]
    assert answer("chain", chain="2 1") == ["honey", "argan"]


def test_other_is_chosen_by_writing_it() -> None:
    assert answer("actor", actor__other="un musée") == "other"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("actor", {"actor": "dk"}),
        ("funds", {"funds": "DK"}),
        ("chain", {"chain": "dk"}),
        ("members", {"members": "dk"}),
        ("idea", {"idea": "dk"}),
    ],
)
def test_the_reserved_code_is_the_same_everywhere(name: str, typed: dict[str, str]) -> None:
    assert answer(name, **typed) == {"missing": "dk"}


def test_not_concerned_on_any_line_is_for_the_whole_question() -> None:
    assert answer("points", points__b="na") == {"missing": "na"}
    assert "pas les deux" in problem(QUESTIONS, "points", points__a="40", points__b="na")


def test_a_text_that_is_a_code_stands_between_quotes() -> None:
    assert answer("idea", idea='"dk"') == "dk"
    assert answer("idea", idea='"Belle" idée') == '"Belle" idée'


def test_a_blank_sheet_is_left_blank_not_not_asked() -> None:
    assert form_of(QUESTIONS).answers["actor"] is None
    assert "why" not in form_of(QUESTIONS).answers


def test_what_is_not_relevant_is_dropped() -> None:
    assert "why" not in form_of(QUESTIONS, actor="bank", why="parce que").answers
    assert answer("why", actor="coop", why="parce que") == "parce que"


def test_a_code_that_says_nothing_is_named() -> None:
    assert "xyz" in problem(QUESTIONS, "actor", actor="xyz")
    assert "7" in problem(QUESTIONS, "chain", chain="1 7")
    assert "own" in problem(QUESTIONS, "funds", funds="own indh own")


class TestPlaces:
    QUESTIONNAIRE = load(PROJECT / "tests" / "features" / "territory.yaml")

    @pytest.mark.parametrize("text", ["09.581", "tiznit", "Tizn", "تيزنيت", "Tiznitt", "تزنيت"])
    def test_a_place_is_typed_by_its_code_or_its_name_however_it_is_spelt(self, text: str) -> None:
        assert form_of(self.QUESTIONNAIRE, place=text).answers == {"place": "09.581"}

    def test_a_name_that_several_places_begin_with_lists_their_codes(self) -> None:
        souss_massa = load(PROJECT / "questionnaires" / "souss-massa.yaml")
        said = problem(souss_massa, "p2", p1="coop", p2="imi")
        assert said.count("09.") > 2 and "Imilmaiss" in said

    def test_two_letters_are_not_enough(self) -> None:
        assert "Ti" in problem(self.QUESTIONNAIRE, "place", place="Ti")
