"""How much the whole form weighs on the way to a phone; bytes and requests, never seconds."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from survey.questionnaire.loading import load
from survey.questionnaire.model import NOTICE_PLACEHOLDERS
from survey.response import Workshop
from survey.store import Store
from survey.web import FONT_NAME
from tests.conftest import PROJECT

LIMIT = 20_000
SCRIPT_LIMIT = 8_000


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    """No trial, as most are: a trial's mark weighs a little more."""
    questionnaire = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    notice = dict.fromkeys(NOTICE_PLACEHOLDERS, dict.fromkeys(questionnaire.languages, "x"))
    return open_workshop(questionnaire, trial=False, notice=notice)


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_the_38_questions_with_style_and_script_are_one_request_under_the_limit(
    client: FlaskClient, workshop: Workshop, language: str
) -> None:
    address = f"/{workshop.code}/{language}/{'a' * 26}"
    packed = client.get(address, headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    head = sum(len(f"{name}: {value}\r\n") for name, value in packed.headers)
    assert len("HTTP/1.1 200 OK\r\n\r\n") + head + len(packed.data) <= LIMIT
    page = client.get(address).text
    (script,) = re.findall(r"<script type=module>(.*?)</script>", page, re.DOTALL)
    assert len(gzip.compress(script.encode(), 9)) < SCRIPT_LIMIT
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert [each for each in loaded if not each.startswith("data:")] == []
    assert "@import" not in page
    # The Amazigh letters come only where such text is shown and the phone lacks them.
    assert re.findall(r"url\((.*?)\)", page) == [f"/static/fonts/{FONT_NAME}"]


def test_the_kept_page_costs_one_query_a_second_at_most(
    client: FlaskClient, workshop: Workshop, store: Store
) -> None:
    address = f"/{workshop.code}/fr/{'a' * 26}"
    client.get(address)
    store.remembered[workshop.code] = (float("inf"), workshop)
    queries: list[str] = []
    with store.read() as database:
        database.conn.set_trace_callback(queries.append)
    for _ in range(20):
        assert client.get(address).status_code == 200
    assert queries == []


def test_the_amazigh_letters_are_kept_by_browsers_for_good(client: FlaskClient) -> None:
    font = client.get(f"/static/fonts/{FONT_NAME}")
    assert font.status_code == 200 and len(font.data) < 3_200
    assert font.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/fonts/other.woff2").status_code == 404
