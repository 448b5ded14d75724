"""What a person reads: an answer in place of the codes that are stored, a notice that is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from survey.questionnaire.model import (
    NOTICE_PLACEHOLDERS,
    OTHER,
    Choice,
    Question,
    Questionnaire,
    Words,
)
from survey.response import Answer, Answers, missing_kind


def lines_of(
    questionnaire: Questionnaire, language: str, question: Question, answers: Answers
) -> list[str]:
    """A question's answer, a line for each of its parts; no line where it was left blank."""

    def say(choice: Choice | None) -> str:
        return "" if choice is None else questionnaire.say(language, choice.label)

    options = {choice.name: say(choice) for choice in question.options()}
    answer = answers.get(question.name)
    if answer is None:
        return []
    missing = missing_kind(answer)
    if missing is not None:
        return [options.get(missing, missing)]
    rows = {row.name: say(row) for row in question.rows}
    lines = LINES[question.type](answer, options, rows)
    unit = questionnaire.say(language, question.unit)
    if unit:
        lines = [f"{line} {unit}" for line in lines]
    text = answers.get(f"{question.name}__{OTHER}")
    return [*lines, f"{say(question.other)}: {text}"] if text else lines


def notice_of(
    questionnaire: Questionnaire, filled: Mapping[str, Words], language: str, unfilled: str
) -> list[str]:
    """The privacy notice's paragraphs with its placeholders filled in; `unfilled` stands in the
    place of those that are not."""

    def words(match: re.Match[str]) -> str:
        said = filled.get(match[1])
        return questionnaire.say(language, said) if said else unfilled

    text = questionnaire.say(language, questionnaire.privacy_notice)
    names = "|".join(NOTICE_PLACEHOLDERS)
    return [line for line in re.sub(rf"\{{({names})\}}", words, text).split("\n") if line.strip()]


Names = Mapping[str, str]


def _text(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [str(answer)]


def _choice(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [options.get(answer, answer)]


def _choices(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [options.get(name, name) for name in answer]


def _ranked(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [f"{place}. {options.get(name, name)}" for place, name in enumerate(answer, 1)]


def _rated(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [
        f"{rows.get(row, row)}: {options.get(name, name)}"
        for row, point in answer.items()
        for name in [missing_kind(point) or point]
    ]


def _shared(answer: Answer, options: Names, rows: Names) -> list[str]:
    return [f"{options.get(name, name)}: {share}" for name, share in answer.items()]


def _statements(answer: Answer, options: Names, rows: Names) -> list[str]:
    return list(answer)


LINES: dict[str, Callable[[Answer, Names, Names], list[str]]] = {
    "text": _text,
    "integer": _text,
    "decimal": _text,
    "date": _text,
    "select_one": _choice,
    "select_multiple": _choices,
    "rank": _ranked,
    "matrix": _rated,
    "allocation": _shared,
    "statements": _statements,
    "vote": _rated,
}
"""How the answer to each question type is said."""
