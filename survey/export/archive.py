"""Zip files whose bytes depend on nothing but what is in them, for formats of several files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE = 0o100644 << 16
FOLDER = 0o40755 << 16 | 0x10
"""Readable by everybody; the last bit says the same to Windows."""


@contextmanager
def archive(file: IO[bytes]) -> Iterator[ZipFile]:
    """An archive to put entries into, one after the other."""
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        yield made


def entry(
    into: ZipFile, name: str, *, is_large: bool = False, is_packed: bool = False
) -> IO[bytes]:
    """A file in the archive, open for writing. One that is large may pass 2 GiB; one that is packed
    already is not packed again."""
    info = ZipInfo(name, FIXED_TIME)
    info.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
    info.create_system = UNIX
    info.external_attr = READABLE
    return into.open(info, "w", force_zip64=is_large)


def folder(into: ZipFile, name: str) -> None:
    """A folder that is there even if nothing is in it; its name ends with a slash."""
    info = ZipInfo(name, FIXED_TIME)
    info.create_system = UNIX
    info.external_attr = FOLDER
    into.writestr(info, b"")
