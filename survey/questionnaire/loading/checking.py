"""Checks a parsed expression before it is ever evaluated: names exist, types fit, nothing refers
forward or in a circle. What comes out is the tree that server and browser evaluate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

from survey.questionnaire.expressions import is_date
from survey.questionnaire.loading.grammar import ExpressionError, Node
from survey.questionnaire.model import Question, Tree

TEXT, NUMBER, BOOLEAN, DATE = "a text", "a number", "a condition", "a date"
ONE, SEVERAL = "one choice", "several choices"

MAX_SIZE = 1000
DATE_MARKS = ("%Y", "%y", "%m", "%n", "%d", "%e")


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is; `names` are the choices it can be."""

    kind: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression that holds: its tree, its type, its size with conditions written out, and the
    answers it needs, those of its conditions included."""

    tree: Tree
    type: Type
    size: int = 1
    needs: frozenset[str] = frozenset()
    literal: str | None = None


@dataclass(slots=True)
class Known:
    """What an expression may name. `answers` are those asked before, `hidden` those of them that
    are not asked in the short version; `later` only serves messages. `condition` raises
    ExpressionError."""

    answers: Mapping[str, Type]
    later: Collection[str] = ()
    hidden: Collection[str] = ()
    condition: Callable[[str, int], Checked | None] = lambda name, at: None
    this: Type | None = None
    properties: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def problem(self, name: str) -> tuple[str, str] | None:
        """What is wrong with needing this answer, and the remedy."""
        if name in self.hidden:
            what = f"${{{name}}} is not asked in the short version, and this question is"
            return what, f"Make `{name}` core too, or this question not core"
        if name in self.answers:
            return None
        if name in self.later:
            remedy = f"Move `{name}` before this question, or use `.` for this answer"
            return f"${{{name}}} is not answered yet at this place", remedy
        close = get_close_matches(name, self.answers, n=1) if len(self.answers) < 2000 else []
        remedy = f"Did you mean ${{{close[0]}}}" if close else "Use the name of an earlier question"
        return f"there is no ${{{name}}}", remedy


def symbols(question: Question) -> dict[str, Type]:
    """The names an expression can use for a question's answer, with their types."""
    one = Type(ONE, frozenset(choice.name for choice in question.options()))
    several = Type(SEVERAL, one.names)
    kinds: dict[str, dict[str, Type]] = {
        "text": {question.name: Type(TEXT)},
        "integer": {question.name: Type(NUMBER)},
        "decimal": {question.name: Type(NUMBER)},
        "date": {question.name: Type(DATE)},
        "select_one": {question.name: one},
        "select_multiple": {question.name: several},
        "rank": {question.name: several},
        "matrix": {f"{question.name}__{row.name}": one for row in question.rows},
        "vote": {f"{question.name}__{row.name}": one for row in question.rows},
        "allocation": {
            f"{question.name}__{choice.name}": Type(NUMBER) for choice in question.choices
        },
    }
    found = kinds.get(question.type, {})
    if question.other is not None:
        found[f"{question.name}__other"] = Type(TEXT)
    return found


def check_condition(node: Node, known: Known) -> Checked:
    """An expression that must be true or false. Raises ExpressionError."""
    checked = check(node, known)
    if checked.type.kind != BOOLEAN:
        remedy = "Compare it with something, for example ${name} = 'choice'"
        raise ExpressionError(f"this is {checked.type.kind}, not a condition", remedy, node.at)
    return checked


def check(node: Node, known: Known) -> Checked:
    """Raises ExpressionError with the place of what is wrong."""
    if node.operator.startswith("call:"):
        checked = _call(node, known)
    elif node.operator in LEAVES:
        checked = LEAVES[node.operator](node, known)
    else:
        arguments = [check(argument, known) for argument in node.arguments]
        checked = OPERATORS[node.operator](node, arguments)
    if checked.size > MAX_SIZE:
        raise ExpressionError(
            "the expression is too large with its conditions written out", "Simplify it", node.at
        )
    return checked


def _joined(node: Node, arguments: list[Checked], type: Type, operator: str = "") -> Checked:
    tree = (operator or node.operator, *(argument.tree for argument in arguments))
    needs = frozenset[str]().union(*(argument.needs for argument in arguments))
    return Checked(tree, type, 1 + sum(argument.size for argument in arguments), needs)


