"""A readable view for each questionnaire version: the export's columns, made by SQL from the JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from sqlite_utils import Database

from survey.questionnaire.document import from_document
from survey.questionnaire.model import Questionnaire
from survey.response import ancestors
from survey.table import NOT_ASKED, Column, columns_of

ENVELOPE_SQL = {
    "receipt": "response.receipt",
    "workshop": "revision.workshop",
    "revision": "revision.number",
    "received_at": "revision.received_at",
    "language": "revision.language",
    "variant": "revision.variant",
    "channel": "revision.channel",
    "trial": "workshop.trial",
    "people": "revision.people",
    "mark": "response.mark",
}

LATER = (
    "select 1 from revision as later where later.response = revision.response "
    "and later.number > 1 and later.number > revision.number"
)
"""A later revision of the same response. Only the few that were corrected have one: that it is above 1
lets SQLite look among those alone."""


def view_name(version: str) -> str:
    """The name of a version's view."""
    return f"response_{version[:8]}"


def view_sql(questionnaire: Questionnaire, version: str) -> str:
    """The statement that makes the view of a version's current revisions."""
    columns = ",\n  ".join(
        f'{_column_sql(column)} as "{column.name}"' for column in columns_of(questionnaire)
    )
    return f"""
create view if not exists {view_name(version)} as select
  {columns}
from revision
join response on response.id = revision.response
join workshop on workshop.code = revision.workshop
where revision.version = {_text(version)}
and not exists ({LATER})"""


def refresh(database: Database) -> None:
    """Makes each view anew that an earlier release made otherwise."""
    versions = database.execute("select version, document from questionnaire_version").fetchall()
    for version, document in versions:
        name, statement = view_name(version), view_sql(from_document(document), version)
        known = database.execute("select sql from sqlite_master where name = ?", (name,)).fetchone()
        if known is None or _selected_in(known[0]) != _selected_in(statement):
            database.execute(f"drop view if exists {name}")
            database.execute(statement)


def _selected_in(statement: str) -> str:
    """What a view selects; SQLite keeps the words before it otherwise than they were written."""
    return statement.partition(" as select")[2]


def _column_sql(column: Column) -> str:
    if column.question is None:
        return ENVELOPE_SQL[column.name]
    return COLUMN_SQL[column.kind](column)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _path(*keys: str) -> str:
    return _text("$" + "".join(f'."{key}"' for key in keys))


def _extract(*keys: str) -> str:
    return f"json_extract(answers, {_path(*keys)})"


def _name(column: Column) -> str:
    assert column.question is not None
    return column.question.name


def _kept(column: Column, expression: str, not_asked: str = _text(NOT_ASKED)) -> str:
    """The expression where there is an answer, else the word that says what is missing."""
    kind = f"json_type(answers, {_path(_name(column))})"
    return (
        f"case when {kind} is null then {not_asked} when {kind} = 'null' then null "
        f"when {kind} = 'object' and {_extract(_name(column), 'missing')} is not null "
        f"then {_missing(column) if not_asked != 'null' else 'null'} else {expression} end"
    )


def _missing(column: Column) -> str:
    return _extract(_name(column), "missing")


def _value(column: Column) -> str:
    return _kept(column, _extract(_name(column)))


def _looked_up(column: Column, meanings: Mapping[str, str | None]) -> str:
    known = {name: meaning for name, meaning in meanings.items() if meaning is not None}
    literal = _text(json.dumps(known, ensure_ascii=False, sort_keys=True))
    answer = _extract(_name(column))
    return _kept(column, f"json_extract({literal}, '$.\"' || {answer} || '\"')")


def _group(column: Column) -> str:
    assert column.question is not None
    return _looked_up(column, {each.name: each.group for each in column.question.options()})


def _level(column: Column) -> str:
    assert column.question is not None
    territory = {choice.name: choice for choice in column.question.choices}
    return _looked_up(
        column, {name: ancestors(territory, name).get(column.part) for name in territory}
    )


def _each(column: Column) -> str:
    return f"json_each(answers, {_path(_name(column))})"


def _chosen(column: Column) -> str:
    names = (
        f"(select group_concat(value, ' ') from (select value from {_each(column)} order by key))"
    )
    return _kept(column, names)


def _selected(column: Column) -> str:
    found = f"exists (select 1 from {_each(column)} where value = {_text(column.part)})"
    return _kept(column, found)


def _rank(column: Column) -> str:
    place = f"(select key + 1 from {_each(column)} where value = {_text(column.part)})"
    return _kept(column, place)


def _part(column: Column) -> str:
    missing = _extract(_name(column), column.part, "missing")
    value = _extract(_name(column), column.part)
    row_kind = f"json_type(answers, {_path(_name(column), column.part)})"
    return _kept(column, f"case {row_kind} when 'object' then {missing} else {value} end")


def _free_text(column: Column) -> str:
    return _kept(column, _extract(_name(column)), "null")


def _statement(column: Column) -> str:
    path = _text(f'$."{_name(column)}"[{int(column.part) - 1}]')
    return _kept(column, f"json_extract(answers, {path})", "null")


def _why_missing(column: Column) -> str:
    return _kept(column, "null")


def _other(column: Column) -> str:
    return _extract(f"{_name(column)}__other")


def _other_missing(column: Column) -> str:
    kind = f"json_type(answers, {_path(_name(column) + '__other')})"
    return f"case when {kind} is null then {_text(NOT_ASKED)} end"


COLUMN_SQL: dict[str, Callable[[Column], str]] = {
    "value": _value,
    "group": _group,
    "level": _level,
    "chosen": _chosen,
    "selected": _selected,
    "rank": _rank,
    "part": _part,
    "text": _free_text,
    "statement": _statement,
    "missing": _why_missing,
    "other": _other,
    "other_missing": _other_missing,
}
"""The SQL beside each kind of cell in survey.table; a test holds the two together."""
