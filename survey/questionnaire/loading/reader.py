"""Reads YAML nodes as the kinds of values that keys hold, and gathers every problem on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import yaml

from survey.questionnaire.loading.keys import Key
from survey.questionnaire.loading.problems import Problem
from survey.response import CONTROLS

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
QUESTION_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
CHOICE_NAME = re.compile(r"[A-Za-z0-9](?:_?[A-Za-z0-9.])*_?")
MAX_QUESTION_NAME = 24
MAX_CHOICE_NAME = 64
MAX_WORDS = 10_000

Fields = dict[str, yaml.Node]


class Reader:
    """One file being read: its name, its folder, its languages, the problems so far."""

    def __init__(self, file: str, folder: Path | None) -> None:
        self.file = file
        self.folder = folder
        self.languages: tuple[str, ...] = ()
        self.partial: tuple[str, ...] = ()
        self.problems: list[Problem] = []
        self.credits: set[str] = set()
        self.recordings: dict[str, bytes] = {}
        self.lines: list[str] = []

    def report(self, node: yaml.Node, what: str, remedy: str, offset: int = 0) -> None:
        mark = node.start_mark
        column = mark.column + 1 + offset
        self.problems.append(Problem(self.file, mark.line + 1, column, what, remedy))

    def fields(self, node: yaml.Node, keys: Iterable[Key], owner: str) -> Fields | None:
        """A mapping's values by key; unknown, repeated and absent keys are problems."""
        if not isinstance(node, yaml.MappingNode):
            known = ", ".join(key.name for key in keys)
            self.report(node, f"{owner} must be a mapping", f"Write its keys: {known}")
            return None
        by_name = {key.name: key for key in keys}
        found: Fields = {}
        for key_node, value in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if name not in by_name:
                self._unknown_key(key_node, name, by_name, owner)
            elif name in found:
                self.report(key_node, f"the key `{name}` is given twice", "Keep one of them")
            else:
                found[name] = value
        for key in by_name.values():
            if key.required and key.name not in found:
                self.report(
                    node,
                    f"{owner} lacks `{key.name}`",
                    f"Add `{key.name}:` ({key.doc.rstrip(chr(46))})",
                )
        return found

    def _unknown_key(self, node: yaml.Node, name: str, known: dict[str, Key], owner: str) -> None:
        name = name[:60]
        close = get_close_matches(name, known, n=1)
        remedy = f"Did you mean `{close[0]}`" if close else f"It takes: {', '.join(known)}"
        self.report(node, f"{owner} has no key `{name}`", remedy)

    def pairs(self, node: yaml.Node, owner: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """A mapping with free keys, such as named lists; repeated names are problems."""
        if not isinstance(node, yaml.MappingNode):
            self.report(node, f"{owner} must be a mapping", "Write `name: …` on lines of their own")
            return []
        found: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.report(key, "a key must be a name", "Write a plain name before the colon")
            elif key.value in found:
                self.report(key, f"the key `{key.value}` is given twice", "Keep one of them")
            else:
                found[key.value] = (key, value)
        return list(found.values())

    def items(self, node: yaml.Node, owner: str, most: int) -> list[yaml.Node]:
        """A list's items: at least one, at most `most`."""
        if not isinstance(node, yaml.SequenceNode):
            self.report(node, f"{owner} must be a list", "Begin each item with `- `")
            return []
        if not node.value:
            self.report(node, f"{owner} is empty", "Add at least one item")
        if len(node.value) > most:
            self.report(node, f"{owner} has more than {most:,} items", "Split or shorten it")
            return []
        return list(node.value)

    def text(self, node: yaml.Node, owner: str) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self.report(node, f"{owner} must be a text", "Write one value after the colon")
            return None
        if not node.value.strip():
            self.report(node, f"{owner} is empty", "Write a value, or remove the key")
            return None
        if len(node.value) > MAX_WORDS:
            self.report(node, f"{owner} is longer than {MAX_WORDS:,} characters", "Shorten it")
            return None
        if CONTROLS.search(node.value):
            self.report(node, f"{owner} has a control character in it", "Delete it")
            return None
        return str(node.value.strip())

    def texts(self, node: yaml.Node, owner: str) -> tuple[str, ...]:
        read = (self.text(item, owner) for item in self.items(node, owner, 1000))
        return tuple(text for text in read if text is not None)

    def flag(self, node: yaml.Node, owner: str) -> bool | None:
        text = self.text(node, owner)
        if text is not None and text not in ("true", "false"):
            self.report(node, f"{owner} is neither true nor false", "Write `true` or `false`")
            return None
        return None if text is None else text == "true"

    def whole(self, node: yaml.Node, owner: str, least: int, most: int) -> int | None:
        text = self.text(node, owner)
        if text is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,15}", text) or not least <= int(text) <= most:
            remedy = f"Write a whole number from {least:,} to {most:,}"
            self.report(node, f"{owner} is not such a number: {text[:40]}", remedy)
            return None
        return int(text)

    def enum(self, node: yaml.Node, owner: str, values: Iterable[str]) -> str | None:
        text = self.text(node, owner)
        if text is None or text in values:
            return text
        close = get_close_matches(text, values, n=1)
        remedy = f"Did you mean `{close[0]}`" if close else f"Write one of: {', '.join(values)}"
        self.report(node, f"{owner} cannot be `{text[:40]}`", remedy)
        return None

    def name(self, node: yaml.Node, owner: str) -> str | None:
        remedy = "Use a-z, 0-9, - and _, beginning with a letter"
        return self._matching(node, owner, NAME, 40, remedy)

    def question_name(self, node: yaml.Node, owner: str) -> str | None:
        remedy = (
            f"Use a-z, 0-9 and single _, beginning with a letter, at most {MAX_QUESTION_NAME} "
            "characters"
        )
        return self._matching(node, owner, QUESTION_NAME, MAX_QUESTION_NAME, remedy)

    def choice_name(self, node: yaml.Node, owner: str) -> str | None:
        remedy = (
            "Use A-Z, a-z, 0-9, _ and ., beginning with a letter or digit, at most "
            f"{MAX_CHOICE_NAME} characters"
        )
        return self._matching(node, owner, CHOICE_NAME, MAX_CHOICE_NAME, remedy)

    def _matching(
        self, node: yaml.Node, owner: str, pattern: re.Pattern[str], most: int, remedy: str
    ) -> str | None:
        text = self.text(node, owner)
        if text is not None and (len(text) > most or not pattern.fullmatch(text)):
            self.report(node, f"{owner} cannot be `{text[:40]}`", remedy)
            return None
        return text

    def words(self, node: yaml.Node, owner: str) -> dict[str, str]:
        """The same words in every declared language; partial languages may be left out."""
        words: dict[str, str] = {}
        if not isinstance(node, yaml.MappingNode):
            sample = ", ".join(f"{language}: …" for language in self.languages)
            self.report(node, f"{owner} must be in each language", f"Write {{{sample}}}")
            return words
        for key, value in self.pairs(node, owner):
            if key.value not in self.languages + self.partial:
                remedy = "Declare it in `languages` or `partial`, or remove it"
                self.report(key, f"the language `{key.value[:20]}` is not declared", remedy)
            elif (text := self.text(value, f"{owner} in {key.value}")) is not None:
                words[key.value] = text
        written = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
        for language in self.languages:
            if language not in written:
                remedy = f"Add `{language}:`, or declare the language under `partial`"
                self.report(node, f"{owner} is missing in {language}", remedy)
        return words
