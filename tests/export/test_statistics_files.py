"""SPSS's and Stata's files, read back by PSPP, pyreadstat and pandas."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas
import pyreadstat
import pytest
from hypothesis import given

from survey.export import FORMATS, ExportError
from survey.export.variables import bytes_of
from survey.response import Response
from survey.table import SHAPES, Dataset
from survey.table.columns import Column
from survey.table.numbers import MISSING_NUMBERS, is_coded, numbers_of, says_why
from survey.table.shapes import TABULAR
from tests.all_types import ALL_TYPES, answers
from tests.conftest import dataset_of, needed_program, questionnaire_of
from tests.export.hard_names import LONG_LABEL, NASTY, NASTY_TEXTS, RESPONSES, response

FILES = ("sav", "dta")
SPSS_EPOCH, STATA_EPOCH = datetime(1582, 10, 14), datetime(1960, 1, 1)
WHY = {"dk": "a", "na": "b", "not_asked": "c"}
READ: dict[str, Any] = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta}


def export(format: str, dataset: Dataset, path: Path, shape: str = "wide") -> list[str]:
    """Returns the warnings, as the terminal has them."""
    with path.open("wb") as file:
        return [str(each) for each in FORMATS[format].export(dataset, shape, file)]


def read(format: str, path: Path) -> tuple[list[list[Any]], Any]:
    """The rows, days and times as numbers, and what the file says of its columns."""
    columns, about = READ[format](
        path, output_format="dict", user_missing=True, disable_datetime_conversion=True
    )
    return [list(row) for row in zip(*columns.values(), strict=True)], about


def in_spss(column: Column, cell: Any) -> Any:
    """What must stand in the file for a cell."""
    if is_text(column):
        return cell or ""
    if cell is None:
        is_asked = column.question is not None and not says_why(column)
        return MISSING_NUMBERS["blank"] if is_asked else None
    if cell in WHY:
        return MISSING_NUMBERS[cell]
    if column.data_type == "date":
        return (datetime.fromisoformat(cell) - SPSS_EPOCH).total_seconds()
    return number(column, cell, SPSS_EPOCH, 1)


def in_stata(column: Column, cell: Any) -> Any:
    if is_text(column):
        return cell or ""
    if cell is None:
        return None
    if cell in WHY:
        return MISSING_NUMBERS[cell] if says_why(column) else WHY[cell]
    if column.data_type == "date":
        return (date.fromisoformat(cell) - STATA_EPOCH.date()).days
    return number(column, cell, STATA_EPOCH, 1000)


def is_text(column: Column) -> bool:
    is_code = column.data_type == "code" and not is_coded(column)
    return is_code or column.data_type in ("text", "codes")


def number(column: Column, cell: Any, epoch: datetime, units: int) -> float:
    if column.data_type == "time":
        return (datetime.fromisoformat(cell.removesuffix("Z")) - epoch) / timedelta(
            seconds=1 / units
        )
    return float(numbers_of(column).get(cell, cell))


HELD = {"sav": in_spss, "dta": in_stata}


def expected(format: str, dataset: Dataset) -> list[list[Any]]:
    table = SHAPES["wide"](dataset)
    return [
        [HELD[format](column, cell) for column, cell in zip(table.columns, row, strict=True)]
        for row in table.codes()
    ]


@pytest.mark.parametrize("format", FILES)
def test_everything_comes_back_as_it_was(format: str, tmp_path: Path) -> None:
    dataset = dataset_of(NASTY, RESPONSES)
    export(format, dataset, tmp_path / "nasty")
    rows, _ = read(format, tmp_path / "nasty")
    assert rows == expected(format, dataset)


@pytest.mark.parametrize("format", FILES)
@given(given_answers=answers())
def test_any_answers_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, format: str, given_answers: dict[str, Any]
) -> None:
    dataset = dataset_of(ALL_TYPES, [response(1, **given_answers)])
    path = tmp_path_factory.getbasetemp() / format
    export(format, dataset, path)
    rows, _ = read(format, path)
    assert rows == expected(format, dataset)


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("shape", TABULAR)
@pytest.mark.parametrize("responses", [RESPONSES, ()], ids=["some", "none"])
def test_every_shape_can_be_held_with_and_without_rows(
    format: str, shape: str, responses: Sequence[Response], tmp_path: Path
) -> None:
    dataset = dataset_of(NASTY, responses)
    export(format, dataset, tmp_path / "shape", shape)
    rows, about = read(format, tmp_path / "shape")
    table = SHAPES[shape](dataset)
    assert len(rows) == len(list(table.codes()))
    assert len(about.column_names) == len(table.columns)


@pytest.mark.parametrize("format", FILES)
def test_the_same_answers_give_the_same_bytes(format: str, tmp_path: Path) -> None:
    """The one thing that differed would be when the file was made."""
    for name in ("one", "two"):
        export(format, dataset_of(NASTY, RESPONSES), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert read(format, tmp_path / "one")[1].creation_time == datetime(1980, 1, 1)


def test_the_file_says_that_it_takes_more_memory_for_more_responses() -> None:
    assert [FORMATS[format].is_streaming for format in FILES] == [False, False]


class TestNumbers:
    def numbers(self, choices: str, more: str = "") -> dict[str, int]:
        listed = "\n".join(
            f"  - {{name: '{name}', label: {{fr: X, ar: س}}}}" for name in choices.split()
        )
        questionnaire = questionnaire_of(
            f"- type: select_one\n  name: q\n  label: {{fr: Q, ar: س}}\n  {more}\n"
            f"  choices:\n{listed}\n"
        )
        column = next(each for each in dataset_of(questionnaire, []).columns() if each.name == "q")
        return numbers_of(column)

    def test_codes_that_are_whole_numbers_stay_what_they_are(self) -> None:
        assert self.numbers("10 5 0") == {"0": 0, "5": 5, "10": 10}

    def test_other_comes_after_them(self) -> None:
        assert self.numbers("10 5", "other: true") == {"5": 5, "10": 10, "other": 11}

    def test_else_they_are_counted_in_the_order_of_the_questionnaire(self) -> None:
        assert self.numbers("b a 5") == {"b": 1, "a": 2, "5": 3}
        assert self.numbers("01 2") == {"01": 1, "2": 2}
        assert self.numbers("9999999999 2") == {"9999999999": 1, "2": 2}

    def test_the_codebook_tells_the_number_of_each_code_and_kind_of_missing_answer(self) -> None:
        table = SHAPES["codebook"](dataset_of(NASTY, RESPONSES))
        header = [column.name for column in table.columns]
        rows = [dict(zip(header, row, strict=True)) for row in table.codes()]
        found = {row["code"]: row["number"] for row in rows if row["name"] == "to"}
        assert found == {
            None: None,
            "a.1": 1,
            "a_1": 2,
            "blank": 3,
            "09.541": 4,
            "other": 5,
            "dk": -88,
            "na": -66,
        }
        assert {row["number"] for row in rows if row["name"] in ("with", "all")} == {None}

    def test_a_code_that_no_questionnaire_has_is_refused_not_guessed(self, tmp_path: Path) -> None:
        dataset = dataset_of(NASTY, [response(1, rating="7")])
        with pytest.raises(ExportError, match="rating holds 7"):
            export("sav", dataset, tmp_path / "x")


class TestSpss:
    @pytest.fixture
    def about(self, tmp_path: Path) -> Any:
        export("sav", dataset_of(NASTY, RESPONSES, "ar"), tmp_path / "nasty.sav")
        return read("sav", tmp_path / "nasty.sav")[1]

    def test_words_that_spss_keeps_for_itself_are_renamed_and_the_label_says_so(
        self, about: Any, tmp_path: Path
    ) -> None:
        names = about.column_names
        assert {"all_2", "to_2", "with_2", "by_2", "int", "rating"} <= set(names)
        assert about.column_names_to_labels["to_2"] == "[to] من؟"
        long = "with__a_very_long_name_of_a_choice_that_no_program_takes_as_it_is.1234"
        assert long[:50] in "".join(names) and max(map(len, names)) == 64
        warned = export("sav", dataset_of(NASTY, []), tmp_path / "x")
        assert "all → all_2, to → to_2, with → with_2" in warned[0]

    def test_long_labels_are_cut_between_letters_and_the_export_warns(
        self, about: Any, tmp_path: Path
    ) -> None:
        whole = " ".join(LONG_LABEL.split())
        label = about.column_names_to_labels["all_2"].removeprefix("[all] ")
        assert whole.startswith(label) and 250 < len(f"[all] {label}".encode()) <= 256
        code = about.variable_value_labels["to_2"][2]
        assert whole.startswith(code) and 118 < len(code.encode()) <= 120
        warnings = export("sav", dataset_of(NASTY, [], "ar"), tmp_path / "x")
        assert any(
            "shorter labels" in each and "all, all__missing, to" in each for each in warnings
        )

    def test_missing_answers_are_user_missing_with_labels(self, about: Any) -> None:
        assert about.missing_ranges["int"] == [{"lo": -99, "hi": -66}]
        assert about.variable_value_labels["to_2"][-88] == "لا أعرف"
        assert "all__missing" not in about.missing_ranges

    def test_columns_have_their_level_of_measurement(self, about: Any) -> None:
        levels = about.variable_measure
        assert (levels["to_2"], levels["rating"], levels["int"]) == ("nominal", "ordinal", "scale")
        assert levels["all_2"] == "nominal"

    def test_text_of_ten_thousand_letters_fits_and_longer_ones_are_cut_between_letters(
        self, tmp_path: Path
    ) -> None:
        texts = ["ⵣ" * 10_000, "x" + "👩" * 9_999]
        dataset = dataset_of(NASTY, [response(1, all=text) for text in texts])
        warnings = export("sav", dataset, tmp_path / "long")
        rows, about = read("sav", tmp_path / "long")
        found = [row[about.column_names.index("all_2")] for row in rows]
        assert found == [texts[0], "x" + "👩" * 8_191]
        assert any("32,767 bytes" in each and "Cut: all." in each for each in warnings)

    def test_digits_beyond_fifteen_are_rounded_and_the_export_warns(self, tmp_path: Path) -> None:
        few, many = "0.100000", "123456789012345.123456"
        warnings = export("sav", dataset_of(NASTY, [response(1, float=few)]), tmp_path / "x")
        assert not any("Rounded" in each for each in warnings)
        warnings = export("sav", dataset_of(NASTY, [response(1, float=many)]), tmp_path / "x")
        assert any("Rounded: float." in each for each in warnings)

    def test_cutting_never_breaks_a_letter(self) -> None:
        assert bytes_of("ⵣⵣⵣ", 8) == "ⵣⵣ" and bytes_of("ab", 8) == "ab"


class TestPspp:
    """PSPP is a program that is not ours, and stricter than the library that writes the file."""

    def run(self, folder: Path, commands: str) -> str:
        pspp = needed_program("pspp", "pspp")
        export("sav", dataset_of(NASTY, RESPONSES, "ar"), folder / "nasty.sav")
        (folder / "run.sps").write_text(f"GET FILE='nasty.sav'.\n{commands}\n")
        ran = subprocess.run(
            [pspp, "-o", "out.csv", "run.sps"],
            cwd=folder,
            capture_output=True,
            text=True,
            env={"LC_ALL": "C.UTF-8", "HOME": str(folder)},
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        return (folder / "out.csv").read_text(encoding="utf-8")

    def test_it_reads_the_dictionary_without_a_complaint(self, tmp_path: Path) -> None:
        variables = self.run(tmp_path, "DISPLAY DICTIONARY.")
        assert "to_2,13,[to] من؟,Nominal,Input,8,Right,F3.0,F3.0,-99 THRU -66" in variables
        assert "rating,24,تقييم,Ordinal," in variables
        assert "received_at,4," in variables and "DATETIME24.3" in variables

    def test_it_counts_each_kind_of_missing_answer_apart(self, tmp_path: Path) -> None:
        tables = self.run(tmp_path, "FREQUENCIES /VARIABLES=to_2 by_2 all__missing.")
        assert "N,Valid,20,20,2" in tables
        assert ",Missing,4,4,22" in tables
        counted = "Missing,[^,]+,1,4.2%,,\n,لا أعرف,1,4.2%,,\n,-77,1,4.2%,,\n,لا يعنيني,1,4.2%,,\n"
        assert re.search(counted, tables)

    def test_it_reads_every_text_whole(self, tmp_path: Path) -> None:
        convert = needed_program("pspp-convert", "pspp")
        export("sav", dataset_of(NASTY, RESPONSES), tmp_path / "nasty.sav")
        subprocess.run([convert, "nasty.sav", "out.csv"], cwd=tmp_path, check=True)
        text = (tmp_path / "out.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["all_2"] for row in rows[: len(NASTY_TEXTS)]] == list(NASTY_TEXTS)
        assert rows[1]["int"] == "10000000000001" and rows[1]["float"] == "-1.000001"
        assert rows[0]["by_2"] == "02/28/2026"


class TestStata:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "nasty.dta"
        export("dta", dataset_of(NASTY, RESPONSES, "ar"), path)
        return path

    def test_another_reader_finds_the_same_numbers_and_texts(self, path: Path) -> None:
        frame = pandas.read_stata(path, convert_categoricals=False, convert_dates=False)
        assert list(frame["all"])[: len(NASTY_TEXTS)] == list(NASTY_TEXTS)
        assert list(frame["rating"])[:4] == [1, 5, 1, 5]

    def test_each_kind_of_missing_answer_has_its_letter(self, path: Path) -> None:
        frame = pandas.read_stata(
            path, convert_categoricals=False, convert_dates=False, convert_missing=True
        )
        assert [str(cell) for cell in frame["to"]][-4:] == [".a", ".", ".c", ".b"]

    def test_days_and_times_are_what_stata_shows_as_such(self, path: Path) -> None:
        frame = pandas.read_stata(path, convert_categoricals=False, columns=["received_at"])
        assert frame["received_at"][0] == pandas.Timestamp("2026-03-22T09:41:07.123")
        frame = pandas.read_stata(path, convert_categoricals=False, columns=["by"])
        assert frame["by"][0] == pandas.Timestamp("2026-02-28")

    def test_names_and_labels_fit_and_the_export_warns(self, path: Path, tmp_path: Path) -> None:
        with pandas.io.stata.StataReader(path) as reader:
            labels = reader.variable_labels()
            words = reader.value_labels()
        assert max(map(len, labels)) <= 32 and max(map(len, labels.values())) <= 80
        assert {"int_2", "float_2", "with_2", "all"} <= labels.keys()
        assert labels["int_2"] == "[int] عدد"
        assert any(" ".join(LONG_LABEL.split()) in each.values() for each in words.values())
        assert any("int → int_2" in each for each in export("dta", dataset_of(NASTY, []), path))


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    lacking = replace(FORMATS["sav"], module="pyreadstat no_such_library")
    with pytest.raises(ExportError, match=r'pip install "tashkhis\[spss\]"'):
        lacking.export(dataset_of(NASTY, []), "wide", io.BytesIO())
