"""Pages to print: the codebook and the paper form, each one file that needs nothing else."""

from __future__ import annotations

import io
import re
from html import unescape
from html.parser import HTMLParser

import pytest

from survey.export import FORMATS
from survey.questionnaire.loading import load
from survey.response import Workshop
from survey.table import Dataset, Wording
from survey.table.dataset import LABELS
from survey.table.shapes import CODEBOOK, FORM
from tests.all_types import ALL_TYPES
from tests.conftest import PROJECT, questionnaire_of

SOUSS_MASSA = load(PROJECT / "questionnaires" / "souss-massa.yaml")
VERSION = "0" * 64


def page_of(
    shape: str, language: str = "fr", questionnaire: object = SOUSS_MASSA, *workshops: Workshop
) -> str:
    dataset = Dataset(
        {VERSION: questionnaire},  # type: ignore[dict-item]
        lambda: iter(()),
        workshops,
        Wording(LABELS, language),
    )
    file = io.BytesIO()
    FORMATS["html"].export(dataset, shape, file)
    return file.getvalue().decode()


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("language", SOUSS_MASSA.offered_languages)
@pytest.mark.parametrize("shape", [CODEBOOK, FORM])
def test_a_page_needs_nothing_beside_itself_and_runs_in_its_direction(
    shape: str, language: str
) -> None:
    page = page_of(shape, language)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    found = Tags(page)
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name in ("src", "href", "style")]
    assert "url(" not in page and "@import" not in page


def test_the_paper_form_asks_everything_with_the_codes_to_type_in() -> None:
    page = page_of(FORM)
    for question in SOUSS_MASSA.questions():
        if question.asks:
            assert f'<bdi class="code" dir="ltr">{question.name}</bdi></h3>' in page
            for choice in question.options() if not question.levels else ():
                assert f'<bdi class="code" dir="ltr">{choice.name}</bdi>' in page
    assert page.count("<h2>") == len(SOUSS_MASSA.sections)


def test_the_paper_form_holds_every_type_of_question() -> None:
    page = page_of(FORM, "ar", ALL_TYPES)
    assert page.count('<div class="q">') == len([*ALL_TYPES.questions()])
    assert len(set(re.findall(r'class="box (\w+)"', page))) == 2


def test_a_short_workshop_has_a_short_form_with_its_own_notice() -> None:
    notice = {"controller": {"fr": "<b>Région</b>"}}
    workshop = Workshop("W4A3PJ", {"fr": "Notre atelier"}, VERSION, variant="short", notice=notice)
    page = page_of(FORM, "fr", SOUSS_MASSA, workshop)
    core = [question for question in SOUSS_MASSA.questions("short") if question.asks]
    assert page.count("<h3>") - 1 == len(core) < page_of(FORM).count("<h3>") - 1
    assert "Notre atelier" in page and "W4A3PJ" in page
    assert "&lt;b&gt;Région&lt;/b&gt;" in page and "{" not in page.split("</style>")[1]


def test_the_codebook_says_what_every_column_and_code_means() -> None:
    page = page_of(CODEBOOK)
    for name in ("receipt", "p1", "p1__group", "not_asked"):
        assert f'<bdi class="code" dir="ltr">{name}</bdi>' in page
    assert "Coopérative" in page and VERSION[:8] in page


def test_where_a_language_has_no_words_those_that_stand_in_for_it_are_shown() -> None:
    in_tamazight, said = page_of(CODEBOOK, "zgh"), SOUSS_MASSA.question("s5").label
    assert "zgh" not in said and SOUSS_MASSA.fallback == "fr"
    assert unescape(in_tamazight).count(said["fr"]) == unescape(page_of(CODEBOOK)).count(said["fr"])


@pytest.mark.parametrize("shape", [CODEBOOK, FORM])
def test_words_of_an_author_are_words_not_markup(shape: str) -> None:
    hostile = questionnaire_of(
        """
- type: select_one
  name: idea
  label: {fr: "<script>alert(1)</script>", ar: "ع"}
  choices:
  - {name: a, label: {fr: "</style><img src=x onerror=alert(2)>", ar: "ا"}}
"""
    )
    found = Tags(page_of(shape, "fr", hostile))
    assert not {"script", "img"} & set(found.tags)
