"""JSON Lines: one response a line, its answers as they are stored, or with words for codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from survey.questionnaire.model import OTHER, Question
from survey.response import Answer, Response, missing_kind
from survey.table import Table
from survey.table.cells import ENVELOPE_CELLS
from survey.table.columns import labels_of
from survey.table.dataset import BOTH, LABELS, Dataset
from survey.table.shapes import WIDE

AS_THEY_ARE = ("text", "statements", "integer", "decimal", "date")


def write(table: Table, file: IO[bytes]) -> None:
    """UTF-8, a line for each row. The wide shape keeps answers as they are: a line is a response's
    envelope, then `answers` by question name, and where words stand beside codes `labels`, the same in
    words. In the other shapes a line holds the columns."""
    lines = _responses(table.dataset) if table.shape == WIDE else _rows(table)
    for line in lines:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        file.write(text.encode() + b"\n")


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    names = [shown.column.name for shown in table.shown]
    return (dict(zip(names, row, strict=True)) for row in table.rows())


def _responses(dataset: Dataset) -> Iterator[dict[str, Any]]:
    questions = {
        version: [
            question
            for question in questionnaire.questions()
            if dataset.with_personal or not question.personal
        ]
        for version, questionnaire in dataset.questionnaires.items()
    }
    for response in dataset.responses():
        envelope = {name: cell(response) for name, cell in ENVELOPE_CELLS.items()}
        asked, style = questions[response.version], dataset.wording.style
        line = {**envelope, "answers": _answers(dataset, asked, response, style == LABELS)}
        if style == BOTH:
            line["labels"] = _answers(dataset, asked, response, True)
        yield line


def _answers(
    dataset: Dataset, questions: list[Question], response: Response, in_words: bool
) -> dict[str, Answer]:
    """The answers to these questions, with words for codes or without."""
    shown: dict[str, Answer] = {}
    for question in questions:
        if question.name in response.answers:
            answer = response.answers[question.name]
            shown[question.name] = _say(dataset, question, answer) if in_words else answer
        other = f"{question.name}__{OTHER}"
        if other in response.answers:
            shown[other] = response.answers[other]
    return shown


def _say(dataset: Dataset, question: Question, answer: Answer) -> Answer:
    if answer is None or missing_kind(answer) or question.type in AS_THEY_ARE:
        return answer
    words = {name: dataset.say(label) for name, label in labels_of(question.options()).items()}

    def say(code: Any) -> Any:
        return words.get(code, code) if isinstance(code, str) else code

    if isinstance(answer, list):
        return [say(code) for code in answer]
    if isinstance(answer, Mapping):
        return {key: say(value) for key, value in answer.items()}
    return say(answer)
