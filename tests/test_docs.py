"""The documentation is true: its tables, examples, commands and links are held against the code."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import click
import pytest
from flask import Flask

from survey.cli import main
from survey.export import FORMATS
from survey.handed_over import find
from survey.i18n import LANGUAGES
from survey.questionnaire.expressions import Scope, evaluate
from survey.questionnaire.loading import keys, load, load_text
from survey.questionnaire.loading.checking import CALLS, OPERATORS, Known, check, symbols
from survey.questionnaire.loading.grammar import parse
from survey.questionnaire.loading.recordings import MAX_AUDIO_BYTES
from survey.questionnaire.model import (
    AUDIO_TYPES,
    ENVELOPE,
    NOTICE_PLACEHOLDERS,
    Questionnaire,
)
from survey.response import CODE_ALPHABET
from survey.settings import CHECKS, Settings, SettingsError, read_settings
from survey.table import columns_of

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.glob("*.md")])
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Example:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(PROJECT)}:{self.line}"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def every_example(*languages: str) -> list[Example]:
    return [
        Example(page, text.count("\n", 0, match.start()) + 1, match[2], dedent(match[3]))
        for page in PAGES
        for text in [text_of(page)]
        for match in FENCE.finditer(text)
        if match[2] in languages
    ]


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    text = text_of(DOCS / page)
    found = re.search(
        rf"^#+ {re.escape(heading)}$\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"{page} has no heading {heading}"
    return found[1]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text: for each its rows of cells, without the head."""
    found: list[list[list[str]]] = []
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if re.fullmatch(r"\|[-|]+\|", line):
            found.append([])
            for row in lines[place + 1 :]:
                if not row.startswith("|"):
                    break
                found[-1].append([cell.strip() for cell in row.strip("|").split("|")])
    return found


def quoted(cell: str) -> list[str]:
    return QUOTED.findall(cell)


# Links and the README


def test_every_link_leads_to_a_file_and_a_heading_that_exist() -> None:
    for page in PAGES:
        for target in LINK.findall(text_of(page)):
            if "://" in target:
                continue
            name, _, anchor = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            assert file.is_file(), f"{page.name}: {target}"
            assert not anchor or anchor in anchors(file), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    linked = set(LINK.findall(text_of(PROJECT / "README.md")))
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked


def test_the_readme_has_its_two_commands_each_on_one_line_for_both_kinds_of_systems() -> None:
    shown = {
        (example.language, line)
        for example in every_example("sh", "powershell")
        if example.page.name == "README.md"
        for line in example.text.splitlines()
    }
    assert shown == {
        (
            "sh",
            "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/survey serve",
        ),
        (
            "sh",
            "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest",
        ),
        (
            "powershell",
            r"py -m venv .venv; .venv\Scripts\python -m pip install -q -e .; "
            r".venv\Scripts\survey serve",
        ),
        (
            "powershell",
            r"py -m venv .venv; .venv\Scripts\python -m pip install -q -e '.[dev]'; "
            r".venv\Scripts\pytest",
        ),
    }


def test_the_readme_marks_the_command_that_runs_the_tests() -> None:
    marked = re.search(r"<!-- tests -->\n```sh\n(.*?)\n```\n", text_of(PROJECT / "README.md"))
    assert marked and marked[1].endswith(".venv/bin/pytest")


# Questionnaires


QUESTIONS = """\
name: part
title: {en: T}
languages: [en]
privacy_notice: {en: N}
sections:
- name: all
  title: {en: A}
  questions:
"""
TOP = """\
name: part
title: {ar: T, fr: T, en: T}
languages: [ar, fr, en]
privacy_notice: {ar: N, fr: N, en: N}
sections:
- name: all
  title: {ar: A, fr: A, en: A}
  questions:
  - type: select_one
    name: actor
    label: {ar: W, fr: W, en: W}
    choices:
    - {name: coop, label: {ar: C, fr: C, en: C}}
    - {name: producer, label: {ar: P, fr: P, en: P}}
"""
PARTIAL = "partial: [zgh]\nfallback: fr\n"


def whole(shown: str) -> str:
    """A questionnaire that is shown, or one around the questions or top-level keys that are."""
    if "sections:" in shown:
        return shown
    if shown.startswith("- type:"):
        return QUESTIONS + indent(shown, "  ")
    return TOP + shown + ("" if "partial:" in shown else PARTIAL)


YAML = every_example("yaml")


