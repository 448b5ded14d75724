"""Prints Lighthouse's scores of the form and the welcome page, and every audit that lowers one.

Run it by hand as `python -m benchmarks.lighthouse`, on an idle machine and never in CI: the score for
performance is worthless on a busy one. It needs Node 18.16 or newer with npx, Chromium, and at the
first run the internet, from where npx fetches Lighthouse. Lighthouse plays a phone on slow 4G with
a processor four times slower. The pages stand at 127.0.0.1, which a browser trusts like https.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks.hall import open_hall, served, show
from benchmarks.phone import CHROMIUM
from survey.response import new_id

LIGHTHOUSE = "lighthouse@12"
"""Lighthouse 13 wants a Node newer than Debian's."""

LANGUAGES = ("ar", "fr")
FORM, WELCOME = "form", "welcome"
LEAST: dict[str, dict[str, int]] = {
    "accessibility": {FORM: 100, WELCOME: 100},
    "best-practices": {FORM: 100, WELCOME: 100},
    "performance": {FORM: 98},
}
PASSED = 0.9
"""From here on Lighthouse's own report calls an audit passed, though it may cost a point."""

PATIENCE_SECONDS = 600
MISSING = """Lighthouse needs {what}. On Debian install the packages `nodejs`, `npm` and `chromium`;
elsewhere Node 18.16 or newer, which brings npx, and Chromium or Chrome."""

Report = dict[str, Any]


@click.command()
@click.option("--runs", default=3, show_default=True, help="Of each page; the middle one counts.")
def main(runs: int) -> None:
    """Lighthouse's scores of the form and the welcome page."""
    npx = needed()
    with tempfile.TemporaryDirectory() as folder:
        app, workshop = open_hall(Path(folder))
        with served(app) as port:
            home = f"http://127.0.0.1:{port}/{workshop.code}"
            reports = {
                (page, language): middle([report(npx, address) for _ in range(runs)])
                for page, end in ((FORM, f"/{new_id()}"), (WELCOME, ""))
                for language in LANGUAGES
                for address in [f"{home}/{language}{end}"]
            }
    show_scores(reports)
    for (page, language), each in reports.items():
        click.echo(f"\n{page}, {language}")
        for line in [*failing(each), *warnings(each)] or ["- nothing failed"]:
            click.echo(line)


def needed() -> str:
    """Where npx is. Says what to install if anything is missing."""
    npx = shutil.which("npx")
    missing = [name for name, found in {"npx": npx, "Chromium": CHROMIUM}.items() if not found]
    if npx is None or missing:
        raise click.ClickException(MISSING.format(what=" and ".join(missing)))
    return npx


def report(npx: str, address: str) -> Report:
    """What Lighthouse says of a page, as its JSON."""
    done = subprocess.run(
        [
            *(npx, "--yes", LIGHTHOUSE, address),
            *("--quiet", "--output=json", "--locale=en-US", "--no-enable-error-reporting"),
            f"--only-categories={','.join(LEAST)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        env={**os.environ, "CHROME_PATH": CHROMIUM or ""},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"Lighthouse did not run:\n{done.stderr or done.stdout}")
    said: Report = json.loads(done.stdout)
    if "runtimeError" in said:
        raise click.ClickException(f"Lighthouse: {said['runtimeError']['message']}")
    return said


def score(said: Report, category: str) -> int:
    return round(100 * (said["categories"][category]["score"] or 0))


def middle(reports: list[Report]) -> Report:
    """The run in the middle by performance; the other scores do not change from run to run."""
    return sorted(reports, key=lambda said: score(said, "performance"))[len(reports) // 2]


def show_scores(reports: dict[tuple[str, str], Report]) -> None:
    rows = [
        [
            f"{page}, {language}",
            *(beside(score(said, each), least.get(page)) for each, least in LEAST.items()),
        ]
        for (page, language), said in reports.items()
    ]
    for page in (FORM, WELCOME):
        limits = (least.get(page) for least in LEAST.values())
        rows.append(
            [f"limit: {page}", *("" if least is None else f"≥ {least}" for least in limits)]
        )
    show(("page", *LEAST), rows)


def beside(found: int, least: int | None) -> str:
    return f"{found} UNDER" if least is not None and found < least else str(found)


def failing(said: Report) -> Iterator[str]:
    """The audits that lower a score, or that Lighthouse's report does not count as passed."""
    for name in LEAST:
        for part in said["categories"][name]["auditRefs"]:
            audit = said["audits"][part["id"]]
            mark = audit["score"]
            if audit["scoreDisplayMode"] == "error":
                yield f"- {name}: `{audit['id']}` failed itself: {audit.get('errorMessage', '')}"
            if mark is None or mark >= (1 if part["weight"] else PASSED):
                continue
            value = f": {audit['displayValue']}" if audit.get("displayValue") else ""
            yield f"- {name}: {audit['title']} (`{audit['id']}`, {mark:.2f}){value}"
            yield from (f"  - {each}" for each in where((audit.get("details") or {}).get("items")))


def where(found: Any) -> Iterator[str]:
    """What an audit points at, however deep it says so: elements, addresses, messages."""
    if isinstance(found, list):
        for each in found:
            yield from where(each)
    elif isinstance(found, dict):
        if "selector" in found:
            said = " ".join((found.get("explanation") or found.get("snippet") or "").split())
            yield f"`{found['selector']}` {said}"
            return
        texts = (found.get(name) for name in ("url", "description", "reason", "label"))
        said = " ".join(" ".join(text for text in texts if isinstance(text, str)).split())
        if said:
            yield said
        for name, each in found.items():
            if isinstance(each, list | dict) and name != "headings":
                yield from where(each)


def warnings(said: Report) -> Iterator[str]:
    return (f"- warning: {each}" for each in said["runWarnings"])


if __name__ == "__main__":
    main()
