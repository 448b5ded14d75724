"""Whatever is in the file: a questionnaire or its problems, soon, and never another exception."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.questionnaire.document import from_document, to_document
from survey.questionnaire.loading import Problem, QuestionnaireError, load_text
from survey.questionnaire.model import Questionnaire
from tests.conftest import PROJECT, questionnaire_text
from tests.questionnaire.test_loading import CHOICE_LISTS, CONSENT, WORDS, question

QUESTIONNAIRES = PROJECT / "questionnaires"
RIGHT = questionnaire_text(question("type: text, name: a"))
EVERY_TYPE = questionnaire_text(
    CONSENT
    + "".join(
        map(
            question,
            (
                "type: note, name: t1",
                "type: text, name: t2, quote_consent: consent, theme: money, suggestions: few",
                "type: integer, name: t3, min: 1, max: 9, unit: {fr: an, ar: سنة}, dk: true",
                f"type: decimal, name: t4, constraint: '. < 5', constraint_message: {WORDS}",
                "type: date, name: t5, min: 2026-03-22, relevant: '${t3} > 2 and ${here}'",
                "type: select_one, name: t6, choices: few, choice_filter: \"group = 'producers'\"",
                "type: select_multiple, name: t7, choices: few, other: true, order: random",
                "type: rank, name: t8, choices: rows, max: 1, na: {label: {fr: x, ar: y}}",
                "type: matrix, name: t9, rows: rows, scale: points, required: true, core: true",
                "type: allocation, name: t10, choices: few, total: 10",
                "type: statements, name: t11, max_items: 2, hint: {fr: x, ar: y}",
                "type: vote, name: t12, rows: rows, scale: votes, dimension: challenge",
            ),
        )
    ),
    CHOICE_LISTS
    + f"""\
