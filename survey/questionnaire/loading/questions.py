"""Sections and their questions, read key by key; expressions wait until every name is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from survey.i18n import N_, has, messages
from survey.questionnaire.expressions import is_date
from survey.questionnaire.loading import choice_lists
from survey.questionnaire.loading.choice_lists import ChoiceList, Lists
from survey.questionnaire.loading.keys import (
    DIMENSIONS,
    NEEDED,
    OFFERED_KEYS,
    QUESTION_KEYS,
    ROLES,
    SECTION_KEYS,
    TYPES,
)
from survey.questionnaire.loading.reader import (
    MAX_QUESTION_NAME,
    QUESTION_NAME,
    Fields,
    Reader,
)
from survey.questionnaire.loading.recordings import read_audio
from survey.questionnaire.model import (
    DONT_KNOW,
    ENVELOPE,
    NOT_CONCERNED,
    OTHER,
    VOTES,
    Choice,
    Question,
    Section,
)

MAX_SECTIONS = 50
MAX_QUESTIONS = 300
MAX_TEXT = 10_000
MAX_NUMBER = 999_999_999_999_999
LEAST_NUMBER = -65
"""Lower numbers stand for missing answers in statistical files."""

DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")

EXPRESSIONS = ("relevant", "constraint", "choice_filter")

OFFERED = {
    OTHER: N_("Other (please specify)"),
    DONT_KNOW: N_("Don’t know"),
    NOT_CONCERNED: N_("Not concerned"),
}
VOTE_WORDS = {"agree": N_("Agree"), "disagree": N_("Disagree"), "pass": N_("No opinion")}

DEFAULTS: dict[str, dict[str, Any]] = {
    "text": {"max_length": 255},
    "integer": {"min": 0, "max": MAX_NUMBER},
    "decimal": {"min": Decimal(0), "max": Decimal(MAX_NUMBER)},
    "allocation": {"total": 100},
    "statements": {"max_items": 3, "max_length": 140},
}
MULTILINE_LENGTH = 3000


@dataclass(slots=True)
class Draft:
    """A question whose expressions are still text, with the places of its keys."""

    question: Question
    fields: Fields
    node: yaml.Node


@dataclass(slots=True)
class DraftSection:
    section: Section
    drafts: list[Draft] = field(default_factory=list)


def read_sections(reader: Reader, node: yaml.Node, lists: Lists) -> list[DraftSection]:
    sections = []
    names: set[str] = set()
    for item in reader.items(node, "sections", MAX_SECTIONS):
        fields = reader.fields(item, SECTION_KEYS, "a section")
        if fields is None or not {"name", "title", "questions"} <= fields.keys():
            continue
        name = reader.question_name(fields["name"], "the name of a section") or ""
        if name and name in names:
            reader.report(fields["name"], f"the section `{name}` is there twice", "Rename one")
        names.add(name)
        section = Section(
            name,
            reader.words(fields["title"], "the section's title"),
            (),
            reader.words(fields["hint"], "hint") if "hint" in fields else {},
            reader.enum(fields["dimension"], "dimension", DIMENSIONS)
            if "dimension" in fields
            else None,
        )
        sections.append(
            DraftSection(section, _questions(reader, fields["questions"], lists, section))
        )
    return sections


def _questions(reader: Reader, node: yaml.Node, lists: Lists, section: Section) -> list[Draft]:
    drafts = []
    for item in reader.items(node, "questions", MAX_QUESTIONS):
        draft = _question(reader, item, lists, section)
        if draft is not None:
            drafts.append(draft)
    return drafts


def _question(reader: Reader, node: yaml.Node, lists: Lists, section: Section) -> Draft | None:
    fields = reader.fields(node, QUESTION_KEYS, "a question")
    if fields is None or not {"type", "name", "label"} <= fields.keys():
        return None
    type = reader.enum(fields["type"], "type", TYPES)
    name = reader.question_name(fields["name"], "the name of a question")
    if name in ENVELOPE:
        remedy = "Every response has a column of that name; choose another"
        reader.report(fields["name"], f"a question cannot be called `{name}`", remedy)
    if type is None or name is None:
        return None
    _check_keys(reader, fields, type)
    values: dict[str, Any] = {"type": type, "name": name, "dimension": section.dimension}
    values |= DEFAULTS.get(type, {})
    for key, value_node in fields.items():
        read = READERS.get(key)
        if read is not None and key in TYPES[type][1]:
            value = read(reader, value_node, type, key)
            if value is not None:
                values[key] = value
    if type == "text" and "appearance" in values and "max_length" not in fields:
        values["max_length"] = MULTILINE_LENGTH
    values |= _lists(reader, fields, type, lists)
    question = Question(**values)
    for key in ("other", "order"):
        if question.levels and key in fields:
            remedy = "Remove it: a list with levels is shown as it is"
            reader.report(fields[key], f"`{key}` has no place with levels", remedy)
    if question.personal and question.required:
        remedy = "Remove `required`: nobody has to say who she is"
        reader.report(fields["personal"], "a personal question cannot be required", remedy)
    _check_bounds(reader, fields, question)
    return Draft(question, fields, node)


def _check_keys(reader: Reader, fields: Fields, type: str) -> None:
    for key, node in fields.items():
        if key not in TYPES[type][1]:
            remedy = f"Remove it; {type} takes: {', '.join(TYPES[type][1])}"
            reader.report(node, f"a question of type {type} has no `{key}`", remedy)
    for group in NEEDED.get(type, ()):
        if sum(key in fields for key in group) != 1:
            what = f"a question of type {type} needs {' or '.join(f'`{key}`' for key in group)}"
            reader.report(fields["type"], what, "Give exactly one")
    if ("constraint" in fields) != ("constraint_message" in fields):
        remedy = "Say in `constraint_message` what the participant should do"
        reader.report(fields["type"], "`constraint` and `constraint_message` go together", remedy)


def _bound(reader: Reader, node: yaml.Node, type: str, key: str) -> Any:
    text = reader.text(node, key)
    if text is None:
        return None
    try:
        if type == "decimal":
            value = Decimal(text)
            if not DECIMAL.fullmatch(text) or not LEAST_NUMBER <= value <= MAX_NUMBER:
                raise ValueError
            return value
        if type == "date":
            if not is_date(text):
                raise ValueError
            return date.fromisoformat(text)
    except (ArithmeticError, ValueError):
        remedy = {
            "decimal": f"Write a number from {LEAST_NUMBER} to {MAX_NUMBER:,}",
            "date": "Write a date like 2026-03-22",
        }[type]
        reader.report(node, f"{key} cannot be `{text[:40]}`", remedy)
        return None
    least, most = (LEAST_NUMBER, MAX_NUMBER) if type == "integer" else (1, 1000)
    return reader.whole(node, key, least, most)


def _offered(reader: Reader, node: yaml.Node, _: str, key: str) -> Choice | None:
    """`dk: true`, or a mapping with words of its own; the usual words come from the catalogues."""
    if isinstance(node, yaml.ScalarNode):
        if not reader.flag(node, key):
            return None
        return Choice(key, usual_words(reader, OFFERED[key]))
    fields = reader.fields(node, OFFERED_KEYS, f"`{key}`") or {}
    label = reader.words(fields["label"], "label") if "label" in fields else None
    group = reader.text(fields["group"], "group") if "group" in fields else None
    return Choice(key, label or usual_words(reader, OFFERED[key]), group)


def usual_words(reader: Reader, message: str) -> dict[str, str]:
    """An interface message in the questionnaire's languages, as far as its catalogue has it."""
    languages = reader.languages + reader.partial
    return {
        language: messages(language).gettext(message)
        for language in languages
        if has(language, message) or language in reader.languages
    }


