"""What journeys share: a page's complaints, and the address of a hotspot."""

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


@pytest.fixture
def hotspot(server: str) -> str:
    """The server under a host name on plain http, where browsers withhold half of their means."""
    return f"http://workshop.test:{server.rsplit(':', 1)[1]}"