default_language: ar
partial: [zgh]
fallback: fr
intro: {WORDS}
minutes: {{full: 5, short: 2}}
min_group_size: 5
conditions: {{here: "${{t3}} > 1 or selected(${{consent}}, 'yes')"}}
codebook: [{{name: x, label: {WORDS}, keywords: {{fr: [mot]}}}}]
""",
)


def loaded(content: bytes) -> Questionnaire | tuple[Problem, ...]:
    """The questionnaire, whole, or its problems, each at a place in the file."""
    try:
        questionnaire = load_text(content, "any.yaml", QUESTIONNAIRES)
    except QuestionnaireError as error:
        lines = len(re.split(rb"\r\n?|\n|\xc2\x85|\xe2\x80[\xa8\xa9]", content))
        assert error.problems
        for problem in error.problems:
            assert problem.what and problem.remedy
            assert 1 <= problem.line <= lines + 1 and problem.column >= 1
        return error.problems
    else:
        assert from_document(to_document(questionnaire)) == questionnaire
        return questionnaire


def only_problem(content: bytes | str) -> Problem:
    data = content if isinstance(content, bytes) else content.encode()
    problems = loaded(data)
    assert isinstance(problems, tuple)
    [problem] = problems
    return problem


def place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def test_the_questionnaires_that_are_broken_here_are_right_at_first() -> None:
    assert isinstance(loaded(EVERY_TYPE.encode()), Questionnaire)


# Attacks on YAML readers


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (BOMB, (1, 4)),
        ("name: *nobody", (1, 7)),
        ("name: &me tiny", (1, 7)),
        ("name: &me [*me]", (1, 7)),
        ("&me {*me : *me}", (1, 1)),
        ("name: &me {a: *me}", (1, 7)),
        ("title: &t {fr: a}\nintro: {<<: *t, ar: b}", (1, 8)),
        ("? &key name\n: tiny", (1, 3)),
    ],
)
def test_anchors_and_aliases_are_refused_where_the_first_one_stands(
    text: str, where: tuple[int, int]
) -> None:
    problem = only_problem(text)
    assert problem.what == "anchors and aliases are not used here"
    assert place(problem) == where


def test_a_merge_key_is_a_key_like_any_other() -> None:
    problems = loaded((RIGHT + "<<: {name: other}\n").encode())
    assert isinstance(problems, tuple)
    assert [problem.what for problem in problems] == ["the questionnaire has no key `<<`"]


@pytest.mark.parametrize(
    "tagged",
    [
        "!!python/object/apply:os.system [echo]",
        "!!python/object:builtins.dict {}",
        "!!python/name:os.system ''",
        "!!python/object/new:eval [1]",
        "!!str tiny",
        "!!binary aGk=",
        "!!set {a}",
        "!local tiny",
        "!<tag:yaml.org,2002:str> tiny",
        "!!omap [a: b]",
    ],
)
def test_tags_are_refused(tagged: str) -> None:
    problem = only_problem(f"title: 1\nname: {tagged}\n")
    assert problem.what == "YAML tags are not used here"
    assert place(problem) == (2, 7)


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "a: [", "[a, {b: ", "{? [", "[[] , "])
def test_deep_nesting_is_refused(opening: str) -> None:
    problem = only_problem(opening * (100_000 // len(opening)))
    assert problem.what == "nested deeper than 20 levels"
    assert problem.line == 1


def test_deep_nesting_by_indentation_is_refused() -> None:
    problem = only_problem("".join(f"{' ' * depth}a:\n" for depth in range(500)))
    assert problem.what == "nested deeper than 20 levels"
    assert place(problem) == (21, 21)


@pytest.mark.parametrize("end", ["---\nname: b\n", "...\n---\n", "--- {}\n"])
def test_a_second_document_is_refused(end: str) -> None:
    problem = only_problem("name: a\ntitle: b\n" + end)
    assert problem.what == "a second document begins"
    assert problem.line == 3 + end.startswith("...")


def test_a_document_may_be_opened_and_closed() -> None:
    assert isinstance(loaded(f"---\n{RIGHT}...\n".encode()), Questionnaire)
    assert isinstance(loaded(f"%YAML 1.1\n---\n{RIGHT}".encode()), Questionnaire)


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b", "\x7f", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    ("before", "where"),
    [("", (1, 1)), ("name: ", (1, 7)), ("name: é\ntitle: «تجربة» 𐤀", (2, 17))],
)
def test_a_character_that_yaml_does_not_allow_is_reported_at_its_place(
    character: str, before: str, where: tuple[int, int]
) -> None:
    problem = only_problem(f"{before}{character}\nx: y\n")
    assert problem.what == "a character that YAML does not allow"
    assert place(problem) == where


@pytest.mark.parametrize(
    "broken",
    [b"\xff", b"\xe9", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80"],
)
def test_a_byte_that_is_not_utf_8_is_reported_at_its_place(broken: bytes) -> None:
    problem = only_problem("name: é\ntitle: ت".encode() + broken)
    assert problem.what == "this byte is not UTF-8"
    assert place(problem) == (2, 9)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "cp1256", "cp037"])
def test_another_encoding_is_refused(encoding: str) -> None:
    text = RIGHT if encoding == "utf-16" else "name: tiny\ntitle: تجربة\n"
    only_problem(text.encode(encoding, "replace"))


@pytest.mark.parametrize(
    "content",
    ["", "\ufeff", "\n\n", "# nothing\n", "---\n", "null", "tiny", "12", "[]", "- name: a", "''"],
)
def test_what_is_no_mapping_is_no_questionnaire(content: str) -> None:
    problem = only_problem(content)
    assert problem.what == "a questionnaire is a mapping of keys"
    assert place(problem) == (1, 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: 'a\ntitle: b\n", 3),
        ('name: "a', 1),
        ('name: "\\q"', 1),
        ('name: "\\ud800"', 1),
        ("name: {a", 1),
        ("name: a\n\ttitle: b\n", 2),
        ("name: a\n title: b\n", 2),
        ("name: a: b", 1),
        ("name: @a", 1),
        ("name: `a`", 1),
        ("name: |0\n a", 1),
        ("%YAML 9.9\n---\nname: a", 1),
        ("%TAG ! x\n%TAG ! x\n---\nname: a", 2),
        ("a\nb: c", 2),
        ("- a\nb: c", 2),
        ("name: ]", 1),
    ],
)
def test_what_is_not_yaml_is_reported_on_its_line(text: str, line: int) -> None:
    problem = only_problem(text)
    assert problem.what.startswith("this is not YAML: ")
    assert abs(problem.line - line) <= 1  # an unclosed bracket is noticed on the next line


# Sheer size


def test_a_file_has_at_most_a_megabyte() -> None:
    room = 1_000_000 - len(RIGHT.encode())
    assert isinstance(loaded(RIGHT.encode() + b"#" * room), Questionnaire)
    problem = only_problem(RIGHT.encode() + b"#" * (room + 1))
    assert problem.what == "the file is larger than 1,000,000 bytes"


@pytest.mark.parametrize(
    "content",
    [
        "a: [" + "a," * 400_000 + "]",
        "".join(f"k{number}: v\n" for number in range(70_000)),
        "- \n" * 300_000,
        "{" + "a: b, " * 100_000 + "}",
        "[" + "[], " * 200_000 + "]",
    ],
)
def test_a_file_has_at_most_a_hundred_thousand_values(content: str) -> None:
    assert only_problem(content).what == "more than 100,000 values"


@pytest.mark.parametrize(
    "content",
    [
        "name: " + "a" * 999_000,
        "name: " + "a_" * 490_000 + "!",
        "name: " + '"' + "\\n" * 490_000 + '"',
        "name: |\n" + " a\n" * 300_000,
        "name: >\n" + "\n" * 900_000,
        "? " + "a" * 999_000 + "\n: b",
        "a" * 999_000,
        '"' * 999_000,
        "#" * 999_000,
        " " * 999_000,
        "\n" * 999_000,
        "\t" * 999_000,
        "!" * 999_000,
        "&" * 999_000,
        "%" * 999_000,
        "'" * 999_000,
        "|" * 999_000,
        "-" * 999_000,
        ":" * 999_000,
        ",[" * 490_000,
        "&a " * 300_000,
        "é" * 499_000,
    ],
)
def test_a_huge_value_is_refused(content: str) -> None:
    assert isinstance(loaded(content.encode()), tuple)


HUGE = [
    ("type: text, name: ", "a" * 500_000),
    ("type: text, name: ", "a_" * 250_000 + "!"),
    ("name: a, type: ", "integer" * 70_000),
    ("type: integer, name: a, min: ", "9" * 500_000),
    ("type: decimal, name: a, min: ", "9" * 500_000),
    ("type: decimal, name: a, min: ", "1e" + "9" * 20),
    ("type: date, name: a, min: ", "2026-" * 100_000),
    ("type: text, name: a, required: ", "true" * 100_000),
    ("type: text, name: a, theme: ", "x" * 500_000),
    ("type: rank, name: a, choices: ", "x" * 500_000),
    ("type: rank, name: a, choices: {file: ", "x" * 500_000 + ".csv}"),
    ("type: text, name: a, relevant: ", "x" * 9_999),
    ("type: text, name: a, relevant: ", "'" + "(" * 2_000 + "'"),
    ("type: text, name: a, relevant: ", "'" + "not(" * 499 + "'"),
    ("type: text, name: a, relevant: ", "'" + "-" * 1_990 + "1 = 1'"),
    ("type: text, name: a, relevant: ", "'" + "1+" * 900 + "1 = 1'"),
    ("type: text, name: a, relevant: ", "'1 = " + "9" * 1_900 + "'"),
    ("type: text, name: a, hint: ", "{" + "xx: a, " * 30_000 + "}"),
    ("type: text, name: a, ", ", ".join(f"laabel{number}: 1" for number in range(9_000))),
]


@pytest.mark.parametrize(("keys", "value"), HUGE)
def test_a_huge_value_in_a_question_is_refused(keys: str, value: str) -> None:
    assert isinstance(loaded(questionnaire_text(question(keys + value)).encode()), tuple)


def test_a_long_chain_of_conditions_is_refused_or_taken_but_never_breaks() -> None:
    chain = "".join(f"  c{number}: ${{c{number - 1}}}\n" for number in range(1, 2_000))
    last = question("type: text, name: b, relevant: '${c1999}'")
    text = questionnaire_text(
        question("type: integer, name: a") + last, "conditions:\n  c0: ${a} = 1\n" + chain
    )
    loaded(text.encode())


def test_conditions_that_double_at_each_step_are_refused() -> None:
    chain = "".join(
        f"  c{number}: ${{c{number - 1}}} or ${{c{number - 1}}}\n" for number in range(1, 100)
    )
    text = questionnaire_text(
        question("type: integer, name: a"), "conditions:\n  c0: ${a} = 1\n" + chain
    )
    assert isinstance(loaded(text.encode()), tuple)


def test_conditions_used_over_and_over_are_checked() -> None:
    chain = "".join(f"  c{number}: ${{c{number - 1}}}\n" for number in range(1, 150))
    wide = " or ".join(["${c149}"] * 180)
    questions = [f"type: text, name: b{number}, relevant: '{wide}'" for number in range(60)]
    text = questionnaire_text(
        "".join(map(question, ["type: integer, name: a", *questions])),
        "conditions:\n  c0: ${a} = 1\n" + chain,
    )
    loaded(text.encode())


def test_expressions_beside_very_many_answers_are_checked() -> None:
    rows = "".join(f"  - {{name: r{number}, label: {WORDS}}}\n" for number in range(2_900))
    lists = f"choices:\n  many:\n{rows}scales: {{points: [{{name: x, label: {WORDS}}}]}}\n"
    matrices = [f"type: matrix, name: m{number}, rows: many, scale: points" for number in range(40)]
    texts = [f"type: text, name: b{number}, relevant: '1 = 1'" for number in range(250)]
    text = questionnaire_text("".join(map(question, matrices + texts)), lists)
    assert isinstance(loaded(text.encode()), tuple)


def test_a_long_file_that_many_questions_name_is_read(tmp_path: Path) -> None:
    lines = "".join(f"r{number},A,ا\n" for number in range(3_000))
    (tmp_path / "long.csv").write_text("name,fr,ar\n" + lines, encoding="utf-8")
    keys = [f"type: select_one, name: a{at}, choices: {{file: long.csv}}" for at in range(50)]
    text = questionnaire_text("".join(map(question, keys)))
    found = load_text(text.encode(), "any.yaml", tmp_path)
    assert {len(each.choices) for each in found.questions()} == {3_000}


# Anything at all

YAML_LIKE = st.text("ab:-[]{},&*!|>'\"%#?~@`<=$() \n\t\r0é\x00\ufeff\u2028", max_size=60)


@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=300)
def test_any_bytes_are_refused_as_no_questionnaire(content: bytes) -> None:
    assert isinstance(loaded(content), tuple)


@given(YAML_LIKE)
@settings(max_examples=1000)
def test_anything_that_looks_like_yaml_is_refused_as_no_questionnaire(text: str) -> None:
    assert isinstance(loaded(text.encode()), tuple)


@given(YAML_LIKE, st.integers(0, len(EVERY_TYPE)))
@settings(max_examples=300)
def test_anything_typed_into_a_questionnaire_gives_one_or_problems(text: str, at: int) -> None:
    loaded((EVERY_TYPE[:at] + text + EVERY_TYPE[at:]).encode())


PIECES = (
    "${t3} ${t6} ${here} ${x} . name 'yes' '' 1 2.5 ( ) , = != < + - * div mod and or not( "
    "selected( count-selected( string-length( if( today() number( format-date( $ {"
)


@given(
    st.text("$ {}()'\"=<>!.,+-*anordivmodt3x0selctdconsety_\n", max_size=40)
    | st.lists(st.sampled_from(PIECES.split()), max_size=12).map(" ".join),
    st.sampled_from(["relevant", "constraint", "choice_filter", "condition"]),
)
@settings(max_examples=300)
def test_any_expression_is_right_or_a_problem(expression: str, key: str) -> None:
    quoted = "'" + expression.replace("'", "''").replace("\n", " ") + "'"
    keys = f"type: select_one, name: z, choices: few, {key}: {quoted}"
    if key == "constraint":
        keys += f", constraint_message: {WORDS}"
    if key == "condition":
        text = EVERY_TYPE.replace("conditions: {", f"conditions: {{z: {quoted}, ")
    else:
        text = EVERY_TYPE + "  " + question(keys)
    loaded(text.encode())


# Right questionnaires with something changed

VALUES = (
    "true no 1 -1 2.5 2026-03-22 a t1 dk other yes few rows points votes money consent fr zgh ~ "
    "text note integer select_one matrix vote random challenge actor_group territory here"
)
KEYS = (
    "name label type choices rows scale min max relevant constraint fr ar zgh file levels group "
    "other dk title questions role"
)
SCALAR = st.sampled_from(VALUES.split()) | st.text(max_size=5)
KEY = st.sampled_from(KEYS.split()) | st.text(max_size=3)
ANYTHING = st.recursive(
    SCALAR | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=8,
)


@cache
def every_type() -> Any:
    return yaml.load(EVERY_TYPE, yaml.BaseLoader)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in nested lists and mappings, as a container and a key."""
    items = enumerate(value) if isinstance(value, list) else value.items()
    found = []
    for key, item in list(items):
        found.append((value, key))
        if isinstance(item, list | dict):
            found += places(item)
    return found


