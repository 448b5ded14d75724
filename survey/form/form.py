"""The form of a questionnaire in a language: reads, checks and gives answers in the order asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from survey.form.fields import FIELDS, AnswerField
from survey.form.people import PEOPLE, people_question
from survey.form.validators import validators_of
from survey.i18n import messages
from survey.questionnaire.expressions import Scope, Value, holds
from survey.questionnaire.model import FULL, OTHER, Questionnaire
from survey.response import Answer, Answers, values_of

REVISION, CONFLICT, LANGUAGE, END = "_revision", "_conflict", "_language", "_end"
ENVELOPE_FIELDS = (REVISION, CONFLICT, LANGUAGE, END)
"""What every form sends beside the answers; `_end` stands last and proves that nothing was cut off."""

MAX_OTHER = 255


class Meta(DefaultMeta):
    """Gives the fields the interface's own messages, which WTForms lacks in part."""

    def __init__(self, translations: Any) -> None:
        self.translations = translations

    def get_translations(self, form: BaseForm) -> Any:
        return self.translations


@lru_cache(maxsize=64)
def _parts_of(
    questionnaire: Questionnaire, variant: str, table_mode: bool
) -> tuple[dict[str, Any], frozenset[str]]:
    """What every form of this questionnaire has in common: its unbound fields, all HTML names."""
    asked = [each for each in questionnaire.questions(variant) if each.asks]
    questions = [people_question(), *asked] if table_mode else asked
    fields = {
        question.name: FIELDS[question.type](question, validators=validators_of(question))
        for question in questions
    }
    names = (FIELDS[question.type].html_names(question) for question in questions)
    return fields, frozenset(name for each in names for name in each)


class QuestionnaireForm(BaseForm):
    """`today` is the day in the workshop's zone. After `process(formdata)` and `validate()`,
    `answers` holds what will be stored, and `people` how many gave them."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        language: str,
        *,
        today: date,
        variant: str = FULL,
        table_mode: bool = False,
    ) -> None:
        self.questionnaire = questionnaire
        self.language = language
        self.today = today.isoformat()
        self.values: dict[str, Value] = {}
        self.answers: dict[str, Answer] = {}
        self.people = 1
        fields, self.html_names = _parts_of(questionnaire, variant, table_mode)
        fallback = questionnaire.fallback or questionnaire.default_language
        super().__init__(fields, meta=Meta(messages(language, fallback)))

    def __iter__(self) -> Iterator[AnswerField]:
        """The fields in the order asked."""
        fields: Iterator[Any] = super().__iter__()
        return fields

    def scope(self, this: Value = None) -> Scope:
        """What expressions can see at this point of the form."""
        return Scope(self.values, self.questionnaire.conditions, self.today, this)

    def unknown_names(self, formdata: Mapping[str, Any]) -> list[str]:
        """Names that were sent and that this form does not have."""
        known = self.html_names.union(ENVELOPE_FIELDS)
        return [name for name in formdata if name not in known]

    def validate(self, extra_validators: Any = None) -> bool:
        """Asks each question in turn whether it is relevant, and only then whether it is right."""
        self.values, self.answers = {}, {}
        is_valid = True
        for field in self:
            if not holds(field.question.relevant, self.scope()):
                field.errors = []
                continue
            is_valid &= field.validate(self) and self._check_other(field)
            # A wrong answer is never stored, but later questions still follow from it.
            self._keep(field)
        return is_valid

    def _check_other(self, field: AnswerField) -> bool:
        if field.other is None or len(field.other) <= MAX_OTHER:
            return True
        words = field.gettext("Shorten the other answer to %(limit)s characters at most.")
        field.errors = [words % {"limit": MAX_OTHER}]
        return False

    def _keep(self, field: AnswerField) -> None:
        question, answer = field.question, field.data
        if question.name == PEOPLE:
            self.people = answer or 1
            return
        self.answers[question.name] = answer
        self.values |= values_of(question, answer)
        chose_other = answer == OTHER or (isinstance(answer, list) and OTHER in answer)
        if question.other is not None and chose_other:
            text = None if field.other is None else " ".join(field.other.split("\n"))
            self.answers[f"{question.name}__{OTHER}"] = text
            self.values[f"{question.name}__{OTHER}"] = text

    def show(self, answers: Answers, people: int = 1) -> None:
        """Fills the form with stored answers, and how many gave them."""
        self.process(None, data={**answers, PEOPLE: people})
        for field in self:
            field.show_other(answers.get(f"{field.name}__{OTHER}"))
