"""Paper forms typed in with the keyboard alone, in a real browser; the responses' pages by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey.facilitator.views import COOKIE
from survey.questionnaire.loading import load
from survey.response import PAPER, TEST, Sending, Workshop, new_id
from survey.store import Store, facilitators, histories, responses
from tests.conftest import PROJECT, questionnaire_of

QUESTIONNAIRE = questionnaire_of(
    """
- {type: select_one, name: actor, required: true, other: true, choices: [{name: coop, label: {fr: Coopérative, ar: تعاونية}}, {name: bank, label: {fr: Banque, ar: بنك}}], label: {fr: Qui ?, ar: من؟}}
- {type: integer, name: members, relevant: "${actor} = 'coop'", dk: true, label: {fr: Combien ?, ar: كم؟}}
- {type: select_multiple, name: funds, choices: [{name: own, label: {fr: Fonds propres, ar: ذاتي}}, {name: indh, label: {fr: INDH, ar: المبادرة}}], label: {fr: Fonds ?, ar: تمويل؟}}
- {type: rank, name: chain, choices: [{name: argan, label: {fr: Argan, ar: أركان}}, {name: honey, label: {fr: Miel, ar: عسل}}], label: {fr: Filières ?, ar: سلاسل؟}}
- {type: matrix, name: asset, relevant: "selected(${funds}, 'indh')", rows: [{name: people, label: {fr: Personnes, ar: ناس}}, {name: roads, label: {fr: Routes, ar: طرق}}], scale: [{name: "1", label: {fr: Faible, ar: ضعيف}}, {name: "2", label: {fr: Fort, ar: قوي}}], label: {fr: Atouts ?, ar: مؤهلات؟}}
- {type: text, name: idea, appearance: multiline, label: {fr: Idée, ar: فكرة}}
"""
)


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(QUESTIONNAIRE)


@pytest.fixture
def laptop(browser: Browser, store: Store, server: str) -> Iterator[Page]:
    """A laptop's browser, signed in."""
    facilitators.add(store, "samira")
    token = facilitators.begin_session(store, "samira")
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.add_cookies(
            [{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/desk"}]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def type_lines(page: Page, *lines: str) -> None:
    """Each line and Enter, as one types without looking, once the sheet is there."""
    expect(page.locator("#sheet :focus")).to_have_count(1)
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def said(page: Page, name: str) -> str:
    return page.locator(f"[name={name}] ~ output").inner_text()


def in_focus(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.name || document.activeElement.tagName")
    return found


def test_two_paper_forms_by_the_keyboard_alone(
    laptop: Page, server: str, store: Store, workshop: Workshop
) -> None:
    faults: list[str] = []
    laptop.on("pageerror", lambda error: faults.append(str(error)))
    laptop.on("console", lambda message: faults.append(message.text))
    laptop.goto(f"{server}/desk/fr/workshops/{workshop.code}/paper")
    expect(laptop.locator("[name=actor]")).to_be_focused()
    laptop.keyboard.type("1")
    assert said(laptop, "actor") == "Coopérative"
    laptop.keyboard.press("Enter")
    type_lines(laptop, "12", "2 own", "honey 1", "2")
    assert said(laptop, "funds") == "INDH · Fonds propres".replace(" · ", "")
    assert in_focus(laptop) == "asset__roads"
    laptop.keyboard.press("Shift+Enter")
    assert in_focus(laptop) == "asset__people"
    type_lines(laptop, "2", "")
    laptop.keyboard.type("De l’eau")
    laptop.keyboard.press("Shift+Enter")
    type_lines(laptop, "et du sel")
    assert in_focus(laptop) == "BUTTON"
    laptop.keyboard.press("Shift+Enter")
    assert in_focus(laptop) == "idea"  # back, and nothing was saved
    laptop.keyboard.press("Enter")
    laptop.keyboard.press("Enter")
    expect(laptop.locator(".message .receipt")).to_be_visible()

    (first,) = responses.scan(store, workshop.code)
    assert first.answers == {
        "actor": "coop",
        "members": 12,
        "funds": ["own", "indh"],
        "chain": ["honey", "argan"],
        "asset": {"people": "2"},
        "idea": "De l’eau\net du sel",
    }
    assert first.channel == PAPER
    assert laptop.locator(".message .receipt").inner_text().replace(" ", "") == first.receipt

    assert in_focus(laptop) == "actor"
    type_lines(laptop, "bank")
    assert in_focus(laptop) == "funds"  # how many members is not asked of a bank
    expect(laptop.locator("#q-members .skipped")).to_be_visible()
    type_lines(laptop, "own", "")
    assert in_focus(laptop) == "idea"
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator(".message .receipt")).not_to_have_text(
        f"{first.receipt[:4]} {first.receipt[4:]}"
    )
    *_, second = responses.scan(store, workshop.code)
    assert second.answers == {
        "actor": "bank",
        "funds": ["own"],
        "chain": None,
        "idea": None,
    }
    assert faults == []


def test_a_slip_is_seen_while_typing_and_the_cursor_comes_back_to_it(
    laptop: Page, server: str, store: Store, workshop: Workshop
) -> None:
    laptop.goto(f"{server}/desk/fr/workshops/{workshop.code}/paper")
    type_lines(laptop, "coop", "dix")
    expect(laptop.locator("[name=members] ~ output.unknown")).not_to_be_empty()
    laptop.keyboard.type("own xyz")
    expect(laptop.locator("[name=funds] ~ output.unknown")).to_contain_text("xyz")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator("#summary")).to_be_visible()
    assert in_focus(laptop) == "members"
    laptop.keyboard.press("Control+A")
    type_lines(laptop, "10")
    laptop.keyboard.press("Control+A")
    laptop.keyboard.type("own")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator(".message .receipt")).to_be_visible()
    (response,) = responses.scan(store, workshop.code)
    assert (response.answers["members"], response.answers["funds"]) == (10, ["own"])


def test_without_script_enter_sends_nothing_and_the_button_does(
    browser: Browser, server: str, store: Store, workshop: Workshop
) -> None:
    facilitators.add(store, "samira")
    token = facilitators.begin_session(store, "samira")
    with browser.new_context(java_script_enabled=False) as context:
        context.add_cookies(
            [{"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/desk"}]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{server}/desk/fr/workshops/{workshop.code}/paper")
        page.locator("[name=actor]").fill("coop")
        page.keyboard.press("Enter")
        page.locator("[name=funds]").fill("xyz")
        assert responses.count(store, workshop.code) == 0
        page.locator(".save .main").click()
        expect(page.locator("#e-funds")).to_contain_text("xyz")
        assert page.locator("[name=actor] ~ output").inner_text() == "Coopérative"
        page.locator("[name=funds]").fill("own")
        page.locator(".save .main").click()
        expect(page.locator(".message .receipt")).to_be_visible()
    assert responses.count(store, workshop.code) == 1


def test_a_second_entry_is_settled_question_by_question(
    laptop: Page, server: str, store: Store, workshop: Workshop
) -> None:
    answers = {"actor": "bank", "funds": None, "chain": None, "idea": "eua"}
    sending = Sending(new_id(), answers, "fr", channel=PAPER)
    receipt = responses.add(store, workshop.code, sending).code
    laptop.goto(f"{server}/desk/fr/workshops/{workshop.code}/responses/{receipt}/second-entry")
    type_lines(laptop, "bank", "own", "")
    laptop.keyboard.type("eau")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator("fieldset")).to_have_count(2)
    laptop.locator("[name=_choose_funds][value=first]").check()
    laptop.locator("[name=_choose_idea][value=second]").check()
    laptop.locator("main form button.main").click()
    expect(laptop.locator("#t-revisions")).to_be_visible()
    newest = histories.get(store, receipt).newest
    assert newest.answers == {**answers, "idea": "eau"}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_page_about_responses_is_accessible(
    laptop: Page,
    server: str,
    store: Store,
    open_workshop: Callable[..., Workshop],
    language: str,
) -> None:
    workshop = open_workshop(load(PROJECT / "questionnaires" / "souss-massa.yaml"))
    start = f"{server}/desk/{language}/workshops/{workshop.code}"
    laptop.goto(f"{start}/responses")
    check(laptop)
    id = new_id()
    receipt = responses.add(
        store, workshop.code, Sending(id, {"p1": "coop", "p2": "09.541"}, "fr", channel=PAPER)
    ).code
    responses.add(store, workshop.code, Sending(id, {"p1": "bank", "p2": "09"}, "fr", replaces=1))
    test = responses.add(store, workshop.code, Sending(new_id(), {"p1": "coop"}, "ar")).code
    histories.mark(store, test, TEST, "essai")
    for place in (
        "",
        "?q=zzzzzzzzz",
        "/erase?receipt=ZZZZ",
        f"/{receipt}",
        f"/{receipt}?revision=1&words=ar",
        f"/{test}",
        f"/{receipt}/erase",
        f"/{receipt}/second-entry",
    ):
        laptop.goto(f"{start}/responses{place}")
        check(laptop)
    type_lines(laptop, "coop", "tiznit")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator("#summary, fieldset").first).to_be_visible()
    check(laptop)
    laptop.goto(f"{start}/responses/{test}")
    laptop.locator("button[value=duplicate]").or_(laptop.locator(".marked button")).first.click()
    laptop.locator("#mark button").first.click()
    expect(laptop.locator("#e-reason")).to_be_visible()
    check(laptop)
    laptop.goto(f"{start}/paper")
    check(laptop)
    type_lines(laptop, "coop", "zzz")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator("#summary")).to_be_visible()
    check(laptop)
    laptop.locator("[name=p2]").fill("09.541")
    laptop.keyboard.press("Control+Enter")
    expect(laptop.locator(".message .receipt")).to_be_visible()
    check(laptop)
    laptop.goto(f"{start}/responses/{test}/erase")
    laptop.locator("button.wrong").click()
    expect(laptop.locator("button.wrong")).to_have_count(0)
    check(laptop)