def change(draw: st.DrawFn, document: Any) -> None:
    """Puts something else at a place, or removes, repeats, renames or exchanges what is there."""
    container, key = draw(st.sampled_from(places(document) or [({"": 0}, "")]))
    match draw(st.sampled_from(["replace", "remove", "repeat", "rename", "exchange"])):
        case "replace":
            container[key] = draw(ANYTHING)
        case "remove":
            del container[key]
        case "repeat" if isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        case "rename" if isinstance(container, dict):
            container[draw(KEY)] = container.pop(key)
        case _:
            other, place = draw(st.sampled_from(places(document)))
            container[key] = copy.deepcopy(other[place])


@st.composite
def changed_structures(draw: st.DrawFn) -> str:
    document = copy.deepcopy(every_type())
    for _ in range(draw(st.integers(1, 3))):
        change(draw, document)
    return yaml.safe_dump(document, allow_unicode=draw(st.booleans()), sort_keys=False)


@given(changed_structures())
@settings(max_examples=200)
def test_a_questionnaire_with_its_structure_changed_is_one_or_has_problems(text: str) -> None:
    loaded(text.encode())


@given(ANYTHING)
@settings(max_examples=200)
def test_any_structure_is_refused_as_no_questionnaire(document: Any) -> None:
    assert isinstance(loaded(yaml.safe_dump(document).encode()), tuple)


