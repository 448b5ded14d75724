"""The wall: the join page, its numbers, posters, and what the desk is told about the hall."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey import qr_code
from survey.facilitator import projector
from survey.facilitator.views import COOKIE
from survey.i18n import messages
from survey.questionnaire.model import Questionnaire
from survey.response import CLOSED, Sending, Workshop
from survey.store import Store, facilitators, halls, responses, workshops
from survey.store.halls import Hall
from tests.conftest import questionnaire_of

PASSWORD = "argan saffron honey"
HOSTILE = '"><script>alert(1)</script>;:,\\'

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  role: actor_group
  other: {group: others}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, group: finance, label: {fr: Banque, ar: بنك}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
""",
    """
intro: {fr: Votre avis compte. Tout est libre., ar: رأيكم مهم. كل شيء اختياري.}
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: المنتجون}}
- {name: finance, label: {fr: Partenaires financiers, ar: الشركاء الماليون}}
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
def desk(app: Flask, store: Store) -> FlaskClient:
    """A browser of a facilitator who has signed in."""
    facilitators.add(store, "samira")
    client = app.test_client()
    link = f"/desk/fr/link/{facilitators.make_link(store, 'samira')}"
    assert client.post(link, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/desk/fr/workshops/{workshop.code}"


def send(store: Store, workshop: Workshop, letter: str, actor: str | None) -> str:
    answers = {"actor": actor, "idea": "secret idea"}
    return responses.add(store, workshop.code, Sending(letter * 26, answers, "fr")).code


class TestTheWall:
    def test_it_says_how_to_join_in_every_language_at_once(
        self, desk: FlaskClient, address: str
    ) -> None:
        page = desk.get(f"{address}/join").text
        assert '<p lang="fr" dir="ltr">Scannez ce code' in page
        assert '<p lang="ar" dir="rtl">امسحوا هذا الرمز' in page

    def test_it_shows_the_address_and_code_large_and_as_a_qr_code(
        self, desk: FlaskClient, workshop: Workshop, address: str
    ) -> None:
        page = desk.get(f"{address}/join").text
        assert qr_code.as_svg(f"http://workshop.test:8000/{workshop.code}") in page
        assert '<bdi dir="ltr">workshop.test:8000</bdi>' in page
        assert f'<strong><bdi dir="ltr">{workshop.code}</bdi></strong>' in page
        assert 'class="place">2' not in page

    def test_a_trial_says_so(self, desk: FlaskClient, address: str) -> None:
        assert 'class="trial"' in desk.get(f"{address}/join").text

    def test_the_wifi_is_the_first_step(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        halls.keep(store, workshop.code, Hall("Salle", "argan2026"))
        page = desk.get(f"{address}/join").text
        assert qr_code.wifi_as_svg("Salle", "argan2026") in page
        assert page.index("argan2026") < page.index('class="place">2')

    def test_a_hostile_wifi_name_is_only_a_name(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        halls.keep(store, workshop.code, Hall(HOSTILE, HOSTILE))
        for place in ("", "/join", "/poster"):
            page = desk.get(address + place).text
            assert "<script>alert" not in page
            assert HOSTILE in unescape(page)

    def test_what_separates_the_parts_of_a_wifi_code_is_escaped(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import segno

        made = []
        make = segno.make
        monkeypatch.setattr(
            segno, "make", lambda text, **how: made.append(text) or make(text, **how)
        )
        qr_code.wifi_as_svg.__wrapped__(r'a;b:c\d"e', "p;w")
        qr_code.wifi_as_svg.__wrapped__("open", "")
        assert made == [r"WIFI:T:WPA;S:a\;b\:c\\d\"e;P:p\;w;;", "WIFI:T:nopass;S:open;;"]

    def test_who_is_expected_and_has_not_come_is_missed(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        halls.keep(store, workshop.code, Hall(expected={"producers": 4, "finance": 2}))
        send(store, workshop, "a", "coop")
        rows = re.findall(r"<tr.*?</tr>", desk.get(f"{address}/join/now").text, re.DOTALL)[1:]
        producers, finance, others = rows
        assert 'class="w25"' in producers and "<td>1</td>\n<td>4</td>" in producers
        assert "Partenaires financiers <em>personne encore</em>" in finance
        assert "<em>" not in producers + others

    def test_more_than_expected_is_a_full_bar(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        halls.keep(store, workshop.code, Hall(expected={"finance": 1}))
        for letter in "abc":
            send(store, workshop, letter, "bank")
        assert 'class="w100"' in desk.get(f"{address}/join/now").text

    def test_it_shows_when_the_last_answers_came_and_what_it_cannot_know(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        assert "Dernières réponses" not in desk.get(f"{address}/join").text
        send(store, workshop, "a", None)
        page = desk.get(f"{address}/join").text
        assert re.search(r'Dernières réponses reçues à <bdi dir="ltr">\d\d:\d\d</bdi>', page)
        assert "sans réseau ne sont pas connues" in page

    def test_nothing_on_it_is_of_one_participant(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, "a", "coop")
        page = desk.get(f"{address}/join").text + desk.get(f"{address}/join/now").text
        for own in (receipt, "a" * 26, "secret idea", "Coopérative"):
            assert own not in page

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_it_speaks_every_language(
        self, desk: FlaskClient, workshop: Workshop, language: str
    ) -> None:
        for place in ("join", "poster", "poster?size=a5"):
            page = desk.get(f"/desk/{language}/workshops/{workshop.code}/{place}")
            assert page.status_code == 200
            assert f'<html lang="{language}"' in page.text


class TestLive:
    def tag(self, desk: FlaskClient, address: str) -> str:
        return str(desk.get(f"{address}/join/now").headers["ETag"])

    def status(self, desk: FlaskClient, address: str, tag: str) -> int:
        return desk.get(f"{address}/join/now", headers={"If-None-Match": tag}).status_code

    def test_the_page_brings_the_tag_of_its_own_numbers(
        self, desk: FlaskClient, address: str
    ) -> None:
        found = re.search(r'data-tag="([^"]+)"', desk.get(f"{address}/join").text)
        assert found and unescape(found[1]) == self.tag(desk, address)

    def test_what_has_not_changed_costs_one_small_read_and_no_body(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        send(store, workshop, "a", "coop")
        tag = self.tag(desk, address)
        said: list[str] = []
        with store.read() as database:
            database.conn.set_trace_callback(said.append)
        reply = desk.get(f"{address}/join/now", headers={"If-None-Match": tag})
        assert (reply.status_code, reply.data, reply.headers["ETag"]) == (304, b"", tag)
        # Who asks, and whether anything has changed; the workshop was read a moment ago.
        session, pulse = said
        assert "session" in session and "sequence" in pulse

    def test_after_a_change_the_numbers_are_made_once_for_all_who_ask(
        self,
        desk: FlaskClient,
        app: Flask,
        store: Store,
        workshop: Workshop,
        address: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        made: list[str] = []
        number = responses.count
        monkeypatch.setattr(responses, "count", lambda *of: made.append("") or number(*of))
        send(store, workshop, "a", "coop")
        colleague = app.test_client()
        facilitators.add(store, "amal")
        colleague.set_cookie(COOKIE, facilitators.begin_session(store, "amal"), path="/desk")
        small, whole = (
            browser.get(f"{address}/join/now", headers={"Accept-Encoding": encoding})
            for browser, encoding in ((desk, "gzip"), (colleague, "identity"))
        )
        assert len(made) == 1
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == whole.data and b"<strong>1</strong>" in whole.data

    def test_arrivals_corrections_erasures_states_and_expectations_change_the_tag(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = ""

        def arrive() -> None:
            nonlocal receipt
            receipt = send(store, workshop, "a", "coop")

        def correct() -> None:
            answers = {"actor": "bank", "idea": None}
            responses.add(store, workshop.code, Sending("a" * 26, answers, "fr", replaces=1))

        for change in (
            arrive,
            correct,
            lambda: responses.erase(store, receipt),
            lambda: workshops.set_state(store, workshop.code, CLOSED),
            lambda: halls.keep(store, workshop.code, Hall(expected={"finance": 3})),
        ):
            tag = self.tag(desk, address)
            assert self.status(desk, address, tag) == 304
            change()
            assert self.status(desk, address, tag) == 200

    def test_another_workshops_arrivals_do_not(
        self,
        desk: FlaskClient,
        store: Store,
        address: str,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        tag = self.tag(desk, address)
        send(store, open_workshop(questionnaire), "b", "coop")
        assert self.status(desk, address, tag) == 304

    def test_a_stranger_gets_no_numbers(self, client: FlaskClient, address: str) -> None:
        assert client.get(f"{address}/join/now").location == "/desk/fr/sign-in"


class TestTheHall:
    GOOD = {"wifi_name": "Salle", "wifi_password": "argan2026", "expected__finance": "٣"}

    def test_what_is_typed_is_kept_and_stands_there_again(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        reply = desk.post(f"{address}/hall", data=self.GOOD)
        assert (reply.status_code, reply.location) == (303, f"{address}#hall")
        assert halls.get(store, workshop.code) == Hall("Salle", "argan2026", {"finance": 3})
        page = desk.get(address).text
        assert 'value="argan2026"' in page and 'value="3"' in page
        assert "projeté exprès" in page

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("expected__finance", "-1"),
            ("expected__finance", "10000"),
            ("expected__finance", "une douzaine"),
            ("wifi_name", "x" * 33),
            ("wifi_name", ""),
            ("wifi_password", "short"),
            ("wifi_password", "مفتاح القاعة"),
        ],
    )
    def test_what_cannot_be_is_explained_and_nothing_typed_is_lost(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        address: str,
        field: str,
        wrong: str,
    ) -> None:
        typed = {**self.GOOD, field: wrong}
        reply = desk.post(f"{address}/hall", data=typed)
        assert reply.status_code == 422
        assert f'aria-describedby="{field}-error"' in reply.text
        for value in typed.values():
            assert f'value="{value}"' in unescape(reply.text)
        assert halls.get(store, workshop.code) == Hall()

    def test_blank_fields_take_it_all_back(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        desk.post(f"{address}/hall", data=self.GOOD)
        desk.post(f"{address}/hall", data=dict.fromkeys(self.GOOD, ""))
        assert halls.get(store, workshop.code) == Hall()

    def test_an_unknown_workshop_has_no_hall(self, store: Store) -> None:
        for ask in (halls.get, halls.pulse, lambda *of: halls.keep(*of, Hall())):
            with pytest.raises(workshops.UnknownWorkshop):
                ask(store, "ZZZZZZ")


class TestPosters:
    @pytest.mark.parametrize(("size", "panels"), [("a4", 1), ("a5", 2)])
    def test_there_is_a_sheet_in_each_language(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        address: str,
        size: str,
        panels: int,
    ) -> None:
        halls.keep(store, workshop.code, Hall("Salle", "argan2026"))
        page = desk.get(f"{address}/poster?size={size}").text
        sheets = re.findall(r'<section class="sheet".*?</section>', page, re.DOTALL)
        assert len(sheets) == 2
        french, arabic = sheets
        assert 'lang="fr" dir="ltr"' in french and "même sans internet" in french
        assert 'lang="ar" dir="rtl"' in arabic and "وابقوا عليها" in arabic
        assert "Votre avis compte.</p>" in french and "رأيكم مهم.</p>" in arabic
        for sheet in sheets:
            for shown in ("workshop.test:8000</bdi>", workshop.code, "Salle"):
                assert sheet.count(f">{shown}") == panels

    def test_there_is_no_other_size(self, desk: FlaskClient, address: str) -> None:
        assert desk.get(f"{address}/poster?size=a3").status_code == 404


class TestTableMode:
    """Every figure says whether it counts responses or people."""

    @pytest.fixture
    def address(self, store: Store, open_workshop: Callable[..., Workshop]) -> str:
        table = open_workshop(QUESTIONNAIRE, table_mode=True)
        halls.keep(store, table.code, Hall(expected={"producers": 40, "finance": 5}))
        for letter, actor, people in (("a", "coop", 8), ("b", "coop", 12), ("c", None, 3)):
            sending = Sending(letter * 26, {"actor": actor}, "fr", people=people)
            responses.add(store, table.code, sending)
        return f"/desk/en/workshops/{table.code}"

    def test_the_wall_counts_people_and_says_in_how_many_responses(
        self, desk: FlaskClient, address: str
    ) -> None:
        page = desk.get(f"{address}/join/now").text
        said = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
        assert "23 people of 45 people expected in 3 responses" in said
        assert "Actor group Persons Persons expected" in said
        assert "Producteurs 20 2 responses 40" in said
        assert "Partenaires financiers nobody yet 0 5" in said
        assert "Not stated 3 1 response –" in said
        assert 'data-said="3 responses, 23 people"' in page
        assert 'class="w50"' in page, "the bar is of people, as are those expected"

    def test_the_workshops_page_and_the_list_say_both(
        self, desk: FlaskClient, address: str
    ) -> None:
        page = desk.get(address).text
        assert "<caption>3 responses, 23 people" in page
        assert '<td class="count">2</td><td class="count">20</td>' in page
        assert "How many people do you expect?" in page
        assert "3 responses, 23 people" in desk.get("/desk/en/").text

    def test_wall_and_poster_ask_for_one_phone_for_each_table(
        self, desk: FlaskClient, address: str
    ) -> None:
        said = messages("fr").gettext(projector.SCAN_AT_TABLE)
        for place in ("join", "poster", "poster?size=a5"):
            assert said in unescape(desk.get(f"{address}/{place}").text)

    def test_other_workshops_speak_of_responses_alone(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        send(store, workshop, "a", "coop")
        page = desk.get(f"/desk/en/workshops/{workshop.code}/join/now").text
        assert 'data-said="1 response"' in page and "Persons" not in page
