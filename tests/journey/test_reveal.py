"""Revealing results in a real browser: on the projector by keys, from the desk, without leaving the
page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.hall import made_up
from survey.facilitator.views import COOKIE
from survey.questionnaire.loading import load
from survey.response import Sending, Workshop, new_id
from survey.store import Store, facilitators, responses
from tests.conftest import PROJECT

SOUSS_MASSA = load(PROJECT / "questionnaires" / "souss-massa.yaml")


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    """Fifty people have answered."""
    workshop, chance = open_workshop(SOUSS_MASSA), Random(1)
    for _ in range(50):
        responses.add(store, workshop.code, Sending(new_id(), made_up(SOUSS_MASSA, chance), "ar"))
    return workshop


@pytest.fixture
def page(browser: Browser, server: str, store: Store) -> Iterator[Page]:
    """A laptop on a projector, signed in."""
    facilitators.add(store, "samira")
    token = facilitators.begin_session(store, "samira")
    with browser.new_context(viewport={"width": 1920, "height": 1080}) as context:
        context.add_cookies(
            [{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/desk"}]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> None:
    whole = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(whole) == [1920, 1080]


@pytest.mark.parametrize(
    ("language", "onwards", "back"),
    [("ar", "ArrowLeft", "ArrowRight"), ("fr", "ArrowRight", "ArrowLeft")],
)
def test_a_result_is_revealed_by_keys_without_leaving_the_page(
    page: Page,
    server: str,
    workshop: Workshop,
    faults: list[str],
    language: str,
    onwards: str,
    back: str,
) -> None:
    page.goto(f"{server}/desk/{language}/workshops/{workshop.code}/results")
    page.evaluate("window.isTheSame = true")
    heading = page.locator("h1")
    first = heading.inner_text()
    expect(page.locator("table")).to_have_count(0)
    page.keyboard.press(onwards)
    expect(heading).not_to_have_text(first)
    page.keyboard.press(onwards)
    expect(heading).to_have_text(SOUSS_MASSA.question("p3").label[language])
    check(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".chart tbody tr")).to_have_count(6)
    expect(page.locator("#told")).not_to_be_empty()
    check(page)
    fits(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".split")).to_be_visible()
    check(page)
    fits(page)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".split")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(page.locator("table")).to_have_count(0)
    page.keyboard.press(back)
    expect(heading).not_to_have_text(SOUSS_MASSA.question("p3").label[language])
    assert page.evaluate("window.isTheSame")
    assert faults == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_charts_of_every_kind_fit_and_are_accessible(
    page: Page, server: str, workshop: Workshop, language: str
) -> None:
    screen = f"{server}/desk/{language}/workshops/{workshop.code}/results"
    for name in ("p6", "p7", "o1", "o2", "o3", "o5", "z1"):
        page.request.post(
            screen.replace("/results", "/reveal"), form={"act": "reveal", "question": name}
        )
        page.goto(screen)
        expect(page.locator(".about")).to_be_visible()
        page.evaluate("document.fonts.ready")
        fits(page)
        check(page)
        if page.locator("main .controls .main").count():
            page.keyboard.press("ArrowDown")
            expect(page.locator(".split")).to_be_visible()
            fits(page)
            check(page)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_desk_reveals_and_the_projector_follows(
    page: Page, server: str, workshop: Workshop, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    address = f"{server}/desk/{language}/workshops/{workshop.code}"
    page.goto(f"{address}/reveal")
    with page.expect_popup() as opened:
        page.locator("main .button").click()
    projector = opened.value
    expect(projector.locator(".hidden-yet")).to_be_visible()
    page.locator("#q-p3 button").first.click()
    expect(page.locator("#q-p3[aria-current]")).to_be_visible()
    check(page)
    expect(projector.locator(".chart tbody tr")).to_have_count(6, timeout=40_000)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_live_page_counts_on_by_itself(
    page: Page, server: str, store: Store, workshop: Workshop, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server}/desk/{language}/workshops/{workshop.code}/live")
    expect(page.locator(".total strong")).to_have_text("50")
    check(page)
    responses.add(store, workshop.code, Sending("a" * 26, {"p1": "coop"}, "ar"))
    expect(page.locator(".total strong")).to_have_text("51")
    for width in (820, 1280):
        page.set_viewport_size({"width": width, "height": 1180})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
