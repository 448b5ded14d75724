"""The desk's responses: listed, searched, read in full, marked, erased; and who may do so."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.facilitator.filters import NOBODY
from survey.questionnaire.model import Questionnaire
from survey.response import (
    CLOSED,
    HANDED_OVER,
    PAPER,
    Answers,
    Sending,
    Workshop,
    new_id,
)
from survey.store import Store, halls, listing, log, responses, workshops
from survey.store.listing import Wanted
from tests.conftest import questionnaire_of
from tests.facilitator.desk_people import browser_of

QUESTIONS = """
- type: select_one
  name: actor
  role: actor_group
  dk: true
  other: {group: others}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, group: finance, label: {fr: Banque, ar: بنك}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
- {type: statements, name: needs, max_items: 2, label: {fr: Besoins, ar: حاجات}}
- {type: text, name: why, relevant: "${actor} = 'coop'", label: {fr: Pourquoi ?, ar: لماذا؟}}
"""
TOP = """
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: المنتجون}}
- {name: finance, label: {fr: Financeurs, ar: الممولون}}
- {name: others, label: {fr: Autres, ar: آخرون}}
"""
QUESTIONNAIRE = questionnaire_of(QUESTIONS, TOP)


@pytest.fixture
def questionnaire() -> Questionnaire:
    return QUESTIONNAIRE


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/desk/fr/workshops/{workshop.code}/responses"


def send(store: Store, workshop: Workshop, answers: Answers, **more: object) -> str:
    """The receipt of a response that is stored."""
    sending = Sending(new_id(), answers, **{"language": "fr", **more})  # type: ignore[arg-type]
    return responses.add(store, workshop.code, sending).code


def receipts(page: str) -> list[str]:
    """The receipts that a list shows, in its order."""
    return [
        first + second
        for first, second in re.findall(
            r'<th scope="row"><a [^>]*><bdi [^>]*>(\w{4}) (\w{4})', page
        )
    ]


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


class TestTheList:
    def test_where_there_is_nothing_it_teaches_the_next_step(
        self, desk: FlaskClient, workshop: Workshop, address: str
    ) -> None:
        page = desk.get(address).text
        assert f'href="/desk/fr/workshops/{workshop.code}#handed-over"' in page
        assert f'href="/desk/fr/workshops/{workshop.code}/paper"' in page

    def test_the_newest_come_first_page_by_page(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        sent = [
            send(store, workshop, {"actor": "coop", "idea": str(number)})
            for number in range(listing.PAGE + 3)
        ]
        first = desk.get(address).text
        earlier = re.search(r'href="([^"]*before=\d+)"', first)
        assert earlier
        second = desk.get(unescape(earlier[1])).text
        assert receipts(first) + receipts(second) == sent[::-1]
        assert "before=" not in second

    def test_a_correction_comes_first_and_is_listed_once(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        id = new_id()
        corrected = responses.add(store, workshop.code, Sending(id, {"idea": "a"}, "fr")).code
        other = send(store, workshop, {"idea": "b"})
        responses.add(store, workshop.code, Sending(id, {"idea": "c"}, "fr", replaces=1))
        assert receipts(desk.get(address).text) == [corrected, other]
        assert receipts(desk.get(address, query_string={"corrected": "yes"}).text) == [corrected]
        assert receipts(desk.get(address, query_string={"corrected": "no"}).text) == [other]

    def test_it_shows_group_language_way_and_revision(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        send(store, workshop, {"actor": "bank"}, language="ar", channel=HANDED_OVER)
        shown = text_of(desk.get(address).text)
        assert re.search(r"\d\d/\d\d/\d{4} \d\d:\d\d Financeurs – العربية", shown)

    def test_only_this_workshops_responses_are_in_it(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        address: str,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        other = open_workshop(QUESTIONNAIRE)
        foreign = send(store, other, {"actor": "coop"})
        send(store, workshop, {"actor": "coop"})
        assert foreign not in receipts(desk.get(address).text)
        for place in ("", "/erase", "/second-entry"):
            assert desk.get(f"{address}/{foreign}{place}").status_code == 404

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"group": "producers"}, "a"),
            ({"group": "finance"}, "b"),
            ({"group": NOBODY}, "cd"),
            ({"language": "ar"}, "b"),
            ({"channel": PAPER}, "c"),
            ({"group": NOBODY, "channel": PAPER}, "c"),
            ({"group": "finance", "channel": PAPER}, ""),
            ({"group": "invented"}, "abcd"),
            ({"before": "x"}, "abcd"),
        ],
    )
    def test_filters_narrow_it_down(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        address: str,
        query: dict[str, str],
        expected: str,
    ) -> None:
        names = {
            send(store, workshop, {"actor": "coop"}): "a",
            send(store, workshop, {"actor": "bank"}, language="ar"): "b",
            send(store, workshop, {"actor": None}, channel=PAPER): "c",
            send(store, workshop, {"actor": {"missing": "dk"}}): "d",
        }
        page = desk.get(address, query_string=query).text
        assert sorted(names[each] for each in receipts(page)) == [*expected]
        assert expected or "Aucune" in page or "No response fits this." in page

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ECOLE", "a"),
            ("école", "a"),
            ("المدرسه", "b"),
            ("tazart", "c"),
            ("musée", "d"),
            ("coop", ""),
            ("producers", ""),
            ("%", ""),
            ("'", ""),
        ],
    )
    def test_the_search_looks_in_what_was_written_however_it_is_spelt(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        address: str,
        text: str,
        expected: str,
    ) -> None:
        names = {
            send(store, workshop, {"actor": "coop", "idea": "Une École ici"}): "a",
            send(store, workshop, {"actor": "coop", "idea": "المَدْرَسَة"}): "b",
            send(store, workshop, {"needs": ["eau", "Tazart, figues"]}): "c",
            send(store, workshop, {"actor": "other", "actor__other": "Le Musee"}): "d",
        }
        page = desk.get(address, query_string={"q": text}).text
        assert sorted(names[each] for each in receipts(page)) == [*expected]
        assert f'value="{text}"' in unescape(page)

    def test_the_search_finds_a_receipt_as_people_type_it(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        found, _ = (send(store, workshop, {"idea": each}) for each in "ab")
        for typed in (found, found.lower(), f"{found[:4]} {found[4:]}", found[:5]):
            assert receipts(desk.get(address, query_string={"q": typed}).text) == [found]

    def test_the_filters_stay_on_the_next_page(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        for number in range(listing.PAGE + 1):
            send(store, workshop, {"actor": "coop", "idea": f"eau {number}"})
        chosen = {"q": "eau 1", "group": "producers", "language": "fr", "channel": "web"}
        chosen |= {"mark": "counted", "corrected": "no"}
        page = desk.get(address, query_string=chosen | {"before": "99"}).text
        newest = re.search(r'class="button" href="([^"]*q=[^"]*)"', page)
        assert newest
        shown = urlsplit(unescape(newest[1]))
        assert (shown.path, dict(parse_qsl(shown.query))) == (address, chosen)
        first = desk.get(address, query_string={"q": "eau", "language": "fr"}).text
        earlier = re.search(r'href="([^"]*before=[^"]*)"', first)
        assert earlier and len(receipts(desk.get(unescape(earlier[1])).text)) == 1

    def test_a_newer_version_of_the_questionnaire_keeps_older_responses_in_their_groups(
        self, store: Store, desk: FlaskClient, workshop: Workshop, address: str
    ) -> None:
        old = send(store, workshop, {"actor": "coop"})
        moved = QUESTIONS.replace("name: coop, group: producers", "name: coop, group: finance")
        newer = workshops.create(store, questionnaire_of(moved, TOP), trial=True).version
        with store.write() as database:
            database.execute(
                "update workshop set version = ? where code = ?", (newer, workshop.code)
            )
        new = send(store, workshop, {"actor": "coop"})
        for group, expected in (("producers", old), ("finance", new)):
            page = desk.get(address, query_string={"group": group}).text
            assert receipts(page) == [expected]

    @pytest.mark.parametrize("person", ["colleague", "observer", "stranger"])
    def test_a_colleague_reads_responses_an_observer_and_a_stranger_do_not(
        self, app: Flask, store: Store, workshop: Workshop, address: str, person: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "secret"})
        status = {"colleague": 200, "observer": 403, "stranger": 404}[person]
        client = browser_of(app, store, person)
        for place in ("", f"/{receipt}", f"/{receipt}/erase"):
            reply = client.get(address + place)
            assert reply.status_code == status
            assert "secret" not in reply.text or status == 200


class TestOneResponse:
    def test_every_question_stands_in_order_with_its_answer_or_why_there_is_none(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(
            store, workshop, {"actor": "bank", "idea": None, "needs": ["<b>eau</b>", "sel"]}
        )
        shown = text_of(desk.get(f"{address}/{receipt.lower()}", query_string={"words": "fr"}).text)
        assert "Qui ? Banque Idée" in shown
        assert "Besoins <b>eau</b> sel Pourquoi ?" in shown
        assert text_of(desk.get(f"{address}/{receipt}").text).count("<b>eau</b>") == 1

    def test_its_questions_are_said_in_any_language_of_the_questionnaire(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"actor": "bank"})
        page = desk.get(f"{address}/{receipt}?words=ar").text
        assert '<span lang="ar" dir="rtl">من؟</span>' in page and "بنك" in page

    def test_its_revisions_say_what_they_changed(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        id = new_id()
        first: Answers = {"actor": "coop", "idea": "eau", "why": None}
        second: Answers = {"actor": "bank", "idea": "eau"}
        receipt = responses.add(store, workshop.code, Sending(id, first, "fr")).code
        responses.add(store, workshop.code, Sending(id, second, "ar", replaces=1))
        shown = text_of(desk.get(f"{address}/{receipt}").text)
        assert "Qui ? Coopérative Banque" in shown.split("Corrections")[-1]
        assert "Idée" not in shown.split("Corrections")[-1]
        assert "Pourquoi ?" in shown.split("Corrections")[-1]
        before = text_of(desk.get(f"{address}/{receipt}?revision=1").text)
        assert "Qui ? Coopérative Idée" in before

    def test_how_many_answered_together_is_said_where_it_is_not_one(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        alone = send(store, workshop, {"idea": "a"})
        table = send(store, workshop, {"idea": "b"}, people=7)
        assert "<dd>7</dd>" in desk.get(f"{address}/{table}").text
        assert "<dd>1</dd>" not in desk.get(f"{address}/{alone}").text

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_the_pages_speak_every_language(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str, language: str
    ) -> None:
        receipt = send(store, workshop, {"actor": "coop"}, channel=PAPER)
        start = address.replace("/fr/", f"/{language}/")
        for place in ("", f"/{receipt}", f"/{receipt}/erase", f"/{receipt}/second-entry"):
            page = desk.get(start + place)
            assert page.status_code == 200
            assert f'<html lang="{language}"' in page.text

    def test_an_unknown_receipt_is_not_found(self, desk: FlaskClient, address: str) -> None:
        assert desk.get(f"{address}/ZZZZZZZZ").status_code == 404


class TestMarks:
    def mark(self, desk: FlaskClient, place: str, reason: str = "essai", mark: str = "test") -> int:
        return desk.post(f"{place}/mark", data={"mark": mark, "reason": reason}).status_code

    def test_a_marked_response_is_kept_and_nothing_counts_it(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"actor": "coop"})
        arrived = halls.last_arrival(store, workshop.code)
        assert self.mark(desk, f"{address}/{receipt}") == 303
        assert responses.count(store, workshop.code) == 0
        assert responses.count_by_choice(store, workshop.code, "actor") == {}
        assert halls.last_arrival(store, workshop.code) is None
        assert "0 réponse" in desk.get(f"/desk/fr/workshops/{workshop.code}").text
        assert '<td class="count">0</td>' in desk.get("/desk/fr/").text
        page = desk.get(address).text
        assert receipts(page) == [receipt] and 'class="marked"' in page
        assert desk.post(f"{address}/{receipt}/unmark").status_code == 303
        assert responses.count_by_choice(store, workshop.code, "actor") == {"coop": 1}
        assert halls.last_arrival(store, workshop.code) == arrived

    def test_the_wall_hears_of_it_even_if_the_numbers_add_up_to_the_same(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        one, other = (send(store, workshop, {"actor": each}) for each in ("coop", "bank"))
        self.mark(desk, f"{address}/{one}")
        now = f"/desk/fr/workshops/{workshop.code}/join/now"
        tag = desk.get(now).headers["ETag"]
        assert desk.get(now, headers={"If-None-Match": tag}).status_code == 304
        desk.post(f"{address}/{one}/unmark")
        self.mark(desk, f"{address}/{other}")
        assert desk.get(now, headers={"If-None-Match": tag}).status_code == 200

    def test_the_export_has_it_with_its_mark(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"actor": "coop"})
        self.mark(desk, f"{address}/{receipt}", mark="duplicate")
        (response,) = responses.scan(store, workshop.code)
        assert (response.mark, response.is_counted) == ("duplicate", False)

    def test_the_list_is_narrowed_down_by_marks(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        test, duplicate, counted = (send(store, workshop, {"idea": each}) for each in "abc")
        self.mark(desk, f"{address}/{test}")
        self.mark(desk, f"{address}/{duplicate}", mark="duplicate")
        for mark, expected in {
            "test": [test],
            "duplicate": [duplicate],
            "marked": [duplicate, test],
            "counted": [counted],
        }.items():
            assert receipts(desk.get(address, query_string={"mark": mark}).text) == expected

    def test_who_marked_what_and_why_is_in_the_log_once(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "a"})
        for _ in range(2):
            self.mark(desk, f"{address}/{receipt}", "  essai de\nl’équipe ")
        for _ in range(2):
            desk.post(f"{address}/{receipt}/unmark")
        newest, older, *_ = log.page(store, workshop.code)
        assert (newest.action, newest.facilitator, newest.detail) == (
            log.UNMARKED,
            "owner",
            receipt,
        )
        assert (older.action, older.detail) == (log.MARKED_TEST, f"{receipt} – essai de l’équipe")
        page = desk.get(f"/desk/fr/workshops/{workshop.code}/log").text
        assert f"{receipt} – essai de l’équipe" in page

    def test_without_a_reason_it_is_not_marked_and_a_long_one_is_not_lost(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        place = f"{address}/{send(store, workshop, {'idea': 'a'})}"
        assert self.mark(desk, place, "  ") == 422
        long = "x" * 201
        assert long in desk.post(f"{place}/mark", data={"mark": "test", "reason": long}).text
        assert self.mark(desk, place, mark="invented") == 400
        assert responses.count(store, workshop.code) == 1

    def test_a_corrected_response_stays_marked(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        id = new_id()
        receipt = responses.add(store, workshop.code, Sending(id, {"idea": "a"}, "fr")).code
        self.mark(desk, f"{address}/{receipt}")
        responses.add(store, workshop.code, Sending(id, {"idea": "b"}, "fr", replaces=1))
        assert responses.count(store, workshop.code) == 0


class TestErasing:
    def test_it_is_asked_before_and_shows_no_answer(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "secret"})
        found = desk.get(f"{address}/erase", query_string={"receipt": f" {receipt.lower()} "})
        assert found.location == f"{address}/{receipt}/erase"
        page = desk.get(found.location).text
        assert f"{receipt[:4]} {receipt[4:]}" in page and "secret" not in page
        assert responses.count(store, workshop.code) == 1

    def test_it_is_gone_for_good_and_the_log_says_that_not_what(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "secret"})
        place = f"{address}/{receipt}"
        desk.post(f"{place}/mark", data={"mark": "test", "reason": "Mme Untel"})
        assert desk.post(f"{place}/erase").status_code == 200
        assert list(responses.scan(store, workshop.code)) == []
        with store.read() as database:
            row = database.execute("select mark, mark_reason from response").fetchone()
        assert row == (None, "")
        newest = log.page(store, workshop.code)[0]
        assert (newest.action, newest.facilitator, newest.detail) == (log.ERASED, "owner", "")

    def test_what_is_erased_says_so_whatever_one_does_with_it(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "secret"})
        said = [
            desk.post(f"{address}/{receipt}/erase").text,
            desk.post(f"{address}/{receipt}/erase").text,
            desk.get(f"{address}/{receipt}").text,
        ]
        assert len({text_of(each) for each in said}) == 1
        assert desk.get(f"{address}/{receipt}").status_code == 410
        assert [each.action for each in log.page(store, workshop.code)].count(log.ERASED) == 1

    def test_a_mistyped_receipt_stays_in_the_field(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        send(store, workshop, {"idea": "a"})
        reply = desk.get(f"{address}/erase", query_string={"receipt": "ABCD <b>"})
        assert reply.status_code == 404
        assert 'value="ABCD &lt;b&gt;"' in reply.text and 'aria-invalid="true"' in reply.text

    def test_a_closed_workshops_response_is_erased_too(
        self, desk: FlaskClient, store: Store, workshop: Workshop, address: str
    ) -> None:
        receipt = send(store, workshop, {"idea": "a"})
        workshops.set_state(store, workshop.code, CLOSED)
        assert desk.post(f"{address}/{receipt}/erase").status_code == 200
        assert responses.count(store, workshop.code) == 0


def test_the_store_lists_by_place_in_the_order_of_arrival(store: Store, workshop: Workshop) -> None:
    sent = [send(store, workshop, {"idea": each}) for each in "abc"]
    found = listing.page(store, workshop.code, Wanted())
    assert [each.response.receipt for each in found] == sent[::-1]
    older = listing.page(store, workshop.code, Wanted(), found[0].sequence)
    assert [each.response.receipt for each in older] == sent[1::-1]
