"""Prints what the whole form costs a phone: bytes, requests, and in a real browser the time.

Run it as `python -m benchmarks.page_weight`. It asks the app for the 38-question Souss-Massa form
with and without gzip. `style` and `script` are the bytes by which the gzipped page shrinks without
them, `markup` the rest; `headers` are the app's own, uncompressed and not part of `gzip`.
`requests` is the page and every file that its HTML or CSS makes a browser fetch. Then a slow phone
(see `phone.py`) loads the form in Arabic and is tapped through. Loads are medians of the runs. Each
tap's median is taken over the runs, and of these medians the longest is shown.
"""

from __future__ import annotations

import gzip
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

import click
from playwright.sync_api import Browser

from benchmarks import phone
from benchmarks.hall import App, call, environ_of, open_hall, served, show, souss_massa
from benchmarks.phone import Load, Network, Tap
from survey.participant.pages import packed
from survey.response import Workshop, new_id

MOST_BYTES, MOST_REQUESTS = 20_000, 3
AIM_BYTES, AIM_REQUESTS = 14_000, 1
MOST_SECONDS_ON_2G, MOST_TAP_MS = 5, 100
LANGUAGE = "ar"
BYTES = ("form page", "raw", "gzip", "style", "script", "markup", "headers", "requests", "verdict")
TAPS = ("taps", "usual ms", "longest ms", "longest task ms", "where", "limit", "verdict")
MEASURES: tuple[tuple[str, Callable[[Load], float], str, float | None], ...] = (
    ("bytes over the wire, with headers", lambda load: load.bytes, ",.0f", MOST_BYTES),
    ("requests", lambda load: load.requests, ".0f", MOST_REQUESTS),
    (
        "first question answerable, s",
        lambda load: load.answerable / 1000,
        ".1f",
        MOST_SECONDS_ON_2G,
    ),
    ("longest task, ms", lambda load: load.task, ".0f", None),
)
"""What a load is measured by: how it is called, found, written, and the most it may be."""

STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)
SCRIPT = re.compile(r"(?<=<script type=module>).*?(?=</script>)", re.DOTALL)
FONT_FACE = re.compile(r"@font-face{.*?}")
CSS_FILES = re.compile(r"@import\s+[\"']?([^\"';()]+)|url\(\s*[\"']?([^\"')]+)")
FETCHED = {
    "src": ("script", "img", "iframe", "audio", "video", "source", "embed", "input", "track"),
    "srcset": ("img", "source"),
    "href": ("link",),
    "data": ("object",),
    "poster": ("video",),
}


class Files(HTMLParser):
    """The addresses that a page makes the browser fetch; a page without an icon asks for one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = {"/favicon.ico"}
        self.feed(page)
        for style in STYLE.findall(page):
            style = FONT_FACE.sub("", style)  # fetched where such letters are shown and not there
            self.found |= {first or second for first, second in CSS_FILES.findall(style)}
        self.found = {address for address in self.found if not address.startswith("data:")}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and "icon" in (named.get("rel") or ""):
            self.found.discard("/favicon.ico")
        for name, tags in FETCHED.items():
            if tag in tags and named.get(name):
                self.found.add(named[name] or "")


def compressed(text: str) -> int:
    return len(packed(text.encode()))


def verdict(size: int, requests: int) -> str:
    """Where a page stands beside the limit and the aim."""
    if size <= AIM_BYTES and requests <= AIM_REQUESTS:
        return "aim met"
    within = size <= MOST_BYTES and requests <= MOST_REQUESTS
    return "within the limit" if within else "OVER THE LIMIT"


@click.command()
@click.option("--runs", default=5, show_default=True, help="Loads on each network.")
@click.option("--tap-runs", default=3, show_default=True, help="Times through the whole form.")
def main(runs: int, tap_runs: int) -> None:
    """What the form costs a phone: bytes, requests, time."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        app, workshop = open_hall(Path(folder))
        for language in souss_massa().offered_languages:
            rows.append(weighed(app, workshop, language))
        show(BYTES, rows)
        click.echo(
            f"\nLimit: {MOST_BYTES:,} bytes of gzip and {MOST_REQUESTS} requests; "
            f"aim: {AIM_BYTES:,} and {AIM_REQUESTS}.\n"
        )
        if phone.CHROMIUM is None:
            click.echo("For the times install Debian's package `chromium`.")
            return
        with served(app) as port:
            home = f"http://{phone.NAME}:{port}/{workshop.code}/{LANGUAGE}"
            on_a_phone(home, runs, tap_runs)


