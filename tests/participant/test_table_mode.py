"""Table mode: one phone for a table of people, who say how many they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from survey.form.people import MOST_PEOPLE
from survey.handed_over import NOT_VALID, NOT_WHOLE, STORED, take_in
from survey.i18n import messages
from survey.participant.pages import look_of
from survey.questionnaire.loading import load
from survey.response import Sending, Workshop
from survey.store import Store, responses, workshops
from tests.conftest import PROJECT, questionnaire_of, quoteless

QUESTIONNAIRE = questionnaire_of(
    """
    - {type: text, name: idea, required: true, label: {fr: Idée, ar: فكرة}}
    - {type: text, name: more, label: {fr: Encore, ar: المزيد}}
    """
)
ID = "a" * 26


@pytest.fixture
def table(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(QUESTIONNAIRE, table_mode=True)


@pytest.fixture
def single(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(QUESTIONNAIRE)


def post(client: FlaskClient, workshop: Workshop, **sent: str):  # type: ignore[no-untyped-def]
    return client.post(f"/{workshop.code}/ar/{ID}", data={**sent, "_end": "1"})


def people_of(store: Store, workshop: Workshop) -> int:
    return responses.get(store, workshop.code, ID).people


class TestAsking:
    def test_it_is_the_first_question_of_the_first_screen(
        self, client: FlaskClient, table: Workshop
    ) -> None:
        page = quoteless(client.get(f"/{table.code}/ar/{ID}").text)
        assert re.findall(r"id=q-(\w+)", page) == ["_people", "idea", "more"]
        assert "name=_people inputmode=numeric" in page
        assert "data-needed=1" in page

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_it_is_asked_on_the_first_screen_in_every_language(
        self, client: FlaskClient, open_workshop: Callable[..., Workshop], language: str
    ) -> None:
        whole = load(PROJECT / "questionnaires" / "souss-massa.yaml")
        workshop = open_workshop(whole, table_mode=True)
        page = client.get(f"/{workshop.code}/{language}/{ID}").text.split("<script")[0]
        first, *others = page.split("<section")[1:]
        assert "name=_people" in quoteless(first)
        assert not any("_people" in other for other in others)

    def test_other_workshops_do_not_ask_and_are_other_pages(
        self, client: FlaskClient, table: Workshop, single: Workshop
    ) -> None:
        page = client.get(f"/{single.code}/ar/{ID}").text
        assert "_people" not in page and "i-_people" not in page
        assert look_of(single) != look_of(table)

    def test_the_welcome_page_says_that_one_phone_is_for_all(
        self, client: FlaskClient, table: Workshop, single: Workshop
    ) -> None:
        said = messages("ar").gettext(
            "Here a table answers together: one phone for all who sit at it."
        )
        assert said in unescape(client.get(f"/{table.code}/ar").text)
        assert said not in unescape(client.get(f"/{single.code}/ar").text)


class TestSending:
    @pytest.mark.parametrize("typed", ["5", " ٥ ", "۵", "05", "+5"])
    def test_any_digits_are_a_number(
        self, client: FlaskClient, store: Store, table: Workshop, typed: str
    ) -> None:
        assert post(client, table, idea="x", _people=typed).status_code == 303
        stored = responses.get(store, table.code, ID)
        assert stored.people == 5
        assert stored.answers == {"idea": "x", "more": None}

    @pytest.mark.parametrize(
        "typed", ["", "0", "-3", "five", "2.5", str(MOST_PEOPLE + 1), "9" * 19]
    )
    def test_what_is_no_number_of_people_is_refused_at_its_field(
        self, client: FlaskClient, store: Store, table: Workshop, typed: str
    ) -> None:
        page = post(client, table, idea="kept", _people=typed)
        assert page.status_code == 422
        assert '<a href="#q-_people">' in page.text
        assert 'id="e-_people"' in page.text
        assert 'value="kept"' in page.text
        assert responses.count(store, table.code) == 0

    def test_a_form_without_it_is_asked_for_it(self, client: FlaskClient, table: Workshop) -> None:
        page = post(client, table, idea="x")
        assert page.status_code == 422 and 'id="e-_people"' in page.text

    def test_a_workshop_without_table_mode_refuses_it_as_a_field_it_does_not_have(
        self, client: FlaskClient, store: Store, single: Workshop
    ) -> None:
        assert post(client, single, idea="x", _people="5").status_code == 400
        assert responses.count(store, single.code) == 0
        assert post(client, single, idea="x").status_code == 303
        assert people_of(store, single) == 1

    def test_another_number_of_people_is_another_sending(
        self, client: FlaskClient, store: Store, table: Workshop
    ) -> None:
        for _ in range(2):
            assert post(client, table, idea="x", _people="5").status_code == 303
        assert responses.get(store, table.code, ID).revision == 1
        page = post(client, table, idea="x", _people="6")
        assert page.status_code == 409
        assert "<p><bdi>6</bdi></p>" in page.text and "<p><bdi>5</bdi></p>" in page.text
        assert people_of(store, table) == 5
        assert post(client, table, idea="x", _people="6", _revision="1").status_code == 303
        assert people_of(store, table) == 6

    def test_what_cannot_be_read_is_no_number_in_a_conflict_either(
        self, client: FlaskClient, table: Workshop
    ) -> None:
        post(client, table, idea="x", _people="5")
        page = post(client, table, idea="x", _people="many", _revision="1", _conflict="1")
        assert page.status_code == 422
        assert "<p><bdi>–</bdi></p>" in page.text and "<p><bdi>5</bdi></p>" in page.text

    def test_a_change_of_language_keeps_it(self, client: FlaskClient, table: Workshop) -> None:
        page = post(client, table, _people="٥", _language="ar")
        assert page.status_code == 200
        assert re.search(r'name="_people"[^>]* value="٥"', page.text)

    def test_it_can_be_corrected(self, client: FlaskClient, table: Workshop) -> None:
        post(client, table, idea="x", _people="5")
        page = client.get(f"/{table.code}/fr/{ID}/edit").text
        assert re.search(r'name="_people"[^>]* value="5"', page)

    def test_the_receipt_says_how_many_answered(self, client: FlaskClient, table: Workshop) -> None:
        post(client, table, idea="x", _people="23")
        assert re.search(r"\b23\b", client.get(f"/{table.code}/ar/{ID}/receipt").text)

    def test_a_shared_tablet_does_not_say_it(
        self, client: FlaskClient, open_workshop: Callable[..., Workshop]
    ) -> None:
        tablet = open_workshop(QUESTIONNAIRE, table_mode=True, kiosk=True)
        assert "_people" in client.get(f"/{tablet.code}/ar/{ID}").text
        post(client, tablet, idea="x", _people="23")
        receipt = client.get(f"/{tablet.code}/ar/{ID}/receipt")
        assert receipt.status_code == 200
        assert not re.search(r"\b23\b", receipt.text.split("</style>")[1])


class TestHandingOver:
    def text(self, workshop: Workshop, people: str) -> str:
        return f"[tashkhis {workshop.code} ar {ID} %5Fpeople={people}&idea=x&%5Fend=1]"

    def test_it_is_in_the_text(self, store: Store, table: Workshop) -> None:
        [outcome] = take_in(store, self.text(table, "%D9%A5"), "fr")
        assert outcome.said == STORED
        assert people_of(store, table) == 5

    def test_a_wrong_number_is_said_with_its_question(self, store: Store, table: Workshop) -> None:
        [outcome] = take_in(store, self.text(table, "0"), "en")
        assert outcome.said == NOT_VALID
        [(label, message)] = outcome.problems
        assert label == "How many people answer together at this phone?"
        assert message == "Enter 1 or more."

    def test_other_workshops_know_no_such_field(self, store: Store, single: Workshop) -> None:
        assert [each.said for each in take_in(store, self.text(single, "5"), "fr")] == [NOT_WHOLE]


class TestCounting:
    def test_people_are_counted_by_the_newest_revision_and_by_choice(
        self, store: Store, open_workshop: Callable[..., Workshop]
    ) -> None:
        asked = questionnaire_of(
            """
            - type: select_one
              name: actor
              label: {fr: Qui, ar: من}
              choices:
              - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
              - {name: bank, label: {fr: Banque, ar: بنك}}
            """
        )
        table = open_workshop(asked, table_mode=True)
        for letter, actor, replaces, people in (
            ("a", "coop", 0, 5),
            ("a", "coop", 1, 7),
            ("b", "coop", 0, 2),
            ("c", None, 0, 3),
        ):
            sending = Sending(letter * 26, {"actor": actor}, "fr", replaces=replaces, people=people)
            responses.add(store, table.code, sending)
        assert responses.count(store, table.code) == 3
        assert responses.count_people(store, table.code) == 12
        by_choice = responses.count_by_choice(store, table.code, "actor", responses.PEOPLE)
        assert by_choice == {"coop": 9, None: 3}
        assert responses.count_by_choice(store, table.code, "actor") == {"coop": 2, None: 1}

    def test_the_setting_is_kept(self, store: Store, table: Workshop, single: Workshop) -> None:
        assert workshops.get(store, table.code).table_mode
        assert not workshops.get(store, single.code).table_mode
