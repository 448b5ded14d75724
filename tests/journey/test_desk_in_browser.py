"""The desk in a real browser: from the one-time link to the downloaded answers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey.questionnaire.loading import load
from survey.response import CLOSED, Sending, Workshop
from survey.store import Store, facilitators, responses, workshops
from tests.conftest import PROJECT

ID = "a" * 26
PASSWORD = "argan saffron honey"


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))


@pytest.fixture
def laptop(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


def check(page: Page) -> None:
    expect(page.locator("[inert]")).to_have_count(0)  # a form opens its storage first
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def handed_over(workshop: Workshop, id: str) -> str:
    """What a phone writes."""
    return f"[tashkhis {workshop.code} ar {id} p1=coop&p2=09.541&_end=1]"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_facilitator_signs_in_closes_and_downloads(
    laptop: Page, server: str, store: Store, workshop: Workshop, tmp_path: Path, language: str
) -> None:
    responses.add(store, workshop.code, Sending(ID, {"p1": "coop", "p2": "09"}, "ar"))
    facilitators.add(store, "samira")
    token = facilitators.make_link(store, "samira")

    laptop.goto(f"{server}/desk/{language}/link/{token}")
    check(laptop)
    laptop.locator("[name=password]").fill("short")
    laptop.locator("main button").click()
    expect(laptop.locator("[role=alert]")).to_be_visible()
    check(laptop)
    laptop.locator("[name=password]").fill(PASSWORD)
    laptop.locator("[name=again]").fill(PASSWORD)
    laptop.locator("main button").click()
    expect(laptop.locator("table")).to_be_visible()
    check(laptop)

    laptop.locator("tbody a").click()
    expect(laptop.locator(".qr svg")).to_be_visible()
    check(laptop)
    with laptop.expect_download() as download:
        laptop.locator("#download ~ form button").click()
    target = tmp_path / "answers.csv"
    download.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert next(value for name, value in row.items() if name.endswith("[p1]")) in (
        "تعاونية",
        "Coopérative",
    )

    laptop.locator("#text").fill(f"Salam {handed_over(workshop, 'b' * 26)}\n[tashkhis")
    file = {"name": "phone.txt", "mimeType": "text/plain"}
    content = handed_over(workshop, "c" * 26).encode()
    laptop.locator("#files").set_input_files([{**file, "buffer": content}])
    laptop.locator("#handed-over button").click()
    expect(laptop.locator("#handed-over li strong")).to_have_count(2)
    expect(laptop.locator("#text")).to_have_value("[tashkhis")
    assert responses.count(store, workshop.code) == 3
    check(laptop)

    laptop.locator("button[value=closed]").click()
    expect(laptop.locator("button[value=open]")).to_be_visible()
    assert workshops.get(store, workshop.code).state == CLOSED
    laptop.locator(".bar form button").click()
    expect(laptop.locator("[type=password]")).to_be_visible()
    check(laptop)
    laptop.goto(f"{server}/desk/{language}/workshops/{workshop.code}")
    expect(laptop.locator("[type=password]")).to_be_visible()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_an_administrator_invites_shares_and_reads_the_log(
    laptop: Page, server: str, store: Store, workshop: Workshop, language: str
) -> None:
    facilitators.add(store, "admin")
    token = facilitators.make_link(store, "admin")
    desk = f"{server}/desk/{language}"
    laptop.goto(f"{desk}/link/{token}")
    laptop.locator("[name=password]").fill(PASSWORD)
    laptop.locator("[name=again]").fill(PASSWORD)
    laptop.locator("main button").click()

    laptop.locator(".places a").first.click()
    check(laptop)
    laptop.locator("#name").fill("samira")
    laptop.locator("main button.main").click()
    expect(laptop.locator("code.link")).to_contain_text(f"/desk/{language}/link/")
    expect(laptop.locator("tbody tr")).to_have_count(2)
    check(laptop)

    laptop.goto(f"{desk}/workshops/{workshop.code}/people")
    check(laptop)
    laptop.locator("main button.main").click()
    expect(laptop.locator("tbody th")).to_have_text("samira")
    check(laptop)
    for place in ("/log", f"/workshops/{workshop.code}/log", "/account"):
        laptop.goto(desk + place)
        check(laptop)
    laptop.locator("#old").fill("wrong")
    laptop.locator("main button.main").click()
    expect(laptop.locator("[role=alert]")).to_be_visible()
    check(laptop)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_participants_see_when_something_is_wrong_is_accessible(
    page: Page, server: str, store: Store, workshop: Workshop, language: str
) -> None:
    page.set_default_timeout(10_000)
    own: dict[str, Any] = {"p1": "bank", "p2": "09"}
    responses.add(store, workshop.code, Sending(ID, own, language))
    address = f"{server}/{workshop.code}/{language}"
    page.goto(f"{address}/{ID}")
    page.locator("label:has(> [name=p1][value=coop])").tap()
    page.locator("[name=p2]").select_option("09.541")
    page.evaluate("location.hash = 'check'")
    page.locator("#send").tap()
    expect(page.locator("[name=_revision]")).to_have_value("1")
    check(page)
    page.goto(f"{server}/{workshop.code}/{language}/nowhere")
    check(page)
    workshops.set_state(store, workshop.code, CLOSED)
    for place in ("", f"/{ID}", f"/{ID}/receipt", f"/{ID}/edit"):
        page.goto(address + place)
        check(page)
