"""An expression's text → a tree whose nodes know their place, by the grammar beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MAX_LENGTH = 2000
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Node:
    """`operator` is XPath's, or `string`, `number`, `ref`, `call:NAME`…; `at` counts characters from 0."""

    operator: str
    arguments: tuple[Any, ...]
    at: int
    depth: int = 1


class ExpressionError(ValueError):
    """An expression that cannot be read: what is wrong, the remedy, and where (characters from 0)."""

    def __init__(self, what: str, remedy: str, at: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.at = at


def parse(text: str) -> Node:
    """Raises ExpressionError."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    if len(text) > MAX_LENGTH:
        remedy = "Name parts of it under `conditions`"
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", remedy)
    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            remedy = "Complete it: something is missing at the end"
            raise ExpressionError("the expression stops too early", remedy, len(text)) from None
        at = error.pos_in_stream or 0
        remedy = "Check operators and brackets just before this place"
        raise ExpressionError(f"`{error.token}` is not expected here", remedy, at) from None
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        remedy = "Write answers as ${name}, texts in quotes, and only XLSForm's operators"
        what = f"`{text[at]}` cannot begin anything here"
        raise ExpressionError(what, remedy, at) from None
    assert isinstance(tree, Node)
    return tree


def _node(operator: str, arguments: tuple[Any, ...], at: int) -> Node:
    depth = 1 + max((item.depth for item in arguments if isinstance(item, Node)), default=0)
    if depth > MAX_DEPTH:
        remedy = "Name parts of it under `conditions`"
        raise ExpressionError(f"the expression is nested deeper than {MAX_DEPTH}", remedy, at)
    return Node(operator, arguments, at, depth)


@cache
def _parser() -> Any:
    from lark import Lark, Transformer, v_args

    @v_args(inline=True)
    class Nodes(Transformer[Any, Node]):
        def either(self, *parts: Node) -> Node:
            return parts[0] if len(parts) == 1 else _node("or", parts, parts[0].at)

        def both(self, *parts: Node) -> Node:
            return parts[0] if len(parts) == 1 else _node("and", parts, parts[0].at)

        def binary(self, left: Node, operator: Any, right: Node) -> Node:
            return _node(str(operator), (left, right), operator.start_pos)

        def negative(self, part: Node) -> Node:
            return _node("-", (_node("number", (0.0,), part.at), part), part.at)

        def number(self, token: Any) -> Node:
            return _node("number", (float(token),), token.start_pos)

        def string(self, token: Any) -> Node:
            return _node("string", (str(token)[1:-1],), token.start_pos)

        def reference(self, token: Any) -> Node:
            return _node("ref", (str(token)[2:-1].strip(),), token.start_pos)

        def this(self, token: Any) -> Node:
            return _node(".", (), token.start_pos)

        def property(self, token: Any) -> Node:
            return _node("property", (str(token),), token.start_pos)

        def call(self, token: Any, *arguments: Node | None) -> Node:
            given = tuple(item for item in arguments if item is not None)
            return _node(f"call:{token}", given, token.start_pos)

    grammar = (Path(__file__).parent / "expression.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=Nodes())
