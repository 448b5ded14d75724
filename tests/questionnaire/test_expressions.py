"""Expressions: what is refused at load and where, and what those that hold are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from survey.questionnaire.expressions import Scope, Value, evaluate, holds, is_date, number_in
from survey.questionnaire.loading import QuestionnaireError
from survey.questionnaire.model import Questionnaire
from tests.conftest import questionnaire_of, questionnaire_text
from tests.questionnaire.test_loading import WORDS, question, refused, refused_text

LISTS = f"""\
choices:
  actors: [{{name: coop, label: {WORDS}}}, {{name: assoc, label: {WORDS}}}]
  funds: [{{name: own, label: {WORDS}}}, {{name: bank, label: {WORDS}}}]
  rows: [{{name: roads, label: {WORDS}}}, {{name: water, label: {WORDS}}}]
  places:
  - {{name: r1, level: region, group: wide, label: {WORDS}}}
  - {{name: p1, level: province, parent: r1, label: {WORDS}}}
scales:
  points: [{{name: "1", label: {WORDS}}}, {{name: "2", label: {WORDS}}}]
"""
ASKED = "".join(
    map(
        question,
        (
            "type: integer, name: members",
            "type: decimal, name: area",
            "type: text, name: why",
            "type: date, name: day",
            "type: select_one, name: actor, choices: actors, other: true, dk: true",
            "type: select_one, name: partner, choices: actors",
            "type: select_multiple, name: funding, choices: funds, na: true",
            "type: rank, name: ranked, choices: funds, dk: true",
            "type: matrix, name: rated, rows: rows, scale: points, dk: true",
            "type: vote, name: voted, rows: rows",
            "type: allocation, name: shared, choices: funds",
            "type: note, name: words",
            "type: statements, name: ideas",
        ),
    )
)


def ending_in(keys: str, top: str = "") -> str:
    return questionnaire_text(ASKED + question(keys), f"{LISTS}{top}\n")


def not_relevant(expression: str, top: str = "") -> list[str]:
    """The problems of a question with this `relevant`, in which `»` marks the place of each."""
    return refused_text(ending_in(f'type: text, name: last, relevant: "{expression}"', top))


def questionnaire_with(expression: str, top: str = "") -> Questionnaire:
    keys = f'type: text, name: last, relevant: "{expression}"'
    return questionnaire_of(ASKED + question(keys), f"{LISTS}{top}\n")


# Names


def test_an_unknown_name_is_reported_with_the_name_that_was_meant() -> None:
    assert not_relevant("${actor} = 'coop' and »${menbers} > 1") == [
        "there is no ${menbers}. Did you mean ${members}."
    ]


def test_a_name_like_no_other_is_reported_too() -> None:
    assert not_relevant("»${xyz} = 1") == [
        "there is no ${xyz}. Use the name of an earlier question."
    ]


@pytest.mark.parametrize("name", ["words", "ideas", "rated", "shared", "rated__bridges", "last__x"])
def test_what_has_no_single_answer_has_no_name(name: str) -> None:
    [problem] = not_relevant(f"»${{{name}}} = 1")
    assert problem.startswith(f"there is no ${{{name}}}")


def test_a_later_question_is_not_answered_yet() -> None:
    text = question('type: text, name: a, relevant: "1 = 1 or »${b} = 2"') + question(
        "type: integer, name: b"
    )
    assert refused(text) == [
        "${b} is not answered yet at this place. "
        "Move `b` before this question, or use `.` for this answer."
    ]


@pytest.mark.parametrize("key", ["relevant", "constraint"])
def test_a_question_does_not_refer_to_itself_by_name(key: str) -> None:
    message = f", constraint_message: {WORDS}" if key == "constraint" else ""
    text = question(f'type: integer, name: a, {key}: "»${{a}} > 1"{message}')
    [problem] = refused(text)
    assert problem.startswith("${a} is not answered yet at this place")


def test_an_answer_of_an_earlier_section_can_be_used_and_one_of_a_later_section_cannot() -> None:
    text = questionnaire_text(question("type: text, name: a, relevant: '»${b} > 1'"))
    second = text[text.index("- name: only") :].replace("only", "second")
    asked = question("type: integer, name: b").removesuffix("\n")
    using = "  " + question("type: text, name: c, relevant: '${b} > 1'")
    later = second[: second.index("  - {")] + f"  {asked}\n"
    [problem] = refused_text(
        text + later + second[: second.index("  - {")].replace("second", "third") + using
    )
    assert problem.startswith("${b} is not answered yet at this place")


def test_several_names_can_be_wrong_in_several_expressions() -> None:
    text = (
        question('type: text, name: a, relevant: "»${x} = 1"')
        + question('type: text, name: b, relevant: "»${y} = 1"')
        + question(f'type: text, name: c, constraint: "»${{z}} = 1", constraint_message: {WORDS}')
    )
    assert len(refused(text)) == 3


# The column, however the expression is written in YAML


@pytest.mark.parametrize(
    "written",
    [
        'relevant: "${members} = 1 and »${x} = 1"',
        "relevant: '${members} = 1 and »${x} = 1'",
        'relevant:   "»${x} = 1"',
        'relevant: "  »${x} = 1"',
        "relevant: '   ${members} = 1 and »${x} = 1'",
        "relevant: '${actor} = ''coop'' and »${x} = 1'",
        "hint: {fr: é, ar: تجربة}, relevant: '${actor} != \"coop\" and »${x} = 1'",
    ],
)
def test_the_column_is_that_of_the_mistake(written: str) -> None:
    refused_text(ending_in(f"type: text, name: last, {written}"))


@pytest.mark.parametrize("expression", ["»${x} = 1", "${members} = 1 and »${x} = 1"])
def test_the_column_is_that_of_the_mistake_without_quotes_too(expression: str) -> None:
    block = f"- type: text\n  name: last\n  label: {WORDS}\n  relevant: {expression}\n"
    refused_text(questionnaire_text(ASKED + block, LISTS))


@pytest.mark.parametrize(
    "written",
    [
        "»|\n    ${members} = 1\n    and ${x} = 1",
        "»>\n    ${members} = 1\n    and ${x} = 1",
        "»>-\n    ${x} = 1",
        '»"${members} = 1\n    and ${x} = 1"',
        "»${members} = 1\n    and ${x} = 1",
    ],
)
def test_an_expression_on_several_lines_is_reported_where_it_begins(written: str) -> None:
    block = f"- type: text\n  name: last\n  label: {WORDS}\n  relevant: {written}\n"
    refused_text(questionnaire_text(ASKED + block, LISTS))


# Kinds


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("»${members}", "this is a number, not a condition"),
        ("»'yes'", "this is a text, not a condition"),
        ("»${members} and ${members} > 1", "this is a number, not a condition"),
        ("${members} > 1 or »${why}", "this is a text, not a condition"),
        ("${members} »= '12'", "a number cannot be compared with a text"),
        ("${members} »= ${why}", "a number cannot be compared with a text"),
        ("${actor} »= ${why}", "one choice cannot be compared with a text"),
        ("${actor} »= 1", "one choice cannot be compared with a number"),
        ("${day} »= 2026", "a date cannot be compared with a number"),
        ("(${members} > 1) »= (1 = 1)", "a condition cannot be compared with a condition"),
        ("(${members} > 1) »= ''", "a condition cannot be compared with a text"),
        ("${why} »> 'a'", "a text and a text have no order"),
        ("${members} »<= '12'", "a number and a text have no order"),
        ("${actor} »> 'coop'", "one choice and a text have no order"),
        ("${day} »< 1", "a date and a number have no order"),
        ("${funding} »< ${ranked}", "several choices and several choices have no order"),
        ("${members} + »${why} > 1", "this is a text, not a number"),
        ("»${day} - ${day} > 1", "this is a date, not a number"),
        ("${members} div »${actor} = 1", "this is one choice, not a number"),
        ("not(»${members})", "not() was given a number"),
        ("count-selected(»${actor}) > 1", "count-selected() was given one choice"),
        ("string-length(»${members}) > 1", "string-length() was given a number"),
        ("selected(»${why}, 'coop')", "selected() was given a text"),
        ("selected(${actor}, »1)", "selected() was given a number"),
        ("»selected(${actor}, ${why})", "selected() asks for one choice"),
        ("number(»${day}) > 1", "number() was given a date"),
        ("format-date(»${why}, '%Y') = '2026'", "format-date() was given a text"),
        ("»format-date(${day}, ${why}) = '2026'", "format-date() needs its pattern in quotes"),
        ("»format-date(${day}, '%Y %H') = 'x'", "format-date() cannot print '%Y %H'"),
        ("»if(${members} > 1, 1, 'a') = 1", "if() gives a number or a text"),
        ("if(»${members}, 1, 2) = 1", "if() was given a number"),
        ("»today(1) = ${day}", "today() takes 0 values and was given 1"),
        ("»selected(${actor})", "selected() takes 2 values and was given 1"),
        ("»not() or 1 = 1", "not() takes 1 values and was given 0"),
        ("»nott(1 = 1)", "there is no function nott(). Did you mean not()"),
        ("1 = 1 and »substring(${why}, 1) = 'a'", "there is no function substring()"),
    ],
)
def test_kinds_that_do_not_fit_are_reported_where_they_do_not(expression: str, what: str) -> None:
    [problem] = not_relevant(expression)
    assert problem.startswith(what)


def test_several_choices_are_asked_for_with_selected() -> None:
    assert not_relevant("${funding} »= 'own'") == [
        "several choices cannot be compared with a text. Use selected(${name}, 'choice')."
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "${actor} = »'coopp'",
        "»'coopp' != ${actor}",
        "selected(${actor}, »'coopp')",
        "selected(${funding}, »'coop')",
        "${voted__roads} = »'agreed'",
        "${rated__roads} = »'3'",
        "${actor} = »'Coop'",
        "${actor} = »'na'",
        "${partner} = »'other'",
        "${partner} = »'dk'",
    ],
)
def test_a_choice_that_is_not_there_is_reported_where_it_stands(expression: str) -> None:
    [problem] = not_relevant(expression)
    assert "is not one of the choices" in problem


def test_a_choice_that_is_not_there_is_reported_with_the_one_that_was_meant() -> None:
    with pytest.raises(QuestionnaireError, match=r"Did you mean 'coop'\."):
        questionnaire_with("${actor} = 'coopp'")


@pytest.mark.parametrize(
    "expression", ["${day} > »'22/03/2026'", "»'2026-02-30' = ${day}", "today() = »'2026'"]
)
def test_a_date_that_is_none_is_reported_where_it_stands(expression: str) -> None:
    [problem] = not_relevant(expression)
    assert "is not a date. Write it like '2026-03-22'" in problem


# Writing


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("${members} =»", "the expression stops too early"),
        ("not(${members} = 1»", "the expression stops too early"),
        ("${members} = 1 »)", "`)` is not expected here"),
        ("${members} =»= 1", "`=` is not expected here"),
        ("${members} »1", "`1` is not expected here"),
        ("»= 1", "`=` is not expected here"),
        ("${members} > 1 »${area} > 1", "`${area}` is not expected here"),
        ("»$members = 1", "`$` cannot begin anything here"),
        ("»${a b} = 1", "`$` cannot begin anything here"),
        ("»${} = 1", "`$` cannot begin anything here"),
        ("${members} »§ 1", "`§` cannot begin anything here"),
        ("${actor} = »‘coop’", "`‘` cannot begin anything here"),
        ("${actor} = »'coop", "`'` cannot begin anything here"),
        ("»Not(1 = 1)", "`N` cannot begin anything here"),
        ("${members} »&& ${area}", "`&` cannot begin anything here"),
    ],
)
def test_what_cannot_be_read_is_reported_where_reading_stops(expression: str, what: str) -> None:
    [problem] = not_relevant(expression)
    assert problem.startswith(what)


def test_an_expression_is_neither_too_long_nor_too_deep() -> None:
    [problem] = not_relevant("»1 = 1" + " or 1 = 1" * 300)
    assert problem.startswith("the expression is longer than 2000 characters")
    with pytest.raises(QuestionnaireError, match="the expression is nested deeper than 40"):
        questionnaire_with("not(" * 41 + "1 = 1" + ")" * 41)
    assert questionnaire_with("(" * 200 + "1 = 1" + ")" * 200)


def test_an_expression_is_not_too_large_with_its_conditions_written_out() -> None:
    wide = " or ".join(["1 = 1"] * 150)
    top = f"conditions: {{a: '{wide}', b: '${{a}} or ${{a}}'}}"
    assert questionnaire_with("${b}", top)
    with pytest.raises(QuestionnaireError, match="too large with its conditions written out"):
        questionnaire_with("${b} or ${a}", top)


# `.` and a choice's own properties


def test_a_dot_outside_a_constraint_is_reported_where_it_stands() -> None:
    assert not_relevant("${members} > 1 and ». > 2") == [
        "`.` only means something in a constraint. Use ${name}."
    ]


@pytest.mark.parametrize(
    ("type", "constraint"),
    [
        ("integer", ". > 1"),
        ("decimal", ". <= ${area}"),
        ("text", "string-length(.) > 2 and . != 'x'"),
        ("date", ". <= today()"),
        ("select_one, choices: actors", ". = 'coop'"),
        ("select_multiple, choices: funds", "count-selected(.) < 2 and selected(., 'own')"),
        ("rank, choices: funds", "selected(., 'own')"),
    ],
)
def test_a_dot_in_a_constraint_is_the_answer_itself(type: str, constraint: str) -> None:
    keys = f'name: last, type: {type}, constraint: "{constraint}", constraint_message: {WORDS}'
    assert questionnaire_of(ASKED + question(keys), LISTS).question("last").constraint


@pytest.mark.parametrize(
    ("constraint", "what"),
    [
        ("string-length(».) > 2", "string-length() was given a number"),
        ("». and . > 1", "this is a number, not a condition"),
        ("${members} > 1 and »name = 'x'", "`name` means nothing here"),
    ],
)
def test_a_constraint_is_checked_like_any_expression(constraint: str, what: str) -> None:
    keys = f'type: integer, name: last, constraint: "{constraint}", constraint_message: {WORDS}'
    [problem] = refused_text(ending_in(keys))
    assert problem.startswith(what)


@pytest.mark.parametrize("name", ["name", "group", "level", "parent", "coop", "true"])
def test_a_bare_name_outside_a_choice_filter_is_reported(name: str) -> None:
    assert not_relevant(f"1 = 1 and »{name} = 'coop'") == [
        f"`{name}` means nothing here. "
        f"Write ${{{name}}} for an answer, '{name}' in quotes for a text."
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "name != 'r1'",
        "level = 'province' and parent = 'r1'",
        "group = ''",
        "name = 'r1' or ${members} > 1",
        "selected(name, 'r1')",
    ],
)
def test_a_choice_filter_knows_a_choice_by_its_properties(expression: str) -> None:
    keys = f'type: select_one, name: last, choices: places, choice_filter: "{expression}"'
    assert questionnaire_of(ASKED + question(keys), LISTS).question("last").choice_filter


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("»label = 'x'", "`label` means nothing here"),
        ("»exclusive", "`exclusive` means nothing here"),
        ("level = »'commune'", "'commune' is not one of the choices"),
        ("parent = »'p1'", "'p1' is not one of the choices"),
        ("1 = 1 and ». = 'r1'", "`.` only means something in a constraint"),
        ("»name", "this is one choice, not a condition"),
    ],
)
def test_a_choice_filter_is_checked_like_any_expression(expression: str, what: str) -> None:
    keys = f'type: select_one, name: last, choices: places, choice_filter: "{expression}"'
    [problem] = refused_text(ending_in(keys))
    assert problem.startswith(what)


# Conditions


def test_a_condition_is_used_like_an_answer_and_may_build_on_others() -> None:
    top = "conditions: {big: '${members} > 10', coops: \"${big} and ${actor} = 'coop'\"}"
    questionnaire = questionnaire_with("not(${coops})", top)
    assert questionnaire.question("last").relevant == ("not", ("condition", "coops"))
    assert questionnaire.conditions["coops"][1] == ("condition", "big")


def test_conditions_may_come_in_any_order() -> None:
    questionnaire_with("${b}", "conditions: {b: '${a}', a: '${members} > 1'}")


def test_conditions_in_a_circle_are_reported_one_by_one() -> None:
    problems = not_relevant("1 = 1", "conditions: {a: '»${b}', b: 'not(»${c})', c: '»${a}'}")
    assert all("leads back to ${" in problem for problem in problems)


def test_a_wrong_condition_is_reported_where_it_stands_and_not_again_where_it_is_used() -> None:
    [problem] = not_relevant("${a}", "conditions: {a: '${members} »= ${why}', b: 'not(${a})'}")
    assert problem.startswith("a number cannot be compared with a text")
    assert not_relevant("${a}", "conditions: {a: '1 = 1 or »${a}'}") == [
        "${a} leads back to ${a}. Let conditions build on earlier ones only."
    ]


def test_conditions_build_on_each_other_only_so_deep() -> None:
    def chain(length: int) -> str:
        links = [f"c{number}: '${{c{number - 1}}}'" for number in range(1, length)]
        return "conditions: {" + ", ".join(["c0: '1 = 1'", *links]) + "}"

    assert questionnaire_with("${c19}", chain(20))
    with pytest.raises(QuestionnaireError, match="build on each other more than 20 deep"):
        questionnaire_with("${c20}", chain(21))


def test_a_condition_that_nobody_uses_is_right_too() -> None:
    [problem] = not_relevant("1 = 1", "conditions: {a: '${members} »= ${why}'}")
    assert problem.startswith("a number cannot be compared with a text")


def test_a_condition_is_a_condition() -> None:
    [problem] = not_relevant("1 = 1", "conditions: {a: '»${members}'}")
    assert problem.startswith("this is a number, not a condition")


def test_a_condition_is_not_used_before_what_it_asks_about() -> None:
    text = question('type: text, name: first, relevant: "1 = 1 and »${big}"') + ASKED
    [problem] = refused(text, LISTS + "conditions: {big: '${members} > 10'}\n")
    assert problem.startswith("in the condition ${big}: ${members} is not answered yet")


def test_a_condition_and_a_question_do_not_share_a_name() -> None:
    assert not_relevant("1 = 1", "conditions: {»members: '1 = 1'}") == [
        "`members` is a question too. Rename the condition."
    ]


@pytest.mark.parametrize("name", ["Big", "a__b", "1st"])
def test_a_condition_is_named_like_a_question(name: str) -> None:
    [problem] = not_relevant("1 = 1", f"conditions: {{»{name}: '1 = 1'}}")
    assert problem.startswith("the name of a condition cannot be `")


def test_neither_dot_nor_property_means_anything_in_a_condition() -> None:
    not_relevant("1 = 1", "conditions: {a: '». > 1', b: '»name != level'}")
    used = question(f"type: integer, name: x, constraint: '${{a}}', constraint_message: {WORDS}")
    refused(used, "conditions: {a: '1 = 1 or ». > 1'}\n")


# The short version


def test_a_core_question_refers_to_core_questions_only() -> None:
    text = question("type: integer, name: a") + question(
        'type: text, name: b, core: true, relevant: "1 = 1 and »${a} > 1"'
    )
    assert refused(text) == [
        "${a} is not asked in the short version, and this question is. "
        "Make `a` core too, or this question not core."
    ]
    questionnaire_of(text.replace("»", "").replace("name: a", "name: a, core: true"))
    questionnaire_of(text.replace("»", "").replace("core: true, ", ""))


def test_a_core_question_refers_to_core_questions_through_conditions_too() -> None:
    text = question("type: integer, name: a") + question(
        'type: text, name: b, core: true, relevant: "»${big}"'
    )
    [problem] = refused(text, "conditions: {big: '${a} > 1'}\n")
    assert problem.startswith("in the condition ${big}: ${a} is not asked in the short version")


def test_the_parts_of_a_matrix_that_is_not_core_are_not_core_either() -> None:
    rated = question("type: matrix, name: a, rows: rows, scale: points")
    last = question("type: text, name: b, core: true, relevant: \"»${a__roads} = '1'\"")
    [problem] = refused(rated + last, LISTS)
    assert problem.startswith("${a__roads} is not asked in the short version")


# What expressions are worth


def worth(expression: str, values: Mapping[str, Value], **more: Any) -> bool:
    """Whether a relevant holds for these answers."""
    questionnaire = questionnaire_with(expression, more.pop("top", ""))
    scope = Scope(values, questionnaire.conditions, **{"today": "2026-03-22", **more})
    return holds(questionnaire.question("last").relevant, scope)


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("${members} = 12", {"members": 12.0}),
        ("${members} != 12", {"members": 11.0}),
        ("12 >= ${members}", {"members": 12.0}),
        ("${area} < ${members}", {"members": 2.0, "area": 1.5}),
        ("${actor} = 'coop'", {"actor": "coop"}),
        ("${actor} = 'dk'", {"actor": "dk"}),
        ("${actor} != ${partner}", {"actor": "coop", "partner": "assoc"}),
        ("${actor__other} = 'x'", {"actor": "other", "actor__other": "x"}),
        ("${why} = 'été'", {"why": "été"}),
        ("${day} < today()", {"day": "2026-03-21"}),
        ("${day} >= '2026-03-22'", {"day": "2026-03-22"}),
        ("selected(${actor}, 'coop')", {"actor": "coop"}),
        ("selected(${funding}, 'bank')", {"funding": ("own", "bank")}),
        ("selected(${funding}, 'na')", {"funding": ("na",)}),
        ("count-selected(${funding}) = 2", {"funding": ("own", "bank")}),
        ("count-selected(${funding}) = 0", {}),
        ("${rated__roads} = '1'", {"rated__roads": "1"}),
        ("${rated__roads} = 'dk'", {"rated__roads": "dk"}),
        ("${voted__water} = 'agree'", {"voted__water": "agree"}),
        ("${shared__own} + ${shared__bank} = 100", {"shared__own": 60.0, "shared__bank": 40.0}),
        ("string-length(${why}) = 3", {"why": "a𐤀é"}),
        ("string-length(${why}) = 0", {}),
        ("number(${why}) = -0.5", {"why": "-0.5"}),
        ("number(${rated__roads}) > 1", {"rated__roads": "2"}),
        ("number(${why}) = ''", {"why": "1e3"}),
        ("number(format-date(today(), '%Y')) = 2026", {}),
        ("format-date(${day}, '%d/%m/%y, %e.%n.') = '05/09/26, 5.9.'", {"day": "2026-09-05"}),
        ("if(${members} > 1, ${area}, 0) = 0", {"members": 1.0, "area": 9.0}),
        ("if(${members} > 1, ${area}, 0) = 9", {"members": 2.0, "area": 9.0}),
        ("1 + 2 * 3 = 7 and (1 + 2) * 3 = 9", {}),
        ("10 - 2 - 3 = 5 and 100 div 5 div 2 = 10", {}),
        ("7 mod 3 = 1 and -7 mod 3 = -1 and 7.5 mod 2 = 1.5", {}),
        ("- - 2 = 2 and 3 - -2 = 5 and 2*-3 = -6", {}),
        ("1 = 2 and 1 = 1 or 1 = 1", {}),
        ("not(1 = 1 and (1 = 2 or 1 = 3))", {}),
        ('"it\'s" = "it\'s"'.replace('"', '\\"'), {}),
    ],
)
def test_an_expression_holds(expression: str, values: Mapping[str, Value]) -> None:
    assert worth(expression, values)


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_something_unanswered_is_false(operator: str) -> None:
    assert not worth(f"${{members}} {operator} 1", {})
    assert not worth(f"1 {operator} ${{members}}", {"members": None})


@pytest.mark.parametrize("operator", ["+", "-", "*", "div", "mod"])
def test_arithmetic_with_something_unanswered_is_unanswered(operator: str) -> None:
    assert worth(f"${{members}} {operator} 1 = ''", {})
    assert worth(f"not(1 {operator} ${{members}} = 0)", {})


@pytest.mark.parametrize(
    "calculation", ["1 div 0", "0 div 0", "1 mod 0", "${area} * 10", "-${area} * 10"]
)
def test_what_is_no_finite_number_is_unanswered(calculation: str) -> None:
    assert worth(f"{calculation} = ''", {"area": 1e308})


@pytest.mark.parametrize(
    ("name", "value"),
    [("why", "x"), ("members", 0.0), ("actor", "dk"), ("funding", ("own",)), ("day", "2026-01-01")],
)
def test_the_empty_text_stands_for_unanswered(name: str, value: Value) -> None:
    assert worth(f"${{{name}}} = '' and not(${{{name}}} != '')", {})
    assert worth(f"${{{name}}} = ''", {name: None})
    assert worth(f"${{{name}}} != '' and not('' = ${{{name}}})", {name: value})


def test_no_choice_at_all_is_unanswered() -> None:
    assert worth("${funding} = ''", {"funding": ()})


def test_not_turns_what_is_false_for_want_of_an_answer() -> None:
    assert worth("not(${members} > 3)", {})


def test_a_condition_is_worth_what_its_expression_is() -> None:
    top = "conditions: {big: '${members} > 10', small: 'not(${big})'}"
    assert worth("${big}", {"members": 11.0}, top=top)
    assert worth("${small}", {"members": 10.0}, top=top)


def test_an_absent_condition_holds() -> None:
    assert holds(None, Scope({}, {}, "2026-03-22"))


def test_the_answer_and_the_choice_are_in_the_scope() -> None:
    scope = Scope({}, {}, "2026-03-22", this=5.0, choice={"name": "r1", "parent": None})
    assert evaluate((">", (".",), 4.0), scope) is True
    assert evaluate(("=", ("choice", "name"), "r1"), scope) is True
    assert evaluate(("=", ("choice", "parent"), "r1"), scope) is False
    assert evaluate(("blank", ("choice", "group")), scope) is True


@pytest.mark.parametrize("text", ["12", "-12", "0012", "0.5", "-0.5", "9" * 300])
def test_plain_digits_are_a_number(text: str) -> None:
    assert number_in(text) == float(text)


NO_NUMBERS = [
    "",
    "-",
    ".",
    "1.",
    ".5",
    "+1",
    "1e3",
    " 1",
    "1 ",
    "1\n",
    "1,5",
    "1_000",
    "--1",
    "1.2.3",
]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "٣", "²", "inf", "nan", "0x1", "9" * 400])
def test_any_other_text_is_no_number(text: str) -> None:
    assert number_in(text) is None


def test_only_a_whole_iso_date_is_a_date() -> None:
    assert is_date("2026-03-22")
    for text in ("20260322", "2026-W12-7", "2026-3-22", "2026-02-30", "2026-03-22 ", "", "٢٠٢٦"):
        assert not is_date(text)
