"""Nothing typed is ever lost, and all of it arrives exactly once: networks, tabs and servers that
fail, in a real browser. The oracle each time: one response in the store, with what was typed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from socket import socket
from textwrap import dedent
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserType, Page, Route, expect

from survey.participant import showing
from survey.response import CLOSED, OPEN, Workshop
from survey.store import Store, responses, workshops
from tests.conftest import questionnaire_of
from tests.journey.thumb import PATIENCE, begin, go_on, saved, send, tap

QUESTIONS = """
- type: select_one
  name: who
  required: true
  label: {fr: Qui, ar: من}
  choices:
  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, label: {fr: Banque, ar: بنك}}
- type: text
  name: idea
  dk: true
  label: {fr: Idée, ar: فكرة}
- type: rank
  name: order
  label: {fr: Ordre, ar: ترتيب}
  choices:
  - {name: a, label: {fr: A, ar: ا}}
  - {name: b, label: {fr: B, ar: ب}}
  - {name: c, label: {fr: C, ar: ج}}
- type: statements
  name: lines
  label: {fr: Lignes, ar: أسطر}
"""
TYPED = {"who": "coop", "idea": "زيت الأركان", "order": ["c", "a"], "lines": ["un", "اثنان"]}


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire_of(QUESTIONS))


def answer(page: Page) -> None:
    tap(page, "who", "coop")
    page.locator("[name=idea]").fill(TYPED["idea"])
    for choice in TYPED["order"]:
        page.locator(f"button.choice:has(+ [name=order__{choice}])").tap()
    for place, line in enumerate(TYPED["lines"], 1):
        page.locator(f"[name=lines__{place}]").fill(line)
    saved(page)


def is_all_there(page: Page) -> None:
    expect(page.locator("[name=who][value=coop]")).to_be_checked()
    expect(page.locator("[name=idea]")).to_have_value(TYPED["idea"])
    expect(page.locator("button.choice b")).to_have_text(["2", "", "1"])
    expect(page.locator("[name=lines__2]")).to_have_value(TYPED["lines"][1])


def arrived(page: Page, store: Store, workshop: Workshop) -> None:
    """The receipt is there, and the store holds one response with exactly what was typed."""
    page.wait_for_url("**/receipt")
    check_store(store, workshop)
    (stored,) = responses.scan(store, workshop.code)
    expect(page.locator("#receipt")).to_have_attribute("data-receipt", stored.receipt)


def all_arrived(page: Page, store: Store, workshop: Workshop, count: int) -> None:
    """Waits until the store holds so many responses."""
    deadline = time.monotonic() + PATIENCE / 1000
    while responses.count(store, workshop.code) < count and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert responses.count(store, workshop.code) == count


def check_store(store: Store, workshop: Workshop) -> None:
    (stored,) = responses.scan(store, workshop.code)
    assert (stored.answers, stored.revision) == (TYPED, 1)


def test_a_reload_brings_back_everything_in_every_step(
    page: Page, hotspot: str, store: Store, workshop: Workshop, faults: list[str]
) -> None:
    begin(page, hotspot, workshop, "ar")
    answer(page)
    page.reload()
    is_all_there(page)
    go_on(page)
    expect(page.locator("#check")).to_be_visible()
    page.reload()
    expect(page.locator("#check dd bdi")).to_have_text(
        ["تعاونية", TYPED["idea"], "1. ج", "2. ا", "الفكرة 1: un", "الفكرة 2: اثنان"]
    )
    page.context.set_offline(True)
    page.locator("#send").tap()
    expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    arrived(page, store, workshop)
    page.reload()
    arrived(page, store, workshop)
    assert [each for each in faults if "ERR_INTERNET_DISCONNECTED" not in each] == []


def test_a_page_left_right_after_the_last_letter_keeps_it(
    page: Page, hotspot: str, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    page.evaluate(
        """() => {
            const idea = document.querySelector("[name=idea]");
            idea.value = "the last letter";
            idea.dispatchEvent(new Event("input", { bubbles: true }));
            location.reload();
        }"""
    )
    page.wait_for_load_state()
    expect(page.locator("[name=idea]")).to_have_value("the last letter")


def test_whoever_scans_the_code_again_goes_on_where_she_was(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.goto(f"{hotspot}/{workshop.code}/ar")
    shelf = page.locator("#kept article")
    expect(shelf).to_have_count(1)
    shelf.locator("a.button").tap()
    is_all_there(page)
    send(page)
    arrived(page, store, workshop)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    (stored,) = responses.scan(store, workshop.code)
    expect(shelf.locator(".code-words")).to_have_text(stored.receipt)


def test_answers_are_erased_from_the_phone_on_request(
    page: Page, hotspot: str, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    address = page.url
    page.goto(f"{hotspot}/{workshop.code}/fr")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#kept .erase").tap()
    expect(page.locator("#kept")).to_be_hidden()
    page.goto(address)
    expect(page.locator("[name=idea]")).to_have_value("")


def test_drafts_of_a_workshop_long_over_are_erased(
    page: Page, hotspot: str, store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, hotspot, workshop, "fr")
    address = page.url
    answer(page)
    workshops.set_state(store, workshop.code, CLOSED)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#kept article")).to_have_count(1)
    monkeypatch.setattr(showing, "LONG", timedelta(0))
    page.reload()
    page.wait_for_timeout(300)
    expect(page.locator("#kept")).to_be_hidden()
    workshops.set_state(store, workshop.code, OPEN)
    page.goto(address)
    expect(page.locator("[name=idea]")).to_have_value("")


def test_what_waits_to_be_sent_is_never_erased_by_itself(
    page: Page, hotspot: str, store: Store, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.route("**/*", refuse_posts)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    workshops.set_state(store, workshop.code, CLOSED)
    monkeypatch.setattr(showing, "LONG", timedelta(0))
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#kept [data-say=waiting]").first).to_be_visible()
    expect(page.locator("#kept details")).to_be_visible()


@pytest.mark.parametrize("days", [-4000, 4000])
def test_a_draft_outlives_a_clock_that_was_wrong(
    page: Page, hotspot: str, workshop: Workshop, days: int
) -> None:
    begin(page, hotspot, workshop, "fr")
    page.clock.install(time=time.time() + days * 24 * 3600)
    page.reload()
    answer(page)
    page.clock.set_system_time(time.time())
    page.goto(f"{hotspot}/{workshop.code}/fr")
    page.locator("#kept a.button").tap()
    is_all_there(page)
    page.locator("[name=idea]").fill("later")
    saved(page)
    page.reload()
    expect(page.locator("[name=idea]")).to_have_value("later")


LATE_DATABASE = """
const open = indexedDB.open.bind(indexedDB);
indexedDB.open = (...named) => {
    const request = {};
    window.openNow = () => {
        const real = open(...named);
        real.onsuccess = () => { request.result = real.result; request.onsuccess(); };
    };
    return request;
};
"""


def test_a_database_that_opens_late_gives_back_what_it_held(
    page: Page, hotspot: str, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.clock.install()
    page.add_init_script(LATE_DATABASE)
    page.reload()
    page.clock.run_for(10_000)
    expect(page.locator("[name=idea]")).to_have_value("")
    page.evaluate("openNow()")
    is_all_there(page)


def test_a_database_that_opens_late_does_not_undo_what_was_typed_meanwhile(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.clock.install()
    page.add_init_script(LATE_DATABASE)
    page.reload()
    page.clock.run_for(10_000)
    page.locator("[name=idea]").fill("typed meanwhile")
    page.clock.run_for(1_000)
    saved(page)
    page.evaluate("openNow()")
    expect(page.locator("[name=who][value=coop]")).to_be_checked()
    expect(page.locator("[name=idea]")).to_have_value("typed meanwhile")
    page.clock.run_for(1_000)
    saved(page)
    send(page)
    page.clock.run_for(1_000)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers == {**TYPED, "idea": "typed meanwhile"}


def test_the_workshops_page_offers_what_a_late_database_held(
    page: Page, hotspot: str, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.clock.install()
    page.add_init_script(LATE_DATABASE)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    page.clock.run_for(10_000)
    expect(page.locator("#kept")).to_be_hidden()
    page.evaluate("openNow()")
    page.locator("#kept a.button").tap()
    page.wait_for_url(re.compile(r"/[a-z2-7]{26}(#.*)?$"))
    page.evaluate("openNow()")
    is_all_there(page)


def test_a_killed_browser_gives_back_what_was_typed_a_moment_before(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    tmp_path: Path,
    hotspot: str,
    store: Store,
    workshop: Workshop,
) -> None:
    options = {**browser_type_launch_args, **browser_context_args}
    context = browser_type.launch_persistent_context(tmp_path / "profile", **options)
    page = context.new_page()
    begin(page, hotspot, workshop, "fr")
    answer(page)
    address = page.url
    subprocess.run(["pkill", "-9", "-f", str(tmp_path / "profile")], check=True)
    with pytest.raises(Exception, match="closed"):
        page.wait_for_timeout(5_000)
        page.title()

    with browser_type.launch_persistent_context(tmp_path / "profile", **options) as again:
        page = again.new_page()
        page.goto(address)
        is_all_there(page)
        send(page)
        arrived(page, store, workshop)


def test_sending_without_a_network_waits_in_sight_and_goes_by_itself(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "ar")
    assert page.evaluate(
        "[isSecureContext, 'serviceWorker' in navigator, 'randomUUID' in crypto]"
    ) == [
        False,
        False,
        False,
    ]
    page.context.set_offline(True)
    answer(page)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    assert responses.count(store, workshop.code) == 0
    page.context.set_offline(False)
    arrived(page, store, workshop)


def test_what_waits_is_also_sent_from_the_workshops_own_page(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.route("**/*", refuse_posts)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#kept [data-say=waiting]").first).to_be_visible()
    page.unroute("**/*")
    page.reload()
    expect(page.locator("#kept .code-words")).to_be_visible()
    check_store(store, workshop)


def refuse_posts(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_a_response_that_hangs_on_the_way_does_not_hold_up_another(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    hanging = page.url
    tap(page, "who", "bank")
    page.route(hanging, lambda route: None)
    send(page)
    expect(page.locator("#waiting")).to_be_visible()
    begin(page, hotspot, workshop, "fr")
    answer(page)
    send(page)
    arrived(page, store, workshop)


def test_a_lost_acknowledgement_ends_in_one_response_and_one_receipt(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            sent = Request(
                route.request.url.replace("workshop.test", "127.0.0.1"),
                route.request.post_data_buffer,
                {"Accept": "application/json"},
            )
            with urlopen(sent) as reply:
                lost.append(reply.status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/*", lose)
    send(page)
    arrived(page, store, workshop)
    assert lost == [200, 200]


def lose_receipts(route: Route) -> None:
    """The server takes the answers, and is away right after."""
    if "receipt" in route.request.url:
        route.abort()
    else:
        route.continue_()


def test_a_receipt_page_that_cannot_be_loaded_leaves_the_code_on_the_page(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    address = page.url
    answer(page)
    page.route("**/*", lose_receipts)
    send(page)
    stored_step = page.locator("#stored")
    expect(stored_step).to_be_visible()
    expect(page.locator("#stored h2")).to_be_focused()
    check_store(store, workshop)
    (stored,) = responses.scan(store, workshop.code)
    expect(stored_step.locator("bdi")).to_have_text(stored.receipt)
    page.go_back()
    expect(stored_step).to_be_visible()
    page.goto(address)
    expect(stored_step.locator("bdi")).to_have_text(stored.receipt)
    page.unroute("**/*")
    stored_step.locator("a").tap()
    arrived(page, store, workshop)


def test_a_captive_portals_page_is_not_taken_for_success(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to Wi-Fi</h1>")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.unroute("**/*")
    page.locator("#again").tap()
    arrived(page, store, workshop)


def test_double_taps_send_once(page: Page, hotspot: str, store: Store, workshop: Workshop) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.evaluate("location.hash = 'check'")
    page.evaluate(
        "document.querySelector('#send').click(); document.querySelector('#send').click()"
    )
    arrived(page, store, workshop)


def test_two_tabs_of_one_response_end_in_one_response(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    tap(page, "who", "bank")
    saved(page)
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(page.url)
    answer(other)
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    is_all_there(page)
    send(page)
    arrived(page, store, workshop)
    other.bring_to_front()
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    arrived(other, store, workshop)


def test_a_workshop_closed_meanwhile_keeps_the_answers_and_says_what_to_do(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    address = page.url
    answer(page)
    workshops.set_state(store, workshop.code, CLOSED)
    send(page)
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#summary details")).to_be_visible()
    is_all_there(page)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#kept details")).to_be_visible()
    workshops.set_state(store, workshop.code, OPEN)
    page.goto(address)
    is_all_there(page)
    send(page)
    arrived(page, store, workshop)


def test_a_questionnaire_changed_meanwhile_keeps_what_still_fits_and_shows_the_rest(
    page: Page,
    hotspot: str,
    store: Store,
    workshop: Workshop,
    open_workshop: Callable[..., Workshop],
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    newer = open_workshop(questionnaire_of(QUESTIONS.replace("name: idea", "name: thought")))
    with store.write() as database:
        database.execute(
            "update workshop set version = ? where code = ?", (newer.version, workshop.code)
        )
    store.remembered.clear()
    send(page)
    expect(page.locator("#misfits")).to_contain_text(TYPED["idea"])
    expect(page.locator("#check")).to_be_visible()
    page.locator("#check a[href='#q-thought']").tap()
    page.locator("[name=thought]").fill(TYPED["idea"])
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers["thought"] == TYPED["idea"]
    assert stored.answers["order"] == TYPED["order"]


def test_two_devices_that_correct_at_once_see_both_versions_and_lose_neither(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, Any],
    hotspot: str,
    store: Store,
    workshop: Workshop,
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    send(page)
    page.wait_for_url("**/receipt")
    page.goto(page.url.replace("receipt", "edit"))
    with browser.new_context(**browser_context_args) as context:
        tablet = context.new_page()
        tablet.goto(page.url)
        tablet.locator("[name=idea]").fill("from the tablet")
        send(tablet)
        tablet.wait_for_url("**/receipt")
    page.locator("[name=idea]").fill("from the phone")
    send(page)
    conflict = page.locator("#summary")
    expect(conflict).to_contain_text("from the tablet")
    expect(conflict).to_contain_text("from the phone")
    assert [each.revision for each in responses.scan(store, workshop.code)] == [2]
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert (stored.revision, stored.answers["idea"]) == (3, "from the phone")


def test_a_correction_begun_before_another_device_sent_one_is_not_lost(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, Any],
    hotspot: str,
    store: Store,
    workshop: Workshop,
) -> None:
    begin(page, hotspot, workshop, "fr")
    form = page.url
    answer(page)
    send(page)
    page.wait_for_url("**/receipt")
    page.goto(f"{form}/edit")
    page.locator("[name=idea]").fill("from the phone")
    saved(page)
    with browser.new_context(**browser_context_args) as context:
        tablet = context.new_page()
        tablet.goto(f"{form}/edit")
        tablet.locator("[name=idea]").fill("from the tablet")
        send(tablet)
        tablet.wait_for_url("**/receipt")
    page.goto(form)  # the blank form, too, is filled with what was begun
    expect(page.locator("[name=idea]")).to_have_value("from the phone")
    send(page)
    expect(page.locator("#summary")).to_contain_text("from the tablet")
    expect(page.locator("#summary")).to_contain_text("from the phone")


NOTHING_IN_THE_DATABASE = """
async () => {
  const done = request => new Promise((yes, no) => { request.onsuccess = yes; request.onerror = no; });
  const opening = indexedDB.open("tashkhis");
  await done(opening);
  const database = opening.result;
  const stores = [...database.objectStoreNames];
  const counts = stores.map(name => database.transaction(name).objectStore(name).count());
  await Promise.all(counts.map(done));
  database.close();
  return counts.every(count => count.result === 0);
}
"""


def test_answers_are_taken_back_for_good(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "ar")
    answer(page)
    address = page.url.split("#")[0]
    send(page)
    page.wait_for_url("**/receipt")
    page.locator("a[href$='/withdraw']").tap()
    page.locator("button.wrong").tap()
    expect(page.locator("[data-erased]")).to_be_visible()
    assert responses.count(store, workshop.code) == 0
    page.wait_for_function(NOTHING_IN_THE_DATABASE)
    page.goto(f"{hotspot}/{workshop.code}/ar")
    page.wait_for_timeout(300)
    expect(page.locator("#kept")).to_be_hidden()
    assert page.goto(f"{address}/receipt").status == 410  # type: ignore[union-attr]


class TestKiosk:
    @pytest.fixture
    def workshop(self, open_workshop: Callable[..., Workshop]) -> Workshop:
        return open_workshop(questionnaire_of(QUESTIONS), kiosk=True)

    def nothing_is_left(self, page: Page) -> None:
        expect(page.locator("[name=idea]")).to_have_value("")
        expect(page.locator("[name=who]:checked")).to_have_count(0)
        expect(page.locator("button.choice b")).to_have_text(["", "", ""])
        expect(page.locator("#answers dd")).to_have_count(0)  # the check step's list

    def test_the_next_person_sees_no_trace(
        self, page: Page, hotspot: str, store: Store, workshop: Workshop
    ) -> None:
        page.clock.install()
        begin(page, hotspot, workshop, "fr")
        address = page.url
        tap(page, "who", "coop")
        page.locator("[name=idea]").fill(TYPED["idea"])
        send(page)
        page.wait_for_url("**/receipt")
        assert TYPED["idea"] not in page.content()
        expect(page.locator("a[href$='/edit'], a[href$='/withdraw']")).to_have_count(0)
        page.clock.run_for(61_000)
        page.wait_for_url(f"{hotspot}/{workshop.code}/fr")
        expect(page.locator("#kept")).to_be_hidden()
        page.go_back()
        page.wait_for_timeout(300)
        assert TYPED["idea"] not in page.content()
        page.goto(address)
        self.nothing_is_left(page)
        assert page.goto(f"{address}/edit").status == 404  # type: ignore[union-attr]

    def test_a_form_left_alone_returns_to_its_start(
        self, page: Page, hotspot: str, workshop: Workshop
    ) -> None:
        page.clock.install()
        begin(page, hotspot, workshop, "fr")
        tap(page, "who", "coop")
        page.locator("[name=idea]").fill(TYPED["idea"])
        page.clock.run_for(181_000)
        expect(page.locator("#still-there")).to_be_visible()
        page.locator("[name=idea]").press("End")
        expect(page.locator("#still-there")).to_be_hidden()
        expect(page.locator("[name=idea]")).to_have_value(TYPED["idea"])
        page.clock.run_for(242_000)
        page.wait_for_url(f"{hotspot}/{workshop.code}/fr")
        page.go_back()
        page.wait_for_timeout(300)
        assert TYPED["idea"] not in page.content()

    def test_a_receipt_that_cannot_be_loaded_is_gone_for_the_next_person(
        self, page: Page, hotspot: str, store: Store, workshop: Workshop
    ) -> None:
        begin(page, hotspot, workshop, "fr")
        tap(page, "who", "bank")
        page.route("**/*", lose_receipts)
        send(page)
        expect(page.locator("#stored bdi")).to_have_text(re.compile("[A-Z2-9]{8}"))
        page.context.set_offline(True)
        page.locator("#stored .over").tap()
        expect(page.locator("#s-only")).to_be_visible()
        self.nothing_is_left(page)
        tap(page, "who", "coop")
        send(page)
        expect(page.locator("#unsent")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator("#stored")).to_be_visible()
        all_arrived(page, store, workshop, 2)
        assert sorted(each.answers["who"] for each in responses.scan(store, workshop.code)) == [
            "bank",
            "coop",
        ]

    def test_a_language_that_cannot_be_loaded_is_told(
        self, page: Page, hotspot: str, workshop: Workshop
    ) -> None:
        begin(page, hotspot, workshop, "fr")
        page.locator("[name=idea]").fill(TYPED["idea"])
        page.context.set_offline(True)
        page.locator("[name=_language][value=ar]").tap()
        expect(page.locator("#unreachable")).to_be_visible()
        expect(page.locator("[name=idea]")).to_have_value(TYPED["idea"])
        page.context.set_offline(False)
        page.locator("[name=_language][value=ar]").tap()
        page.wait_for_url("**/ar/**")
        expect(page.locator("[name=idea]")).to_have_value(TYPED["idea"])

    def test_without_a_network_the_next_person_begins_and_both_arrive(
        self, page: Page, hotspot: str, store: Store, workshop: Workshop
    ) -> None:
        begin(page, hotspot, workshop, "fr")
        page.context.set_offline(True)
        for idea in ("first", "second"):
            tap(page, "who", "bank")
            page.locator("[name=idea]").fill(idea)
            send(page)
            expect(page.locator("#unsent")).to_be_visible()
            page.locator("#waiting .over").tap()
            expect(page.locator("#s-only")).to_be_visible()
            self.nothing_is_left(page)
        page.context.set_offline(False)
        page.goto(f"{hotspot}/{workshop.code}/fr")
        all_arrived(page, store, workshop, 2)
        expect(page.locator("#tablet")).to_be_hidden()
        stored = [each.answers["idea"] for each in responses.scan(store, workshop.code)]
        assert sorted(stored) == ["first", "second"]


DYING_SERVER = """
import os, sys
from pathlib import Path
import waitress
from survey.app import create_app
from survey.settings import Settings
from survey.store import responses

