"""A newer version of a workshop's questionnaire: offered with what it changes, and taken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.questionnaire.document import version_of
from survey.questionnaire.loading import load
from survey.response import CLOSED, OPEN, Sending, Workshop
from survey.settings import Settings
from survey.store import Store, facilitators, log, questionnaires, responses, workshops
from tests.conftest import questionnaire_of, questionnaire_text

ID, OTHER_ID = "a" * 26, "b" * 26
QUESTIONS = """
- type: select_one
  name: actor
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
  - {name: gie, label: {fr: GIE, ar: مجموعة}}
- {type: text, name: idea, core: true, label: {fr: Idée, ar: فكرة}}
"""
ANSWERS = {"actor": "gie", "idea": "x"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "questionnaires"
    made.mkdir()
    return made


@pytest.fixture
def app(instance: Path, folder: Path) -> Iterator[Flask]:
    made = create_app(Settings(instance=instance, questionnaires=folder))
    made.testing = True
    yield made
    services_of(made).store.close()


@pytest.fixture
def write(folder: Path) -> Callable[..., str]:
    """Writes the file in the folder anew, and returns its version."""

    def written(questions: str = QUESTIONS, top: str = "") -> str:
        path = folder / "tiny.yaml"
        path.write_text(questionnaire_text(questions, top), encoding="utf-8")
        return version_of(load(path))

    return written


@pytest.fixture
def owner(app: Flask, store: Store) -> FlaskClient:
    facilitators.add(store, "owner", "facilitator")
    client = app.test_client()
    client.set_cookie(COOKIE, facilitators.begin_session(store, "owner"), path="/desk")
    return client


@pytest.fixture
def workshop(owner: FlaskClient, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire_of(QUESTIONS), owner="owner")


def address(workshop: Workshop) -> str:
    return f"/desk/en/workshops/{workshop.code}/version"


def take(owner: FlaskClient, workshop: Workshop, version: str) -> int:
    return owner.post(address(workshop), data={"version": version}).status_code


def obstacles(page: str) -> str:
    found = re.search(r"It cannot be taken now(.*?)</ul>", page, re.DOTALL)
    return found[1] if found else ""


def test_the_same_version_is_not_offered(
    owner: FlaskClient, workshop: Workshop, write: Callable[..., str]
) -> None:
    write()
    assert address(workshop) not in owner.get(f"/desk/en/workshops/{workshop.code}").text
    assert (
        "has the version that is in the questionnaires folder" in owner.get(address(workshop)).text
    )


def test_a_newer_one_is_offered_with_what_it_changes(
    owner: FlaskClient, workshop: Workshop, write: Callable[..., str]
) -> None:
    new = QUESTIONS.replace("fr: Idée", "fr: Votre idée").replace("name: gie", "name: union")
    write(new + "- {type: integer, name: members, label: {fr: Combien ?, ar: كم؟}}")
    assert address(workshop) in owner.get(f"/desk/en/workshops/{workshop.code}").text
    page = owner.get(address(workshop).replace("/en/", "/fr/")).text
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)
    texts = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]
    assert any("actor union" in each and "GIE" in each for each in texts)
    assert any("idea" in each and "Idée" in each and "Votre idée" in each for each in texts)
    assert any("members" in each and "Combien" in each for each in texts)
    assert len(texts) == 4
    assert "<code>members</code>" in page  # the column that exports gain


def test_a_wording_is_shown_in_the_language_in_which_it_changed(
    owner: FlaskClient, workshop: Workshop, write: Callable[..., str]
) -> None:
    write(QUESTIONS.replace("fr: Idée", "fr: Votre idée"))
    page = owner.get(address(workshop).replace("/en/", "/ar/")).text
    assert '<bdi lang="fr" dir="ltr">Votre idée</bdi>' in page


def test_after_it_is_taken_each_response_keeps_the_version_that_it_answered(
    owner: FlaskClient,
    client: FlaskClient,
    store: Store,
    workshop: Workshop,
    write: Callable[..., str],
) -> None:
    responses.add(store, workshop.code, Sending(ID, ANSWERS, "fr"))
    new = write(QUESTIONS.replace("name: gie", "name: union"))
    assert take(owner, workshop, new) == 303
    client.post(f"/{workshop.code}/fr/{OTHER_ID}", data={"actor": "union", "_end": "1"})
    kept = {each.id: each.version for each in responses.scan(store, workshop.code)}
    assert kept == {ID: workshop.version, OTHER_ID: new}
    entry = log.page(store, workshop.code)[0]
    assert (entry.action, entry.facilitator, entry.detail) == (
        log.VERSION_TAKEN,
        "owner",
        new[:8],
    )


def test_who_corrects_an_earlier_response_sees_what_still_fits(
    owner: FlaskClient,
    client: FlaskClient,
    store: Store,
    workshop: Workshop,
    write: Callable[..., str],
) -> None:
    responses.add(store, workshop.code, Sending(ID, ANSWERS, "fr"))
    take(owner, workshop, write(QUESTIONS.replace("name: gie", "name: union")))
    page = client.get(f"/{workshop.code}/fr/{ID}/edit")
    assert page.status_code == 200 and 'value="x"' in page.text
    sent = {"actor": "union", "idea": "y", "_revision": "1", "_end": "1"}
    assert client.post(f"/{workshop.code}/fr/{ID}", data=sent).status_code == 303
    assert responses.get(store, workshop.code, ID).answers["actor"] == "union"


def test_two_answers_that_differ_across_versions_can_be_compared(
    owner: FlaskClient,
    client: FlaskClient,
    store: Store,
    workshop: Workshop,
    write: Callable[..., str],
) -> None:
    responses.add(store, workshop.code, Sending(ID, ANSWERS, "fr"))
    take(owner, workshop, write(QUESTIONS.replace("name: gie", "name: union")))
    sent = {"actor": "union", "idea": "y", "_end": "1"}
    assert client.post(f"/{workshop.code}/fr/{ID}", data=sent).status_code == 409


def test_a_page_of_the_older_version_is_told_and_keeps_what_was_typed(
    owner: FlaskClient,
    client: FlaskClient,
    store: Store,
    workshop: Workshop,
    write: Callable[..., str],
) -> None:
    take(owner, workshop, write(QUESTIONS.replace("name: idea", "name: thought")))
    sent = {"actor": "coop", "idea": "x", "_end": "1"}
    reply = client.post(f"/{workshop.code}/fr/{ID}", data=sent)
    assert reply.status_code == 400 and "checked" in reply.text
    assert responses.count(store, workshop.code) == 0


def test_the_blank_page_is_the_new_one_at_once(
    owner: FlaskClient, client: FlaskClient, workshop: Workshop, write: Callable[..., str]
) -> None:
    before = client.get(f"/{workshop.code}/fr/{ID}")
    take(owner, workshop, write(QUESTIONS.replace("fr: Idée", "fr: Votre idée")))
    after = client.get(
        f"/{workshop.code}/fr/{ID}", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.status_code == 200 and "Votre idée" in after.text


def test_only_what_was_looked_at_is_taken(
    owner: FlaskClient, store: Store, workshop: Workshop, write: Callable[..., str]
) -> None:
    looked_at = write(QUESTIONS.replace("fr: Idée", "fr: Votre idée"))
    write(QUESTIONS.replace("fr: Idée", "fr: Encore une"))
    response = owner.post(address(workshop), data={"version": looked_at})
    assert response.status_code == 409 and "Encore une" not in response.text.split("<table>")[0]
    assert "changed once more" in response.text
    assert workshops.get(store, workshop.code).version == workshop.version


class TestObstacles:
    def refused(self, owner: FlaskClient, store: Store, workshop: Workshop, version: str) -> str:
        assert take(owner, workshop, version) == 409
        assert workshops.get(store, workshop.code).version == workshop.version
        page = owner.get(address(workshop)).text
        assert "Take the newer version" not in page
        return obstacles(page)

    def test_a_name_that_means_another_kind_of_answer(
        self, owner: FlaskClient, store: Store, workshop: Workshop, write: Callable[..., str]
    ) -> None:
        version = write(QUESTIONS.replace("type: text, name", "type: statements, name"))
        assert "<code>idea</code>" in self.refused(owner, store, workshop, version)

    def test_a_draft_has_no_answers_to_keep(
        self, owner: FlaskClient, store: Store, write: Callable[..., str]
    ) -> None:
        draft = workshops.create(store, questionnaire_of(QUESTIONS), owner="owner")
        version = write(QUESTIONS.replace("type: text, name", "type: statements, name"))
        assert take(owner, draft, version) == 303

    def test_a_language_that_phones_are_answering_in(
        self,
        owner: FlaskClient,
        store: Store,
        workshop: Workshop,
        folder: Path,
    ) -> None:
        text = questionnaire_text(QUESTIONS).replace("[fr, ar]", "[fr]")
        path = folder / "tiny.yaml"
        path.write_text(re.sub(r', ar: ("[^"]*"|[^}"]+)', "", text), encoding="utf-8")
        found = self.refused(owner, store, workshop, version_of(load(path)))
        assert "<code>ar</code>" in found

    def test_a_notice_that_asks_for_more_while_it_is_open(
        self,
        owner: FlaskClient,
        store: Store,
        open_workshop: Callable[..., Workshop],
        folder: Path,
    ) -> None:
        said = {"controller": {"fr": "A", "ar": "ا"}}
        workshop = open_workshop(
            questionnaire_of(QUESTIONS), owner="owner", trial=False, notice=said
        )
        text = questionnaire_text(QUESTIONS).replace("{controller}", "{controller} {contact}")
        path = folder / "tiny.yaml"
        path.write_text(text, encoding="utf-8")
        version = version_of(load(path))
        assert "<code>contact</code>" in self.refused(owner, store, workshop, version)
        workshops.set_state(store, workshop.code, CLOSED)
        assert take(owner, workshop, version) == 303
        with pytest.raises(workshops.NoticeHasHoles):
            workshops.set_state(store, workshop.code, OPEN)

    def test_a_short_workshop_without_a_short_version(
        self,
        owner: FlaskClient,
        store: Store,
        open_workshop: Callable[..., Workshop],
        write: Callable[..., str],
    ) -> None:
        short = open_workshop(questionnaire_of(QUESTIONS), owner="owner", variant="short")
        version = write(QUESTIONS.replace("core: true, ", ""))
        assert "no short version" in self.refused(owner, store, short, version)


def test_exports_of_the_new_version_can_be_downloaded(
    owner: FlaskClient, store: Store, workshop: Workshop, write: Callable[..., str]
) -> None:
    new = write(QUESTIONS + "- {type: integer, name: members, label: {fr: C, ar: ك}}")
    take(owner, workshop, new)
    responses.add(store, workshop.code, Sending(ID, {"actor": "coop", "members": 3}, "fr"))
    file = owner.get(f"/desk/fr/workshops/{workshop.code}/export?format=csv")
    [row] = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline=""))
    assert row["members"] == "3"
    assert questionnaires.get(store, new).question("members").type == "integer"
