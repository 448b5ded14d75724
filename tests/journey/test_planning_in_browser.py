"""A workshop planned at the desk in a real browser: made, previewed, paused, gone on with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.response import PAUSED
from survey.settings import Settings
from survey.store import Store, facilitators, responses, workshops
from tests.conftest import PROJECT, questionnaire_of
from tests.journey.thumb import begin, is_laid_out, saved, send


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "questionnaires", tmp_path / "questionnaires"))


@pytest.fixture
def app(instance: Path, folder: Path) -> Iterator[Flask]:
    made = create_app(
        Settings(instance=instance, questionnaires=folder), "http://workshop.test:8000"
    )
    yield made
    services_of(made).store.close()


@pytest.fixture(params=[(1280, 800), (820, 1180)], ids=["laptop", "tablet"])
def desk(
    request: pytest.FixtureRequest, browser: Browser, server: str, store: Store
) -> Iterator[Page]:
    """A desk where a facilitator is signed in."""
    facilitators.add(store, "samira", "facilitator")
    token = facilitators.begin_session(store, "samira")
    width, height = request.param
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        context.add_cookies([{"name": COOKIE, "value": token, "url": f"{server}/desk"}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


def check(page: Page) -> None:
    expect(page.locator("[inert]")).to_have_count(0)  # a form opens its storage first
    is_laid_out(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, page.url


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_facilitator_makes_opens_copies_and_archives_a_workshop(
    desk: Page, server: str, store: Store, language: str
) -> None:
    desk.goto(f"{server}/desk/{language}/")
    check(desk)
    desk.locator("main a.button").press("Enter")
    check(desk)
    desk.locator("a.button[href$='souss-massa']").press("Enter")
    check(desk)
    desk.locator("#place").select_option("09.541")
    desk.locator("#held_on").fill("2026-12-03")
    desk.locator("#context__fr").fill("# Chiffres\n\n| A | B |\n|---|--:|\n| Argan | 612 |")
    desk.locator("#timezone").fill("Nowhere")
    desk.locator("#timezone").press("Enter")
    expect(desk.locator("#timezone-error")).to_be_visible()
    check(desk)
    desk.locator("#timezone").fill("Africa/Casablanca")
    desk.locator("button[name=look]").click()
    expect(desk.locator("#reads table")).to_have_count(4)  # what stands in for the others, too
    assert workshops.every(store) == []
    desk.locator("#timezone").press("Enter")
    expect(desk.locator("button[value=open]")).to_be_disabled()
    check(desk)
    [made] = workshops.every(store)
    desk.locator(".summary a[href$='controller__fr']").click()
    expect(desk.locator("#controller__fr")).to_be_in_viewport()
    for name in ("controller", "contact", "retention", "cndp_receipt"):
        for tag in ("ar", "fr", "en"):
            desk.locator(f"#{name}__{tag}").fill("X")
    desk.locator("button.main").click()
    desk.locator("button[value=open]").click()
    expect(desk.locator("button[value=paused]")).to_be_visible()
    check(desk)
    desk.locator("button[value=paused]").click()
    expect(desk.locator("button[value=open]")).to_be_visible()
    check(desk)
    assert workshops.get(store, made.code).state == PAUSED
    desk.locator("button[value=closed]").click()
    desk.locator("#plan form[action$=duplicate] button").click()
    expect(desk).not_to_have_url(re.compile(made.code))
    check(desk)
    desk.goto(f"{server}/desk/{language}/workshops/{made.code}")
    desk.locator("button[value=archive]").click()
    expect(desk.locator("button[value=take_back]")).to_be_visible()
    check(desk)
    for place in ("/", "/workshops/archived"):
        desk.goto(f"{server}/desk/{language}{place}")
        expect(desk.locator("tbody tr")).to_have_count(1)
        check(desk)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_newer_version_is_looked_at_and_taken(
    desk: Page, server: str, store: Store, folder: Path, language: str
) -> None:
    desk.goto(f"{server}/desk/{language}/workshops/new/souss-massa")
    desk.locator("[name=trial]").check()
    desk.locator("button.main").click()
    desk.wait_for_url(re.compile(f"/desk/{language}/workshops/[A-Z0-9]{{6}}$"))
    [made] = workshops.every(store)
    path = folder / "souss-massa.yaml"
    text = path.read_text(encoding="utf-8").replace('fr: "Coopérative"', 'fr: "Coop"', 1)
    path.write_text(text, encoding="utf-8")
    desk.reload()
    desk.locator("#plan .message a").click()
    expect(desk.locator("tbody tr")).to_have_count(1)
    check(desk)
    desk.locator("button.main").click()
    expect(desk.locator("#plan .message")).to_have_count(0)
    assert workshops.get(store, made.code).version != made.version


@pytest.mark.parametrize("variant", ["full", "short"])
def test_a_preview_is_answered_to_the_end_and_sends_nothing(
    desk: Page, server: str, store: Store, variant: str
) -> None:
    faults: list[str] = []
    desk.on("pageerror", lambda error: faults.append(str(error)))
    desk.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    desk.goto(f"{server}/desk/fr/questionnaires/souss-massa/preview?in=ar&variant={variant}")
    check(desk)
    desk.locator("main a.button").click()
    check(desk)
    asked: list[Request] = []
    desk.on("request", lambda each: asked.append(each))
    desk.locator("#next").click()
    desk.evaluate("location.hash = 'check'")
    desk.locator("#send").click()
    expect(desk.locator("#needed")).to_be_visible()  # the first question must be answered
    desk.locator("label:has(> [name=p1][value=coop])").click()
    desk.locator("[name=p2]").select_option("09.541")
    desk.evaluate("location.hash = 'check'")
    expect(desk.locator("#answers dd").first).to_have_text("تعاونية")
    desk.locator("#send").click()
    expect(desk.locator("#not-sent")).to_be_visible()
    assert [each.url for each in asked if urlsplit(each.url).scheme != "data"] == []
    assert faults == []
    assert workshops.every(store) == []


def test_a_phone_waits_through_a_pause_and_sends_by_itself_afterwards(
    page: Page, hotspot: str, store: Store
) -> None:
    made = workshops.create(
        store,
        questionnaire_of("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}"),
        trial=True,
    )
    workshops.set_state(store, made.code, "open")
    begin(page, hotspot, made, "fr")
    page.locator("[name=idea]").fill("زيت الأركان")
    saved(page)
    workshops.set_state(store, made.code, "paused")
    with page.expect_response(lambda reply: reply.request.method == "POST") as reply:
        send(page)
    said = reply.value.json()
    assert (reply.value.status, said["refused"]) == (403, 0)
    expect(page.locator("#unsent")).to_have_text(said["said"])
    assert responses.count(store, made.code) == 0
    workshops.set_state(store, made.code, "open")
    page.wait_for_url("**/receipt", timeout=20_000)
    (stored,) = responses.scan(store, made.code)
    assert stored.answers["idea"] == "زيت الأركان"