if sys.argv[3] == "dies":
    add = responses.add
    def add_and_die(*arguments):
        add(*arguments)
        os._exit(9)
    responses.add = add_and_die
waitress.serve(create_app(Settings(instance=Path(sys.argv[1]))), host="127.0.0.1", port=int(sys.argv[2]))
"""


@pytest.fixture
def serve(instance: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts a server in a process of its own, always on the same port."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running: list[subprocess.Popen[bytes]] = []

    def started(manner: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", dedent(DYING_SERVER), str(instance), str(port), manner]
        running.append(subprocess.Popen(command))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with closing(socket()) as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    return running[-1]
            time.sleep(0.05)
        raise TimeoutError("the server did not start")

    started.address = f"http://workshop.test:{port}"  # type: ignore[attr-defined]
    yield started
    for process in running:
        process.kill()
        process.wait()


def test_a_server_that_dies_between_store_and_answer_still_gives_one_receipt(
    page: Page, store: Store, workshop: Workshop, serve: Any
) -> None:
    dying = serve("dies")
    begin(page, serve.address, workshop, "fr")
    answer(page)
    send(page)
    assert dying.wait(timeout=10) == 9
    check_store(store, workshop)
    expect(page.locator("#unsent")).to_be_visible()
    serve("lives")
    page.locator("#again").tap()
    arrived(page, store, workshop)


def test_a_form_already_open_is_answered_and_kept_while_the_server_is_away(
    page: Page, store: Store, workshop: Workshop, serve: Any
) -> None:
    running = serve("lives")
    begin(page, serve.address, workshop, "fr")
    running.kill()
    running.wait()
    answer(page)
    again = page.context.new_page()
    again.set_default_timeout(PATIENCE)
    again.goto(re.sub("#.*", "", page.url))
    is_all_there(again)
    send(again)
    expect(again.locator("#unsent")).to_be_visible()
    serve("lives")
    arrived(again, store, workshop)


def corrected(page: Page, hotspot: str, workshop: Workshop) -> str:
    """Sends answers, opens them again and begins a correction; returns the response's address."""
    begin(page, hotspot, workshop, "fr")
    address = page.url
    answer(page)
    send(page)
    page.wait_for_url("**/receipt")
    page.goto(f"{address}/edit")
    page.locator("[name=idea]").fill("corrected")
    saved(page)
    return address


