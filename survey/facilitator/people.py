"""The desk's people, for administrators: invited, given a role, kept out."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator.access import only_administrators, whoever_asks
from survey.facilitator.views import DESK, blueprint
from survey.form.body import Fields
from survey.i18n import N_
from survey.response import ADMINISTRATOR, FACILITATOR, OBSERVER, ROLES
from survey.store import facilitators
from survey.store.facilitators import (
    BadName,
    FacilitatorError,
    LastAdministrator,
    NameTaken,
    UnknownFacilitator,
)

ROLE_NAMES = {
    ADMINISTRATOR: N_("Administrator"),
    FACILITATOR: N_("Facilitator"),
    OBSERVER: N_("Observer"),
}

PROBLEMS: dict[type[FacilitatorError], str] = {
    BadName: N_("Write a name of 1 to 64 letters."),
    NameTaken: N_("Somebody has this name already. Choose another one."),
    UnknownFacilitator: N_("There is nobody of this name who can sign in."),
    LastAdministrator: N_("This is the last administrator. Make somebody else one first."),
}


@blueprint.get("/<language:language>/people")
def every_facilitator(language: str) -> AnyResponse:
    only_administrators()
    return _people_page()


def _people_page(
    status: int = 200, problem: str = "", name: str = "", link: str = "", typed: str = ""
) -> AnyResponse:
    return web.page(
        "facilitator/people.html",
        DESK,
        status,
        people=facilitators.every(web.services().store),
        roles=ROLE_NAMES,
        problem=problem,
        name=name,
        link=link,
        typed=typed,
    )


@blueprint.post("/<language:language>/people")
def invite(language: str) -> AnyResponse:
    """The link is shown once, in this reply, and never again."""
    only_administrators()
    sent = web.read_form(request)
    name, role = sent.get("name", "").strip(), _role(sent)
    store, by = web.services().store, whoever_asks().name
    try:
        facilitators.add(store, name, role, by)
    except FacilitatorError as error:
        return _people_page(422, PROBLEMS[type(error)], typed=name)
    return _with_link(name)


def _role(sent: Fields) -> str:
    role = sent.get("role", "")
    if role not in ROLES:
        abort(400)
    return role


def _with_link(name: str) -> AnyResponse:
    services = web.services()
    token = facilitators.make_link(services.store, name, whoever_asks().name)
    base = services.base_url or request.url_root.rstrip("/")
    path = url_for("facilitator.link", language=g.language, token=token)
    return _people_page(name=name, link=base + path)


@blueprint.post("/<language:language>/people/link")
def new_link(language: str) -> AnyResponse:
    only_administrators()
    name = web.read_form(request).get("name", "")
    try:
        return _with_link(name)
    except FacilitatorError as error:
        return _people_page(422, PROBLEMS[type(error)])


@blueprint.post("/<language:language>/people/role")
def change_role(language: str) -> AnyResponse:
    only_administrators()
    sent = web.read_form(request)
    role = _role(sent)
    return _changed(
        lambda: facilitators.set_role(
            web.services().store, sent.get("name", ""), role, whoever_asks().name
        )
    )


@blueprint.post("/<language:language>/people/access")
def change_access(language: str) -> AnyResponse:
    only_administrators()
    sent = web.read_form(request)
    changes = {"disable": facilitators.disable, "enable": facilitators.enable}
    change = changes.get(sent.get("change", ""))
    if change is None:
        abort(400)
    return _changed(lambda: change(web.services().store, sent.get("name", ""), whoever_asks().name))


def _changed(change: Callable[[], None]) -> AnyResponse:
    try:
        change()
    except FacilitatorError as error:
        return _people_page(422, PROBLEMS[type(error)])
    return redirect(url_for("facilitator.every_facilitator", language=g.language), 303)
