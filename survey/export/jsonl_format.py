"""JSON Lines: one response a line, its answers as they are stored, or with words for codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from survey.questionnaire.model import ENVELOPE, Question, Words
from survey.response import Answer, Response, missing_kind
from survey.table import ENVELOPE_CELLS, Table, labels_of


def write(table: Table, file: IO[bytes]) -> None:
    """UTF-8, a line for each response: its envelope, then `answers` by question name."""
    for response in table.responses:
        line = {name: ENVELOPE_CELLS[name](response) for name in ENVELOPE}
        answers = response.answers if table.language is None else _in_words(table, response)
        text = json.dumps({**line, "answers": answers}, ensure_ascii=False, separators=(",", ":"))
        file.write(text.encode() + b"\n")


def _in_words(table: Table, response: Response) -> dict[str, Answer]:
    """The answers of one response with words for codes, in the table's language."""
    said: dict[str, Answer] = {}
    for question in table.questionnaire.questions():
        words = labels_of(question.options())
        if question.name in response.answers:
            answer = response.answers[question.name]
            said[question.name] = _say(table, question, words, answer)
        other = f"{question.name}__other"
        if other in response.answers:
            said[other] = response.answers[other]
    return said


def _say(table: Table, question: Question, words: Mapping[str, Words], answer: Answer) -> Answer:
    if table.language is None or missing_kind(answer) is not None:
        return answer
    if question.type in ("text", "statements", "integer", "decimal", "date"):
        return answer

    def say(code: Any) -> Any:
        known = isinstance(code, str) and code in words
        return table.questionnaire.say(table.language or "", words[code]) if known else code

    if isinstance(answer, list):
        return [say(code) for code in answer]
    if isinstance(answer, Mapping):
        return {key: say(value) for key, value in answer.items()}
    return say(answer)
