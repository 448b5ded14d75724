"""YAML text → nodes that know their place, within limits that a hostile file cannot pass."""

from __future__ import annotations

import codecs
from typing import Any

import yaml

from survey.questionnaire.loading.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 100_000

NO_ALIASES = (
    "anchors and aliases are not used here",
    "Name a list under `choices`, `scales` or `conditions` and refer to its name",
)
NO_TAGS = ("YAML tags are not used here", "Remove the tag")
ONE_DOCUMENT = (
    "a second document begins",
    "Keep one questionnaire per file: remove the line `---`",
)
NOT_DEEPER = (f"nested deeper than {MAX_DEPTH} levels", "Check the indentation and brackets here")
NOT_LONGER = (f"more than {MAX_NODES:,} values", "Move long choice lists into CSV files")

Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Refused(Exception):
    """A file that is not read any further, with the one problem that stops it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def compose(content: bytes, file: str) -> yaml.MappingNode:
    """The document's root mapping; every scalar is a string. Raises Refused."""

    def refused(line: int, column: int, what: str, remedy: str) -> Refused:
        return Refused(Problem(file, line, column, what, remedy))

    if len(content) > MAX_BYTES:
        remedy = "Move long choice lists into CSV files"
        raise refused(1, 1, f"the file is larger than {MAX_BYTES:,} bytes", remedy)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place_of_byte(content, error.start)
        raise refused(line, column, "this byte is not UTF-8", "Save the file as UTF-8") from None
    try:
        _check_limits(text, refused)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if "nesting depth" in (error.problem or ""):  # newer readers have a limit of their own
            raise refused(line, column, *NOT_DEEPER) from None
        what = f"this is not YAML: {error.problem or error.context or 'unreadable'}"
        remedy = "Check indentation, quotes and brackets here and just above"
        raise refused(line, column, what, remedy) from None
    except yaml.reader.ReaderError as error:
        line, column = _place_of_byte(text.encode(), int(error.position))
        remedy = "Delete it, or write it as an escape such as \\u00a0 in double quotes"
        raise refused(line, column, "a character that YAML does not allow", remedy) from None
    if not isinstance(root, yaml.MappingNode):
        remedy = "Begin with `name:`, `title:` and `languages:`"
        raise refused(1, 1, "a questionnaire is a mapping of keys", remedy)
    return root


def _check_limits(text: str, refused: Any) -> None:
    """Walks the events, which costs no recursion, before any tree is built."""
    depth = documents = 0
    event: Any
    for count, event in enumerate(yaml.parse(text, Loader=Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        for is_broken, what, remedy in (
            (isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None), *NO_ALIASES),
            (getattr(event, "tag", None), *NO_TAGS),
            (documents > 1, *ONE_DOCUMENT),
            (depth > MAX_DEPTH, *NOT_DEEPER),
            (count > MAX_NODES, *NOT_LONGER),
        ):
            if is_broken:
                mark = event.start_mark
                raise refused(mark.line + 1, mark.column + 1, what, remedy)


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _place_of_byte(content: bytes, position: int) -> tuple[int, int]:
    before = content[:position].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    return _place_of(before, len(before))
