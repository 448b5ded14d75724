"""What an answer must fulfil. Every message is an instruction, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wtforms.validators import StopValidation, ValidationError

from survey.form.fields import AnswerField
from survey.questionnaire.expressions import Scope, Value, holds
from survey.questionnaire.model import Question
from survey.response import missing_kind, values_of

if TYPE_CHECKING:
    from survey.form.form import QuestionnaireForm

Validator = Callable[["QuestionnaireForm", AnswerField], None]


def validators_of(question: Question) -> list[Validator]:
    """What this question's answer has to pass, in order."""
    return [whether_answered, *BY_TYPE.get(question.type, ()), meets_constraint]


def whether_answered(form: QuestionnaireForm, field: AnswerField) -> None:
    """Stops at what cannot be read and at what is blank, and complains of blanks where required."""
    if field.errors:
        raise StopValidation()
    answer = field.data
    if answer is None and field.question.required:
        raise StopValidation(_required(field))
    if answer is None or missing_kind(answer) is not None:
        raise StopValidation()


def _required(field: AnswerField) -> str:
    if field.question.type in ("select_one", "select_multiple"):
        return field.gettext("Choose an answer: this question is needed.")
    return field.gettext("Please answer: this question is needed.")


def within_length(form: QuestionnaireForm, field: AnswerField) -> None:
    limit = field.question.max_length
    texts = [field.data] if isinstance(field.data, str) else field.data
    longest = max(len(text) for text in texts)
    if limit is not None and longest > limit:
        words = field.ngettext(
            "Shorten it to %(limit)s characters at most; it has %(length)s.",
            "Shorten it to %(limit)s characters at most; it has %(length)s.",
            limit,
        )
        raise ValidationError(words % {"limit": limit, "length": longest})


def within_bounds(form: QuestionnaireForm, field: AnswerField) -> None:
    """Numbers between min and max."""
    value, least, most = (
        READ[field.question.type](field.data),
        field.question.min,
        field.question.max,
    )
    if least is not None and value < least:
        raise ValidationError(field.gettext("Enter %(least)s or more.") % {"least": least})
    if most is not None and value > most:
        raise ValidationError(field.gettext("Enter %(most)s or less.") % {"most": most})


def within_days(form: QuestionnaireForm, field: AnswerField) -> None:
    """Dates between min and max."""
    day, first, last = date.fromisoformat(field.data), field.question.min, field.question.max
    if isinstance(first, date) and day < first:
        words = field.gettext("Enter %(day)s or a later day.")
        raise ValidationError(words % {"day": f"{first:%d/%m/%Y}"})
    if isinstance(last, date) and day > last:
        words = field.gettext("Enter %(day)s or an earlier day.")
        raise ValidationError(words % {"day": f"{last:%d/%m/%Y}"})


READ: dict[str, Callable[[Any], Any]] = {"integer": int, "decimal": Decimal}


def within_count(form: QuestionnaireForm, field: AnswerField) -> None:
    """As many choices as the question asks for."""
    count, least, most = len(field.data), field.question.min, field.question.max
    if any(choice.exclusive and choice.name in field.data for choice in field.question.choices):
        return  # it stands alone, and says enough
    if isinstance(most, int) and count > most:
        words = field.ngettext(
            "Choose at most %(most)s; you chose %(count)s.",
            "Choose at most %(most)s; you chose %(count)s.",
            most,
        )
        raise ValidationError(words % {"most": most, "count": count})
    if isinstance(least, int) and count < least:
        words = field.ngettext(
            "Choose at least %(least)s; you chose %(count)s.",
            "Choose at least %(least)s; you chose %(count)s.",
            least,
        )
        raise ValidationError(words % {"least": least, "count": count})


def adds_up(form: QuestionnaireForm, field: AnswerField) -> None:
    total, given = field.question.total, sum(field.data.values())
    if given != total:
        words = field.gettext("The numbers must add up to %(total)s; now they make %(given)s.")
        raise ValidationError(words % {"total": total, "given": given})


def every_row(form: QuestionnaireForm, field: AnswerField) -> None:
    if field.question.required and len(field.data) < len(field.question.rows):
        raise ValidationError(field.gettext("Please answer every line."))


def is_offered(form: QuestionnaireForm, field: AnswerField) -> None:
    """Only choices that the question's filter leaves may be chosen."""
    question = field.question
    if question.choice_filter is None:
        return
    chosen = field.data if isinstance(field.data, list) else [field.data]
    for choice in question.choices:
        if choice.name not in chosen:
            continue
        own = {"name": choice.name, "group": choice.group}
        own |= {"level": choice.level, "parent": choice.parent}
        scope = form.scope()
        if not holds(
            question.choice_filter, Scope(scope.values, scope.conditions, scope.today, None, own)
        ):
            words = field.gettext("“%(choice)s” does not fit your other answers: choose again.")
            raise ValidationError(words % {"choice": field.say(choice)})


def meets_constraint(form: QuestionnaireForm, field: AnswerField) -> None:
    question = field.question
    if question.constraint is None:
        return
    this: Value = values_of(question, field.data)[question.name]
    if not holds(question.constraint, form.scope(this)):
        raise ValidationError(form.questionnaire.say(form.language, question.constraint_message))


BY_TYPE: dict[str, tuple[Validator, ...]] = {
    "text": (within_length,),
    "integer": (within_bounds,),
    "decimal": (within_bounds,),
    "date": (within_days,),
    "select_one": (is_offered,),
    "select_multiple": (is_offered, within_count),
    "rank": (within_count,),
    "matrix": (every_row,),
    "allocation": (adds_up,),
    "statements": (within_length,),
    "vote": (every_row,),
}
"""What each question type checks beside its constraint."""
