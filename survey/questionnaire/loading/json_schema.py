"""The JSON Schema that editors use while a questionnaire is written, from the same definitions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from survey.i18n import LANGUAGES
from survey.questionnaire.loading.keys import (
    CHOICE_KEYS,
    CODE_KEYS,
    DOCUMENT_KEYS,
    FILE_KEYS,
    NEEDED,
    OFFERED_KEYS,
    QUESTION_KEYS,
    SECTION_KEYS,
    TYPES,
    Key,
)
from survey.questionnaire.loading.reader import CHOICE_NAME, NAME, QUESTION_NAME
from survey.questionnaire.model import AUDIO_TYPES, VARIANTS

Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number"]}
WORDS: Schema = {
    "type": "object",
    "properties": {language: {"type": "string"} for language in LANGUAGES},
    "additionalProperties": False,
    "minProperties": 1,
}
ENDINGS = "|".join(ending.removeprefix(".") for ending in AUDIO_TYPES)
RECORDING: Schema = {"type": "string", "pattern": rf"\.({ENDINGS})$"}
AUDIO: Schema = {**WORDS, "properties": dict.fromkeys(LANGUAGES, RECORDING)}


def _pattern(pattern: str) -> Schema:
    return {"type": ["string", "number"], "pattern": f"^{pattern}$"}


def _list(of: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{of}"}, "minItems": 1}


def _named(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


KINDS: dict[str, Schema] = {
    "text": TEXT,
    "texts": {"type": "array", "items": TEXT},
    "flag": {"type": "boolean"},
    "whole": {"type": "integer"},
    "bound": {"type": ["number", "string"]},
    "name": _pattern(NAME.pattern),
    "question_name": _pattern(QUESTION_NAME.pattern),
    "choice_name": _pattern(CHOICE_NAME.pattern),
    "language": {"enum": list(LANGUAGES)},
    "languages": {"type": "array", "items": {"enum": list(LANGUAGES)}, "minItems": 1},
    "words": {"$ref": "#/$defs/words"},
    "audio": {"$ref": "#/$defs/audio"},
    "expression": {"type": "string"},
    "minutes": {
        "type": "object",
        "properties": {variant: {"type": "integer"} for variant in VARIANTS},
        "additionalProperties": False,
    },
    "choices": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/choices"}]},
    "scale": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/choices"}]},
    "choice_lists": _named({"$ref": "#/$defs/choices"}),
    "scales": _named(_list("choice")),
    "conditions": _named({"type": "string"}),
    "codebook": _list("code"),
    "keywords": _named({"type": "array", "items": TEXT}),
    "offered": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/offered"}]},
    "sections": _list("section"),
    "questions": _list("question"),
}
"""The schema of each kind of key."""


def _object(keys: Iterable[Key]) -> Schema:
    keys = list(keys)
    return {
        "type": "object",
        "properties": {key.name: _property(key) for key in keys},
        "required": [key.name for key in keys if key.required],
        "additionalProperties": False,
    }


def _property(key: Key) -> Schema:
    kind = {"enum": list(key.values)} if key.values else KINDS[key.kind]
    return {"description": key.doc, **kind}


def _question() -> Schema:
    """One alternative for each type, so that an editor offers only the keys it takes."""
    by_name = {key.name: key for key in QUESTION_KEYS}
    alternatives = []
    for type, (doc, names) in TYPES.items():
        alternative = _object(by_name[name] for name in names if name != "type")
        alternative["properties"]["type"] = {"const": type, "description": doc}
        alternative["required"].insert(0, "type")
        groups = NEEDED.get(type, ())
        if groups:
            alternative["allOf"] = [
                {"oneOf": [{"required": [name]} for name in group]} for group in groups
            ]
        alternatives.append(alternative)
    return {"oneOf": alternatives}


def schema() -> Schema:
    """The whole schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tashkhis questionnaire",
        **_object(DOCUMENT_KEYS),
        "$defs": {
            "words": WORDS,
            "audio": AUDIO,
            "choice": _object(CHOICE_KEYS),
            "choices": {"anyOf": [_list("choice"), _object(FILE_KEYS)]},
            "code": _object(CODE_KEYS),
            "offered": _object(OFFERED_KEYS),
            "section": _object(SECTION_KEYS),
            "question": _question(),
        },
    }


def schema_text() -> str:
    """The schema as the file that ships beside the questionnaires."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
