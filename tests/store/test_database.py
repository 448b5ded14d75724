"""How the database is opened, guarded, copied, and read by others."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Migrations

from survey.response import Response, Sending, Workshop
from survey.settings import Settings
from survey.store import (
    Store,
    StoreError,
    connection,
    driver,
    facilitators,
    migrations,
    open_store,
    responses,
    workshops,
)
from survey.store.backup import back_up
from survey.store.connection import Store as StoreClass
from survey.store.driver import Journal, journal_for
from survey.store.views import view_name
from survey.store.workshops import NoticeHasHoles, UnknownWorkshop
from tests.all_types import ALL_TYPES, answers
from tests.conftest import questionnaire_of, table_of

IDEA = "- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}"


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "delete"),
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"),
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 53, 4), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_journal_follows_the_version_of_sqlite(version: tuple[int, ...], mode: str) -> None:
    synchronous = {"wal": "full", "delete": "extra"}[mode]
    assert journal_for(version) == Journal(mode, synchronous)


def test_every_connection_is_durable_and_strict(store: Store) -> None:
    synchronous = {"full": 2, "extra": 3}[driver.JOURNAL.synchronous]
    with store.read() as one, store.read() as other:
        assert one is not other
        for database in (one, other):
            ask = database.conn.execute
            assert ask("pragma journal_mode").fetchone()[0] == driver.JOURNAL.mode
            assert ask("pragma synchronous").fetchone()[0] == synchronous
            assert ask("pragma foreign_keys").fetchone()[0] == 1
            assert ask("pragma secure_delete").fetchone()[0] == 1


def test_the_app_says_how_durably_it_writes(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {
        "status": "ok",
        "sqlite": ".".join(map(str, driver.SQLITE_VERSION)),
        "journal_mode": driver.JOURNAL.mode,
        "synchronous": driver.JOURNAL.synchronous,
    }


def test_every_table_of_ours_is_strict(store: Store) -> None:
    with store.read() as database:
        rows = database.execute("select name, strict from pragma_table_list where type = 'table'")
        strict = dict(rows.fetchall())
    ours = {name for name in strict if not name.startswith(("sqlite_", "_sqlite"))}
    assert ours >= {"questionnaire_version", "workshop", "response", "revision", "facilitator"}
    assert {name for name in ours if not strict[name]} == set()


def test_people_keep_accounts_sessions_and_links_when_roles_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "survey.sqlite3"
    whole = migrations.migrations
    before = Migrations("survey")
    for each in whole._migrations:
        if each.name < "m005":
            before()(each.fn)
    monkeypatch.setattr(connection, "migrations", before)
    store = open_store(path, b"secret")
    with store.write() as database:
        database.execute("insert into facilitator values ('Amal', 'administrator', 'x', '2026')")
        database.execute("insert into session values ('t', 'amal', '2026', '2026')")
        database.execute("insert into one_time_link values ('l', 'Amal', '2026', null)")
    store.close()
    monkeypatch.setattr(connection, "migrations", whole)
    store = open_store(path, b"secret")
    with store.write() as database:
        for table in ("facilitator", "session", "one_time_link"):
            assert database.execute(f"select count(*) from {table}").fetchone()[0] == 1
        assert database.execute("pragma foreign_key_check").fetchall() == []
        with pytest.raises(driver.IntegrityError, match="FOREIGN KEY"):
            database.execute("insert into session values ('u', 'nobody', '2026', '2026')")
    assert [(each.name, each.has_password) for each in facilitators.every(store)] == [
        ("Amal", True)
    ]
    store.close()


def test_a_view_that_an_earlier_release_made_is_made_anew(
    store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    version = open_workshop(
        questionnaire_of("- {type: text, name: q, label: {fr: Q, ar: س}}")
    ).version
    name = view_name(version)
    with store.write() as database:
        database.execute(f"drop view {name}")
        database.execute(f"create view {name} as select 1 as receipt")
    again = open_store(store.path, b"secret")
    with again.read() as database:
        columns = [row[1] for row in database.execute(f"pragma table_info({name})").fetchall()]
    again.close()
    assert {"receipt", "people", "mark", "q"} <= set(columns)


def test_later_revisions_are_looked_for_among_the_corrected_alone(
    store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    """Looking each response up among all revisions took half of a long export's reading."""
    asked = questionnaire_of("- {type: text, name: idea, label: {fr: I, ar: I}}")
    version = open_workshop(asked).version
    sql = f"explain query plan select receipt from {view_name(version)}"
    with store.read() as database:
        plan = [row[3] for row in database.execute(sql)]
    assert "SEARCH later USING COVERING INDEX revision_corrected (response=? AND number>?)" in plan


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(driver.IntegrityError, match="FOREIGN KEY"), store.write() as database:
        database.execute(
            "insert into response (id, workshop, receipt, created_at) values (?, 'ZZZZZZ', 'ABCDEFGH', '2026')",
            ("a" * 26,),
        )


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "network_file_system", lambda path: "nfs4")
    with pytest.raises(StoreError, match="nfs4"):
        open_store(tmp_path / "survey.sqlite3", b"secret")


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "survey.sqlite3"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(path, b"secret")