def on_a_phone(home: str, runs: int, tap_runs: int) -> None:
    """Prints the tables of loads and of taps, and how busy the machine was with other work."""
    busy = os.getloadavg()[0]
    with phone.browser() as browser:
        loaded(browser, phone.FREE, home)  # the server makes its page, the browser finds its fonts
        rounds = [
            [loaded(browser, network, home) for network in phone.NETWORKS] for _ in range(runs)
        ]
        show_loads([list(loads) for loads in zip(*rounds, strict=True)])
        address = f"{home}/{new_id()}"
        taps: list[Tap] = []
        for _ in range(tap_runs):
            with phone.phone(browser) as held:
                held.load(address)
                taps += phone.journey(held)
        show_taps(taps)
    click.echo(f"Load of the machine before: {busy:.1f} on {os.cpu_count()} processors.")


def loaded(browser: Browser, network: Network, home: str) -> Load:
    with phone.phone(browser, network) as held:
        return held.load(f"{home}/{new_id()}")


def show_loads(loads: list[list[Load]]) -> None:
    """The loads on each network, side by side; medians."""
    rows = []
    for name, of, form, most in MEASURES:
        found = [median(map(of, each)) for each in loads]
        limit = "" if most is None else f"{most:,}"
        rows.append(
            [name, *(format(each, form) for each in found), limit, beside(max(found), most)]
        )
    names = [f"{each.name}{each.figures}" for each in phone.NETWORKS]
    show((f"{LANGUAGE}, cold, CPU ÷ {phone.CPU_DIVIDED_BY}", *names, "limit", "verdict"), rows)
    click.echo("\nTasks under 50 ms are not seen and count as 0.\n")


def show_taps(taps: Iterable[Tap]) -> None:
    """A row for each kind; a tap's median over the runs first, then the longest of its kind."""
    same: dict[tuple[str, str, str], list[Tap]] = defaultdict(list)
    for tap in taps:
        same[tap.kind, tap.where, tap.place].append(tap)
    kinds: dict[str, list[Tap]] = defaultdict(list)
    for key, runs in same.items():
        frame, task = median(tap.frame for tap in runs), median(tap.task for tap in runs)
        kinds[key[0]].append(Tap(*key, frame, task))
    every = [tap for each in kinds.values() for tap in each]
    rows = [row_of(kind, each) for kind, each in [*kinds.items(), ("all", every)]]
    show((f"{LANGUAGE}, CPU ÷ {phone.CPU_DIVIDED_BY}", *TAPS), rows)
    click.echo("\nFrom the finger to the next frame; under 16 ms is not seen and counts as 0.")


def row_of(kind: str, taps: list[Tap]) -> list[object]:
    frames, tasks = [tap.frame for tap in taps], [tap.task for tap in taps]
    slowest = max(taps, key=lambda tap: max(tap.frame, tap.task))
    numbers = (f"{each:.0f}" for each in (median(frames), max(frames), max(tasks)))
    verdict = beside(max(slowest.frame, slowest.task), MOST_TAP_MS)
    return [kind, len(taps), *numbers, slowest.where, MOST_TAP_MS, verdict]


def beside(found: float, most: float | None) -> str:
    """Where a figure stands beside its limit, if it has one."""
    if most is None:
        return ""
    return "within" if found <= most else "OVER"


def weighed(app: App, workshop: Workshop, language: str) -> list[object]:
    """A row of the table: one language."""
    address = f"/{workshop.code}/{language}/{new_id()}"
    status, headers, body = call(app, environ_of(address))
    assert status == "200 OK" and dict(headers)["Content-Encoding"] == "gzip", status
    without = environ_of(address)
    del without["HTTP_ACCEPT_ENCODING"]
    raw = call(app, without)[2]
    page = raw.decode()
    assert gzip.decompress(body) == raw
    size, requests = len(body), 1 + len(Files(page).found)
    style = size - compressed(STYLE.sub("", page))
    script = size - compressed(SCRIPT.sub("", page))
    head = sum(len(name) + len(value) + 4 for name, value in headers)
    numbers = (len(raw), size, style, script, size - style - script, head)
    return [language, *(f"{number:,}" for number in numbers), requests, verdict(size, requests)]


if __name__ == "__main__":
    main()
