"""The desk: closed by default, and what a facilitator does there."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.facilitator.views import COOKIE, OPEN_TO_ALL
from survey.questionnaire.model import Questionnaire
from survey.response import Sending, Workshop
from survey.store import Store, facilitators, responses, workshops
from tests.conftest import questionnaire_of

PASSWORD = "argan saffron honey"
ID = "a" * 26

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  role: actor_group
  other: {group: others}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: Coopérative, ar: تعاونية}}
  - {name: gie, group: producers, label: {fr: GIE, ar: مجموعة}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
""",
    """
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: المنتجون}}
- {name: others, label: {fr: Autres, ar: آخرون}}
""",
)


@pytest.fixture
def questionnaire() -> Questionnaire:
    return QUESTIONNAIRE


@pytest.fixture
def workshop(questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire)


@pytest.fixture
def link(store: Store) -> str:
    facilitators.add(store, "samira")
    return f"/desk/fr/link/{facilitators.make_link(store, 'samira')}"


@pytest.fixture
def desk(app: Flask, link: str) -> FlaskClient:
    """A browser of a facilitator who has signed in."""
    client = app.test_client()
    response = client.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert response.status_code == 303
    return client


class TestClosedByDefault:
    def test_every_address_of_the_desk_leads_a_stranger_to_the_sign_in(
        self, app: Flask, client: FlaskClient, workshop: Workshop
    ) -> None:
        values = {"language": "fr", "code": workshop.code, "token": "x" * 32}
        closed = 0
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith("facilitator.") or rule.endpoint in OPEN_TO_ALL:
                continue
            address = app.url_map.bind("localhost").build(
                rule.endpoint, {name: values[name] for name in rule.arguments}
            )
            for method in (rule.methods or set()) & {"GET", "POST"}:
                response = client.open(address, method=method)
                assert (response.status_code, response.location) == (303, "/desk/fr/sign-in")
                closed += 1
        assert closed >= 5

    def test_what_is_open_is_only_the_way_in(self) -> None:
        assert {
            "facilitator.sign_in",
            "facilitator.link",
            "facilitator.any_language",
        } == OPEN_TO_ALL

    def test_an_invented_cookie_opens_nothing(self, client: FlaskClient) -> None:
        client.set_cookie(COOKIE, "x" * 43, path="/desk")
        assert client.get("/desk/fr/").status_code == 303

    def test_an_unknown_workshop_is_not_found(self, desk: FlaskClient) -> None:
        assert desk.get("/desk/fr/workshops/ZZZZZZ").status_code == 404


