"""DDI-Codebook 2.5: what the study is and what each variable means, for archives and catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from survey.export.ddi_variables import write_variables
from survey.export.ddi_words import in_languages, write_words
from survey.export.xml_writer import XmlWriter
from survey.i18n import N_
from survey.questionnaire.model import Questionnaire, Words
from survey.table import Dataset, Table
from survey.table.columns import interface_words

NAMESPACE = "ddi:codebook:2_5"
VERSION = "2.5"
DATA_FILE = "responses.csv"
"""What a Data Package calls the file that the variables are those of."""

MODE = N_("Participants fill in the questionnaire themselves, on a phone.")
BLANK_CELLS = N_("An empty cell means that the question was asked and left blank.")


@dataclass(slots=True)
class Extent:
    """How many responses there are, and when the first and the last one were received."""

    responses: int = 0
    first: str = ""
    last: str = ""


def write(table: Table, file: IO[bytes]) -> None:
    """The study, the file of data, the variables. Words are repeated in every language."""
    dataset = table.dataset
    extent = _extent(dataset)
    xml = XmlWriter(file)
    about = {"xmlns": NAMESPACE, "version": VERSION, "xml:lang": dataset.language}
    with xml.element("codeBook", about):
        with xml.element("stdyDscr"):
            _citation(xml, dataset)
            _information(xml, dataset, extent)
            _method(xml, dataset)
        with xml.element("fileDscr", {"ID": "F1"}):
            _data_file(xml, dataset, extent, len(table.columns))
        write_variables(xml, dataset, table.columns)
    xml.close()


def _extent(dataset: Dataset) -> Extent:
    extent = Extent()
    for response in dataset.responses():
        extent.responses += 1
        extent.first = min(extent.first or response.received_at, response.received_at)
        extent.last = max(extent.last, response.received_at)
    return extent


def _citation(xml: XmlWriter, dataset: Dataset) -> None:
    controllers = [each.notice.get("controller", {}) for each in dataset.workshops]
    responsible = dict.fromkeys(filter(None, map(dataset.say, controllers)))
    with xml.element("citation"):
        with xml.element("titlStmt"):
            titles = list(in_languages(dataset, dataset.newest.title))
            for place, (tag, title) in enumerate(titles):
                xml.leaf("parTitl" if place else "titl", title, {"xml:lang": tag})
            xml.leaf("IDNo", dataset.newest.name)
        if responsible:
            with xml.element("rspStmt"):
                for name in responsible:
                    xml.leaf("AuthEnty", name)
        with xml.element("prodStmt"):
            xml.leaf("software", "Tashkhis")
        with xml.element("verStmt"):
            for version in dataset.questionnaires:
                xml.leaf("version", version, {"type": "questionnaire"})


def _information(xml: XmlWriter, dataset: Dataset, extent: Extent) -> None:
    with xml.element("stdyInfo"):
        if dataset.newest.themes:
            with xml.element("subject"):
                for theme in dataset.newest.themes:
                    write_words(xml, "keyword", dataset, theme.label)
        write_words(xml, "abstract", dataset, dataset.newest.intro)
        with xml.element("sumDscr"):
            if extent.responses:
                for event, at in (("start", extent.first), ("end", extent.last)):
                    xml.leaf("collDate", at[:10], {"date": at[:10], "event": event})
            for place in _places(dataset.newest):
                write_words(xml, "geogCover", dataset, place)
        if dataset.note:
            xml.leaf("notes", dataset.note, {"xml:lang": dataset.language})


def _places(questionnaire: Questionnaire) -> list[Words]:
    """The widest territories that a participant may speak of."""
    territory = questionnaire.with_role("territory")
    choices = territory.choices if territory is not None else ()
    names = {choice.name for choice in choices}
    return [choice.label for choice in choices if choice.parent not in names]


def _method(xml: XmlWriter, dataset: Dataset) -> None:
    with xml.element("method"), xml.element("dataColl"):
        write_words(xml, "collMode", dataset, interface_words(MODE))
        credits = [credit for each in dataset.questionnaires.values() for credit in each.credits]
        if credits:
            with xml.element("sources"):
                for credit in dict.fromkeys(credits):
                    xml.leaf("dataSrc", credit)
        for workshop in dataset.workshops:
            for tag, title in in_languages(dataset, workshop.title):
                day = workshop.held_on or workshop.created_at[:10]
                place = workshop.place_in(dataset.newest, tag)
                held = ", ".join(filter(None, [workshop.code, day, place]))
                xml.leaf("collSitu", f"{held}: {title}", {"xml:lang": tag})


def _data_file(xml: XmlWriter, dataset: Dataset, extent: Extent, variables: int) -> None:
    with xml.element("fileTxt"):
        xml.leaf("fileName", DATA_FILE)
        with xml.element("dimensns"):
            xml.leaf("caseQnty", str(extent.responses))
            xml.leaf("varQnty", str(variables))
        xml.leaf("fileType", "text/csv", {"charset": "UTF-8"})
        write_words(xml, "dataMsng", dataset, interface_words(BLANK_CELLS))
