"""One dataset in its shapes: a row per response, per answer, per statement, per column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.export import FORMATS
from survey.export.csv_format import neutral
from survey.questionnaire.loading import load
from survey.questionnaire.model import ENVELOPE, Questionnaire
from survey.response import Response
from survey.table import SHAPES, ColumnError, Dataset, Table, Wording
from survey.table.dataset import BOTH, LABELS
from tests.all_types import ALL_TYPES, answers
from tests.conftest import PROJECT, dataset_of, questionnaire_of

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  role: actor_group
  dk: true
  label: {fr: Qui ?, ar: من؟}
  choices: [{name: coop, group: makers, label: {fr: Coopérative, ar: تعاونية}}]
  other: {group: rest}
- {type: integer, name: members, dk: true, label: {fr: Membres, ar: الأعضاء}}
- type: select_multiple
  name: needs
  label: {fr: Besoins, ar: حاجيات}
  choices:
  - {name: credit, label: {fr: Crédit, ar: قرض}}
  - {name: water, label: {fr: Eau, ar: ماء}}
- {type: select_one, name: quote, role: quote_consent, label: {fr: "Citer ?", ar: اقتباس؟}, choices: yes_no}
- type: statements
  name: ideas
  theme: money
  dimension: challenge
  quote_consent: quote
  max_items: 3
  label: {fr: Idées, ar: أفكار}
- {type: text, name: phone, personal: true, label: {fr: Téléphone, ar: هاتف}}
""",
    """
themes: [{name: money, label: {fr: Argent, ar: مال}}]
actor_groups:
- {name: makers, label: {fr: Producteurs, ar: منتجون}}
- {name: rest, label: {fr: Autres, ar: آخرون}}
choices:
  yes_no:
  - {name: "yes", label: {fr: Oui, ar: نعم}}
  - {name: "no", label: {fr: Non, ar: لا}}
""",
)

GIVEN = {
    "actor": "coop",
    "members": 12,
    "needs": ["credit", "water"],
    "quote": "yes",
    "ideas": ["un", "deux"],
    "phone": "0612",
}


def response(answers: Mapping[str, Any], version: str = "1" * 64, receipt: str = "R") -> Response:
    return Response(
        id="a" * 26,
        receipt=receipt,
        workshop="ABC234",
        version=version,
        revision=1,
        answers=answers,
        language="fr",
        variant="full",
        channel="web",
        received_at="2026-03-22T09:41:07.123Z",
    )


def named(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.header, row, strict=True)) for row in table.rows()]


def shaped(
    shape: str, *given: Mapping[str, Any], language: str | None = None
) -> list[dict[str, Any]]:
    return named(SHAPES[shape](dataset_of(QUESTIONNAIRE, map(response, given), language)))


@pytest.mark.parametrize("shape", ["wide", "long", "statements", "codebook"])
@pytest.mark.parametrize("style", ["codes", "labels", "both"])
@given(st.lists(answers(), max_size=2))
def test_csv_holds_the_rows_as_the_standard_library_writes_them(
    shape: str, style: str, given_answers: list[dict[str, Any]]
) -> None:
    """Cells made as text say what typed cells say, and are in quotes just where they must be."""
    dataset = dataset_of(ALL_TYPES, map(response, given_answers))
    table = SHAPES[shape](replace(dataset, wording=Wording(style, "fr")))
    file, expected = io.BytesIO(), io.StringIO(newline="")
    FORMATS["csv"].write(table, file)
    writer = csv.writer(expected)
    writer.writerow([neutral(heading) for heading in table.header])
    for row in table.rows():
        shown = zip(table.shown, row, strict=True)
        writer.writerow(
            [neutral(str(cell)) if each.is_text and cell else cell for each, cell in shown]
        )
    assert file.getvalue().decode("utf-8-sig") == expected.getvalue()


