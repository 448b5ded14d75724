"""The sheet on which paper forms are typed in: blank, or with what was typed and what is wrong."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from survey import web
from survey.facilitator import answered
from survey.facilitator.response_list import STATIC, STYLES
from survey.facilitator.spoken import words_in
from survey.facilitator.views import title_of
from survey.form import QuestionnaireForm, paper
from survey.form.body import Fields
from survey.form.people import PEOPLE, people_question
from survey.i18n import LANGUAGES, N_
from survey.questionnaire.model import Question, Questionnaire, Section
from survey.response import Workshop
from survey.store import questionnaires

SHEET_STYLES = [*STYLES, STATIC / "paper.css"]
SHEET = web.bundle_of(SHEET_STYLES, [*web.ANSWERING_SCRIPTS, STATIC / "paper.js"])
SHEET_STYLE = web.bundle_of(SHEET_STYLES)
SHOWN = ("summary", "advice", "stored", "entered", "second_of", "conflict", "elsewhere")
"""What a sheet may say beside its questions."""

NOT_NUMBERS = {
    "integer": N_("Enter a whole number, like 12."),
    "allocation": N_("Enter a whole number, like 12."),
    "decimal": N_("Enter a number, like 12 or 12.5."),
}
"""What the page's script says of what is no number."""

LANGUAGE = "_paper_language"
BLANK = Fields(())


def read(workshop: Workshop, typed: Fields) -> QuestionnaireForm:
    """The form with what was typed; not yet validated."""
    form = blank_form(workshop)
    paper.process(form, typed)
    return form


def blank_form(workshop: Workshop) -> QuestionnaireForm:
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    return QuestionnaireForm(
        questionnaire,
        g.language,
        today=workshop.today(),
        variant=workshop.variant,
        table_mode=workshop.table_mode,
    )


def language_of(questionnaire: Questionnaire, wanted: str) -> str:
    """The language of the paper form: as chosen, else the page's, else the default."""
    for tag in (wanted, g.language):
        if tag in questionnaire.offered_languages:
            return tag
    return questionnaire.default_language


def sheet_page(
    workshop: Workshop,
    form: QuestionnaireForm,
    typed: Fields = BLANK,
    status: int = 200,
    **more: Any,
) -> Response:
    """`typed` stands in the lines again. `more` is what else the sheet says, by the names in SHOWN."""
    questionnaire = form.questionnaire
    shown: dict[str, Any] = dict.fromkeys(SHOWN, "")
    return web.page(
        "facilitator/paper.html",
        SHEET,
        status,
        workshop=workshop,
        title=title_of(workshop),
        questionnaire=questionnaire,
        form=form,
        typed=typed,
        sections=_sections(questionnaire, form),
        lines=paper.lines,
        coded=paper.CODED,
        wrong=NOT_NUMBERS,
        known=lambda question: known_of(questionnaire, question),
        means={field.name: paper.meanings(field, typed) for field in form},
        words=lambda said: words_in(questionnaire, g.language, said),
        say=lambda said: questionnaire.say(g.language, said),
        languages=[LANGUAGES[tag] for tag in questionnaire.offered_languages],
        paper_language=language_of(questionnaire, typed.get(LANGUAGE, "")),
        **{**shown, **more},
    )


def needs_another_look() -> dict[str, str]:
    """What a sheet says whose answers are not all right."""
    return {
        "summary": web.plain("Some answers need another look"),
        "advice": web.plain("Nothing is stored yet. Mend what is marked, then save again."),
    }


def _sections(
    questionnaire: Questionnaire, form: QuestionnaireForm
) -> list[tuple[Section, list[Question]]]:
    found = [
        (section, [question for question in section.questions if question.name in form])
        for section in questionnaire.sections
    ]
    asked = [(section, questions) for section, questions in found if questions]
    if PEOPLE in form:  # what table mode asks stands before all
        asked[0][1].insert(0, people_question())
    return asked


def known_of(questionnaire: Questionnaire, question: Question) -> dict[str, Any]:
    """What the page's script knows of a question: codes, their words, how places are spelt."""
    known: dict[str, Any] = {}
    if question.options():
        words = {
            each.name: answered.place_name(questionnaire, question, each).striptags()
            for each in question.options()
        }
        known = {"codes": paper.codes(question), "words": words}
    if question.levels:
        known["spelt"] = {each.name: paper.spellings(each) for each in question.choices}
    return known
