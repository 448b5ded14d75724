"""The tables, in the order they came to be. What has landed is never edited, only added to."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("survey")


def _all(database: Database, *statements: str) -> None:
    for statement in statements:
        database.execute(statement)


@migrations()
def m001_responses(database: Database) -> None:
    _all(
        database,
        """
        create table questionnaire_version (
            version text primary key check (length(version) = 64),
            name text not null,
            document text not null check (json_valid(document)),
            registered_at text not null
        ) strict
        """,
        """
        create table workshop (
            code text primary key check (length(code) = 6),
            version text not null references questionnaire_version (version),
            title text not null check (json_valid(title)),
            notice text not null check (json_valid(notice)),
            state text not null check (state in ('draft', 'open', 'closed')),
            variant text not null check (variant in ('full', 'short')),
            timezone text not null,
            trial integer not null check (trial in (0, 1)),
            created_at text not null
        ) strict
        """,
        """
        create table response (
            id text primary key check (length(id) = 26),
            workshop text not null references workshop (code),
            receipt text not null unique check (length(receipt) = 8),
            created_at text not null,
            erased_at text
        ) strict
        """,
        """
        create table revision (
            sequence integer primary key autoincrement,
            response text not null references response (id),
            workshop text not null references workshop (code),
            version text not null references questionnaire_version (version),
            number integer not null check (number >= 1),
            replaces integer not null check (replaces = number - 1),
            digest text not null check (length(digest) = 64),
            answers text not null check (json_valid(answers)),
            language text not null,
            variant text not null check (variant in ('full', 'short')),
            channel text not null,
            received_at text not null,
            unique (response, number),
            unique (response, replaces, digest)
        ) strict
        """,
        "create index revision_workshop on revision (workshop, sequence)",
        """
        create trigger revision_is_append_only before update on revision
        begin select raise(abort, 'revisions are only ever added'); end
        """,
    )


@migrations()
def m002_facilitators(database: Database) -> None:
    _all(
        database,
        """
        create table facilitator (
            name text primary key collate nocase,
            role text not null check (role = 'administrator'),
            password text,
            created_at text not null
        ) strict
        """,
        """
        create table session (
            token text primary key,
            facilitator text not null collate nocase references facilitator (name),
            created_at text not null,
            seen_at text not null
        ) strict
        """,
        """
        create table one_time_link (
            token text primary key,
            facilitator text not null collate nocase references facilitator (name),
            expires_at text not null,
            used_at text
        ) strict
        """,
        """
        create table failed_sign_in (
            facilitator text not null collate nocase,
            failed_at text not null
        ) strict
        """,
        "create index failed_sign_in_facilitator on failed_sign_in (facilitator, failed_at)",
    )


@migrations()
def m003_kiosk(database: Database) -> None:
    database.execute(
        "alter table workshop add column kiosk integer not null default 0 check (kiosk in (0, 1))"
    )


@migrations()
def m004_recordings(database: Database) -> None:
    database.execute(
        """
        create table recording (
            name text primary key check (length(name) > 32),
            content blob not null check (length(content) > 0),
            registered_at text not null
        ) strict
        """
    )


@migrations()
def m005_people(database: Database) -> None:
    _rebuild_facilitator(database)
    _all(
        database,
        "alter table workshop add column owner text collate nocase references facilitator (name)",
        """
        create table workshop_share (
            workshop text not null references workshop (code),
            facilitator text not null collate nocase references facilitator (name),
            shared_at text not null,
            primary key (workshop, facilitator)
        ) strict
        """,
        "drop table failed_sign_in",
        """
        create table failed_sign_in (
            id integer primary key autoincrement,
            facilitator text not null collate nocase,
            is_known integer not null check (is_known in (0, 1)),
            failed_at text not null
        ) strict
        """,
        "create index failed_sign_in_facilitator on failed_sign_in (facilitator, is_known)",
        """
        create table log (
            sequence integer primary key autoincrement,
            at text not null,
            facilitator text collate nocase,
            action text not null,
            workshop text references workshop (code),
            detail text not null
        ) strict
        """,
        "create index log_workshop on log (workshop, sequence)",
        """
        create trigger log_is_append_only before update on log
        begin select raise(abort, 'the log is only ever added to'); end
        """,
        """
        create trigger log_is_kept before delete on log
        begin select raise(abort, 'the log is only ever added to'); end
        """,
    )


def _rebuild_facilitator(database: Database) -> None:
    """A check cannot be altered. The tables that refer to this one follow it when it is renamed, so
    they are made anew, too; foreign keys hold at every step."""
    for table in ("facilitator", "session", "one_time_link"):
        database.execute(f"alter table {table} rename to {table}_before")
    _all(
        database,
        """
        create table facilitator (
            name text primary key collate nocase,
            role text not null check (role in ('administrator', 'facilitator', 'observer')),
            password text,
            created_at text not null,
            disabled_at text
        ) strict
        """,
        """
        create table session (
            token text primary key,
            facilitator text not null collate nocase references facilitator (name),
            created_at text not null,
            seen_at text not null
        ) strict
        """,
        """
        create table one_time_link (
            token text primary key,
            facilitator text not null collate nocase references facilitator (name),
            expires_at text not null,
            used_at text
        ) strict
        """,
        "insert into facilitator select name, role, password, created_at, null "
        "from facilitator_before",
        "insert into session select token, facilitator, created_at, seen_at from session_before",
        "insert into one_time_link select token, facilitator, expires_at, used_at "
        "from one_time_link_before",
        "drop table session_before",
        "drop table one_time_link_before",
        "drop table facilitator_before",
    )


@migrations()
def m006_hall(database: Database) -> None:
    _all(
        database,
        "alter table workshop add column wifi_name text not null default ''",
        "alter table workshop add column wifi_password text not null default ''",
        """
        create table expected (
            workshop text not null references workshop (code),
            actor_group text not null,
            number integer not null check (number >= 1),
            primary key (workshop, actor_group)
        ) strict, without rowid
        """,
        "create index response_erased on response (workshop) where erased_at is not null",
    )


@migrations()
def m007_marks_and_people(database: Database) -> None:
    _all(
        database,
        "alter table response add column mark text check (mark in ('test', 'duplicate'))",
        "alter table response add column mark_reason text not null default ''",
        "create index response_marked on response (workshop) where mark is not null",
        "alter table revision add column people integer not null default 1 check (people >= 1)",
    )


@migrations()
def m008_workshops(database: Database) -> None:
    _all(
        database,
        "alter table workshop add column place text not null default ''",
        "alter table workshop add column held_on text not null default ''",
        "alter table workshop add column languages text not null default '[]' "
        "check (json_valid(languages))",
        "alter table workshop add column context text not null default '{}' "
        "check (json_valid(context))",
        "alter table workshop add column paused integer not null default 0 "
        "check (paused in (0, 1))",
        "alter table workshop add column archived_at text",
    )


@migrations()
def m009_responses(database: Database) -> None:
    _all(
        database,
        "alter table response add column entered_twice_at text",
        "create index revision_paper on revision (workshop) where channel = 'paper' and number = 1",
    )


@migrations()
def m010_revealed(database: Database) -> None:
    _all(
        database,
        """
        create table revealed (
            workshop text not null references workshop (code),
            question text not null,
            result text not null check (json_valid(result)),
            at text not null,
            "by" text not null collate nocase,
            is_shown integer not null check (is_shown in (0, 1)),
            primary key (workshop, question)
        ) strict
        """,
        """
        create table projected (
            workshop text primary key references workshop (code),
            question text not null,
            by_group integer not null check (by_group in (0, 1))
        ) strict
        """,
    )


@migrations()
def m011_table_mode(database: Database) -> None:
    database.execute(
        "alter table workshop add column table_mode integer not null default 0 "
        "check (table_mode in (0, 1))"
    )


@migrations()
def m012_corrections(database: Database) -> None:
    """Few responses are corrected, so that asking which ones are reads a small index only."""
    database.execute(
        "create index revision_corrected on revision (response, number) where number > 1"
    )


@migrations()
def m013_versions(database: Database) -> None:
    """An export asks first which versions were answered: that must not read every response."""
    database.execute("create index revision_version on revision (workshop, version)")
