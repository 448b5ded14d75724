"""Results: hidden until they are revealed, still once they are, and never of too few."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from survey.questionnaire.model import Questionnaire
from survey.response import FACILITATOR, Sending, Workshop
from survey.store import Store, facilitators, log, responses, reveals
from tests.all_types import ALL_TYPES
from tests.conftest import questionnaire_of
from tests.facilitator.desk_people import browser_of

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  role: actor_group
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, group: finance, label: {fr: Banque, ar: بنك}}
  - {name: office, group: public, label: {fr: Bureau, ar: مكتب}}
- type: select_one
  name: need
  dk: true
  label: {fr: Quel besoin ?, ar: أي حاجة؟}
  choices:
  - {name: money, label: {fr: Argent, ar: مال}}
  - {name: time, label: {fr: Temps, ar: وقت}}
- {type: text, name: idea, label: {fr: Une idée, ar: فكرة}}
""",
    """
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: المنتجون}}
- {name: finance, label: {fr: Finance, ar: المالية}}
- {name: public, label: {fr: Public, ar: العموم}}
""",
)


@pytest.fixture
def questionnaire() -> Questionnaire:
    return QUESTIONNAIRE


class Room:
    """A workshop with its owner's browser, and people who answer."""

    def __init__(self, app: Flask, store: Store, workshop: Workshop) -> None:
        self.store, self.workshop = store, workshop
        self.desk = browser_of(app, store, "owner")
        self.address = f"/desk/fr/workshops/{workshop.code}"
        self.number = 0

    def answer(self, times: int, people: int = 1, **answers: object) -> str:
        for _ in range(times):
            self.number += 1
            sending = Sending(
                f"{self.number:a>26}".replace("0", "z").translate(DIGITS),
                answers,
                "fr",
                people=people,
            )
            receipt = responses.add(self.store, self.workshop.code, sending).code
        return receipt

    def act(self, act: str, question: str = "need", **more: str) -> int:
        sent = {"act": act, "question": question, **more}
        return self.desk.post(f"{self.address}/reveal", data=sent).status_code

    def screen(self, language: str = "fr") -> str:
        address = self.address.replace("/fr/", f"/{language}/")
        return self.desk.get(f"{address}/results").text


DIGITS = str.maketrans("0123456789", "zbcdefghij")


@pytest.fixture
def room(app: Flask, store: Store, workshop: Workshop) -> Room:
    return Room(app, store, workshop)


def lines(page: str) -> dict[str, str]:
    """What stands in each line of the chart, by its label."""
    found = {}
    for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL):
        label = re.search(r'<th scope="row">(.*?)</th>', row)
        if label:
            cells = re.sub("<.*?>", " ", row[row.index("</th>") :])
            found[label[1]] = " ".join(unescape(cells).split())
    return found


