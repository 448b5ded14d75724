"""A REFI-QDA codebook: the codes alone, for a program in which an analysis is already going on."""

from __future__ import annotations

from typing import IO

from survey.export.qda_codes import ORIGIN, codes_of, write_codes
from survey.export.xml_writer import XmlWriter
from survey.table import Table

NAMESPACE = "urn:QDA-XML:codebook:1.0"


def write(table: Table, file: IO[bytes]) -> None:
    """Codes of the codebook, themes, dimensions and sections, under their names in one language."""
    xml = XmlWriter(file)
    with xml.element("CodeBook", {"xmlns": NAMESPACE, "origin": ORIGIN}):
        write_codes(xml, codes_of(table.dataset))
    xml.close()
