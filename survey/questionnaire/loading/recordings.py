"""Recordings that read a question aloud: audio files in the questionnaire's folder."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path, PurePosixPath

import yaml

from survey.questionnaire.loading.reader import Reader
from survey.questionnaire.model import AUDIO_TYPES

MAX_AUDIO_BYTES = 1_000_000


def read_audio(reader: Reader, node: yaml.Node) -> dict[str, str]:
    """Language → name of a recording, made from its content; the reader gathers the bytes."""
    if not isinstance(node, yaml.MappingNode) or not node.value:
        remedy = f"Write {{{reader.languages[0]}: sounds/question.mp3}}"
        reader.report(node, "audio must name a file for a language", remedy)
        return {}
    audio = {}
    for key, value in reader.pairs(node, "audio"):
        language = reader.enum(key, "a language", reader.languages + reader.partial)
        name = _recording(reader, value, f"audio in {key.value[:20]}")
        if language is not None and name is not None:
            audio[language] = name
    return audio


def _recording(reader: Reader, node: yaml.Node, owner: str) -> str | None:
    file = reader.text(node, owner)
    content = _content(reader, node, file) if file is not None else None
    if file is None or content is None:
        return None
    name = sha256(content).hexdigest()[:32] + PurePosixPath(file).suffix
    reader.recordings[name] = content
    return name


def _content(reader: Reader, node: yaml.Node, file: str) -> bytes | None:
    """The recording's bytes; only a file within the questionnaire's own folder is ever opened."""
    shown = file[:60]
    if reader.folder is None:
        remedy = "Save it as a file, or remove `audio`"
        reader.report(node, "a questionnaire without a folder has no recordings", remedy)
    elif not _is_within(reader.folder, file):
        remedy = "Put the file there, and write it like `sounds/question.mp3`"
        reader.report(node, f"`{shown}` is no path into the questionnaire's folder", remedy)
    elif PurePosixPath(file).suffix not in AUDIO_TYPES:
        remedy = f"Save it in a format that ends in {', '.join(AUDIO_TYPES)}"
        reader.report(node, f"`{shown}` does not end like a recording", remedy)
    else:
        return _read(reader, node, reader.folder / file, shown)
    return None


def _is_within(folder: Path, file: str) -> bool:
    """Whether a path only leads downwards, also where it follows links."""
    if "\\" in file or not {"", ".", ".."}.isdisjoint(file.split("/")):
        return False
    try:
        real = Path(os.path.realpath(folder / file))
    except ValueError:  # no file can bear such a name
        return False
    return real.is_relative_to(os.path.realpath(folder))


def _read(reader: Reader, node: yaml.Node, path: Path, shown: str) -> bytes | None:
    try:
        with path.open("rb") as opened:
            content = opened.read(MAX_AUDIO_BYTES + 1)
    except OSError as error:
        remedy = "Put the file there, or correct its name"
        reader.report(node, f"{shown} cannot be read: {error.strerror}", remedy)
        return None
    if not content:
        reader.report(node, f"{shown} is empty", "Record it again")
    elif len(content) > MAX_AUDIO_BYTES:
        remedy = "Shorten it, or save it with fewer bits per second"
        reader.report(node, f"{shown} is larger than {MAX_AUDIO_BYTES:,} bytes", remedy)
    else:
        return content
    return None
