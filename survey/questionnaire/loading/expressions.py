"""Finds every expression of a questionnaire, checks it against what was asked before it, and puts
the parsed tree in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from survey.questionnaire.loading.checking import (
    BOOLEAN,
    Checked,
    Known,
    Type,
    check_condition,
    symbols,
)
from survey.questionnaire.loading.grammar import ExpressionError, Node, parse
from survey.questionnaire.loading.questions import EXPRESSIONS, Draft, DraftSection
from survey.questionnaire.loading.reader import Reader
from survey.questionnaire.model import Question, Tree

MAX_CONDITIONS = 300
MAX_CONDITION_DEPTH = 20


@dataclass(slots=True)
class Asked:
    """What has been asked before a place in the questionnaire."""

    answers: dict[str, Type] = field(default_factory=dict)
    not_core: set[str] = field(default_factory=set)


def check_expressions(
    reader: Reader, sections: list[DraftSection], conditions_node: yaml.Node | None
) -> dict[str, Tree]:
    """Replaces the drafts' questions by ones with their trees; returns the conditions' trees."""
    drafts = [draft for section in sections for draft in section.drafts]
    everything = {name: type for draft in drafts for name, type in symbols(draft.question).items()}
    conditions = Conditions(reader, everything)
    conditions.read(conditions_node, {draft.question.name for draft in drafts})
    asked = Asked()
    for draft in drafts:
        _check_draft(reader, draft, asked, conditions)
        names = symbols(draft.question)
        asked.answers |= names
        if not draft.question.core:
            asked.not_core |= names.keys()
    return conditions.trees()


class Conditions:
    """The named conditions, each checked once against all answers; whoever uses one still has to
    look whether what it needs has been asked by then. What is wrong is reported where it stands."""

    def __init__(self, reader: Reader, everything: Mapping[str, Type]) -> None:
        self.everything = everything
        self._reader = reader
        self._nodes: dict[str, yaml.Node] = {}
        self._parsed: dict[str, Node] = {}
        self._reached: dict[str, set[str]] = {}
        self._too_deep: set[str] = set()
        self._checked: dict[str, Checked | None] = {}

    def read(self, node: yaml.Node | None, questions: set[str]) -> None:
        """Reads and checks them all."""
        pairs = self._reader.pairs(node, "conditions") if node is not None else []
        if node is not None and len(pairs) > MAX_CONDITIONS:
            remedy = "Write some of them out where they are used"
            self._reader.report(node, f"more than {MAX_CONDITIONS} conditions", remedy)
            return
        for key, value in pairs:
            name = self._reader.question_name(key, "the name of a condition")
            if name in questions:
                self._reader.report(key, f"`{name}` is a question too", "Rename the condition")
            parsed = _parse(self._reader, value)
            if name is not None and parsed is not None:
                self._nodes[name], self._parsed[name] = value, parsed
        self._link()
        for name in self._parsed:
            self.used(name, 0)

    def _link(self) -> None:
        """Finds which conditions lead to which, and which stand on too many others."""
        links = {
            name: set(_names(parsed)) & self._parsed.keys() for name, parsed in self._parsed.items()
        }
        depth = dict.fromkeys(links, 1)
        self._reached = {name: set(direct) for name, direct in links.items()}
        for _ in range(MAX_CONDITION_DEPTH):
            for name, direct in links.items():
                depth[name] = 1 + max((depth[other] for other in direct), default=0)
                self._reached[name].update(*(self._reached[other] for other in direct))
        self._too_deep = {name for name, levels in depth.items() if levels > MAX_CONDITION_DEPTH}

    def used(self, name: str, _: int) -> Checked | None:
        """A condition for who uses it, None for what is no condition; a wrong one needs nothing."""
        if name not in self._parsed:
            return None
        if name not in self._checked:
            try:
                self._checked[name] = self._check(name)
            except ExpressionError as error:
                self._checked[name] = None
                _report(self._reader, self._nodes[name], error)
        return self._checked[name] or Checked(("condition", name), Type(BOOLEAN))

    def _check(self, name: str) -> Checked:
        def within(other: str, at: int) -> Checked | None:
            if other == name or name in self._reached.get(other, ()):
                remedy = "Let conditions build on earlier ones only"
                raise ExpressionError(f"${{{other}}} leads back to ${{{name}}}", remedy, at)
            return self.used(other, at)

        if name in self._too_deep and name not in self._reached[name]:
            what = f"conditions build on each other more than {MAX_CONDITION_DEPTH} deep"
            raise ExpressionError(what, "Write some of them out where they are used")
        return check_condition(self._parsed[name], Known(self.everything, condition=within))

    def trees(self) -> dict[str, Tree]:
        found = self._checked.items()
        return {name: checked.tree for name, checked in found if checked is not None}


def _names(node: Node) -> Iterator[str]:
    """The names that an expression refers to."""
    if node.operator == "ref":
        yield node.arguments[0]
    for argument in node.arguments:
        if isinstance(argument, Node):
            yield from _names(argument)


def _parse(reader: Reader, node: yaml.Node) -> Node | None:
    if reader.text(node, "an expression") is None:
        return None
    try:
        return parse(node.value)
    except ExpressionError as error:
        _report(reader, node, error)
        return None


def _report(reader: Reader, node: Any, error: ExpressionError) -> None:
    """At the very column, where the source shows the expression as it is; else where it begins."""
    before = node.value[: error.at]
    written = {"'": "'" + before.replace("'", "''"), '"': '"' + before}
    prefix = written.get(node.style or "", before)
    mark = node.start_mark
    line = reader.lines[mark.line] if mark.line < len(reader.lines) else ""
    offset = len(prefix) if line[mark.column :].startswith(prefix) else 0
    reader.report(node, error.what, error.remedy, offset)


def _check_draft(reader: Reader, draft: Draft, asked: Asked, conditions: Conditions) -> None:
    """Puts the trees in place; in a core question only core answers count, so that the short
    version is whole."""
    trees: dict[str, Tree] = {}
    for key in EXPRESSIONS:
        node = draft.fields.get(key)
        parsed = _parse(reader, node) if node is not None else None
        if node is None or parsed is None:
            continue
        hidden = asked.not_core if draft.question.core else ()
        known = Known(asked.answers, conditions.everything, hidden, conditions.used)
        if key == "constraint":
            known.this = symbols(draft.question).get(draft.question.name)
        if key == "choice_filter":
            known.properties = _properties(draft.question)
        try:
            trees[key] = check_condition(parsed, known).tree
        except ExpressionError as error:
            _report(reader, node, error)
    draft.question = replace(draft.question, **trees)


def _properties(question: Question) -> dict[str, frozenset[str]]:
    choices = question.choices
    return {
        "name": frozenset(choice.name for choice in choices),
        "group": frozenset(choice.group for choice in choices if choice.group),
        "level": frozenset(choice.level for choice in choices if choice.level),
        "parent": frozenset(choice.parent for choice in choices if choice.parent),
    }
