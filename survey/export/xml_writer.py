"""XML written element by element as it comes, for the formats that archives and programs exchange."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import IO

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
"""Stands for a character that no XML file can hold, so that positions in the text stay."""

Attributes = Mapping[str, str]
NONE: Attributes = {}


def holdable(text: str) -> str:
    """The text with only such characters as XML can hold."""
    return NOT_IN_XML.sub(REPLACEMENT, text)


class XmlWriter:
    """Writes a document to a file open for writing bytes. Nothing is gathered."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        self._break = "\n"
        self._text.write(DECLARATION)

    @contextmanager
    def element(self, name: str, attributes: Attributes = NONE) -> Iterator[None]:
        """An element that holds what is written meanwhile."""
        outer = self._break
        self._text.write(f"{outer}<{name}{_written(attributes)}>")
        self._break = f"{outer} "
        yield
        self._break = outer
        self._text.write(f"{outer}</{name}>")

    def leaf(self, name: str, text: str = "", attributes: Attributes = NONE) -> None:
        """An element that holds a text, or nothing."""
        start = f"{self._break}<{name}{_written(attributes)}"
        content = escape(holdable(text), quote=False).replace("\r", "&#13;")
        self._text.write(f"{start}>{content}</{name}>" if content else f"{start}/>")

    def close(self) -> None:
        """Ends the document; the file stays open."""
        self._text.write("\n")
        self._text.flush()
        self._text.detach()


def _written(attributes: Attributes) -> str:
    return "".join(f' {name}="{_attribute(text)}"' for name, text in attributes.items())


def _attribute(text: str) -> str:
    """Readers would take a plain line break or tab in an attribute for a blank."""
    escaped = escape(holdable(text))
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
