"""Light Markdown → HTML that can do no harm: no HTML of its own, no images, links to the web only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

RULES = ("heading", "list", "table", "emphasis", "link", "autolink", "escape", "entity", "newline")
"""What is understood besides paragraphs; everything else stays text."""

HIGHEST, LOWEST = 2, 4
"""The levels headings may have under the page's own; none is skipped."""


def as_html(text: str) -> str:
    """The text as HTML, "" if it says nothing."""
    parser = _parser()
    tokens = parser.parse(text)
    _put_under_the_page(tokens)
    for token in tokens:
        token.attrs.pop("style", None)  # aligns a table's cells; the policy admits no style
    return str(parser.renderer.render(tokens, parser.options, {})).strip()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(RULES))
    parser.validateLink = _is_web  # type: ignore[method-assign, assignment]
    return parser


def _is_web(address: str) -> bool:
    return address.strip().lower().startswith(("http://", "https://"))


def _put_under_the_page(tokens: Sequence[Token]) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(HIGHEST + used.index(token.tag), LOWEST)}"
