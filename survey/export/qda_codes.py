"""The codes of a qualitative analysis, from what the questionnaire declares: for REFI-QDA files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from survey.export.topics import CODE, DIMENSION, KINDS, SECTION, THEME, topics_of
from survey.export.xml_writer import XmlWriter
from survey.questionnaire.model import Words
from survey.table import Dataset
from survey.table.columns import interface_words

ORIGIN = "Tashkhis"
NAMESPACE = UUID("6f1c1d8e-2b0a-5d4e-9b7c-5a3f0e2d7c41")
COLORS = {CODE: "#4E79A7", THEME: "#59A14F", DIMENSION: "#F28E2B", SECTION: "#B07AA1"}
"""That of each kind of topic; without one QualCoder throws dice."""


def guid(*names: str) -> str:
    """The same names always have the same one, so that programs which keep it know what they have."""
    return str(uuid5(NAMESPACE, "/".join(names)))


@dataclass(frozen=True, slots=True)
class QdaCode:
    """A code; one that is not codable only holds others together. No two in a project have the same
    name, whatever group they are in."""

    guid: str
    name: str
    color: str
    description: str = ""
    codes: tuple[QdaCode, ...] = ()


def codes_of(dataset: Dataset) -> tuple[QdaCode, ...]:
    """A group for each kind of topic that the questionnaires have."""
    taken: set[str] = set()
    return tuple(_groups(dataset, taken))


def code_guid(dataset: Dataset, kind: str, name: str) -> str:
    """That of the code for a topic."""
    return guid(dataset.newest.name, kind, name)


def write_codes(xml: XmlWriter, codes: Iterable[QdaCode]) -> None:
    """`Codes`, the same in a project and in a codebook."""
    with xml.element("Codes"):
        for code in codes:
            _write_code(xml, code)


def _groups(dataset: Dataset, taken: set[str]) -> Iterator[QdaCode]:
    for kind, (message, _) in KINDS.items():
        topics = topics_of(dataset, kind)
        if not topics:
            continue
        title = _unused(taken, dataset.say(interface_words(message)), kind)
        codes = tuple(
            QdaCode(
                code_guid(dataset, kind, name),
                _unused(taken, dataset.say(words), title),
                COLORS[kind],
                _description(dataset, words),
            )
            for name, words in topics.items()
        )
        yield QdaCode(guid(dataset.newest.name, kind), title, COLORS[kind], codes=codes)


def _unused(taken: set[str], label: str, otherwise: str) -> str:
    """The label, or one that no other code has; capitals make no difference, as in some programs."""
    name = " ".join(label.split())
    if name.casefold() in taken:
        name = f"{name} ({otherwise})"
    while name.casefold() in taken:
        name = f"{name} +"
    taken.add(name.casefold())
    return name


def _description(dataset: Dataset, words: Words) -> str:
    """How the code is called in every language."""
    return "\n".join(f"{tag}: {words[tag]}" for tag in dataset.languages if words.get(tag))


def _write_code(xml: XmlWriter, code: QdaCode) -> None:
    about = {"guid": code.guid, "name": code.name, "isCodable": str(not code.codes).lower()}
    with xml.element("Code", {**about, "color": code.color}):
        if code.description:
            xml.leaf("Description", code.description)
        for each in code.codes:
            _write_code(xml, each)
