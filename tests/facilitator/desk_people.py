"""Whom the desk's tests know: an owner, a colleague, an observer and a stranger, and their browsers."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from survey.facilitator.views import COOKIE
from survey.response import FACILITATOR, OBSERVER
from survey.store import Store, facilitators

ROLES = {
    "owner": FACILITATOR,
    "colleague": FACILITATOR,
    "observer": OBSERVER,
    "stranger": FACILITATOR,
}


def browser_of(app: Flask, store: Store, person: str) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, facilitators.begin_session(store, person), path="/desk")
    return client
