"""Words in a DDI file: an element for each language that has them."""

from __future__ import annotations

from collections.abc import Iterator

from survey.export.xml_writer import XmlWriter
from survey.questionnaire.model import Words
from survey.table import Dataset


def in_languages(dataset: Dataset, words: Words) -> Iterator[tuple[str, str]]:
    """Words in each of the dataset's languages that has them; first in its own, or in the one that
    stands in for it."""
    own = dataset.newest.said_in(dataset.language, words)
    for tag in dict.fromkeys((own, *dataset.languages)):
        if words.get(tag):
            yield tag, words[tag]


def write_words(xml: XmlWriter, name: str, dataset: Dataset, words: Words) -> None:
    """The element, once for each language."""
    for tag, text in in_languages(dataset, words):
        xml.leaf(name, text, {"xml:lang": tag})
