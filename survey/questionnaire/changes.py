"""What is different between two versions of a questionnaire, as its readers would say it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from survey.questionnaire.model import Choice, Question, Questionnaire, Section, Words

ADDED, REMOVED, REWORDED, MOVED = "added", "removed", "reworded", "moved"
TYPE, CONDITION, LIMITS, OTHERWISE = "type", "condition", "limits", "otherwise"

QUESTIONNAIRE, SECTION, QUESTION, CHOICE, ROW = (
    "questionnaire",
    "section",
    "question",
    "choice",
    "row",
)

CONDITIONS = ("relevant", "choice_filter")
LIMITING = ("required", "constraint", "min", "max", "max_length", "max_items", "total")
COMPARED = ("name", "type", "label", "choices", "other", "dk", "na", "rows", *CONDITIONS, *LIMITING)
"""Keys of a question that are compared one by one; the others together, as `otherwise`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `how` something, the `what`, has changed. `question` is the question's name,
    `part` that of its choice or row, of a section, or of the keys that changed otherwise. `before`
    and `after` are labels, as far as there are any."""

    what: str
    how: str
    question: str = ""
    part: str = ""
    before: Words = field(default_factory=dict)
    after: Words = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """In which the words are others than before; none if something came or went."""
        if not self.before or not self.after:
            return ()
        known = {**self.before, **self.after}
        return tuple(each for each in known if self.before.get(each) != self.after.get(each))


def changes_of(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """Every difference, in the order of the new version; none at all if they are equal."""
    return (
        *_of_the_whole(old, new),
        *_of_sections(old, new),
        *_of_questions(old, new),
    )


def _of_the_whole(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    if old.title != new.title:
        yield Change(QUESTIONNAIRE, REWORDED, before=old.title, after=new.title)
    for name in _different(old.conditions, new.conditions):
        yield Change(QUESTIONNAIRE, CONDITION, part=name)
    keys = _other_keys(old, new, ("title", "sections", "conditions"))
    if keys:
        yield Change(QUESTIONNAIRE, OTHERWISE, part=keys)


def _of_sections(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    before = {section.name: section for section in old.sections}
    after = {section.name: section for section in new.sections}
    moved = moved_in([*before], [*after])
    for name in [*after, *before]:
        if name not in before:
            yield Change(SECTION, ADDED, part=name, after=after[name].title)
        elif name not in after:
            yield Change(SECTION, REMOVED, part=name, before=before[name].title)
    for name in [name for name in after if name in before]:
        hows = (
            (REWORDED, before[name].title != after[name].title),
            (MOVED, name in moved),
            (OTHERWISE, _other_keys(before[name], after[name], ("name", "title", "questions"))),
        )
        for how, has_changed in hows:
            if has_changed:
                yield Change(
                    SECTION, how, "", name, before=before[name].title, after=after[name].title
                )


def _of_questions(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    before, after = _placed(old), _placed(new)
    moved = moved_in([*before], [*after])
    for name, (section, question) in after.items():
        if name not in before:
            yield Change(QUESTION, ADDED, name, after=question.label)
            continue
        section_before, question_before = before[name]
        yield from _of_a_question(question_before, question)
        if name in moved or section.name != section_before.name:
            yield _of(question_before, question, MOVED)
    for name, (_, question) in before.items():
        if name not in after:
            yield Change(QUESTION, REMOVED, name, before=question.label)


def _placed(questionnaire: Questionnaire) -> dict[str, tuple[Section, Question]]:
    return {
        question.name: (section, question)
        for section in questionnaire.sections
        for question in section.questions
    }


def _of(old: Question, new: Question, how: str, part: str = "") -> Change:
    return Change(QUESTION, how, new.name, part, old.label, new.label)


def _of_a_question(old: Question, new: Question) -> Iterator[Change]:
    if old.label != new.label:
        yield _of(old, new, REWORDED)
    if old.type != new.type:
        yield _of(old, new, TYPE)
    if _differ(old, new, CONDITIONS):
        yield _of(old, new, CONDITION)
    if _differ(old, new, LIMITING):
        yield _of(old, new, LIMITS)
    yield from _of_choices(CHOICE, new.name, old.options(), new.options())
    yield from _of_choices(ROW, new.name, old.rows, new.rows)
    keys = _other_keys(old, new, COMPARED)
    if keys:
        yield _of(old, new, OTHERWISE, keys)


def _of_choices(
    what: str, question: str, old: Sequence[Choice], new: Sequence[Choice]
) -> Iterator[Change]:
    before = {choice.name: choice for choice in old}
    after = {choice.name: choice for choice in new}
    moved = moved_in([*before], [*after])
    for name, choice in after.items():
        if name not in before:
            yield Change(what, ADDED, question, name, after=choice.label)
            continue
        labels = {"before": before[name].label, "after": choice.label}
        if before[name].label != choice.label:
            yield Change(what, REWORDED, question, name, **labels)
        if name in moved:
            yield Change(what, MOVED, question, name, **labels)
        if _other_keys(before[name], choice, ("name", "label")):
            yield Change(what, OTHERWISE, question, name, **labels)
    for name, choice in before.items():
        if name not in after:
            yield Change(what, REMOVED, question, name, before=choice.label)


Compared: TypeAlias = Questionnaire | Section | Question | Choice


def _differ(old: Compared, new: Compared, keys: Sequence[str]) -> bool:
    return any(getattr(old, key) != getattr(new, key) for key in keys)


def _other_keys(old: Compared, new: Compared, but: Sequence[str]) -> str:
    """The other keys that differ, as one text."""
    names = [item.name for item in fields(old) if item.compare and item.name not in but]
    return ", ".join(name for name in names if _differ(old, new, [name]))


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in {**new, **old} if old.get(name) != new.get(name)]


def moved_in(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The names that stand elsewhere: as few as can be, what was added or removed not counted."""
    place = {name: number for number, name in enumerate(old)}
    common = [name for name in new if name in place]
    ends: list[int] = []
    """The smallest last place of a rising run, for each length."""
    lengths = []
    for name in common:
        length = bisect_left(ends, place[name])
        ends[length : length + 1] = [place[name]]
        lengths.append(length)
    kept: set[str] = set()
    wanted = len(ends) - 1
    for name, length in zip(reversed(common), reversed(lengths), strict=True):
        if length == wanted:
            kept.add(name)
            wanted -= 1
    return set(common) - kept
