"""What journeys share: a page's complaints."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What a browser complains of: errors of the script, and what the policy blocks."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: (
            found.append(message.text)
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    return found
