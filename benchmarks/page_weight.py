"""Prints, for each language, what the whole form costs a phone: bytes, requests, and what weighs.

Run it as `python -m benchmarks.page_weight`. It asks the app for the 38-question Souss-Massa form
with and without gzip. `style` and `script` are the bytes by which the gzipped page shrinks without
them, `markup` the rest; `headers` are the app's own, uncompressed and not part of `gzip`.
`requests` is the page and every file that its HTML or CSS makes a browser fetch.
"""

from __future__ import annotations

import gzip
import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import click

from benchmarks.hall import App, call, environ_of, open_hall, show, souss_massa
from survey.participant.addresses import new_id
from survey.response import Workshop

MOST_BYTES, MOST_REQUESTS = 20_000, 3
AIM_BYTES, AIM_REQUESTS = 14_000, 1
STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)
SCRIPT = re.compile(r"(?<=<script type=\"module\">).*?(?=</script>)", re.DOTALL)
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
    return len(gzip.compress(text.encode(), 9, mtime=0))


def verdict(size: int, requests: int) -> str:
    """Where a page stands beside the limit and the aim."""
    if size <= AIM_BYTES and requests <= AIM_REQUESTS:
        return "aim met"
    within = size <= MOST_BYTES and requests <= MOST_REQUESTS
    return "within the limit" if within else "OVER THE LIMIT"


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        app, workshop = open_hall(Path(folder))
        for language in souss_massa().offered_languages:
            rows.append(weighed(app, workshop, language))
    show(
        ("form page", "raw", "gzip", "style", "script", "markup", "headers", "requests", "verdict"),
        rows,
    )
    click.echo(
        f"\nLimit: {MOST_BYTES:,} bytes of gzip and {MOST_REQUESTS} requests; "
        f"aim: {AIM_BYTES:,} and {AIM_REQUESTS}."
    )


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
