"""What makes the form easy on a small phone: search, lines that grow, reading aloud, big targets,
paper, little weight; and that everybody can use every page in every state."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey.questionnaire.loading import load, load_text
from survey.questionnaire.model import NOTICE_PLACEHOLDERS, Questionnaire
from survey.response import CLOSED, DRAFT, OPEN, Workshop
from survey.store import Store, responses, workshops
from tests.conftest import PROJECT, questionnaire_of
from tests.journey.thumb import PATIENCE, begin, go_on, is_laid_out, saved, send, tap, turn_to

LANGUAGES = ["ar", "fr", "en", "zgh"]
SECTIONS = "posdz"


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("fr", "taroudant", "Taroudannt"),
        ("fr", "ait baha", "Ait Baha"),
        ("fr", "AÏT-MELLOUL", "Ait Melloul"),
        ("fr", "Tznt", "Tiznit"),
        ("fr", "ouled teima", "Oulad Teima"),
        ("ar", "تزنيت", "تيزنيت"),
        ("ar", "اكادير", "أكادير"),
        ("ar", "إنزكــان", "إنزكان"),
        ("ar", "تَارُودَانْت", "تارودانت"),
        ("ar", "ايت باها", "آيت باها"),
    ],
)
def test_a_place_is_found_however_it_is_spelt(
    page: Page, server: str, workshop: Workshop, language: str, typed: str, found: str
) -> None:
    begin(page, server, workshop, language)
    page.locator("#q-p2 [type=search]").fill(typed)
    choices = page.locator("#q-p2 button.choice")
    texts = choices.all_inner_texts()
    assert found in texts
    choices.nth(texts.index(found)).tap()
    expect(page.locator("[name=p2] option:checked")).to_have_text(found)
    expect(page.locator("[name=p2]")).to_be_focused()
    expect(choices).to_have_count(0)


def test_a_long_list_is_narrowed_but_what_is_chosen_stays_in_sight(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    tap(page, "p1", "coop")
    page.locator("#q-p1 [type=search]").fill("reseau")
    shown = page.locator("#q-p1 .list label:visible")
    assert shown.all_inner_texts() == ["Coopérative", "Réseau ou fédération d'associations"]
    page.locator("#q-p1 [type=search]").fill("")
    expect(shown).to_have_count(20)


@pytest.mark.parametrize("question", ["p1", "p2"])
def test_how_many_are_found_is_told_to_whoever_does_not_see_them(
    page: Page, server: str, workshop: Workshop, question: str
) -> None:
    begin(page, server, workshop, "fr")
    said = page.locator(f"#q-{question} output")
    assert said.evaluate("output => output.getAttribute('role') ?? output.tagName") == "OUTPUT"
    search = page.locator(f"#q-{question} [type=search]")
    for typed in ("co", "se"):
        search.fill(typed)
        shown = page.locator(f"#q-{question} :is(.list label,button.choice):visible")
        expect(said).to_have_text(re.compile(rf" {shown.count()}$"))
    search.fill("no such thing")
    expect(said).to_have_text(re.compile(r"^\D+$"))
    search.fill("")
    expect(said).to_have_text("")


def test_a_choice_is_found_and_made_by_keyboard(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    page.locator("#q-p2 [type=search]").focus()
    page.keyboard.type("tiznit")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=p2] option:checked")).to_contain_text("Tiznit")


def test_statements_grow_a_line_at_a_time(page: Page, server: str, workshop: Workshop) -> None:
    begin(page, server, workshop, "fr")
    go_on(page)
    lines = page.locator("#q-o1 li:visible input")
    expect(lines).to_have_count(1)
    lines.first.fill("Le safran")
    expect(lines).to_have_count(2)
    lines.first.press("Enter")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.type("Le miel")
    expect(lines).to_have_count(3)
    lines.nth(1).fill("")
    expect(lines).to_have_count(2)


VOICES = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => [{ lang: "fr-FR" }],
  speak: utterance => said.push([utterance.lang, utterance.text]),
  cancel: () => said.push("hush"),
}) });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def test_a_question_is_read_aloud_by_the_phones_own_voice(
    page: Page, server: str, workshop: Workshop
) -> None:
    page.add_init_script(VOICES)
    begin(page, server, workshop, "fr")
    button = page.locator("#q-p4 .say")
    button.tap()
    language, text = page.evaluate("said.at(-1)")
    assert language == "fr-FR"
    assert text.startswith("Sexe") and "Femme" in text and "−" not in text
    button.tap()
    assert page.evaluate("said.at(-1)") == "hush"


def test_titles_and_the_notice_are_read_aloud_too(
    page: Page, server: str, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(
        questionnaire_of("- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}")
    )
    page.add_init_script(VOICES)
    page.goto(f"{server}/{workshop.code}/fr")
    page.locator(".notice .say").tap()
    assert "Avis de" in page.evaluate("said.at(-1)[1]")
    begin(page, server, workshop, "fr")
    page.locator("#s-only > .say").tap()
    assert page.evaluate("said.at(-1)[1]") == "1 / 1 Tout"
    go_on(page)
    page.locator("#check > .say").tap()
    assert page.evaluate("said.at(-1)[1]").startswith("Vérifi")


def test_there_is_no_button_to_read_aloud_where_no_voice_speaks_the_language(
    page: Page, server: str, workshop: Workshop
) -> None:
    page.add_init_script(VOICES)
    page.goto(f"{server}/{workshop.code}/ar")
    expect(page.locator(".say")).to_have_count(0)
    begin(page, server, workshop, "ar")
    expect(page.locator(".say")).to_have_count(0)


def test_a_recording_is_played_where_the_questionnaire_names_one(
    page: Page, server: str, open_workshop: Callable[..., Workshop], faults: list[str]
) -> None:
    workshop = open_workshop(load(PROJECT / "tests" / "features" / "audio.yaml"))
    begin(page, server, workshop, "ar")
    with page.expect_response("**/static/audio/*") as heard:
        page.locator("#q-hello .say").tap()
    assert heard.value.status in (200, 206)
    assert faults == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_everything_to_tap_is_big_enough_for_a_thumb(
    page: Page, server: str, workshop: Workshop, language: str
) -> None:
    begin(page, server, workshop, language)
    tap(page, "p1", "coop")
    for step in [*(f"s-{section}" for section in SECTIONS), "check"]:
        turn_to(page, step)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button,label:has(input),select,.step input:not([type=radio],[type=checkbox]),textarea")]
                .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 47.5)
                .map(element => element.outerHTML.slice(0, 90))"""
        )
        assert small == []


