"""The newer version of a workshop's questionnaire: what it changes, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.questionnaire.changes import QUESTION, TYPE, Change, changes_of
from survey.questionnaire.document import version_of
from survey.questionnaire.loading.folder import of_name
from survey.questionnaire.model import Questionnaire
from survey.response import CLOSED, DRAFT, Workshop
from survey.store import Store, questionnaires, workshops
from survey.table import columns_of

NO_SHORT, LANGUAGE_GONE, TYPE_CHANGED, NOTICE_HOLE = "short", "language", "type", "notice"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a version cannot be taken now. `name` is a language, a question or a placeholder."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """Another version, beside the one that the workshop has. `gained` and `lost` are columns of the
    exports."""

    questionnaire: Questionnaire
    version: str
    changes: tuple[Change, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]


class EditionError(Exception):
    """A version that cannot be taken; `obstacles` say why."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        self.obstacles = obstacles
        super().__init__(", ".join(f"{each.kind} {each.name}".strip() for each in obstacles))


def is_offered(store: Store, workshop: Workshop, folder: Path) -> bool:
    """Whether the questionnaires folder has another version than the workshop."""
    found = of_name(folder, questionnaires.get(store, workshop.version).name)
    return found is not None and version_of(found) != workshop.version


def offered(store: Store, workshop: Workshop, folder: Path) -> Edition | None:
    """The version in the questionnaires folder, None where it is the workshop's own."""
    old = questionnaires.get(store, workshop.version)
    new = of_name(folder, old.name)
    if new is None or version_of(new) == workshop.version:
        return None
    before = [column.name for column in columns_of(old)]
    after = [column.name for column in columns_of(new)]
    changes = changes_of(old, new)
    return Edition(
        questionnaire=new,
        version=version_of(new),
        changes=changes,
        gained=tuple(name for name in after if name not in before),
        lost=tuple(name for name in before if name not in after),
        obstacles=_obstacles(workshop, old, new, changes),
    )


def take(store: Store, workshop: Workshop, edition: Edition, by: str | None = None) -> None:
    """Pins the workshop to the version; what was answered stays as it is. Raises EditionError."""
    if edition.obstacles:
        raise EditionError(edition.obstacles)
    workshops.take_version(store, workshop.code, edition.questionnaire, by)


def _obstacles(
    workshop: Workshop, old: Questionnaire, new: Questionnaire, changes: tuple[Change, ...]
) -> tuple[Obstacle, ...]:
    """Once a workshop was open there are answers, here and on phones, that must keep their sense."""
    found = []
    if not any(new.questions(workshop.variant)):
        found.append(Obstacle(NO_SHORT))
    if workshop.state == DRAFT:
        return tuple(found)
    gone = [each for each in workshop.offered_languages(old) if each not in new.offered_languages]
    found += [Obstacle(LANGUAGE_GONE, each) for each in gone]
    found += [
        Obstacle(TYPE_CHANGED, change.question)
        for change in changes
        if (change.what, change.how) == (QUESTION, TYPE)
    ]
    if workshop.state != CLOSED:
        found += [Obstacle(NOTICE_HOLE, name) for name in workshop.holes(new)]
    return tuple(found)
