"""One WTForms field for each question type: what was sent → the answer, and back for showing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wtforms.fields import Field
from wtforms.utils import unset_value

from survey.i18n import western_digits
from survey.questionnaire.model import OTHER, Choice, Question
from survey.response import Answer, clean_text, missing_kind

if TYPE_CHECKING:
    from survey.form.form import QuestionnaireForm

MISSING_FIELD = "missing"
SPACES = re.compile(r"[\s\u066c\u2009\u200e\u200f\u061c]+")
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
DECIMAL_POINTS = str.maketrans("٫,", "..")


class AnswerField(Field):
    """What all answers share. `sent` is what was typed, by HTML name, kept for showing again;
    `data` the answer as it will be stored; `other` the text beside the choice `other`."""

    _form: QuestionnaireForm
    is_parted = False
    """Whether only parts are sent, each under a name of its own, and nothing under the question's."""

    missing_beside = True
    """Whether don't know and not concerned are a box beside the answer, not among its choices."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(label=question.name, **options)
        self.question = question
        self.sent: dict[str, list[str]] = {}
        self.other: str | None = None

    @classmethod
    def parts(cls, question: Question) -> Iterable[str]:
        """The ends of the HTML names beside the question's own: `export` for `o3__export`."""
        return ()

    @classmethod
    def html_names(cls, question: Question) -> list[str]:
        """Every HTML name through which this question may be answered."""
        ends = [*cls.parts(question)]
        if question.other is not None:
            ends.append(OTHER)
        if cls.missing_beside and question.missing():
            ends.append(MISSING_FIELD)
        own = [] if cls.is_parted else [question.name]
        return [*own, *(f"{question.name}__{end}" for end in ends)]

    def part(self, end: str) -> str:
        """The HTML name of a part."""
        return f"{self.name}__{end}"

    def values(self, name: str) -> list[str]:
        """What was sent under an HTML name, cleaned, without blanks."""
        return [text for text in map(clean_text, self.sent.get(name, ())) if text]

    def value(self, name: str) -> str:
        """The one value under an HTML name, or an empty text."""
        values = self.values(name)
        if len(values) > 1:
            raise ValueError(self.gettext("Choose one answer only."))
        return values[0] if values else ""

    def shown(self, name: str) -> str:
        """What to show in an input again: what was typed."""
        return "\n".join(map(clean_text, self.sent.get(name, ())))

    def chose(self, name: str, choice: str) -> bool:
        """Whether a choice was sent under an HTML name."""
        return choice in self.sent.get(name, ())

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = None
        self.other = None
        if formdata is not None:
            names = self.html_names(self.question)
            self.sent = {name: formdata.getlist(name) for name in names if name in formdata}
            try:
                self.data = self._read()
            except ValueError as error:
                self.process_errors.append(str(error))
        elif data is not unset_value:
            self.sent = self.to_sent(data)

    def show_other(self, text: str | None) -> None:
        """Shows a stored text beside `other`."""
        if text:
            self.sent[self.part(OTHER)] = [text]

    def _read(self) -> Answer:
        missing = self._missing() if self.missing_beside else None
        answer = self.read()
        if missing is None:
            return answer
        if answer is not None:
            words = self.gettext("Either give an answer or tick “%(choice)s”, not both.")
            raise ValueError(words % {"choice": self.say(missing)})
        return {"missing": missing.name}

    def _missing(self) -> Choice | None:
        """Don't know or not concerned, where it was ticked beside the answer."""
        chosen = self.value(self.part(MISSING_FIELD))
        offered = {choice.name: choice for choice in self.question.missing()}
        return offered[self.one_of(chosen, offered)] if chosen else None

    def read(self) -> Answer:
        """The answer in what was sent, None for blank. Raises ValueError with an instruction."""
        raise NotImplementedError

    def to_sent(self, answer: Answer) -> dict[str, list[str]]:
        """What would have to be sent for a stored answer: the other way round of `read`."""
        if answer is None:
            return {}
        missing = missing_kind(answer)
        if missing is not None:
            return {self.part(MISSING_FIELD): [missing]}
        return self.written(answer)

    def written(self, answer: Answer) -> dict[str, list[str]]:
        return {self.name: [str(answer)]}

    def one_of(self, name: str, offered: Iterable[str]) -> str:
        if name not in offered:
            raise ValueError(self.gettext("Choose one of the answers listed here."))
        return name

    def say(self, choice: Choice) -> str:
        return self._form.questionnaire.say(self._form.language, choice.label)


class TextField(AnswerField):
    def read(self) -> Answer:
        text = self.value(self.name)
        if self.question.appearance != "multiline":
            text = " ".join(text.split("\n"))
        return text or None


class IntegerField(AnswerField):
    def read(self) -> Answer:
        text = self.value(self.name)
        return whole(text, self.gettext) if text else None


class DecimalField(AnswerField):
    def read(self) -> Answer:
        text = plain_number(self.value(self.name)).translate(DECIMAL_POINTS)
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise ValueError(self.gettext("Enter a number, like 12 or 12.5."))
        number = Decimal(text)
        return str(abs(number) if number == 0 else number)


class DateField(AnswerField):
    def read(self) -> Answer:
        text = western_digits(self.value(self.name))
        if not text:
            return None
        match = DAY_FIRST.fullmatch(text)
        try:
            if match:
                day, month, year = map(int, match.groups())
                return date(year, month, day).isoformat()
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(self.gettext("Enter a date, like 22/03/2026.")) from None