READERS: dict[str, Callable[[Reader, yaml.Node, str, str], Any]] = {
    "label": lambda reader, node, _, key: reader.words(node, "label"),
    "hint": lambda reader, node, _, key: reader.words(node, "hint"),
    "audio": lambda reader, node, _, key: read_audio(reader, node),
    "constraint_message": lambda reader, node, _, key: reader.words(node, key),
    "unit": lambda reader, node, _, key: reader.words(node, key),
    "required": lambda reader, node, _, key: reader.flag(node, key),
    "core": lambda reader, node, _, key: reader.flag(node, key),
    "personal": lambda reader, node, _, key: reader.flag(node, key),
    "role": lambda reader, node, _, key: reader.enum(node, key, ROLES),
    "dimension": lambda reader, node, _, key: reader.enum(node, key, DIMENSIONS),
    "theme": lambda reader, node, _, key: reader.text(node, key),
    "quote_consent": lambda reader, node, _, key: reader.text(node, key),
    "appearance": lambda reader, node, _, key: reader.enum(node, key, ("multiline",)),
    "order": lambda reader, node, _, key: reader.enum(node, key, ("random",)),
    "other": _offered,
    "dk": _offered,
    "na": _offered,
    "min": _bound,
    "max": _bound,
    "max_length": lambda reader, node, _, key: reader.whole(node, key, 1, MAX_TEXT),
    "max_items": lambda reader, node, _, key: reader.whole(node, key, 1, 20),
    "total": lambda reader, node, _, key: reader.whole(node, key, 1, 1_000_000),
}
"""How each key is read; lists and expressions need more than their own node and come after."""