def _wrong(node: Node, what: str, remedy: str) -> ExpressionError:
    return ExpressionError(what, remedy, node.at)


def _reference(node: Node, known: Known) -> Checked:
    name = node.arguments[0]
    condition = known.condition(name, node.at)
    if condition is not None:
        for needed in sorted(condition.needs):
            problem = known.problem(needed)
            if problem is not None:
                raise _wrong(node, f"in the condition ${{{name}}}: {problem[0]}", problem[1])
        return Checked(("condition", name), Type(BOOLEAN), condition.size + 1, condition.needs)
    problem = known.problem(name)
    if problem is not None:
        raise _wrong(node, *problem)
    return Checked(("ref", name), known.answers[name], needs=frozenset((name,)))


def _this(node: Node, known: Known) -> Checked:
    if known.this is None:
        raise _wrong(node, "`.` only means something in a constraint", "Use ${name}")
    return Checked((".",), known.this)


def _property(node: Node, known: Known) -> Checked:
    name = node.arguments[0]
    if name not in known.properties:
        remedy = f"Write ${{{name}}} for an answer, '{name}' in quotes for a text"
        raise _wrong(node, f"`{name}` means nothing here", remedy)
    return Checked(("choice", name), Type(ONE, known.properties[name]))


LEAVES: dict[str, Callable[[Node, Known], Checked]] = {
    "string": lambda node, _: Checked(node.arguments[0], Type(TEXT), literal=node.arguments[0]),
    "number": lambda node, _: Checked(node.arguments[0], Type(NUMBER)),
    "ref": _reference,
    ".": _this,
    "property": _property,
}


def _logic(node: Node, arguments: list[Checked]) -> Checked:
    for part, argument in zip(node.arguments, arguments, strict=True):
        if argument.type.kind != BOOLEAN:
            remedy = f"`{node.operator}` joins conditions: compare it with something"
            raise _wrong(part, f"this is {argument.type.kind}, not a condition", remedy)
    return _joined(node, arguments, Type(BOOLEAN))


def _equality(node: Node, arguments: list[Checked]) -> Checked:
    left, right = arguments
    for one, other in ((left, right), (right, left)):
        if one.literal == "" and other.type.kind != BOOLEAN:
            return _joined(
                node, [other], Type(BOOLEAN), "blank" if node.operator == "=" else "answered"
            )
    for place, one, other in ((0, left, right), (1, right, left)):
        if one.literal is not None:
            _check_literal(node, node.arguments[place], other.type)
            return _joined(node, arguments, Type(BOOLEAN))
    kinds = {left.type.kind, right.type.kind}
    if len(kinds) > 1 or not kinds <= {TEXT, NUMBER, DATE, ONE}:
        what = f"{left.type.kind} cannot be compared with {right.type.kind}"
        raise _wrong(node, what, COMPARING.get(SEVERAL if SEVERAL in kinds else "", SAME_KIND))
    return _joined(node, arguments, Type(BOOLEAN))


SAME_KIND = "Compare things of the same kind"
COMPARING = {SEVERAL: "Use selected(${name}, 'choice')"}


def _check_literal(node: Node, literal: Node, type: Type) -> None:
    text = literal.arguments[0]
    if type.kind == ONE:
        _check_choice(literal, text, type)
    elif type.kind == DATE:
        if not is_date(text):
            raise _wrong(literal, f"'{text}' is not a date", "Write it like '2026-03-22'")
    elif type.kind != TEXT:
        what = f"{type.kind} cannot be compared with a text"
        remedy = COMPARING.get(type.kind, "Write a number without quotes")
        raise _wrong(node, what, remedy)


def _check_choice(node: Node, literal: str, type: Type) -> None:
    if literal not in type.names:
        close = get_close_matches(literal, type.names, n=1)
        few = ", ".join(sorted(type.names)[:12])
        remedy = f"Did you mean '{close[0]}'" if close else f"The choices are: {few}"
        raise _wrong(node, f"'{literal}' is not one of the choices", remedy)


