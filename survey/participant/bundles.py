"""The styles and scripts of the participants' pages, joined in the order in which they depend."""

from __future__ import annotations

from pathlib import Path

from survey import web

HERE = Path(__file__).parent
OWN_STYLE = HERE / "static" / "participant.css"
FORM_STYLES = (web.BASE_STYLE, OWN_STYLE, HERE / "static" / "form.css")
AROUND_STYLES = (*web.SHARED_STYLES, OWN_STYLE, web.CODE_STYLE, HERE / "static" / "around.css")
SENDING = ("elements.js", "storage.js", "outbox.js", "handing.js")
KEPT_SCRIPT = (*SENDING, "speech.js", "kept.js")
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
KIOSK_SCRIPT = ("kiosk.js",)
TABLE_SCRIPT = ("table.js",)
TRIAL_STYLE = (web.TRIAL_STYLE,)

PLAIN = web.bundle_of(AROUND_STYLES)


def _paths(script: tuple[str, ...]) -> list[Path]:
    return [HERE / "static" / name for name in script]


def _answering(styles: tuple[Path, ...], script: tuple[str, ...]) -> web.Bundle:
    return web.bundle_of(styles, [*web.ANSWERING_SCRIPTS, *_paths(script)])


KEPT, RECEIPT = (
    web.bundle_of(AROUND_STYLES, _paths(script)) for script in (KEPT_SCRIPT, RECEIPT_SCRIPT)
)
FORMS = {
    (kiosk, trial, table_mode): _answering(
        FORM_STYLES + TRIAL_STYLE * trial,
        FORM_SCRIPT + KIOSK_SCRIPT * kiosk + TABLE_SCRIPT * table_mode,
    )
    for kiosk in (False, True)
    for trial in (False, True)
    for table_mode in (False, True)
}
"""By whether the workshop is for tablets that people share, a trial, for a phone at each table."""
