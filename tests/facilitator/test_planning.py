"""Workshops made at the desk: a questionnaire is chosen, settings are written, it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.response import FACILITATOR, OBSERVER, Sending
from survey.settings import Settings
from survey.store import Store, facilitators, log, responses, shares, workshops
from tests.conftest import questionnaire_of, questionnaire_text

ID = "a" * 26
QUESTIONS = """
- {type: text, name: idea, core: true, label: {fr: Idée, ar: فكرة}}
- {type: text, name: more, label: {fr: Encore, ar: المزيد}}
"""
TERRITORY = """
- type: select_one
  name: place
  role: territory
  label: {fr: Où ?, ar: أين؟}
  choices: {file: places.csv, levels: [region, province]}
"""
PLACES = "name,level,parent,fr,ar\n09,region,,Souss,سوس\n09.1,province,09,Agadir,أكادير\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "questionnaires"
    made.mkdir()
    (made / "tiny.yaml").write_text(questionnaire_text(QUESTIONS), encoding="utf-8")
    return made


@pytest.fixture
def app(instance: Path, folder: Path) -> Iterator[Flask]:
    made = create_app(
        Settings(instance=instance, questionnaires=folder), "http://workshop.test:8000"
    )
    made.testing = True
    yield made
    services_of(made).store.close()


def signed_in(app: Flask, store: Store, name: str, role: str = FACILITATOR) -> FlaskClient:
    facilitators.add(store, name, role)
    client = app.test_client()
    client.set_cookie(COOKIE, facilitators.begin_session(store, name), path="/desk")
    return client


@pytest.fixture
def owner(app: Flask, store: Store) -> FlaskClient:
    return signed_in(app, store, "owner")


SENT: dict[str, Any] = {
    "title__fr": "Atelier d'Agadir",
    "held_on": "2026-03-22",
    "place": "Salle <b>des fêtes</b>",
    "timezone": "Africa/Casablanca",
    "languages": ["fr", "ar"],
    "variant": "full",
    "controller__fr": "L'Association",
    "controller__ar": "الجمعية",
}


def created(owner: FlaskClient, **other: Any) -> str:
    """The code of a workshop made at the desk."""
    response = owner.post("/desk/fr/workshops/new/tiny", data={**SENT, **other})
    assert response.status_code == 303
    return str(response.location).rpartition("/")[2]


def opened(owner: FlaskClient, **other: Any) -> str:
    code = created(owner, **other)
    assert to_state(owner, code, "open") == 303
    return code


def to_state(owner: FlaskClient, code: str, state: str) -> int:
    address = f"/desk/fr/workshops/{code}/state"
    return owner.post(address, data={"state": state}).status_code


class TestChoosing:
    def test_an_empty_list_leads_to_the_first_workshop(self, owner: FlaskClient) -> None:
        assert 'href="/desk/fr/workshops/new"' in owner.get("/desk/fr/").text

    def test_an_observer_is_not_led_there(self, app: Flask, store: Store) -> None:
        observer = signed_in(app, store, "observer", OBSERVER)
        assert "/workshops/new" not in observer.get("/desk/fr/").text

    def test_each_questionnaire_is_there_with_what_it_asks(self, owner: FlaskClient) -> None:
        page = owner.get("/desk/en/workshops/new").text
        assert "Essai" in page and "2 questions" in page and "with a short version" in page
        assert 'href="/desk/en/workshops/new/tiny"' in page
        assert "/desk/en/questionnaires/tiny/preview?in=ar&amp;variant=short" in page

    def test_one_with_problems_is_shown_with_all_of_them_and_cannot_be_chosen(
        self, owner: FlaskClient, folder: Path
    ) -> None:
        line = "- {type: txt, name: idea, label: {fr: Idée, ar: فكرة}}\n"
        text = questionnaire_text(line + "- {type: text, name: x}")
        (folder / "broken.yaml").write_text(text, encoding="utf-8")
        page = owner.get("/desk/en/workshops/new").text
        assert "2 problems" in page
        assert re.search(r"<code>broken\.yaml:\d+:\d+</code> type cannot be `txt`", page)
        assert "Did you mean `text`" in page and str(folder) not in page
        assert "/workshops/new/broken" not in page
        assert owner.get("/desk/en/workshops/new/broken").status_code == 404

    def test_a_file_that_was_mended_can_be_chosen_at_once(
        self, owner: FlaskClient, folder: Path
    ) -> None:
        path = folder / "later.yaml"
        path.write_text("name: later\n", encoding="utf-8")
        assert owner.get("/desk/fr/workshops/new/later").status_code == 404
        path.write_text(questionnaire_text(QUESTIONS), encoding="utf-8")
        assert owner.get("/desk/fr/workshops/new/later").status_code == 200

    def test_an_empty_folder_says_what_to_put_there(self, owner: FlaskClient, folder: Path) -> None:
        (folder / "tiny.yaml").unlink()
        assert ".yaml" in owner.get("/desk/en/workshops/new").text

    @pytest.mark.parametrize("name", ["nothing", "..%2Fsecret", "tiny.yaml"])
    def test_only_files_of_the_folder_can_be_named(self, owner: FlaskClient, name: str) -> None:
        assert owner.get(f"/desk/fr/workshops/new/{name}").status_code == 404


class TestCreating:
    def test_who_creates_a_workshop_owns_it(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        made = workshops.get(store, code)
        assert (made.owner, made.state, made.day) == ("owner", "draft", "22/03/2026")
        assert made.title == {"fr": "Atelier d'Agadir", "ar": "تجربة"}
        assert [entry.action for entry in log.page(store, code)] == [log.CREATED]

    def test_it_opens_and_the_first_page_says_where_and_when(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        page = client.get(f"/{opened(owner)}/fr").text
        assert "Atelier d&#39;Agadir" in page
        assert "Salle &lt;b&gt;des fêtes&lt;/b&gt;" in page and "22/03/2026" in page
        assert "Avis de L&#39;Association" in page

    def test_it_does_not_open_before_the_notice_is_filled_in_and_says_where(
        self, owner: FlaskClient, store: Store
    ) -> None:
        code = created(owner, controller__ar="")
        assert to_state(owner, code, "open") == 422
        assert workshops.get(store, code).state == "draft"
        page = owner.get(f"/desk/fr/workshops/{code}").text
        anchor = f"/desk/fr/workshops/{code}/settings#controller__ar"
        assert anchor in page and "#controller__fr" not in page
        assert 'id="controller__ar"' in owner.get(anchor.partition("#")[0]).text

    def test_a_language_that_is_not_offered_leaves_no_hole(self, owner: FlaskClient) -> None:
        opened(owner, controller__ar="", languages=["fr"])

    def test_a_trial_needs_no_notice(self, owner: FlaskClient) -> None:
        opened(owner, controller__fr="", controller__ar="", trial="1")

    def test_a_contact_written_once_is_there_in_every_language(
        self, owner: FlaskClient, store: Store
    ) -> None:
        made = workshops.get(store, created(owner, contact__ar="a@b.example"))
        assert made.notice["contact"] == {"fr": "a@b.example", "ar": "a@b.example"}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("held_on", "22.03.2026"),
            ("timezone", "Africa/Nowhere"),
            ("timezone", "../../etc/passwd"),
            ("languages", "en"),
            ("title__fr", "x" * 201),
            ("place", "x" * 101),
            ("context__fr", "x" * 10_001),
            ("variant", "medium"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
        self, owner: FlaskClient, store: Store, field: str, value: str
    ) -> None:
        response = owner.post(
            "/desk/en/workshops/new/tiny", data={**SENT, "title__ar": "ورشة", field: value}
        )
        assert response.status_code == 422
        assert f'id="{field}-error"' in response.text
        assert "ورشة" in response.text and "L&#39;Association" in response.text
        assert workshops.every(store) == []

    def test_a_short_version_must_be_there(self, owner: FlaskClient, folder: Path) -> None:
        text = questionnaire_text("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")
        (folder / "tiny.yaml").write_text(text, encoding="utf-8")
        sent = {**SENT, "variant": "short"}
        assert owner.post("/desk/fr/workshops/new/tiny", data=sent).status_code == 422

    def test_how_it_reads_is_shown_and_nothing_is_stored(
        self, owner: FlaskClient, store: Store
    ) -> None:
        sent = {**SENT, "context__fr": "Il y en a **612**.", "look": "1"}
        page = owner.post("/desk/fr/workshops/new/tiny", data=sent).text
        assert "<strong>612</strong>" in page and "Avis de L&#39;Association" in page
        assert "Il y en a **612**." in page
        assert workshops.every(store) == []

    def test_the_place_is_one_of_the_questionnaires_territories(
        self, owner: FlaskClient, client: FlaskClient, folder: Path
    ) -> None:
        (folder / "places.csv").write_text(PLACES, encoding="utf-8")
        (folder / "tiny.yaml").write_text(
            questionnaire_text(TERRITORY + QUESTIONS), encoding="utf-8"
        )
        assert (
            '<option value="09.1">Agadir</option>' in owner.get("/desk/fr/workshops/new/tiny").text
        )
        code = opened(owner, place="09.1")
        assert "Agadir" in client.get(f"/{code}/fr").text
        assert "أكادير" in client.get(f"/{code}/ar").text
        assert "Agadir" in owner.get("/desk/fr/").text


class TestChanging:
    def test_title_notice_and_context_change_while_it_is_open(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner)
        form = client.get(f"/{code}/fr/{ID}")
        address = f"/desk/fr/workshops/{code}/settings"
        sent = {**SENT, "title__fr": "Autre titre", "context__fr": "À *lire*"}
        assert owner.post(address, data=sent).status_code == 303
        page = client.get(f"/{code}/fr").text
        assert "Autre titre" in page and "<em>lire</em>" in page
        again = client.get(f"/{code}/fr/{ID}")
        assert "Autre titre" in again.text and again.headers["ETag"] != form.headers["ETag"]

    def test_the_kept_page_is_made_again_only_for_what_it_shows(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner)
        form = client.get(f"/{code}/fr/{ID}")
        to_state(owner, code, "paused")
        to_state(owner, code, "open")
        assert client.get(f"/{code}/fr/{ID}").headers["ETag"] == form.headers["ETag"]

    def test_how_answers_are_given_stays_from_the_first_opening_on(
        self, owner: FlaskClient, store: Store
    ) -> None:
        code = opened(owner)
        address = f"/desk/en/workshops/{code}/settings"
        assert "hold from the first opening on" in owner.get(address).text
        sent = {**SENT, "variant": "short", "trial": "1", "kiosk": "1"}
        assert owner.post(address, data=sent).status_code == 303
        kept = workshops.get(store, code)
        assert (kept.variant, kept.trial, kept.kiosk) == ("full", False, False)

    def test_a_draft_may_change_all_of_it(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        sent = {**SENT, "variant": "short", "trial": "1", "kiosk": "1"}
        owner.post(f"/desk/fr/workshops/{code}/settings", data=sent)
        kept = workshops.get(store, code)
        assert (kept.variant, kept.trial, kept.kiosk) == ("short", True, True)

    def test_the_log_names_what_was_changed_and_by_whom(
        self, app: Flask, owner: FlaskClient, store: Store
    ) -> None:
        code = created(owner)
        colleague = signed_in(app, store, "colleague")
        shares.share(store, code, "colleague")
        sent = {**SENT, "title__fr": "Autre", "held_on": ""}
        assert colleague.post(f"/desk/fr/workshops/{code}/settings", data=sent).status_code == 303
        entry = log.page(store, code)[0]
        assert (entry.action, entry.facilitator, entry.detail) == (
            log.CHANGED,
            "colleague",
            "title, held_on",
        )
        assert "Title, Date" in owner.get(f"/desk/en/workshops/{code}/log").text

    def test_keeping_the_same_settings_is_no_change(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        owner.post(f"/desk/fr/workshops/{code}/settings", data=SENT)
        assert [entry.action for entry in log.page(store, code)] == [log.CREATED]

    def test_what_is_wrong_changes_nothing(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        address = f"/desk/fr/workshops/{code}/settings"
        sent = {**SENT, "title__fr": "Autre", "held_on": "demain"}
        response = owner.post(address, data=sent)
        assert response.status_code == 422 and "demain" in response.text
        assert workshops.get(store, code).title["fr"] == "Atelier d'Agadir"


class TestLanguagesOffered:
    def test_only_these_are_offered_on_phones_walls_and_posters(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner, languages=["fr"])
        assert 'hreflang="ar"' not in client.get(f"/{code}/fr").text
        assert 'value="ar"' not in client.get(f"/{code}/fr/{ID}").text
        desk = f"/desk/fr/workshops/{code}"
        assert 'dir="rtl"' not in owner.get(f"{desk}/join").text
        assert 'dir="rtl"' not in owner.get(f"{desk}/poster").text

    def test_a_phone_that_asks_for_another_gets_one_that_is_offered(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner, languages=["fr"])
        arabic = {"Accept-Language": "ar"}
        assert client.get(f"/{code}", headers=arabic).location == f"/{code}/fr"
        assert client.get(f"/{code}/ar").location == f"/{code}"
        assert client.get(f"/{code}/ar/new").location == f"/{code}"

    def test_answers_begun_in_a_language_that_is_no_longer_offered_are_stored(
        self, owner: FlaskClient, client: FlaskClient, store: Store
    ) -> None:
        code = opened(owner)
        sent = {**SENT, "languages": ["fr"]}
        owner.post(f"/desk/fr/workshops/{code}/settings", data=sent)
        reply = client.post(f"/{code}/ar/{ID}", data={"idea": "فكرة", "_end": "1"})
        assert reply.status_code == 303
        assert client.get(reply.location).status_code == 200
        assert responses.get(store, code, ID).language == "ar"


class TestContext:
    def test_it_is_said_in_the_language_that_stands_in(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner, context__fr="Des **chiffres**")
        page = client.get(f"/{code}/ar").text
        assert '<section class="context spoken" lang="fr" dir="ltr"' in page
        assert "<strong>chiffres</strong>" in page

    def test_without_one_nothing_is_there(self, owner: FlaskClient, client: FlaskClient) -> None:
        assert "context" not in re.sub(
            "<style>.*?</style>", "", client.get(f"/{opened(owner)}/fr").text, flags=re.DOTALL
        )

    def test_it_can_do_no_harm(self, owner: FlaskClient, client: FlaskClient) -> None:
        code = opened(owner, context__fr="<script>alert(1)</script> [x](javascript:alert(1))")
        page = client.get(f"/{code}/fr").text
        assert "<script>alert" not in page and 'href="javascript' not in page
        assert "&lt;script&gt;" in page


class TestDuplicating:
    def test_the_copy_is_a_draft_with_the_same_settings_and_no_answers(
        self, owner: FlaskClient, store: Store
    ) -> None:
        code = opened(owner, context__fr="Contexte", kiosk="1", languages=["fr"])
        responses.add(store, code, Sending(ID, {"idea": "x"}, "fr"))
        response = owner.post(f"/desk/fr/workshops/{code}/duplicate")
        copy = str(response.location).split("/")[-2]
        assert response.location == f"/desk/fr/workshops/{copy}/settings"
        old, new = workshops.get(store, code), workshops.get(store, copy)
        for name in workshops.WorkshopSettings.__annotations__:
            assert getattr(old, name) == getattr(new, name)
        assert (new.state, new.version, new.owner) == ("draft", old.version, "owner")
        assert responses.count(store, copy) == 0
        entry = log.page(store, copy)[0]
        assert (entry.action, entry.detail) == (log.COPIED, code)

    def test_a_colleagues_copy_is_her_own(
        self, app: Flask, owner: FlaskClient, store: Store
    ) -> None:
        code = created(owner)
        colleague = signed_in(app, store, "colleague")
        shares.share(store, code, "colleague")
        copy = colleague.post(f"/desk/fr/workshops/{code}/duplicate").location.split("/")[-2]
        assert workshops.get(store, copy).owner == "colleague"
        assert owner.get(f"/desk/fr/workshops/{copy}").status_code == 404


class TestArchive:
    def test_a_closed_workshop_leaves_the_list_and_comes_back(
        self, owner: FlaskClient, store: Store
    ) -> None:
        code = opened(owner)
        to_state(owner, code, "closed")
        address = f"/desk/fr/workshops/{code}/archive"
        assert owner.post(address, data={"change": "archive"}).status_code == 303
        assert code not in owner.get("/desk/fr/").text
        assert code in owner.get("/desk/fr/workshops/archived").text
        assert owner.get(f"/desk/fr/workshops/{code}/export?format=csv").status_code == 200
        owner.post(address, data={"change": "take_back"})
        assert code in owner.get("/desk/fr/").text
        assert code not in owner.get("/desk/fr/workshops/archived").text
        actions = [entry.action for entry in log.page(store, code)]
        assert log.ARCHIVED in actions and log.UNARCHIVED in actions

    @pytest.mark.parametrize("state", ["open", "paused"])
    def test_one_that_runs_cannot_be_archived(
        self, owner: FlaskClient, store: Store, state: str
    ) -> None:
        code = opened(owner)
        to_state(owner, code, state)
        assert 'value="archive"' not in owner.get(f"/desk/fr/workshops/{code}").text
        address = f"/desk/fr/workshops/{code}/archive"
        assert owner.post(address, data={"change": "archive"}).status_code == 409
        assert workshops.get(store, code).archived_at is None

    def test_what_is_in_the_archive_does_not_open(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        owner.post(f"/desk/fr/workshops/{code}/archive", data={"change": "archive"})
        assert to_state(owner, code, "open") == 409
        assert workshops.get(store, code).state == "draft"

    def test_a_draft_cannot_be_paused(self, owner: FlaskClient, store: Store) -> None:
        code = created(owner)
        assert to_state(owner, code, "paused") == 409
        assert workshops.get(store, code).state == "draft"


class TestPreview:
    def page(self, owner: FlaskClient, query: str, code: str = "") -> str:
        place = f"workshops/{code}" if code else "questionnaires/tiny"
        response = owner.get(f"/desk/en/{place}/preview?{query}")
        assert response.status_code == 200
        policy = response.headers["Content-Security-Policy"]
        assert "form-action 'none'" in policy and "connect-src 'none'" in policy
        return response.text

    def test_it_is_marked_and_has_no_script_that_sends(self, owner: FlaskClient) -> None:
        for page in ("welcome", "form"):
            text = self.page(owner, f"page={page}&in=ar")
            assert '<html lang="ar" dir="rtl">' in text
            assert "Nothing that you type here is kept or sent" in text
            for means in ("fetch(", "indexedDB", "localStorage", "XMLHttpRequest", "sendBeacon"):
                assert means not in text

    def test_each_variant_asks_what_it_will_ask(self, owner: FlaskClient) -> None:
        assert 'name="more"' in self.page(owner, "page=form&in=fr&variant=full")
        assert 'name="more"' not in self.page(owner, "page=form&in=fr&variant=short")

    def test_it_shows_the_participants_own_page(
        self, owner: FlaskClient, client: FlaskClient
    ) -> None:
        code = opened(owner, languages=["fr"])
        shown = self.page(owner, "page=form&in=fr", code)
        real = client.get(f"/{code}/fr/{ID}").text
        [question] = re.findall(r'<div class="q" id="q-idea".*?</div>', shown, re.DOTALL)
        smaller = re.sub(r'["\s]', "", question)
        assert smaller in re.sub(r'["\s]', "", real)

    def test_a_workshops_preview_has_its_title_notice_and_context(self, owner: FlaskClient) -> None:
        code = created(owner, context__fr="Des **chiffres**")
        text = self.page(owner, "in=fr", code)
        assert "Atelier d&#39;Agadir" in text and "<strong>chiffres</strong>" in text
        assert "Avis de L&#39;Association" in text

    @pytest.mark.parametrize("query", ["in=en", "page=other", "variant=medium"])
    def test_what_is_not_there_is_not_found(self, owner: FlaskClient, query: str) -> None:
        address = f"/desk/fr/questionnaires/tiny/preview?{query}"
        assert owner.get(address).status_code == 404

    def test_nothing_is_stored_by_looking(self, owner: FlaskClient, store: Store) -> None:
        self.page(owner, "page=form")
        assert workshops.every(store) == []
        with store.read() as database:
            kept = database.execute("select count(*) from questionnaire_version").fetchone()
        assert kept == (0,)


def test_the_matrix_of_rights_has_no_way_round_an_observer(app: Flask, store: Store) -> None:
    """An observer of a workshop sees its settings' outcome, but no button that changes anything."""
    observer = signed_in(app, store, "observer", OBSERVER)
    made = workshops.create(store, questionnaire_of(QUESTIONS), trial=True)
    shares.share(store, made.code, "observer")
    page = observer.get(f"/desk/fr/workshops/{made.code}").text
    for part in ("settings", "duplicate", "archive", "version", "state"):
        assert f"/desk/fr/workshops/{made.code}/{part}" not in page
    assert f"/desk/fr/workshops/{made.code}/preview" in page
