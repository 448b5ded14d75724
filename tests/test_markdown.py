"""Light Markdown: what it understands, and that nothing in it can do harm."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.markdown import as_html

TAGS = {*"p br h2 h3 h4 ul ol li em strong a table thead tbody tr th td".split()}  # noqa: SIM905


class Reader(HTMLParser):
    """Gathers the tags and attributes of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attributes}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("*em* **strong**", "<p><em>em</em> <strong>strong</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[x](https://a.example/)", '<p><a href="https://a.example/">x</a></p>'),
        ("<https://a.example/>", '<p><a href="https://a.example/">https://a.example/</a></p>'),
        ("", ""),
    ],
)
def test_what_is_understood(text: str, html: str) -> None:
    assert as_html(text) == html


def test_headings_stand_under_the_page_and_skip_no_level() -> None:
    assert as_html("# A\n\n#### B\n\n# C") == "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>"
    assert as_html("### Alone") == "<h2>Alone</h2>"


def test_a_table_carries_no_style() -> None:
    html = as_html("| a | b |\n|---|--:|\n| x | 12 |")
    assert "<td>12</td>" in html and "style" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>)",
        "[x](//a.example)",
        "[x](/desk/fr/people)",
        "[x](java&#115;cript:alert(1))",
        '[x](https://a.example/" onmouseover="alert(1))',
        '[x](https://a.example/ "t\' onclick=alert(1)")',
        "<a href='https://a.example' onclick=alert(1)>x</a>",
        "<javascript:alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "> <svg onload=alert(1)>",
        "| <b> | </td><script> |\n|---|---|\n| <i> | x |",
        "[ref]\n\n[ref]: javascript:alert(1)",
    ],
)
def test_nothing_in_it_does_harm(text: str) -> None:
    html = as_html(text)
    assert Reader(html).tags <= TAGS
    hrefs = [value for name, value in Reader(html).attributes if name == "href"]
    assert all(each.startswith("https://a.example") for each in hrefs)
    assert not any(name.startswith("on") for name, _ in Reader(html).attributes)


@given(st.text(alphabet="<>&\"'[]()!*_#|-:\\`/ \nabjs:htp.=", max_size=80))
def test_no_text_at_all_does_harm(text: str) -> None:
    html = as_html(text)
    read = Reader(html)
    assert read.tags <= TAGS
    names = {name for name, _ in read.attributes}
    assert names <= {"href", "title", "start"}
