"""A workshop with its people, for the tests of its pages at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.questionnaire.model import Questionnaire
from survey.response import Workshop
from survey.store import Store, facilitators, shares
from tests.facilitator.desk_people import ROLES, browser_of


@pytest.fixture
def workshop(
    store: Store, questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]
) -> Workshop:
    """Open, on the test's own questionnaire, shared with the colleague and the observer."""
    for name, role in ROLES.items():
        facilitators.add(store, name, role)
    opened = open_workshop(questionnaire, owner="owner")
    for name in ("colleague", "observer"):
        shares.share(store, opened.code, name)
    return opened


@pytest.fixture
def desk(app: Flask, store: Store, workshop: Workshop) -> FlaskClient:
    """The owner's browser."""
    return browser_of(app, store, "owner")
