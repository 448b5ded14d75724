"""The catalogues: complete in Arabic and French, in step with the code, compiled as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from survey.i18n import CATALOGUES, LANGUAGES, SOURCE, has, messages, negotiate, western_digits
from tests.conftest import PROJECT

TRANSLATED = ["ar", "fr"]
KEYWORDS = ["_", "N_", "plain", "ngettext:1,2", "plain_plural:1,2"]


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "survey.po"
    with path.open("rb") as file:
        return read_po(file)


def texts(catalogue: Catalog) -> dict[object, object]:
    return {
        _strings(each.id): _strings(each.string)
        for each in catalogue
        if each.id and any(_strings(each.string))
    }


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (str(string),)


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {SOURCE}))
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    path = CATALOGUES / language / "LC_MESSAGES" / "survey.mo"
    with path.open("rb") as file:
        assert texts(read_mo(file)) == texts(catalogue(language))


def test_the_template_holds_every_message_of_the_code(tmp_path: Path) -> None:
    target = tmp_path / "survey.pot"
    options = [option for keyword in KEYWORDS for option in ("-k", keyword)]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
    ]
    subprocess.run(
        [*command, *options, "--no-location", "--omit-header", "-o", str(target), "."],
        check=True,
        cwd=PROJECT,
    )
    with target.open("rb") as fresh, (CATALOGUES / "survey.pot").open("rb") as kept:
        assert {_strings(each.id) for each in read_po(fresh)} == {
            _strings(each.id) for each in read_po(kept)
        }


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    with (CATALOGUES / "survey.pot").open("rb") as file:
        wanted = {_strings(each.id) for each in read_po(file) if each.id}
    kept = catalogue(language)
    assert {_strings(each.id) for each in kept if each.id} == wanted
    untranslated = [each.id for each in kept if each.id and not all(_strings(each.string))]
    assert untranslated == []
    assert [each.id for each in kept if each.fuzzy and each.id] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    for each in catalogue(language):
        if not each.id:
            continue
        wanted = set(re.findall(r"%\((\w+)\)s", str(each.id)))
        found = [set(re.findall(r"%\((\w+)\)s", text)) for text in _strings(each.string)]
        # A form for one or two may say the number in words; no form may invent a placeholder.
        assert all(names <= wanted for names in found), each.id
        assert found[-1] == wanted, each.id


def test_arabic_plurals_follow_its_six_forms() -> None:
    arabic = messages("ar")
    said = {
        arabic.ngettext("%(count)s response", "%(count)s responses", count)
        for count in (0, 1, 2, 3, 11, 100)
    }
    assert len(said) >= 4


def test_a_language_knows_which_messages_are_its_own() -> None:
    assert has("fr", "Send my answers") and has("en", "Send my answers")
    assert not has("zgh", "Send my answers")
    assert messages("zgh", "fr").gettext("Send my answers") == messages("fr").gettext(
        "Send my answers"
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ar-MA", "ar"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("shi-MA, fr;q=0.5", "zgh"),
        ("fr;q=0, en;q=0.1", "en"),
        ("xx", "fr"),
        ("," * 5000, "fr"),
        ("fr;q=\u0661", "fr"),
    ],
)
def test_the_language_a_phone_asks_for(header: str, language: str) -> None:
    assert negotiate(header, [*LANGUAGES], "fr") == language


def test_all_digits_are_the_same_numbers() -> None:
    assert western_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 0123456789") == " ".join(["0123456789"] * 3)
