"""The results on the projector, each hidden until it is revealed, and the desk page that reveals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator import fragment
from survey.facilitator.access import find_workshop, rights_here, whoever_asks
from survey.facilitator.charts import Chart, chart_of
from survey.facilitator.moments import history_of
from survey.facilitator.rights import RUN
from survey.facilitator.spoken import clock, words_in
from survey.facilitator.tallies import figures_of
from survey.facilitator.views import blueprint, title_of
from survey.i18n import N_
from survey.questionnaire.model import Question, Questionnaire
from survey.response import Workshop
from survey.store import questionnaires, reveals, workshops
from survey.store.reveals import Reveal
from survey.synthesis.result import (
    Result,
    TooFew,
    TooFewChanged,
    from_json,
    renewed,
    result_of,
    to_json,
)
from survey.synthesis.tally import ANSWERED

STATIC = Path(__file__).parent / "static"
SCREEN = web.bundle_of(
    [*web.SHARED_STYLES, *(STATIC / f"{name}.css" for name in ("results", "bars"))],
    [STATIC / "now.js", STATIC / "results.js"],
)

REVEALING = web.bundle_of(
    [*web.SHARED_STYLES, *(STATIC / f"{name}.css" for name in ("desk", "revealing"))]
)

TOO_FEW = N_(
    "Fewer than %(number)s have answered this question. A result of so few could show what single "
    "people answered, so it is not shown yet."
)
TOO_FEW_CHANGED = N_(
    "Fewer than %(number)s answers have changed since this result was shown. The difference would "
    "show what single people answered, so it stays as it is for now."
)


@dataclass(frozen=True, slots=True)
class Slide:
    """A question as the projector shows it: its place among all, and its result if it is shown."""

    question: Question
    section: str
    place: int
    previous: str | None
    following: str | None
    reveal: Reveal | None
    result: Result | None
    chart: Chart | None
    by_group: bool = False
    groups_at: str = ""

    @property
    def is_shown(self) -> bool:
        return self.result is not None


@blueprint.get("/<language:language>/workshops/<code:code>/results")
def results(language: str, code: str) -> Response:
    workshop = find_workshop(code)
    tag = _tag_of(workshop)
    return web.page(
        "facilitator/results.html",
        SCREEN,
        tag=f'W/"{tag}"',
        title=title_of(workshop),
        **_slide_values(workshop),
    )


@blueprint.get("/<language:language>/workshops/<code:code>/results/now")
def results_now(language: str, code: str) -> Response:
    """What the projector shows, for the page's script; 304 while nothing has changed."""
    workshop = find_workshop(code, find=workshops.remembered)
    return fragment.reply(_tag_of(workshop), lambda: _slide_now(code))


def _slide_now(code: str) -> str:
    workshop = workshops.get(web.services().store, code)
    return render_template("facilitator/results_now.html", **_slide_values(workshop))


def _tag_of(workshop: Workshop) -> str:
    """Names what is shown: its pulse, the language, the day, and whether there are controls."""
    pulse = reveals.pulse(web.services().store, workshop.code)
    may_run = RUN in rights_here(workshop)
    shown = f"{g.language} {workshop.today()} {workshop.version} {may_run} {pulse}"
    return sha256(shown.encode()).hexdigest()[:16]


def _slide_values(workshop: Workshop) -> dict[str, Any]:
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    return {
        "workshop": workshop,
        "questionnaire": questionnaire,
        "may_run": RUN in rights_here(workshop),
        "slide": slide_of(workshop, questionnaire),
        "number": len(_questions(questionnaire)),
        "said": lambda words: words_in(questionnaire, g.language, words),
        "clock": lambda at: clock(workshop, at),
    }


def _questions(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions() if question.asks]


def slide_of(workshop: Workshop, questionnaire: Questionnaire) -> Slide:
    """The slide of the question on the projector, at first of the first question."""
    store = web.services().store
    questions = _questions(questionnaire)
    names = [question.name for question in questions]
    on = reveals.projected(store, workshop.code)
    place = names.index(on.question) if on.question in names else 0
    question = questions[place]
    reveal = reveals.get(store, workshop.code, question.name)
    result = from_json(reveal.result) if reveal and reveal.is_shown else None

    def say(words: Any) -> str:
        return questionnaire.say(g.language, words)

    chart = chart_of(questionnaire, question, result, say) if result else None
    return Slide(
        question=question,
        section=_section_of(questionnaire, question),
        place=place + 1,
        previous=names[place - 1] if place else None,
        following=names[place + 1] if place + 1 < len(names) else None,
        reveal=reveal,
        result=result,
        chart=chart,
        by_group=on.by_group and chart is not None and bool(chart.parts),
        groups_at=_earlier(result),
    )


