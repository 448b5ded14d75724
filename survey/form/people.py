"""What table mode asks first: how many people answer together at this phone."""

from __future__ import annotations

from functools import cache

from survey.i18n import LANGUAGES, N_, has, messages
from survey.questionnaire.model import Question, Words

PEOPLE = "_people"
MOST_PEOPLE = 40
"""More than sit at one table; whoever types more has added a digit."""

LABEL = N_("How many people answer together at this phone?")
HINT = N_("Count everybody at the table, yourself too.")


@cache
def people_question() -> Question:
    """A question like those of a questionnaire, in the interface's languages; its answer goes beside
    the answers, not among them."""
    return Question(
        "integer",
        PEOPLE,
        label=_words(LABEL),
        hint=_words(HINT),
        required=True,
        min=1,
        max=MOST_PEOPLE,
    )


def _words(message: str) -> Words:
    return {tag: messages(tag).gettext(message) for tag in LANGUAGES if has(tag, message)}
