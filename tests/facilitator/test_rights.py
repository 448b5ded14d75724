"""Who may open what at the desk: every address, by every kind of person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from survey.facilitator.rights import RUN, SEE, SHARE, rights_over
from survey.response import (
    ADMINISTRATOR,
    FACILITATOR,
    OBSERVER,
    PAPER,
    Facilitator,
    Sending,
    Workshop,
)
from survey.store import Store, facilitators, responses, shares
from tests.conftest import questionnaire_of
from tests.facilitator.desk_people import browser_of

QUESTIONNAIRE = questionnaire_of("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")

ROLES = {
    "stranger": FACILITATOR,
    "observer": OBSERVER,
    "colleague": FACILITATOR,
    "owner": FACILITATOR,
    "administrator": ADMINISTRATOR,
}
PEOPLE = ("anonymous", *ROLES)

ALL_IN = (303, 200, 200, 200, 200, 200)
ADMINISTRATORS = (303, 403, 403, 403, 403)
CREATORS = (303, 200, 403, 200, 200, 200)
SENT = {"name": "colleague", "role": "observer", "change": "disable", "state": "closed"}

MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "any_language"): (303, 303, 303, 303, 303, 303),
    ("GET", "sign_in"): (200, 200, 200, 200, 200, 200),
    ("POST", "sign_in"): (422, 422, 422, 422, 422, 422),
    ("GET", "link"): (404, 404, 404, 404, 404, 404),
    ("POST", "link"): (404, 404, 404, 404, 404, 404),
    ("POST", "sign_out"): (303, 303, 303, 303, 303, 303),
    ("GET", "every_workshop"): ALL_IN,
    ("GET", "archived_workshops"): ALL_IN,
    ("GET", "choose_questionnaire"): CREATORS,
    ("GET", "preview_questionnaire"): CREATORS,
    ("GET", "create_workshop"): CREATORS,
    ("POST", "create_workshop"): (303, 422, 403, 422, 422, 422),
    ("GET", "change_settings"): (303, 404, 403, 200, 200, 200),
    ("POST", "change_settings"): (303, 404, 403, 422, 422, 422),
    ("POST", "duplicate"): (303, 404, 403, 303, 303, 303),
    ("POST", "archive"): (303, 404, 403, 400, 400, 400),
    ("GET", "newer_version"): (303, 404, 403, 200, 200, 200),
    ("POST", "take_version"): (303, 404, 403, 409, 409, 409),
    ("GET", "preview_workshop"): (303, 404, 200, 200, 200, 200),
    ("GET", "one_workshop"): (303, 404, 200, 200, 200, 200),
    ("POST", "change_state"): (303, 404, 403, 303, 303, 303),
    ("POST", "take_in"): (303, 404, 403, 415, 415, 415),
    ("GET", "join"): (303, 404, 200, 200, 200, 200),
    ("GET", "join_now"): (303, 404, 200, 200, 200, 200),
    ("GET", "live"): (303, 404, 200, 200, 200, 200),
    ("GET", "live_now"): (303, 404, 200, 200, 200, 200),
    ("GET", "results"): (303, 404, 200, 200, 200, 200),
    ("GET", "results_now"): (303, 404, 200, 200, 200, 200),
    ("GET", "revealing"): (303, 404, 403, 200, 200, 200),
    ("POST", "reveal"): (303, 404, 403, 400, 400, 400),
    ("GET", "poster"): (303, 404, 200, 200, 200, 200),
    ("POST", "keep_hall"): (303, 404, 403, 303, 303, 303),
    ("GET", "export"): (303, 404, 403, 200, 200, 200),
    ("GET", "every_response"): (303, 404, 403, 200, 200, 200),
    ("GET", "find_to_erase"): (303, 404, 403, 404, 404, 404),
    ("GET", "one_response"): (303, 404, 403, 200, 200, 200),
    ("POST", "mark"): (303, 404, 403, 400, 400, 400),
    ("POST", "unmark"): (303, 404, 403, 303, 303, 303),
    ("GET", "erase"): (303, 404, 403, 200, 200, 200),
    ("POST", "erase_now"): (303, 404, 403, 200, 200, 200),
    ("GET", "second_entry"): (303, 404, 403, 200, 200, 200),
    ("POST", "compare"): (303, 404, 403, 400, 400, 400),
    ("POST", "choose"): (303, 404, 403, 400, 400, 400),
    ("GET", "new_sheet"): (303, 404, 403, 303, 303, 303),
    ("GET", "sheet"): (303, 404, 403, 200, 200, 200),
    ("POST", "enter"): (303, 404, 403, 400, 400, 400),
    ("GET", "exports"): (303, 404, 403, 200, 200, 200),
    ("POST", "take_away"): (303, 404, 403, 422, 422, 422),
    ("GET", "one_export"): (303, 404, 404, 404, 404, 404),
    ("GET", "export_file"): (303, 404, 404, 404, 404, 404),
    ("POST", "drop_export"): (303, 404, 404, 404, 404, 404),
    ("GET", "sharing"): (303, 404, 403, 403, 200, 200),
    ("POST", "share"): (303, 404, 403, 403, 303, 303),
    ("POST", "take_back"): (303, 404, 403, 403, 303, 303),
    ("GET", "workshop_log"): (303, 404, 403, 403, 200, 200),
    ("GET", "whole_log"): (*ADMINISTRATORS, 200),
    ("GET", "every_facilitator"): (*ADMINISTRATORS, 200),
    ("POST", "invite"): (*ADMINISTRATORS, 422),
    ("POST", "new_link"): (*ADMINISTRATORS, 200),
    ("POST", "change_role"): (*ADMINISTRATORS, 303),
    ("POST", "change_access"): (*ADMINISTRATORS, 303),
    ("GET", "account"): ALL_IN,
    ("POST", "change_password"): (303, 422, 422, 422, 422, 422),
    ("POST", "sign_out_everywhere"): (303, 303, 303, 303, 303, 303),
}
"""The status for each of PEOPLE. An anonymous person is led to the sign-in, and a sign-out leads
there, too. 400, 409, 415 and 422 are past the rights. A long export is found by its owner alone; see
test_exports.py."""


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    for name, role in ROLES.items():
        facilitators.add(store, name, role)
    workshop = open_workshop(QUESTIONNAIRE, owner="owner")
    for name in ("observer", "colleague"):
        shares.share(store, workshop.code, name)
    return workshop


def routes(app: Flask) -> dict[tuple[str, str], str]:
    """Each method and endpoint of the desk, and its rule."""
    return {
        (method, rule.endpoint.removeprefix("facilitator.")): rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("facilitator.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_address_of_the_desk_has_a_row(app: Flask) -> None:
    assert set(routes(app)) == set(MATRIX)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(("method", "endpoint"), MATRIX)
def test_everybody_gets_what_the_role_allows(
    app: Flask, store: Store, workshop: Workshop, method: str, endpoint: str, person: str
) -> None:
    sending = Sending("a" * 26, {"idea": "secret"}, "fr", channel=PAPER)
    receipt = responses.add(store, workshop.code, sending).code
    values = {"language": "fr", "code": workshop.code, "token": "x" * 32}
    values |= {"receipt": receipt, "id": "b" * 26, "name": "quick-diagnosis"}
    address = app.url_map.bind("localhost").build(
        f"facilitator.{endpoint}",
        {
            name: value
            for name, value in values.items()
            if f":{name}>" in routes(app)[method, endpoint]
            or f"<{name}>" in routes(app)[method, endpoint]
        },
        method=method,
    )
    client = browser_of(app, store, person)
    sent = SENT if method == "POST" else None
    response = client.open(address, method=method, data=sent, query_string={"format": "csv"})
    assert response.status_code == MATRIX[method, endpoint][PEOPLE.index(person)]


def test_the_list_shows_only_what_one_may_see(
    app: Flask, store: Store, workshop: Workshop, open_workshop: Callable[..., Workshop]
) -> None:
    made_on_the_command_line = open_workshop(QUESTIONNAIRE)
    for person in ROLES:
        page = browser_of(app, store, person).get("/desk/fr/").text
        assert (workshop.code in page) == (person != "stranger")
        assert (made_on_the_command_line.code in page) == (person == "administrator")


def test_an_observer_sees_counts_and_no_way_to_answers(
    app: Flask, store: Store, workshop: Workshop
) -> None:
    address = f"/desk/fr/workshops/{workshop.code}"
    hers = browser_of(app, store, "observer").get(address).text
    owners = browser_of(app, store, "owner").get(address).text
    assert "0 réponse" in hers
    for part in ("export", "handed-over", "state", "people", "log", "responses"):
        assert f"{address}/{part}" not in hers
        assert f"{address}/{part}" in owners


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_what_a_role_does_not_allow_is_said_in_every_language(
    app: Flask, store: Store, workshop: Workshop, language: str
) -> None:
    page = browser_of(app, store, "observer").get(f"/desk/{language}/people")
    assert page.status_code == 403
    assert f'<html lang="{language}"' in page.text
    if language == "fr":
        assert "Votre rôle ne le permet pas" in page.text


def test_the_rule_itself() -> None:
    own = Workshop("W4A3PJ", {}, "x", owner="Samira")
    samira, other = Facilitator("samira", FACILITATOR), Facilitator("other", FACILITATOR)
    assert rights_over(own, samira, False) == {SEE, RUN, SHARE}
    assert rights_over(own, other, True) == {SEE, RUN}
    assert rights_over(own, other, False) == set()
    assert rights_over(own, Facilitator("samira", OBSERVER), False) == {SEE}
    nobodys = Workshop("W4A3PJ", {}, "x")
    assert rights_over(nobodys, other, False) == set()
    assert rights_over(nobodys, Facilitator("a"), False) == {SEE, RUN, SHARE}
