"""A table becomes a file: one small module for each format, one line for each in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO

from survey.export import (
    csv_format,
    datapackage_format,
    ddi_format,
    dta_format,
    html_format,
    jsonl_format,
    parquet_format,
    qdc_format,
    qdpx_format,
    r_format,
    sav_format,
    xlsx_format,
    zip_format,
)
from survey.export.errors import ExportError
from survey.export.file_names import name_of
from survey.export.purposes import FORMAT_PURPOSES
from survey.i18n import N_, Sentence
from survey.table import SHAPES, Dataset, Table
from survey.table.shapes import CODEBOOK, FORM, NEVER_PUBLIC, TABULAR, WIDE, WITH_RESPONSES

__all__ = ["FORMATS", "ExportError", "Format", "file_name"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. `write` takes the table and a binary file open for writing, and may return what
    to warn of; `append` adds more rows to what it wrote, if that is possible; `shapes` are those that
    it can hold. One that is not streaming takes more memory for more responses. `module` names the libraries that it needs, which the optional extra brings."""

    name: str
    content_type: str
    write: Callable[[Table, IO[bytes]], Sequence[Sentence] | None]
    shapes: tuple[str, ...] = TABULAR
    append: Callable[[Table, IO[bytes]], None] | None = None
    extension: str = ""
    is_streaming: bool = True
    module: str = ""
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether the libraries that it needs are there."""
        return all(find_spec(module) is not None for module in self.module.split())

    @property
    def purpose(self) -> str:
        """What it is for, as a message to be translated."""
        return FORMAT_PURPOSES[self.name]

    def reads(self, dataset: Dataset, shape: str) -> int:
        """How often it reads all responses, as a measure of the work."""
        if self.name == zip_format.NAME:
            parts = zip_format.parts_of(dataset, FORMATS.values())
            shapes = [part.shape for part in parts]
        else:
            shapes = [shape]
        return sum(each in WITH_RESPONSES for each in shapes) + dataset.is_public

    @property
    def how_to_install(self) -> str:
        """The command that installs what it needs."""
        return f'pip install "tashkhis[{self.extra}]"'

    def export(self, dataset: Dataset, shape: str, file: IO[bytes]) -> tuple[Sentence, ...]:
        """Writes a dataset in a shape; returns warnings of what the format could not hold whole.

        Raises ExportError where the format cannot hold the shape, the library that it needs is not
        there, or the dataset does not fit; ColumnError where questionnaires do not go together.
        """
        if shape not in self.shapes:
            known = ", ".join(self.shapes)
            raise ExportError(
                N_("%(format)s has no shape %(shape)s. It has: %(shapes)s."),
                format=self.name,
                shape=shape,
                shapes=known,
            )
        if not self.is_installed:
            raise ExportError(
                N_("%(format)s needs a library: %(command)s"),
                format=self.name,
                command=self.how_to_install,
            )
        if dataset.is_public and shape in NEVER_PUBLIC:
            raise ExportError(
                N_("The shape %(shape)s has nothing to publish. Export it without public."),
                shape=shape,
            )
        return tuple(self.write(SHAPES[shape](dataset), file) or ())


def _everything(table: Table, file: IO[bytes]) -> list[Sentence]:
    return zip_format.write(table, file, FORMATS.values(), file_name)


STATISTICS = "pyreadstat pandas"

FORMATS = {
    format.name: format
    for format in (
        Format("csv", "text/csv; charset=utf-8", csv_format.write, append=csv_format.append),
        Format("xlsx", xlsx_format.CONTENT_TYPE, xlsx_format.write),
        Format(
            "jsonl",
            "application/jsonl; charset=utf-8",
            jsonl_format.write,
            append=jsonl_format.write,
        ),
        Format(
            "parquet",
            "application/vnd.apache.parquet",
            parquet_format.write,
            module="pyarrow",
            extra="parquet",
        ),
        Format(
            "sav",
            "application/x-spss-sav",
            sav_format.write,
            is_streaming=False,
            module=STATISTICS,
            extra="spss",
        ),
        Format(
            "dta",
            "application/x-stata-dta",
            dta_format.write,
            is_streaming=False,
            module=STATISTICS,
            extra="spss",
        ),
        Format("r", "text/plain; charset=utf-8", r_format.write, r_format.SHAPES, extension="R"),
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
        Format("html", "text/html; charset=utf-8", html_format.write, shapes=(CODEBOOK, FORM)),
        Format(
            zip_format.NAME,
            "application/zip",
            _everything,
            shapes=(WIDE,),
            is_streaming=False,
        ),
    )
}


def file_name(dataset: Dataset, shape: str, format: Format) -> str:
    """The name of a downloaded file, in plain letters."""
    return name_of(dataset, shape, format.extension or format.name)