class TestRevealing:
    def test_a_result_is_hidden_until_it_is_revealed_and_hidden_again(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        room.act("project")
        assert "Quel besoin ?" in room.screen() and lines(room.screen()) == {}
        assert room.act("reveal") == 303
        assert lines(room.screen()) == {"Argent": "100 % (6)", "Temps": "0 % (0)"}
        room.act("hide")
        assert lines(room.screen()) == {}

    def test_who_answered_and_who_did_not_is_said_with_what_is_counted(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        room.answer(1, actor="coop", need={"missing": "dk"})
        room.answer(2, actor="coop", need=None)
        room.answer(1, actor="coop")
        room.act("reveal")
        about = re.sub("<.*?>", "", room.screen("en"))
        assert "6 of 9 answered (responses are counted)" in about
        assert "left blank: 2" in about and "don’t know: 1" in about

    def test_people_are_counted_where_tables_answered_together(self, room: Room) -> None:
        room.answer(5, actor="coop", need="money")
        room.answer(1, people=5, actor="coop", need="time")
        room.act("reveal")
        page = room.screen("en")
        assert "people are counted" in page
        assert lines(page) == {"Argent": "50 % (5)", "Temps": "50 % (5)"}

    def test_fewer_than_the_least_are_not_shown_and_it_is_said_why(self, room: Room) -> None:
        room.answer(4, actor="coop", need="money")
        reply = room.desk.post(
            room.address.replace("/fr/", "/en/") + "/reveal",
            data={"act": "reveal", "question": "need"},
        )
        assert reply.status_code == 422 and "Fewer than 5 have answered" in reply.text
        assert lines(room.screen()) == {}

    def test_a_revealed_result_stands_still_while_answers_arrive(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        room.act("reveal")
        room.answer(1, actor="bank", need="time")
        assert lines(room.screen()) == {"Argent": "100 % (6)", "Temps": "0 % (0)"}
        assert room.act("renew") == 422
        room.act("hide")
        room.act("reveal")  # hiding and revealing is no way round
        assert lines(room.screen()) == {"Argent": "100 % (6)", "Temps": "0 % (0)"}
        room.answer(4, actor="bank", need="time")
        assert room.act("renew") == 303
        assert lines(room.screen())["Temps"] == "45 % (5)"

    def test_one_answer_erased_or_corrected_does_not_show_by_renewing(self, room: Room) -> None:
        receipt = room.answer(7, actor="coop", need="money")
        room.act("reveal")
        responses.erase(room.store, receipt)
        assert room.act("renew") == 422
        assert lines(room.screen())["Argent"] == "100 % (7)"

    def test_marked_responses_are_not_counted(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        with room.store.write() as database:
            database.execute("update response set mark = 'test' where rowid = 1")
        room.act("reveal")
        assert lines(room.screen())["Argent"] == "100 % (5)"

    def test_texts_are_counted_and_never_shown(self, room: Room) -> None:
        room.answer(6, actor="coop", idea="secret idea")
        room.act("reveal", "idea")
        page = room.screen()
        assert '<p class="great">6</p>' in page and "secret idea" not in page

    def test_what_was_done_is_logged_without_what_was_answered(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        room.act("reveal")
        room.act("hide")
        entries = [e for e in log.page(room.store, room.workshop.code) if e.detail == "need"]
        assert [entry.action for entry in entries] == ["hidden", "revealed"]
        assert {entry.facilitator for entry in entries} == {"owner"}

    def test_what_is_no_question_or_no_act_is_refused(self, room: Room) -> None:
        assert room.act("reveal", "nothing") == room.act("dance") == 400

    def test_before_anybody_answers_the_desk_says_what_to_do(self, room: Room) -> None:
        page = room.desk.get(f"{room.address}/reveal").text
        assert f"/workshops/{room.workshop.code}/join" in page and "<table" in page


class TestGroups:
    def test_small_groups_are_shown_together(self, room: Room) -> None:
        room.answer(8, actor="coop", need="money")
        room.answer(3, actor="bank", need="time")
        room.answer(2, actor="office", need="money")
        room.act("reveal")
        room.act("split")
        page = room.screen()
        heads = re.findall(r'<th scope="col" class="part">(.*?)<', page)
        assert [head.strip() for head in heads] == ["Producteurs", "Finance, Public"]
        assert lines(page) == {"Argent": "77 % 100 % 40 %", "Temps": "23 % 0 % 60 %"}

    def test_a_group_too_small_takes_another_with_it_or_none_is_shown(self, room: Room) -> None:
        room.answer(8, actor="coop", need="money")
        room.answer(2, actor="bank", need="time")
        room.act("reveal")
        room.act("split")
        assert 'class="part"' not in room.screen()
        assert 'value="split"' not in room.screen()

    def test_the_groups_themselves_are_not_split_by_group(self, room: Room) -> None:
        room.answer(8, actor="coop")
        room.answer(8, actor="bank")
        room.act("reveal", "actor")
        assert lines(room.screen())["Banque"] == "50 % (8)"
        assert 'value="split"' not in room.screen()

    def test_groups_of_which_few_changed_stay_as_they_were_and_say_so(self, room: Room) -> None:
        room.answer(8, actor="coop", need="money")
        room.answer(8, actor="bank", need="time")
        room.act("reveal")
        room.answer(6, actor="coop", need="money")
        room.answer(1, actor="bank", need="money")
        assert room.act("renew") == 303
        room.act("split")
        page = room.screen("en")
        assert "The groups are as they were" in page
        assert lines(page)["Argent"] == "65 % 100 % 0 %"


class TestTheProjector:
    def test_it_goes_on_and_back(self, room: Room) -> None:
        assert "Qui ?" in room.screen() and 'id="previous"' not in room.screen()
        room.act("project", "idea")
        page = room.screen()
        assert "Une idée" in page and 'id="next"' not in page and 'id="previous"' in page

    def test_the_buttons_lead_back_to_it_and_those_of_the_desk_to_the_desk(
        self, room: Room
    ) -> None:
        sent = {"act": "project", "question": "need"}
        there = room.desk.post(f"{room.address}/reveal", data={**sent, "from": "results"})
        assert there.location == f"{room.address}/results"
        here = room.desk.post(f"{room.address}/reveal", data=sent)
        assert here.location == f"{room.address}/reveal#q-need"

    def test_it_is_asked_for_small_and_only_what_it_shows_changes_it(self, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        tag = room.desk.get(f"{room.address}/results/now").headers["ETag"]

        def status() -> int:
            headers = {"If-None-Match": tag}
            return room.desk.get(f"{room.address}/results/now", headers=headers).status_code

        assert status() == 304
        room.answer(1, actor="coop", need="money")
        assert status() == 304
        room.act("reveal")
        assert status() == 200

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_an_observer_sees_what_is_revealed_and_no_button(
        self, app: Flask, room: Room, language: str
    ) -> None:
        room.answer(6, actor="coop", need="money")
        observer = browser_of(app, room.store, "observer")
        address = f"/desk/{language}/workshops/{room.workshop.code}"
        room.act("project")
        assert "100 %" not in observer.get(f"{address}/results").text
        room.act("reveal")
        for place in ("results", "results/now"):
            page = observer.get(f"{address}/{place}")
            assert page.status_code == 200 and "100 %" in page.text
            assert "<button id" not in page.text
            assert f"{address}/reveal" not in page.text
        assert observer.get(f"{address}/reveal").status_code == 403
        sent = {"act": "hide", "question": "need"}
        assert observer.post(f"{address}/reveal", data=sent).status_code == 403
        assert lines(room.screen()) != {}

    def test_a_colleague_reveals_and_a_stranger_finds_nothing(self, app: Flask, room: Room) -> None:
        room.answer(6, actor="coop", need="money")
        sent = {"act": "reveal", "question": "need"}
        colleague = browser_of(app, room.store, "colleague")
        assert colleague.post(f"{room.address}/reveal", data=sent).status_code == 303
        stranger = browser_of(app, room.store, "stranger")
        for place in ("results", "results/now", "reveal"):
            assert stranger.get(f"{room.address}/{place}").status_code == 404
        assert stranger.post(f"{room.address}/reveal", data=sent).status_code == 404


ANSWERS = {
    "members": 40,
    "area": "2.5",
    "day": "2026-03-01",
    "actor": "a",
    "funds": ["a", "B.2"],
    "chain": ["c_3", "a", "B.2"],
    "asset": {"one": "1", "two": "2"},
    "points": {"a": 60, "B.2": 40, "c_3": 0},
    "views": {"one": "agree", "two": "pass"},
}
EXPECTED = {
    "members": "100 % (6)",
    "area": "100 % (6)",
    "day": "100 % (6)",
    "actor": "100 % (6)",
    "funds": "100 % (6)",
    "chain": "First 100 % 100 % (6)",
    "asset": "1 100 % 6",
    "points": "51 % and more 100 % 60 % (60–60)",
    "views": "D’accord 100 % 6",
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_type_of_question_has_a_chart(
    app: Flask,
    store: Store,
    open_workshop: Callable[..., Workshop],
    language: str,
    name: str,
) -> None:
    facilitators.add(store, "owner", FACILITATOR)
    room = Room(app, store, open_workshop(ALL_TYPES, owner="owner"))
    room.answer(6, **ANSWERS)
    assert room.act("reveal", name) == 303
    found = lines(room.screen(language))
    if language == "en":
        assert EXPECTED[name] in found.values()
    assert len(found) >= 1


def test_revealing_again_the_same_leaves_one_line_in_the_log(room: Room) -> None:
    room.answer(6, actor="coop", need="money")
    room.act("reveal")
    room.act("reveal")
    assert reveals.every(room.store, room.workshop.code)["need"].is_shown
    actions = [entry.action for entry in log.page(room.store, room.workshop.code)]
    assert actions.count("revealed") == 1
