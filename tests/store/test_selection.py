"""Which responses an export reads: chosen by the store and by what was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.datasets import dataset_of
from survey.questionnaire.loading import load
from survey.response import Response, Sending, Workshop
from survey.store import Store, responses, workshops
from survey.table import Selection, columns_of
from tests.conftest import PROJECT

SOUSS_MASSA = load(PROJECT / "questionnaires" / "souss-massa.yaml")


def id_of(number: int) -> str:
    return f"{'a' * 24}{'abcdefghij'[number]}a"


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    opened = open_workshop(SOUSS_MASSA)
    for number, (language, answers) in enumerate(
        [
            ("ar", {"p1": "coop", "p2": "09.541"}),
            ("fr", {"p1": "bank", "p2": None}),
            ("fr", {"p1": {"missing": "dk"}}),
        ]
    ):
        responses.add(store, opened.code, Sending(id_of(number), answers, language))
    return opened


def chosen(store: Store, workshop: Workshop, **selection: Any) -> list[Response]:
    return list(dataset_of(store, [workshop.code], selection=Selection(**selection)).responses())


def languages(found: list[Response]) -> list[str]:
    return [each.language for each in found]


def test_an_empty_selection_leaves_nothing_out(store: Store, workshop: Workshop) -> None:
    assert languages(chosen(store, workshop)) == ["ar", "fr", "fr"]


def test_responses_are_chosen_by_language(store: Store, workshop: Workshop) -> None:
    assert languages(chosen(store, workshop, language="fr")) == ["fr", "fr"]


def test_responses_are_chosen_by_actor_group(store: Store, workshop: Workshop) -> None:
    group = next(c.group for c in SOUSS_MASSA.question("p1").choices if c.name == "coop")
    assert languages(chosen(store, workshop, actor_group=group)) == ["ar"]


def test_a_territory_stands_for_all_that_it_holds(store: Store, workshop: Workshop) -> None:
    province = next(c.parent for c in SOUSS_MASSA.question("p2").choices if c.name == "09.541")
    for territory in ("09.541", province):
        assert languages(chosen(store, workshop, territory=territory)) == ["ar"]
    assert chosen(store, workshop, territory="09.163") == []


def test_responses_are_chosen_by_time(store: Store, workshop: Workshop) -> None:
    first, second, _ = chosen(store, workshop)
    assert len(chosen(store, workshop, since=second.received_at)) >= 2
    assert first not in chosen(store, workshop, since="9999")
    assert chosen(store, workshop, until=first.received_at) == []


def test_every_revision_can_be_read_or_the_last_alone(store: Store, workshop: Workshop) -> None:
    responses.add(store, workshop.code, Sending(id_of(0), {"p1": "coop"}, "ar", replaces=1))
    assert [each.revision for each in chosen(store, workshop)] == [1, 1, 2]
    assert [each.revision for each in chosen(store, workshop, revisions="all")] == [1, 1, 1, 2]


def test_a_marked_response_is_read_but_not_counted(store: Store, workshop: Workshop) -> None:
    with store.write() as database:
        database.execute("update response set mark = 'test' where id = ?", (id_of(0),))
    assert len(chosen(store, workshop)) == 3
    assert languages(chosen(store, workshop, counted_only=True)) == ["fr", "fr"]


def test_several_workshops_are_read_together_in_the_order_of_arrival(
    store: Store, workshop: Workshop, open_workshop: Callable[..., Workshop]
) -> None:
    second = open_workshop(SOUSS_MASSA)
    responses.add(store, second.code, Sending(id_of(5), {"p1": "coop"}, "en"))
    dataset = dataset_of(store, [second.code, workshop.code])
    assert languages(list(dataset.responses())) == ["ar", "fr", "fr", "en"]
    assert list(dataset.questionnaires) == [workshop.version]


def test_what_comes_later_is_not_in_it_however_often_it_is_read(
    store: Store, workshop: Workshop
) -> None:
    dataset = dataset_of(store, [workshop.code])
    responses.add(store, workshop.code, Sending(id_of(7), {"p1": "coop"}, "en"))
    responses.add(store, workshop.code, Sending(id_of(0), {"p1": "coop"}, "ar", replaces=1))
    assert [(each.language, each.revision) for each in dataset.responses()] == [
        ("ar", 1),
        ("fr", 1),
        ("fr", 1),
    ]


def test_what_the_workshop_asks_now_is_the_newest_even_if_it_was_registered_first(
    store: Store, workshop: Workshop
) -> None:
    other = replace(SOUSS_MASSA, title={"fr": "Autre"})
    workshops.take_version(store, workshop.code, other)
    changed = workshops.get(store, workshop.code).version
    responses.add(store, workshop.code, Sending(id_of(3), {"p1": "coop"}, "fr"))
    assert list(dataset_of(store, [workshop.code]).questionnaires) == [workshop.version, changed]
    workshops.take_version(store, workshop.code, SOUSS_MASSA)
    dataset = dataset_of(store, [workshop.code])
    assert list(dataset.questionnaires) == [changed, workshop.version]
    assert dataset.newest.title == SOUSS_MASSA.title


def test_which_versions_were_answered_is_known_without_reading_the_responses(
    store: Store, workshop: Workshop
) -> None:
    workshops.take_version(store, workshop.code, replace(SOUSS_MASSA, title={"fr": "Autre"}))

    def steps() -> int:
        """What SQLite does for the answer, in its own small steps."""
        taken = 0

        def count() -> None:
            nonlocal taken
            taken += 1

        with store.read() as database:  # the connection that is used again next
            database.conn.set_progress_handler(count, 1)
        assert len(responses.versions(store, workshop.code)) == 2
        database.conn.set_progress_handler(None, 1)
        return taken

    few = steps()
    for number in range(3, 10):
        responses.add(store, workshop.code, Sending(id_of(number), {"p1": "coop"}, "fr"))
    assert 0 < steps() <= few


def test_a_workshop_nobody_answered_has_columns_all_the_same(
    store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    empty = open_workshop(SOUSS_MASSA)
    columns = dataset_of(store, [empty.code]).columns()
    assert columns == columns_of(SOUSS_MASSA)
    with pytest.raises(workshops.UnknownWorkshop):
        dataset_of(store, ["ZZZZZZ"])


def test_the_command_has_the_same_choices(
    store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(store.path.parent))
    run = CliRunner().invoke
    lines = run(main, ["export", workshop.code, "--answered-in", "fr"]).stdout.splitlines()
    assert len(lines) == 3
    both = ["export", workshop.code, "--language", "fr", "--both", "--until", "2020-01-01"]
    header = run(main, both).stdout.splitlines()[0]
    assert ",p1,p1__label," in header
    wrong = run(main, ["export", workshop.code, "--since", "yesterday"])
    assert wrong.exit_code == 2 and "2026-03-22" in wrong.stderr
    assert run(main, ["export", workshop.code, "--both"]).exit_code == 1


def test_a_reading_under_way_holds_up_neither_writers_nor_the_journal(
    store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever exports slowly leaves no snapshot open, which the journal could not pass."""
    monkeypatch.setattr(responses, "BATCH", 1)
    reading = responses.scan(store, workshop.code)
    seen = [next(reading).id]
    responses.add(store, workshop.code, Sending(id_of(7), {"p1": "coop"}, "fr"))
    with store.read() as database:
        is_busy, *_ = database.execute("pragma wal_checkpoint(truncate)").fetchone()
    assert not is_busy
    assert [*seen, *(each.id for each in reading)] == [id_of(number) for number in range(3)]
