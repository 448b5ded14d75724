"""Questionnaire × language → WTForms fields; what was sent → answers, or messages."""

from survey.form.form import ENVELOPE_FIELDS, QuestionnaireForm

__all__ = ["ENVELOPE_FIELDS", "QuestionnaireForm"]