def _order(node: Node, arguments: list[Checked]) -> Checked:
    left, right = arguments
    for place, one, other in ((0, left, right), (1, right, left)):
        if one.literal is not None and other.type.kind == DATE:
            _check_literal(node, node.arguments[place], other.type)
            return _joined(node, arguments, Type(BOOLEAN))
    if {left.type.kind, right.type.kind} not in ({NUMBER}, {DATE}):
        what = f"{left.type.kind} and {right.type.kind} have no order"
        raise _wrong(node, what, "Compare two numbers or two dates")
    return _joined(node, arguments, Type(BOOLEAN))


def _arithmetic(node: Node, arguments: list[Checked]) -> Checked:
    for part, argument in zip(node.arguments, arguments, strict=True):
        if argument.type.kind != NUMBER:
            raise _wrong(
                part, f"this is {argument.type.kind}, not a number", "Calculate with numbers"
            )
    return _joined(node, arguments, Type(NUMBER))


Check: TypeAlias = Callable[[Node, list[Checked]], Checked]

CHECKS_BY_OPERATORS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("and", "or"), _logic),
    (("=", "!="), _equality),
    (("<", "<=", ">", ">="), _order),
    (("+", "-", "*", "div", "mod"), _arithmetic),
)
OPERATORS = {operator: check for operators, check in CHECKS_BY_OPERATORS for operator in operators}


def _call(node: Node, known: Known) -> Checked:
    name = node.operator.removeprefix("call:")
    if name not in CALLS:
        close = get_close_matches(name, CALLS, n=1)
        remedy = f"Did you mean {close[0]}()" if close else f"There are: {', '.join(CALLS)}"
        raise _wrong(node, f"there is no function {name}()", remedy)
    count, kinds, result = CALLS[name]
    if len(node.arguments) != count:
        what = f"{name}() takes {count} values and was given {len(node.arguments)}"
        raise _wrong(node, what, "Add or remove values between the brackets")
    arguments = [check(argument, known) for argument in node.arguments]
    for part, argument, accepted in zip(node.arguments, arguments, kinds, strict=True):
        if accepted and argument.type.kind not in accepted:
            what = f"{name}() was given {argument.type.kind}"
            raise _wrong(part, what, f"It takes {' or '.join(accepted)} here")
    special: Any = SPECIAL_CALLS.get(name)
    type = special(node, arguments) if special else Type(result)
    return _joined(node, arguments, type, name)


def _selected(node: Node, arguments: list[Checked]) -> Type:
    chosen, name = arguments
    if name.literal is None:
        raise _wrong(node, "selected() asks for one choice", "Write its name in quotes")
    _check_choice(node.arguments[1], name.literal, chosen.type)
    return Type(BOOLEAN)


def _if(node: Node, arguments: list[Checked]) -> Type:
    _, yes, no = arguments
    if yes.type.kind != no.type.kind:
        what = f"if() gives {yes.type.kind} or {no.type.kind}"
        raise _wrong(node, what, "Let both values be of the same kind")
    return Type(yes.type.kind, yes.type.names | no.type.names)


def _format_date(node: Node, arguments: list[Checked]) -> Type:
    pattern = arguments[1].literal
    if pattern is None:
        raise _wrong(node, "format-date() needs its pattern in quotes", "Write '%Y-%m-%d'")
    rest = pattern
    for mark in DATE_MARKS:
        rest = rest.replace(mark, "")
    if "%" in rest:
        remedy = f"Use only {', '.join(DATE_MARKS)}"
        raise _wrong(node, f"format-date() cannot print '{pattern}'", remedy)
    return Type(TEXT)


CALLS: dict[str, tuple[int, tuple[tuple[str, ...], ...], str]] = {
    "not": (1, ((BOOLEAN,),), BOOLEAN),
    "selected": (2, ((ONE, SEVERAL), (TEXT,)), BOOLEAN),
    "count-selected": (1, ((SEVERAL,),), NUMBER),
    "string-length": (1, ((TEXT,),), NUMBER),
    "if": (3, ((BOOLEAN,), (), ()), TEXT),
    "today": (0, (), DATE),
    "number": (1, ((TEXT, NUMBER, ONE),), NUMBER),
    "format-date": (2, ((DATE,), (TEXT,)), TEXT),
}
"""Each function: how many values it takes, of which kinds (none given: any), what it gives."""

SPECIAL_CALLS = {"selected": _selected, "if": _if, "format-date": _format_date}
