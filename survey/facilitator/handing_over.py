"""Takes in at the desk what participants hand over: pasted texts and the files of their phones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Request, g
from werkzeug.exceptions import RequestEntityTooLarge

from survey import handed_over, web
from survey.handed_over import Outcome
from survey.i18n import N_
from survey.response import Workshop

NOT_GIVEN = N_("Paste a text or choose files first.")
TOO_MUCH = N_(
    "This is the most that can be taken in at once. Nothing was taken in: paste less, or choose "
    "fewer files."
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of all that was handed over. `problems` are a file's name, "" for the pasted
    text, and what is wrong with it; `left` stands in the page's field again."""

    outcomes: tuple[Outcome, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    left: str = ""
    status: int = 200

    @property
    def stored(self) -> int:
        """How many responses are here now that were not before."""
        return sum(outcome.said == handed_over.STORED for outcome in self.outcomes)


def take_in(sent: Request, workshop: Workshop) -> Taken:
    """Takes in this workshop's responses from the text and the files of a request."""
    services = web.services()
    try:
        sources = list(_sources(sent))
    except RequestEntityTooLarge:
        most = f"{services.settings.max_body // 1024} kB"
        return Taken(problems=((most, TOO_MUCH),), status=413)
    if not sources:
        return Taken(problems=(("", NOT_GIVEN),), status=422)
    outcomes: list[Outcome] = []
    problems: list[tuple[str, str]] = []
    left: list[str] = []
    for name, text in sources:
        found = handed_over.take_in(services.store, text or "", g.language, workshop.code)
        outcomes += found
        left += [outcome.text for outcome in found if not outcome.receipt]
        if not found:
            problems.append((name, handed_over.NOT_TEXT if text is None else handed_over.NOTHING))
            if text and not name:
                left.append(text)
    status = 422 if problems or left else 200
    return Taken(tuple(outcomes), tuple(problems), "\n\n".join(left), status)


def _sources(sent: Request) -> Iterator[tuple[str, str | None]]:
    """The pasted text, without a name, and the text of each file, None where it is no text."""
    pasted = sent.form.get("text", "").strip()
    if pasted:
        yield "", pasted
    for file in sent.files.getlist("files"):
        if file.filename:
            yield file.filename, handed_over.read_text(file.read())
