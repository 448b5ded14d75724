"""The questionnaire as frozen values: loading makes them; form, columns and store read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

Words: TypeAlias = Mapping[str, str]
"""The same words in several languages: language → text."""

Tree: TypeAlias = Any
"""A parsed expression: a string, a number, or a tuple `(operator, argument, …)`; plain JSON."""

Bound: TypeAlias = int | Decimal | date
"""What `min` and `max` hold: an int, but for `decimal` and `date` questions."""

SHORT = "short"
FULL = "full"
VARIANTS = (FULL, SHORT)

DONT_KNOW = "dk"
NOT_CONCERNED = "na"
OTHER = "other"
MISSING = (DONT_KNOW, NOT_CONCERNED)
RESERVED_CHOICES = (DONT_KNOW, NOT_CONCERNED, OTHER)

MIN_GROUP_SIZE = 5
"""Results of groups smaller than this are not shown, unless the questionnaire says otherwise."""

VOTES = ("agree", "disagree", "pass")

AUDIO_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
    ".wav": "audio/wav",
}
"""What a recording's name may end in, and the content type that this stands for."""

NOTICE_PLACEHOLDERS = ("controller", "contact", "retention", "cndp_receipt")
"""What a workshop fills into the privacy notice."""

ENVELOPE = (
    "receipt",
    "workshop",
    "revision",
    "received_at",
    "language",
    "variant",
    "channel",
    "trial",
    "people",
    "mark",
)
"""The columns every response has beside its answers; no question may bear these names."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, rate, rank or vote on; also an actor group, a theme, a scale's point."""

    name: str
    label: Words
    group: str | None = None
    level: str | None = None
    parent: str | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A theme for coding open answers; its keywords only suggest it, a person confirms."""

    name: str
    label: Words
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `choices` are what is chosen from (for a matrix or vote: the scale's points),
    `rows` what is rated. `other`, `dk` and `na` are there where the author offers them. `audio` is,
    by language, the name under which the store has the recording that reads it aloud."""

    type: str
    name: str
    label: Words
    hint: Words = field(default_factory=dict)
    required: bool = False
    core: bool = False
    personal: bool = False
    relevant: Tree | None = None
    constraint: Tree | None = None
    constraint_message: Words = field(default_factory=dict)
    choice_filter: Tree | None = None
    role: str | None = None
    dimension: str | None = None
    theme: str | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    levels: tuple[str, ...] = ()
    scale: str | None = None
    other: Choice | None = None
    dk: Choice | None = None
    na: Choice | None = None
    min: Bound | None = None
    max: Bound | None = None
    max_length: int | None = None
    max_items: int | None = None
    total: int | None = None
    unit: Words = field(default_factory=dict)
    appearance: str | None = None
    order: str | None = None
    suggestions: tuple[Choice, ...] = ()
    quote_consent: str | None = None
    audio: Mapping[str, str] = field(default_factory=dict)

    def options(self) -> tuple[Choice, ...]:
        """All that can be chosen: the choices, then other, don't know and not concerned."""
        reserved = (self.other, self.dk, self.na)
        return self.choices + tuple(choice for choice in reserved if choice is not None)

    def missing(self) -> tuple[Choice, ...]:
        """Don't know and not concerned, as far as this question offers them."""
        return tuple(choice for choice in (self.dk, self.na) if choice is not None)

    def cascade(self) -> Iterator[tuple[Choice | None, list[Choice]]]:
        """Territories as one list: the widest places by themselves, then each place of the second
        level with itself and all within it."""
        children: dict[str | None, list[Choice]] = {}
        for choice in self.choices:
            children.setdefault(choice.parent, []).append(choice)

        def within(choice: Choice) -> list[Choice]:
            inner = (each for child in children.get(choice.name, ()) for each in within(child))
            return [choice, *inner]

        for widest in children.get(None, ()):
            yield None, [widest]
            for second in children.get(widest.name, ()):
                yield second, within(second)

    @property
    def asks(self) -> bool:
        """False for a note, which has no answer."""
        return self.type != "note"


@dataclass(frozen=True, slots=True)
class Section:
    """One theme of the questionnaire; one screen on the phone."""

    name: str
    title: Words
    questions: tuple[Question, ...]
    hint: Words = field(default_factory=dict)
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is asked, complete and checked. `minutes` says how long each variant takes.

    `recordings` are the bytes of what its questions' `audio` names. They are there from loading to
    registering only. Two questionnaires that differ in nothing else are equal: the names say what
    the bytes are.
    """

    name: str
    title: Words
    languages: tuple[str, ...]
    default_language: str
    privacy_notice: Words
    sections: tuple[Section, ...]
    partial: tuple[str, ...] = ()
    fallback: str | None = None
    intro: Words = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)
    min_group_size: int = MIN_GROUP_SIZE
    actor_groups: tuple[Choice, ...] = ()
    themes: tuple[Choice, ...] = ()
    conditions: Mapping[str, Tree] = field(default_factory=dict)
    codebook: tuple[Code, ...] = ()
    credits: tuple[str, ...] = ()
    recordings: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def __hash__(self) -> int:
        """By name, so that what is made from a questionnaire can be kept with it."""
        return hash(self.name)

    def questions(self, variant: str = FULL) -> Iterator[Question]:
        """Every question in order; in the short variant only the core ones."""
        for section in self.sections:
            for question in section.questions:
                if variant == FULL or question.core:
                    yield question

    def question(self, name: str) -> Question:
        """Raises KeyError for a name that no question bears."""
        for question in self.questions():
            if question.name == name:
                return question
        raise KeyError(name)

    def with_role(self, role: str) -> Question | None:
        """The question that plays a role, such as `actor_group`."""
        return next((question for question in self.questions() if question.role == role), None)

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The languages participants may choose, the complete ones first."""
        return self.languages + self.partial

    @property
    def notice_placeholders(self) -> tuple[str, ...]:
        """What this privacy notice leaves for a workshop to fill in."""
        text = self.say(self.default_language, self.privacy_notice)
        return tuple(name for name in NOTICE_PLACEHOLDERS if f"{{{name}}}" in text)

    def said_in(self, language: str, words: Words) -> str:
        """The language in which these words can be said: itself, or what stands in for it."""
        for candidate in (language, self.fallback, self.default_language):
            if candidate is not None and candidate in words:
                return candidate
        return next(iter(words), language)

    def say(self, language: str, words: Words) -> str:
        """The words in a language, or in the one that stands in for it; "" if there are none."""
        return words.get(self.said_in(language, words), "")
