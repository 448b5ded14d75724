"""The lists of workshops: those that run or will, and the archive."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, g

from survey import web
from survey.facilitator.access import whoever_asks
from survey.facilitator.groups import Received, received
from survey.facilitator.rights import may_create
from survey.facilitator.views import DESK, blueprint
from survey.response import Workshop
from survey.store import questionnaires, workshops


@blueprint.get("/<language:language>/")
def every_workshop(language: str) -> Response:
    return _list_page(is_archive=False)


@blueprint.get("/<language:language>/workshops/archived")
def archived_workshops(language: str) -> Response:
    return _list_page(is_archive=True)


def _list_page(is_archive: bool) -> Response:
    store, who = web.services().store, whoever_asks()
    seen = workshops.seen_by(store, who)
    return web.page(
        "facilitator/workshops.html",
        DESK,
        listed=[_listed(each) for each in seen if bool(each.archived_at) == is_archive],
        is_archive=is_archive,
        has_archive=any(each.archived_at for each in seen),
        may_create=may_create(who),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A workshop as a list shows it."""

    workshop: Workshop
    title: str
    place: str
    received: Received


def _listed(workshop: Workshop) -> Listed:
    store = web.services().store
    questionnaire = questionnaires.get(store, workshop.version)
    return Listed(
        workshop,
        questionnaire.say(g.language, workshop.title),
        workshop.place_in(questionnaire, g.language),
        received(workshop),
    )
