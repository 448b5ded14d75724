"""A pause: nothing is taken, nothing is lost, and phones go on trying."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from survey import handed_over
from survey.response import CLOSED, OPEN, PAUSED, Sending, Workshop
from survey.store import Store, halls, log, responses, workshops
from tests.conftest import questionnaire_of

ID = "a" * 26
SENT = {"idea": "زيت الأركان", "_end": "1"}
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop], store: Store) -> Workshop:
    made = open_workshop(questionnaire_of("- {type: text, name: idea, label: {fr: I, ar: ف}}"))
    workshops.set_state(store, made.code, PAUSED)
    return workshops.get(store, made.code)


def test_the_first_page_says_so_and_offers_no_beginning(
    client: FlaskClient, workshop: Workshop
) -> None:
    page = client.get(f"/{workshop.code}/fr")
    assert page.status_code == 200 and "/new" not in page.text
    assert client.get(f"/{workshop.code}/fr/new").status_code == 303


@pytest.mark.parametrize("place", ["", "/edit"])
def test_the_form_is_not_there_meanwhile(
    client: FlaskClient, store: Store, workshop: Workshop, place: str
) -> None:
    workshops.set_state(store, workshop.code, OPEN)
    responses.add(store, workshop.code, Sending(ID, {"idea": "x"}, "fr"))
    workshops.set_state(store, workshop.code, PAUSED)
    page = client.get(f"/{workshop.code}/fr/{ID}{place}")
    assert (page.status_code, page.headers["Cache-Control"]) == (403, "no-store")


def test_what_was_typed_comes_back_and_nothing_is_stored(
    client: FlaskClient, store: Store, workshop: Workshop
) -> None:
    reply = client.post(f"/{workshop.code}/fr/{ID}", data=SENT)
    assert reply.status_code == 403 and SENT["idea"] in reply.text
    assert responses.count(store, workshop.code) == 0


def test_the_script_is_told_to_try_again_and_why(
    client: FlaskClient, store: Store, workshop: Workshop
) -> None:
    reply = client.post(f"/{workshop.code}/fr/{ID}", data=SENT, headers=SCRIPT)
    assert reply.status_code == 403
    assert reply.json is not None and reply.json["refused"] == 0 and reply.json["said"]
    workshops.set_state(store, workshop.code, OPEN)
    again = client.post(f"/{workshop.code}/fr/{ID}", data=SENT, headers=SCRIPT)
    assert again.json is not None and again.json["id"] == ID


def test_a_closed_workshop_is_no_pause(
    client: FlaskClient, store: Store, workshop: Workshop
) -> None:
    workshops.set_state(store, workshop.code, CLOSED)
    reply = client.post(f"/{workshop.code}/fr/{ID}", data=SENT, headers=SCRIPT)
    assert reply.json == {"refused": 403}


def test_what_is_stored_already_keeps_its_receipt(
    client: FlaskClient, store: Store, workshop: Workshop
) -> None:
    workshops.set_state(store, workshop.code, OPEN)
    first = client.post(f"/{workshop.code}/fr/{ID}", data=SENT, headers=SCRIPT).json
    workshops.set_state(store, workshop.code, PAUSED)
    again = client.post(f"/{workshop.code}/fr/{ID}", data=SENT, headers=SCRIPT)
    assert (again.status_code, again.json) == (200, first)


def test_answers_handed_over_are_taken_in(store: Store, workshop: Workshop) -> None:
    text = f"[tashkhis {workshop.code} fr {ID} idea=x&_end=1]"
    [outcome] = handed_over.take_in(store, text, "en")
    assert outcome.said == handed_over.STORED


def test_nobody_takes_answers_back_meanwhile(
    client: FlaskClient, store: Store, workshop: Workshop
) -> None:
    workshops.set_state(store, workshop.code, OPEN)
    responses.add(store, workshop.code, Sending(ID, {"idea": "x"}, "fr"))
    workshops.set_state(store, workshop.code, PAUSED)
    address = f"/{workshop.code}/fr/{ID}/withdraw"
    assert client.get(address).status_code == 403
    assert client.post(address, data={"_end": "1"}).status_code == 403
    assert responses.count(store, workshop.code) == 1


def test_it_goes_on_and_is_closed_like_any_other(store: Store, workshop: Workshop) -> None:
    pulse = halls.pulse(store, workshop.code)
    workshops.set_state(store, workshop.code, OPEN)
    assert workshops.get(store, workshop.code).is_open
    assert halls.pulse(store, workshop.code) != pulse  # the wall hears of it
    workshops.set_state(store, workshop.code, PAUSED)
    workshops.set_state(store, workshop.code, CLOSED)
    assert workshops.get(store, workshop.code).state == CLOSED
    actions = [entry.action for entry in log.page(store, workshop.code)]
    assert actions[:4] == [log.CLOSED, log.PAUSED, log.OPENED, log.PAUSED]