class TestSigningIn:
    def test_looking_at_the_link_does_not_use_it_up(self, client: FlaskClient, link: str) -> None:
        for _ in range(2):
            assert client.get(link).status_code == 200

    def test_the_link_works_once(self, client: FlaskClient, link: str) -> None:
        sent = {"password": PASSWORD, "again": PASSWORD}
        assert client.post(link, data=sent).status_code == 303
        assert client.post(link, data=sent).status_code == 404

    def test_the_link_is_good_for_an_hour(
        self, client: FlaskClient, store: Store, link: str
    ) -> None:
        with store.write() as database:
            database.execute("update one_time_link set expires_at = '2020-01-01T00:00:00.000Z'")
        assert client.get(link).status_code == 404

    @pytest.mark.parametrize(
        ("password", "again"),
        [
            ("short", "short"),
            ("x" * 129, "x" * 129),
            ("abababababab", "abababababab"),
            (PASSWORD, "else"),
        ],
    )
    def test_a_bad_password_is_explained_and_the_link_stays_good(
        self, client: FlaskClient, link: str, password: str, again: str
    ) -> None:
        response = client.post(link, data={"password": password, "again": again})
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        assert client.get(link).status_code == 200

    def test_name_and_password_open_the_desk_in_a_cookie_scripts_cannot_read(
        self, desk: FlaskClient, client: FlaskClient
    ) -> None:
        response = client.post("/desk/ar/sign-in", data={"name": "Samira", "password": PASSWORD})
        assert (response.status_code, response.location) == (303, "/desk/ar/")
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/desk" in cookie
        assert "Secure" not in cookie
        assert client.get("/desk/ar/").status_code == 200

    def test_under_https_the_cookie_is_secure(self, desk: FlaskClient, client: FlaskClient) -> None:
        sent = {"name": "samira", "password": PASSWORD}
        response = client.post("/desk/fr/sign-in", data=sent, base_url="https://localhost")
        assert "Secure" in response.headers["Set-Cookie"]

    @pytest.mark.parametrize("name", ["samira", "nobody", ""])
    def test_a_wrong_name_and_a_wrong_password_look_the_same(
        self, desk: FlaskClient, client: FlaskClient, name: str
    ) -> None:
        response = client.post("/desk/fr/sign-in", data={"name": name, "password": "wrong" * 4})
        assert response.status_code == 422
        assert "ne vont pas ensemble" in response.text or 'role="alert"' in response.text

    def test_after_five_wrong_tries_the_name_rests_but_others_do_not(
        self, desk: FlaskClient, client: FlaskClient, store: Store
    ) -> None:
        for _ in range(5):
            client.post("/desk/fr/sign-in", data={"name": "samira", "password": "wrong"})
        sent = {"name": "samira", "password": PASSWORD}
        assert client.post("/desk/fr/sign-in", data=sent).status_code == 429
        assert (
            client.post("/desk/fr/sign-in", data={"name": "x", "password": "y"}).status_code == 422
        )
        with store.write() as database:
            database.execute("update failed_sign_in set failed_at = '2020-01-01T00:00:00.000Z'")
        assert client.post("/desk/fr/sign-in", data=sent).status_code == 303

    def test_a_new_password_ends_every_session_however_the_name_was_typed(
        self, desk: FlaskClient, client: FlaskClient, store: Store
    ) -> None:
        client.post("/desk/fr/sign-in", data={"name": "SAMIRA", "password": PASSWORD})
        assert client.get("/desk/fr/").status_code == 200
        link = f"/desk/fr/link/{facilitators.make_link(store, 'Samira')}"
        sent = {"password": PASSWORD[::-1], "again": PASSWORD[::-1]}
        assert desk.application.test_client().post(link, data=sent).status_code == 303
        assert client.get("/desk/fr/").status_code == 303
        assert desk.get("/desk/fr/").status_code == 303

    def test_signing_out_ends_the_session_everywhere(self, desk: FlaskClient, app: Flask) -> None:
        token = desk.get_cookie(COOKIE, path="/desk")
        assert token is not None
        elsewhere = app.test_client()
        elsewhere.set_cookie(COOKIE, token.value, path="/desk")
        assert elsewhere.get("/desk/fr/").status_code == 200
        assert desk.post("/desk/fr/sign-out").status_code == 303
        assert elsewhere.get("/desk/fr/").status_code == 303

    @pytest.mark.parametrize("column", ["seen_at", "created_at"])
    def test_a_session_ends_when_idle_or_old(
        self, desk: FlaskClient, store: Store, column: str
    ) -> None:
        with store.write() as database:
            database.execute(f"update session set {column} = '2020-01-01T00:00:00.000Z'")
        assert desk.get("/desk/fr/").status_code == 303

    def test_only_keyed_hashes_of_tokens_are_stored(
        self, desk: FlaskClient, store: Store, link: str
    ) -> None:
        token = desk.get_cookie(COOKIE, path="/desk")
        assert token is not None
        with store.read() as database:
            dump = str([list(table.rows) for table in database.tables])
        assert token.value not in dump
        assert link.rsplit("/", 1)[1] not in dump
        assert PASSWORD not in dump
        assert "$argon2id$" in dump


