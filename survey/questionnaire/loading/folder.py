"""The questionnaires folder: each file with its questionnaire, or with every problem in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from survey.questionnaire.loading.loader import load
from survey.questionnaire.loading.problems import Problem, QuestionnaireError
from survey.questionnaire.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by its name without `.yaml`. It has a questionnaire or problems, never both."""

    name: str
    questionnaire: Questionnaire | None = None
    problems: tuple[Problem, ...] = ()


def every(folder: Path) -> tuple[Found, ...]:
    """Every questionnaire file in the folder, by name; read again only after a change there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    marks = [(path, path.stat()) for path in files]
    return _every(folder, tuple((path, mark.st_mtime_ns, mark.st_size) for path, mark in marks))


@lru_cache(maxsize=2)
def _every(folder: Path, _: tuple[tuple[Path, int, int], ...]) -> tuple[Found, ...]:
    return tuple(_found(path) for path in sorted(folder.glob("*.yaml")))


def _found(path: Path) -> Found:
    try:
        return Found(path.stem, load(path))
    except QuestionnaireError as error:
        return Found(path.stem, problems=error.problems)
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        problem = Problem(str(path), 1, 1, what, "Let the app's account read it")
        return Found(path.stem, problems=(problem,))


def of_name(folder: Path, name: str) -> Questionnaire | None:
    """The questionnaire that calls itself so; the file of that name first."""
    same = [
        each for each in every(folder) if each.questionnaire and each.questionnaire.name == name
    ]
    same.sort(key=lambda each: each.name != name)
    return same[0].questionnaire if same else None
