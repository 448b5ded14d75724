"""The desk's people: invited, changed, kept out; and the log of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.facilitator import passwords
from survey.facilitator.views import COOKIE
from survey.response import FACILITATOR, OBSERVER, Sending, Workshop
from survey.store import Store, driver, facilitators, log, responses, shares, tries, workshops
from survey.store.tries import wait_after
from tests.conftest import questionnaire_of

QUESTIONNAIRE = questionnaire_of("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")
PASSWORD, OTHER = "argan saffron honey", "almond barley cactus"


def sign_in(app: Flask, store: Store, name: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(COOKIE, facilitators.begin_session(store, name), path="/desk")
    return client


@pytest.fixture
def desk(app: Flask, store: Store) -> FlaskClient:
    """The browser of an administrator."""
    facilitators.add(store, "admin")
    facilitators.change_password(store, "admin", passwords.hashed(PASSWORD))
    return sign_in(app, store, "admin")


def actions(store: Store) -> list[tuple[str | None, str, str]]:
    return [(each.facilitator, each.action, each.detail) for each in reversed(log.page(store))]


class TestPeople:
    def test_an_invitation_shows_a_link_once_that_lets_her_in(
        self, desk: FlaskClient, app: Flask, store: Store
    ) -> None:
        page = desk.post("/desk/fr/people", data={"name": "samira", "role": OBSERVER})
        found = re.search(r"http://workshop\.test:8000(/desk/fr/link/[\w-]+)", page.text)
        assert found and found[1] not in desk.get("/desk/fr/people").text
        hers = app.test_client()
        assert hers.post(found[1], data={"password": OTHER, "again": OTHER}).status_code == 303
        assert hers.get("/desk/fr/").status_code == 200
        assert ("admin", "invited", "samira") in actions(store)
        assert ("admin", "made_observer", "samira") in actions(store)

    @pytest.mark.parametrize("name", ["", " ", "x" * 65, "ADMIN"])
    def test_a_name_that_cannot_be_taken_is_explained(self, desk: FlaskClient, name: str) -> None:
        page = desk.post("/desk/fr/people", data={"name": name, "role": OBSERVER})
        assert page.status_code == 422 and 'role="alert"' in page.text

    def test_a_new_link_ends_the_old_one(self, desk: FlaskClient, store: Store) -> None:
        facilitators.add(store, "samira")
        old = facilitators.make_link(store, "samira")
        assert desk.post("/desk/fr/people/link", data={"name": "samira"}).status_code == 200
        assert facilitators.facilitator_of_link(store, old) is None

    def test_disabling_ends_sessions_and_links_at_once_and_enabling_gives_none_back(
        self, desk: FlaskClient, app: Flask, store: Store
    ) -> None:
        facilitators.add(store, "samira", FACILITATOR)
        facilitators.change_password(store, "samira", passwords.hashed(OTHER))
        hers = sign_in(app, store, "samira")
        link = facilitators.make_link(store, "samira")
        for change in ("disable", "enable"):
            sent = {"name": "samira", "change": change}
            assert desk.post("/desk/fr/people/access", data=sent).status_code == 303
            assert hers.get("/desk/fr/").status_code == 303
            assert facilitators.facilitator_of_link(store, link) is None
            assert passwords.is_right(store, "samira", OTHER) == (change == "enable")

    def test_another_role_holds_from_the_next_page_on(
        self, desk: FlaskClient, app: Flask, store: Store
    ) -> None:
        facilitators.add(store, "samira", OBSERVER)
        hers = sign_in(app, store, "samira")
        assert hers.get("/desk/fr/people").status_code == 403
        sent = {"name": "samira", "role": "administrator"}
        assert desk.post("/desk/fr/people/role", data=sent).status_code == 303
        assert hers.get("/desk/fr/people").status_code == 200

    @pytest.mark.parametrize(
        ("address", "sent"),
        [("role", {"role": OBSERVER}), ("access", {"change": "disable"})],
    )
    def test_the_last_administrator_who_can_sign_in_stays(
        self, desk: FlaskClient, store: Store, address: str, sent: dict[str, str]
    ) -> None:
        facilitators.add(store, "without a password")
        page = desk.post(f"/desk/fr/people/{address}", data={"name": "admin", **sent})
        assert page.status_code == 422 and "dernier compte" in page.text
        assert desk.get("/desk/fr/people").status_code == 200

    @pytest.mark.parametrize("address", ["people", "account", "log"])
    def test_the_pages_speak_every_language(self, desk: FlaskClient, address: str) -> None:
        for language in ("ar", "fr", "en", "zgh"):
            page = desk.get(f"/desk/{language}/{address}")
            assert page.status_code == 200 and f'<html lang="{language}"' in page.text


class TestAccount:
    def test_another_password_ends_every_session_but_this_browsers_new_one(
        self, desk: FlaskClient, app: Flask, store: Store
    ) -> None:
        elsewhere = sign_in(app, store, "admin")
        before = desk.get_cookie(COOKIE, path="/desk")
        sent = {"old": PASSWORD, "password": OTHER, "again": OTHER}
        assert desk.post("/desk/fr/account", data=sent).status_code == 200
        after = desk.get_cookie(COOKIE, path="/desk")
        assert before and after and before.value != after.value
        assert desk.get("/desk/fr/").status_code == 200
        assert elsewhere.get("/desk/fr/").status_code == 303

    @pytest.mark.parametrize(
        ("old", "password"),
        [("wrong", OTHER), (PASSWORD, "short"), (PASSWORD, "motdepasse2026"), ("", OTHER)],
    )
    def test_a_wrong_old_or_bad_new_password_changes_nothing(
        self, desk: FlaskClient, store: Store, old: str, password: str
    ) -> None:
        sent = {"old": old, "password": password, "again": password}
        assert desk.post("/desk/fr/account", data=sent).status_code == 422
        assert passwords.is_right(store, "admin", PASSWORD)

    def test_the_old_password_cannot_be_guessed_at_leisure(self, desk: FlaskClient) -> None:
        sent = {"old": "wrong", "password": OTHER, "again": OTHER}
        found = [desk.post("/desk/fr/account", data=sent).status_code for _ in range(6)]
        assert found == [422] * 5 + [429]

    def test_signing_out_everywhere_ends_every_session(
        self, desk: FlaskClient, app: Flask, store: Store
    ) -> None:
        elsewhere = sign_in(app, store, "admin")
        assert desk.post("/desk/fr/account/sign-out").status_code == 303
        assert elsewhere.get("/desk/fr/").status_code == 303


class TestTries:
    def test_the_wait_grows_up_to_eight_minutes(self) -> None:
        assert [wait_after(n) for n in (0, 4, 5, 6, 7, 8, 100)] == [0, 0, 60, 120, 240, 480, 480]

    def test_unknown_names_wait_like_known_ones(
        self, desk: FlaskClient, client: FlaskClient
    ) -> None:
        for name in ("admin", "nobody"):
            sent = {"name": name, "password": "wrong"}
            found = [client.post("/desk/fr/sign-in", data=sent).status_code for _ in range(6)]
            assert found == [422] * 5 + [429]

    def test_strangers_who_try_a_name_do_not_keep_its_owner_out(
        self, desk: FlaskClient, app: Flask, client: FlaskClient
    ) -> None:
        hers, sent = app.test_client(), {"name": "admin", "password": PASSWORD}
        assert hers.post("/desk/fr/sign-in", data=sent).status_code == 303
        for _ in range(5):
            client.post("/desk/fr/sign-in", data={"name": "admin", "password": "wrong"})
        assert client.post("/desk/fr/sign-in", data=sent).status_code == 429
        assert hers.post("/desk/fr/sign-in", data=sent).status_code == 303
        assert client.post("/desk/fr/sign-in", data=sent).status_code == 429

    def test_success_does_not_clear_what_failed(self, desk: FlaskClient, store: Store) -> None:
        for _ in range(4):
            assert not passwords.is_right(store, "admin", "wrong")
        assert passwords.is_right(store, "admin", PASSWORD)
        assert not passwords.is_right(store, "admin", "wrong")
        with pytest.raises(tries.MustWait):
            passwords.is_right(store, "admin", PASSWORD)


class TestSharingAndLog:
    @pytest.fixture
    def workshop(self, open_workshop: Callable[..., Workshop]) -> Workshop:
        return open_workshop(QUESTIONNAIRE, timezone="Asia/Tokyo")

    def test_a_workshop_is_shared_and_taken_back(
        self, desk: FlaskClient, app: Flask, store: Store, workshop: Workshop
    ) -> None:
        facilitators.add(store, "samira", FACILITATOR)
        hers, address = sign_in(app, store, "samira"), f"/desk/fr/workshops/{workshop.code}"
        for step, status in (("", 200), ("/take-back", 404)):
            assert desk.post(f"{address}/people{step}", data={"name": "samira"}).status_code == 303
            assert hers.get(address).status_code == status
        unknown = desk.post(f"{address}/people", data={"name": "nobody"})
        assert unknown.status_code == 422 and 'role="alert"' in unknown.text

    def test_what_happens_to_a_workshop_is_logged_without_answers(
        self, desk: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        address = f"/desk/fr/workshops/{workshop.code}"
        receipt = responses.add(store, workshop.code, Sending("a" * 26, {"idea": "secret"}, "fr"))
        responses.add(store, workshop.code, Sending("b" * 26, {"idea": "secret"}, "fr"))
        desk.get(f"{address}/export?format=csv")
        responses.withdraw(store, workshop.code, "b" * 26)
        desk.post(f"{address}/state", data={"state": "closed"})
        desk.post(f"{address}/state", data={"state": "closed"})
        responses.erase(store, receipt.code)
        page = desk.get(f"{address}/log").text
        assert "(UTC+0900)" in page and "secret" not in page and receipt.code not in page
        assert [each.action for each in log.page(store, workshop.code)] == [
            "erased",
            "closed",
            "withdrawn",
            "exported",
            "opened",
            "created",
        ]
        assert page.count("fermeture de l’atelier") == 1 and "Une personne participante" in page

    def test_the_log_cannot_be_changed(self, store: Store, workshop: Workshop) -> None:
        for change in ("update log set action = 'x'", "delete from log"):
            with (
                pytest.raises(driver.IntegrityError, match="only ever added"),
                store.write() as database,
            ):
                database.execute(change)

    def test_the_log_is_paged_newest_first(self, desk: FlaskClient, store: Store) -> None:
        for number in range(log.PAGE + 10):
            log.note_alone(store, log.LINK_MADE, "admin", detail=f"person {number}.")
        first = desk.get("/desk/fr/log").text
        assert first.index("person 59.") < first.index("person 10.") and "person 9." not in first
        earlier = re.search(r"\?before=\d+", first)
        assert earlier and "person 9." in desk.get(f"/desk/fr/log{earlier[0]}").text
        assert desk.get("/desk/fr/log?before=x").status_code == 404

    def test_every_action_has_words(self) -> None:
        from survey.facilitator.sharing import ACTIONS

        there = {value for name, value in vars(log).items() if name.isupper() and name != "PAGE"}
        assert there == set(ACTIONS)


def test_sharing_needs_both_a_workshop_and_a_person(store: Store) -> None:
    with pytest.raises(workshops.UnknownWorkshop):
        shares.share(store, "ZZZZZZ", "nobody")