class TestRunningAWorkshop:
    def test_the_list_shows_title_code_state_and_count(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        responses.add(store, workshop.code, Sending(ID, {"actor": "coop"}, "fr"))
        page = desk.get("/desk/fr/").text
        assert "Essai" in page and workshop.code in page
        assert '<td class="count">1</td>' in page

    def test_counts_are_by_actor_group_in_the_questionnaires_order(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        for number, actor in enumerate(["coop", "gie", "other", None]):
            answers = {"actor": actor, "idea": None}
            responses.add(store, workshop.code, Sending("a" * 25 + "abcd"[number], answers, "fr"))
        replaced = Sending("a" * 26, {"actor": "other", "idea": None}, "fr", replaces=1)
        responses.add(store, workshop.code, replaced)
        page = desk.get(f"/desk/ar/workshops/{workshop.code}").text
        counts = [
            (label, page.split(f'<th scope="row">{label}</th><td class="count">')[1].split("<")[0])
            for label in ("المنتجون", "آخرون")
        ]
        assert counts == [("المنتجون", "1"), ("آخرون", "2")]
        assert page.count('<th scope="row">') == 3

    def test_the_qr_code_is_for_the_address_that_phones_can_reach(
        self, desk: FlaskClient, workshop: Workshop
    ) -> None:
        token = desk.get_cookie(COOKIE, path="/desk")
        assert token is not None
        desk.set_cookie(COOKIE, token.value, path="/desk", domain="evil.test")
        address = f"http://evil.test/desk/fr/workshops/{workshop.code}"
        page = desk.get(address).text
        assert f"http://workshop.test:8000/{workshop.code}" in page
        assert "<svg" in page and "evil.test" not in page

    def test_a_workshop_is_closed_and_opened_again(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        for state in ("closed", "open"):
            address = f"/desk/fr/workshops/{workshop.code}/state"
            assert desk.post(address, data={"state": state}).status_code == 303
            assert workshops.get(store, workshop.code).state == state

    def test_it_does_not_open_while_the_notice_has_holes(
        self, desk: FlaskClient, store: Store, questionnaire: Questionnaire
    ) -> None:
        created = workshops.create(store, questionnaire)
        response = desk.post(f"/desk/fr/workshops/{created.code}/state", data={"state": "open"})
        assert response.status_code == 422
        assert "controller" in response.text
        assert workshops.get(store, created.code).state == "draft"

    def test_an_invented_state_changes_nothing(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        address = f"/desk/fr/workshops/{workshop.code}/state"
        assert desk.post(address, data={"state": "erased"}).status_code == 400
        assert workshops.get(store, workshop.code).is_open

    def test_other_sites_cannot_close_it(self, desk: FlaskClient, workshop: Workshop) -> None:
        response = desk.post(
            f"/desk/fr/workshops/{workshop.code}/state",
            data={"state": "closed"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert response.status_code == 403


class TestDownload:
    def test_the_answers_come_as_a_file(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        responses.add(store, workshop.code, Sending(ID, {"actor": "coop", "idea": "x"}, "fr"))
        address = f"/desk/fr/workshops/{workshop.code}/export?format=csv&language=codes"
        response = desk.get(address)
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        name = f'filename="tiny-{workshop.code}-codes.csv"'
        assert name in response.headers["Content-Disposition"]
        (row,) = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline=""))
        assert (row["actor"], row["actor__group"], row["trial"]) == ("coop", "producers", "1")

    @pytest.mark.parametrize(
        "query", ["", "format=csv&language=xx", "format=exe", "format=csv&language=en"]
    )
    def test_what_cannot_be_exported_is_not_found(
        self, desk: FlaskClient, workshop: Workshop, query: str
    ) -> None:
        address = f"/desk/fr/workshops/{workshop.code}/export?{query}"
        assert desk.get(address).status_code == 404

    def test_the_id_with_which_answers_can_be_changed_is_in_no_export(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        responses.add(store, workshop.code, Sending(ID, {"actor": "coop", "idea": "x"}, "fr"))
        for format in ("csv", "jsonl"):
            address = f"/desk/fr/workshops/{workshop.code}/export?format={format}"
            assert ID.encode() not in desk.get(address).data


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_the_desk_speaks_every_language(
    desk: FlaskClient, workshop: Workshop, language: str
) -> None:
    direction = "rtl" if language == "ar" else "ltr"
    for address in (f"/desk/{language}/", f"/desk/{language}/workshops/{workshop.code}"):
        page = desk.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}" dir="{direction}">' in page.text
