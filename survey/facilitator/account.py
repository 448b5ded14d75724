"""One's own account: another password, and signing out on every device."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey import web
from survey.facilitator import passwords
from survey.facilitator.access import whoever_asks
from survey.facilitator.people import ROLE_NAMES
from survey.facilitator.views import COOKIE, DESK, KNOWN, blueprint, with_session
from survey.store import facilitators, tries


@blueprint.get("/<language:language>/account")
def account(language: str) -> AnyResponse:
    return _account_page()


def _account_page(status: int = 200, problem: str = "", is_changed: bool = False) -> AnyResponse:
    return web.page(
        "facilitator/account.html",
        DESK,
        status,
        problem=problem,
        is_changed=is_changed,
        role=ROLE_NAMES[whoever_asks().role],
    )


@blueprint.post("/<language:language>/account")
def change_password(language: str) -> AnyResponse:
    """Every session ends, but for a new one of this browser."""
    sent = web.read_form(request)
    store, name = web.services().store, whoever_asks().name
    password = sent.get("password", "")
    problem = passwords.problem_with(password, sent.get("again", ""), name)
    if problem:
        return _account_page(422, problem)
    try:
        old, known = sent.get("old", ""), request.cookies.get(KNOWN, "")
        is_right = passwords.is_right(store, name, old, known)
    except tries.MustWait as error:
        return _account_page(429, passwords.too_many(error))
    if not is_right:
        return _account_page(422, web.plain("The old password is not right."))
    facilitators.change_password(store, name, passwords.hashed(password))
    return with_session(_account_page(is_changed=True), name)


@blueprint.post("/<language:language>/account/sign-out")
def sign_out_everywhere(language: str) -> AnyResponse:
    facilitators.end_every_session(web.services().store, whoever_asks().name)
    response = redirect(url_for("facilitator.sign_in", language=language), 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response