def test_the_whole_form_is_one_request_and_light_in_a_real_browser(
    page: Page, server: str, open_workshop: Callable[..., Workshop]
) -> None:
    questionnaire = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    notice = dict.fromkeys(NOTICE_PLACEHOLDERS, dict.fromkeys(questionnaire.languages, "x"))
    workshop = open_workshop(questionnaire, trial=False, notice=notice)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{server}/{workshop.code}/ar/{'a' * 26}")
    expect(page.locator("html.js")).to_be_attached()
    page.wait_for_timeout(300)
    assert len(sizes) == 1
    assert sizes[0] - len("Server: waitress\r\n") <= 20_000  # which `survey serve` leaves out


def test_the_form_prints_as_a_blank_one_with_codes(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    page.emulate_media(media="print")
    for section in SECTIONS:
        expect(page.locator(f"#s-{section}")).to_be_visible()
    expect(page.locator("#q-p7")).to_be_visible()
    expect(page.locator("#send")).to_be_hidden()
    code = page.evaluate(
        "getComputedStyle(document.querySelector('[name=p1][value=coop]'), '::before').content"
    )
    assert code == '"coop"'


AXE = Axe()
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


@pytest.fixture
def check(page: Page) -> Iterator[Callable[..., None]]:
    """Looks for faults of accessibility, in the dark for those of colour, and that nothing runs over
    the edge."""

    def check(shown: Page = page) -> None:
        expect(shown.locator("[inert]")).to_have_count(0)
        is_laid_out(shown)
        found = AXE.run(shown)
        assert found.violations_count == 0, found.generate_report()
        shown.emulate_media(color_scheme="dark")
        assert shown.evaluate("options => axe.run(options)", CONTRAST)["violations"] == []
        shown.emulate_media(color_scheme="light")
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")

    yield check


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_every_page_in_every_state(
    page: Page,
    check: Callable[..., None],
    server: str,
    store: Store,
    workshop: Workshop,
    open_workshop: Callable[..., Workshop],
    language: str,
) -> None:
    page.goto(f"{server}/?language={language}")
    check()
    page.goto(f"{server}/?language={language}&code=zzz")
    check()
    page.goto(f"{server}/{workshop.code}/{language}")
    check()
    begin(page, server, workshop, language)
    address = page.url
    for section in SECTIONS:
        turn_to(page, f"s-{section}")
        check()
    send(page)
    expect(page.locator("#q-p1 .error")).to_be_visible()
    check()
    tap(page, "p1", "coop")
    page.locator("#q-p1 [type=search]").fill("no such thing")
    page.locator("#q-p2 [type=search]").fill("t")
    page.locator("[name=p2]").select_option("09")
    page.locator("[name=p8]").fill("no number")
    check()
    send(page)
    expect(page.locator("#summary")).to_be_visible()
    check()
    page.locator("[name=p8]").fill("3")
    turn_to(page, "check")
    check()
    page.goto(f"{server}/{workshop.code}/{language}")
    expect(page.locator("#kept")).to_be_visible()
    check()
    page.goto(address)
    page.context.set_offline(True)
    page.locator("[name=_language]").first.tap()
    expect(page.locator("#unreachable")).to_be_visible()
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    page.locator("#waiting summary").tap()
    check()
    page.route("**/receipt", lambda route: route.abort())
    page.context.set_offline(False)
    expect(page.locator("#stored")).to_be_visible()
    check()
    page.unroute("**/receipt")
    page.locator("#stored a").tap()
    page.wait_for_url("**/receipt")
    check()
    page.goto(f"{address}/edit")
    page.locator("[name=p8]").fill("7")
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{address}/edit")
    other.locator("[name=p8]").fill("8")
    saved(other)
    other.close()
    workshops.set_state(store, workshop.code, CLOSED)
    page.goto(address)
    page.goto(f"{server}/{workshop.code}/{language}")
    check()
    page.goto(f"{server}/{workshop.code}/{language}/{'b' * 26}")
    check()
    page.goto(f"{address}/withdraw")
    check()
    workshops.set_state(store, workshop.code, OPEN)
    store.remembered.clear()
    page.goto(f"{address}/withdraw")
    check()
    page.locator("button.wrong").tap()
    expect(page.locator("[data-erased]")).to_be_visible()
    check()
    page.goto(f"{address}/receipt")
    check()
    waiting = workshops.create(store, tiny_of("idea"), trial=True)
    assert waiting.state == DRAFT
    page.goto(f"{server}/{waiting.code}/{language}")
    check()


TINY = """
name: tiny
title: {fr: Essai, ar: تجربة, en: Trial}
languages: [fr, ar, en]
partial: [zgh]
fallback: fr
privacy_notice: {fr: "{controller}", ar: "{controller}", en: "{controller}"}
sections:
- name: only
  title: {fr: Tout, ar: الكل, en: All}
  questions:
  - {type: text, name: NAME, label: {fr: Idée, ar: فكرة, en: Idea}}
"""


def tiny_of(name: str) -> Questionnaire:
    """One question of that name, in every language."""
    return load_text(TINY.replace("NAME", name).encode(), "tiny.yaml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_what_happens_to_an_answer(
    page: Page,
    check: Callable[..., None],
    server: str,
    store: Store,
    open_workshop: Callable[..., Workshop],
    language: str,
) -> None:
    """Other answers at the same address, a workshop closed meanwhile, questions that changed."""
    workshop = open_workshop(tiny_of("idea"))
    begin(page, server, workshop, language)
    address = page.url
    page.locator("[name=idea]").fill("first")
    send(page)
    page.wait_for_url("**/receipt")
    page.goto(f"{address}/edit")
    page.request.post(
        address,
        data="idea=second&_revision=1&_end=1",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    page.locator("[name=idea]").fill("third")
    send(page)
    expect(page.locator("#summary")).to_contain_text("second")
    check()
    workshops.set_state(store, workshop.code, CLOSED)
    send(page)
    page.locator("#summary summary").tap()
    expect(page.locator("#summary textarea")).to_be_visible()
    check()
    workshops.set_state(store, workshop.code, OPEN)
    newer = open_workshop(tiny_of("thought"))
    with store.write() as database:
        database.execute(
            "update workshop set version = ? where code = ?", (newer.version, workshop.code)
        )
    store.remembered.clear()
    page.goto(address)
    expect(page.locator("#misfits")).to_contain_text("third")
    check()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_a_shared_tablet_and_a_phone_that_cannot_save(
    page: Page,
    check: Callable[..., None],
    server: str,
    open_workshop: Callable[..., Workshop],
    language: str,
) -> None:
    page.add_init_script(
        "indexedDB.open = () => { throw new Error('none'); };"
        "Storage.prototype.setItem = () => { throw new Error('full'); };"
    )
    begin(page, server, open_workshop(tiny_of("idea")), language)
    page.locator("[name=idea]").fill("x")
    expect(page.locator("[data-say=lost]")).to_be_visible()
    check()
    page.clock.install()
    begin(page, server, open_workshop(tiny_of("idea"), kiosk=True), language)
    page.clock.run_for(181_000)
    expect(page.locator("#still-there")).to_be_visible()
    check()
    page.locator("[name=idea]").fill("x")
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    check()
    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    check()


def test_without_script_every_state_can_be_used(
    browser: Browser,
    server: str,
    store: Store,
    browser_context_args: dict[str, Any],
    open_workshop: Callable[..., Workshop],
) -> None:
    """Correct, see both versions, choose, take back: with plain pages alone."""
    workshop = open_workshop(tiny_of("idea"))
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        page = context.new_page()
        begin(page, server, workshop, "fr")
        address = page.url
        page.locator("[name=idea]").fill("first")
        page.locator("#send").click()
        page.wait_for_url("**/receipt")
        page.locator("a[href$='/edit']").click()
        expect(page.locator("[name=idea]")).to_have_value("first")
        page.goto(address)
        page.locator("[name=idea]").fill("another")
        page.locator("#send").click()
        expect(page.locator("#summary")).to_contain_text("first")
        expect(page.locator("#summary")).to_contain_text("another")
        page.locator("#send").click()
        page.wait_for_url("**/receipt")
        (stored,) = responses.scan(store, workshop.code)
        assert (stored.revision, json.dumps(stored.answers)) == (2, '{"idea": "another"}')
        page.locator("a[href$='/withdraw']").click()
        page.locator("button.wrong").click()
        expect(page.locator("[data-erased]")).to_be_visible()
        assert responses.count(store, workshop.code) == 0
