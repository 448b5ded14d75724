"""The styles and scripts of the participants' pages, joined in the order in which they depend."""

from __future__ import annotations

from pathlib import Path

from survey import web

HERE = Path(__file__).parent
SHARED_STYLES = (web.SHARED_STYLE, HERE / "static" / "participant.css")
FORM_STYLES = (*SHARED_STYLES, HERE / "static" / "form.css")
AROUND_STYLES = (*SHARED_STYLES, web.CODE_STYLE, HERE / "static" / "around.css")
SENDING = ("elements.js", "storage.js", "outbox.js", "handing.js")
KEPT_SCRIPT = (*SENDING, "kept.js")
RECEIPT_SCRIPT = ("storage.js", "outbox.js", "receipt.js")
FORM_SCRIPT = (
    "answers.js",
    "relevance.js",
    "inputs.js",
    "rank.js",
    *SENDING,
    "drafts.js",
    "check.js",
    "search.js",
    "speech.js",
    "steps.js",
    "sending.js",
    "start.js",
)
KIOSK_SCRIPT = (*FORM_SCRIPT, "kiosk.js")

PLAIN = web.bundle_of(AROUND_STYLES)


def _paths(script: tuple[str, ...]) -> list[Path]:
    return [HERE / "static" / name for name in script]


def _answering(script: tuple[str, ...]) -> web.Bundle:
    return web.bundle_of(FORM_STYLES, [*web.ANSWERING_SCRIPTS, *_paths(script)])


KEPT, RECEIPT = (
    web.bundle_of(AROUND_STYLES, _paths(script)) for script in (KEPT_SCRIPT, RECEIPT_SCRIPT)
)
FORM, KIOSK = (_answering(script) for script in (FORM_SCRIPT, KIOSK_SCRIPT))
