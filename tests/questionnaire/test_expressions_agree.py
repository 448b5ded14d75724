"""The server and the page evaluate every expression that the checker lets pass to the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from survey.questionnaire.expressions import Scope, Value, evaluate, holds
from survey.questionnaire.model import Tree
from tests.conftest import PROJECT, needed, questionnaire_of
from tests.questionnaire.test_loading import WORDS, question

quickjs = needed("quickjs")

SCRIPT = PROJECT / "survey" / "static" / "expressions.js"

NUMBER, TEXT, DATE, ONE, SEVERAL, BOOLEAN = "number", "text", "date", "one", "several", "boolean"
COMPARED = (NUMBER, TEXT, DATE, ONE)
KINDS = (*COMPARED, SEVERAL, BOOLEAN)

NAMES = ("coop", "B.2", "1", "dk")
ANSWERS = {
    NUMBER: ("members", "area", "shared__coop"),
    TEXT: ("why", "actor__other"),
    DATE: ("day",),
    ONE: ("actor", "rated__roads"),
    SEVERAL: ("funding", "ranked"),
}
"""What can be answered, by the kind of the value."""


@cache
def script() -> Callable[[str, str], str]:
    context = quickjs.Context()
    context.eval(SCRIPT.read_text(encoding="utf-8"))
    call = "(tree, scope) => JSON.stringify(evaluate(JSON.parse(tree), JSON.parse(scope)))"
    return context.eval(call)  # type: ignore[no-any-return]


def in_browser(tree: Tree, scope: Scope) -> Any:
    """What the page's script makes of a tree; `null` is unanswered."""
    seen = {
        "values": scope.values,
        "conditions": scope.conditions,
        "today": scope.today,
        "self": scope.this,
        "choice": scope.choice,
    }
    text = script()(json.dumps(tree), json.dumps(seen))
    return json.loads(text, parse_int=float)


def as_json(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def agree(tree: Tree, scope: Scope) -> Value:
    here, there = evaluate(tree, scope), in_browser(tree, scope)
    assert as_json(here) == there and isinstance(here, bool) == isinstance(there, bool)
    return here


# Trees that the checker lets pass

LITERAL_NUMBERS = st.integers(0, 10).map(float) | st.floats(
    0, 999_999_999_999_999, allow_subnormal=False
).map(lambda number: round(number, 3))
LITERAL_TEXTS = st.text(
    st.characters(
        codec="utf-8",
        categories=["L", "M", "N", "P", "S", "Zs"],
        exclude_characters="'",
    ),
    min_size=1,
    max_size=5,
)
DAYS = st.dates().map(str)
PATTERNS = st.lists(
    st.sampled_from(["%Y", "%y", "%m", "%n", "%d", "%e", "/", "$&", "Y", "d", " ", "م"]), min_size=1
).map("".join)


@st.composite
def trees(draw: st.DrawFn, kind: str, *, depth: int = 3, this: str = "", free: bool = True) -> Tree:
    """A tree of a kind; `this` is the kind of `.`; `free` trees use conditions and choices."""

    def tree(kind: str) -> Tree:
        return draw(trees(kind, depth=depth - 1, this=this, free=free))

    def leaf() -> Tree:
        leaves: list[Tree] = [("ref", name) for name in ANSWERS.get(kind, ())]
        leaves += [(".",)] if kind == this else []
        leaves += [("today",)] if kind == DATE else []
        leaves += [("choice", "name"), ("choice", "group")] if kind == ONE and free else []
        leaves += (
            [("condition", "here"), ("condition", "there")] if kind == BOOLEAN and free else []
        )
        if kind in LITERALS:
            return draw(st.sampled_from(leaves) | LITERALS[kind])
        return draw(st.sampled_from(leaves)) if leaves else compared()

    def compared() -> Tree:
        kind = draw(st.sampled_from(COMPARED))
        operator = draw(st.sampled_from(["=", "!="] + ["<", "<=", ">", ">="] * (kind in ORDERED)))
        left, right = tree(kind), tree(kind)
        if kind in CONSTANTS and draw(st.booleans()):
            right = draw(CONSTANTS[kind])
        return (operator, left, right) if draw(st.booleans()) else (operator, right, left)

    def built() -> Tree:
        return draw(st.sampled_from(BUILT[kind]))(tree, draw)

    if depth <= 0:
        return leaf() if kind != BOOLEAN or free else ("=", 1.0, 1.0)
    branches = [leaf, built] if kind in BUILT else [leaf]
    branches += [compared, compared, built] if kind == BOOLEAN else []
    chosen = draw(st.sampled_from([*branches, None]))
    return chosen() if chosen else ("if", tree(BOOLEAN), tree(kind), tree(kind))


LITERALS = {NUMBER: LITERAL_NUMBERS, TEXT: LITERAL_TEXTS}
CONSTANTS = {DATE: DAYS, ONE: st.sampled_from(NAMES)}
"""Texts that mean a date or a choice, only beside what they are compared with."""
ORDERED = (NUMBER, DATE)

Build = Callable[[Callable[[str], Tree], st.DrawFn], Tree]
BUILT: dict[str, list[Build]] = {
    NUMBER: [
        lambda tree, draw: (
            draw(st.sampled_from(["+", "-", "*", "div", "mod"])),
            tree(NUMBER),
            tree(NUMBER),
        ),
        lambda tree, draw: ("string-length", tree(TEXT)),
        lambda tree, draw: ("count-selected", tree(SEVERAL)),
        lambda tree, draw: ("number", tree(draw(st.sampled_from([TEXT, NUMBER, ONE])))),
    ],
    TEXT: [lambda tree, draw: ("format-date", tree(DATE), draw(PATTERNS))],
    BOOLEAN: [
        lambda tree, draw: (
            draw(st.sampled_from(["and", "or"])),
            *(tree(BOOLEAN) for _ in range(draw(st.integers(2, 3)))),
        ),
        lambda tree, draw: ("not", tree(BOOLEAN)),
        lambda tree, draw: (
            draw(st.sampled_from(["blank", "answered"])),
            tree(draw(st.sampled_from([*COMPARED, SEVERAL]))),
        ),
        lambda tree, draw: (
            "selected",
            tree(draw(st.sampled_from([ONE, SEVERAL]))),
            draw(st.sampled_from(NAMES)),
        ),
    ],
}

# Scopes that answers make

EXTREMES = [0.0, -0.0, 1e308, -1e308, 5e-324, 2.0**53, 0.1, 1e21, -1e-7, 999_999_999_999_999.0]
NUMERALS = st.sampled_from(
    ["12", "-0.5", "-0", "007", "1.", ".5", "1e5", "+1", " 1", "1\n", "٣", "9" * 400, "-", "1.2.3"]
)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    NUMBER: st.sampled_from(EXTREMES)
    | st.integers(-65, 100).map(float)
    | st.floats(allow_nan=False, allow_infinity=False),
    TEXT: st.text(st.characters(codec="utf-8"))
    | NUMERALS
    | st.sampled_from(["𐤀𝒳", "é", "e\u0301"]),
    DATE: DAYS,
    ONE: st.sampled_from(NAMES),
    SEVERAL: st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
}
OPTIONAL = {
    name: st.none() | VALUES[kind] | VALUES[kind]
    for kind, names in ANSWERS.items()
    for name in names
}


