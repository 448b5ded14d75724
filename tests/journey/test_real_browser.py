"""The main job in a real browser on a phone's screen: answered in each language, exported cell by
cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from survey.export import FORMATS
from survey.questionnaire.loading import load
from survey.response import Workshop
from survey.store import Store, questionnaires, responses
from tests.conftest import PROJECT, questionnaire_of, table_of
from tests.journey.thumb import begin, go_on, send, tap, turn_to

ANSWERS: dict[str, Any] = {
    "p1": "coop",
    "p2": "09.541.01.01",
    "p3": "other",
    "p3__other": "أمينة المال ⵜⴰⵎ 𐤀",
    "p4": "f",
    "p5": None,
    "p6": ["argan", "saffron"],
    "p7": 120,
    "p8": 95,
    "p9": 2011,
    "o1": ["=Le safran", "الأركان"],
    "o2": ["honey", "argan", "saffron"],
    "o3": {"export": "4", "tourism": {"missing": "dk"}},
    "o4": ["own", "indh"],
    "o5": {"s1": "agree", "s2": "disagree", "s3": "pass"},
    "o6": ["igp_argane"],
    "o7": {"women": 55, "youth": 25, "grads": 20, "disab": 0},
    "o8": "سطر أول\nligne deux",
    "s1": None,
    "s2": {"roads": "1"},
    "s3": None,
    "s4": ["fair"],
    "s5": "Argan",
    "s6": ["hygiene", "raw", "knowhow", "design", "pack", "trace"],
    "s7": ["onssa"],
    "s8": {"own": 20, "indh": 80, "public": 0, "credit": 0, "rest": 0},
    "d1": ["Le transport"],
    "d2": ["market"],
    "d3": {"delay": "5"},
    "d4": 14,
    "d5": "growing",
    "d6": None,
    "d7": {"missing": "dk"},
    "d8": ["income", "time"],
    "d9": "Payer à temps.",
    "z1": None,
    "z2": ["Un guichet unique, la province, en 2019"],
    "z3": "2",
    "z4": "yes",
}


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))


def fill_with_script(page: Page, answers: dict[str, Any]) -> None:
    """Answers with a thumb: taps, and the keyboard for texts."""
    questionnaire = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    for section in questionnaire.sections:
        for question in section.questions:
            fill_question(page, question.type, question.name, answers)
        if section is not questionnaire.sections[-1]:
            go_on(page)


def fill_question(page: Page, kind: str, name: str, answers: dict[str, Any]) -> None:
    answer = answers.get(name)
    if answer is None:
        return
    missing = answer.get("missing") if isinstance(answer, dict) else None
    if name == "p2":
        page.locator("[name=p2]").select_option(answer)
    elif kind == "select_one":
        tap(page, name, missing or answer)
    elif kind == "select_multiple":
        for choice in answer:
            tap(page, name, choice)
    elif kind == "rank":
        for choice in answer:
            page.locator(f"button.choice:has(+ input[name='{name}__{choice}'])").tap()
    elif kind in ("matrix", "vote"):
        for row, point in answer.items():
            tap(page, f"{name}__{row}", point if isinstance(point, str) else point["missing"])
    elif kind == "allocation":
        for choice, share in answer.items():
            page.locator(f"[name='{name}__{choice}']").fill(str(share) if share else "")
    elif kind == "statements":
        for place, text in enumerate(answer, 1):
            page.locator(f"[name='{name}__{place}']").fill(text)
    else:
        page.locator(f"[name='{name}']").fill(str(answer))
    if f"{name}__other" in answers:
        page.locator(f"[name='{name}__other']").fill(answers[f"{name}__other"])


def fill_without_script(page: Page, answers: dict[str, Any]) -> None:
    """Answers where every question is on one page, ranks are numbers and rows are lists."""
    questionnaire = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    for question in questionnaire.questions():
        answer = answers.get(question.name)
        if question.type == "rank" and answer is not None:
            for place, choice in enumerate(answer, 1):
                page.locator(f"[name='{question.name}__{choice}']").fill(str(place))
        elif question.type in ("matrix", "vote") and answer is not None:
            for row, point in answer.items():
                chosen = point if isinstance(point, str) else point["missing"]
                page.locator(f"[name='{question.name}__{row}']").select_option(chosen)
        else:
            fill_question(page, question.type, question.name, answers)


def exported(store: Store, workshop: Workshop, format: str) -> bytes:
    questionnaire = questionnaires.get(store, workshop.version)
    file = io.BytesIO()
    FORMATS[format].write(table_of(questionnaire, responses.scan(store, workshop.code)), file)
    return file.getvalue()


def check_exports(store: Store, workshop: Workshop, expected: list[dict[str, Any]]) -> None:
    """The three exports hold exactly these answers, cell by cell."""
    lines = [json.loads(line) for line in exported(store, workshop, "jsonl").splitlines()]
    assert [line["answers"] for line in lines] == expected

    questionnaire = questionnaires.get(store, workshop.version)
    table = table_of(questionnaire, [])
    stored = list(responses.scan(store, workshop.code))
    assert [each.answers for each in stored] == expected
    cells = list(table_of(questionnaire, stored).rows())

    text = exported(store, workshop, "csv").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == table.header
    for row, wanted in zip(rows, cells, strict=True):
        for name, cell, value in zip(header, row, wanted, strict=True):
            plain = cell[1:] if cell[:1] == "'" else cell
            assert plain == ("" if value is None else str(value)), name

    sheet = openpyxl.load_workbook(io.BytesIO(exported(store, workshop, "xlsx")))["Responses"]
    first, *others = sheet.iter_rows(values_only=True)
    assert list(first) == table.header
    assert [list(row) for row in others] == cells


def test_the_diagnosis_is_answered_in_each_language_and_exported(
    browser: Browser,
    page: Page,
    faults: list[str],
    server: str,
    store: Store,
    workshop: Workshop,
    browser_context_args: dict[str, Any],
) -> None:
    for language in ("ar", "fr", "en"):
        begin(page, server, workshop, language)
        fill_with_script(page, ANSWERS)
        send(page)
        page.wait_for_url("**/receipt")
        direction = "rtl" if language == "ar" else "ltr"
        assert page.locator("html").get_attribute("dir") == direction
    assert faults == []

    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        plain = context.new_page()
        begin(plain, server, workshop, "fr")
        fill_without_script(plain, ANSWERS)
        plain.locator("#send").click()
        plain.wait_for_url("**/receipt")

    check_exports(store, workshop, [ANSWERS] * 4)
    languages = [each.language for each in responses.scan(store, workshop.code)]
    assert languages == ["ar", "fr", "en", "fr"]


def test_what_is_not_relevant_is_not_shown_asked_or_stored(
    page: Page, server: str, store: Store, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    expect(page.locator("#q-p7")).to_be_hidden()
    tap(page, "p1", "coop")
    expect(page.locator("#q-p7")).to_be_visible()
    page.locator("[name=p7]").fill("12")
    tap(page, "p1", "bank")
    expect(page.locator("#q-p7")).to_be_hidden()
    page.locator("[name=p2]").select_option("09")
    for _ in range(4):
        go_on(page)
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert "p7" not in stored.answers
    assert stored.answers["p1"] == "bank"


def test_mistakes_are_explained_where_they_are_and_nothing_typed_is_lost(
    page: Page, server: str, store: Store, workshop: Workshop, faults: list[str]
) -> None:
    begin(page, server, workshop, "ar")
    tap(page, "p1", "coop")
    page.locator("[name=p7]").fill("١٠")
    page.locator("[name=p8]").fill("٣٠")
    for _ in range(4):
        go_on(page)
    page.locator("[name=z2__1]").fill("شباك وحيد")
    send(page)
    expect(page.locator("#q-p2")).to_be_focused()
    expect(page.locator("#q-p2 .error")).to_be_visible()
    page.locator("[name=p2]").select_option("09.541")
    expect(page.locator("#q-p2 .error")).to_be_hidden()
    send(page)
    expect(page.locator("#summary")).to_be_focused()
    links = page.locator("#summary a")
    assert [link.get_attribute("href") for link in links.all()] == ["#q-p8"]
    expect(page.locator("[name=z2__1]")).to_have_value("شباك وحيد")
    links.click()
    expect(page.locator("#q-p8")).to_be_in_viewport()
    page.locator("[name=p8]").fill("٣")
    page.evaluate("location.hash = 's-z'")
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert (stored.answers["p7"], stored.answers["p8"]) == (10, 3)
    assert stored.answers["z2"] == ["شباك وحيد"]
    assert faults == []


@pytest.mark.parametrize("scripted", [True, False])
def test_the_language_changes_on_the_way_without_losing_what_was_typed(
    browser: Browser,
    server: str,
    store: Store,
    workshop: Workshop,
    browser_context_args: dict[str, Any],
    scripted: bool,
) -> None:
    with browser.new_context(**browser_context_args, java_script_enabled=scripted) as context:
        page = context.new_page()
        begin(page, server, workshop, "fr")
        tap(page, "p1", "artisan")
        page.locator("[name=p7]").fill("nonsense stays too")
        if scripted:
            go_on(page)
        page.locator("[name=o1__1]").fill("Le safran")
        page.locator("button[name=_language][value=ar]").click()
        page.wait_for_url("**/ar/**")
        assert page.locator("html").get_attribute("dir") == "rtl"
        if scripted:
            expect(page.locator("#s-o")).to_be_visible()
            expect(page.locator("#s-p")).to_be_hidden()
        expect(page.locator("[name=o1__1]")).to_have_value("Le safran")
        expect(page.locator("[name=p7]")).to_have_value("nonsense stays too")
        expect(page.locator("[name=p1][value=artisan]")).to_be_checked()
        expect(page.locator(".q .error")).to_have_count(0)
        assert responses.count(store, workshop.code) == 0


def test_the_browsers_back_button_goes_back_one_section(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    page.locator("[name=p2]").select_option("09")
    go_on(page)
    expect(page.locator("#s-o h2")).to_be_focused()
    page.go_back()
    expect(page.locator("#s-p")).to_be_visible()
    expect(page.locator("[name=p2]")).to_have_value("09")


def test_ranking_works_by_keyboard(page: Page, server: str, workshop: Workshop) -> None:
    begin(page, server, workshop, "fr")
    go_on(page)
    expect(page.locator("#s-o h2")).to_be_focused()
    buttons = page.locator("#q-o2 button.choice")
    expect(buttons.nth(3)).to_be_visible()
    buttons.nth(3).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(buttons.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[name=o2__almond]")).to_have_value("1")
    expect(page.locator("[name=o2__honey]")).to_have_value("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=o2__almond]")).to_have_value("")
    expect(page.locator("[name=o2__honey]")).to_have_value("1")


def test_shares_can_be_given_by_thumb_alone_and_show_their_total(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    go_on(page)
    more = page.locator("#q-o7 .share").nth(0).locator("button").nth(1)
    for _ in range(3):
        more.tap()
    expect(page.locator("[name=o7__women]")).to_have_value("15")
    expect(page.locator("#q-o7 output")).to_have_text("15")


def test_tapping_the_words_of_a_share_changes_nothing(
    page: Page, server: str, workshop: Workshop
) -> None:
    begin(page, server, workshop, "fr")
    go_on(page)
    page.locator("[name=o7__women]").fill("50")
    page.locator("#q-o7 .numbers").get_by_text("Femmes rurales").tap()
    expect(page.locator("[name=o7__women]")).to_have_value("50")
    expect(page.get_by_role("textbox", name="Femmes rurales")).to_have_value("50")


def test_dont_know_sets_an_answer_aside_and_gives_it_back(
    page: Page, server: str, store: Store, open_workshop: Callable[..., Workshop]
) -> None:
    workshop = open_workshop(
        questionnaire_of("- {type: text, name: idea, dk: true, label: {fr: Idée, ar: فكرة}}")
    )
    begin(page, server, workshop, "fr")
    page.locator("[name=idea]").fill("long thought")
    tap(page, "idea__missing", "dk")
    expect(page.locator("[name=idea]")).to_be_disabled()
    tap(page, "idea__missing", "dk")
    expect(page.locator("[name=idea]")).to_have_value("long thought")
    tap(page, "idea__missing", "dk")
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers == {"idea": {"missing": "dk"}}


def test_a_chosen_point_can_be_taken_back(page: Page, server: str, workshop: Workshop) -> None:
    begin(page, server, workshop, "fr")
    coop = page.locator("[name=p1][value=coop]")
    tap(page, "p1", "coop")
    expect(coop).to_be_checked()
    tap(page, "p1", "coop")
    expect(coop).not_to_be_checked()
    tap(page, "p1", "coop")
    coop.press("Space")
    expect(coop).not_to_be_checked()
    expect(page.locator("#q-p7")).to_be_hidden()


def test_enter_in_a_field_never_sends_a_half_filled_form(
    browser: Browser,
    server: str,
    store: Store,
    workshop: Workshop,
    browser_context_args: dict[str, Any],
) -> None:
    for scripted in (True, False):
        with browser.new_context(**browser_context_args, java_script_enabled=scripted) as context:
            page = context.new_page()
            begin(page, server, workshop, "fr")
            tap(page, "p1", "coop")
            page.locator("[name=p7]").press("Enter")
            page.wait_for_timeout(300)
            assert "receipt" not in page.url
            expect(page.locator("#summary")).to_have_count(0)
            expect(page.locator("[name=p1][value=coop]")).to_be_checked()


@pytest.mark.parametrize("width", [360, 320])
@pytest.mark.parametrize("language", ["ar", "fr", "en", "zgh"])
def test_nothing_runs_over_the_edge_of_a_small_screen(
    page: Page, server: str, workshop: Workshop, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 568})
    begin(page, server, workshop, language)
    tap(page, "p1", "coop")
    for section in "posdz":
        turn_to(page, f"s-{section}")
        overflow = page.evaluate(
            """width => [...document.querySelectorAll('body *')].filter(element => {
                const box = element.getBoundingClientRect();
                return box.width && (box.left < -1 || box.right > width + 1);
            }).map(element => element.outerHTML.slice(0, 80))""",
            width,
        )
        assert overflow == []


def test_a_plain_hotspot_address_works_like_any_other(
    page: Page, server: str, store: Store, workshop: Workshop
) -> None:
    """Plain http on a host name: no secure context, and the browser sends no Sec-Fetch headers."""
    port = server.rsplit(":", 1)[1]
    begin(page, f"http://workshop.test:{port}", workshop, "ar")
    assert page.evaluate("isSecureContext") is False
    tap(page, "p1", "coop")
    page.locator("[name=p2]").select_option("09")
    page.evaluate("location.hash = 's-z'")
    send(page)
    page.wait_for_url("**/receipt")
    assert responses.count(store, workshop.code) == 1


def test_a_question_may_bear_any_name(
    page: Page,
    server: str,
    store: Store,
    open_workshop: Callable[..., Workshop],
    faults: list[str],
) -> None:
    """Names that a form, a document or WTForms use themselves."""
    names = [
        "action",
        "closest",
        "dataset",
        "submit",
        "data",
        "validate",
        "meta",
        "errors",
        "length",
    ]
    questions = "\n".join(
        f"- {{type: text, name: {name}, label: {{fr: T, ar: ت}}}}" for name in names
    )
    workshop = open_workshop(questionnaire_of(questions))
    begin(page, server, workshop, "fr")
    for name in names:
        page.locator(f"[name={name}]").fill(name)
    page.locator("button[name=_language]").click()
    page.wait_for_url("**/ar/**")
    send(page)
    page.wait_for_url("**/receipt")
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers == {name: name for name in names}
    assert faults == []