def _lists(reader: Reader, fields: Fields, type: str, lists: Lists) -> dict[str, Any]:
    values: dict[str, Any] = {}
    allowed = TYPES[type][1]
    if "choices" in fields and "choices" in allowed:
        found = _list(reader, fields["choices"], lists.choices, "choices")
        values |= {"choices": found.choices, "levels": found.levels}
    if "scale" in fields and "scale" in allowed:
        values["choices"] = _list(reader, fields["scale"], lists.scales, "scale").choices
        values["scale"] = fields["scale"].value if _is_name(fields["scale"]) else "scale"
    elif type == "vote":
        points = ((name, usual_words(reader, message)) for name, message in VOTE_WORDS.items())
        values["choices"] = tuple(Choice(name, words) for name, words in points)
    if type == "vote" and values["choices"] and _names(values["choices"]) != VOTES:
        remedy = f"Its points are {', '.join(VOTES)}, in this order"
        reader.report(fields["scale"], "a vote has a scale of its own", remedy)
    if "rows" in fields and "rows" in allowed:
        values["rows"] = _list(reader, fields["rows"], lists.choices, "rows").choices
        for row in values["rows"]:
            if len(row.name) > MAX_QUESTION_NAME or not QUESTION_NAME.fullmatch(row.name):
                remedy = f"Use a-z, 0-9 and single _, at most {MAX_QUESTION_NAME} characters"
                reader.report(fields["rows"], f"a row cannot be called `{row.name}`", remedy)
    if "suggestions" in fields and "suggestions" in allowed:
        found = _list(reader, fields["suggestions"], lists.choices, "suggestions")
        values["suggestions"] = found.choices
    return values


def _names(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(choice.name for choice in choices)


def _is_name(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _list(
    reader: Reader, node: yaml.Node, named: Mapping[str, ChoiceList], owner: str
) -> ChoiceList:
    if _is_name(node):
        name = reader.enum(node, owner, named) if named else reader.text(node, owner)
        if not named and name is not None:
            reader.report(node, f"there is no list `{name[:40]}`", "Define it at the top level")
        return named.get(name or "", ChoiceList(()))
    return choice_lists.read_list(reader, node, owner)


def _check_bounds(reader: Reader, fields: Fields, question: Question) -> None:
    least, most = question.min, question.max
    if least is not None and most is not None and least > most:  # type: ignore[operator]
        node = fields.get("min", fields.get("max", fields["type"]))
        reader.report(node, f"min {least} is more than max {most}", "Exchange or correct them")
    if question.type in ("select_multiple", "rank") and question.choices:
        count = len(question.choices) + (question.other is not None)
        for key in ("min", "max"):
            value = getattr(question, key)
            if value is not None and value > count:
                reader.report(
                    fields[key], f"{key} is {value}, but there are {count} choices", "Lower it"
                )
