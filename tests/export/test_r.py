"""The script for R: what it says, and what R makes of it where there is one."""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.export import FORMATS, ExportError, file_name
from survey.export.r_format import quoted
from survey.table import Dataset
from tests.conftest import dataset_of, needed_program, questionnaire_of
from tests.export.hard_names import NASTY, NASTY_TEXTS, RESPONSES, response

STRING = re.compile(r'"(?:[ !#-\[\]-~]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"')
"""What R takes for a string, as far as the script uses it."""

ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))")


def script(dataset: Dataset, shape: str = "wide") -> str:
    file = io.BytesIO()
    assert FORMATS["r"].export(dataset, shape, file) == ()
    return file.getvalue().decode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_one_string_of_r_that_says_the_same(text: str) -> None:
    said = quoted(text)
    assert STRING.fullmatch(said)
    meant = ESCAPE.sub(
        lambda found: found[3] or chr(int(found[1] or found[2], 16)),
        said[1:-1],
    )
    assert meant == text


def test_it_is_ascii_so_that_r_reads_it_in_any_locale() -> None:
    said = script(dataset_of(NASTY, RESPONSES, "ar"))
    assert said.isascii() and quoted("تقييم") in said


def test_it_names_the_csv_file_as_the_desk_and_the_docs_name_it() -> None:
    dataset = dataset_of(NASTY, RESPONSES, "fr")
    as_codes = file_name(dataset_of(NASTY, RESPONSES), "wide", FORMATS["csv"])
    assert f'"{as_codes}"' in script(dataset)
    assert file_name(dataset, "wide", FORMATS["r"]).endswith("-wide-fr.R")


def test_the_codebook_needs_no_script() -> None:
    with pytest.raises(ExportError, match="r has no shape codebook"):
        script(dataset_of(NASTY, RESPONSES), "codebook")


class TestWithR:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        needed_program("Rscript", "r-base-core")
        folder = tmp_path / "with a blank"
        folder.mkdir()
        return folder

    def run(self, folder: Path, commands: str, shape: str = "wide", **where: str) -> str:
        """Sources the script beside the CSV file, then runs commands; what they print."""
        codes = dataset_of(NASTY, RESPONSES)
        with (folder / file_name(codes, shape, FORMATS["csv"])).open("wb") as file:
            FORMATS["csv"].export(codes, shape, file)
        (folder / "read.R").write_text(script(dataset_of(NASTY, RESPONSES, "ar"), shape))
        (folder / "run.R").write_text(f'source("read.R", encoding = "UTF-8")\n{commands}\n')
        ran = subprocess.run(
            ["Rscript", "run.R"],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8", **where},
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def test_every_text_comes_back_whole(self, folder: Path) -> None:
        found = self.run(folder, "for (text in responses$all[1:20]) cat(text, '\\u241e', sep = '')")
        assert found.split("␞")[:-1] == list(NASTY_TEXTS)

    def test_columns_have_the_classes_of_base_r(self, folder: Path) -> None:
        names = "c('all', 'to', 'rating', 'with__x', 'int', 'float', 'by', 'received_at')"
        found = self.run(folder, f"for (n in {names}) cat(n, class(responses[[n]]), '\\n')")
        assert [line.strip() for line in found.splitlines()] == [
            "all character",
            "to factor",
            "rating ordered factor",
            "with__x integer",
            "int numeric",
            "float numeric",
            "by Date",
            "received_at POSIXct POSIXt",
        ]

    def test_factors_bear_words_and_those_that_are_alike_their_code(self, folder: Path) -> None:
        found = self.run(folder, "cat(levels(responses$rating), sep = '\\n')")
        assert found.split() == ["قليل", "كثير"]
        assert '"=M\\u00eame [a.1]", "=M\\u00eame [a_1]"' in script(dataset_of(NASTY, [], "fr"))

    def test_the_kinds_of_missing_answers_stay_apart(self, folder: Path) -> None:
        found = self.run(folder, "cat(as.character(missing_kinds$to[20:24]), sep = '\\n')")
        assert found.split() == ["NA", "dk", "blank", "not_asked", "na"]
        found = self.run(folder, "cat(sum(is.na(responses$to)), sum(is.na(responses$int)))")
        assert found == "4 4"

    @pytest.mark.parametrize("shape", FORMATS["r"].shapes)
    def test_it_reads_every_shape_in_any_locale(self, shape: str, folder: Path) -> None:
        found = self.run(folder, "cat(nrow(responses) > 20, '\\n')", shape, LC_ALL="C")
        assert found == "TRUE \n"

    def test_a_file_elsewhere_can_be_named(self, folder: Path) -> None:
        self.run(folder, "")
        csv = next(folder.glob("*.csv")).rename(folder / "other name.csv")
        ran = subprocess.run(["Rscript", "read.R", str(csv)], cwd=folder, capture_output=True)
        assert ran.returncode == 0, ran.stderr

    def test_a_file_with_other_columns_is_refused(self, folder: Path) -> None:
        self.run(folder, "")
        (folder / "other.csv").write_text("\ufeffreceipt,workshop\r\nA,B\r\n")
        ran = subprocess.run(
            ["Rscript", "read.R", "other.csv"], cwd=folder, capture_output=True, text=True
        )
        assert ran.returncode != 0 and len(ran.stderr.splitlines()) >= 2


def test_whole_numbers_are_integers_only_where_r_can_hold_them() -> None:
    questionnaire = questionnaire_of(
        """
- {type: integer, name: small, max: 100, label: {fr: S, ar: س}}
- {type: integer, name: large, label: {fr: L, ar: ل}}
"""
    )
    said = script(dataset_of(questionnaire, [response(1, small=1)]))
    assert 'name = "small", type = "integer"' in said and 'name = "large", type = "number"' in said
