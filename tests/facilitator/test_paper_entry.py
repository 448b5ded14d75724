"""Paper forms typed in at the desk, once or twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.questionnaire.model import Questionnaire
from survey.response import (
    CLOSED,
    OPEN,
    PAPER,
    Response,
    Sending,
    Workshop,
    new_id,
)
from survey.store import Store, histories, log, responses, workshops
from tests.conftest import questionnaire_of
from tests.facilitator.desk_people import ROLES, browser_of

QUESTIONNAIRE = questionnaire_of(
    """
- {type: select_one, name: actor, required: true, other: true, choices: [{name: coop, label: {fr: Coopérative, ar: تعاونية}}, {name: bank, label: {fr: Banque, ar: بنك}}], label: {fr: Qui ?, ar: من؟}}
- {type: integer, name: members, relevant: "${actor} = 'coop'", dk: true, label: {fr: Combien ?, ar: كم؟}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
"""
)


@pytest.fixture
def questionnaire() -> Questionnaire:
    return QUESTIONNAIRE


@pytest.fixture
def sheet(workshop: Workshop) -> str:
    return f"/desk/fr/workshops/{workshop.code}/paper/{'a' * 26}"


def save(desk: FlaskClient, sheet: str, **typed: str) -> TestResponse:
    return desk.post(sheet, data={**typed, "_end": "1"})


def stored(store: Store, workshop: Workshop) -> list[Response]:
    return list(responses.scan(store, workshop.code))


class TestTheSheet:
    def test_its_id_is_in_the_address_from_the_start(
        self, desk: FlaskClient, workshop: Workshop
    ) -> None:
        start = f"/desk/fr/workshops/{workshop.code}/paper"
        first, second = (desk.get(start).location for _ in range(2))
        assert first != second and first.startswith(f"{start}/")
        assert desk.get(first).status_code == 200

    def test_a_form_is_stored_as_paper_and_the_next_sheet_says_its_receipt(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        reply = save(desk, sheet, actor="1", members="12", idea="De l’eau", _paper_language="ar")
        (response,) = stored(store, workshop)
        assert response.answers == {"actor": "coop", "members": 12, "idea": "De l’eau"}
        assert (response.channel, response.language, response.revision) == (PAPER, "ar", 1)
        following = desk.get(reply.location).text
        assert f"{response.receipt[:4]} {response.receipt[4:]}" in following
        assert 'value="De l’eau"' not in following
        assert following.count("autofocus") == 1
        assert '<option value="ar" lang="ar" selected>' in following
        assert "a" * 26 not in reply.location

    def test_sent_twice_it_is_stored_once(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        replies = [save(desk, sheet, actor="coop") for _ in range(2)]
        (response,) = stored(store, workshop)
        assert all(f"stored={response.receipt}" in reply.location for reply in replies)

    def test_what_is_wrong_is_said_at_its_line_and_nothing_typed_is_lost(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        reply = save(desk, sheet, actor="coop", members="dix", idea="De l’eau", actor__other="")
        assert reply.status_code == 422
        for kept in ('value="coop"', 'value="dix"', 'value="De l’eau"', 'id="e-members"'):
            assert kept in reply.text
        assert "<span>Coopérative</span>" in reply.text
        assert stored(store, workshop) == []

    def test_the_cursor_stands_in_the_first_line_that_is_wrong(
        self, desk: FlaskClient, sheet: str
    ) -> None:
        page = save(desk, sheet, actor="coop", members="dix").text
        assert page.count("autofocus") == 1
        line = page[: page.index("autofocus")].rpartition("<input")[2]
        assert 'name="members"' in line

    def test_what_is_needed_on_a_phone_is_needed_here(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        assert save(desk, sheet, idea="a").status_code == 422
        assert stored(store, workshop) == []

    def test_what_is_not_asked_is_dropped(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        save(desk, sheet, actor="bank", members="12")
        assert stored(store, workshop)[0].answers == {"actor": "bank", "idea": None}

    def test_a_cut_off_sheet_is_refused(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        assert desk.post(sheet, data={"actor": "coop"}).status_code == 400
        assert stored(store, workshop) == []

    def test_a_closed_workshop_takes_paper_but_one_never_opened_does_not(
        self,
        desk: FlaskClient,
        store: Store,
        workshop: Workshop,
        sheet: str,
    ) -> None:
        workshops.set_state(store, workshop.code, CLOSED)
        assert save(desk, sheet, actor="coop").status_code == 303
        draft = workshops.create(store, QUESTIONNAIRE, trial=True, owner="owner")
        refused = save(desk, sheet.replace(workshop.code, draft.code), actor="coop", idea="eau")
        assert refused.status_code == 404  # the id is the other workshop's
        other = f"/desk/fr/workshops/{draft.code}/paper/{new_id()}"
        refused = save(desk, other, actor="coop", idea="eau")
        assert refused.status_code == 403 and 'value="eau"' in refused.text
        workshops.set_state(store, draft.code, OPEN)
        assert save(desk, other, actor="coop", idea="eau").status_code == 303

    def test_a_slip_is_corrected_from_the_same_sheet(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        save(desk, sheet, actor="coop", idea="eua")
        asked = save(desk, sheet, actor="coop", idea="eau")
        (first,) = stored(store, workshop)
        assert asked.status_code == 409
        assert first.receipt in asked.text and 'name="_revision" value="1"' in asked.text
        assert first.answers["idea"] == "eua"
        assert save(desk, sheet, actor="coop", idea="eau", _revision="1").status_code == 303
        (second,) = stored(store, workshop)
        assert (second.receipt, second.revision) == (first.receipt, 2)
        assert (second.answers["idea"], second.channel) == ("eau", PAPER)

    def test_how_many_were_typed_in_is_counted(
        self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str
    ) -> None:
        responses.add(store, workshop.code, Sending(new_id(), {"actor": "coop"}, "fr"))
        save(desk, sheet, actor="coop")
        save(desk, sheet, actor="coop", idea="eau", _revision="1")
        page = desk.get(sheet).text
        assert "1 formulaire papier" in page or "1 paper form typed in" in page

    def test_only_a_receipt_of_this_workshop_is_shown(self, desk: FlaskClient, sheet: str) -> None:
        assert "ZZZZ ZZZZ" not in desk.get(sheet, query_string={"stored": "ZZZZZZZZ"}).text

    @pytest.mark.parametrize("person", ROLES)
    def test_who_runs_the_workshop_types_nobody_else_does(
        self, app: Flask, store: Store, workshop: Workshop, sheet: str, person: str
    ) -> None:
        client = browser_of(app, store, person)
        status = {"owner": 303, "colleague": 303, "observer": 403, "stranger": 404}[person]
        assert save(client, sheet, actor="coop").status_code == status
        assert len(stored(store, workshop)) == (status == 303)

    @pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
    def test_it_speaks_every_language(self, desk: FlaskClient, sheet: str, language: str) -> None:
        page = desk.get(sheet.replace("/fr/", f"/{language}/"))
        assert page.status_code == 200 and f'<html lang="{language}"' in page.text


class TestTheSecondEntry:
    @pytest.fixture
    def first(self, desk: FlaskClient, store: Store, workshop: Workshop, sheet: str) -> Response:
        save(desk, sheet, actor="coop", members="12", idea="eua")
        return stored(store, workshop)[0]

    @pytest.fixture
    def second(self, workshop: Workshop, first: Response) -> str:
        return f"/desk/fr/workshops/{workshop.code}/responses/{first.receipt}/second-entry"

    def choose(self, desk: FlaskClient, second: str, **typed: str) -> TestResponse:
        return desk.post(f"{second}/choose", data={"_revision": "1", **typed, "_end": "1"})

    def is_entered_twice(self, store: Store, first: Response) -> bool:
        return histories.get(store, first.receipt).entered_twice_at is not None

    def test_its_sheet_shows_nothing_of_the_first(self, desk: FlaskClient, second: str) -> None:
        page = desk.get(second).text
        assert "eua" not in page and 'value="coop"' not in page

    def test_where_both_agree_nothing_is_stored_but_that_it_was_done(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        reply = save(desk, second, actor="1", members="١٢", idea=" eua ")
        assert reply.status_code == 303
        assert stored(store, workshop) == [first]
        assert self.is_entered_twice(store, first)
        newest = log.page(store, workshop.code)[0]
        assert (newest.action, newest.detail) == (log.ENTERED_TWICE, first.receipt)
        assert 'role="status"' in desk.get(reply.location).text

    def test_what_differs_is_shown_and_nothing_else(
        self, desk: FlaskClient, store: Store, first: Response, second: str
    ) -> None:
        page = save(desk, second, actor="coop", members="dk", idea="eau").text
        assert page.count("<fieldset") == 2
        for shown in ("eua", "eau", "12"):
            assert f">{shown}</bdi>" in page
        assert 'name="_choose_actor"' not in page
        assert not self.is_entered_twice(store, first)

    def test_what_is_chosen_question_by_question_is_a_correction(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        typed = {"actor": "coop", "members": "13", "idea": "eau"}
        for _ in range(2):  # a second press stores nothing more
            reply = self.choose(
                desk, second, **typed, _choose_members="first", _choose_idea="second"
            )
            assert reply.status_code == 303
        (corrected,) = stored(store, workshop)
        assert corrected.answers == {"actor": "coop", "members": 12, "idea": "eau"}
        assert (corrected.revision, corrected.channel) == (2, PAPER)
        assert self.is_entered_twice(store, first)
        actions = [each.action for each in log.page(store, workshop.code)]
        assert actions.count(log.ENTERED_TWICE) == 1

    def test_where_the_first_holds_everywhere_nothing_is_stored(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        reply = self.choose(
            desk, second, actor="coop", members="12", idea="eau", _choose_idea="first"
        )
        assert reply.status_code == 303
        assert stored(store, workshop) == [first]
        assert self.is_entered_twice(store, first)

    def test_each_difference_needs_a_choice(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        reply = self.choose(
            desk, second, actor="coop", members="13", idea="eau", _choose_idea="second"
        )
        assert reply.status_code == 422
        assert 'id="e-members"' in reply.text and 'id="e-idea"' not in reply.text
        assert 'value="second" checked' in reply.text
        assert stored(store, workshop) == [first]

    def test_what_follows_from_a_choice_is_dropped_with_it(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        typed = {"actor": "bank", "idea": "eua"}
        reply = self.choose(desk, second, **typed, _choose_actor="second", _choose_members="first")
        assert reply.status_code == 303
        assert stored(store, workshop)[0].answers == {"actor": "bank", "idea": "eua"}

    def test_choices_that_do_not_fit_together_are_explained(
        self,
        desk: FlaskClient,
        store: Store,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        questionnaire = questionnaire_of(
            """
- {type: integer, name: members, label: {fr: Membres, ar: أعضاء}}
- {type: integer, name: women, constraint: ". <= ${members}", constraint_message: {fr: Pas plus que les membres, ar: ليس أكثر}, label: {fr: Femmes, ar: نساء}}
"""
        )
        workshop = open_workshop(questionnaire, owner="owner")
        save(desk, f"/desk/fr/workshops/{workshop.code}/paper/{'b' * 26}", members="9", women="8")
        (first,) = stored(store, workshop)
        place = f"/desk/fr/workshops/{workshop.code}/responses/{first.receipt}/second-entry"
        reply = self.choose(
            desk, place, members="5", women="4", _choose_members="second", _choose_women="first"
        )
        assert reply.status_code == 422
        assert "Pas plus que les membres" in reply.text
        assert stored(store, workshop) == [first]

    def test_a_wrong_second_sheet_is_mended_before_it_is_compared(
        self, desk: FlaskClient, second: str
    ) -> None:
        reply = save(desk, second, actor="xyz")
        assert reply.status_code == 422 and 'value="xyz"' in reply.text

    def test_the_way_back_to_the_sheet_keeps_what_was_typed(
        self, desk: FlaskClient, second: str
    ) -> None:
        page = save(desk, second, actor="coop", idea="eau", _back="1")
        assert page.status_code == 200 and 'value="eau"' in page.text

    def test_a_correction_meanwhile_is_compared_anew(
        self, desk: FlaskClient, store: Store, workshop: Workshop, first: Response, second: str
    ) -> None:
        newer = Sending(first.id, {**first.answers, "idea": "sel"}, "fr", replaces=1)
        responses.add(store, workshop.code, newer)
        reply = self.choose(
            desk, second, actor="coop", members="12", idea="eau", _choose_idea="second"
        )
        assert reply.status_code == 409
        assert "sel" in reply.text and 'name="_revision" value="2"' in reply.text

    def test_only_a_paper_form_is_entered_twice(
        self, desk: FlaskClient, store: Store, workshop: Workshop, second: str
    ) -> None:
        phone = responses.add(store, workshop.code, Sending(new_id(), {"actor": "coop"}, "fr"))
        start = second.rpartition("/responses/")[0]
        assert desk.get(f"{start}/responses/{phone.code}/second-entry").status_code == 404

    @pytest.mark.parametrize("person", ["colleague", "observer", "stranger"])
    def test_who_may_read_responses_may_enter_them_twice(
        self, app: Flask, store: Store, second: str, person: str
    ) -> None:
        status = {"colleague": 200, "observer": 403, "stranger": 404}[person]
        assert browser_of(app, store, person).get(second).status_code == status
