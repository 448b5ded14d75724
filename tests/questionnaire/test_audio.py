"""Recordings that read a question aloud: which files are read, and how each mistake is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from survey.cli import main
from survey.questionnaire.document import from_document, to_document, version_of
from survey.questionnaire.loading import load, load_text, nodes
from survey.questionnaire.loading.keys import TYPES
from survey.questionnaire.model import AUDIO_TYPES, Questionnaire
from tests.conftest import questionnaire_of, questionnaire_text
from tests.questionnaire.test_json_schema import accepts, written
from tests.questionnaire.test_loading import CHOICE_LISTS, WORDS, minimal, question, refused

FRENCH, ARABIC = b"un son", b"another sound"

Read = Callable[..., Questionnaire]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A questionnaire's folder with recordings in it, and one beside it."""
    folder = tmp_path / "folder"
    (folder / "sounds" / "deep").mkdir(parents=True)
    for place in (tmp_path, folder, folder / "sounds", folder / "sounds" / "deep"):
        (place / "fr.mp3").write_bytes(FRENCH)
    (folder / "sounds" / "ar.ogg").write_bytes(ARABIC)
    return folder


@pytest.fixture
def read(folder: Path) -> Read:
    """Loads a questionnaire with one question that has these recordings."""

    def read(audio: str, type: str = "text", top: str = "") -> Questionnaire:
        questions = question(f"{minimal(type)}, audio: {audio}")
        text = questionnaire_text(questions, CHOICE_LISTS + top)
        return load_text(text.encode(), "tiny.yaml", folder)

    return read


def stored(content: bytes, ending: str) -> str:
    return sha256(content).hexdigest()[:32] + ending


# What a right one loads as


def test_a_recording_is_named_after_its_content(read: Read) -> None:
    loaded = read("{fr: fr.mp3, ar: sounds/ar.ogg}")
    french, arabic = stored(FRENCH, ".mp3"), stored(ARABIC, ".ogg")
    assert loaded.question("a").audio == {"fr": french, "ar": arabic}
    assert loaded.recordings == {french: FRENCH, arabic: ARABIC}


@pytest.mark.parametrize("type", TYPES)
def test_a_question_of_any_type_can_be_read_aloud(read: Read, type: str) -> None:
    assert read("{ar: sounds/ar.ogg}", type).question("a").audio.keys() == {"ar"}
    assert accepts(written(question(f"{minimal(type)}, audio: {{ar: sounds/ar.ogg}}")))


def test_a_language_may_have_no_recording(read: Read) -> None:
    assert read("{fr: fr.mp3}").question("a").audio.keys() == {"fr"}


def test_a_partial_language_may_have_a_recording_of_what_it_does_not_write(read: Read) -> None:
    top = "partial: [zgh]\nfallback: fr\n"
    assert read("{zgh: fr.mp3}", top=top).question("a").audio.keys() == {"zgh"}


@pytest.mark.parametrize("ending", AUDIO_TYPES)
def test_a_recording_keeps_its_ending(read: Read, folder: Path, ending: str) -> None:
    (folder / f"x{ending}").write_bytes(FRENCH)
    assert read(f"{{fr: x{ending}}}").question("a").audio == {"fr": stored(FRENCH, ending)}


def test_recordings_with_the_same_content_are_one(read: Read) -> None:
    loaded = read("{fr: fr.mp3, ar: sounds/deep/fr.mp3}")
    assert loaded.recordings == {stored(FRENCH, ".mp3"): FRENCH}


def test_a_recording_has_at_most_a_million_bytes(read: Read, folder: Path) -> None:
    (folder / "long.wav").write_bytes(b"x" * 1_000_000)
    assert [*map(len, read("{fr: long.wav}").recordings.values())] == [1_000_000]


def test_a_question_without_recordings_has_none() -> None:
    loaded = questionnaire_of(question("type: text, name: a"))
    assert (loaded.question("a").audio, loaded.recordings) == ({}, {})
    assert "audio" not in to_document(loaded)


# The version