class SelectOneField(AnswerField):
    missing_beside = False

    def read(self) -> Answer:
        chosen = self.value(self.name)
        text = self.value(self.part(OTHER)) if self.question.other is not None else ""
        if text and not chosen:
            chosen = OTHER
        if not chosen:
            return None
        self.one_of(chosen, [choice.name for choice in self.question.options()])
        if text and chosen != OTHER:
            assert self.question.other is not None
            words = self.gettext("You also wrote something else: choose “%(other)s”, or empty it.")
            raise ValueError(words % {"other": self.say(self.question.other)})
        self.other = text or None
        missing = [choice.name for choice in self.question.missing()]
        return {"missing": chosen} if chosen in missing else chosen

    def to_sent(self, answer: Answer) -> dict[str, list[str]]:
        return {} if answer is None else {self.name: [missing_kind(answer) or answer]}


class SelectMultipleField(AnswerField):
    missing_beside = False

    def read(self) -> Answer:
        chosen = set(self.values(self.name))
        text = self.value(self.part(OTHER)) if self.question.other is not None else ""
        if text:
            chosen.add(OTHER)
        options = self.question.options()
        for name in chosen:
            self.one_of(name, [choice.name for choice in options])
        answer = [choice.name for choice in options if choice.name in chosen]
        alone = [*(each for each in options if each.exclusive), *self.question.missing()]
        for choice in alone:
            if choice.name in chosen and len(chosen) > 1:
                words = self.gettext("“%(choice)s” cannot be chosen together with other answers.")
                raise ValueError(words % {"choice": self.say(choice)})
        self.other = text or None
        if answer and answer[0] in [choice.name for choice in self.question.missing()]:
            return {"missing": answer[0]}
        return answer or None

    def to_sent(self, answer: Answer) -> dict[str, list[str]]:
        missing = missing_kind(answer)
        return {self.name: [missing] if missing else list(answer or ())}


class RankField(AnswerField):
    """A number beside each choice; their order is the answer."""

    is_parted = True

    @classmethod
    def parts(cls, question: Question) -> Iterable[str]:
        return [choice.name for choice in question.choices]

    def read(self) -> Answer:
        places: dict[int, str] = {}
        for choice in self.question.choices:
            text = self.value(self.part(choice.name))
            if not text:
                continue
            place = whole(text, self.gettext)
            if not 1 <= place <= len(self.question.choices):
                words = self.gettext("Number your choices 1, 2, 3… beginning with 1.")
                raise ValueError(words)
            if place in places:
                words = self.gettext("Two choices have the number %(number)s: give each its own.")
                raise ValueError(words % {"number": place})
            places[place] = choice.name
        return [places[place] for place in sorted(places)] or None

    def written(self, answer: Answer) -> dict[str, list[str]]:
        return {self.part(name): [str(place)] for place, name in enumerate(answer, 1)}


class RowsField(AnswerField):
    """One point of the scale for each row; also don't know or not concerned, row by row."""

    is_parted = True
    missing_beside = False

    @classmethod
    def parts(cls, question: Question) -> Iterable[str]:
        return [row.name for row in question.rows]

    def read(self) -> Answer:
        offered = [choice.name for choice in self.question.options()]
        missing = [choice.name for choice in self.question.missing()]
        answer: dict[str, Any] = {}
        for row in self.question.rows:
            chosen = self.value(self.part(row.name))
            if chosen:
                self.one_of(chosen, offered)
                answer[row.name] = {"missing": chosen} if chosen in missing else chosen
        return answer or None

    def to_sent(self, answer: Answer) -> dict[str, list[str]]:
        rows: Mapping[str, Any] = answer or {}
        return {self.part(row): [missing_kind(value) or value] for row, value in rows.items()}


class AllocationField(AnswerField):
    """A whole number for each choice; blanks beside filled ones are nought."""

    is_parted = True

    @classmethod
    def parts(cls, question: Question) -> Iterable[str]:
        return [choice.name for choice in question.choices]

    def read(self) -> Answer:
        texts = {
            choice.name: self.value(self.part(choice.name)) for choice in self.question.choices
        }
        if not any(texts.values()):
            return None
        shares = {name: whole(text, self.gettext) if text else 0 for name, text in texts.items()}
        if any(share < 0 for share in shares.values()):
            raise ValueError(self.gettext("Enter whole numbers from 0 up."))
        return shares

    def written(self, answer: Answer) -> dict[str, list[str]]:
        return {self.part(name): [str(share)] for name, share in answer.items()}


class StatementsField(AnswerField):
    """One short idea a line."""

    is_parted = True

    @classmethod
    def parts(cls, question: Question) -> Iterable[str]:
        return [str(place) for place in range(1, (question.max_items or 1) + 1)]

    def read(self) -> Answer:
        texts = (self.value(self.part(place)) for place in self.parts(self.question))
        return [" ".join(text.split("\n")) for text in texts if text] or None

    def written(self, answer: Answer) -> dict[str, list[str]]:
        return {self.part(str(place)): [text] for place, text in enumerate(answer, 1)}


def plain_number(text: str) -> str:
    """Digits as 0 to 9, without spaces or the marks that separate thousands."""
    return SPACES.sub("", western_digits(text))


def whole(text: str, gettext: Callable[[str], str]) -> int:
    """The whole number a text writes. Raises ValueError with an instruction."""
    plain = plain_number(text)
    if not WHOLE.fullmatch(plain):
        raise ValueError(gettext("Enter a whole number, like 12."))
    return int(plain)


FIELDS: dict[str, type[AnswerField]] = {
    "text": TextField,
    "integer": IntegerField,
    "decimal": DecimalField,
    "date": DateField,
    "select_one": SelectOneField,
    "select_multiple": SelectMultipleField,
    "rank": RankField,
    "matrix": RowsField,
    "allocation": AllocationField,
    "statements": StatementsField,
    "vote": RowsField,
}
"""The field of each question type; a note has none."""
