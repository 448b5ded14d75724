"""The live page: counts by group, territory and question, as they are now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.questionnaire.loading import load
from survey.questionnaire.model import Questionnaire
from survey.response import Sending, Workshop
from survey.store import Store, arrivals, log, responses
from tests.conftest import questionnaire_text
from tests.facilitator.desk_people import browser_of

QUESTIONS = """
- type: select_one
  name: actor
  role: actor_group
  other: {group: others}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: Coopérative, ar: تعاونية}}
- {type: select_one, name: place, role: territory, choices: places, label: {fr: Où ?, ar: أين؟}}
- {type: text, name: idea, dk: true, label: {fr: Une idée, ar: فكرة}}
"""
TOP = """
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: المنتجون}}
- {name: others, label: {fr: Autres, ar: آخرون}}
choices:
  places: {file: places.csv, levels: [region, province, commune]}
"""
PLACES = """\
name,level,parent,fr,ar
9,region,,Souss-Massa,سوس
9.1,province,9,Tiznit,تيزنيت
9.1.1,commune,9.1,Tafraout,تافراوت
9.1.2,commune,9.1,Aglou,أكلو
9.2,province,9,Tata,طاطا
"""


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    path = tmp_path / "live.yaml"
    path.write_text(questionnaire_text(QUESTIONS, TOP), encoding="utf-8")
    return load(path)


@pytest.fixture
def address(workshop: Workshop) -> str:
    return f"/desk/fr/workshops/{workshop.code}/live"


def send(store: Store, workshop: Workshop, letter: str, people: int = 1, **answers: object) -> str:
    sending = Sending(letter * 26, answers, "fr", people=people)
    return responses.add(store, workshop.code, sending).code


def correct(store: Store, workshop: Workshop, letter: str, **answers: object) -> None:
    responses.add(store, workshop.code, Sending(letter * 26, answers, "fr", replaces=1))


def mark(store: Store, workshop: Workshop, letter: str, kind: str | None) -> None:
    with store.write() as database:
        database.execute("update response set mark = ? where id = ?", (kind, letter * 26))
        log.note(database, log.TAKEN_IN, None, workshop.code)


def rows(page: str) -> dict[str, list[str]]:
    """The numbers of each row, by the words that head it."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL):
        head, *cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        found[re.sub("<.*?>", "", head).strip()] = [re.sub("<.*?>", "", each) for each in cells]
    return found


def test_it_counts_by_group_territory_and_question(
    desk: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    send(store, workshop, "a", actor="coop", place="9.1.1", idea="x")
    send(store, workshop, "b", actor="coop", place="9.1", idea={"missing": "dk"})
    send(store, workshop, "c", actor=None, place="9", idea=None)
    page = desk.get(address).text
    found = rows(page)
    assert found["Producteurs"] == ["2"] and found["Autres"] == ["0"]
    assert found["Tiznit"] == ["2"] and '<li>Tafraout <bdi dir="ltr">1</bdi></li>' in page
    assert found["Souss-Massa"] == ["1"] and "Tata" not in page and "Aglou" not in page
    assert found["Une idée"] == ["1", "1", "1", "–", "–"]
    assert found["Qui ?"] == ["2", "1", "–", "–", "–"]
    assert re.search(r"<strong>3</strong>", page)


def test_who_has_not_stated_a_group_is_counted_as_such(
    desk: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    send(store, workshop, "a", actor=None, place=None)
    page = desk.get(address.replace("/fr/", "/en/")).text
    assert rows(page)["Not stated"] == ["1"]


def test_corrections_erasures_and_marks_are_followed(
    desk: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    def producers() -> str:
        return rows(desk.get(address).text).get("Producteurs", ["none"])[0]

    receipt = send(store, workshop, "a", actor="coop")
    send(store, workshop, "b", actor="coop")
    send(store, workshop, "c", actor="coop")
    assert producers() == "3"
    correct(store, workshop, "a", actor="other")
    assert producers() == "2"
    correct(store, workshop, "b", actor="coop", idea="more")
    assert producers() == "2"
    mark(store, workshop, "b", "test")
    assert producers() == "1"
    mark(store, workshop, "b", None)
    assert producers() == "2"
    responses.erase(store, receipt)
    assert producers() == "2" and rows(desk.get(address).text)["Autres"] == ["0"]


def test_what_was_counted_is_not_read_again(
    desk: FlaskClient,
    store: Store,
    workshop: Workshop,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(store, workshop, "a", actor="coop")
    desk.get(address)
    read: list[int] = []
    since = arrivals.since

    def watched(*of: object) -> object:
        for sequence, response in since(*of):
            read.append(sequence)
            yield sequence, response

    monkeypatch.setattr(arrivals, "since", watched)
    send(store, workshop, "b", actor="coop")
    assert rows(desk.get(address).text)["Producteurs"] == ["2"]
    assert len(read) == 1


def test_people_are_counted_and_the_page_says_so(
    desk: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    send(store, workshop, "a", actor="coop")
    english = address.replace("/fr/", "/en/")
    assert "count people" not in desk.get(english).text
    send(store, workshop, "b", people=6, actor="coop")
    page = desk.get(english).text
    assert "They count for 7 people" in page
    assert rows(page)["Producteurs"] == ["7"]


def test_an_unchanged_page_gets_no_body(
    desk: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    tag = desk.get(f"{address}/now").headers["ETag"]
    headers = {"If-None-Match": tag}
    reply = desk.get(f"{address}/now", headers=headers)
    assert (reply.status_code, reply.data) == (304, b"")
    send(store, workshop, "a", actor="coop")
    assert desk.get(f"{address}/now", headers=headers).status_code == 200
    mark_tag = desk.get(f"{address}/now").headers["ETag"]
    mark(store, workshop, "a", "test")
    assert desk.get(f"{address}/now", headers={"If-None-Match": mark_tag}).status_code == 200


def test_before_anybody_answers_it_says_what_to_do(
    desk: FlaskClient, workshop: Workshop, address: str
) -> None:
    page = desk.get(address).text
    assert "<table" not in page and f"/workshops/{workshop.code}/join" in page


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_everybody_who_sees_the_workshop_sees_it_in_every_language(
    app: Flask, store: Store, workshop: Workshop, language: str
) -> None:
    receipt = send(store, workshop, "a", actor="coop", idea="secret idea")
    for person, status in (("owner", 200), ("colleague", 200), ("observer", 200)):
        page = browser_of(app, store, person).get(
            f"/desk/{language}/workshops/{workshop.code}/live"
        )
        assert page.status_code == status and f'<html lang="{language}"' in page.text
        for own in (receipt, "a" * 26, "secret idea"):
            assert own not in page.text
    for place in ("live", "live/now"):
        stranger = browser_of(app, store, "stranger")
        assert stranger.get(f"/desk/fr/workshops/{workshop.code}/{place}").status_code == 404
