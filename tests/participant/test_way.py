"""The participants' way, address by address."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from survey.questionnaire.model import Questionnaire
from survey.response import CLOSED, DRAFT, ID_ALPHABET, Workshop, new_id
from survey.store import Store, responses, workshops
from tests.conftest import questionnaire_of, quoteless

QUESTIONS = """
- {type: text, name: idea, required: true, label: {fr: Idée, ar: فكرة}}
- {type: text, name: more, label: {fr: Encore, ar: المزيد}}
"""

ID = "a" * 26


@pytest.fixture
def questionnaire() -> Questionnaire:
    return questionnaire_of(QUESTIONS)


@pytest.fixture
def workshop(questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire)


def post(client: FlaskClient, address: str, end: bool = True, **sent: str):  # type: ignore[no-untyped-def]
    return client.post(address, data={**sent, **({"_end": "1"} if end else {})})


class TestFindingTheWorkshop:
    def test_a_typed_code_leads_to_the_workshop(self, client: FlaskClient) -> None:
        response = client.get("/?code=abc234")
        assert (response.status_code, response.location) == (303, "/ABC234")

    @pytest.mark.parametrize("typed", ["abc-234", " AbC 234 ", "ABC٢٣٤"])
    def test_a_code_may_be_typed_with_blanks_dashes_and_eastern_digits(
        self, client: FlaskClient, typed: str
    ) -> None:
        assert client.get("/", query_string={"code": typed}).location == "/ABC234"

    @pytest.mark.parametrize("typed", ["", "ABC23", "ABC0I1", "<script>", "\x00"])
    def test_what_cannot_be_a_code_is_explained_and_kept(
        self, client: FlaskClient, typed: str
    ) -> None:
        response = client.get("/", query_string={"code": typed, "language": "fr"})
        assert response.status_code == 422
        assert 'aria-describedby="code-error"' in response.text
        assert "<script>" not in response.text

    def test_an_unknown_code_says_what_to_do_in_the_phones_language(
        self, client: FlaskClient
    ) -> None:
        for language, direction in (("ar", "rtl"), ("fr", "ltr")):
            response = client.get("/ZZZZZZ", headers={"Accept-Language": language})
            assert response.status_code == 404
            assert f'<html lang="{language}" dir="{direction}">' in response.text
            assert 'name="code"' in response.text

    def test_small_letters_are_the_same_code(self, client: FlaskClient, workshop: Workshop) -> None:
        response = client.get(f"/{workshop.code.lower()}/fr?x=1")
        expected = f"/{workshop.code}/fr?x=1"
        if workshop.code.lower() == workshop.code:
            assert response.status_code == 200
        else:
            assert (response.status_code, response.location) == (308, expected)

    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("ar-MA,fr;q=0.8", "ar"),
            ("fr", "fr"),
            ("de,en;q=0.9", "fr"),
            ("", "fr"),
            ("*;q=x", "fr"),
        ],
    )
    def test_the_language_is_the_one_the_phone_asks_for(
        self, client: FlaskClient, workshop: Workshop, header: str, language: str
    ) -> None:
        response = client.get(f"/{workshop.code}", headers={"Accept-Language": header})
        assert (response.status_code, response.location) == (303, f"/{workshop.code}/{language}")
        assert response.headers["Cache-Control"] == "no-store"
        assert "Accept-Language" in response.headers["Vary"]


class TestWelcome:
    def test_it_shows_the_notice_the_languages_and_the_way_in(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        page = client.get(f"/{workshop.code}/fr").text
        assert f'href="/{workshop.code}/ar"' in page
        assert f'href="/{workshop.code}/fr/new"' in page
        assert "Avis de" in page

    def test_a_trial_says_so_in_place_of_the_placeholders_and_on_every_page(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        post(client, f"/{workshop.code}/fr/{ID}", idea="x")
        for address in ("", f"/{ID}", f"/{ID}/receipt", f"/{ID}/edit"):
            page = quoteless(client.get(f"/{workshop.code}/fr{address}").text)
            assert "<p class=trial>" in page
        assert "{controller}" not in client.get(f"/{workshop.code}/fr").text

    def test_a_workshop_that_is_no_trial_never_says_it_is_one(
        self, client: FlaskClient, questionnaire: Questionnaire, store: Store
    ) -> None:
        created = workshops.create(store, questionnaire)
        page = client.get(f"/{created.code}/fr").text
        assert "Avis de (pas encore rempli)" in page
        assert "Essai :" not in page and "trial" not in page.split("</style>")[1]

    def test_an_error_in_a_trial_bears_its_mark_too(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = client.get(f"/{workshop.code}/fr/{ID}/receipt")
        assert response.status_code == 404
        assert '<p class="trial">' in response.text

    def test_a_real_workshop_shows_who_is_responsible(
        self,
        client: FlaskClient,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        notice = {"controller": {"fr": "le <b>Ministère</b>", "ar": "الوزارة"}}
        workshop = open_workshop(questionnaire, trial=False, notice=notice)
        page = client.get(f"/{workshop.code}/fr").text
        assert "Avis de le &lt;b&gt;Ministère&lt;/b&gt;" in page
        assert '<p class="trial">' not in page

    @pytest.mark.parametrize("state", [DRAFT, CLOSED])
    def test_a_workshop_that_is_not_open_says_what_to_do(
        self, client: FlaskClient, store: Store, workshop: Workshop, state: str
    ) -> None:
        if state == CLOSED:
            workshops.set_state(store, workshop.code, state)
        else:
            workshop = workshops.create(store, questionnaire_of(QUESTIONS), trial=True)
        page = client.get(f"/{workshop.code}/fr")
        assert page.status_code == 200
        assert "/new" not in page.text
        begin = client.get(f"/{workshop.code}/fr/new")
        assert (begin.status_code, begin.location) == (303, f"/{workshop.code}/fr")
        form = client.get(f"/{workshop.code}/fr/{ID}")
        assert form.status_code == 403
        assert form.headers["Cache-Control"] == "no-store"


class TestTheForm:
    def test_beginning_makes_an_id_and_no_cookie(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = client.get(f"/{workshop.code}/fr/new")
        assert response.status_code == 303
        assert re.fullmatch(rf"/{workshop.code}/fr/[{ID_ALPHABET}]{{26}}", response.location)
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers

    def test_the_blank_form_is_the_same_for_every_id(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        pages = [client.get(f"/{workshop.code}/fr/{new_id()}") for _ in range(2)]
        assert pages[0].data == pages[1].data
        assert pages[0].headers["ETag"] == pages[1].headers["ETag"]
        assert pages[0].headers["Cache-Control"] == "private, max-age=86400"

    def test_it_stays_blank_after_sending(self, client: FlaskClient, workshop: Workshop) -> None:
        blank = client.get(f"/{workshop.code}/fr/{ID}").data
        post(client, f"/{workshop.code}/fr/{ID}", idea="secret")
        assert client.get(f"/{workshop.code}/fr/{ID}").data == blank

    def test_a_phone_that_has_the_page_gets_304(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        address = f"/{workshop.code}/fr/{ID}"
        tag = client.get(address).headers["ETag"]
        response = client.get(address, headers={"If-None-Match": tag})
        assert (response.status_code, response.data) == (304, b"")

    def test_it_is_sent_compressed_to_who_takes_it(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        address = f"/{workshop.code}/ar/{ID}"
        plain = client.get(address)
        packed = client.get(address, headers={"Accept-Encoding": "gzip, deflate"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert "Accept-Encoding" in packed.headers["Vary"]

    def test_another_title_is_another_page(
        self,
        client: FlaskClient,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        titles = [{"fr": "Tiznit", "ar": "تيزنيت"}, {"fr": "Tata", "ar": "طاطا"}]
        made = [open_workshop(questionnaire, title=title) for title in titles]
        pages = [client.get(f"/{each.code}/fr/{ID}").text for each in made]
        assert "Tiznit" in pages[0] and "Tata" in pages[1]

    def test_optional_questions_say_so(self, client: FlaskClient, workshop: Workshop) -> None:
        page = client.get(f"/{workshop.code}/fr/{ID}").text
        assert page.count("facultatif") == 1

    def test_it_is_valid_without_attributes_that_browsers_enforce(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        page = client.get(f"/{workshop.code}/fr/{ID}").text
        assert "novalidate" in page
        for attribute in (" required", " maxlength", " pattern", " style=", " onclick"):
            assert attribute not in page.split("</style>")[1].split("<script")[0]


class TestSending:
    def test_it_is_stored_and_leads_to_the_receipt(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        response = post(client, f"/{workshop.code}/fr/{ID}", idea="Argan")
        assert (response.status_code, response.location) == (
            303,
            f"/{workshop.code}/fr/{ID}/receipt",
        )
        stored = responses.get(store, workshop.code, ID)
        assert stored.answers == {"idea": "Argan", "more": None}
        assert (stored.language, stored.variant, stored.channel) == ("fr", "full", "web")
        receipt = client.get(response.location)
        assert receipt.headers["Cache-Control"] == "no-store"
        assert f"{stored.receipt[:4]} {stored.receipt[4:]}" in receipt.text

    def test_the_same_sent_twice_is_one_response_with_one_receipt(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        address = f"/{workshop.code}/fr/{ID}"
        first, second = (post(client, address, idea=text) for text in ("Argan", " Argan\x07\r\n"))
        assert (first.status_code, second.status_code) == (303, 303)
        assert responses.count(store, workshop.code) == 1
        assert responses.get(store, workshop.code, ID).revision == 1

    def test_the_same_answers_in_another_language_are_the_same_sending(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        for language in ("fr", "ar"):
            assert post(client, f"/{workshop.code}/{language}/{ID}", idea="x").status_code == 303
        assert responses.get(store, workshop.code, ID).revision == 1

    def test_other_answers_under_the_same_id_overwrite_nothing(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        address = f"/{workshop.code}/fr/{ID}"
        post(client, address, idea="first")
        response = post(client, address, idea="second")
        assert response.status_code == 409
        assert 'value="second"' in response.text
        assert '<input type="hidden" name="_revision" value="1">' in response.text
        assert responses.get(store, workshop.code, ID).answers["idea"] == "first"
        assert post(client, address, idea="second", _revision="1").status_code == 303
        assert responses.get(store, workshop.code, ID).answers["idea"] == "second"

    def test_the_conflict_is_still_said_after_a_change_of_language_or_a_mistake(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        post(client, f"/{workshop.code}/fr/{ID}", idea="first")
        typed = {"_revision": "1", "_conflict": "1"}
        for sent, status in (({"idea": "second", "_language": "ar"}, 200), ({"more": "x"}, 422)):
            page = post(client, f"/{workshop.code}/ar/{ID}", **typed, **sent)
            assert page.status_code == status
            assert "<bdi>first</bdi>" in page.text
            assert ("<bdi>second</bdi>" in page.text) is ("idea" in sent)
            assert 'name="_conflict"' in page.text and 'name="_revision" value="1"' in page.text
        assert responses.get(store, workshop.code, ID).answers["idea"] == "first"
        done = post(client, f"/{workshop.code}/ar/{ID}", **typed, idea="second")
        assert done.status_code == 303

    def test_answers_can_be_corrected_until_the_workshop_closes(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        address = f"/{workshop.code}/fr/{ID}"
        post(client, address, idea="first")
        page = client.get(f"{address}/edit")
        assert 'value="first"' in page.text and f'action="{address}"' in page.text
        assert post(client, address, idea="better", _revision="1").status_code == 303
        assert responses.get(store, workshop.code, ID).revision == 2
        workshops.set_state(store, workshop.code, CLOSED)
        assert client.get(f"{address}/edit").status_code == 403

    def test_a_closed_workshop_keeps_what_was_typed_on_the_page(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        workshops.set_state(store, workshop.code, CLOSED)
        response = post(client, f"/{workshop.code}/fr/{ID}", idea="typed long before")
        assert response.status_code == 403
        assert 'value="typed long before"' in response.text
        assert responses.count(store, workshop.code) == 0

    def test_a_retry_after_closing_still_gets_its_receipt(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        post(client, f"/{workshop.code}/fr/{ID}", idea="x")
        workshops.set_state(store, workshop.code, CLOSED)
        assert post(client, f"/{workshop.code}/fr/{ID}", idea="x").status_code == 303

    def test_an_erased_response_is_never_resurrected(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        post(client, f"/{workshop.code}/fr/{ID}", idea="x")
        assert responses.erase(store, responses.get(store, workshop.code, ID).receipt)
        assert post(client, f"/{workshop.code}/fr/{ID}", idea="x").status_code == 410
        assert client.get(f"/{workshop.code}/fr/{ID}/receipt").status_code == 410

    def test_a_response_is_only_found_in_its_own_workshop(
        self,
        client: FlaskClient,
        workshop: Workshop,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        post(client, f"/{workshop.code}/fr/{ID}", idea="x")
        other = open_workshop(questionnaire)
        for address in ("receipt", "edit"):
            assert client.get(f"/{other.code}/fr/{ID}/{address}").status_code == 404
        assert post(client, f"/{other.code}/fr/{ID}", idea="x").status_code == 404


class TestChangingTheLanguage:
    def test_it_sends_the_browser_on_with_the_same_form(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = post(client, f"/{workshop.code}/fr/{ID}", idea="", more="x", _language="ar")
        assert (response.status_code, response.location) == (307, f"/{workshop.code}/ar/{ID}")

    def test_the_other_language_shows_what_was_typed_and_stores_nothing(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        response = post(
            client, f"/{workshop.code}/ar/{ID}", more="déjà", _language="ar", _revision="3"
        )
        assert response.status_code == 200
        assert 'lang="ar" dir="rtl"' in response.text
        assert 'value="déjà"' in response.text
        assert 'name="_revision" value="3"' in response.text
        assert 'class="error" id="e-' not in response.text
        assert responses.count(store, workshop.code) == 0

    def test_an_unknown_language_is_not_found(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        assert post(client, f"/{workshop.code}/fr/{ID}", _language="xx").status_code == 404

    def test_enter_without_script_presses_a_button_that_does_nothing(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        page = client.get(f"/{workshop.code}/fr/{ID}").text
        assert page.index("<button disabled hidden>") == page.index("<button")


class TestBadInput:
    """Each gets a page in the address's language, the right status, and touches nothing stored."""

    @pytest.fixture(autouse=True)
    def nothing_is_stored(self, store: Store, workshop: Workshop):  # type: ignore[no-untyped-def]
        yield
        assert responses.count(store, workshop.code) == 0

    def check(self, response, status: int, language: str = "fr") -> None:  # type: ignore[no-untyped-def]
        assert response.status_code == status
        assert f'<html lang="{language}"' in response.text
        assert "Traceback" not in response.text

    @pytest.mark.parametrize("id", ["A" * 26, "a" * 25, "a" * 27, "1" * 26, "%00" * 26, "%ff" * 13])
    def test_a_bad_id(self, client: FlaskClient, workshop: Workshop, id: str) -> None:
        self.check(client.get(f"/{workshop.code}/fr/{id}"), 404)

    @pytest.mark.parametrize("language", ["xx", "en", "FR", "%00", quote("ar\n")])
    def test_an_unknown_language(
        self, client: FlaskClient, workshop: Workshop, language: str
    ) -> None:
        for address in (f"/{workshop.code}/{language}", f"/{workshop.code}/{language}/{ID}"):
            response = client.get(address, headers={"Accept-Language": "ar"})
            self.check(response, 404, "en" if language == "en" else "ar")

    def test_a_field_that_does_not_exist_keeps_the_rest(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = post(client, f"/{workshop.code}/fr/{ID}", idea="kept", nonsense="1")
        self.check(response, 400)
        assert 'value="kept"' in response.text

    def test_a_name_that_only_has_parts_is_not_taken_for_an_answer(
        self, client: FlaskClient, open_workshop: Callable[..., Workshop]
    ) -> None:
        parted = open_workshop(
            questionnaire_of("- {type: statements, name: ideas, label: {fr: Idées, ar: أفكار}}")
        )
        self.check(post(client, f"/{parted.code}/fr/{ID}", ideas="lost otherwise"), 400)

    def test_a_body_without_its_end_was_cut_off(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        self.check(post(client, f"/{workshop.code}/fr/{ID}", end=False, idea="x"), 400)

    def test_a_body_shorter_than_announced_was_cut_off(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = client.post(
            f"/{workshop.code}/fr/{ID}",
            data=b"idea=x&_end=1",
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": "500"},
        )
        self.check(response, 400)

    @pytest.mark.parametrize("body", [b"idea=%ff&_end=1", b"idea=\xff&_end=1", b"idea=%C3&_end=1"])
    def test_bytes_that_are_not_utf8(
        self, client: FlaskClient, workshop: Workshop, body: bytes
    ) -> None:
        response = client.post(
            f"/{workshop.code}/fr/{ID}", data=body, content_type="application/x-www-form-urlencoded"
        )
        self.check(response, 400)

    def test_a_body_that_is_too_large(self, client: FlaskClient, workshop: Workshop) -> None:
        self.check(post(client, f"/{workshop.code}/fr/{ID}", idea="x" * 300_000), 413)

    def test_more_fields_than_any_form_has(self, client: FlaskClient, workshop: Workshop) -> None:
        body = b"&".join(b"idea=%d" % number for number in range(4000)) + b"&_end=1"
        response = client.post(
            f"/{workshop.code}/fr/{ID}", data=body, content_type="application/x-www-form-urlencoded"
        )
        self.check(response, 400)

    @pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
    def test_what_no_form_of_ours_sends(
        self, client: FlaskClient, workshop: Workshop, kind: str
    ) -> None:
        self.check(client.post(f"/{workshop.code}/fr/{ID}", data=b"{}", content_type=kind), 415)

    @pytest.mark.parametrize("revision", ["-1", "x", "1" * 7, "٣", "1.5"])
    def test_a_revision_that_is_no_number(
        self, client: FlaskClient, workshop: Workshop, revision: str
    ) -> None:
        self.check(post(client, f"/{workshop.code}/fr/{ID}", idea="x", _revision=revision), 400)

    def test_a_revision_of_nothing_keeps_what_was_typed(
        self, client: FlaskClient, workshop: Workshop
    ) -> None:
        response = post(client, f"/{workshop.code}/fr/{ID}", idea="kept", _revision="3")
        self.check(response, 409)
        assert 'value="kept"' in response.text
        assert 'name="_revision"' not in response.text

    def test_a_method_the_page_does_not_know(self, client: FlaskClient, workshop: Workshop) -> None:
        self.check(client.delete(f"/{workshop.code}/fr/{ID}"), 405)


class TestForeignSites:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://evil.test"},
            {"Origin": "null"},
            {"Origin": "http://localhost:9999"},
            {"Origin": "http://["},
        ],
    )
    def test_they_cannot_send(
        self, client: FlaskClient, store: Store, workshop: Workshop, headers: dict[str, str]
    ) -> None:
        response = client.post(
            f"/{workshop.code}/fr/{ID}", data={"idea": "x", "_end": "1"}, headers=headers
        )
        assert response.status_code == 403
        assert responses.count(store, workshop.code) == 0

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "http://localhost"},
            {},
        ],
    )
    def test_our_own_pages_can(
        self, client: FlaskClient, workshop: Workshop, headers: dict[str, str]
    ) -> None:
        response = client.post(
            f"/{workshop.code}/fr/{ID}", data={"idea": "x", "_end": "1"}, headers=headers
        )
        assert response.status_code == 303


def test_every_page_carries_the_security_headers(client: FlaskClient, workshop: Workshop) -> None:
    post(client, f"/{workshop.code}/fr/{ID}", idea="x")
    for address in ("/", "/nothing", f"/{workshop.code}/fr", f"/{workshop.code}/fr/{ID}/receipt"):
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "'unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"


def test_an_error_of_ours_is_a_translated_page(
    client: FlaskClient,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(responses, "add", broken)
    client.application.testing = False
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    response = post(client, f"/{workshop.code}/ar/{ID}", idea="x")
    assert response.status_code == 500
    assert '<html lang="ar" dir="rtl">' in response.text
    assert "RuntimeError" not in response.text
    assert "RuntimeError" in caplog.text and ID not in caplog.text
