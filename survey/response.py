"""Workshop, facilitator, response, receipt: the nouns that travel between web and store, and their cleaning."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from survey.questionnaire.expressions import Value
from survey.questionnaire.model import (
    FULL,
    Choice,
    Question,
    Questionnaire,
    Words,
)

Answer: TypeAlias = Any
"""A stored answer, plain JSON; None is asked and left blank, `{"missing": "dk"}` don't know."""

Answers: TypeAlias = Mapping[str, Answer]
"""Answers by question name; a question that was not asked is absent."""

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
RECEIPT_LENGTH = 8
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 26

DRAFT, OPEN, PAUSED, CLOSED = "draft", "open", "paused", "closed"
WEB, HANDED_OVER, PAPER = "web", "handed_over", "paper"
TEST, DUPLICATE = "test", "duplicate"
MARKS = (TEST, DUPLICATE)
DEFAULT_TIMEZONE = "Africa/Casablanca"

ADMINISTRATOR, FACILITATOR, OBSERVER = "administrator", "facilitator", "observer"
ROLES = (ADMINISTRATOR, FACILITATOR, OBSERVER)


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Who signs in at the desk. The role says what she may do with the workshops that she sees."""

    name: str
    role: str = ADMINISTRATOR
    is_disabled: bool = False
    has_password: bool = False
    created_at: str = ""

    @property
    def is_administrator(self) -> bool:
        return self.role == ADMINISTRATOR


def local_time(at: str, timezone: str) -> str:
    """A stored time as a clock in that zone showed it, with its offset."""
    moment = datetime.fromisoformat(at).astimezone(ZoneInfo(timezone))
    return f"{moment:%d/%m/%Y %H:%M} (UTC{moment:%z})"


@dataclass(frozen=True, slots=True)
class Workshop:
    """One meeting, pinned to one questionnaire version. `notice` fills the privacy notice's
    placeholders, per language; a trial needs none and says what it is instead. `kiosk` is for phones
    that people share: the next one sees nothing of the one before. In `table_mode` a table of people
    answers together at one phone and says how many they are. `place` is a territory's name, or free
    text; `held_on` an ISO date; `languages` those offered, none for all; `context` the light
    Markdown shown before the questions. Nobody but administrators owns what was made on the command
    line."""

    code: str
    title: Words
    version: str
    state: str = DRAFT
    variant: str = FULL
    timezone: str = DEFAULT_TIMEZONE
    trial: bool = False
    kiosk: bool = False
    table_mode: bool = False
    notice: Mapping[str, Words] = field(default_factory=dict)
    created_at: str = ""
    owner: str | None = None
    place: str = ""
    held_on: str = ""
    languages: tuple[str, ...] = ()
    context: Words = field(default_factory=dict)
    archived_at: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    def offered_languages(self, questionnaire: Questionnaire) -> tuple[str, ...]:
        """The languages participants may choose here, in the questionnaire's order."""
        known = questionnaire.offered_languages
        return tuple(each for each in known if each in self.languages) or known

    def today(self, now: datetime | None = None) -> date:
        """The day in the workshop's time zone."""
        return (now or datetime.now(UTC)).astimezone(ZoneInfo(self.timezone)).date()

    def local_time(self, at: str) -> str:
        """A stored time as the workshop's clock showed it, with its offset."""
        return local_time(at, self.timezone)

    @property
    def day(self) -> str:
        """The day it is held on, as people write it, "" if nobody said."""
        return f"{date.fromisoformat(self.held_on):%d/%m/%Y}" if self.held_on else ""

    def place_in(self, questionnaire: Questionnaire, language: str) -> str:
        """Where it is held: a territory's label, or the text that was typed."""
        territory = questionnaire.with_role("territory")
        for choice in territory.choices if territory else ():
            if choice.name == self.place:
                return questionnaire.say(language, choice.label)
        return self.place

    def gaps(self, questionnaire: Questionnaire) -> tuple[tuple[str, str], ...]:
        """What is still to be filled in before it can open: the notice's placeholders, each with the
        language in which it is missing. Languages that are partly there may lack them."""
        if self.trial:
            return ()
        wanted = self.offered_languages(questionnaire)
        return tuple(
            (name, language)
            for name in questionnaire.notice_placeholders
            for language in wanted
            if language in questionnaire.languages and not self.notice.get(name, {}).get(language)
        )

    def holes(self, questionnaire: Questionnaire) -> tuple[str, ...]:
        """The placeholders in `gaps`, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.gaps(questionnaire)))


@dataclass(frozen=True, slots=True)
class Sending:
    """What a participant sends: answers under a response's id, naming the revision it replaces."""

    id: str
    answers: Answers
    language: str
    variant: str = FULL
    channel: str = WEB
    replaces: int = 0
    people: int = 1

    @property
    def digest(self) -> str:
        """SHA-256 of the cleaned answers, and of how many people gave them if it is not one; the
        language they were given in is not in it."""
        counted = f"{self.people} people\n" if self.people != 1 else ""
        return sha256((counted + canonical(self.answers)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Response:
    """One revision of one participant's answers, as stored. Times are ISO 8601 in UTC. `people` is
    how many answered together at one phone. A marked response is kept, but not counted."""

    id: str
    receipt: str
    workshop: str
    version: str
    revision: int
    answers: Answers
    language: str
    variant: str
    channel: str
    received_at: str
    trial: bool = False
    people: int = 1
    mark: str | None = None

    @property
    def is_counted(self) -> bool:
        return self.mark is None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the participant gets back: the response's short code and the revision it stands for.
    `is_new` says whether it was stored only now; the receipt is the same in either case."""

    code: str
    revision: int
    received_at: str
    is_new: bool = field(default=False, compare=False)


def new_id() -> str:
    """A response's id: 130 random bits."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def typed_receipt(text: str) -> str:
    """A receipt's code as people type it: small letters, blanks and dashes are forgiven."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def canonical(answers: Answers) -> str:
    """Answers as one fixed JSON text."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
LINE_ENDS = re.compile(r"\r\n?")
BLANKS = (
    "\t\n \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's trim() takes off, so that server and page count the same characters."""


def clean_text(text: str) -> str:
    """Line ends as LF, no control characters but tab and newline, no lone surrogates, no blank ends."""
    text = CONTROLS.sub("", LINE_ENDS.sub("\n", text))
    return SURROGATES.sub("\ufffd", text).strip(BLANKS)


def clean(answer: Answer) -> Answer:
    """An answer, or all answers, with every text in them cleaned."""
    if isinstance(answer, str):
        return clean_text(answer)
    if isinstance(answer, list | tuple):
        return [clean(item) for item in answer]
    if isinstance(answer, Mapping):
        return {clean_text(key): clean(item) for key, item in answer.items()}
    return answer


def missing_kind(answer: Answer) -> str | None:
    """`dk` or `na` where that is the answer, else None."""
    return answer.get("missing") if isinstance(answer, dict) else None


def values_of(question: Question, answer: Answer) -> dict[str, Value]:
    """What expressions see of an answer, under the names they use."""
    name, missing = question.name, missing_kind(answer)
    if question.type in ("matrix", "vote", "allocation"):
        parts: Mapping[str, Any] = answer if answer is not None and missing is None else {}
        return {f"{name}__{key}": _part(question, value) for key, value in parts.items()}
    if question.type == "select_one":
        return {name: missing or answer}
    if question.type in ("select_multiple", "rank"):
        return {name: (missing,) if missing else tuple(answer or ())}
    if question.type == "statements" or answer is None or missing is not None:
        return {}
    return {name: float(answer) if question.type in ("integer", "decimal") else answer}


def _part(question: Question, value: Any) -> Value:
    return float(value) if question.type == "allocation" else missing_kind(value) or value


def ancestors(choices: Mapping[str, Choice], name: str) -> dict[str, str]:
    """The chosen territory and those that hold it: level → choice name."""
    found: dict[str, str] = {}
    choice = choices.get(name)
    while choice is not None and choice.level is not None and choice.level not in found:
        found[choice.level] = choice.name
        choice = choices.get(choice.parent or "")
    return found
