"""Pages to print, each a single file: the codebook, and the questionnaire as a blank paper form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, SOURCE, messages
from survey.questionnaire.model import FULL, Question, Section, Words
from survey.table import Cell, Dataset, Table
from survey.table.codebook import VERSION_LENGTH
from survey.table.shapes import CODEBOOK, FORM
from survey.wording import notice_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
TO_FILL_IN = "……………"


def write(table: Table, file: IO[bytes]) -> None:
    """A page in the language of the dataset. It needs nothing beside itself, and no script."""
    values = VALUES[table.shape](table)
    page = _environment().get_template(f"{table.shape}.html")
    dataset = table.dataset
    context = _Speaker(dataset).context() | {"questionnaire": dataset.newest} | values
    file.write(page.render(context).encode())


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is None or not name.endswith(".css"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Speaker:
    """Says words of the questionnaire and of the interface in the dataset's language."""

    def __init__(self, dataset: Dataset) -> None:
        from markupsafe import Markup

        self.dataset, self.markup = dataset, Markup
        language = dataset.language
        fallback = SOURCE if language != "zgh" else DEFAULT_LANGUAGE
        self.catalogue = messages(language, fallback)

    def context(self) -> dict[str, Any]:
        return {
            "language": LANGUAGES[self.dataset.language],
            "_": self.catalogue.gettext,
            "ngettext": self.plural,
            "words": self.words,
            "plain": self.dataset.say,
            "code": self.code,
        }

    def plural(self, one: str, many: str, number: int) -> str:
        return self.catalogue.ngettext(one, many, number) % {"count": number}

    def words(self, said: Words) -> Markup:
        """Words; where another language stands in, marked with it."""
        language = self.dataset.newest.said_in(self.dataset.language, said)
        text = said.get(language, "")
        if language == self.dataset.language:
            return self.markup("{}").format(text)
        direction = LANGUAGES[language].direction
        return self.markup('<span lang="{}" dir="{}">{}</span>').format(language, direction, text)

    def code(self, text: str) -> Markup:
        """A name that reads from left to right in any language."""
        return self.markup('<bdi class="code" dir="ltr">{}</bdi>').format(text)


@dataclass(frozen=True, slots=True)
class Line:
    """What a column, or one of its codes, means, and in which versions if not in all."""

    code: Cell
    words: str
    versions: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A column of the data with its codes."""

    name: str
    about: tuple[str, ...]
    is_personal: bool
    lines: tuple[Line, ...]


def _codebook(table: Table) -> dict[str, Any]:
    dataset = table.dataset
    versions = [version[:VERSION_LENGTH] for version in dataset.questionnaires]
    names = [column.name for column in table.columns]
    rows = (dict(zip(names, row, strict=True)) for row in table.codes())
    entries = [
        _entry(dataset, name, [*group], " ".join(versions))
        for name, group in groupby(rows, key=lambda row: str(row["name"]))
    ]
    return {
        "entries": entries,
        "versions": versions,
        "workshops": dataset.workshops,
        "note": dataset.note,
    }


LABEL = "label_"
"""How the codebook's columns of words begin; the language follows."""


def _entry(dataset: Dataset, name: str, rows: list[dict[str, Cell]], every: str) -> Entry:
    first = rows[0]
    about = (first["type"] or first["data_type"], first["role"], first["dimension"], first["theme"])
    return Entry(
        name,
        tuple(str(said) for said in about if said),
        bool(first["personal"]),
        tuple(
            Line(
                row["code"],
                _words(dataset, row),
                str(row["versions"]) if row["versions"] != every else "",
            )
            for row in rows
        ),
    )


def _words(dataset: Dataset, row: dict[str, Cell]) -> str:
    """In the dataset's language, or in what stands in for it."""
    labels = {
        name.removeprefix(LABEL): str(cell)
        for name, cell in row.items()
        if name.startswith(LABEL) and cell
    }
    return dataset.say(labels)


def _form(table: Table) -> dict[str, Any]:
    """The questionnaire as it is asked: the newest version, with the notice of its workshop."""
    dataset = table.dataset
    questionnaire = dataset.newest
    workshop = dataset.workshops[0] if len(dataset.workshops) == 1 else None
    notice = workshop.notice if workshop else {}
    return {
        "workshop": workshop,
        "title": workshop.title if workshop else questionnaire.title,
        "notice": notice_of(questionnaire, notice, dataset.language, TO_FILL_IN),
        "sections": [*_numbered(dataset, workshop.variant if workshop else FULL)],
    }


def _numbered(
    dataset: Dataset, variant: str
) -> Iterator[tuple[Section, list[tuple[int, Question]]]]:
    asked = {question.name for question in dataset.newest.questions(variant)}
    numbers = count(1)
    for section in dataset.newest.sections:
        there = [question for question in section.questions if question.name in asked]
        if there:
            yield section, [(next(numbers) if each.asks else 0, each) for each in there]


VALUES: dict[str, Callable[[Table], dict[str, Any]]] = {CODEBOOK: _codebook, FORM: _form}
"""What the template of each shape shows."""
