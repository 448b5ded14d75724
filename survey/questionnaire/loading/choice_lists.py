"""Choices, rows and scale points: written in the questionnaire, or in a CSV file beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from survey.questionnaire.loading.keys import CHOICE_KEYS, FILE_KEYS
from survey.questionnaire.loading.problems import Problem
from survey.questionnaire.loading.reader import (
    CHOICE_NAME,
    MAX_CHOICE_NAME,
    QUESTION_NAME,
    Fields,
    Reader,
)
from survey.questionnaire.model import RESERVED_CHOICES, Choice
from survey.response import CONTROLS

MAX_CHOICES = 3000
MAX_CSV_BYTES = 1_000_000
RESERVED = (*RESERVED_CHOICES, "missing", "not_asked")


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A list of choices; one from a file may have levels."""

    choices: tuple[Choice, ...]
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The named lists that questions may refer to."""

    choices: Mapping[str, ChoiceList] = field(default_factory=dict)
    scales: Mapping[str, ChoiceList] = field(default_factory=dict)


def read_named(reader: Reader, node: yaml.Node | None, owner: str) -> dict[str, ChoiceList]:
    """The lists under `choices` or `scales`, by name."""
    if node is None:
        return {}
    lists = {}
    for key, value in reader.pairs(node, owner):
        if reader.name(key, "the name of a list") is not None:
            lists[key.value] = read_list(reader, value, f"the list `{key.value}`")
    return lists


def read_list(reader: Reader, node: yaml.Node, owner: str) -> ChoiceList:
    """A list written in place, or `{file: …}`."""
    if isinstance(node, yaml.MappingNode):
        return _from_file(reader, node, owner)
    items = reader.items(node, owner, MAX_CHOICES)
    read = [(item, _choice(reader, item)) for item in items]
    found = [(item, choice) for item, choice in read if choice is not None]
    _check_names(reader, [(item, choice.name) for item, choice in found])
    return ChoiceList(tuple(choice for _, choice in found))


def _choice(reader: Reader, node: yaml.Node) -> Choice | None:
    fields = reader.fields(node, CHOICE_KEYS, "a choice")
    if fields is None or "name" not in fields or "label" not in fields:
        return None
    name = reader.choice_name(fields["name"], "the name of a choice")
    label = reader.words(fields["label"], "a choice's label")
    exclusive = reader.flag(fields["exclusive"], "exclusive") if "exclusive" in fields else None
    if name is None:
        return None

    def optional(key: str) -> str | None:
        return reader.text(fields[key], key) if key in fields else None

    return Choice(
        name, label, optional("group"), optional("level"), optional("parent"), exclusive or False
    )


def _check_names(reader: Reader, named: list[tuple[yaml.Node, str]]) -> None:
    seen: dict[str, str] = {}
    for node, name in named:
        if name.lower() in RESERVED:
            remedy = (
                f"Offer it with `{name}: true` on the question"
                if name.lower() in RESERVED_CHOICES
                else "Rename it"
            )
            reader.report(node, f"the choice name `{name}` is reserved", remedy)
        elif name.lower() in seen:
            remedy = "Choice names must differ by more than capitals; rename one"
            reader.report(node, f"the choice `{name}` is there twice", remedy)
        seen[name.lower()] = name


def _from_file(reader: Reader, node: yaml.Node, owner: str) -> ChoiceList:
    fields = reader.fields(node, FILE_KEYS, owner)
    if not fields or "file" not in fields:
        return ChoiceList(())
    levels = reader.texts(fields["levels"], "levels") if "levels" in fields else ()
    _check_levels(reader, fields, levels)
    credit = reader.text(fields["credit"], "credit") if "credit" in fields else None
    if credit is not None:
        reader.credits.add(credit)
    content = _content(reader, fields["file"])
    choices = tuple(_rows(reader, fields["file"], content, levels)) if content is not None else ()
    return ChoiceList(choices, levels)


def _check_levels(reader: Reader, fields: Fields, levels: tuple[str, ...]) -> None:
    for place, level in enumerate(levels):
        if not QUESTION_NAME.fullmatch(level) or level in (*RESERVED, "group"):
            remedy = "Use a-z, 0-9 and single _, like region, province, commune"
            reader.report(fields["levels"], f"`{level}` cannot name a level", remedy)
        if level in levels[:place]:
            reader.report(fields["levels"], f"the level `{level}` is there twice", "Keep one")


def _content(reader: Reader, node: yaml.Node) -> str | None:
    """The CSV's text; only a plain file in the questionnaire's own folder is ever opened."""
    name = reader.text(node, "file")
    if name is None or reader.folder is None:
        if name is not None:
            reader.report(
                node, "a questionnaire without a folder has no files", "Write the list here"
            )
        return None
    path = reader.folder / name
    if path.name != name or "\\" in name or path.suffix != ".csv":
        reader.report(
            node, f"`{name[:60]}` is no CSV file beside this one", "Name it like `places.csv`"
        )
        return None
    try:
        if path.stat().st_size > MAX_CSV_BYTES:
            reader.report(node, f"{name} is larger than {MAX_CSV_BYTES:,} bytes", "Shorten it")
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        reader.report(node, f"{name} is not UTF-8", "Save it as UTF-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a file name"
        reader.report(node, f"{name[:60]} cannot be read: {why}", "Put the file beside this one")
    return None


@dataclass(slots=True)
class Seen:
    """The lines read so far: the level of each name, and the names without their capitals."""

    levels: dict[str, str | None] = field(default_factory=dict)
    folded: set[str] = field(default_factory=set)

    def add(self, name: str, level: str | None) -> None:
        self.levels[name] = level
        self.folded.add(name.lower())


def _rows(
    reader: Reader, node: yaml.Node, content: str, levels: tuple[str, ...]
) -> Iterator[Choice]:
    name = reader.text(node, "file") or ""
    file = str(Path(reader.file).with_name(name))
    table = csv.DictReader(io.StringIO(content, newline=""), strict=True, restval="")
    if not _columns_are_right(reader, node, name, table):
        return
    seen = Seen()
    line = 1

    def report(what: str, remedy: str) -> None:
        reader.problems.append(Problem(file, line, 1, what, remedy))

    try:
        for row in table:
            line = table.line_num
            if None in row:
                report("this line has more cells than the first", "Put cells with commas in quotes")
            elif len(seen.levels) >= MAX_CHOICES:
                report(f"more than {MAX_CHOICES:,} choices", "Shorten the list")
                return
            else:
                problem = _row_problem(reader, row, levels, seen)
                if problem:
                    report(*problem)
                seen.add(row["name"], row.get("level"))
                yield _row_choice(reader, row)
    except csv.Error as error:
        line = table.reader.line_num
        report(f"this is not CSV: {error}", "Check the quotes in this line")
    if not seen.levels:
        report("there are no choices", "Add a line for each choice")


def _columns_are_right(
    reader: Reader, node: yaml.Node, file: str, table: csv.DictReader[str]
) -> bool:
    try:
        given = list(table.fieldnames or ())
    except csv.Error as error:
        reader.report(node, f"{file} is not CSV: {error}", "Check the quotes in its first line")
        return False
    needed = ["name", *reader.languages]
    allowed = {*needed, "level", "parent", "group", *reader.partial}
    wrong = [column for column in needed if column not in given]
    unknown = [str(column)[:20] for column in given if column not in allowed]
    if wrong:
        remedy = f"Its first line must name: {', '.join(needed)}"
        reader.report(node, f"{file} lacks the columns {', '.join(wrong)}", remedy)
    if unknown:
        remedy = f"It may have: {', '.join(sorted(allowed))}"
        reader.report(node, f"{file} has unknown columns: {', '.join(unknown)}", remedy)
    if len(set(given)) < len(given):
        reader.report(node, f"{file} names a column twice", "Rename or remove one")
        return False
    return not wrong and not unknown


def _row_problem(
    reader: Reader, row: dict[str, str], levels: tuple[str, ...], seen: Seen
) -> tuple[str, str] | None:
    name, level, parent = row["name"], row.get("level") or "", row.get("parent") or ""
    absent = [language for language in reader.languages if not row[language].strip()]
    if len(name) > MAX_CHOICE_NAME or not CHOICE_NAME.fullmatch(name) or name.lower() in RESERVED:
        return f"`{name[:40]}` cannot be a choice's name", "Use A-Z, a-z, 0-9, _ and ."
    if name.lower() in seen.folded:
        return f"the choice `{name}` is there twice", "Keep one of the lines"
    if CONTROLS.search("".join(row.values())):
        return "there is a control character in this line", "Delete it"
    if absent:
        return f"the label is missing in {', '.join(absent)}", "Fill in the cell"
    if levels and level not in levels:
        return f"`{level[:40]}` is not one of the levels", f"Write one of: {', '.join(levels)}"
    if levels and (levels.index(level) > 0) != bool(parent):
        return f"`{name}` has a wrong parent", "Only the widest level has none"
    if levels and parent and seen.levels.get(parent) != levels[levels.index(level) - 1]:
        return (
            f"the parent `{parent[:40]}` is not a {level}'s",
            "Name a line above, one level wider",
        )
    return None


def _row_choice(reader: Reader, row: dict[str, str]) -> Choice:
    languages = reader.languages + reader.partial
    return Choice(
        row["name"],
        {key: row[key].strip() for key in languages if (row.get(key) or "").strip()},
        (row.get("group") or "").strip() or None,
        (row.get("level") or "").strip() or None,
        (row.get("parent") or "").strip() or None,
    )