@pytest.mark.parametrize("example", YAML, ids=str)
def test_every_questionnaire_and_part_of_one_that_is_shown_can_be_loaded(example: Example) -> None:
    load_text(whole(example.text).encode(), str(example), PROJECT / "questionnaires")


def test_the_readme_shows_a_whole_questionnaire() -> None:
    [shown] = [example for example in YAML if example.page.name == "README.md"]
    questionnaire = load_text(shown.text.encode(), "README.md")
    assert [question.name for question in questionnaire.questions()] == ["sugar", "lumps"]


KEY_TABLES = [
    ("Top-level keys", 0, keys.DOCUMENT_KEYS),
    ("Section keys", 0, keys.SECTION_KEYS),
    ("Choice keys", 0, keys.CHOICE_KEYS),
    ("Choice keys", 1, keys.FILE_KEYS),
    ("Code keys", 0, keys.CODE_KEYS),
    ("Question keys", 0, keys.QUESTION_KEYS),
    ("Question keys", 1, keys.OFFERED_KEYS),
]


@pytest.mark.parametrize(("heading", "place", "known"), KEY_TABLES)
def test_the_tables_of_keys_name_every_key_and_no_other(
    heading: str, place: int, known: tuple[keys.Key, ...]
) -> None:
    rows = tables(section("questionnaire.md", heading))[place]
    shown = [(quoted(name)[0], needed == "yes") for name, needed, *_ in rows]
    assert shown == [(key.name, key.required) for key in known]


def test_the_tables_of_keys_name_every_value_that_a_key_can_have() -> None:
    for heading, place, known in KEY_TABLES:
        rows = tables(section("questionnaire.md", heading))[place]
        for row, key in zip(rows, known, strict=True):
            if key.name not in ("type", "dimension"):
                assert set(key.values) <= set(quoted(row[2]))
    [row] = [
        row
        for row in tables(section("questionnaire.md", "Section keys"))[0]
        if quoted(row[0]) == ["dimension"]
    ]
    assert tuple(quoted(row[2])) == keys.DIMENSIONS


def test_the_table_of_types_names_every_type_with_its_keys() -> None:
    text = section("questionnaire.md", "Question types")
    everywhere, _ = re.split(r"Every\s+type but `note` takes `required`", text)
    assert tuple(quoted(everywhere)) == keys.EVERYWHERE
    shown = {quoted(row[0])[0]: set(quoted(row[2])) for row in tables(text)[0]}
    common = set(keys.ANSWERED)
    assert shown == {name: set(takes) - common for name, (_, takes) in keys.TYPES.items()}
    assert [name for name, (_, takes) in keys.TYPES.items() if "required" not in takes] == ["note"]


def test_the_table_of_types_shows_in_bold_what_a_type_cannot_do_without() -> None:
    rows = tables(section("questionnaire.md", "Question types"))[0]
    for name, _, takes in rows:
        needed = {key for group in keys.NEEDED.get(quoted(name)[0], ()) for key in group}
        assert set(re.findall(r"\*\*`(\w+)`\*\*", takes)) == needed


def test_the_table_of_roles_names_every_role() -> None:
    rows = tables(section("questionnaire.md", "Roles"))[0]
    assert tuple(quoted(row[0])[0] for row in rows) == keys.ROLES


def test_the_notation_names_the_languages_and_the_placeholders_of_the_notice() -> None:
    rows = {
        quoted(row[0])[0]: row for row in tables(section("questionnaire.md", "Top-level keys"))[0]
    }
    assert set(quoted(rows["languages"][2])) == set(LANGUAGES)
    named = [f"{{{name}}}" for name in NOTICE_PLACEHOLDERS]
    assert quoted(rows["privacy_notice"][3]) == named
    options = [
        quoted(row[0])[0] for row in tables(section("run-a-workshop.md", "On the command line"))[0]
    ]
    assert options == [f"--{name.replace('_', '-')}" for name in NOTICE_PLACEHOLDERS]


def test_the_notation_says_which_files_can_be_recordings() -> None:
    text = section("questionnaire.md", "Recordings")
    [limit] = re.findall(r"at most (.+?) bytes", text)
    assert limit == f"{MAX_AUDIO_BYTES:,}"
    named = [ending for ending in quoted(text) if ending.startswith(".")]
    assert named == list(AUDIO_TYPES)


