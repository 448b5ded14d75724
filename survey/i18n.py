"""The interface's languages: names, direction, messages, digits, and choosing one for a phone."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DOMAIN = "survey"
CATALOGUES = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface, with its name in itself."""

    tag: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    "ar": Language("ar", "العربية", "rtl"),
    "fr": Language("fr", "Français"),
    "zgh": Language("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
    "en": Language("en", "English"),
}

SOURCE = "en"
"""The language the messages are written in; it needs no catalogue."""

DEFAULT_LANGUAGE = "fr"
"""The interface's language for who asks for none that it has."""


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of one language; a message it lacks comes back as it is in the source."""
    if language == SOURCE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [language])


@cache
def messages(language: str, fallback: str = SOURCE) -> gettext.NullTranslations:
    """The messages of a language; what it lacks is said in the fallback language."""
    if language in (SOURCE, fallback):
        return catalogue(language)
    with_fallback = gettext.translation(DOMAIN, CATALOGUES, [language])
    with_fallback.add_fallback(catalogue(fallback))
    return with_fallback


class _Nothing(gettext.NullTranslations):
    """Says nothing, so that a message which is not in a catalogue can be told."""

    def gettext(self, message: str) -> str:
        return ""


@cache
def _alone(language: str) -> gettext.NullTranslations:
    alone = gettext.translation(DOMAIN, CATALOGUES, [language])
    alone.add_fallback(_Nothing())
    return alone


def has(language: str, message: str) -> bool:
    """Whether a language has a message itself, without any fallback."""
    return language == SOURCE or _alone(language).gettext(message) != ""


def N_(message: str) -> str:
    """Marks a message for the catalogues where it is translated later."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message, the values that stand in it, and perhaps the name of what it is about. As text it is
    in the source language, as the terminal and the log have it."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    def within(self, language: str) -> str:
        """The sentence in a language."""
        return self._with(messages(language).gettext(self.message))

    def __str__(self) -> str:
        return self._with(self.message)

    def _with(self, message: str) -> str:
        said = message % self.values if self.values else message
        return f"{self.about}: {said}" if self.about else said


class SentenceError(Exception):
    """An error whose text is a sentence, to be said in the language of whoever reads it."""

    def __init__(self, message: str, **values: str) -> None:
        self.sentence = Sentence(message, values)
        super().__init__(str(self.sentence))


WESTERN = {ord(digit): str(value % 10) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def western_digits(text: str) -> str:
    """Eastern Arabic and Persian digits as the digits 0 to 9."""
    return text.translate(WESTERN)


NO_LETTERS = re.compile(r"[\W_]+")
SAME_LETTERS = {"ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": ""} | {
    chr(each): WESTERN[each] for each in WESTERN
}


def folded(text: str) -> str:
    """What is left of a text however it is spelt: letters and digits without case, accents, vowel
    signs, and the ways to write one Arabic letter. The phones' search folds in the same way."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    for letter, same in SAME_LETTERS.items():  # several times faster than str.translate
        plain = plain.replace(letter, same)
    return NO_LETTERS.sub("", plain)


VOWELS = re.compile("[aeiouyاوي]")
DOUBLED = re.compile(r"(.)\1+")


def bones(text: str) -> str:
    """What is left of a folded text without vowels and doubled letters: Taroudant is Taroudannt."""
    return DOUBLED.sub(r"\1", VOWELS.sub("", text))


ACCEPTED = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$"
)
BERBER = {"ber": "zgh", "shi": "zgh", "tzm": "zgh", "rif": "zgh"}
"""Phones name the Amazigh languages one by one; the interface has the standard one."""


def negotiate(header: str, offered: Sequence[str], default: str) -> str:
    """The offered language that an Accept-Language header asks for most, else the default."""
    wanted = []
    for position, item in enumerate(header[:1000].split(",")):
        match = ACCEPTED.match(item)
        if match:
            tag = match[1].lower()
            wanted.append((-float(match[2] or 1), position, BERBER.get(tag, tag)))
    for weight, _, tag in sorted(wanted):
        if weight < 0 and tag in offered:
            return tag
    return default
