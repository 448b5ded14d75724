"""Taking answers away in a real browser: all the choices, and a long export while it is made."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from survey.app import create_app, services_of
from survey.questionnaire.loading import load
from survey.response import Workshop
from survey.settings import Settings
from survey.store import Store, facilitators
from tests.conftest import PROJECT
from tests.facilitator.test_exports import flood

PASSWORD = "argan saffron honey"
MANY = 1_500


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """Every export of more than a hundred responses is long."""
    made = create_app(Settings(instance=instance, export_at_once=100), "http://workshop.test:8000")
    yield made
    services_of(made).store.close()


@pytest.fixture
def workshop(store: Store, open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def laptop(
    browser: Browser, server: str, store: Store, workshop: Workshop, has_script: bool
) -> Iterator[Page]:
    """Signed in, with or without JavaScript."""
    facilitators.add(store, "samira")
    link = f"{server}/desk/fr/link/{facilitators.make_link(store, 'samira')}"
    size = {"width": 1280, "height": 800}
    with browser.new_context(viewport=size, java_script_enabled=has_script) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(link)
        for name in ("password", "again"):
            page.locator(f"[name={name}]").fill(PASSWORD)
        page.locator("main button").click()
        expect(page.locator("table")).to_be_visible()
        yield page


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("has_script", [True], indirect=True)
def test_the_choices_are_accessible_and_the_file_comes_at_once(
    laptop: Page,
    server: str,
    store: Store,
    workshop: Workshop,
    language: str,
    tmp_path: Path,
    has_script: bool,
) -> None:
    flood(store, workshop, 3)
    laptop.goto(f"{server}/desk/{language}/workshops/{workshop.code}/exports")
    check(laptop)
    assert laptop.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("public", "personal"):
        laptop.locator(f"[name={name}]").check()
    laptop.locator("button.main").click()
    expect(laptop.locator("#public-error")).to_be_visible()
    check(laptop)
    laptop.locator("[name=personal]").uncheck()
    laptop.locator("[name=format][value=csv]").check()
    laptop.locator("[name=style]").select_option("codes")
    with laptop.expect_download() as download:
        laptop.locator("button.main").click()
    download.value.save_as(tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["receipt"] for row in csv.DictReader(file)] == [
            f"public-{n}" for n in (1, 2, 3)
        ]


def test_a_long_one_shows_how_far_it_is_and_waits_to_be_fetched(
    laptop: Page, server: str, store: Store, workshop: Workshop, has_script: bool, tmp_path: Path
) -> None:
    flood(store, workshop, MANY)
    laptop.goto(f"{server}/desk/fr/workshops/{workshop.code}/exports")
    laptop.locator("[name=format][value=zip]").check()
    laptop.locator("button.main").click()
    expect(laptop.locator("progress")).to_be_visible()
    address = laptop.url
    if has_script:
        check(laptop)
        expect(laptop.locator("progress")).not_to_have_attribute("value", "0", timeout=30_000)
    laptop.goto(f"{server}/desk/ar/workshops/{workshop.code}/exports")
    expect(laptop.locator(".jobs a")).to_have_count(1)
    laptop.locator(".jobs a").click()
    if has_script:
        expect(laptop.locator("#now[data-state=ready]")).to_be_visible(timeout=180_000)
        check(laptop)
    for _ in range(600):
        if laptop.locator("#now[data-state=ready]").count():
            break
        laptop.wait_for_timeout(300)
        laptop.locator(".again").click()
    with laptop.expect_download() as download:
        laptop.locator("#now a.button").click()
    download.value.save_as(tmp_path / "answers.zip")
    assert (tmp_path / "answers.zip").read_bytes().startswith(b"PK")
    laptop.goto(address)
    laptop.locator("#now button").click()
    expect(laptop.locator(".jobs")).to_have_count(0)


@pytest.mark.parametrize("has_script", [True], indirect=True)
def test_a_long_one_can_be_cancelled(
    laptop: Page, server: str, store: Store, workshop: Workshop, has_script: bool, instance: Path
) -> None:
    flood(store, workshop, MANY)
    laptop.goto(f"{server}/desk/fr/workshops/{workshop.code}/exports")
    laptop.locator("[name=format][value=zip]").check()
    laptop.locator("button.main").click()
    expect(laptop.locator("progress")).not_to_have_attribute("value", "0", timeout=30_000)
    laptop.locator("#now button").click()
    expect(laptop.locator("h1")).to_be_visible()
    expect(laptop.locator(".jobs")).to_have_count(0)
    for _ in range(100):
        if not [*(instance / "exports").iterdir()]:
            return
        laptop.wait_for_timeout(100)
    raise AssertionError("the process left something")
