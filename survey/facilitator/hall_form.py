"""The desk's form about a hall: what was typed → a Hall, or what to mend, with all that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.i18n import N_, western_digits
from survey.questionnaire.model import Questionnaire
from survey.response import clean_text
from survey.store.halls import Hall

NAME, PASSWORD, EXPECTED = "wifi_name", "wifi_password", "expected__"
NAME_BYTES = 32

NOT_A_NUMBER = N_("Enter a whole number up to 9999, like 12, or leave it blank.")
NAME_TOO_LONG = N_("A Wi-Fi’s name has no more letters than this. Copy it as phones show it.")
NO_NAME = N_("Write the Wi-Fi’s name, too, or leave both blank.")
NO_PASSWORD = N_("A Wi-Fi’s password has 8 to 63 plain letters, digits and signs. Copy it exactly.")


@dataclass(frozen=True, slots=True)
class HallForm:
    """What stands in the fields, and the message at each that needs another look."""

    typed: Mapping[str, str]
    messages: Mapping[str, str] = field(default_factory=dict)

    def expected(self, group: str) -> str:
        return self.typed.get(f"{EXPECTED}{group}", "")


def form_of(hall: Hall) -> HallForm:
    """The form with what is stored."""
    expected = {f"{EXPECTED}{group}": str(number) for group, number in hall.expected.items()}
    return HallForm({NAME: hall.wifi_name, PASSWORD: hall.wifi_password, **expected})


def read(sent: Mapping[str, str], questionnaire: Questionnaire) -> Hall | HallForm:
    """The hall as typed, or the form again with its messages."""
    name, password = (clean_text(sent.get(each, "")) for each in (NAME, PASSWORD))
    messages = {**_wrong_name(name, password), **_wrong_password(password)}
    expected: dict[str, int] = {}
    for group in questionnaire.actor_groups:
        field = f"{EXPECTED}{group.name}"
        text = western_digits(clean_text(sent.get(field, "")))
        if text and not (text.isascii() and text.isdigit() and len(text) <= 4):
            messages[field] = NOT_A_NUMBER
        elif text.strip("0"):
            expected[group.name] = int(text)
    if messages:
        return HallForm(sent, messages)
    return Hall(name, password, expected)


def _wrong_name(name: str, password: str) -> dict[str, str]:
    if len(name.encode()) > NAME_BYTES or not name.isprintable():
        return {NAME: NAME_TOO_LONG}
    return {NAME: NO_NAME} if password and not name else {}


def _wrong_password(password: str) -> dict[str, str]:
    is_right = password.isascii() and password.isprintable() and 8 <= len(password) <= 63
    return {PASSWORD: NO_PASSWORD} if password and not is_right else {}
