"""The README of the archive that holds everything, as plain text in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from survey.export.purposes import FORMAT_PURPOSES, SHAPE_PURPOSES
from survey.i18n import DEFAULT_LANGUAGE, N_, SOURCE, messages
from survey.questionnaire.model import DONT_KNOW, NOT_CONCERNED
from survey.table import NOT_ASKED, Dataset
from survey.table.suppression import SUPPRESSED

Say: TypeAlias = Callable[[str], str]
"""Says a message in the README's language."""

CHOSEN = {
    "counted_only": N_("without responses marked as test or duplicate"),
    "revisions": N_("every revision of each response"),
    "language": N_("answered in this language:"),
    "actor_group": N_("only this actor group:"),
    "territory": N_("only this territory:"),
    "since": N_("received from this time on:"),
    "until": N_("received before this time:"),
}
"""What each part of a selection says; those that end in a colon are followed by their value."""

MISSING = {
    DONT_KNOW: N_("don’t know"),
    NOT_CONCERNED: N_("not concerned"),
    NOT_ASKED: N_("not asked"),
}


def text_of(
    dataset: Dataset,
    files: Mapping[str, tuple[str, str]],
    left_out: Mapping[str, str],
    missing: Mapping[str, str],
) -> str:
    """What the archive holds: format and shape of each file, why some are left out, and the command
    that installs each format that is missing."""
    fallback = SOURCE if dataset.language != "zgh" else DEFAULT_LANGUAGE
    say = messages(dataset.language, fallback).gettext
    blocks = [
        _heading(dataset),
        dataset.note,
        "\n".join([say(N_("Which responses")), *_selection(dataset, say)]),
        "\n".join([say(N_("Files")), *_files(files, say)]),
        "\n".join([say(N_("Where there is no answer")), *_no_answer(dataset, say)]),
    ]
    if left_out:
        blocks.append(_listed(say(N_("What could not be made")), left_out))
    if missing:
        blocks.append(_listed(say(N_("Formats that are not installed here")), missing))
    credits = dict.fromkeys(
        credit for each in dataset.questionnaires.values() for credit in each.credits
    )
    if credits:
        blocks.append("\n".join([say(N_("Data:")), *(f"  {credit}" for credit in credits)]))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _heading(dataset: Dataset) -> str:
    workshops = [f"{each.code} – {dataset.say(each.title)}" for each in dataset.workshops]
    return "\n".join([dataset.say(dataset.newest.title), *workshops])


def _selection(dataset: Dataset, say: Say) -> Iterator[str]:
    chosen = dataset.selection.chosen()
    if not chosen:
        yield "  " + say(N_("all responses"))
    for name, value in chosen.items():
        words = say(CHOSEN[name])
        yield f"  {words} {value}" if words.endswith(":") else f"  {words}"


def _files(files: Mapping[str, tuple[str, str]], say: Say) -> Iterator[str]:
    for name, (format, shape) in files.items():
        yield f"  {name}"
        yield f"    {say(SHAPE_PURPOSES[shape])}. {say(FORMAT_PURPOSES[format])}"


def _no_answer(dataset: Dataset, say: Say) -> Iterator[str]:
    yield "  " + say(N_("an empty cell: asked and left blank"))
    for word, meaning in MISSING.items():
        yield f"  {word}: {say(meaning)}"
    if dataset.is_public:
        yield f"  {SUPPRESSED}: {say(N_('too few responses to show it'))}"
    else:
        yield "  " + say(N_("For a text these words stand in the column beside it, __missing."))


def _listed(title: str, found: Mapping[str, str]) -> str:
    return "\n".join([title, *(f"  {name}: {about}" for name, about in found.items())])
