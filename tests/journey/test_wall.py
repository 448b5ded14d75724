"""The join page and the posters in a real browser, as wide as a projector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey.questionnaire.loading import load
from survey.response import Sending, Workshop
from survey.store import Store, facilitators, halls, questionnaires, responses
from survey.store.halls import Hall
from tests.conftest import PROJECT

PASSWORD = "argan saffron honey"


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A laptop on a projector, beside the phones of the other journeys."""
    with browser.new_context(viewport={"width": 1920, "height": 1080}) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


@pytest.fixture
def wall(page: Page, server: str, store: Store, workshop: Workshop) -> str:
    """The address of the workshop's pages in Arabic, for a browser that has signed in."""
    facilitators.add(store, "samira")
    page.goto(f"{server}/desk/ar/link/{facilitators.make_link(store, 'samira')}")
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill(PASSWORD)
    page.locator("main button").click()
    expect(page.locator("table")).to_be_visible()
    expected = {"cooperative": 4, "finance": 2}
    halls.keep(store, workshop.code, Hall("Salle", "argan2026", expected))
    return f"{server}/desk/ar/workshops/{workshop.code}"


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_response_arrives_and_the_number_changes_by_itself(
    page: Page, wall: str, store: Store, workshop: Workshop, faults: list[str]
) -> None:
    page.goto(f"{wall}/join")
    page.evaluate("window.isTheSame = true")
    expect(page.locator(".total strong")).to_have_text("0")
    responses.add(store, workshop.code, Sending("a" * 26, {"p1": "coop"}, "ar"))
    expect(page.locator(".total strong")).to_have_text("1")
    expect(page.locator(".w25")).to_be_visible()
    expect(page.locator("#told")).to_have_text("جواب واحد")
    expect(page.locator(".missed")).to_have_count(1)
    assert page.evaluate("window.isTheSame")
    assert faults == []


def test_numbers_that_may_be_old_say_so_until_the_server_is_back(page: Page, wall: str) -> None:
    page.goto(f"{wall}/join")
    page.route("**/join/now", lambda route: route.abort())
    expect(page.locator("#stale")).to_be_visible(timeout=20_000)
    expect(page.locator("#since")).not_to_be_empty()
    page.unroute("**/join/now")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#stale")).to_be_hidden()


LONG = {
    "fr": "Diagnostic participatif de l’économie sociale et solidaire dans la province de Tiznit",
    "ar": "التشخيص التشاركي للاقتصاد الاجتماعي والتضامني بإقليم تيزنيت وبكل جماعاته الترابية",
    "en": "Participatory diagnosis of the social and solidarity economy in the province of Tiznit",
}


@pytest.mark.parametrize("options", [{}, {"title": LONG, "table_mode": True}], ids=["", "table"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_wall_is_accessible_and_fits_on_it(
    page: Page,
    wall: str,
    store: Store,
    workshop: Workshop,
    open_workshop: Callable[..., Workshop],
    language: str,
    size: tuple[int, int],
    options: dict[str, Any],
) -> None:
    if options:
        other = open_workshop(questionnaires.get(store, workshop.version), **options)
        halls.keep(store, other.code, halls.get(store, workshop.code))
        for letter, actor in zip("cdef", ("coop", "assoc", "bank", "inst"), strict=True):
            sending = Sending(letter * 26, {"p1": actor}, "fr", people=12)
            responses.add(store, other.code, sending)
        wall = wall.replace(workshop.code, other.code)
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{wall.replace('/ar/', f'/{language}/')}/join")
    expect(page.locator(".qr svg")).to_have_count(2)
    whole = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(whole) == [width, height]
    check(page)


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("size", ["a4", "a5"])
def test_posters_are_accessible_and_each_is_one_sheet(
    page: Page, wall: str, language: str, size: str
) -> None:
    page.goto(f"{wall.replace('/ar/', f'/{language}/')}/poster?size={size}")
    check(page)
    sheets = page.locator(".sheet").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert sheets == 3 and printed.count(b"/Type /Page\n") == sheets
