"""The page's script and the server see the same in whatever is typed, so that both show and ask the
same questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from werkzeug.datastructures import MultiDict

from survey.form import QuestionnaireForm
from survey.participant.bundles import FORM_SCRIPT, HERE
from survey.response import Workshop
from survey.web import ANSWERING_SCRIPTS
from tests.all_types import ALL_TYPES, NAMES

ROWS = ("one", "two")
NUMERALS = st.sampled_from(
    [
        "12",
        "٣",
        "۱۲",
        "1 000",
        "1\u202f000",
        "٣٫٥",
        "1,5",
        "1.5",
        "-3",
        "+4",
        "1e3",
        "0012",
        "x",
        " 7 ",
    ]
)
TEXTS = st.text(max_size=8) | NUMERALS | st.sampled_from(["\u200f12", "a\r\nb", "\x00", "\ufeff"])


def one(name: str, values: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.sampled_from(values).map(lambda value: [(name, value)]) | st.just([])


def several(name: str, values: list[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.sets(st.sampled_from(values)).map(lambda chosen: [(name, each) for each in chosen])


def typed(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return values.map(lambda value: [(name, value)]) | st.just([])


FIELDS = st.tuples(
    typed("why", TEXTS),
    one("why__missing", ["dk"]),
    typed("members", NUMERALS | TEXTS),
    one("members__missing", ["dk", "na"]),
    typed("area", NUMERALS | TEXTS),
    typed("day", st.dates(date(1000, 1, 1)).map(str)),
    one("actor", [*NAMES, "other", "dk"]),
    typed("actor__other", TEXTS),
    several("funds", [*NAMES, "other"]) | one("funds", ["na"]),
    typed("funds__other", TEXTS),
    *(one(f"chain__{name}", ["1", "2", "3"]) for name in NAMES),
    one("chain__missing", ["dk"]),
    *(one(f"asset__{row}", ["1", "2", "dk"]) for row in ROWS),
    *(typed(f"points__{name}", NUMERALS) for name in NAMES),
    *(one(f"views__{row}", ["agree", "disagree", "pass"]) for row in ROWS),
    typed("ideas__1", TEXTS),
).map(lambda parts: [pair for part in parts for pair in part])


@pytest.fixture
def form_page(
    page: Page, client: FlaskClient, open_workshop: Callable[..., Workshop]
) -> Iterator[Page]:
    """The form with the very files of its script, not shortened, so that a test can call them."""
    workshop = open_workshop(ALL_TYPES)
    path = f"/{workshop.code}/fr/{'a' * 26}"
    html = client.get(path).text
    paths = [*ANSWERING_SCRIPTS, *(HERE / "static" / name for name in FORM_SCRIPT)]
    script = "".join(path.read_text(encoding="utf-8") for path in paths)
    html = re.sub("<script.*?</script>", lambda _: f"<script>{script}</script>", html, flags=re.S)
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"http://workshop.test{path}")
    yield page


@settings(max_examples=1000)
@given(fields=FIELDS)
def test_page_and_server_see_the_same_in_what_is_typed(
    form_page: Page, fields: list[tuple[str, str]]
) -> None:
    seen: dict[str, Any] = form_page.evaluate(
        """fields => {
            fill(fields);
            update();
            return { values: refresh(), body: new URLSearchParams(new FormData(form)).toString() };
        }""",
        fields,
    )
    server = QuestionnaireForm(ALL_TYPES, "fr", today=date(2026, 3, 22))
    server.process(MultiDict(parse_qsl(seen["body"], keep_blank_values=True)))
    server.validate()
    wrong = {field.name for field in server if field.errors}
    assert told(seen["values"], wrong) == told(server.values, wrong)


def told(values: dict[str, Any], wrong: set[str]) -> dict[str, Any]:
    """What is said of the questions that were answered right."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value is not None and name.split("__")[0] not in wrong
    }