@st.composite
def scopes(draw: st.DrawFn, this: str) -> Scope:
    return Scope(
        values=draw(st.fixed_dictionaries({}, optional=OPTIONAL)),
        conditions={
            "here": draw(trees(BOOLEAN, depth=1, free=False)),
            "there": ("not", ("condition", "here")),
        },
        today=draw(DAYS),
        this=draw(st.none() | VALUES[this]),
        choice=draw(st.fixed_dictionaries({"name": VALUES[ONE], "group": st.none() | VALUES[ONE]})),
    )


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=150)
def test_the_server_and_the_page_agree(kind: str, data: st.DataObject) -> None:
    this = data.draw(st.sampled_from([NUMBER, TEXT, DATE, ONE, SEVERAL]))
    tree = data.draw(trees(kind, this=this))
    for scope in data.draw(st.lists(scopes(this), min_size=1, max_size=3)):
        value = agree(tree, scope)
        assert holds(tree, scope) == (in_browser(tree, scope) is True)
        event("unanswered" if value is None else type(value).__name__)


SAMPLES: dict[str, list[Value]] = {
    NUMBER: [None, *EXTREMES, 1.0, -3.0, 7.5, 1 / 3, 100.0],
    TEXT: [None, "", "12", "-0.5", "1.", ".5", "9" * 400, "٣", "a𐤀", "coop", "é", " "],
    DATE: [None, "2026-03-22", "2026-11-05", "0001-01-01", "9999-12-31"],
    ONE: [None, *NAMES],
    SEVERAL: [None, (), ("coop",), ("dk",), ("1", "B.2")],
}
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
STEPS: list[tuple[str, tuple[str, ...]]] = [
    *((operator, (NUMBER, NUMBER)) for operator in ("+", "-", "*", "div", "mod", *COMPARISONS)),
    *((operator, (DATE, DATE)) for operator in COMPARISONS),
    *((operator, (kind, kind)) for operator in ("=", "!=") for kind in (TEXT, ONE)),
    *((operator, (kind,)) for operator in ("blank", "answered") for kind in SAMPLES),
    *(("number", (kind,)) for kind in (TEXT, NUMBER, ONE)),
    ("string-length", (TEXT,)),
    ("count-selected", (SEVERAL,)),
]


