"""Responses as texts to read and code: each answer under its question, and what each is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.export.qda_codes import code_guid, guid
from survey.export.topics import topics_by_question
from survey.questionnaire.model import OTHER, Question
from survey.response import Response
from survey.table import Dataset
from survey.table.long import Piece, pieces_of
from survey.table.selection import LAST


@dataclass(frozen=True, slots=True)
class Passage:
    """Where in a source a text stands that a participant wrote, counted in characters (code points)
    from 0, the end not included; and the codes that are certain for it."""

    guid: str
    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A response's texts, one after the other."""

    guid: str
    name: str
    text: str
    passages: tuple[Passage, ...]


class SourceMaker:
    """Makes a response's source: its name, then each question that was answered with words of the
    participant's own, and these words under it."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._codes = {
            version: {
                name: tuple(code_guid(dataset, kind, topic) for kind, topic in topics.items())
                for name, topics in topics_by_question(questionnaire).items()
            }
            for version, questionnaire in dataset.questionnaires.items()
        }

    def source_of(self, response: Response) -> Source:
        name = self._name(response)
        own = guid("source", name)
        lines = [name]
        passages: list[Passage] = []
        length = len(name)
        for question, pieces in self._written(response):
            heading = f"\n\n{self._heading(question, pieces)}"
            lines.append(heading)
            length += len(heading)
            for place, piece in enumerate(pieces):
                text = piece.text or ""
                lines.append(f"\n{text}")
                start, length = length + 1, length + 1 + len(text)
                part = piece.part or str(place)
                passages.append(
                    Passage(
                        guid(own, question.name, part),
                        start,
                        length,
                        self._codes[response.version][question.name],
                    )
                )
        return Source(own, name, "".join(lines) + "\n", tuple(passages))

    def _name(self, response: Response) -> str:
        if self._dataset.selection.revisions == LAST:
            return response.receipt
        return f"{response.receipt}.{response.revision}"

    def _written(self, response: Response) -> Iterator[tuple[Question, list[Piece]]]:
        for question in self._dataset.questionnaires[response.version].questions():
            if question.personal and not self._dataset.with_personal:
                continue
            pieces = list(pieces_of(question, response.answers))
            for in_other in (False, True):
                texts = [
                    piece
                    for piece in pieces
                    if piece.text is not None and (piece.part == OTHER) is in_other
                ]
                if texts:
                    yield question, texts

    def _heading(self, question: Question, pieces: list[Piece]) -> str:
        """The question on one line; with the choice beside which the text was written."""
        say = self._dataset.say
        words = [say(question.label)]
        if pieces[0].part == OTHER and question.other is not None:
            words.append(say(question.other.label))
        return " ".join(" – ".join(words).split())