def _section_of(questionnaire: Questionnaire, question: Question) -> str:
    section = next(each for each in questionnaire.sections if question in each.questions)
    return questionnaire.say(g.language, section.title)


def _earlier(result: Result | None) -> str:
    """When the groups were counted, if that was before the whole."""
    if result is None or result.groups is None or result.groups.at == result.whole.at:
        return ""
    return result.groups.at


@blueprint.get("/<language:language>/workshops/<code:code>/reveal")
def revealing(language: str, code: str) -> Response:
    return _revealing_page(find_workshop(code, RUN))


def _revealing_page(
    workshop: Workshop, status: int = 200, name: str = "", problem: str = ""
) -> Response:
    store = web.services().store
    questionnaire = questionnaires.get(store, workshop.version)
    figures = figures_of(store, workshop, questionnaire)
    return web.page(
        "facilitator/revealing.html",
        REVEALING,
        status,
        workshop=workshop,
        title=title_of(workshop),
        questionnaire=questionnaire,
        responses=figures.responses,
        answered=lambda question: figures.statuses[question.name, ANSWERED],
        revealed=reveals.every(store, workshop.code),
        projected=slide_of(workshop, questionnaire),
        said=lambda words: words_in(questionnaire, g.language, words),
        clock=lambda at: clock(workshop, at),
        wrong=name,
        problem=problem,
    )


@blueprint.post("/<language:language>/workshops/<code:code>/reveal")
def reveal(language: str, code: str) -> AnyResponse:
    """Reveals, hides or renews a question's result, or puts the question on the projector."""
    workshop = find_workshop(code, RUN)
    questionnaire = questionnaires.get(web.services().store, workshop.version)
    sent = web.read_form(request)
    act = ACTS.get(sent.get("act", ""))
    names = {question.name: question for question in _questions(questionnaire)}
    question = names.get(sent.get("question", ""))
    if act is None or question is None:
        abort(400)
    try:
        act(workshop, questionnaire, question)
    except (TooFew, TooFewChanged) as problem:
        message = TOO_FEW if isinstance(problem, TooFew) else TOO_FEW_CHANGED
        said = web.plain(message, number=questionnaire.min_group_size)
        return _revealing_page(workshop, 422, question.name, said)
    if sent.get("from") == "results":
        return redirect(url_for("facilitator.results", language=language, code=code), 303)
    place = url_for(
        "facilitator.revealing", language=language, code=code, _anchor=f"q-{question.name}"
    )
    return redirect(place, 303)


def _reveal(workshop: Workshop, questionnaire: Questionnaire, question: Question) -> None:
    """What was shown before is shown as it was: the audience knows it."""
    store, by = web.services().store, whoever_asks().name
    if reveals.get(store, workshop.code, question.name) is None:
        moment = history_of(store, workshop, questionnaire, question).moment
        result = result_of(question, moment, questionnaire.min_group_size)
        reveals.keep(store, workshop.code, question.name, to_json(result), by)
    else:
        reveals.show(store, workshop.code, question.name, True, by)
    reveals.project(store, workshop.code, question.name)


def _hide(workshop: Workshop, questionnaire: Questionnaire, question: Question) -> None:
    reveals.show(web.services().store, workshop.code, question.name, False, whoever_asks().name)


def _renew(workshop: Workshop, questionnaire: Questionnaire, question: Question) -> None:
    store = web.services().store
    known = reveals.get(store, workshop.code, question.name)
    if known is None:
        _reveal(workshop, questionnaire, question)
        return
    history = history_of(store, workshop, questionnaire, question)
    result = renewed(
        question,
        from_json(known.result),
        history.before,
        history.moment,
        questionnaire.min_group_size,
    )
    reveals.keep(store, workshop.code, question.name, to_json(result), whoever_asks().name)


def _project(workshop: Workshop, questionnaire: Questionnaire, question: Question) -> None:
    reveals.project(web.services().store, workshop.code, question.name)


def _split(workshop: Workshop, questionnaire: Questionnaire, question: Question) -> None:
    reveals.project(web.services().store, workshop.code, question.name, by_group=True)


ACTS: dict[str, Callable[[Workshop, Questionnaire, Question], None]] = {
    "reveal": _reveal,
    "hide": _hide,
    "renew": _renew,
    "project": _project,
    "split": _split,
}
"""What the buttons do."""
