"""Responses handed over as text by phones that found no network: found, checked, stored once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from survey.form import QuestionnaireForm
from survey.form.body import BodyError, Fields, fields_of, revision_of
from survey.form.fields import AnswerField
from survey.form.form import END, LANGUAGE
from survey.i18n import LANGUAGES, N_
from survey.questionnaire.model import Questionnaire
from survey.response import (
    CODE_ALPHABET,
    CODE_LENGTH,
    HANDED_OVER,
    ID_ALPHABET,
    ID_LENGTH,
    Receipt,
    Sending,
    Workshop,
)
from survey.store import Store, questionnaires, responses, workshops

BEGINNING = re.compile(r"(?=\[tashkhis)")
UNSEEN = re.compile(r"[\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""What messages put between letters: line breaks, and marks that only order the writing."""

CODE = rf"\[tashkhis(?P<code>[{CODE_ALPHABET}]{{{CODE_LENGTH}}})"
WITH_CODE = re.compile(CODE)
WHOLE = re.compile(
    rf"{CODE}(?P<language>{'|'.join(LANGUAGES)})(?P<id>[{ID_ALPHABET}]{{{ID_LENGTH}}})"
    r"(?P<body>(?:[\w.~!'()*+=&-]|%[0-9A-Fa-f]{2})*+(?:(?<=_end=1)|(?<=%5[Ff]end=1)))",
    re.ASCII,
)
"""Without what is unseen: every part but the body has one length, so none needs a blank after it.
The body holds what browsers write and nothing else, so that words amid it are noticed. Its `_` may
be escaped, because some messengers take two of them for a sign to slant what stands between."""

STORED = N_("Stored.")
STORED_BEFORE = N_("Stored before: the same receipt.")
CONFLICT = N_("Other answers are stored under this response. Nothing was overwritten.")
FIRST_MISSING = N_("This corrects answers that are not stored here. Take those in first.")
ERASED = N_("This response was erased on request, and stays so.")
NO_WORKSHOP = N_("There is no workshop of this code here.")
OTHER_WORKSHOP = N_("These answers belong to another workshop.")
NOT_OPENED = N_("The workshop was never opened, so nobody can have answered.")
NOT_WHOLE = N_("This was cut off or changed on the way. Ask for it once more.")
NOT_VALID = N_("Some answers need another look")

NOT_TEXT = N_("This is no text in UTF-8. Take the file that the phone saved.")
NOTHING = N_("There are no handed-over answers in this.")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A response as it stands in a text. `body` is None where it is not whole."""

    text: str
    code: str = ""
    language: str = ""
    id: str = ""
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a response: `said` is one of the messages above, `receipt` its code if it is
    stored, `problems` each label and message of its answers if they are not valid."""

    text: str
    code: str
    said: str
    receipt: str = ""
    problems: tuple[tuple[str, str], ...] = ()


class InvalidAnswersError(Exception):
    """Answers that the questionnaire does not admit; `problems` are labels and messages."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("answers that the questionnaire does not admit")
        self.problems = problems


def read_text(content: bytes) -> str | None:
    """The text in a file, None if it is no text in UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def find(text: str) -> Iterator[HandedOver]:
    """Every response in a text, whatever words stand around it and wherever lines break."""
    for piece in BEGINNING.split(text)[1:]:
        inside, end, _ = piece.partition("]")
        seen = UNSEEN.sub("", inside)
        whole, with_code = WHOLE.fullmatch(seen), WITH_CODE.match(seen)
        if whole is not None:
            yield HandedOver(inside + end, **whole.groupdict())
        else:
            yield HandedOver(piece.strip(), with_code["code"] if with_code else "")


def take_in(store: Store, text: str, language: str, only: str | None = None) -> list[Outcome]:
    """Stores every response in a text exactly once, and says in `language` what is wrong with
    answers. `only` is the code of the one workshop whose responses are meant."""
    return [_outcome(store, given, language, only) for given in find(text)]


REFUSALS: dict[type[Exception], str] = {
    BodyError: NOT_WHOLE,
    workshops.UnknownWorkshop: NO_WORKSHOP,
    responses.UnknownResponse: OTHER_WORKSHOP,
    responses.Erased: ERASED,
    responses.NotOpen: NOT_OPENED,
}


def _outcome(store: Store, given: HandedOver, language: str, only: str | None) -> Outcome:
    try:
        receipt = _stored(store, given, language, only)
    except InvalidAnswersError as error:
        return Outcome(given.text, given.code, NOT_VALID, problems=error.problems)
    except responses.Conflict as conflict:
        said = FIRST_MISSING if conflict.current is None else CONFLICT
        return Outcome(given.text, given.code, said)
    except tuple(REFUSALS) as error:
        return Outcome(given.text, given.code, REFUSALS[type(error)])
    said = STORED if receipt.is_new else STORED_BEFORE
    return Outcome(given.text, given.code, said, receipt.code)


def _stored(store: Store, given: HandedOver, language: str, only: str | None) -> Receipt:
    """The same way as a POST, but that a closed workshop takes in what was given before."""
    if given.body is None:
        raise BodyError("cut off")
    if only is not None and given.code != only:
        raise responses.UnknownResponse(given.id)
    workshop = workshops.get(store, given.code)
    questionnaire = questionnaires.get(store, workshop.version)
    sent = fields_of(given.body.encode(), END)
    if given.language not in questionnaire.offered_languages or LANGUAGE in sent:
        raise BodyError("not what the form would send")
    form = _form(workshop, questionnaire, sent, language)
    sending = Sending(
        given.id,
        form.answers,
        given.language,
        workshop.variant,
        HANDED_OVER,
        revision_of(sent),
        form.people,
    )
    return responses.add(store, workshop.code, sending, when_closed=True)


def _form(
    workshop: Workshop, questionnaire: Questionnaire, sent: Fields, language: str
) -> QuestionnaireForm:
    """The form with what was sent, which is valid. Raises BodyError or InvalidAnswersError."""
    form = QuestionnaireForm(
        questionnaire,
        language,
        today=workshop.today(),
        variant=workshop.variant,
        table_mode=workshop.table_mode,
    )
    form.process(sent)
    if form.unknown_names(sent):
        raise BodyError("fields that the form does not have")
    if not form.validate():
        raise InvalidAnswersError(
            tuple(
                (questionnaire.say(language, field.question.label), str(field.errors[0]))
                for field in form
                if isinstance(field, AnswerField) and field.errors
            )
        )
    return form
