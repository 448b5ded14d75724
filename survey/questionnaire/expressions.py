"""Evaluates parsed XLSForm expressions, by the same rules as the script in the browser.

A tree is a string, a number or a tuple `(operator, argument, …)`. Values are text, numbers
(floats), truth values, tuples of choice names, or None for what is unanswered. The rules: nothing
is coerced; a comparison with something unanswered is false; arithmetic with something
unanswered, or whose result is no finite number, is unanswered; nothing is ever raised.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from survey.questionnaire.model import Tree

Value: TypeAlias = str | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see. `today` is an ISO date; `this` is the answer that `.` names;
    `choice` holds the properties of the choice that a `choice_filter` is asked about."""

    values: Mapping[str, Value]
    conditions: Mapping[str, Tree]
    today: str
    this: Value = None
    choice: Mapping[str, str | None] = field(default_factory=dict)


def evaluate(tree: Tree, scope: Scope) -> Value:
    """The value of a tree. It never raises for a tree that was checked at load."""
    if isinstance(tree, str):
        return tree
    if not isinstance(tree, tuple):
        return float(tree)
    operator, *arguments = tree
    special = SPECIAL.get(operator)
    if special is not None:
        return special(arguments, scope)
    return FUNCTIONS[operator](*(evaluate(argument, scope) for argument in arguments))


def holds(tree: Tree | None, scope: Scope) -> bool:
    """Whether a condition holds; a condition that is absent holds."""
    return tree is None or evaluate(tree, scope) is True


def _if(arguments: list[Tree], scope: Scope) -> Value:
    condition, yes, no = arguments
    return evaluate(yes if evaluate(condition, scope) is True else no, scope)


def _condition(arguments: list[Tree], scope: Scope) -> Value:
    return evaluate(scope.conditions[arguments[0]], scope)


SPECIAL: dict[str, Callable[[list[Tree], Scope], Value]] = {
    "ref": lambda arguments, scope: scope.values.get(arguments[0]),
    "condition": _condition,
    "choice": lambda arguments, scope: scope.choice.get(arguments[0]),
    ".": lambda _, scope: scope.this,
    "today": lambda _, scope: scope.today,
    "and": lambda arguments, scope: all(evaluate(item, scope) is True for item in arguments),
    "or": lambda arguments, scope: any(evaluate(item, scope) is True for item in arguments),
    "if": _if,
}
"""Operators that need the scope, or that do not evaluate every argument."""


def _comparison(compare: Callable[[float | str, float | str], bool]) -> Callable[..., Value]:
    def compared(left: Value, right: Value) -> Value:
        if left is None or right is None:
            return False
        assert isinstance(left, float | str) and isinstance(right, float | str)
        return compare(left, right)

    return compared


def _arithmetic(calculate: Callable[[float, float], float]) -> Callable[..., Value]:
    def calculated(left: float | None, right: float | None) -> Value:
        if left is None or right is None:
            return None
        try:
            result = calculate(left, right)
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        return result if math.isfinite(result) else None

    return calculated


def _selected(chosen: Value, name: Value) -> Value:
    if isinstance(chosen, str):
        return chosen == name
    return isinstance(chosen, tuple) and name in chosen


def _count_selected(chosen: Value) -> Value:
    if isinstance(chosen, str):
        return 1.0
    return float(len(chosen)) if isinstance(chosen, tuple) else 0.0


def number_in(text: str) -> float | None:
    """The number that a text writes in plain digits (`12`, `-0.5`), or None."""
    digits = text[1:] if text.startswith("-") else text
    whole, _, fraction = digits.partition(".")
    if not whole or not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        return None
    if digits.endswith("."):
        return None
    result = float(text)
    return result if math.isfinite(result) else None


DATE_PARTS = {"%Y": slice(0, 4), "%y": slice(2, 4), "%m": slice(5, 7), "%d": slice(8, 10)}
"""What `format-date` can print of an ISO date; `%n` and `%e` are month and day without a zero."""


def _format_date(day: Value, pattern: Value) -> Value:
    if not isinstance(day, str) or not isinstance(pattern, str):
        return None
    text = pattern
    for mark, part in DATE_PARTS.items():
        text = text.replace(mark, day[part])
    return text.replace("%n", day[5:7].lstrip("0")).replace("%e", day[8:10].lstrip("0"))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "=": _comparison(lambda left, right: left == right),
    "!=": _comparison(lambda left, right: left != right),
    "<": _comparison(lambda left, right: left < right),  # type: ignore[operator]
    "<=": _comparison(lambda left, right: left <= right),  # type: ignore[operator]
    ">": _comparison(lambda left, right: left > right),  # type: ignore[operator]
    ">=": _comparison(lambda left, right: left >= right),  # type: ignore[operator]
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "div": _arithmetic(lambda left, right: left / right),
    "mod": _arithmetic(math.fmod),
    "blank": lambda value: value is None or value == (),
    "answered": lambda value: not (value is None or value == ()),
    "not": lambda value: value is not True,
    "selected": _selected,
    "count-selected": _count_selected,
    "string-length": lambda value: float(len(value)) if isinstance(value, str) else 0.0,
    "number": lambda value: number_in(value) if isinstance(value, str) else value,
    "format-date": _format_date,
}


def is_date(text: str) -> bool:
    """Whether a text is an ISO date such as `2026-03-22`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
