"""Recordings on their way to a phone: the address in the page, whole files, parts, and the cache."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient

from survey.questionnaire.loading import load_text
from survey.questionnaire.model import AUDIO_TYPES, Questionnaire
from survey.response import CLOSED, Workshop
from survey.store import Store, workshops
from tests.conftest import questionnaire_text, quoteless

ID = "a" * 26
SOUND = bytes(range(256)) * 4
QUESTIONS = """
- {type: note, name: hello, label: {fr: Bonjour, ar: مرحبا}, audio: {fr: x.mp3}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}, audio: {zgh: x.mp3}}
- {type: select_one, name: pick, choices: [{name: a, label: {fr: A, ar: ا}}], label: {fr: C, ar: ا}}
"""


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    (tmp_path / "x.mp3").write_bytes(SOUND)
    text = questionnaire_text(QUESTIONS, "partial: [zgh]\nfallback: fr\n")
    return load_text(text.encode(), "tiny.yaml", tmp_path)


@pytest.fixture
def workshop(questionnaire: Questionnaire, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire)


@pytest.fixture
def address(workshop: Workshop, questionnaire: Questionnaire) -> str:
    [name] = questionnaire.recordings
    return f"/static/audio/{name}"


def boxes(page: str) -> dict[str, str]:
    """Each question's opening tag."""
    return {
        found[1]: found[0]
        for found in re.finditer(r"<\w+ class=q id=q-(\w+)[^>]*>", quoteless(page))
    }


@pytest.mark.parametrize(
    ("language", "heard"), [("fr", {"hello"}), ("ar", set()), ("zgh", {"idea"})]
)
def test_a_question_names_its_recording_in_the_page_s_own_language_only(
    client: FlaskClient, workshop: Workshop, address: str, language: str, heard: set[str]
) -> None:
    found = boxes(client.get(f"/{workshop.code}/{language}/{ID}").text)
    assert found.keys() == {"hello", "idea", "pick"}
    assert {name for name, tag in found.items() if f" data-audio={address}" in tag} == heard
    assert {name for name, tag in found.items() if "data-audio" in tag} == heard


def test_the_page_with_what_was_typed_names_it_too(
    client: FlaskClient, workshop: Workshop, address: str
) -> None:
    page = client.post(f"/{workshop.code}/fr/{ID}", data={"pick": "wrong", "_end": "1"})
    assert page.status_code == 422
    assert f" data-audio={address}" in boxes(page.text)["hello"]


def test_the_page_may_play_what_this_app_serves_and_nothing_else(
    client: FlaskClient, workshop: Workshop
) -> None:
    policy = client.get(f"/{workshop.code}/fr/{ID}").headers["Content-Security-Policy"]
    assert "media-src 'self';" in policy


def test_a_recording_is_served_whole_to_anybody_and_kept_for_a_year(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.data) == (200, SOUND)
    headers = response.headers
    assert headers["Content-Type"] == "audio/mpeg"
    assert headers["Content-Length"] == str(len(SOUND))
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers and "Content-Encoding" not in headers


def test_it_stays_when_the_workshop_has_closed(
    client: FlaskClient, store: Store, workshop: Workshop, address: str
) -> None:
    workshops.set_state(store, workshop.code, CLOSED)
    assert client.get(address).data == SOUND


@pytest.mark.parametrize(("ending", "content_type"), AUDIO_TYPES.items())
def test_every_format_has_its_content_type(
    client: FlaskClient,
    open_workshop: Callable[..., Workshop],
    tmp_path: Path,
    ending: str,
    content_type: str,
) -> None:
    (tmp_path / f"y{ending}").write_bytes(SOUND)
    text = questionnaire_text(QUESTIONS.replace("x.mp3", f"y{ending}").replace("zgh:", "ar:"))
    questionnaire = load_text(text.encode(), "tiny.yaml", tmp_path)
    open_workshop(questionnaire)
    [name] = questionnaire.recordings
    assert client.get(f"/static/audio/{name}").headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, 1023),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-5000", 1000, 1023),
        ("bytes=-24", 1000, 1023),
    ],
)
def test_a_part_is_served_to_who_asks_for_it(
    client: FlaskClient, address: str, asked: str, first: int, last: int
) -> None:
    response = client.get(address, headers={"Range": asked})
    assert (response.status_code, response.data) == (206, SOUND[first : last + 1])
    headers = response.headers
    assert headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert headers["Content-Length"] == str(last + 1 - first)
    assert headers["Content-Type"] == "audio/mpeg"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9-1", "bytes=x", "bytes=", "pages=1-2"])
def test_a_part_that_is_not_there_is_refused_with_the_length(
    client: FlaskClient, address: str, asked: str
) -> None:
    response = client.get(address, headers={"Range": asked})
    assert (response.status_code, response.data) == (416, b"")
    assert response.headers["Content-Range"] == "bytes */1024"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_part_of_another_recording_is_not_mixed_in(client: FlaskClient, address: str) -> None:
    tag = client.get(address).headers["ETag"]
    for sent, status in ((tag, 206), ('"other"', 200)):
        response = client.get(address, headers={"Range": "bytes=0-1", "If-Range": sent})
        assert response.status_code == status


def test_a_phone_that_has_it_gets_304(client: FlaskClient, address: str) -> None:
    tag = client.get(address).headers["ETag"]
    response = client.get(address, headers={"If-None-Match": tag})
    assert (response.status_code, response.data) == (304, b"")
    assert "immutable" in response.headers["Cache-Control"]


def test_its_headers_can_be_asked_for_alone(client: FlaskClient, address: str) -> None:
    response = client.head(address)
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Content-Length"] == "1024"


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(
    "name", [f"{'0' * 32}.mp3", "x", "x.exe", "%00", "%ff.mp3", "..%2f..%2fsurvey.sqlite3", ""]
)
def test_an_unknown_recording_has_the_usual_page(
    client: FlaskClient, address: str, name: str, language: str
) -> None:
    response = client.get(f"/static/audio/{name}", headers={"Accept-Language": language})
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_the_real_server_serves_parts_too(server: str, address: str) -> None:
    with urlopen(Request(server + address, headers={"Range": "bytes=2-3"})) as response:
        assert (response.status, response.read()) == (206, SOUND[2:4])
        assert response.headers["Content-Length"] == "2"
