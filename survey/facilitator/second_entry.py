"""A paper form typed in a second time: what differs is shown, and somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator import answered, sheets
from survey.facilitator.access import whoever_asks
from survey.facilitator.answered import Difference, Said
from survey.facilitator.one_response import address_of, find_history
from survey.facilitator.spoken import words_in
from survey.facilitator.views import blueprint, title_of
from survey.form import QuestionnaireForm, paper
from survey.form.body import BodyError, Fields, revision_of
from survey.form.form import END
from survey.form.people import PEOPLE, people_question
from survey.response import PAPER, Response, Sending, Workshop, clean
from survey.store import histories, responses
from survey.store.histories import History

CHOICE, FIRST, SECOND = "_choose_", "first", "second"
BACK = "_back"


@blueprint.get("/<language:language>/workshops/<code:code>/responses/<receipt>/second-entry")
def second_entry(language: str, code: str, receipt: str) -> AnyResponse:
    workshop, history = _paper_history(code, receipt)
    typed = Fields([(sheets.LANGUAGE, history.newest.language)])
    return _sheet(workshop, history, sheets.read(workshop, sheets.BLANK), typed)


def _paper_history(code: str, receipt: str) -> tuple[Workshop, History]:
    """404 for a response that no paper stands behind."""
    workshop, history = find_history(code, receipt)
    if not any(each.channel == PAPER for each in history.revisions):
        abort(404)
    return workshop, history


def _sheet(
    workshop: Workshop,
    history: History,
    form: QuestionnaireForm,
    typed: Fields,
    status: int = 200,
    **more: str,
) -> AnyResponse:
    receipt = history.newest.receipt
    return sheets.sheet_page(workshop, form, typed, status, second_of=receipt, **more)


@blueprint.post("/<language:language>/workshops/<code:code>/responses/<receipt>/second-entry")
def compare(language: str, code: str, receipt: str) -> AnyResponse:
    workshop, history = _paper_history(code, receipt)
    typed = web.read_form(request, END)
    form = sheets.read(workshop, typed)
    is_valid = form.validate()
    if BACK in typed:
        return _sheet(workshop, history, form, typed)
    if not is_valid:
        return _sheet(workshop, history, form, typed, 422, **sheets.needs_another_look())
    if not _differences(form, history.newest):
        return _done(workshop, history, "same")
    return _differences_page(workshop, form, history.newest, typed)


def _differences(second: QuestionnaireForm, first: Response) -> list[Difference]:
    found = answered.differences(
        second.questionnaire, second.language, first.answers, clean(second.answers)
    )
    if PEOPLE in second and second.people != first.people:
        numbers = [Said((str(people),)) for people in (first.people, second.people)]
        found.insert(0, Difference(people_question(), *numbers))
    return found


def _done(workshop: Workshop, history: History, outcome: str) -> AnyResponse:
    try:
        store, by = web.services().store, whoever_asks().name
        histories.enter_twice(store, history.newest.receipt, by)
    except responses.Erased:  # at this moment
        abort(410)
    return _back_to(workshop, history, outcome)


def _back_to(workshop: Workshop, history: History, outcome: str) -> AnyResponse:
    return redirect(f"{address_of(workshop, history.newest.receipt)}?second={outcome}", 303)


def _differences_page(
    workshop: Workshop,
    second: QuestionnaireForm,
    first: Response,
    typed: Fields,
    status: int = 200,
    summary: str = "",
    errors: Mapping[str, str] | None = None,
) -> AnyResponse:
    """What was typed the second time goes along in the page, unseen. `errors` are messages at
    questions, by their names."""

    def words(said: Mapping[str, str]) -> Markup:
        return words_in(second.questionnaire, second.language, said)

    questions = {field.name: field for field in second}
    lines = [line.name for field in questions.values() for line in paper.lines(field.question)]
    return web.page(
        "facilitator/differences.html",
        sheets.SHEET_STYLE,
        status,
        workshop=workshop,
        title=title_of(workshop),
        receipt=first.receipt,
        revision=first.revision,
        differences=_differences(second, first),
        chosen={name: typed.get(f"{CHOICE}{name}", "") for name in questions},
        kept=[(name, typed[name]) for name in (*lines, sheets.LANGUAGE) if name in typed],
        words=words,
        summary=summary,
        errors=errors or {},
        question_of=lambda name: questions[name].question,
    )


@blueprint.post(
    "/<language:language>/workshops/<code:code>/responses/<receipt>/second-entry/choose"
)
def choose(language: str, code: str, receipt: str) -> AnyResponse:
    """Stores what was chosen, question by question, as a correction, if it differs at all."""
    workshop, history = _paper_history(code, receipt)
    typed = web.read_form(request, END)
    first = _first(history, typed)
    second = sheets.read(workshop, typed)
    if not second.validate():
        return _sheet(workshop, history, second, typed, 422, **sheets.needs_another_look())
    unchosen = {
        each.question.name: web.plain("Choose one of the two.")
        for each in _differences(second, first)
        if typed.get(f"{CHOICE}{each.question.name}") not in (FIRST, SECOND)
    }
    if unchosen:
        summary = web.plain("Choose at each question that is marked")
        return _differences_page(workshop, second, first, typed, 422, summary, unchosen)
    return _settle(workshop, history, first, second, typed)


def _first(history: History, typed: Fields) -> Response:
    """The revision with which the second entry was compared."""
    try:
        number = revision_of(typed)
    except BodyError:
        abort(400)
    found = next((each for each in history.revisions if each.revision == number), None)
    return found or abort(400)


def _settle(
    workshop: Workshop,
    history: History,
    first: Response,
    second: QuestionnaireForm,
    typed: Fields,
) -> AnyResponse:
    chosen = _chosen(workshop, first, second, typed)
    if not chosen.validate():
        errors = {field.name: str(field.errors[0]) for field in chosen if field.errors}
        summary = web.plain("These choices do not fit together")
        return _differences_page(workshop, second, first, typed, 422, summary, errors)
    if not _differences(chosen, first):
        return _done(workshop, history, "first")
    paper_language = sheets.language_of(chosen.questionnaire, typed.get(sheets.LANGUAGE, ""))
    sending = Sending(
        first.id,
        chosen.answers,
        paper_language,
        workshop.variant,
        PAPER,
        first.revision,
        chosen.people,
    )
    try:
        stored = responses.add(web.services().store, workshop.code, sending, when_closed=True)
    except responses.Conflict as conflict:
        summary = web.plain("The response was corrected meanwhile: compare once more")
        newest = conflict.current or first
        return _differences_page(workshop, second, newest, typed, 409, summary)
    except responses.NotOpen:
        summary = web.plain("The workshop takes no answers now")
        return _differences_page(workshop, second, first, typed, 403, summary)
    except responses.Erased:  # at this moment
        abort(410)
    if not stored.is_new:
        return _back_to(workshop, history, "settled")
    return _done(workshop, history, "settled")


def _chosen(
    workshop: Workshop, first: Response, second: QuestionnaireForm, typed: Fields
) -> QuestionnaireForm:
    """A form with the first entry's answer where that was chosen, else with the second's."""
    shown = sheets.blank_form(workshop)
    shown.show(first.answers, first.people)
    stored = {field.name: field for field in shown}
    pairs: list[paper.Pair] = []
    for field in second:
        is_first = typed.get(f"{CHOICE}{field.name}") == FIRST
        sent = (stored[field.name] if is_first else field).sent
        pairs += [(name, value) for name, values in sent.items() for value in values]
    form = sheets.blank_form(workshop)
    form.process(Fields(pairs))
    return form
