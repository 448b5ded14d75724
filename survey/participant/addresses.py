"""The parts of an address that are not just any text: a workshop's code, a language, a response."""

from __future__ import annotations

from werkzeug.routing import BaseConverter

from survey.i18n import LANGUAGES, western_digits
from survey.response import CODE_ALPHABET, CODE_LENGTH, ID_ALPHABET, ID_LENGTH


class CodeConverter(BaseConverter):
    """A workshop's code; small letters too, which are then redirected to capitals."""

    regex = f"[{CODE_ALPHABET}{CODE_ALPHABET.lower()}]{{{CODE_LENGTH}}}"


class LanguageConverter(BaseConverter):
    regex = "|".join(LANGUAGES)


class IdConverter(BaseConverter):
    regex = f"[{ID_ALPHABET}]{{{ID_LENGTH}}}"


CONVERTERS = {"code": CodeConverter, "language": LanguageConverter, "id": IdConverter}


def typed_code(text: str) -> str:
    """A code as people type it: small letters, blanks and dashes are forgiven."""
    plain = western_digits(text).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:20]


def can_be_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and all(letter in CODE_ALPHABET for letter in text)