def test_a_commit_that_fails_leaves_the_store_usable(
    store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of(IDEA))

    class Failing:
        """A connection whose disk is full at the very end."""

        def __init__(self, connection: Any) -> None:
            self.connection = connection

        def execute(self, sql: str, *arguments: Any) -> Any:
            if sql == "commit":
                raise driver.OperationalError("database or disk is full")
            return self.connection.execute(sql, *arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.connection, name)

    with store.read() as database:
        database.conn = Failing(database.conn)
    with pytest.raises(driver.OperationalError, match="full"):
        responses.add(store, workshop.code, Sending("a" * 26, {"idea": "x"}, "fr"))
    assert responses.count(store, workshop.code) == 0
    responses.add(store, workshop.code, Sending("a" * 26, {"idea": "x"}, "fr"))
    assert responses.count(store, workshop.code) == 1


def test_a_backup_is_whole_and_never_overwrites(
    store: Store, tmp_path: Path, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of(IDEA))
    responses.add(store, workshop.code, Sending("a" * 26, {"idea": "x"}, "fr"))
    target = tmp_path / "copy.sqlite3"
    back_up(store, target)
    assert target.stat().st_mode & 0o077 == 0
    copy = StoreClass(target, b"")
    assert responses.get(copy, workshop.code, "a" * 26).answers == {"idea": "x"}
    copy.close()
    with pytest.raises(StoreError, match="there already"):
        back_up(store, target)


def test_a_backup_that_fails_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        back_up(store, tmp_path / "no" / "such" / "folder.sqlite3")
    assert not (tmp_path / "no").exists()


def test_a_workshop_with_holes_in_its_notice_cannot_open(store: Store) -> None:
    questionnaire = questionnaire_of(IDEA)
    created = workshops.create(store, questionnaire)
    with pytest.raises(NoticeHasHoles) as problem:
        workshops.set_state(store, created.code, "open")
    assert problem.value.holes == ("controller",)
    assert workshops.get(store, created.code).state == "draft"


def test_an_unknown_workshop_is_said_to_be_unknown(store: Store) -> None:
    with pytest.raises(UnknownWorkshop):
        workshops.get(store, "ZZZZZZ")


@given(st.lists(answers(), min_size=1, max_size=5))
def test_the_view_shows_the_same_cells_as_the_export(tmp_path_factory, given_answers) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("view")
    store = open_store(Settings(instance=folder).database, b"secret")
    created = workshops.create(store, ALL_TYPES, trial=True)
    workshops.set_state(store, created.code, "open")
    for number, each in enumerate(given_answers):
        responses.add(store, created.code, Sending(f"{'a' * 25}{'abcdef'[number]}", each, "fr"))
    table = table_of(ALL_TYPES, responses.scan(store, created.code))
    cells = [dict(zip(table.header, row, strict=True)) for row in table.rows()]
    with store.read() as database:
        shown = list(database.query(f"select * from response_{created.version[:8]}"))
    store.close()
    assert sorted(shown, key=itemgetter("receipt")) == sorted(cells, key=itemgetter("receipt"))


def test_nothing_about_the_phone_is_stored(store: Store) -> None:
    with store.read() as database:
        columns = {
            column.name for table in ("response", "revision") for column in database[table].columns
        }
    assert not {name for name in columns if "ip" in name.split("_") or "agent" in name}


def test_a_response_is_read_back_as_it_was(
    store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of(IDEA))
    receipt = responses.add(store, workshop.code, Sending("a" * 26, {"idea": "é"}, "ar"))
    assert responses.get(store, workshop.code, "a" * 26) == Response(
        id="a" * 26,
        receipt=receipt.code,
        workshop=workshop.code,
        version=workshop.version,
        revision=1,
        answers={"idea": "é"},
        language="ar",
        variant="full",
        channel="web",
        received_at=receipt.received_at,
        trial=True,
    )
