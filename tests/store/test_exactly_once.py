"""Responses are stored durably and exactly once, whoever sends them how often."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.questionnaire.model import Questionnaire
from survey.response import CLOSED, Sending, Workshop
from survey.settings import read_secret
from survey.store import Store, StoreError, open_store, responses, workshops
from survey.store.driver import JOURNAL, IntegrityError
from tests.conftest import questionnaire_of

ID = "b" * 26


@pytest.fixture
def questionnaire() -> Questionnaire:
    return questionnaire_of("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")


@pytest.fixture
def workshop(questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire)


def sending(idea: str, id: str = ID, replaces: int = 0) -> Sending:
    return Sending(id, {"idea": idea}, "fr", replaces=replaces)


def ids(count: int) -> list[str]:
    letters = "abcdefghij"
    return ["c" * 23 + "".join(letters[int(digit)] for digit in f"{n:03}") for n in range(count)]


def send_all(instance: str, code: str) -> None:
    """What one of several processes does: sends the same responses as all the others."""
    folder = Path(instance)
    store = open_store(folder / "survey.sqlite3", read_secret(folder))
    for id in ids(200):
        responses.add(store, code, sending(f"idea of {id}", id))
    store.close()


def test_eight_processes_sending_the_same_200_responses_leave_200(
    store: Store, instance: Path, workshop: Workshop
) -> None:
    context = multiprocessing.get_context("spawn")
    senders = [
        context.Process(target=send_all, args=(str(instance), workshop.code)) for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(120)
    assert [sender.exitcode for sender in senders] == [0] * 8
    stored = list(responses.scan(store, workshop.code))
    assert sorted(each.id for each in stored) == ids(200)
    assert {each.revision for each in stored} == {1}
    assert len({each.receipt for each in stored}) == 200


def start(instance: str) -> None:
    folder = Path(instance)
    open_store(folder / "survey.sqlite3", read_secret(folder)).close()


def test_several_processes_may_start_on_a_new_instance_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    starters = [context.Process(target=start, args=(str(tmp_path / "new"),)) for _ in range(6)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    assert [starter.exitcode for starter in starters] == [0] * 6
    assert sorted(path.name for path in (tmp_path / "new").iterdir() if "secret" in path.name) == [
        "secret"
    ]


def test_a_revision_names_the_one_it_replaces(store: Store, workshop: Workshop) -> None:
    first = responses.add(store, workshop.code, sending("one"))
    second = responses.add(store, workshop.code, sending("two", replaces=1))
    assert (second.code, second.revision) == (first.code, 2)
    assert [each.answers["idea"] for each in responses.scan(store, workshop.code)] == ["two"]


def test_a_stale_revision_is_a_conflict_that_shows_the_newest(
    store: Store, workshop: Workshop
) -> None:
    responses.add(store, workshop.code, sending("one"))
    responses.add(store, workshop.code, sending("two", replaces=1))
    with pytest.raises(responses.Conflict) as conflict:
        responses.add(store, workshop.code, sending("three", replaces=1))
    assert conflict.value.current is not None
    assert conflict.value.current.answers == {"idea": "two"}


def test_a_late_repeat_of_an_earlier_revision_gets_that_revisions_receipt(
    store: Store, workshop: Workshop
) -> None:
    first = responses.add(store, workshop.code, sending("one"))
    responses.add(store, workshop.code, sending("two", replaces=1))
    assert responses.add(store, workshop.code, sending("one")) == first


def test_going_back_to_earlier_answers_is_a_new_revision(store: Store, workshop: Workshop) -> None:
    for place, idea in enumerate(["one", "two", "one"]):
        responses.add(store, workshop.code, sending(idea, replaces=place))
    assert responses.get(store, workshop.code, ID).revision == 3


def test_a_closed_workshop_takes_nothing_but_repeats(store: Store, workshop: Workshop) -> None:
    responses.add(store, workshop.code, sending("one"))
    workshops.set_state(store, workshop.code, CLOSED)
    assert responses.add(store, workshop.code, sending("one")).revision == 1
    with pytest.raises(responses.NotOpen):
        responses.add(store, workshop.code, sending("two", replaces=1))


def test_a_closed_workshop_takes_what_was_given_before_when_asked_to(
    store: Store, questionnaire: Questionnaire, workshop: Workshop
) -> None:
    workshops.set_state(store, workshop.code, CLOSED)
    assert responses.add(store, workshop.code, sending("one"), when_closed=True).revision == 1
    never_opened = workshops.create(store, questionnaire, trial=True)
    with pytest.raises(responses.NotOpen):
        responses.add(store, never_opened.code, sending("two", "c" * 26), when_closed=True)


def test_a_receipt_says_whether_the_answers_are_new_and_is_the_same_otherwise(
    store: Store, workshop: Workshop
) -> None:
    first = responses.add(store, workshop.code, sending("one"))
    again = responses.add(store, workshop.code, sending("one"))
    assert (first.is_new, again.is_new) == (True, False)
    assert first == again


def test_text_is_cleaned_at_the_door(store: Store, workshop: Workshop) -> None:
    responses.add(store, workshop.code, sending(" a\r\nb\x00\x07\ud800 "))
    assert responses.get(store, workshop.code, ID).answers == {"idea": "a\nb\ufffd"}


def test_a_revision_can_never_be_changed(store: Store, workshop: Workshop) -> None:
    responses.add(store, workshop.code, sending("one"))
    with pytest.raises(IntegrityError, match="only ever added"), store.write() as database:
        database.execute("update revision set answers = '{}'")
    assert responses.get(store, workshop.code, ID).answers == {"idea": "one"}


def test_erasing_leaves_nothing_of_the_answers_in_any_file(
    store: Store, instance: Path, workshop: Workshop
) -> None:
    receipt = responses.add(store, workshop.code, sending("a secret that must go"))
    responses.add(store, workshop.code, sending("its correction must go", replaces=1))
    assert responses.erase(store, receipt.code)
    assert not responses.erase(store, receipt.code)
    with pytest.raises(responses.Erased):
        responses.add(store, workshop.code, sending("a secret that must go"))
    assert list(responses.scan(store, workshop.code)) == []
    assert responses.count(store, workshop.code) == 0
    for path in instance.iterdir():
        assert b"must go" not in path.read_bytes(), path.name


def test_erasing_says_so_when_a_reader_keeps_the_journal_full(
    store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    if JOURNAL.mode != "wal":
        pytest.skip("this SQLite keeps no write-ahead log")
    monkeypatch.setattr(responses, "JOURNAL_SECONDS", 0.3)
    receipt = responses.add(store, workshop.code, sending("x"))
    with store.read() as reader:
        reader.conn.execute("begin")
        reader.conn.execute("select count(*) from revision").fetchone()
        monkeypatch.setattr("survey.store.driver.BUSY_SECONDS", 0.1)
        with pytest.raises(StoreError, match="journal still holds them"):
            responses.erase(store, receipt.code)
        reader.conn.execute("commit")
    assert responses.count(store, workshop.code) == 0


def test_a_failed_write_leaves_nothing_behind(store: Store, workshop: Workshop) -> None:
    with pytest.raises(IntegrityError):
        responses.add(store, workshop.code, sending("one", id="too short"))
    assert responses.count(store, workshop.code) == 0
    assert responses.add(store, workshop.code, sending("one")).revision == 1


def test_a_scan_shows_what_there_was_when_it_began(
    store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BATCH", 2)
    for id in ids(5):
        responses.add(store, workshop.code, sending("early", id))
    scan = responses.scan(store, workshop.code)
    seen = [next(scan)]
    responses.add(store, workshop.code, sending("late", "d" * 26))
    responses.add(store, workshop.code, sending("changed", ids(5)[4], replaces=1))
    seen += scan
    assert [(each.id, each.answers["idea"]) for each in seen] == [(id, "early") for id in ids(5)]


def test_other_workshops_answers_are_not_scanned(
    store: Store,
    workshop: Workshop,
    questionnaire: Questionnaire,
    open_workshop: Callable[..., Workshop],
) -> None:
    other = open_workshop(questionnaire)
    responses.add(store, other.code, sending("theirs"))
    assert list(responses.scan(store, workshop.code)) == []
