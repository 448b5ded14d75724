"""The responses chosen for an export, with the questionnaires that they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from survey.i18n import N_, messages
from survey.questionnaire.model import SHORT, Questionnaire, Words
from survey.response import Response, Workshop
from survey.table.columns import Column, merged
from survey.table.selection import EVERYTHING, Selection

CODES, LABELS, BOTH = "codes", "labels", "both"
STYLES = (CODES, LABELS, BOTH)

PUBLIC_NOTE = N_(
    "Public export. A running number stands in the place of receipt codes, and times are those of "
    "the day. Texts and personal answers are left out. Actor groups and territories with few "
    "responses are shown as a wider territory, or are suppressed."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How cells are shown: as codes, as words in a language, or as both side by side."""

    style: str = CODES
    language: str | None = None

    @property
    def name(self) -> str:
        """What it is called in the names of files."""
        return "-".join(
            filter(None, [self.language, "codes" if self.style in (CODES, BOTH) else ""])
        )


@dataclass(frozen=True, slots=True)
class Dataset:
    """`questionnaires` by version, the oldest first; `responses` gives the same ones each time it is
    called. Personal questions are left out unless `with_personal`. `survey.table.public` makes a
    public one."""

    questionnaires: Mapping[str, Questionnaire]
    responses: Callable[[], Iterator[Response]]
    workshops: tuple[Workshop, ...] = ()
    wording: Wording = field(default_factory=Wording)
    selection: Selection = EVERYTHING
    with_personal: bool = False
    is_public: bool = False

    @property
    def newest(self) -> Questionnaire:
        """The questionnaire whose words count where versions differ."""
        return list(self.questionnaires.values())[-1]

    @property
    def language(self) -> str:
        """The language of words that a format cannot do without."""
        return self.wording.language or self.newest.default_language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are words, those of the newest questionnaire first."""
        newest_first = reversed([*self.questionnaires.values()])
        return tuple(dict.fromkeys(tag for each in newest_first for tag in each.offered_languages))

    @property
    def has_short_version(self) -> bool:
        """Whether some participants may have been asked the core questions only."""
        return any(any(each.questions(SHORT)) for each in self.questionnaires.values())

    @property
    def note(self) -> str:
        """What a public one says of itself, in its language; else nothing."""
        if not self.is_public:
            return ""
        return messages(self.language).gettext(PUBLIC_NOTE)

    def say(self, words: Words) -> str:
        """Words in its language, or in what stands in for it."""
        return self.newest.say(self.language, words)

    def columns(self) -> tuple[Column, ...]:
        """Every column of a response, in order, but personal ones that are left out.

        Raises ColumnError where the questionnaires do not fit together.
        """
        return tuple(
            column
            for column in merged(list(self.questionnaires.values()), self.is_public)
            if self.with_personal or not column.is_personal
        )
