"""The newer version of a workshop's questionnaire, shown with all that it changes, and taken."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import edition, web
from survey.edition import Edition, EditionError
from survey.facilitator.access import find_workshop, whoever_asks
from survey.facilitator.rights import RUN
from survey.facilitator.views import DESK, blueprint, title_of
from survey.i18n import N_
from survey.questionnaire import changes
from survey.response import Workshop
from survey.store import responses

SAID = {
    (changes.QUESTIONNAIRE, changes.REWORDED): N_("The title is reworded"),
    (changes.QUESTIONNAIRE, changes.CONDITION): N_("A named condition is another"),
    (changes.QUESTIONNAIRE, changes.OTHERWISE): N_("The questionnaire changes otherwise"),
    (changes.SECTION, changes.ADDED): N_("A new section"),
    (changes.SECTION, changes.REMOVED): N_("A section is gone"),
    (changes.SECTION, changes.REWORDED): N_("A section is reworded"),
    (changes.SECTION, changes.MOVED): N_("A section stands elsewhere"),
    (changes.SECTION, changes.OTHERWISE): N_("A section changes otherwise"),
    (changes.QUESTION, changes.ADDED): N_("A new question"),
    (changes.QUESTION, changes.REMOVED): N_("A question is gone"),
    (changes.QUESTION, changes.REWORDED): N_("A question is reworded"),
    (changes.QUESTION, changes.MOVED): N_("A question stands elsewhere"),
    (changes.QUESTION, changes.TYPE): N_("A question is answered in another way"),
    (changes.QUESTION, changes.CONDITION): N_("A question is asked under another condition"),
    (changes.QUESTION, changes.LIMITS): N_("A question admits other answers"),
    (changes.QUESTION, changes.OTHERWISE): N_("A question changes otherwise"),
    (changes.CHOICE, changes.ADDED): N_("A new choice"),
    (changes.CHOICE, changes.REMOVED): N_("A choice is gone"),
    (changes.CHOICE, changes.REWORDED): N_("A choice is reworded"),
    (changes.CHOICE, changes.MOVED): N_("A choice stands elsewhere"),
    (changes.CHOICE, changes.OTHERWISE): N_("A choice changes otherwise"),
    (changes.ROW, changes.ADDED): N_("A new row"),
    (changes.ROW, changes.REMOVED): N_("A row is gone"),
    (changes.ROW, changes.REWORDED): N_("A row is reworded"),
    (changes.ROW, changes.MOVED): N_("A row stands elsewhere"),
    (changes.ROW, changes.OTHERWISE): N_("A row changes otherwise"),
}

OBSTACLES = {
    edition.NO_SHORT: N_("It has no short version, and this workshop is on the short one."),
    edition.LANGUAGE_GONE: N_("It lacks a language that this workshop offers:"),
    edition.TYPE_CHANGED: N_(
        "A question is answered in another way than before. Its author has to give it another name:"
    ),
    edition.NOTICE_HOLE: N_(
        "Its privacy notice needs more. Fill it in first, or close the workshop:"
    ),
}
CHANGED_AGAIN = N_("The file has changed once more. Look again before you take it.")


@blueprint.get("/<language:language>/workshops/<code:code>/version")
def newer_version(language: str, code: str) -> AnyResponse:
    return _version_page(find_workshop(code, RUN))


@blueprint.post("/<language:language>/workshops/<code:code>/version")
def take_version(language: str, code: str) -> AnyResponse:
    """Takes the version that was looked at, and no other."""
    workshop = find_workshop(code, RUN)
    wanted = web.read_form(request).get("version")
    found = _offered(workshop)
    if found is None or found.version != wanted:
        return _version_page(workshop, 409, CHANGED_AGAIN)
    try:
        edition.take(web.services().store, workshop, found, whoever_asks().name)
    except EditionError:
        return _version_page(workshop, 409)  # it says what is in the way
    return redirect(url_for("facilitator.one_workshop", language=language, code=code), 303)


def _offered(workshop: Workshop) -> Edition | None:
    services = web.services()
    return edition.offered(services.store, workshop, services.settings.questionnaires)


def _version_page(workshop: Workshop, status: int = 200, problem: str = "") -> AnyResponse:
    found = _offered(workshop)
    return web.page(
        "facilitator/version.html",
        DESK,
        status,
        workshop=workshop,
        title=title_of(workshop),
        edition=found,
        count=responses.count(web.services().store, workshop.code),
        said=SAID,
        obstacles=OBSTACLES,
        problem=problem,
        say=lambda words: found.questionnaire.say(g.language, words) if found else "",
    )
