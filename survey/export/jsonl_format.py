"""JSON Lines: one response a line, its answers as they are stored, or with words for codes."""

from __future__ import annotations

import json
from typing import IO

from survey.questionnaire.model import ENVELOPE
from survey.table import ENVELOPE_CELLS, Table, labelled


def write(table: Table, file: IO[bytes]) -> None:
    """UTF-8, a line for each response: its envelope, then `answers` by question name."""
    for response in table.responses:
        line = {name: ENVELOPE_CELLS[name](response) for name in ENVELOPE}
        answers = response.answers if table.language is None else labelled(table, response)
        text = json.dumps({**line, "answers": answers}, ensure_ascii=False, separators=(",", ":"))
        file.write(text.encode() + b"\n")
