"""YAML → Questionnaire: complete and right, or every problem at once with its place and remedy."""

from __future__ import annotations

from survey.questionnaire.loading.loader import load, load_text
from survey.questionnaire.loading.problems import Problem, QuestionnaireError

__all__ = ["Problem", "QuestionnaireError", "load", "load_text"]
