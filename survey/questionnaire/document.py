"""A questionnaire as the JSON document that the store keeps, and back; its digest is the version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from survey.questionnaire.model import Bound, Choice, Code, Question, Questionnaire, Section

NESTED: dict[tuple[type, str], type] = {
    (Questionnaire, "sections"): Section,
    (Questionnaire, "actor_groups"): Choice,
    (Questionnaire, "themes"): Choice,
    (Questionnaire, "codebook"): Code,
    (Section, "questions"): Question,
    (Question, "choices"): Choice,
    (Question, "rows"): Choice,
    (Question, "suggestions"): Choice,
    (Question, "other"): Choice,
    (Question, "dk"): Choice,
    (Question, "na"): Choice,
}
"""Where a value of one kind holds values of another."""

BOUNDS: dict[str, Callable[[str], Bound]] = {"decimal": Decimal, "date": date.fromisoformat}


def to_document(questionnaire: Questionnaire) -> str:
    """The canonical JSON text. Defaults are left out, so that a new optional key changes no version.

    What does not count when questionnaires are compared is left out, too.
    """
    return json.dumps(
        _plain(questionnaire), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def from_document(document: str) -> Questionnaire:
    """The questionnaire that `to_document` wrote."""
    questionnaire = _build(Questionnaire, json.loads(document))
    assert isinstance(questionnaire, Questionnaire)
    return questionnaire


def version_of(questionnaire: Questionnaire) -> str:
    """SHA-256 of the canonical content, as 64 hexadecimal digits."""
    return sha256(to_document(questionnaire).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Questionnaire | Section | Question | Choice | Code):
        return {
            item.name: _plain(getattr(value, item.name))
            for item in fields(value)
            if item.compare and getattr(value, item.name) != _default(item)
        }
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def _default(item: Any) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


def _build(kind: type, plain: dict[str, Any]) -> Any:
    values = {}
    for item in fields(kind):
        if item.name in plain:
            values[item.name] = _value(kind, item, plain[item.name])
    if kind is Question:
        read: Callable[[str], Bound] = BOUNDS.get(values["type"], int)
        values |= {key: read(values[key]) for key in ("min", "max") if key in values}
    return kind(**values)


def _value(kind: type, item: Any, value: Any) -> Any:
    nested = NESTED.get((kind, item.name))
    if nested is not None:
        if isinstance(value, list):
            return tuple(_build(nested, each) for each in value)
        return _build(nested, value)
    return _frozen(value)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
