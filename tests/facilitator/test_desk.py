"""The desk: closed by default, and what a facilitator does there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
        values |= {"receipt": "WWWWWWWW", "id": ID, "name": "quick-diagnosis"}
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
        page = desk.get("/desk/fr/workshops/ZZZZZZ")
        assert page.status_code == 404
        assert '<a class="button" href="/desk/fr/">' in page.text


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

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("Samira samira 26", "your name or the app’s"),
            ("TASHKHIS-2026!", "your name or the app’s"),
            ("password1234", "commonest passwords"),
            ("P@ssw0rd1234!", "commonest passwords"),
            ("1q2w3e4r5t6y", "commonest passwords"),
            ("zzzzzzzzzzzzzz", "rows of letters or repetitions"),
            ("abcdefghijklmn", "rows of letters or repetitions"),
            ("كلمة السر123", "your name or the app’s"),
        ],
    )
    def test_a_password_that_is_guessed_first_is_refused_and_told_why(
        self, client: FlaskClient, link: str, password: str, reason: str
    ) -> None:
        english = link.replace("/fr/", "/en/")
        page = client.post(english, data={"password": password, "again": password})
        assert page.status_code == 422
        assert reason in page.text and "Use a few unrelated words." in page.text

    def test_a_few_unrelated_words_are_taken_in_any_script(
        self, client: FlaskClient, link: str
    ) -> None:
        words = "جبل نعناع قنطرة ريح"
        assert client.post(link, data={"password": words, "again": words}).status_code == 303

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
        name = f'filename="tiny-{workshop.code}-wide-codes.csv"'
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


class TestHandedOver:
    @pytest.fixture
    def address(self, workshop: Workshop) -> str:
        return f"/desk/fr/workshops/{workshop.code}/handed-over"

    def post(self, desk: FlaskClient, address: str, text: str, **files: bytes) -> TestResponse:
        chosen = [(io.BytesIO(content), f"{name}.txt") for name, content in files.items()]
        sent = {"text": text, "files": chosen or (io.BytesIO(), "")}
        return desk.post(address, data=sent, content_type="multipart/form-data")

    def left_in(self, page: TestResponse) -> str:
        """What stands in the field after the reply."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
        assert found
        return unescape(found[1])

    def test_pasted_and_chosen_answers_are_stored_once_and_their_receipts_shown(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        mine, hers = handed_over(workshop, "mine"), handed_over(workshop, "hers", "b" * 26)
        page = self.post(desk, address, f"Bonjour {mine}", one=hers.encode(), two=mine.encode())
        assert page.status_code == 200
        receipts = [each.receipt for each in responses.scan(store, workshop.code)]
        assert len(receipts) == 2
        for receipt in receipts:
            assert f'<bdi dir="ltr">{receipt[:4]} {receipt[4:]}</bdi>' in page.text
        assert page.text.count("Réponse enregistrée.") == 2
        assert page.text.count("Réponse déjà enregistrée") == 1
        assert "<caption>2 réponses</caption>" in page.text
        assert self.left_in(page) == ""

    def test_what_is_not_taken_in_stays_to_be_sent_again(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        whole = handed_over(workshop, "whole")
        cut = handed_over(workshop, "cut <b>", "b" * 26)[:-3]
        other = handed_over(workshop, "other", "c" * 26).replace(workshop.code, "ZZZZZZ")
        page = self.post(desk, address, f"{whole} {cut}", one=other.encode())
        assert page.status_code == 422
        assert self.left_in(page) == f"{cut}\n\n{other}"
        assert "a été coupé ou modifié en route" in page.text
        assert "ZZZZZZ</bdi> –\nCes réponses sont celles d’un autre atelier." in page.text
        assert responses.count(store, workshop.code) == 1

    def test_answers_that_are_not_valid_are_explained_in_the_facilitators_language(
        self, desk: FlaskClient, workshop: Workshop
    ) -> None:
        text = handed_over(workshop, "x", actor="nobody").replace(" fr ", " ar ")
        address = f"/desk/en/workshops/{workshop.code}/handed-over"
        page = self.post(desk, address, text)
        assert page.status_code == 422
        assert "<bdi>Qui ?</bdi> – Choose one of the answers listed here." in page.text
        assert self.left_in(page) == text

    def test_a_closed_workshop_takes_in_what_was_given_before(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        workshops.set_state(store, workshop.code, "closed")
        assert self.post(desk, address, handed_over(workshop, "late")).status_code == 200
        assert responses.count(store, workshop.code) == 1

    def test_where_nothing_is_found_it_is_said_of_each_and_the_text_stays(
        self, desk: FlaskClient, address: str
    ) -> None:
        page = self.post(desk, address, "Bonjour &c", picture=b"\xff\xd8", letter=b"Salut\x00")
        assert page.status_code == 422
        assert "<bdi>picture.txt</bdi> – Ce n’est pas un texte en UTF-8." in page.text
        assert "<bdi>letter.txt</bdi> – On n’y trouve aucune réponse remise." in page.text
        assert "<li>On n’y trouve aucune réponse remise." in page.text
        assert self.left_in(page) == "Bonjour &c"

    def test_nothing_at_all_is_explained(self, desk: FlaskClient, address: str) -> None:
        page = self.post(desk, address, " ")
        assert page.status_code == 422
        assert "Collez d’abord un texte" in page.text

    @pytest.mark.parametrize("where", ["text", "file"])
    def test_more_than_can_be_taken_in_at_once_is_refused_on_the_page(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str, where: str
    ) -> None:
        long = handed_over(workshop, "x") + " " * 300_000
        if where == "text":
            page = self.post(desk, address, long)
        else:
            page = self.post(desk, address, "", big=long.encode())
        assert page.status_code == 413
        assert "<bdi>256 kB</bdi> – C’est le maximum à la fois." in page.text
        assert responses.count(store, workshop.code) == 0

    def test_a_body_shorter_than_announced_was_cut_off(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        text = handed_over(workshop, "x")
        body = f'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n--x--'
        response = desk.post(
            address,
            data=body,
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": "5000"},
        )
        assert response.status_code == 400
        assert responses.count(store, workshop.code) == 0

    def test_what_the_page_does_not_send_is_refused(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        text = handed_over(workshop, "x")
        assert desk.post(address, data={"text": text}).status_code == 415
        foreign = {"Sec-Fetch-Site": "cross-site"}
        sent = {"text": text, "files": (io.BytesIO(), "")}
        assert desk.post(address, data=sent, headers=foreign).status_code == 403
        assert responses.count(store, workshop.code) == 0

    def test_a_stranger_hands_over_nothing_there(
        self, client: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        page = self.post(client, address, handed_over(workshop, "x"))
        assert (page.status_code, page.location) == (303, "/desk/fr/sign-in")
        assert responses.count(store, workshop.code) == 0

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_the_reply_speaks_every_language_and_leads_to_the_others(
        self, desk: FlaskClient, workshop: Workshop, language: str
    ) -> None:
        address = f"/desk/{language}/workshops/{workshop.code}/handed-over"
        page = self.post(desk, address, handed_over(workshop, "x"))
        assert f'<html lang="{language}"' in page.text
        for other in ("ar", "fr", "en", "zgh"):
            assert f'href="/desk/{other}/workshops/{workshop.code}"' in page.text


def handed_over(workshop: Workshop, idea: str, id: str = ID, actor: str = "coop") -> str:
    """What a phone writes."""
    body = urlencode({"actor": actor, "idea": idea, "_end": "1"})
    return f"[tashkhis {workshop.code} fr {id} {body}]"


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_the_desk_speaks_every_language(
    desk: FlaskClient, workshop: Workshop, language: str
) -> None:
    direction = "rtl" if language == "ar" else "ltr"
    for address in (f"/desk/{language}/", f"/desk/{language}/workshops/{workshop.code}"):
        page = desk.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}" dir="{direction}">' in page.text