def test_the_tables_of_expressions_name_every_operator_and_function() -> None:
    kinds, operators, functions = tables(section("questionnaire.md", "Expressions"))
    assert {sign for row in operators for sign in quoted(row[0])} == OPERATORS.keys()
    assert [quoted(row[0])[0].partition("(")[0] for row in functions] == list(CALLS)
    named = {name for row in kinds for name in quoted(row[0])} - {"other"}
    assert named == keys.TYPES.keys() - {"note", "statements"}


VALUES = {"true": True, "false": False, "blank": None, "0": 0.0, "2": 2.0}
BLANKS = tables(section("questionnaire.md", "Rules for blanks"))[0]
UNANSWERED = """
name: t
title: {en: T}
languages: [en]
privacy_notice: {en: N}
sections:
- name: all
  title: {en: A}
  questions:
  - {type: integer, name: n, label: {en: N}}
  - {type: date, name: d, label: {en: D}}
  - {type: text, name: t, label: {en: T}}
  - {type: select_multiple, name: m, label: {en: M}, choices: [{name: x, label: {en: X}}]}
"""


@pytest.mark.parametrize(("expression", "value"), BLANKS, ids=[row[0] for row in BLANKS])
def test_an_expression_about_blanks_gives_what_the_table_says(expression: str, value: str) -> None:
    questionnaire = load_text(UNANSWERED.encode(), "t.yaml")
    answers = {
        name: kind for each in questionnaire.questions() for name, kind in symbols(each).items()
    }
    tree = check(parse(quoted(expression)[0]), Known(answers)).tree
    found = evaluate(tree, Scope({}, {}, "2026-03-22"))
    assert (type(found), found) == (type(VALUES[value]), VALUES[value])


# Settings


SETTINGS = tables(text_of(DOCS / "settings.md"))[0]


def test_the_table_of_settings_lists_every_setting_with_its_name_in_the_environment() -> None:
    shown = [(quoted(row[0])[0], quoted(row[1])[0]) for row in SETTINGS]
    names = [item.name for item in fields(Settings)]
    assert shown == [(name, f"SURVEY_{name.upper()}") for name in names]


def test_the_table_of_settings_shows_every_default() -> None:
    for name, _, shown, *_ in SETTINGS:
        default = getattr(Settings(), quoted(name)[0])
        if isinstance(default, Path):
            assert shown == f"`{default.relative_to(PROJECT)}` in the project's folder"
        else:
            assert shown == (f"`{default}`" if default != "" else "none")


def test_the_table_of_settings_shows_what_each_number_may_be() -> None:
    for name, _, default, accepts, _ in SETTINGS:
        read: Callable[[str], Any] = CHECKS[quoted(name)[0]]
        if not default.strip("`").isdigit():
            continue
        least, most = map(int, accepts.split(" to "))
        assert (read(str(least)), read(str(most))) == (least, most)
        for wrong in (least - 1, most + 1):
            with pytest.raises(ValueError):
                read(str(wrong))