def test_another_content_is_another_version(read: Read, folder: Path) -> None:
    before = version_of(read("{fr: fr.mp3}"))
    (folder / "fr.mp3").write_bytes(FRENCH + b".")
    assert version_of(read("{fr: fr.mp3}")) != before


def test_another_file_with_the_same_content_is_the_same_version(read: Read) -> None:
    assert version_of(read("{fr: fr.mp3}")) == version_of(read("{fr: sounds/fr.mp3}"))


def test_another_language_or_no_recording_is_another_version(read: Read) -> None:
    without = questionnaire_of(question("type: text, name: a"), CHOICE_LISTS)
    versions = {version_of(each) for each in (read("{fr: fr.mp3}"), read("{ar: fr.mp3}"), without)}
    assert len(versions) == 3


def test_the_document_holds_the_names_of_recordings_and_not_their_bytes(read: Read) -> None:
    loaded = read("{fr: fr.mp3}")
    document = json.loads(to_document(loaded))
    assert "recordings" not in document
    assert document["sections"][0]["questions"][0]["audio"] == {"fr": stored(FRENCH, ".mp3")}
    again = from_document(to_document(loaded))
    assert again == loaded == replace(loaded, recordings={})
    assert (again.question("a").audio, again.recordings) == (loaded.question("a").audio, {})


# What can be wrong


@pytest.mark.parametrize("audio", ["fr.mp3", "{}", "[fr.mp3]", "''"])
def test_a_recording_is_for_a_language(folder: Path, audio: str) -> None:
    assert refused(question(f"type: text, name: a, audio: »{audio}"), folder=folder) == [
        "audio must name a file for a language. Write {fr: sounds/question.mp3}."
    ]


@pytest.mark.parametrize("language", ["en", "zgh", "xx", "FR"])
def test_a_recording_is_in_a_declared_language(folder: Path, language: str) -> None:
    text = question(f"type: text, name: a, audio: {{fr: fr.mp3, »{language}: fr.mp3}}")
    [problem] = refused(text, folder=folder)
    assert problem.startswith(f"a language cannot be `{language}`. ")


def test_a_language_has_one_recording(folder: Path) -> None:
    text = question("type: text, name: a, audio: {fr: fr.mp3, »fr: sounds/fr.mp3}")
    assert refused(text, folder=folder) == ["the key `fr` is given twice. Keep one of them."]


@pytest.mark.parametrize(
    "file",
    [
        "/etc/fr.mp3",
        "../fr.mp3",
        "sounds/../../fr.mp3",
        "sounds/../fr.mp3",
        "./fr.mp3",
        "sounds//fr.mp3",
        "'sounds/'",
        "..",
        "'..\\fr.mp3'",
        "'sounds\\fr.mp3'",
        "'C:\\fr.mp3'",
        "https://example.org/fr.mp3",
        "file:///etc/fr.mp3",
    ],
)
def test_only_a_file_in_the_questionnaire_s_folder_is_opened(folder: Path, file: str) -> None:
    text = question(f"type: text, name: a, audio: {{fr: »{file}}}")
    assert refused(text, folder=folder) == [
        f"`{file.strip(chr(39))}` is no path into the questionnaire's folder. "
        "Put the file there, and write it like `sounds/question.mp3`."
    ]


@pytest.mark.parametrize(
    ("link", "target", "file", "what"),
    [
        ("link.mp3", "../fr.mp3", "link.mp3", "is no path into the questionnaire's folder"),
        ("link", "..", "link/fr.mp3", "is no path into the questionnaire's folder"),
        ("link.mp3", "link.mp3", "link.mp3", "cannot be read"),
    ],
)
def test_a_link_leads_to_no_file_elsewhere(
    folder: Path, link: str, target: str, file: str, what: str
) -> None:
    (folder / link).symlink_to(target)
    [problem] = refused(question(f"type: text, name: a, audio: {{fr: »{file}}}"), folder=folder)
    assert what in problem


def test_a_link_within_the_folder_is_followed(read: Read, folder: Path) -> None:
    (folder / "link.ogg").symlink_to("sounds/ar.ogg")
    assert read("{fr: link.ogg}").question("a").audio == {"fr": stored(ARABIC, ".ogg")}


