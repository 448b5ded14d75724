"""A REFI-QDA project: every response as a text with its variables, for NVivo, ATLAS.ti and others."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, tee
from typing import IO
from zipfile import ZipFile

from survey.export.archive import archive, entry, folder
from survey.export.domain import kinds_of
from survey.export.errors import ExportError
from survey.export.qda_codes import ORIGIN, codes_of, guid, write_codes
from survey.export.qda_sources import Passage, Source, SourceMaker
from survey.export.xml_writer import XmlWriter
from survey.i18n import N_
from survey.response import Response
from survey.table import Cell, Column, Dataset, Table, Wording, wide
from survey.table.codebook import meanings
from survey.table.columns import CODE, CODES, DATE, DECIMAL, FLAG, INTEGER, TIME
from survey.table.dataset import LABELS

NAMESPACE = "urn:QDA-XML:project:1.0"
PROJECT, SOURCES = "project.qde", "sources/"
USER = guid("user")

TYPES: dict[str, tuple[str, Callable[[Cell], str]]] = {
    CODE: ("Text", str),
    CODES: ("Text", str),
    FLAG: ("Boolean", lambda cell: "true" if cell else "false"),
    INTEGER: ("Integer", str),
    DECIMAL: ("Float", str),
    DATE: ("Date", str),
    TIME: ("DateTime", str),
}
"""What REFI-QDA calls each data type, and how it writes a value. Texts are no variables: they stand
in the sources."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A column that is a variable of sources: its place in a row, and what stands for no answer."""

    column: Column
    guid: str
    place: int
    missing: dict[Cell, str]

    @property
    def type(self) -> str:
        return TYPES[self.column.data_type][0]

    def value(self, row: list[Cell]) -> str | None:
        """None where there is none. In numbers and dates, a missing answer is none; in text, one
        that has a name bears it."""
        cell = row[self.place]
        if cell is None:
            return None
        if cell in self.missing:
            return self.missing[cell] if self.type == "Text" else None
        return TYPES[self.column.data_type][1](cell)


def write(table: Table, file: IO[bytes]) -> None:
    """A text file for each response, then the project that names them. It is kept in a temporary
    file meanwhile: in a zip, one file after the other is written.

    Raises ExportError for a public dataset, which has no texts.
    """
    if table.dataset.is_public:
        raise ExportError(
            N_(
                "A qdpx project is made of texts, which a public export leaves out. Use csv or xlsx."
            )
        )
    dataset = replace(table.dataset, wording=Wording(LABELS, table.dataset.language))
    with archive(file) as made, tempfile.TemporaryFile() as project:
        _write_project(dataset, made, project)
        project.seek(0)
        with entry(made, PROJECT, is_large=True) as whole:
            shutil.copyfileobj(project, whole)


def _write_project(dataset: Dataset, made: ZipFile, file: IO[bytes]) -> None:
    xml = XmlWriter(file)
    variables = list(_variables(dataset))
    with xml.element("Project", _about(dataset)):
        with xml.element("Users"):
            xml.leaf("User", "", {"guid": USER, "name": ORIGIN})
        with xml.element("CodeBook"):
            write_codes(xml, codes_of(dataset))
        with xml.element("Variables"):
            for variable in variables:
                _write_variable(xml, dataset, variable)
        _write_sources(xml, dataset, made, variables)
        intro = dataset.say(dataset.newest.intro)
        if intro:
            xml.leaf("Description", intro)
    xml.close()


def _about(dataset: Dataset) -> dict[str, str]:
    about = {"xmlns": NAMESPACE, "name": dataset.say(dataset.newest.title), "origin": ORIGIN}
    created = min((each.created_at for each in dataset.workshops if each.created_at), default="")
    about |= {"creatingUserGUID": USER}
    return about | ({"creationDateTime": _moment(created)} if created else {})


def _moment(at: str) -> str:
    """A stored time to the second, which every program reads."""
    return f"{at[:19]}Z"


def _variables(dataset: Dataset) -> Iterator[Variable]:
    """The receipt code is no variable: it is the source's name."""
    for place, column in enumerate(dataset.columns()):
        if column.data_type in TYPES and column.name != "receipt":
            kinds = kinds_of(dataset, column).items()
            missing: dict[Cell, str] = {name: dataset.say(words) for name, words in kinds}
            own = guid(dataset.newest.name, "variable", column.name)
            yield Variable(column, own, place, missing)


def _write_variable(xml: XmlWriter, dataset: Dataset, variable: Variable) -> None:
    name = variable.column.name
    attributes = {"guid": variable.guid, "name": name, "typeOfVariable": variable.type}
    with xml.element("Variable", attributes):
        words = dataset.say(meanings(dataset, variable.column)[""])
        xml.leaf("Description", words or name)


def _write_sources(
    xml: XmlWriter, dataset: Dataset, made: ZipFile, variables: list[Variable]
) -> None:
    """No element where there is no response: programs stumble over empty containers. The folder is
    there all the same, as QualCoder imports nothing without it."""
    maker = SourceMaker(dataset)
    pairs = _with_rows(dataset)
    first = next(pairs, None)
    if first is None:
        folder(made, SOURCES)
        return
    with xml.element("Sources"):
        for response, row in chain([first], pairs):
            source = maker.source_of(response)
            with entry(made, f"{SOURCES}{source.guid}.txt") as text:
                text.write(source.text.encode())
            _write_source(xml, source, _moment(response.received_at), _values(variables, row))


def _with_rows(dataset: Dataset) -> Iterator[tuple[Response, list[Cell]]]:
    """Each response beside its row of the wide shape, both from one reading."""
    responses, again = tee(dataset.responses())
    rows = wide(replace(dataset, responses=lambda: again)).rows()
    return zip(responses, rows, strict=True)


Values = list[tuple[Variable, str]]


def _values(variables: list[Variable], row: list[Cell]) -> Values:
    values = ((variable, variable.value(row)) for variable in variables)
    return [(variable, value) for variable, value in values if value is not None]


def _write_source(xml: XmlWriter, source: Source, at: str, values: Values) -> None:
    attributes = {
        "guid": source.guid,
        "name": source.name,
        "plainTextPath": f"internal://{source.guid}.txt",
        "creatingUser": USER,
        "creationDateTime": at,
    }
    with xml.element("TextSource", attributes):
        for passage in source.passages:
            _write_passage(xml, passage, at)
        for variable, value in values:
            with xml.element("VariableValue"):
                xml.leaf("VariableRef", "", {"targetGUID": variable.guid})
                xml.leaf(f"{variable.type}Value", value)


def _write_passage(xml: XmlWriter, passage: Passage, at: str) -> None:
    attributes = {
        "guid": passage.guid,
        "startPosition": str(passage.start),
        "endPosition": str(passage.end),
        "creatingUser": USER,
        "creationDateTime": at,
    }
    with xml.element("PlainTextSelection", attributes):
        for code in passage.codes:
            coding = guid(passage.guid, code)
            with xml.element(
                "Coding", {"guid": coding, "creatingUser": USER, "creationDateTime": at}
            ):
                xml.leaf("CodeRef", "", {"targetGUID": code})
