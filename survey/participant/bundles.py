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
    "expressions.js",
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


def _bundle(styles: tuple[Path, ...], script: tuple[str, ...]) -> web.Bundle:
    return web.bundle_of(styles, [HERE / "static" / name for name in script])


KEPT, RECEIPT = (_bundle(AROUND_STYLES, script) for script in (KEPT_SCRIPT, RECEIPT_SCRIPT))
FORMS = {
    (kiosk, trial): _bundle(styles, script)
    for kiosk, script in ((False, FORM_SCRIPT), (True, KIOSK_SCRIPT))
    for trial, styles in ((False, FORM_STYLES), (True, (*FORM_STYLES, web.TRIAL_STYLE)))
}
"""The form's bundle for a workshop that is a kiosk or not, a trial or not."""