def test_looking_at_the_receipt_keeps_a_correction_that_waits(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    address = corrected(page, hotspot, workshop)
    page.route("**/*", refuse_posts)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.goto(f"{address}/receipt")
    page.wait_for_timeout(300)
    page.unroute("**/*")
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#kept .code-words")).to_be_visible()
    (stored,) = responses.scan(store, workshop.code)
    assert (stored.revision, stored.answers["idea"]) == (2, "corrected")


def test_a_correction_changes_its_language_and_is_sent_through_the_outbox(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    corrected(page, hotspot, workshop)
    page.locator("[name=_language][value=ar]").tap()
    page.wait_for_url("**/ar/**")
    expect(page.locator("[name=idea]")).to_have_value("corrected")
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert (stored.revision, stored.answers["idea"]) == (2, "corrected")


def test_a_language_that_cannot_be_loaded_leaves_the_form_and_says_so(
    page: Page, hotspot: str, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    answer(page)
    page.context.set_offline(True)
    page.locator("[name=_language][value=ar]").tap()
    expect(page.locator("#unreachable")).to_be_visible()
    is_all_there(page)
    page.context.set_offline(False)
    page.locator("[name=_language][value=ar]").tap()
    page.wait_for_url("**/ar/**")
    is_all_there(page)


def test_reloading_a_page_of_mistakes_keeps_what_was_corrected_on_it(
    page: Page, hotspot: str, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(
        questionnaire_of("- {type: integer, name: members, max: 9, label: {fr: N, ar: ن}}")
    )
    begin(page, hotspot, workshop, "fr")
    page.locator("[name=members]").fill("99")
    send(page)
    expect(page.locator("#summary")).to_be_focused()
    page.evaluate("location.hash = 's-only'")
    page.locator("[name=members]").fill("5")
    saved(page)
    page.reload()
    expect(page.locator("[name=members]")).to_have_value("5")
    send(page)
    page.wait_for_url("**/receipt")
    assert [each.answers for each in responses.scan(store, workshop.code)] == [{"members": 5}]


def test_a_phone_that_cannot_store_says_so_and_still_sends(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    page.add_init_script(
        "indexedDB.open = () => { throw new Error('none'); };"
        "Storage.prototype.setItem = () => { throw new Error('full'); };"
    )
    begin(page, hotspot, workshop, "fr")
    tap(page, "who", "coop")
    expect(page.locator("[data-say=lost]")).to_be_visible()
    page.locator("[name=idea]").fill(TYPED["idea"])
    for choice in TYPED["order"]:
        page.locator(f"button.choice:has(+ [name=order__{choice}])").tap()
    for place, line in enumerate(TYPED["lines"], 1):
        page.locator(f"[name=lines__{place}]").fill(line)
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    expect(page.locator("[data-say=lost]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    check_store(store, workshop)


def test_answers_under_an_erased_response_are_sent_as_new_ones(
    page: Page, hotspot: str, store: Store, workshop: Workshop
) -> None:
    begin(page, hotspot, workshop, "fr")
    address = page.url
    answer(page)
    send(page)
    page.wait_for_url("**/receipt")
    responses.withdraw(store, workshop.code, address.rsplit("/", 1)[1])
    page.goto(f"{address}/receipt")
    page.evaluate("indexedDB.deleteDatabase('tashkhis')")
    page.goto(address)
    answer(page)
    send(page)
    expect(page.locator("#summary")).to_be_focused()
    is_all_there(page)
    send(page)
    page.wait_for_url("**/receipt")
    check_store(store, workshop)


def test_what_waits_on_a_shared_tablet_outlasts_a_closed_workshop(
    page: Page, hotspot: str, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(questionnaire_of(QUESTIONS), kiosk=True)
    begin(page, hotspot, workshop, "fr")
    page.context.set_offline(True)
    tap(page, "who", "bank")
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.locator("#waiting .over").tap()
    workshops.set_state(store, workshop.code, CLOSED)
    page.context.set_offline(False)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    expect(page.locator("#tablet bdi")).to_have_text("1")
    page.locator("#tablet summary").tap()
    expect(page.locator("#tablet textarea")).to_have_value(re.compile("who=bank"))
    workshops.set_state(store, workshop.code, OPEN)
    page.goto(f"{hotspot}/{workshop.code}/fr")
    all_arrived(page, store, workshop, 1)
    expect(page.locator("#tablet")).to_be_hidden()
    assert [each.answers["who"] for each in responses.scan(store, workshop.code)] == ["bank"]