@pytest.mark.parametrize(("operator", "kinds"), STEPS)
def test_the_server_and_the_page_agree_on_each_step(operator: str, kinds: tuple[str, ...]) -> None:
    names = [f"a{place}" for place in range(len(kinds))]
    tree = (operator, *(("ref", name) for name in names))
    for values in product(*(SAMPLES[kind] for kind in kinds)):
        agree(tree, Scope(dict(zip(names, values, strict=True)), {}, "2026-03-22"))


@pytest.mark.parametrize("kind", [ONE, SEVERAL])
def test_the_server_and_the_page_agree_on_what_is_selected(kind: str) -> None:
    for value, name in product(SAMPLES[kind], NAMES):
        agree(("selected", ("ref", "a"), name), Scope({"a": value}, {}, "2026-03-22"))


@given(st.text(st.characters(codec="utf-8")) | NUMERALS | st.from_regex(r"-?\d+(\.\d+)?"))
@settings(max_examples=300)
def test_the_server_and_the_page_agree_on_what_a_number_is_and_how_long_a_text(text: str) -> None:
    scope = Scope({"why": text}, {}, "2026-03-22")
    agree(("number", ("ref", "why")), scope)
    agree(("string-length", ("ref", "why")), scope)


@given(VALUES[NUMBER], VALUES[NUMBER])
@settings(max_examples=300)
def test_the_server_and_the_page_calculate_to_the_last_digit(left: float, right: float) -> None:
    scope = Scope({"members": left, "area": right}, {}, "2026-03-22")
    for operator in ("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">="):
        agree((operator, ("ref", "members"), ("ref", "area")), scope)


@given(DAYS, PATTERNS)
def test_the_server_and_the_page_print_dates_the_same(day: str, pattern: str) -> None:
    agree(("format-date", ("ref", "day"), pattern), Scope({"day": day}, {}, "2026-03-22"))


@pytest.mark.parametrize("name", ["constructor", "prototype", "length", "name", "data", "this"])
def test_an_unanswered_question_is_unanswered_whatever_its_name(name: str) -> None:
    assert agree(("blank", ("ref", name)), Scope({}, {}, "2026-03-22")) is True
    assert agree(("=", ("ref", name), "x"), Scope({}, {}, "2026-03-22")) is False


# Printed and read again

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or")


def printed(tree: Tree) -> str:
    """A tree as XLSForm writes it."""
    if isinstance(tree, str):
        return f"'{tree}'"
    if isinstance(tree, float):
        return f"{tree:.3f}"
    operator, *arguments = tree
    if operator in ("ref", "condition"):
        return f"${{{arguments[0]}}}"
    if operator in (".", "choice"):
        return arguments[0] if arguments else "."
    parts = [printed(argument) for argument in arguments]
    if operator in ("blank", "answered"):
        return f"{parts[0]} {'=' if operator == 'blank' else '!='} ''"
    if operator in OPERATORS:
        return f" {operator} ".join(f"({part})" for part in parts)
    return f"{operator}({', '.join(parts)})"


CHOICES = ", ".join(f"{{name: {name!r}, label: {WORDS}}}" for name in NAMES if name != "dk")
ASKED = "".join(
    map(
        question,
        (
            "type: integer, name: members",
            "type: decimal, name: area",
            "type: allocation, name: shared, choices: list",
            "type: text, name: why",
            "type: date, name: day",
            "type: select_one, name: actor, choices: list, dk: true, other: true",
            f"type: matrix, name: rated, rows: [{{name: roads, label: {WORDS}}}], scale: list, dk: true",
            "type: select_multiple, name: funding, choices: list, dk: true",
            "type: rank, name: ranked, choices: list, dk: true",
        ),
    )
)
LISTS = f"choices: {{list: [{CHOICES}]}}\nscales: {{list: [{CHOICES}]}}\n"


@given(trees(BOOLEAN, depth=3, this=NUMBER, free=False))
@settings(max_examples=200)
def test_a_printed_tree_is_read_as_the_same_tree(tree: Tree) -> None:
    expression = printed(tree)
    assume(len(expression) <= 2000)
    quoted = json.dumps(expression, ensure_ascii=False)
    last = question(f"type: integer, name: last, constraint: {quoted}, constraint_message: {WORDS}")
    assert questionnaire_of(ASKED + last, LISTS).question("last").constraint == tree
