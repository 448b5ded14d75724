"""One export that several processes make together."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey import stretches
from survey.cli import main
from survey.orders import Order
from survey.questionnaire.loading import load
from survey.response import Sending, Workshop
from survey.store import Store, responses
from survey.table import Selection, Wording
from tests.conftest import PROJECT

SOUSS_MASSA = load(PROJECT / "questionnaires" / "souss-massa.yaml")
HOW_MANY = 10


def id_of(number: int) -> str:
    return f"{'a' * 24}{'abcdefghij'[number]}a"


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    """Ten responses, some corrected, some of them not chosen by territory."""
    opened = open_workshop(SOUSS_MASSA)
    for number in range(HOW_MANY):
        answers = {
            "p1": "coop",
            "p2": "09.541" if number % 3 else "09.163",
            "o1": [f'=l\'eau, "{number}"\n', "الماء"],
        }
        responses.add(store, opened.code, Sending(id_of(number), answers, "ar"))
    for number in (1, 4, 8):
        again = Sending(id_of(number), {"p1": "bank", "p2": "09.541"}, "fr", replaces=1)
        responses.add(store, opened.code, again)
    return opened


def in_one(store: Store, order: Order) -> bytes:
    file = io.BytesIO()
    order.write(store, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("format_name", "shape", "wording", "selection"),
    [
        ("csv", "wide", Wording(), Selection()),
        ("csv", "long", Wording("labels", "ar"), Selection(territory="09.541")),
        ("csv", "statements", Wording(), Selection(revisions="all")),
        ("jsonl", "wide", Wording(), Selection(language="ar")),
    ],
)
@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_write_the_bytes_of_one(
    store: Store,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    format_name: str,
    shape: str,
    wording: Wording,
    selection: Selection,
    processes: int,
) -> None:
    monkeypatch.setattr(stretches, "LENGTH", 2)
    order = Order((workshop.code,), format_name, shape, wording, selection)
    file, heard = io.BytesIO(), []
    stretches.write(store, order, file, processes, heard.append)
    assert file.getvalue() == in_one(store, order)
    assert heard == sorted(heard) and len(heard) == 7
    assert heard[-1] == responses.how_many(store, workshop.code, selection=selection)


def test_the_command_uses_them_if_it_is_told_to(
    store: Store, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(store.path.parent))
    run, file = CliRunner().invoke, tmp_path / "answers.csv"
    done = run(main, ["export", workshop.code, "--processes", "2", "-o", str(file)])
    assert done.exit_code == 0, done.stderr
    assert file.read_bytes() == run(main, ["export", workshop.code]).stdout_bytes


@pytest.mark.parametrize(
    "options", [["--format", "xlsx"], ["--shape", "codebook"], ["--public"], ["--format", "sav"]]
)
def test_what_cannot_be_divided_is_refused(
    store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(store.path.parent))
    done = CliRunner().invoke(main, ["export", workshop.code, "--processes", "2", *options])
    assert done.exit_code == 1 and "Leave out --processes" in done.stderr


def end_at_once(*_: object) -> None:
    os._exit(1)


def test_a_process_that_ends_early_leaves_no_half_file(
    store: Store, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(store.path.parent))
    monkeypatch.setattr(stretches, "LENGTH", 2)
    monkeypatch.setattr(stretches, "_make_elsewhere", end_at_once)
    file = tmp_path / "answers.csv"
    done = CliRunner().invoke(main, ["export", workshop.code, "--processes", "2", "-o", str(file)])
    assert done.exit_code == 1 and "fewer --processes" in done.stderr
    assert list(tmp_path.glob("answers.csv*")) == []
