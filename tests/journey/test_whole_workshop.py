"""A whole workshop in a real browser: at the desk, on the wall, on phones, on paper, in the files;
and every page of the desk by axe, so that none can be forgotten."""

from __future__ import annotations

import csv
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from benchmarks.hall import made_up
from survey import export_jobs
from survey.app import create_app, services_of
from survey.facilitator.views import COOKIE
from survey.orders import Order
from survey.questionnaire.loading import load
from survey.response import OPEN, PAPER, TEST, WEB, Sending, new_id
from survey.settings import Settings
from survey.store import Store, facilitators, halls, histories, responses, shares, workshops
from survey.store.halls import Hall
from tests.conftest import PROJECT
from tests.journey.thumb import PATIENCE, saved, send, tap

PASSWORD = "argan saffron honey"
BY_ITSELF = 40_000
"""Milliseconds within which a page that nobody loads again shows what is new."""

LEAST = 3
"""Fewer answers than these are not shown."""

QUESTIONNAIRE = f"""\
name: three-questions
title: {{fr: Trois questions, ar: ثلاثة أسئلة, zgh: ⴰⵔⵎ}}
languages: [fr, ar]
partial: [zgh]
fallback: fr
min_group_size: {LEAST}
privacy_notice:
  fr: "{{controller}}, {{contact}}, {{retention}}, {{cndp_receipt}}"
  ar: "{{controller}}، {{contact}}، {{retention}}، {{cndp_receipt}}"
actor_groups:
- {{name: producers, label: {{fr: Producteurs, ar: المنتجون}}}}
- {{name: money, label: {{fr: Finance, ar: التمويل}}}}
sections:
- name: only
  title: {{fr: Tout, ar: الكل}}
  questions:
  - type: select_one
    name: actor
    role: actor_group
    required: true
    label: {{fr: Qui êtes-vous ?, ar: من أنتم؟}}
    choices:
    - {{name: coop, group: producers, label: {{fr: Coopérative, ar: تعاونية}}}}
    - {{name: bank, group: money, label: {{fr: Banque, ar: بنك}}}}
  - {{type: integer, name: members, max: 500, label: {{fr: Combien de membres ?, ar: كم عدد الأعضاء؟}}}}
  - {{type: statements, name: ideas, max_items: 2, max_length: 100, label: {{fr: Idées, ar: أفكار}}}}
"""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody answers, in a language."""

    language: str
    actor: str
    members: int
    ideas: tuple[str, ...]

    @property
    def cells(self) -> dict[str, str]:
        """What an export says of her answers."""
        groups = {"coop": "producers", "bank": "money"}
        first, second, *_ = *self.ideas, "", ""
        return {
            "language": self.language,
            "actor": self.actor,
            "actor__group": groups[self.actor],
            "members": str(self.members),
            "ideas__1": first,
            "ideas__2": second,
        }


FATIMA = Person("ar", "coop", 42, ("زيت الأركان", "الماء أولا"))
PAUL = Person("fr", "bank", 7, ("L’eau, « d’abord »; puis le reste",))
TODA = Person("zgh", "coop", 18, ("=1+1",))
ON_PAPER = Person("fr", "coop", 120, ("Des routes", "De l’argent"))
EVERYBODY = (FATIMA, PAUL, TODA, ON_PAPER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "questionnaires"
    made.mkdir()
    (made / "three-questions.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    return made


@pytest.fixture
def app(instance: Path, folder: Path) -> Iterator[Flask]:
    settings = Settings(instance=instance, questionnaires=folder)
    made = create_app(settings, "http://workshop.test:8000")
    yield made
    services_of(made).store.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The facilitator's laptop, beside phones with browsers of their own."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[[], Page]]:
    """Takes another phone into the hand."""
    contexts = []

    def another() -> Page:
        contexts.append(browser.new_context(**browser_context_args))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield another
    for context in contexts:
        context.close()


def sign_in(page: Page, server: str, store: Store) -> None:
    """By the one-time link, and then with the password that was chosen."""
    facilitators.add(store, "samira", "facilitator")
    page.goto(f"{server}/desk/fr/link/{facilitators.make_link(store, 'samira')}")
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill(PASSWORD)
    page.locator("main button").click()
    page.locator("form[action$=sign-out] button").click()
    page.locator("#name").fill("samira")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    expect(page.locator("main a[href$='/workshops/new']")).to_be_visible()


def plan(page: Page) -> str:
    """A new workshop on the questionnaire, all its settings typed, opened; returns its code."""
    page.locator("main a[href$='/workshops/new']").click()
    page.locator("a.button[href$='three-questions']").click()
    page.locator("#title__fr").fill("Atelier de Tiznit")
    page.locator("#title__ar").fill("ورشة تيزنيت")
    page.locator("#place").fill("Tiznit")
    page.locator("#held_on").fill("2026-12-03")
    page.locator("#controller__fr").fill("Région Souss-Massa")
    page.locator("main button.main").click()
    expect(page.locator("button[value=open]")).to_be_disabled()  # the notice has gaps
    page.locator(".summary a[href$='controller__ar']").click()
    page.locator("#controller__ar").fill("جهة سوس ماسة")
    page.locator("#contact__fr").fill("droits@tiznit.example")
    page.locator("#retention__fr").fill("Deux ans")
    page.locator("#retention__ar").fill("سنتان")
    page.locator("#cndp_receipt__fr").fill("D-1/2026")
    page.locator("main button.main").click()
    page.locator("button[value=open]").click()
    expect(page.locator("button[value=closed]")).to_be_visible()
    return page.locator(".code-big").inner_text()


def another_tab(page: Page, address: str) -> Page:
    tab = page.context.new_page()
    tab.goto(address)
    return tab


def answer(page: Page, server: str, code: str, person: Person) -> None:
    """From the first page, which shows the notice, to the receipt."""
    page.goto(f"{server}/{code}/{person.language}")
    assert "droits@tiznit.example" in page.locator(".notice").inner_text()
    page.locator(f"a[href='/{code}/{person.language}/new']").tap()
    tap(page, "actor", person.actor)
    page.locator("[name=members]").fill(str(person.members))
    for place, idea in enumerate(person.ideas, 1):
        page.locator(f"[name=ideas__{place}]").fill(idea)
    saved(page)
    send(page)
    page.wait_for_url("**/receipt")


def go_to_paper(page: Page, desk: str) -> None:
    page.goto(desk)
    page.locator("a[href$='/responses']").first.click()
    page.locator("main a[href$='/paper']").first.click()


def type_in(page: Page, person: Person) -> None:
    """A paper form, with nothing but the keyboard."""
    expect(page.locator("[name=actor]")).to_be_focused()
    for line in ("1" if person.actor == "coop" else "2", str(person.members), *person.ideas):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message .receipt")).to_be_visible()


def take_away(page: Page, desk: str, format: str, target: Path) -> Path:
    page.goto(f"{desk}/exports")
    page.locator(f"[name=format][value={format}]").check()
    page.locator("[name=style]").select_option("codes")
    with page.expect_download() as download:
        page.locator("button.main").click()
    download.value.save_as(target)
    return target


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def xlsx_rows(path: Path) -> list[dict[str, str]]:
    header, *rows = openpyxl.load_workbook(path)["Responses"].iter_rows(values_only=True)
    names = [str(name) for name in header]
    return [dict(zip(names, map(shown, row), strict=True)) for row in rows]


def shown(cell: object) -> str:
    """A cell as a spreadsheet program shows it."""
    if isinstance(cell, float):
        return f"{cell:g}"
    return "" if cell is None else str(cell)


def typed(rows: list[dict[str, str]], mark: str) -> list[dict[str, str]]:
    """What people answered; `mark` is what keeps a formula dead."""
    assert [row["channel"] for row in rows] == ["web", "web", "web", "paper"]
    return [{name: row[name].removeprefix(mark) for name in FATIMA.cells} for row in rows]


def counts(tabs: list[Page], number: int) -> None:
    """What the live page and the wall say by themselves, without being loaded again."""
    for tab in tabs:
        expect(tab.locator(".total strong")).to_have_text(str(number), timeout=BY_ITSELF)


def too_few_are_not_revealed(page: Page, projector: Page, desk: str) -> None:
    page.goto(f"{desk}/reveal")
    page.locator("#q-actor button").first.click()
    expect(page.locator(".summary[role=alert]")).to_contain_text(f"Moins de {LEAST}")
    page.goto(f"{desk}/reveal")
    expect(page.locator("#q-actor")).to_contain_text("Masqué")
    projector.reload()
    expect(projector.locator(".hidden-yet")).to_be_visible()


def reveal(page: Page, projector: Page, desk: str) -> None:
    """Shares of a choice, and of what was written only how many wrote."""
    page.goto(f"{desk}/reveal")
    page.locator("#q-actor button").first.click()
    lines = projector.locator(".chart tbody tr")
    expect(lines).to_have_count(2, timeout=BY_ITSELF)
    for place, (label, share) in enumerate(
        [("Coopérative", r"75\s%\s*\(3\)"), ("Banque", r"25\s%\s*\(1\)")]
    ):
        expect(lines.nth(place).locator("th")).to_have_text(label)
        expect(lines.nth(place).locator(".number")).to_have_text(re.compile(f"^{share}$"))
    page.locator("#q-ideas button").first.click()
    expect(projector.locator(".hidden-yet .great")).to_have_text("4", timeout=BY_ITSELF)
    shown = projector.content()
    assert not [idea for person in EVERYBODY for idea in person.ideas if idea in shown]


def close(page: Page, desk: str) -> None:
    page.goto(desk)
    page.locator("button[value=closed]").click()
    expect(page.locator("button[value=open]")).to_be_visible()


def comes_too_late(page: Page, server: str, code: str) -> None:
    """The second address is one that she kept from before."""
    for place in ("", "/new"):
        page.goto(f"{server}/{code}/fr{place}")
        expect(page.locator(".message h2")).to_have_text("L’atelier est fermé")
        expect(page.locator("a[href$='/new']")).to_have_count(0)


def files_hold_what_was_typed(page: Page, desk: str, folder: Path) -> None:
    table = csv_rows(take_away(page, desk, "csv", folder / "answers.csv"))
    book = xlsx_rows(take_away(page, desk, "xlsx", folder / "answers.xlsx"))
    expected = [person.cells for person in EVERYBODY]
    assert typed(table, "'") == expected
    assert typed(book, "") == expected
    assert [row["receipt"] for row in book] == [row["receipt"] for row in table]


def test_a_workshop_from_the_sign_in_to_the_files(
    page: Page,
    phone: Callable[[], Page],
    server: str,
    hotspot: str,
    store: Store,
    tmp_path: Path,
    faults: list[str],
) -> None:
    sign_in(page, server, store)
    code = plan(page)
    desk = f"{server}/desk/fr/workshops/{code}"
    live, join, projector = (
        another_tab(page, f"{desk}/{place}") for place in ("live", "join", "results")
    )
    counts([live, join], 0)
    answer(phone(), hotspot, code, FATIMA)
    counts([live, join], 1)
    too_few_are_not_revealed(page, projector, desk)
    answer(phone(), hotspot, code, PAUL)
    answer(phone(), hotspot, code, TODA)
    go_to_paper(page, desk)
    type_in(page, ON_PAPER)
    counts([live, join], 4)
    expect(live.locator(".counts").first.locator("td.count")).to_have_text(["3", "1"])
    reveal(page, projector, desk)
    close(page, desk)
    comes_too_late(phone(), hotspot, code)
    expect(join.locator(".state")).to_have_text("L’atelier est fermé", timeout=BY_ITSELF)
    files_hold_what_was_typed(page, desk, tmp_path)
    assert faults == []


@pytest.fixture
def desk(store: Store, folder: Path) -> dict[str, str]:
    """A desk with something to show on every page; by name, what the addresses are made of."""
    shutil.copytree(PROJECT / "questionnaires", folder, dirs_exist_ok=True)
    (folder / "broken.yaml").write_text("name: broken\n", encoding="utf-8")
    path = folder / "souss-massa.yaml"
    questionnaire, chance = load(path), Random(1)
    facilitators.add(store, "samira")
    facilitators.add(store, "brahim", "observer")
    workshop = workshops.create(
        store, questionnaire, owner="samira", trial=True, held_on="2026-12-03"
    )
    workshops.set_state(store, workshop.code, OPEN, "samira")
    text = path.read_text(encoding="utf-8").replace('fr: "Coopérative"', 'fr: "Coop"', 1)
    path.write_text(text, encoding="utf-8")  # a newer version, which the workshop may take
    shares.share(store, workshop.code, "brahim", "samira")
    halls.keep(store, workshop.code, Hall("Salle", "argan2026", {"cooperative": 4, "finance": 2}))
    for number in range(12):
        answers = made_up(questionnaire, chance)
        sending = Sending(new_id(), answers, "ar", channel=PAPER if number % 2 else WEB)
        receipt = responses.add(store, workshop.code, sending).code
        if not number:
            histories.mark(store, receipt, TEST, "essai", "samira")
    return {
        "code": workshop.code,
        "receipt": receipt,
        "id": new_id(),
        "name": "souss-massa",
    }


def finished_export(app: Flask, code: str) -> str:
    """The id of a long export that waits to be fetched."""
    services = services_of(app)
    order = Order((code,), "csv", "wide")
    id = export_jobs.begin(services.settings, "samira", order, "answers.csv", 12)
    for _ in range(600):
        job = export_jobs.find(services.settings, "samira", id)
        if job is not None and job.state == export_jobs.READY:
            return id
        time.sleep(0.1)
    raise TimeoutError("the export was not made")


QUERIES: dict[str, list[dict[str, str]]] = {
    "export": [{"format": "csv"}],
    "find_to_erase": [{"receipt": "ZZZZ"}],
    "poster": [{"size": "a4"}, {"size": "a5"}],
    "preview_questionnaire": [{"page": "welcome"}, {"page": "form"}],
    "preview_workshop": [{"page": "welcome"}, {"page": "form"}],
}
"""What addresses need besides their parts; several where they lead to different pages."""

PROJECTED = {"join", "results"}
"""Pages for a projector, which is wider than a tablet."""


def addresses(app: Flask, parts: dict[str, str], tokens: dict[str, str]) -> Iterator[str]:
    """Each address of the desk that can be looked at. A new one whose parts nobody gives is an error
    here."""
    urls = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.removeprefix("facilitator.")
        if name != rule.endpoint and "GET" in (rule.methods or ()):
            known = {**parts, "token": tokens.get(name, "")}
            own = {part: known[part] for part in rule.arguments}
            for query in QUERIES.get(name, [{}]):
                yield urls.build(rule.endpoint, own | query)


def is_page(page: Page, address: str) -> bool:
    """Not a redirect, a file, or a piece of a page that scripts fetch."""
    reply = page.request.get(address, max_redirects=0)
    is_not_found = reply.status == 404 and "/erase?" in address  # it is a page to type it again
    assert reply.status in (200, 303) or is_not_found, (address, reply.status)
    return (
        reply.status != 303
        and reply.headers["content-type"].startswith("text/html")
        and reply.text().lower().startswith("<!doctype html>")
    )


def problems_of(page: Page) -> Iterator[str]:
    """What axe finds on a laptop's screen, and what does not fit on a tablet's."""
    expect(page.locator("[inert]")).to_have_count(0)  # a form opens its storage first
    found = Axe().run(page)
    if found.violations_count:
        yield found.generate_report()
    page.set_viewport_size({"width": 820, "height": 1180})
    if urlsplit(page.url).path.rpartition("/")[2] not in PROJECTED:
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{wide} pixels too wide for a tablet"
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_page_of_the_desk_is_accessible_and_fits_a_tablet(
    page: Page,
    server: str,
    store: Store,
    app: Flask,
    desk: dict[str, str],
    faults: list[str],
    language: str,
) -> None:
    session = facilitators.begin_session(store, "samira")
    page.context.add_cookies([{"name": COOKIE, "value": session, "url": f"{server}/desk"}])
    export = finished_export(app, desk["code"])
    link = facilitators.make_link(store, "brahim")
    tokens = {"link": link, "one_export": export, "export_file": export}
    seen: dict[str, list[str]] = {}
    for path in addresses(app, {**desk, "language": language}, tokens):
        if is_page(page, server + path):
            page.goto(server + path)
            seen[path] = [*problems_of(page)]
    assert len(seen) >= 30
    assert {path: problems for path, problems in seen.items() if problems} == {}
    assert faults == []