@pytest.mark.parametrize(
    "file", ["fr.flac", "fr.MP3", "fr", ".mp3", "fr.mp3.txt", "tiny.yaml", "sounds"]
)
def test_a_recording_ends_like_one(folder: Path, file: str) -> None:
    assert refused(question(f"type: text, name: a, audio: {{fr: »{file}}}"), folder=folder) == [
        f"`{file}` does not end like a recording. "
        "Save it in a format that ends in .mp3, .m4a, .ogg, .opus, .webm, .wav."
    ]


@pytest.mark.parametrize("file", ["none.mp3", "none/fr.mp3", "x" * 300 + ".mp3", "folder.mp3"])
def test_a_recording_that_cannot_be_read_is_reported(folder: Path, file: str) -> None:
    (folder / "folder.mp3").mkdir()
    [problem] = refused(question(f"type: text, name: a, audio: {{fr: »{file}}}"), folder=folder)
    assert problem.startswith(f"{file[:60]} cannot be read: ")
    assert problem.endswith(". Put the file there, or correct its name.")


def test_a_recording_is_not_too_large(folder: Path) -> None:
    (folder / "long.wav").write_bytes(b"x" * 1_000_001)
    assert refused(question("type: text, name: a, audio: {fr: »long.wav}"), folder=folder) == [
        "long.wav is larger than 1,000,000 bytes. "
        "Shorten it, or save it with fewer bits per second."
    ]


def test_a_recording_is_not_empty(folder: Path) -> None:
    (folder / "nothing.wav").touch()
    assert refused(question("type: text, name: a, audio: {fr: »nothing.wav}"), folder=folder) == [
        "nothing.wav is empty. Record it again."
    ]


@pytest.mark.parametrize("file", ["''", "' '", "[fr.mp3]", "{file: fr.mp3}", '"a\\0.mp3"'])
def test_the_name_of_a_file_is_a_text(folder: Path, file: str) -> None:
    [problem] = refused(question(f"type: text, name: a, audio: {{fr: »{file}}}"), folder=folder)
    assert problem.startswith("audio in fr ")


def test_a_name_that_no_file_can_bear_is_reported_whatever_reads_the_yaml(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "Loader", yaml.BaseLoader)
    [problem] = refused(question('type: text, name: a, audio: {fr: »"\\ud800.mp3"}'), folder=folder)
    assert "is no path into the questionnaire's folder" in problem


def test_a_questionnaire_without_a_folder_has_no_recordings() -> None:
    assert refused(question("type: text, name: a, audio: {fr: »fr.mp3}")) == [
        "a questionnaire without a folder has no recordings. Save it as a file, or remove `audio`."
    ]


def test_every_wrong_recording_is_reported_at_once(folder: Path) -> None:
    questions = question("type: text, name: a, audio: {fr: »none.mp3, »en: fr.mp3, ar: »../x}")
    questions += question("type: note, name: b, audio: {ar: »fr.flac}")
    assert len(refused(questions, folder=folder)) == 4


@pytest.mark.parametrize("audio", ["fr.mp3", "{}", "{xx: fr.mp3}", "{fr: fr.flac}", "{fr: [x]}"])
def test_editors_mark_what_can_be_seen_to_be_wrong(audio: str) -> None:
    assert not accepts(written(question(f"type: text, name: a, audio: {audio}")))


# From the command line


def test_survey_check_reads_recordings_beside_the_file(folder: Path) -> None:
    text = questionnaire_text(
        f"""
- {{type: note, name: a, label: {WORDS}, audio: {{fr: none.mp3}}}}
- {{type: text, name: b, label: {WORDS}, audio: {{fr: fr.mp3, ar: sounds/ar.ogg}}}}
""",
        "partial: [zgh]\nfallback: fr\n",
    )
    path = folder / "spoken.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert result.output == (
        f"{path}:11:67: none.mp3 cannot be read: No such file or directory. "
        "Put the file there, or correct its name.\n"
    )
    path.write_text(text.replace("none.mp3", "fr.mp3"), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 0
    assert result.output == f"{path}: right; 1 questions in fr, ar, zgh 0 of 5 texts\n"
    assert len(load(path).recordings) == 2
