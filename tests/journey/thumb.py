"""What a participant does on her phone: begin, tap, go on, send."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from survey.response import Workshop

PATIENCE = 10_000
"""Milliseconds to wait for anything on a page."""


def begin(page: Page, server: str, workshop: Workshop, language: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/{workshop.code}/{language}")
    page.locator(f"a[href='/{workshop.code}/{language}/new']").click()
    page.wait_for_url(re.compile(r"/[a-z2-7]{26}$"))


def go_on(page: Page) -> None:
    page.locator("#next").tap()


def turn_to(page: Page, step: str) -> None:
    """Goes to another step, by its address, and waits until all of it is there."""
    expect(page.locator(".step.now")).to_have_count(1)
    expect(page.locator("[inert]")).to_have_count(0)  # a form opens its storage first
    page.evaluate("step => { location.hash = step; }", step)
    expect(page.locator(f"#{step} h2")).to_be_focused()
    is_laid_out(page)


def is_laid_out(page: Page) -> None:
    """A step is laid out bit by bit."""
    expect(page.locator(".step.now :is(.q,.row,dl>div):not(.laid,[hidden])")).to_have_count(0)


def send(page: Page) -> None:
    """Checks the answers, then sends them."""
    page.evaluate("location.hash = 'check'")
    page.locator("#send").tap()


def tap(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(> input[name='{name}'][value='{value}'])").tap()


def saved(page: Page) -> None:
    """Waits until the phone says that it keeps the answers."""
    expect(page.locator("#saved:not(.stale) [data-say=kept]")).to_be_visible()
