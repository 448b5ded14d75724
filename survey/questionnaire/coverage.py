"""How much of a questionnaire is said in a language that is only partly there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from survey.questionnaire.model import Questionnaire, Words


def share_said(questionnaire: Questionnaire, language: str) -> tuple[int, int]:
    """How many texts there are in the language, and how many texts there are."""
    texts = {id(words): words for words in _every_text(questionnaire, questionnaire.languages)}
    return sum(language in words for words in texts.values()), len(texts)


def _every_text(value: Any, languages: tuple[str, ...]) -> Iterator[Words]:
    if isinstance(value, Mapping):
        if value and set(languages) <= value.keys():
            yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _every_text(item, languages)
    elif is_dataclass(value):
        for item in fields(value):
            if item.name != "audio":  # it names files
                yield from _every_text(getattr(value, item.name), languages)