class TestWide:
    def test_several_choices_stand_in_one_column_and_in_one_each(self) -> None:
        (row,) = shaped("wide", GIVEN)
        assert (row["needs"], row["needs__credit"], row["needs__water"]) == ("credit water", 1, 1)

    def test_what_is_no_choice_is_shown_as_it_is_stored(self) -> None:
        (row,) = shaped("wide", {**GIVEN, "actor": "gone", "needs": ["water", "gone"]})
        assert (row["actor"], row["actor__group"]) == ("gone", None)
        assert (row["needs"], row["needs__credit"], row["needs__water"]) == ("water gone", 0, 1)

    def test_in_a_language_every_code_is_a_word(self) -> None:
        (row,) = shaped("wide", GIVEN, language="fr")
        assert row["Besoins [needs]"] == "Crédit; Eau"
        assert row["Qui ? [actor__group]"] == "Producteurs"
        assert row["Canal [channel]"] == "Téléphone"

    def test_json_lines_have_words_beside_codes(self) -> None:
        given, file = dataset_of(QUESTIONNAIRE, [response(GIVEN)]), io.BytesIO()
        FORMATS["jsonl"].export(replace(given, wording=Wording(BOTH, "fr")), "wide", file)
        line = json.loads(file.getvalue())
        assert (line["answers"]["actor"], line["labels"]["actor"]) == ("coop", "Coopérative")
        assert line["answers"]["needs"] == ["credit", "water"]
        assert line["labels"]["needs"] == ["Crédit", "Eau"]

    def test_a_choice_named_label_takes_no_name_from_the_words(self) -> None:
        questionnaire = questionnaire_of(
            """
- type: select_multiple
  name: need
  label: {fr: Besoin, ar: حاجة}
  choices: [{name: label, label: {fr: Un label, ar: علامة}}]
"""
        )
        given = dataset_of(questionnaire, [response({"need": ["label"]})])
        table = SHAPES["wide"](replace(given, wording=Wording(BOTH, "fr")))
        assert len(table.header) == len(set(table.header))
        (row,) = named(table)
        assert (row["need"], row["need__label"], row["need__label_"]) == ("label", 1, "Un label")

    def test_words_and_codes_can_stand_side_by_side(self) -> None:
        dataset = Dataset(
            {"1" * 64: QUESTIONNAIRE},
            lambda: iter([response(GIVEN)]),
            wording=Wording(BOTH, "fr"),
        )
        (row,) = named(SHAPES["wide"](dataset))
        assert (row["actor"], row["actor__label"]) == ("coop", "Coopérative")

    def test_what_is_personal_is_left_out_unless_asked_for(self) -> None:
        (row,) = shaped("wide", GIVEN)
        assert "0612" not in row.values() and "phone" not in row
        dataset = Dataset(
            {"1" * 64: QUESTIONNAIRE}, lambda: iter([response(GIVEN)]), with_personal=True
        )
        assert named(SHAPES["wide"](dataset))[0]["phone"] == "0612"


class TestLong:
    def test_each_thing_that_is_said_has_a_row(self) -> None:
        rows = shaped("long", {**GIVEN, "quote": None, "members": {"missing": "dk"}})
        said = [
            (row["question"], row["part"], row["value"], row["text"], row["missing"])
            for row in rows
        ]
        assert said == [
            ("actor", None, "coop", None, None),
            ("members", None, None, None, "dk"),
            ("needs", None, "credit", None, None),
            ("needs", None, "water", None, None),
            ("quote", None, None, None, "blank"),
            ("ideas", "1", None, "un", None),
            ("ideas", "2", None, "deux", None),
        ]
        assert {row["actor_group"] for row in rows} == {"makers"}

    def test_where_somebody_is_from_stands_in_each_row(self) -> None:
        souss_massa = load(PROJECT / "questionnaires" / "souss-massa.yaml")
        answered = response({"p1": "coop", "p2": "09.541"})
        table = SHAPES["long"](dataset_of(souss_massa, [answered]))
        assert {row["territory"] for row in named(table)} == {"09.541"}

    def test_words_stand_beside_the_codes(self) -> None:
        first = shaped("long", GIVEN, language="fr")[0]
        assert (first["question_label"], first["value"]) == ("Qui ?", "coop")
        assert first["value_label"] == "Coopérative"

    @given(answers())
    def test_the_answers_can_be_put_together_again(self, given_answers: dict[str, Any]) -> None:
        """Not only from the rows, but from the file that a statistician gets."""
        file = io.BytesIO()
        FORMATS["csv"].export(dataset_of(ALL_TYPES, [response(given_answers)]), "long", file)
        text = file.getvalue().decode("utf-8-sig")
        rows = [
            {name: cell or None for name, cell in row.items()}
            for row in csv.DictReader(io.StringIO(text, newline=""))
        ]
        for row in rows:
            if row["text"] and row["text"].startswith("'"):
                row["text"] = row["text"][1:]
        asked = {name: value for name, value in given_answers.items() if "__" not in name}
        assert put_together(ALL_TYPES, rows) == asked


