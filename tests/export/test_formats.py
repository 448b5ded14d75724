"""What leaves goes into other programs: CSV for Excel, XLSX, JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import openpyxl
import pytest

from survey.export import FORMATS, ExportError
from survey.export.csv_format import neutral
from survey.questionnaire.model import ENVELOPE
from survey.response import Response
from survey.table import Dataset
from tests.conftest import needed, questionnaire_of, table_of

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  dk: true
  theme: money
  dimension: challenge
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, label: {fr: "=Coopérative", ar: تعاونية}}
- {type: text, name: idea, relevant: "${actor} = 'coop'", label: {fr: Idée, ar: فكرة}}
- {type: integer, name: members, label: {fr: Membres, ar: الأعضاء}}
""",
    "themes:\n- {name: money, label: {fr: Argent, ar: مال}}\n",
)

NASTY = ["=1+1", "+212", "-5", "@x", "'=1", "0012", 'a "b", c;\nd', "𐤀 ⵜⴰⵎ \u200fعربي", "x" * 9000]


def response(number: int, **answers: object) -> Response:
    return Response(
        id="a" * 26,
        receipt=f"RCPT{number:04}",
        workshop="ABC234",
        version="0" * 64,
        revision=1,
        answers=answers,
        language="fr",
        variant="full",
        channel="web",
        received_at="2026-03-22T09:41:07.123Z",
        trial=False,
    )


RESPONSES = [response(n, actor="coop", idea=text, members=n) for n, text in enumerate(NASTY)] + [
    response(90, actor={"missing": "dk"}, members=None)
]


def written(format: str, language: str | None = None) -> bytes:
    file = io.BytesIO()
    FORMATS[format].write(table_of(QUESTIONNAIRE, RESPONSES, language), file)
    return file.getvalue()


def csv_rows(language: str | None = None) -> list[dict[str, str]]:
    text = written("csv", language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


class TestCsv:
    def test_it_begins_with_the_mark_that_excel_needs(self) -> None:
        assert written("csv").startswith(b"\xef\xbb\xbfreceipt,workshop,revision,received_at,")

    def test_its_lines_end_as_rfc_4180_says(self) -> None:
        assert written("csv").split(b"\r\n")[-1] == b""

    def test_formulas_are_dead_and_come_back_whole(self) -> None:
        cells = [row["idea"] for row in csv_rows()[:-1]]
        assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
        assert [cell.removeprefix("'") if cell[0] == "'" else cell for cell in cells] == NASTY

    def test_only_texts_are_touched(self) -> None:
        assert neutral("x=1") == "x=1"
        assert csv_rows()[-1]["receipt"] == "RCPT0090"

    def test_words_of_the_author_cannot_be_formulas_either(self) -> None:
        assert csv_rows("fr")[0]["Qui ? [actor]"] == "'=Coopérative"

    def test_blank_dont_know_and_not_asked_are_three_things(self) -> None:
        row = csv_rows()[-1]
        assert (row["actor"], row["members"]) == ("dk", "")
        assert (row["idea"], row["idea__missing"]) == ("", "not_asked")


@pytest.mark.parametrize("writer", ["fast", "anywhere"])
class TestXlsx:
    @pytest.fixture(autouse=True)
    def chosen_writer(self, writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Both libraries must write the same cells."""
        if writer == "anywhere":
            monkeypatch.setattr("survey.export.xlsx_format.find_spec", lambda _: None)
        else:
            needed("rustpy_xlsxwriter")

    def test_without_responses_there_are_headings_all_the_same(self) -> None:
        file = io.BytesIO()
        FORMATS["xlsx"].write(table_of(QUESTIONNAIRE, []), file)
        header, *rows = openpyxl.load_workbook(file)["Responses"].iter_rows(values_only=True)
        assert list(header) == table_of(QUESTIONNAIRE, []).header and rows == []

    @pytest.fixture
    def book(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(io.BytesIO(written("xlsx")))

    def test_it_holds_the_same_cells_as_csv_with_formulas_as_text(
        self, book: openpyxl.Workbook
    ) -> None:
        header, *rows = book["Responses"].iter_rows(values_only=True)
        table = table_of(QUESTIONNAIRE, RESPONSES)
        assert list(header) == table.header
        assert [list(row) for row in rows] == list(table.rows())
        kinds = {cell.data_type for row in book["Responses"].iter_rows() for cell in row}
        assert "f" not in kinds

    def test_a_sheet_of_more_than_4_gib_is_refused_with_advice(
        self, writer: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def too_large(*_: object, **__: object) -> None:
            raise OSError("Failed to save workbook: Large file option has not been set")

        if writer == "fast":
            monkeypatch.setattr("rustpy_xlsxwriter.write_worksheets", too_large)
        else:
            monkeypatch.setattr("zipfile.ZIP64_LIMIT", 1000)
        with pytest.raises(ExportError, match="Use csv or jsonl"):
            written("xlsx")

    def test_its_codebook_says_what_each_column_and_code_means(
        self, book: openpyxl.Workbook
    ) -> None:
        header, *rows = book["Codebook"].iter_rows(values_only=True)
        named = [dict(zip(header, row, strict=True)) for row in rows]
        about = [row for row in named if row["name"] == "actor"]
        assert [(row["code"], row["label_fr"]) for row in about] == [
            (None, "Qui ?"),
            ("coop", "=Coopérative"),
            ("dk", "Je ne sais pas"),
        ]
        assert (about[0]["type"], about[0]["theme"]) == ("select_one", "money")
        assert (about[0]["dimension"], about[0]["label_ar"]) == ("challenge", "من؟")
        columns = [row["name"] for row in named if row["code"] is None]
        assert columns == table_of(QUESTIONNAIRE, []).header

    def test_in_arabic_its_sheets_run_from_right_to_left(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(written("xlsx", "ar")))
        assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
        assert book["Responses"].cell(2, len(ENVELOPE) + 1).value == "تعاونية"

    def test_the_same_answers_give_the_same_bytes(self) -> None:
        assert written("xlsx") == written("xlsx")

    def test_more_rows_than_a_sheet_holds_are_refused_not_cut(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("survey.export.xlsx_format.MAX_ROWS", 5)
        with pytest.raises(Exception, match="XLSX holds 4 rows"):
            written("xlsx")


class TestJsonLines:
    def test_each_line_is_a_response_with_its_answers_as_stored(self) -> None:
        lines = [json.loads(line) for line in written("jsonl").splitlines()]
        assert [line["answers"] for line in lines] == [each.answers for each in RESPONSES]
        assert lines[0]["receipt"] == "RCPT0000" and lines[0]["trial"] == 0

    def test_words_can_stand_for_codes(self) -> None:
        first, *_, last = (json.loads(line) for line in written("jsonl", "fr").splitlines())
        assert first["answers"]["actor"] == "=Coopérative"
        assert last["answers"]["actor"] == {"missing": "dk"}


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_rows_are_written_as_they_come(format: str) -> None:
    """Nothing is gathered: after each response there is as much output as there can be."""
    written_before: list[int] = []
    file = io.BytesIO()

    def stream() -> Iterator[Response]:
        for number in range(2000):
            written_before.append(file.tell())
            yield response(number, actor="coop", idea="x" * 100, members=number)

    FORMATS[format].export(Dataset({"0" * 64: QUESTIONNAIRE}, stream), "wide", file)
    assert file.tell() - written_before[-1] < 20_000


def test_columns_are_fixed_by_the_questionnaire_not_by_the_answers() -> None:
    assert table_of(QUESTIONNAIRE, []).header == table_of(QUESTIONNAIRE, RESPONSES).header
