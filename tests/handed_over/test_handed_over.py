"""Responses handed over as text: found in any message, stored exactly once, or explained."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from survey import handed_over
from survey.form import QuestionnaireForm
from survey.form.body import Fields
from survey.handed_over import Outcome, find, take_in
from survey.questionnaire.model import Questionnaire
from survey.response import CLOSED, Workshop, new_id
from survey.store import Store, open_store, responses, workshops
from tests.all_types import ALL_TYPES, answers
from tests.conftest import questionnaire_of

QUESTIONS = """
- {type: text, name: idea, required: true, core: true, label: {fr: Idée, ar: فكرة}}
- {type: integer, name: members, min: 1, label: {fr: Membres, ar: الأعضاء}}
"""

ID, OTHER_ID = "a" * 26, "b" * 26


@pytest.fixture
def questionnaire() -> Questionnaire:
    return questionnaire_of(QUESTIONS)


@pytest.fixture
def workshop(questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire)


def text_of(code: str, body: str, id: str = ID, language: str = "fr") -> str:
    """What a phone writes."""
    return f"[tashkhis {code} {language} {id} {body}]"


def body_of(idea: str = "Safran", **more: str) -> str:
    return urlencode({"idea": idea, **more, "_end": "1"})


def said(outcomes: list[Outcome]) -> list[str]:
    return [outcome.said for outcome in outcomes]


class TestStoredOnce:
    def test_it_is_stored_as_the_form_would_have_sent_it(
        self, store: Store, workshop: Workshop
    ) -> None:
        body = body_of("  زعفران\r\n", members="١٢")
        [outcome] = take_in(store, text_of(workshop.code, body, language="ar"), "fr")
        stored = responses.get(store, workshop.code, ID)
        assert stored.answers == {"idea": "زعفران", "members": 12}
        assert (stored.language, stored.channel, stored.revision) == ("ar", "handed_over", 1)
        assert (outcome.said, outcome.receipt) == (handed_over.STORED, stored.receipt)
        assert (outcome.code, outcome.problems) == (workshop.code, ())

    def test_twice_in_one_text_and_once_more_later_is_once(
        self, store: Store, workshop: Workshop
    ) -> None:
        text = text_of(workshop.code, body_of())
        outcomes = take_in(store, f"{text}\n{text}", "fr") + take_in(store, text, "fr")
        before = handed_over.STORED_BEFORE
        assert said(outcomes) == [handed_over.STORED, before, before]
        assert len({outcome.receipt for outcome in outcomes}) == 1
        assert responses.count(store, workshop.code) == 1

    def test_sent_by_the_phone_first_it_gets_the_phones_receipt(
        self, client: FlaskClient, store: Store, workshop: Workshop
    ) -> None:
        sent = client.post(
            f"/{workshop.code}/fr/{ID}",
            data={"idea": "Safran", "_end": "1"},
            headers={"Accept": "application/json"},
        )
        [outcome] = take_in(store, text_of(workshop.code, body_of()), "fr")
        assert sent.json is not None
        assert (outcome.said, outcome.receipt) == (
            handed_over.STORED_BEFORE,
            sent.json["receipt"],
        )
        assert responses.get(store, workshop.code, ID).channel == "web"

    @pytest.mark.parametrize("state", ["open", CLOSED])
    def test_sent_by_the_phone_later_the_phone_gets_the_same_receipt(
        self, client: FlaskClient, store: Store, workshop: Workshop, state: str
    ) -> None:
        [outcome] = take_in(store, text_of(workshop.code, body_of()), "fr")
        workshops.set_state(store, workshop.code, state)
        sent = client.post(
            f"/{workshop.code}/fr/{ID}",
            data={"idea": "Safran", "_end": "1"},
            headers={"Accept": "application/json"},
        )
        assert sent.json == {"id": ID, "receipt": outcome.receipt}
        assert responses.count(store, workshop.code) == 1

    def test_a_correction_replaces_the_revision_it_names(
        self, store: Store, workshop: Workshop
    ) -> None:
        first = text_of(workshop.code, body_of())
        second = text_of(workshop.code, body_of("Argan", _revision="1"))
        outcomes = take_in(store, first + second, "fr")
        assert said(outcomes) == [handed_over.STORED] * 2
        assert responses.get(store, workshop.code, ID).answers["idea"] == "Argan"
        assert said(take_in(store, first, "fr")) == [handed_over.STORED_BEFORE]

    def test_a_closed_workshop_takes_in_what_was_given_before(
        self, store: Store, workshop: Workshop
    ) -> None:
        workshops.set_state(store, workshop.code, CLOSED)
        assert said(take_in(store, text_of(workshop.code, body_of()), "fr")) == [handed_over.STORED]

    def test_a_shared_tablet_hands_over_everybodys(
        self,
        store: Store,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        kiosk = open_workshop(questionnaire, kiosk=True)
        ids = [new_id() for _ in range(5)]
        text = " ".join(text_of(kiosk.code, body_of(), id) for id in ids)
        assert said(take_in(store, text, "fr")) == [handed_over.STORED] * 5
        assert {each.id for each in responses.scan(store, kiosk.code)} == {*ids}

    def test_the_short_version_asks_only_what_it_asked_on_the_phone(
        self,
        store: Store,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        short = open_workshop(questionnaire, variant="short")
        assert said(take_in(store, text_of(short.code, body_of()), "fr")) == [handed_over.STORED]
        stored = responses.get(store, short.code, ID)
        assert (stored.variant, stored.answers) == ("short", {"idea": "Safran"})


class TestFound:
    def test_several_stand_in_one_text_each_with_its_outcome(
        self, store: Store, workshop: Workshop
    ) -> None:
        text = (
            f"[22/03/2026 10:15] Fatima : Bonjour, voici : {text_of(workshop.code, body_of('a'))}.\n"
            f"[22/03/2026 10:16] Brahim : {text_of(workshop.code, body_of('b'), OTHER_ID)} Merci !"
        )
        assert said(take_in(store, text, "fr")) == [handed_over.STORED] * 2
        ideas = [each.answers["idea"] for each in responses.scan(store, workshop.code)]
        assert ideas == ["a", "b"]

    @pytest.mark.parametrize("blank", [" ", "\n", "\r\n", "\t", "\u00a0", "\u200e", "\u200b"])
    def test_blanks_and_line_breaks_may_stand_anywhere(
        self, store: Store, workshop: Workshop, blank: str
    ) -> None:
        whole = text_of(workshop.code, body_of("l’eau est là"))
        broken = whole[:10] + blank.join(whole[10:])
        assert said(take_in(store, broken, "fr")) == [handed_over.STORED]
        assert responses.get(store, workshop.code, ID).answers["idea"] == "l’eau est là"

    def test_signs_that_messengers_take_for_their_own_may_be_escaped(
        self, store: Store, workshop: Workshop
    ) -> None:
        body = body_of("2 * 3", _revision="0").replace("_", "%5F").replace("*", "%2A")
        assert said(take_in(store, text_of(workshop.code, body), "fr")) == [handed_over.STORED]
        assert responses.get(store, workshop.code, ID).answers["idea"] == "2 * 3"

    def test_the_last_bracket_may_be_lost(self, store: Store, workshop: Workshop) -> None:
        text = text_of(workshop.code, body_of())[:-1] + "\n"
        assert said(take_in(store, text, "fr")) == [handed_over.STORED]

    @pytest.mark.parametrize("text", ["", "Bonjour", "tashkhis", "[tash khis]", "\x00[", "[22/03]"])
    def test_words_alone_are_no_response(self, text: str) -> None:
        assert list(find(text)) == []


class TestNotTakenIn:
    def refused(self, store: Store, workshop: Workshop, text: str, only: str | None = None) -> str:
        """Why a text was not taken in: nothing is stored, and it comes back whole."""
        before = responses.count(store, workshop.code)
        [outcome] = take_in(store, f"Voici : {text}", "fr", only)
        assert (outcome.receipt, outcome.text) == ("", text)
        assert responses.count(store, workshop.code) == before
        return outcome.said

    def test_cut_off_anywhere_it_is_not_whole(self, store: Store, workshop: Workshop) -> None:
        whole = text_of(workshop.code, body_of("Safran, argan"))
        for length in range(len("[tashkhis"), len(whole) - 1):
            text = whole[:length].rstrip()
            assert self.refused(store, workshop, text) == handed_over.NOT_WHOLE

    def test_cut_off_it_still_says_which_workshop_and_the_next_one_is_found(
        self, store: Store, workshop: Workshop
    ) -> None:
        whole = text_of(workshop.code, body_of())
        outcomes = take_in(store, whole[:60] + whole, "fr")
        assert said(outcomes) == [handed_over.NOT_WHOLE, handed_over.STORED]
        assert [outcome.code for outcome in outcomes] == [workshop.code] * 2

    @pytest.mark.parametrize(
        "body",
        [
            "idea=a, b&_end=1",
            "idea=a [22/03/2026 10:15] Fatima : b&_end=1",
            "idea=زعفران&_end=1",
            "idea=a\x00&_end=1",
            "idea=%FF&_end=1",
            "idea=%C3&_end=1",
            "idea=%ED%A0%80&_end=1",
            "idea=%zz&_end=1",
            "idea=%&_end=1",
            "idea=a&_end=1&idea=b",
            "idea=a&_end=",
            "idea=a&_end=1.Merci",
            "idea=a&x_end=1",
            "idea=a&_revision=x&_end=1",
            "idea=a&_revision=-1&_end=1",
            "idea=a&_language=fr&_end=1",
            "idea=a&_language=ar&_end=1",
            "idea=a&nonsense=1&_end=1",
            "idea=a&" + "idea=b&" * 3000 + "_end=1",
        ],
    )
    def test_what_no_form_sends_was_changed_on_the_way(
        self, store: Store, workshop: Workshop, body: str
    ) -> None:
        text = text_of(workshop.code, body)
        assert self.refused(store, workshop, text) == handed_over.NOT_WHOLE

    def test_a_language_that_the_questionnaire_has_not(
        self, store: Store, workshop: Workshop
    ) -> None:
        text = text_of(workshop.code, body_of(), language="en")
        assert self.refused(store, workshop, text) == handed_over.NOT_WHOLE

    def test_other_answers_under_the_same_response_are_never_overwritten(
        self, store: Store, workshop: Workshop
    ) -> None:
        take_in(store, text_of(workshop.code, body_of()), "fr")
        text = text_of(workshop.code, body_of("Argan"))
        assert self.refused(store, workshop, text) == handed_over.CONFLICT
        assert responses.get(store, workshop.code, ID).answers["idea"] == "Safran"

    def test_a_correction_waits_for_what_it_corrects(
        self, store: Store, workshop: Workshop
    ) -> None:
        correction = text_of(workshop.code, body_of("Argan", _revision="1"))
        assert self.refused(store, workshop, correction) == handed_over.FIRST_MISSING
        take_in(store, text_of(workshop.code, body_of()), "fr")
        assert said(take_in(store, correction, "fr")) == [handed_over.STORED]

    def test_what_was_erased_stays_erased(self, store: Store, workshop: Workshop) -> None:
        text = text_of(workshop.code, body_of())
        [outcome] = take_in(store, text, "fr")
        responses.erase(store, outcome.receipt)
        assert self.refused(store, workshop, text) == handed_over.ERASED

    def test_a_workshop_that_is_not_here(self, store: Store, workshop: Workshop) -> None:
        text = text_of("ZZZZZZ", body_of())
        assert self.refused(store, workshop, text) == handed_over.NO_WORKSHOP

    def test_a_workshop_that_is_not_meant(
        self,
        store: Store,
        workshop: Workshop,
        questionnaire: Questionnaire,
        open_workshop: Callable[..., Workshop],
    ) -> None:
        other = open_workshop(questionnaire)
        text = text_of(other.code, body_of())
        assert self.refused(store, workshop, text, workshop.code) == handed_over.OTHER_WORKSHOP
        assert responses.count(store, other.code) == 0
        assert said(take_in(store, text, "fr", other.code)) == [handed_over.STORED]
        moved = text_of(workshop.code, body_of())
        assert self.refused(store, workshop, moved) == handed_over.OTHER_WORKSHOP

    def test_a_workshop_that_was_never_opened(
        self, store: Store, questionnaire: Questionnaire
    ) -> None:
        workshop = workshops.create(store, questionnaire, trial=True)
        text = text_of(workshop.code, body_of())
        assert self.refused(store, workshop, text) == handed_over.NOT_OPENED

    @pytest.mark.parametrize(
        ("language", "problems"),
        [
            (
                "fr",
                (
                    ("Idée", "Merci de répondre\u00a0: cette question est obligatoire."),
                    ("Membres", "Entrez au minimum 1."),
                ),
            ),
            (
                "en",
                (
                    ("Idée", "Please answer: this question is needed."),
                    ("Membres", "Enter 1 or more."),
                ),
            ),
        ],
    )
    def test_answers_that_are_not_valid_are_explained_in_the_readers_language(
        self,
        store: Store,
        workshop: Workshop,
        language: str,
        problems: tuple[tuple[str, str], ...],
    ) -> None:
        text = text_of(workshop.code, body_of(" ", members="0"), language="ar")
        [outcome] = take_in(store, text, language)
        assert (outcome.said, outcome.problems) == (handed_over.NOT_VALID, problems)
        assert (outcome.text, outcome.receipt) == (text, "")
        assert responses.count(store, workshop.code) == 0

    def test_a_text_longer_than_any_question_takes(self, store: Store, workshop: Workshop) -> None:
        [outcome] = take_in(store, text_of(workshop.code, body_of("x" * 1_000_000)), "fr")
        assert outcome.said == handed_over.NOT_VALID


NOISE = [
    "[tashkhis" * 12_000,
    "[tashkhis ABC234 fr " * 5_000,
    "[" * 100_000,
    "[tashkhis ABC234 fr " + "a" * 100_000,
    "[tashkhis ABC234 fr " + "a" * 26 + " " + "%" * 100_000 + "]",
    "[tashkhis ABC234 fr " + "a" * 26 + " " + "%41=&" * 500_000 + "]",
    "[tashkhis" + " " * 100_000,
    "\x00\ud800\u202e" * 30_000,
]


@pytest.mark.parametrize("text", NOISE, ids=range(len(NOISE)))
def test_noise_of_any_length_is_read_in_a_moment(store: Store, text: str) -> None:
    began = time.monotonic()
    assert {*said(take_in(store, text, "fr"))} <= {handed_over.NOT_WHOLE}
    assert time.monotonic() - began < 5


BLANKS = st.lists(
    st.tuples(st.integers(0), st.sampled_from([" ", "\n", "\r\n", "\t", "\u00a0", "\u200f"])),
    max_size=20,
)
WORDS = st.text(max_size=30).filter(lambda words: "[tashkhis" not in words)


def broken(text: str, blanks: list[tuple[int, str]]) -> str:
    """The text with blanks at any places after its beginning."""
    start = len("[tashkhis")
    for place, blank in blanks:
        at = start + place % (len(text) - start)
        text = text[:at] + blank + text[at:]
    return text


PAIRS = st.lists(st.tuples(st.text(), st.text()), max_size=5)


@given(PAIRS, BLANKS, WORDS, WORDS)
def test_any_body_comes_back_out_of_any_message(
    pairs: list[tuple[str, str]], blanks: list[tuple[int, str]], before: str, after: str
) -> None:
    body = urlencode([*pairs, ("_end", "1")])
    text = broken(text_of("ABC234", body, language="zgh"), blanks)
    [found] = find(before + text + after)
    assert (found.code, found.language, found.id) == ("ABC234", "zgh", ID)
    assert found.body == body
    assert found.text == text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("handed-over")
    return open_store(folder / "survey.sqlite3", b"secret")


@pytest.fixture(scope="module")
def of_all_types(kept: Store) -> Workshop:
    created = workshops.create(kept, ALL_TYPES, trial=True)
    workshops.set_state(kept, created.code, "open")
    return created


@given(answers(), BLANKS, WORDS, WORDS)
def test_any_answers_are_taken_in_as_if_they_were_posted(  # type: ignore[no-untyped-def]
    kept: Store, of_all_types: Workshop, given_answers, blanks, before: str, after: str
) -> None:
    form = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    form.show(given_answers)
    fields = [
        (name, value)
        for field in form
        for name, values in field.sent.items()  # type: ignore[attr-defined]
        for value in values
    ]
    form.process(Fields(fields))
    is_valid = form.validate()
    id = new_id()
    text = broken(text_of(of_all_types.code, urlencode([*fields, ("_end", "1")]), id), blanks)
    [outcome] = take_in(kept, before + text + after, "fr")
    if is_valid:
        assert outcome.said == handed_over.STORED
        assert responses.get(kept, of_all_types.code, id).answers == form.answers
    else:
        assert outcome.said == handed_over.NOT_VALID
        wrong = [field.errors[0] for field in form if field.errors]
        assert [message for _, message in outcome.problems] == wrong
