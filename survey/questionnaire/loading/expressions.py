"""Finds every expression of a questionnaire, checks it against what was asked before it, and puts
the parsed tree in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import yaml

from survey.questionnaire.loading.checking import (
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


@dataclass(slots=True)
class Condition:
    """A named condition; `used` marks it while it is being checked, which finds circles."""

    node: yaml.Node
    parsed: Node
    used: bool = False


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
    conditions = _read_conditions(reader, conditions_node, drafts)
    everything = frozenset(name for draft in drafts for name in symbols(draft.question))
    asked = Asked()
    for draft in drafts:
        draft.question = _with_expressions(reader, draft, asked, conditions, everything)
        names = symbols(draft.question)
        asked.answers |= names
        if not draft.question.core:
            asked.not_core |= names.keys()
    return _check_conditions(reader, conditions, asked)


def _read_conditions(
    reader: Reader, node: yaml.Node | None, drafts: list[Draft]
) -> dict[str, Condition]:
    if node is None:
        return {}
    questions = {draft.question.name for draft in drafts}
    conditions = {}
    for key, value in reader.pairs(node, "conditions"):
        name = reader.question_name(key, "the name of a condition")
        if name in questions:
            reader.report(key, f"`{name}` is a question too", "Rename the condition")
        parsed = _parse(reader, value)
        if name is not None and parsed is not None:
            conditions[name] = Condition(value, parsed)
    return conditions


def _parse(reader: Reader, node: yaml.Node) -> Node | None:
    text = reader.text(node, "an expression")
    if text is None:
        return None
    try:
        return parse(text)
    except ExpressionError as error:
        _report(reader, node, error)
        return None


def _report(reader: Reader, node: yaml.Node, error: ExpressionError) -> None:
    """At the very column, where the expression stands on one line."""
    offset = 0
    if isinstance(node, yaml.ScalarNode) and node.style in (None, "'", '"'):
        one_line = node.start_mark.line == node.end_mark.line
        offset = error.at + (node.style is not None) if one_line else 0
    reader.report(node, error.what, error.remedy, offset)


def _with_expressions(
    reader: Reader,
    draft: Draft,
    asked: Asked,
    conditions: Mapping[str, Condition],
    everything: frozenset[str],
) -> Question:
    trees: dict[str, Tree] = {}
    for key in EXPRESSIONS:
        node = draft.fields.get(key)
        parsed = _parse(reader, node) if node is not None else None
        if node is None or parsed is None:
            continue
        known = _known(asked, conditions, everything, core=draft.question.core)
        if key == "constraint":
            known.this = symbols(draft.question).get(draft.question.name)
        if key == "choice_filter":
            known.properties = _properties(draft.question)
        try:
            trees[key] = check_condition(parsed, known).tree
        except ExpressionError as error:
            _report(reader, node, error)
    return replace(draft.question, **trees)


def _known(
    asked: Asked, conditions: Mapping[str, Condition], everything: frozenset[str], *, core: bool
) -> Known:
    """In a core question only core answers count, so that the short version is whole."""
    hidden = asked.not_core if core else set()
    answers = {name: type for name, type in asked.answers.items() if name not in hidden}
    known = Known(answers, everything - asked.answers.keys(), frozenset(hidden))

    def condition(name: str, at: int) -> Checked | None:
        found = conditions.get(name)
        if found is None:
            return None
        if found.used:
            remedy = "Let conditions build on earlier ones only"
            raise ExpressionError(f"the condition ${{{name}}} leads back to itself", remedy, at)
        found.used = True
        try:
            inner = replace(known, this=None, properties={})
            return check_condition(found.parsed, inner)
        except ExpressionError as error:
            what = error.what
            if not what.startswith("in the condition"):
                what = f"in the condition ${{{name}}}: {what}"
            raise ExpressionError(what, error.remedy, at) from None
        finally:
            found.used = False

    known.condition = condition
    return known


def _properties(question: Question) -> dict[str, frozenset[str]]:
    choices = question.choices
    return {
        "name": frozenset(choice.name for choice in choices),
        "group": frozenset(choice.group for choice in choices if choice.group),
        "level": frozenset(choice.level for choice in choices if choice.level),
        "parent": frozenset(choice.parent for choice in choices if choice.parent),
    }


def _check_conditions(
    reader: Reader, conditions: Mapping[str, Condition], asked: Asked
) -> dict[str, Tree]:
    """Each condition by itself, so that an unused one is right too."""
    known = _known(asked, conditions, frozenset(), core=False)
    trees = {}
    for name, condition in conditions.items():
        condition.used = True
        try:
            trees[name] = check_condition(condition.parsed, known).tree
        except ExpressionError as error:
            _report(reader, condition.node, error)
        finally:
            condition.used = False
    return trees