@pytest.mark.parametrize("example", every_example("toml"), ids=str)
def test_every_settings_file_that_is_shown_can_be_read(example: Example, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(example.text, encoding="utf-8")
    read = read_settings({"SURVEY_INSTANCE": str(tmp_path)})
    for name, value in tomllib.loads(example.text).items():
        assert getattr(read, name) == value


def test_every_environment_variable_that_is_shown_is_a_setting() -> None:
    for example in every_example("sh", "powershell"):
        shown = re.findall(r"(SURVEY_\w+) ?= ?\"?([^\s\";]+)", example.text)
        try:
            read_settings(dict(shown))
        except SettingsError as error:
            pytest.fail(f"{example}: {error}")


# The command


def commands(group: click.Group, name: str = "survey") -> Iterator[tuple[str, click.Command]]:
    for command in group.commands.values():
        path = f"{name} {command.name}"
        if isinstance(command, click.Group):
            yield from commands(command, path)
        else:
            yield path, command


def written(path: str, command: click.Command) -> str:
    """A command as a heading writes it, with its arguments."""
    arguments = [
        f"{each.human_readable_name}{'...' if each.nargs == -1 else ''}"
        for each in command.params
        if isinstance(each, click.Argument)
    ]
    return " ".join([path, *arguments])


COMMANDS = {written(path, command): command for path, command in commands(main)}


def test_the_page_of_the_command_has_a_heading_for_every_command() -> None:
    headings = re.findall(r"^## `(.+)`$", text_of(DOCS / "command.md"), re.MULTILINE)
    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("heading", COMMANDS)
def test_the_page_of_the_command_lists_every_option_with_its_default(heading: str) -> None:
    options = [each for each in COMMANDS[heading].params if isinstance(each, click.Option)]
    found = tables(section("command.md", f"`{heading}`"))
    rows = {tuple(quoted(row[0])): row[1] for row in (found[0] if found else [])}
    assert {frozenset(names) for names in rows} == {frozenset(each.opts) for each in options}
    for option in options:
        [shown] = [default for names, default in rows.items() if set(names) == set(option.opts)]
        if option.show_default:
            assert shown == f"`{option.default}`"


def shown_commands() -> list[tuple[str, list[str]]]:
    """Every call of `survey` in the docs' terminal examples, as words."""
    found = []
    for example in every_example("sh", "powershell"):
        for line in example.text.replace("\\\n", " ").splitlines():
            for call in re.split(r"&&|;", line):
                words = shlex.split(call.replace(".venv\\Scripts\\", ""))
                while words and re.match(r"SURVEY_\w+=", words[0]):
                    words.pop(0)
                if words and Path(words[0]).name == "survey":
                    found.append((f"{example} {call.strip()}", words[1:]))
    return found


@pytest.mark.parametrize("words", [pytest.param(words, id=id) for id, words in shown_commands()])
def test_every_call_of_the_command_that_is_shown_can_be_made(words: list[str]) -> None:
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    words = words[: words.index(">")] if ">" in words else words
    context = command.make_context("survey", words)  # raises where an option or argument is wrong
    context.close()


# Addresses and exports


def address(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: NAMES[match[1]], rule)


NAMES = {
    "receipt": "RECEIPT",
    "code": "CODE",
    "language": "LANG",
    "id": "ID",
    "token": "TOKEN",
    "name": "NAME",
}


def test_the_page_of_addresses_lists_every_address_of_the_app(app: Flask) -> None:
    listed = [
        (method, quoted(row[1])[0])
        for heading in ("For participants", "For facilitators", "For who watches the app")
        for row in tables(section("addresses.md", heading))[0]
        for method in row[0].split(", ")
    ]
    there = {
        (method, address(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(listed) == len(set(listed))
    assert set(listed) == there
    assert f"`{CODE_ALPHABET}`" in text_of(DOCS / "addresses.md")


def test_the_page_of_exports_lists_every_format() -> None:
    rows = tables(section("exports.md", "Formats"))[0]
    assert [quoted(row[0])[0] for row in rows] == list(FORMATS)


def test_the_page_of_exports_lists_the_columns_that_every_response_has() -> None:
    rows = tables(section("exports.md", "Columns that every response has"))[0]
    assert tuple(quoted(row[0])[0] for row in rows) == ENVELOPE


def test_the_page_of_exports_lists_the_columns_of_its_example() -> None:
    [shown] = [example for example in YAML if example.page.name == "exports.md"]
    questionnaire = load_text(shown.text.encode(), "exports.md")
    rows = tables(section("exports.md", "Columns of each question"))[0]
    asked = [(question.name, question.type) for question in questionnaire.questions()]
    assert [(quoted(row[0])[0], quoted(row[1])[0]) for row in rows] == asked
    assert {type for _, type in asked} == keys.TYPES.keys()
    columns = [column for row in rows for column in quoted(row[2])]
    assert columns == names_of_columns(questionnaire)[len(ENVELOPE) :]


def test_the_page_of_exports_names_the_levels_of_the_shipped_places() -> None:
    text = section("exports.md", "Columns of each question")
    levels = names_of_columns(load(PROJECT / "questionnaires" / "souss-massa.yaml"))
    assert set(re.findall(r"`(p2\w*)`", text)) == {each for each in levels if each.startswith("p2")}


def names_of_columns(questionnaire: Questionnaire) -> list[str]:
    return [column.name for column in columns_of(questionnaire)]


def test_an_answer_that_is_shown_as_it_is_handed_over_can_be_read() -> None:
    shown = [each for each in every_example("text") if "[tashkhis" in each.text]
    assert shown
    for example in shown:
        [found] = find(example.text)
        assert found.body is not None, example


def test_addresses_in_examples_are_nobodys() -> None:
    """They are names kept for examples, or addresses of private networks."""
    for page in PAGES:
        for host in re.findall(r"https?://([\w.-]+)", text_of(page)):
            is_example = host.endswith(".example") or host == "localhost"
            assert is_example or host.startswith(("192.168.", "127.0.0.1")), f"{page.name}: {host}"