TOKEN = re.compile(r"\w+|[^\w\s]|\s+")


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """A text with lines deleted, repeated, exchanged or indented, or with tokens replaced."""
    lines = text.splitlines(True)
    for _ in range(draw(st.integers(1, 4))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["delete", "repeat", "exchange", "indent", "token", "cut"])):
            case "delete":
                lines[at] = ""
            case "repeat":
                lines[at] *= 2
            case "exchange":
                lines[at], lines[other] = lines[other], lines[at]
            case "indent":
                lines[at] = "  " + lines[at]
            case "token":
                ours, theirs = TOKEN.findall(lines[at]) or [""], TOKEN.findall(lines[other])
                ours[draw(st.integers(0, len(ours) - 1))] = draw(st.sampled_from(theirs or [""]))
                lines[at] = "".join(ours)
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "".join(lines)


def shipped(name: str) -> str:
    return (QUESTIONNAIRES / name).read_text(encoding="utf-8")


@given(edited(shipped("quick-diagnosis.yaml")) | edited(EVERY_TYPE))
@settings(max_examples=300)
@example("")
def test_an_edited_questionnaire_is_one_or_has_problems(text: str) -> None:
    loaded(text.encode())


@given(edited(shipped("souss-massa.yaml")))
@settings(max_examples=60)
def test_an_edited_long_questionnaire_is_one_or_has_problems(text: str) -> None:
    loaded(text.encode())
