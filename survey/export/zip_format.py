"""Everything in one archive: each installed format in the shapes that fit, and a README."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from survey.export import readme
from survey.export.archive import archive, entry
from survey.export.errors import ExportError
from survey.i18n import Sentence
from survey.table import Dataset, Table, Wording
from survey.table.shapes import CODEBOOK, FORM, NEVER_PUBLIC, TABULAR, WIDE

if TYPE_CHECKING:
    from survey.export import Format

NAME = "zip"
README = "README.txt"
PACKED = b"PK"
"""How a file begins that is an archive itself, so that packing it again gains nothing."""

SHAPES_OF = {"csv": TABULAR, "xlsx": (WIDE,), "jsonl": (WIDE,)}
IN_CODES_TOO = ("csv", "xlsx")
ALWAYS_CODES = ("jsonl",)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive."""

    format: Format
    shape: str
    dataset: Dataset


def write(
    table: Table,
    file: IO[bytes],
    formats: Iterable[Format],
    name_of: Callable[[Dataset, str, Format], str],
) -> list[Sentence]:
    """Each part is made on its own, then packed, so that the memory is that of the largest part.
    What a format cannot hold is left out, and the README says why. Returns what formats had to cut."""
    formats = [format for format in formats if format.name != NAME]
    made: dict[str, Part] = {}
    left_out: dict[str, str] = {}
    warnings: list[Sentence] = []
    with archive(file) as packed:
        for part in parts_of(table.dataset, formats):
            name = name_of(part.dataset, part.shape, part.format)
            with tempfile.TemporaryFile() as whole:
                try:
                    cut = part.format.export(part.dataset, part.shape, whole)
                except ExportError as error:
                    left_out[name] = error.sentence.within(table.dataset.language)
                    continue
                made[name] = part
                warnings += [replace(warning, about=name) for warning in cut]
                _pack(packed, name, whole)
        with tempfile.TemporaryFile() as whole:
            files = {name: (part.format.name, part.shape) for name, part in made.items()}
            missing = {each.name: each.how_to_install for each in formats if not each.is_installed}
            whole.write(readme.text_of(table.dataset, files, left_out, missing).encode())
            _pack(packed, README, whole)
    return warnings


def parts_of(dataset: Dataset, formats: Iterable[Format]) -> Iterator[Part]:
    """Each file that the archive should hold. Tables come as codes, and in words if the dataset is
    in a language; formats that hold codes and words at once come once."""
    for format in formats:
        for shape in _shapes(format) if format.is_installed and format.name != NAME else ():
            if not (dataset.is_public and shape in NEVER_PUBLIC):
                for wording in _wordings(format, shape, dataset.wording):
                    yield Part(format, shape, replace(dataset, wording=wording))


def _shapes(format: Format) -> tuple[str, ...]:
    """One shape for what holds all rows in memory; no codebook of what has one in every file."""
    if format.name in SHAPES_OF:
        return SHAPES_OF[format.name]
    if WIDE in format.shapes and not format.is_streaming:
        return (WIDE,)
    if WIDE in format.shapes:
        return tuple(shape for shape in format.shapes if shape not in (CODEBOOK, FORM))
    return format.shapes


def _wordings(format: Format, shape: str, given: Wording) -> list[Wording]:
    if format.name in ALWAYS_CODES:
        return [Wording()]
    if format.name in IN_CODES_TOO and shape != CODEBOOK:
        return list(dict.fromkeys((Wording(), given)))
    return [given]


def _pack(into: ZipFile, name: str, whole: IO[bytes]) -> None:
    whole.seek(0)
    is_packed = whole.read(len(PACKED)) == PACKED
    whole.seek(0)
    with entry(into, name, is_large=True, is_packed=is_packed) as member:
        shutil.copyfileobj(whole, member)
