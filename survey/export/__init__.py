"""A table becomes a file: one small module for each format, one line for each in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO

from survey.export import (
    csv_format,
    datapackage_format,
    ddi_format,
    jsonl_format,
    qdc_format,
    qdpx_format,
    xlsx_format,
)
from survey.export.errors import ExportError
from survey.table import SHAPES, Dataset, Table
from survey.table.shapes import WIDE

__all__ = ["FORMATS", "ExportError", "Format", "file_name"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `write` takes the table and a binary file open for writing; `shapes` are those
    that it can hold. One that is not streaming takes more memory for more responses. `module` is the
    library that it needs, which the optional extra brings."""

    name: str
    content_type: str
    write: Callable[[Table, IO[bytes]], None]
    shapes: tuple[str, ...] = tuple(SHAPES)
    extension: str = ""
    is_streaming: bool = True
    module: str = ""
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether the library that it needs is there."""
        return not self.module or find_spec(self.module) is not None

    @property
    def how_to_install(self) -> str:
        """The command that installs what it needs."""
        return f'pip install "tashkhis[{self.extra}]"'

    def export(self, dataset: Dataset, shape: str, file: IO[bytes]) -> None:
        """Writes a dataset in a shape.

        Raises ExportError where the format cannot hold the shape, the library that it needs is not
        there, or the dataset does not fit; ColumnError where questionnaires do not go together.
        """
        if shape not in self.shapes:
            known = ", ".join(self.shapes)
            raise ExportError(f"{self.name} has no shape {shape}. It has: {known}.")
        if not self.is_installed:
            raise ExportError(f"{self.name} needs a library: {self.how_to_install}")
        self.write(SHAPES[shape](dataset), file)


FORMATS = {
    format.name: format
    for format in (
        Format("csv", "text/csv; charset=utf-8", csv_format.write),
        Format("xlsx", xlsx_format.CONTENT_TYPE, xlsx_format.write),
        Format("jsonl", "application/jsonl; charset=utf-8", jsonl_format.write),
        Format(
            "datapackage",
            "application/zip",
            datapackage_format.write,
            shapes=(WIDE,),
            extension="datapackage.zip",
        ),
        Format("ddi", "application/xml", ddi_format.write, shapes=(WIDE,), extension="ddi.xml"),
        Format(
            "qdpx",
            "application/octet-stream",
            qdpx_format.write,
            shapes=(WIDE,),
            is_streaming=False,
        ),
        Format("qdc", "application/octet-stream", qdc_format.write, shapes=(WIDE,)),
    )
}


def file_name(dataset: Dataset, shape: str, format: Format) -> str:
    """The name of a downloaded file, in plain letters."""
    workshops = dataset.workshops
    which = workshops[0].code if len(workshops) == 1 else f"{len(workshops)}-workshops"
    start = f"{dataset.newest.name}-{which}-{shape}-{dataset.wording.name}"
    return f"{start}.{format.extension or format.name}"
