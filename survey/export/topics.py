"""What answers are about, in words: codes of the codebook, themes, dimensions, sections."""

from __future__ import annotations

from collections.abc import Callable

from survey.i18n import N_
from survey.questionnaire.model import Question, Questionnaire, Words
from survey.table import Dataset
from survey.table.columns import interface_words

CODE, THEME, DIMENSION, SECTION = "code", "theme", "dimension", "section"

DIMENSIONS = {
    "opportunity": N_("Opportunities"),
    "specificity": N_("Specificities"),
    "challenge": N_("Challenges"),
}

Topics = dict[str, Words]


def _codes(questionnaire: Questionnaire) -> Topics:
    return {code.name: code.label for code in questionnaire.codebook}


def _themes(questionnaire: Questionnaire) -> Topics:
    return {theme.name: theme.label for theme in questionnaire.themes}


def _dimensions(questionnaire: Questionnaire) -> Topics:
    asked = {question.dimension for question in questionnaire.questions()}
    return {name: interface_words(said) for name, said in DIMENSIONS.items() if name in asked}


def _sections(questionnaire: Questionnaire) -> Topics:
    return {section.name: section.title for section in questionnaire.sections}


KINDS: dict[str, tuple[str, Callable[[Questionnaire], Topics]]] = {
    CODE: (N_("Codebook"), _codes),
    THEME: (N_("Themes"), _themes),
    DIMENSION: (N_("Dimensions"), _dimensions),
    SECTION: (N_("Sections"), _sections),
}
"""Each kind of topic: what it is called, and those of a questionnaire."""


def topics_of(dataset: Dataset, kind: str) -> Topics:
    """Those of every version, in the newest one's order and words."""
    topics: Topics = {}
    for questionnaire in reversed([*dataset.questionnaires.values()]):
        for name, words in KINDS[kind][1](questionnaire).items():
            topics.setdefault(name, words)
    return topics


def topics_by_question(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    """What each question is declared to be about: kind → name of the topic."""
    return {
        question.name: _declared(question, section.name)
        for section in questionnaire.sections
        for question in section.questions
    }


def _declared(question: Question, section: str) -> dict[str, str]:
    about = {THEME: question.theme, DIMENSION: question.dimension, SECTION: section}
    return {kind: name for kind, name in about.items() if name is not None}
