"""What is wrong with a questionnaire's file: every problem with its place and its remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        said = f"{self.file}:{self.line}:{self.column}: {self.what}. {self.remedy}."
        return "".join(letter if letter.isprintable() else "�" for letter in said)


class QuestionnaireError(Exception):
    """A questionnaire that cannot be loaded, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
