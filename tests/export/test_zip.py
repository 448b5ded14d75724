"""Everything in one archive: the formats that are there, a README, always the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from survey.export import FORMATS, ExportError, Format
from survey.response import Workshop
from survey.table import Dataset, Selection, Wording, public
from survey.table.dataset import LABELS
from tests.conftest import dataset_of
from tests.export.test_public import QUESTIONNAIRE, response

WORKSHOP = Workshop("ABC234", {"fr": "Atelier d’essai", "ar": "ورشة"}, "0" * 64)
RESPONSES = [response(n, actor="honey", place="up", idea="Du miel") for n in range(7)]


def dataset(language: str | None = "fr") -> Dataset:
    wording = Wording(LABELS, language) if language else Wording()
    found = dataset_of(QUESTIONNAIRE, RESPONSES)
    return replace(found, workshops=(WORKSHOP,), wording=wording)


def archive(of: Dataset) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(written(of)))


def written(of: Dataset) -> bytes:
    file = io.BytesIO()
    FORMATS["zip"].export(of, "wide", file)
    return file.getvalue()


def readme(of: Dataset) -> str:
    return archive(of).read("README.txt").decode()


def test_it_holds_every_installed_format_in_codes_and_in_words() -> None:
    names = archive(dataset()).namelist()
    for format in FORMATS.values():
        ending = f".{format.extension or format.name}"
        if format.is_installed and format.name != "zip":
            assert [name for name in names if name.endswith(ending)], format.name
    for shape in ("wide", "long", "statements"):
        for wording in ("codes", "fr"):
            assert f"tiny-ABC234-{shape}-{wording}.csv" in names
    assert names[-1] == "README.txt" and len(names) == len(set(names))


def test_its_files_are_those_that_are_exported_one_by_one() -> None:
    inside = archive(dataset()).read("tiny-ABC234-wide-fr.csv")
    alone = io.BytesIO()
    FORMATS["csv"].export(dataset(), "wide", alone)
    assert inside == alone.getvalue()
    assert len([*csv.reader(io.StringIO(inside.decode("utf-8-sig"), newline=""))]) == 8


def test_the_same_answers_give_the_same_bytes() -> None:
    assert written(dataset()) == written(dataset())
    assert written(public(dataset())) == written(public(dataset()))


def test_members_carry_no_time_and_are_packed_once() -> None:
    opened = archive(dataset())
    for member in opened.infolist():
        assert member.date_time == (1980, 1, 1, 0, 0, 0)
        is_archive = opened.read(member).startswith(b"PK")
        assert (member.compress_type == zipfile.ZIP_STORED) == is_archive


def test_its_readme_says_what_each_file_is_and_which_responses_were_chosen() -> None:
    chosen = Selection(counted_only=True, actor_group="coop", territory="north")
    text = readme(replace(dataset(), selection=chosen))
    for name in archive(dataset()).namelist()[:-1]:
        assert f"  {name}\n    " in text
    for said in ("ABC234 – Atelier d’essai", " coop\n", " north\n", "not_asked", "Nobody"):
        assert said in text


@pytest.mark.parametrize("language", ["fr", "ar", None])
def test_its_readme_says_how_to_install_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, language: str | None
) -> None:
    absent = Format(
        "sav", "x", FORMATS["csv"].write, module="survey_has_no_such_library", extra="spss"
    )
    monkeypatch.setitem(FORMATS, "sav", absent)
    text = readme(dataset(language))
    assert '  sav: pip install "tashkhis[spss]"' in text
    assert ".sav\n" not in text


def test_what_a_format_cannot_hold_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ExportError("Too many rows for a sheet.")

    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], write=refuse))
    names = archive(dataset()).namelist()
    assert "tiny-ABC234-wide-fr.csv" in names and "tiny-ABC234-wide-fr.xlsx" not in names
    assert "  tiny-ABC234-wide-fr.xlsx: Too many rows for a sheet.\n" in readme(dataset())


def test_a_public_one_says_so_and_has_no_texts_or_forms() -> None:
    of = public(dataset())
    names = archive(of).namelist()
    assert all("public" in name for name in names[:-1])
    assert not [name for name in names if "statements" in name or "form" in name]
    assert of.note in readme(of) and "suppressed" in readme(of)
