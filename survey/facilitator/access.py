"""Finds for a request the workshop that it names, if whoever asks has the right."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, g

from survey import web
from survey.facilitator.rights import SEE, may_create, rights_over
from survey.response import Facilitator, Workshop
from survey.store import Store, shares, workshops


def whoever_asks() -> Facilitator:
    """The facilitator who is signed in."""
    found: Facilitator = g.facilitator
    return found


def rights_here(workshop: Workshop) -> frozenset[str]:
    """What whoever asks may do with a workshop."""
    who = whoever_asks()
    without = rights_over(workshop, who, False)
    if without or not shares.is_shared(web.services().store, workshop.code, who.name):
        return without
    return rights_over(workshop, who, True)


def find_workshop(
    code: str, right: str = SEE, find: Callable[[Store, str], Workshop] = workshops.get
) -> Workshop:
    """404 for a workshop that she does not see, 403 for what she may not do with one she sees.
    Pages that ask all the time `find` it by `workshops.remembered`, for its rights alone."""
    try:
        workshop = find(web.services().store, code)
    except workshops.UnknownWorkshop:
        abort(404)
    rights = rights_here(workshop)
    if SEE not in rights:
        abort(404)
    if right not in rights:
        raise web.NotAllowed
    return workshop


def only_who_may_create() -> None:
    """403 for observers."""
    if not may_create(whoever_asks()):
        raise web.NotAllowed


def only_administrators() -> None:
    """403 for everybody else."""
    if not whoever_asks().is_administrator:
        raise web.NotAllowed