def put_together(questionnaire: Questionnaire, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The answers that long rows say, as they are stored; texts beside *other* left out."""
    found: dict[str, Any] = {}
    for row in rows:
        name, kind = row["question"], questionnaire.question(row["question"]).type
        if row["missing"] == "not_asked" or (row["part"] == "other" and row["text"] is not None):
            continue
        if row["missing"] == "blank" and row["part"] is not None:  # a row that was left out
            continue
        missing = {"missing": row["missing"]} if row["missing"] not in (None, "blank") else None
        number = row["number"] if kind == "decimal" else row["number"] and int(row["number"])
        said = missing or row["value"] or row["text"] or number
        if kind in ("select_multiple", "rank", "statements") and row["missing"] is None:
            found.setdefault(name, []).append(row["part"] if kind == "rank" else said)
        elif kind in ("matrix", "vote", "allocation") and row["part"] is not None:
            found.setdefault(name, {})[row["part"]] = number if kind == "allocation" else said
        else:
            found[name] = number if number is not None else said
    return found


MATRIX = questionnaire_of(
    """
- type: matrix
  name: m
  label: {fr: M, ar: م}
  scale: three
  rows: [{name: r, label: {fr: R, ar: ر}}, {name: q, label: {fr: Q, ar: ق}}]
- type: allocation
  name: share
  label: {fr: S, ar: س}
  choices: [{name: a, label: {fr: A, ar: ا}}, {name: b, label: {fr: B, ar: ب}}]
""",
    """
scales:
  three:
  - {name: "1", label: {fr: Un, ar: واحد}}
  - {name: "2", label: {fr: Deux, ar: اثنان}}
""",
)


def test_what_was_left_out_of_a_matrix_or_an_allocation_is_blank() -> None:
    given = response({"m": {"r": "1"}, "share": {"b": 100}})
    rows = named(SHAPES["long"](dataset_of(MATRIX, [given])))
    said = [(row["part"], row["value"], row["number"], row["missing"]) for row in rows]
    assert said == [
        ("r", "1", None, None),
        ("q", None, None, "blank"),
        ("a", None, None, "blank"),
        ("b", None, "100", None),
    ]


class TestStatements:
    def test_whose_it_is_may_be_blank_or_not_asked(self) -> None:
        blank, not_asked = shaped("statements", {"actor": None, "ideas": ["x"]}, {"ideas": ["x"]})
        assert (blank["actor_group"], not_asked["actor_group"]) == (None, "not_asked")
        assert (blank["quote_consent"], not_asked["quote_consent"]) == ("not_asked", "not_asked")
        (left_out,) = shaped("statements", {"quote": None, "ideas": ["x"]})
        assert left_out["quote_consent"] is None
        assert left_out["territory"] == "not_asked"

    def test_a_personal_consent_is_left_out_with_all_that_is_personal(self) -> None:
        sections = tuple(
            replace(
                section,
                questions=tuple(
                    replace(each, personal=True) if each.name == "quote" else each
                    for each in section.questions
                ),
            )
            for section in QUESTIONNAIRE.sections
        )
        personal = replace(QUESTIONNAIRE, sections=sections)
        dataset = dataset_of(personal, [response(GIVEN)])
        assert {row["quote_consent"] for row in named(SHAPES["statements"](dataset))} == {None}
        whole = replace(dataset, with_personal=True)
        assert "yes" in {row["quote_consent"] for row in named(SHAPES["statements"](whole))}

    def test_each_text_has_a_row_with_whose_it_is_and_whether_it_may_be_quoted(self) -> None:
        rows = shaped("statements", {**GIVEN, "actor": "other", "actor__other": "Syndicat"})
        assert [(row["type"], row["place"], row["text"]) for row in rows] == [
            ("other", 1, "Syndicat"),
            ("statements", 1, "un"),
            ("statements", 2, "deux"),
        ]
        last = rows[-1]
        assert last["actor_group"] == "rest"
        assert (last["theme"], last["dimension"]) == ("money", "challenge")
        assert last["quote_consent"] == "yes"


OLDER = questionnaire_of(
    """
- {type: select_one, name: actor, label: {fr: Vous êtes, ar: من؟}, choices: old}
- {type: integer, name: gone, label: {fr: Disparu, ar: ذهب}}
- {type: text, name: last, label: {fr: Fin, ar: نهاية}}
""",
    """
choices:
  old:
  - {name: coop, label: {fr: Coop, ar: تعاونية}}
  - {name: guild, label: {fr: Corporation, ar: حنطة}}
""",
)
NEWER = questionnaire_of(
    """
- {type: select_one, name: actor, label: {fr: "Qui ?", ar: من؟}, choices: new}
- {type: integer, name: fresh, label: {fr: Nouveau, ar: جديد}}
- {type: text, name: last, label: {fr: Fin, ar: نهاية}}
""",
    "choices:\n  new:\n  - {name: coop, label: {fr: Coopérative, ar: تعاونية}}\n",
)


class TestSeveralVersions:
    @pytest.fixture
    def dataset(self) -> Dataset:
        both = [
            response({"actor": "guild", "gone": 4, "last": "x"}, "1" * 64),
            response({"actor": "coop", "fresh": 5, "last": None}, "2" * 64),
        ]
        versions = {"1" * 64: OLDER, "2" * 64: NEWER}
        return Dataset(versions, lambda: iter(both), wording=Wording(LABELS, "fr"))

    def test_they_stand_in_one_table_by_name_the_newest_words_first(self, dataset: Dataset) -> None:
        table = SHAPES["wide"](dataset)
        assert table.header[len(ENVELOPE) :] == [
            "Qui ? [actor]",
            "Disparu [gone]",
            "Nouveau [fresh]",
            "Fin [last]",
            "Fin [last__missing]",
        ]
        first, second = ([*row][len(ENVELOPE) :] for row in table.rows())
        assert first == ["Corporation", 4, "not_asked", "x", None]
        assert second == ["Coopérative", "not_asked", 5, None, None]

    def test_the_codebook_says_what_changed(self, dataset: Dataset) -> None:
        rows = named(SHAPES["codebook"](dataset))
        about = [
            (row["code"], row["label_fr"], row["versions"])
            for row in rows
            if row["name"] == "actor"
        ]
        old, new = "1" * 8, "2" * 8
        assert [each for each in about if each[0] != "not_asked"] == [
            (None, "Qui ?", new),
            (None, "Vous êtes", old),
            ("coop", "Coopérative", new),
            ("coop", "Coop", old),
            ("guild", "Corporation", old),
        ]

    def test_a_scale_that_grew_keeps_its_order(self) -> None:
        older, newer = (
            questionnaire_of(
                f"- {{type: select_one, name: a, label: {{fr: A, ar: ا}}, scale: {points}}}",
                f"scales:\n  {points}:\n"
                + "".join(f"  - {{name: {name}, label: {{fr: x, ar: س}}}}\n" for name in names),
            )
            for points, names in (("two", ["low", "high"]), ("three", ["low", "middle", "high"]))
        )
        versions = {"1" * 64: older, "2" * 64: newer}
        column = Dataset(versions, lambda: iter([])).columns()[-1]
        assert list(column.labels) == ["low", "middle", "high"]
        versions = {"1" * 64: newer, "2" * 64: older}
        column = Dataset(versions, lambda: iter([])).columns()[-1]
        assert list(column.labels) == ["low", "middle", "high"]

    def test_languages_of_every_version_have_their_words_in_the_codebook(
        self, dataset: Dataset
    ) -> None:
        english = replace(NEWER, languages=("en",), partial=())
        both = replace(dataset, questionnaires={"1" * 64: OLDER, "2" * 64: english})
        assert both.languages == ("en", "fr", "ar")
        gone = next(row for row in named(SHAPES["codebook"](both)) if row["name"] == "gone")
        assert gone["label_fr"] == "Disparu"

    def test_a_name_with_two_types_is_refused(self) -> None:
        other = questionnaire_of("- {type: text, name: actor, label: {fr: Qui, ar: من؟}}")
        dataset = Dataset({"1" * 64: OLDER, "2" * 64: other}, lambda: iter([]))
        with pytest.raises(ColumnError, match="actor"):
            SHAPES["wide"](dataset)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_the_same_columns_without_any_response(shape: str) -> None:
    empty, full = (
        SHAPES[shape](dataset_of(QUESTIONNAIRE, map(response, given))) for given in ([], [GIVEN])
    )
    assert empty.header == full.header
    assert all(len(row) == len(full.header) for row in full.rows())
