"""A table of people at one phone, in a real browser: counted, kept, handed over, counted at the wall."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey.handed_over import STORED, take_in
from survey.questionnaire.loading import load
from survey.response import Workshop
from survey.store import Store, responses
from tests.conftest import PROJECT, questionnaire_of
from tests.journey.thumb import begin, go_on, is_laid_out, saved, send, tap

QUESTIONS = """
- type: select_one
  name: who
  required: true
  label: {fr: Qui, ar: من}
  choices:
  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, label: {fr: Banque, ar: بنك}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
"""


@pytest.fixture
def table(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire_of(QUESTIONS), table_mode=True)


def only(store: Store, workshop: Workshop):  # type: ignore[no-untyped-def]
    (stored,) = responses.scan(store, workshop.code)
    return stored


def test_a_table_of_five_answers_reloads_hands_over_and_corrects(
    page: Page, hotspot: str, store: Store, table: Workshop, faults: list[str]
) -> None:
    begin(page, hotspot, table, "ar")
    people = page.locator("[name=_people]")
    more, fewer = (page.locator("#q-_people .share button").nth(place) for place in (1, 0))
    for _ in range(3):
        more.tap()
    fewer.tap()
    expect(people).to_have_value("2")
    people.fill("٥")
    tap(page, "who", "coop")
    saved(page)
    page.reload()
    expect(people).to_have_value("٥")

    page.context.set_offline(True)
    page.evaluate("location.hash = 'check'")
    expect(page.locator("#answers dd").first).to_have_text("٥")
    page.locator("#send").tap()
    box = page.locator("#waiting .hand-over")
    box.locator("summary").tap()
    expect(box.locator("textarea")).not_to_have_value("")
    [outcome] = take_in(store, box.locator("textarea").input_value(), "fr")
    assert outcome.said == STORED
    stored = only(store, table)
    assert (stored.people, stored.answers) == (5, {"who": "coop", "idea": None})

    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    page.locator("a[href$='/edit']").tap()
    expect(people).to_have_value("5")
    more.tap()
    send(page)
    page.wait_for_url("**/receipt")
    stored = only(store, table)
    assert (stored.people, stored.revision) == (6, 2)
    assert [each for each in faults if "INTERNET_DISCONNECTED" not in each] == []


def test_a_table_that_does_not_count_itself_is_led_back_to_the_question(
    page: Page, server: str, store: Store, table: Workshop
) -> None:
    begin(page, server, table, "ar")
    tap(page, "who", "bank")
    send(page)
    expect(page.locator("#q-_people #needed")).to_be_visible()
    page.locator("[name=_people]").fill("99")
    send(page)
    expect(page.locator("#e-_people")).to_be_visible()
    expect(page.locator("#summary a")).to_have_attribute("href", "#q-_people")
    page.locator("[name=_people]").fill("9")
    send(page)
    page.wait_for_url("**/receipt")
    assert only(store, table).people == 9


def test_without_script_it_is_a_field_like_any_other(
    browser: Browser, server: str, store: Store, table: Workshop
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server}/{table.code}/ar/new")
        page.locator("[name=_people]").fill("٤")
        page.locator("[name=who][value=coop]").check()
        page.locator("#send").click()
        page.wait_for_url("**/receipt")
    assert only(store, table).people == 4


def test_a_shared_tablet_forgets_how_many_sat_there_before(
    page: Page, hotspot: str, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    tablet = open_workshop(questionnaire_of(QUESTIONS), table_mode=True, kiosk=True)
    begin(page, hotspot, tablet, "ar")
    page.locator("[name=_people]").fill("7")
    tap(page, "who", "coop")
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.locator(".over:visible").tap()
    expect(page.locator("[name=_people]")).to_have_value("")
    page.context.set_offline(False)
    page.goto(f"{hotspot}/{tablet.code}/ar")
    expect(page.locator("#tablet")).to_be_hidden()
    assert only(store, tablet).people == 7


@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_the_first_screen_is_accessible(
    page: Page,
    server: str,
    open_workshop: Callable[..., Workshop],
    language: str,
) -> None:
    whole = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    workshop = open_workshop(whole, table_mode=True)
    begin(page, server, workshop, language)
    expect(page.locator("#q-_people .share button")).to_have_count(2)
    expect(page.locator("[inert]")).to_have_count(0)  # a form opens its storage first
    is_laid_out(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    go_on(page)
    expect(page.locator("#q-_people")).not_to_be_visible()
