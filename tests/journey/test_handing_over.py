"""From a phone that finds no network, through a message, to the store, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey import handed_over
from survey.handed_over import take_in
from survey.response import CLOSED, Workshop
from survey.store import Store, responses, workshops
from tests.conftest import questionnaire_of
from tests.journey.thumb import begin, send, tap

QUESTIONS = """
- type: select_one
  name: who
  required: true
  label: {fr: Qui, ar: من}
  choices:
  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}
  - {name: bank, label: {fr: Banque, ar: بنك}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
- {type: statements, name: lines, label: {fr: Lignes, ar: أسطر}}
"""
IDEA = "زيت [الأركان] & 100 % *_~ + l’eau"


@pytest.fixture
def workshop(open_workshop: Callable[..., Workshop]) -> Workshop:
    return open_workshop(questionnaire_of(QUESTIONS))


@pytest.mark.parametrize("way", ["text", "file"])
def test_what_a_phone_hands_over_is_taken_in_and_the_phone_then_gets_the_same_receipt(
    page: Page, server: str, store: Store, workshop: Workshop, tmp_path: Path, way: str
) -> None:
    begin(page, server, workshop, "ar")
    tap(page, "who", "coop")
    page.locator("[name=idea]").fill(IDEA)
    page.locator("[name=lines__1]").fill("un")
    page.context.set_offline(True)
    send(page)
    box = page.locator("#waiting .hand-over")
    box.locator("summary").tap()
    expect(box.locator("textarea")).not_to_have_value("")
    text = box.locator("textarea").input_value()
    if way == "file":
        with page.expect_download() as download:
            box.locator("a").tap()
        download.value.save_as(tmp_path / "phone.txt")
        text = (tmp_path / "phone.txt").read_text(encoding="utf-8")

    workshops.set_state(store, workshop.code, CLOSED)
    [outcome] = take_in(store, f"Salam,\n{text[:70]}\n{text[70:]}\nمع الشكر", "fr")
    assert outcome.said == handed_over.STORED
    (stored,) = responses.scan(store, workshop.code)
    assert stored.answers == {"who": "coop", "idea": IDEA, "lines": ["un"]}
    assert (stored.language, stored.channel) == ("ar", "handed_over")

    page.context.set_offline(False)
    page.wait_for_url("**/receipt")
    expect(page.locator("#receipt")).to_have_attribute("data-receipt", outcome.receipt)
    assert responses.count(store, workshop.code) == 1
