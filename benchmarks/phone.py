"""What benchmarks see of the form on a phone: Debian's Chromium, slowed down, loads it and taps through.

Prints nothing by itself. Networks and processor are slowed down by the browser itself, which adds
the latency once to each request and the rate to each body. A load starts with nothing cached. Times
of taps are Event Timing's, from the finger to the next frame, in steps of 8 ms. `phone.js` watches.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAME = "workshop.test"
"""A name as in the hall: at localhost a browser allows what plain http does not."""

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "ar-MA",
    "timezone_id": "Africa/Casablanca",
    "service_workers": "block",
}
WATCH = Path(__file__).with_suffix(".js")
CPU_DIVIDED_BY = 6
PATIENCE_MS = 120_000
SETTLED_MS = 1000
EACH = 3
STEPS = 50

NOTHING, FIELD, LETTER = "nothing: the title", "go to a text", "type a letter"
CONTINUE, CHECK = "continue", "open the check step"
KINDS = {
    "choose one": "[type=radio]",
    FIELD: "textarea,input:not([type]),[type=text],[type=number]",
    "rank, share out": "button",
    "tick a box": "[type=checkbox]",
}
"""What is tapped in each question, in this order: "don't know" comes last and closes the others."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network by the browser's own throttling; without a rate there is none."""

    name: str
    kbits: int = 0
    latency_ms: int = 0

    @property
    def figures(self) -> str:
        return f" ({self.kbits} kbit/s, {self.latency_ms:,} ms)" if self.kbits else ""

    @property
    def conditions(self) -> dict[str, Any]:
        rate = self.kbits * 125 if self.kbits else -1
        return {
            "offline": False,
            "latency": self.latency_ms,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        }


FREE = Network("no throttling")
SLOW_3G = Network("slow 3G", 400, 2000)
"""The preset of DevTools: 2,000 ms a request stand for a round trip of 400 ms."""
TWO_G = Network("2G", 50, 800)
NETWORKS = (FREE, SLOW_3G, TWO_G)


@dataclass(frozen=True, slots=True)
class Load:
    """What it took until the first question could be answered; bytes with their headers."""

    bytes: int
    requests: int
    answerable: float
    task: float


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap or a letter: milliseconds to the next frame, and of the longest task that it caused."""

    kind: str
    where: str
    place: str
    frame: float
    task: float


class Phone:
    """A page on a slow phone, and what went over its network."""

    def __init__(self, page: Page, session: CDPSession, network: Network) -> None:
        self.page, self.session = page, session
        self.requests, self.bytes = 0, 0
        session.on("Network.requestWillBeSent", self._count)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", network.conditions)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_DIVIDED_BY})

    def _count(self, event: dict[str, Any]) -> None:
        self.requests += not event["request"]["url"].startswith("data:")

    def _weigh(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def load(self, address: str) -> Load:
        self.page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
        answerable = self.ask("bench.answerable")
        task = self.ask(f"bench.drain({SETTLED_MS})")["task"]
        return Load(self.bytes, self.requests, answerable, task)

    def ask(self, expression: str) -> Any:
        """What an expression comes to in the page, without a library's scripts in between."""
        wanted = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        reply = self.session.send("Runtime.evaluate", wanted)
        if "exceptionDetails" in reply:
            raise RuntimeError(reply["exceptionDetails"]["exception"]["description"])
        return reply["result"].get("value")

    def tap(self, kind: str, reached: dict[str, Any], place: str = "") -> Tap:
        self.page.touchscreen.tap(reached["x"], reached["y"])
        return Tap(kind, reached["where"], place, **self.ask("bench.drain()"))

    def type(self, letter: str, reached: dict[str, Any], place: str) -> Tap:
        pressed = {"type": "keyDown", "key": letter, "text": letter}
        self.session.send("Input.dispatchKeyEvent", pressed)
        self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter})
        return Tap(LETTER, reached["where"], place, **self.ask("bench.drain()"))


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@contextmanager
def phone(started: Browser, network: Network = FREE) -> Iterator[Phone]:
    """A phone that has never seen the site."""
    context = started.new_context(**PHONE)
    context.add_init_script(path=WATCH)
    page = context.new_page()
    yield Phone(page, context.new_cdp_session(page), network)
    context.close()


def journey(held: Phone) -> Iterator[Tap]:
    """Taps through the whole form, a few in each question, up to the check step."""
    yield held.tap(NOTHING, held.ask("bench.reachOne('h1')"))
    for step in range(STEPS):
        for kind, selector in KINDS.items():
            yield from _taps(held, kind, selector)
        before = held.ask("location.hash")
        tap = held.tap(CONTINUE, held.ask("bench.reachOne('#next')"), str(step))
        now = held.ask("location.hash")
        if now == "#check":
            yield Tap(CHECK, now, "", tap.frame, tap.task)
            return
        if now == before:
            raise RuntimeError(f"A tap on #next leads nowhere from {now or 'the first section'}.")
        yield Tap(CONTINUE, now, "", tap.frame, tap.task)


def _taps(held: Phone, kind: str, selector: str) -> Iterator[Tap]:
    for place in range(held.ask(f"bench.find({json.dumps(selector)}, {EACH})")):
        reached = held.ask(f"bench.reachFound({place})")
        if reached is None:
            continue
        yield held.tap(kind, reached, str(place))
        if kind == FIELD:
            for letter in "12" if reached["digits"] else "ما":
                yield held.type(letter, reached, f"{place} {letter}")
