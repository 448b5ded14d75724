"""What may be published: no texts, no receipt codes, nobody to be told by what she is or where from."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.export import FORMATS, ExportError
from survey.questionnaire.loading import load
from survey.questionnaire.model import Questionnaire
from survey.response import Response
from survey.table import Dataset, PublicError, Selection, Wording, public, wide
from survey.table.dataset import BOTH, LABELS
from survey.table.shapes import NEVER_PUBLIC
from survey.table.suppression import SUPPRESSED, shown, shown_groups, shown_places
from tests.conftest import PROJECT, dataset_of, questionnaire_of, questionnaire_text

PLACES = """\
name,level,parent,fr,ar
north,region,,Nord,شمال
hills,province,north,Monts,جبال
up,commune,hills,Haut,فوق
down,commune,hills,Bas,تحت
coast,province,north,Côte,ساحل
port,commune,coast,Port,ميناء
south,region,,Sud,جنوب
"""
QUESTIONS = questionnaire_text(
    """
- type: select_one
  name: actor
  role: actor_group
  dk: true
  other: {group: rest}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: honey, group: coop, label: {fr: Miel, ar: عسل}}
  - {name: argan, group: coop, label: {fr: Argan, ar: أركان}}
  - {name: lender, group: bank, label: {fr: Banque, ar: بنك}}
  - {name: club, group: assoc, label: {fr: Club, ar: ناد}}
- type: select_one
  name: place
  role: territory
  na: true
  label: {fr: Où ?, ar: أين؟}
  choices: places
- {type: integer, name: members, label: {fr: Membres, ar: الأعضاء}}
- {type: text, name: idea, label: {fr: Idée, ar: فكرة}}
- {type: statements, name: hopes, max_items: 2, label: {fr: Espoirs, ar: آمال}}
- {type: integer, name: phone, personal: true, label: {fr: Téléphone, ar: هاتف}}
- type: select_multiple
  name: needs
  other: true
  label: {fr: Besoins, ar: حاجات}
  choices:
  - {name: water, label: {fr: Eau, ar: ماء}}
""",
    """
min_group_size: 3
actor_groups:
- {name: coop, label: {fr: Coopératives, ar: تعاونيات}}
- {name: bank, label: {fr: Banques, ar: أبناك}}
- {name: assoc, label: {fr: Associations, ar: جمعيات}}
- {name: rest, label: {fr: Autres, ar: آخرون}}
choices:
  places: {file: places.csv, levels: [region, province, commune], credit: "Nobody"}
""",
)


def questionnaire() -> Questionnaire:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "places.csv").write_text(PLACES, encoding="utf-8")
        path = Path(folder) / "public.yaml"
        path.write_text(QUESTIONS, encoding="utf-8")
        return load(path)


QUESTIONNAIRE = questionnaire()
LEAST = 3
CANARY = "qwlxkj"
PHONE = 612_345_678


def response(number: int = 0, workshop: str = "ABC234", **answers: object) -> Response:
    return Response(
        id=f"{CANARY}{number:020}",
        receipt=f"{CANARY.upper()}{number:02}",
        workshop=workshop,
        version="0" * 64,
        revision=1,
        answers=answers,
        language="fr",
        variant="full",
        channel="web",
        received_at=f"2026-03-22T09:41:{number % 60:02}.123Z",
    )


def rows_of(responses: Iterable[Response]) -> list[dict[str, object]]:
    table = wide(public(dataset_of(QUESTIONNAIRE, responses)))
    return [dict(zip(table.header, row, strict=True)) for row in table.rows()]


def many(count: int, **answers: object) -> list[Response]:
    return [response(number, **answers) for number in range(count)]


class TestSuppression:
    def test_what_is_large_enough_is_shown_as_it_is(self) -> None:
        rows = rows_of([*many(3, actor="honey", place="up"), *many(4, actor="club", place="south")])
        assert [row["place"] for row in rows] == ["up"] * 3 + ["south"] * 4
        assert [row["actor"] for row in rows] == ["coop"] * 3 + ["assoc"] * 4

    def test_kinds_of_actors_are_shown_as_their_group(self) -> None:
        rows = rows_of([*many(2, actor="honey"), *many(2, actor="argan")])
        assert {(row["actor"], row["actor__group"]) for row in rows} == {("coop", "coop")}

    def test_a_small_territory_becomes_a_wider_one_with_its_smallest_neighbour(self) -> None:
        places = {("up", "hills"): 1, ("down", "hills"): 4, ("port", "coast"): 5}
        assert shown_places(places, 3) == {
            ("up", "hills"): "hills",
            ("down", "hills"): "hills",
            ("port", "coast"): "port",
        }

    def test_a_single_small_group_takes_the_next_one_with_it(self) -> None:
        sizes = {"bank": 1, "coop": 9, "assoc": 4}
        assert shown_groups(sizes, 3) == {"bank": SUPPRESSED, "coop": "coop", "assoc": SUPPRESSED}

    def test_where_too_few_would_be_left_all_are_suppressed(self) -> None:
        assert set(shown_groups({"bank": 1, "coop": 9}, 3).values()) == {SUPPRESSED}
        assert set(shown_groups({"bank": 1}, 3).values()) == {SUPPRESSED}

    def test_who_named_no_group_costs_no_other_group(self) -> None:
        assert shown_groups({" ": 1, "coop": 9}, 3, {" "}) == {" ": SUPPRESSED, "coop": "coop"}

    def test_a_workshop_is_a_place_and_a_day_so_groups_count_in_each(self) -> None:
        here = [response(n, "ABC234", actor="lender") for n in range(5)]
        there = [response(9, "DEF567", actor="lender")]
        assert [row["actor"] for row in rows_of(here + there)] == ["bank"] * 5 + [SUPPRESSED]


def asking(relevant: str) -> Questionnaire:
    """A questionnaire with a question for some of its participants alone."""
    return questionnaire_of(
        f"""
- type: select_one
  name: actor
  role: actor_group
  label: {{fr: Qui ?, ar: من؟}}
  choices:
  - {{name: honey, group: coop, label: {{fr: Miel, ar: عسل}}}}
  - {{name: mayor, group: elected, label: {{fr: Maire, ar: رئيس}}}}
  - {{name: councillor, group: elected, label: {{fr: Conseiller, ar: مستشار}}}}
- {{type: integer, name: age, label: {{fr: Âge, ar: السن}}}}
- {{type: integer, name: mandate, relevant: "{relevant}", label: {{fr: Mandat, ar: ولاية}}}}
- {{type: integer, name: term, relevant: "${{mandate}} > 0", label: {{fr: Durée, ar: مدة}}}}
""",
        """
min_group_size: 3
actor_groups:
- {name: coop, label: {fr: Coopératives, ar: تعاونيات}}
- {name: elected, label: {fr: Élus, ar: منتخبون}}
conditions: {is_mayor: "${actor} = 'mayor'"}
""",
    )


def mandates(questionnaire: Questionnaire, mayors: int, councillors: int) -> set[object]:
    """What a public export shows of the mandates and their terms in the group of both."""
    told = {"mandate": 2, "term": 4}
    given = [
        *(response(n, actor="mayor", age=50, **told) for n in range(mayors)),
        *(response(20 + n, actor="councillor", age=50) for n in range(councillors)),
        *(response(40 + n, actor="honey", age=50) for n in range(5)),
    ]
    table = wide(public(dataset_of(questionnaire, given)))
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows()]
    return {(row["mandate"], row["term"]) for row in rows if row["actor"] == "elected"}


@pytest.mark.parametrize("relevant", ["${actor} = 'mayor'", "${is_mayor}"])
class TestWhatFewWereAsked:
    """A question that only a mayor is asked would tell which row is the mayor's."""

    def test_it_is_left_out_for_the_whole_group(self, relevant: str) -> None:
        asked = asking(relevant)
        assert mandates(asked, 1, 6) == {("not_asked", "not_asked")}
        assert mandates(asked, 6, 1) == {("not_asked", "not_asked")}

    def test_what_enough_were_asked_and_not_asked_is_shown(self, relevant: str) -> None:
        assert mandates(asking(relevant), 3, 3) == {(2, 4), ("not_asked", "not_asked")}

    def test_what_all_of_them_were_asked_is_shown(self, relevant: str) -> None:
        assert mandates(asking(relevant), 4, 0) == {(2, 4)}


def test_being_asked_tells_no_personal_answer() -> None:
    asked = questionnaire_of(
        """
- type: select_one
  name: state
  personal: true
  label: {fr: État, ar: حالة}
  choices: [{name: ill, label: {fr: Malade, ar: مريض}}, {name: well, label: {fr: Bien, ar: بخير}}]
- {type: integer, name: days, relevant: "${state} = 'ill'", label: {fr: Jours, ar: أيام}}
""",
        "min_group_size: 3\n",
    )
    given = [response(0, state="ill", days=9), *(response(n, state="well") for n in range(1, 9))]
    table = wide(public(dataset_of(asked, given)))
    assert {row[-1] for row in table.rows()} == {"not_asked"}


@pytest.mark.parametrize("chosen", [{"actor_group": "bank"}, {"territory": "up"}])
def test_one_group_alone_is_not_published_as_its_choice_would_name_it(
    chosen: dict[str, str],
) -> None:
    dataset = dataset_of(QUESTIONNAIRE, many(9, actor="lender", place="up"))
    with pytest.raises(PublicError, match="every actor group"):
        public(replace(dataset, selection=Selection(**chosen)))


GROUPS = st.sampled_from(["coop", "bank", "assoc", "rest", " "])
PATHS = st.sampled_from(
    [("a", "x", "r"), ("b", "x", "r"), ("c", "y", "r"), ("x", "r"), ("r",), ("d", "z", "s"), (" ",)]
)


@given(st.dictionaries(st.tuples(GROUPS, PATHS), st.integers(1, 9)), st.integers(1, 6))
def test_everything_shown_is_shown_of_enough_people(
    counts: dict[tuple[str, tuple[str, ...]], int], least: int
) -> None:
    given_away = shown(counts, least, {" "})
    assert set(given_away) == set(counts)
    pairs: Counter[tuple[str, str]] = Counter()
    for who, count in counts.items():
        pairs[given_away[who]] += count
    for pair, size in pairs.items():
        assert size >= least or pair == (SUPPRESSED, SUPPRESSED)
    hidden = {who[0] for who in counts if given_away[who][0] == SUPPRESSED}
    real = hidden - {" "}
    if real and any(group != SUPPRESSED for group, _ in pairs):
        assert len(real) >= 2
        assert sum(count for who, count in counts.items() if who[0] in real) >= least
    for (group, path), (shown_group, place) in given_away.items():
        assert shown_group in (group, SUPPRESSED) and place in (*path, SUPPRESSED)


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "actor": st.sampled_from(["honey", "argan", "lender", "club", "other", None])
        | st.just({"missing": "dk"}),
        "place": st.sampled_from(["up", "down", "hills", "port", "north", "south", None])
        | st.just({"missing": "na"}),
        "actor__other": st.just(CANARY),
        "members": st.integers(0, 9),
        "idea": st.just(CANARY),
        "hopes": st.just([CANARY]),
        "phone": st.just(PHONE),
        "needs": st.just(["water", "other"]),
        "needs__other": st.just(CANARY),
    },
)


@given(st.lists(st.tuples(st.sampled_from(["ABC234", "DEF567"]), ANSWERS), max_size=40))
def test_no_row_of_a_public_file_is_of_too_few(found: list[tuple[str, dict[str, object]]]) -> None:
    rows = rows_of([response(n, code, **answers) for n, (code, answers) in enumerate(found)])
    assert len(rows) == len(found)
    people = Counter((row["workshop"], row["actor"], row["place"]) for row in rows)
    for (_, actor, place), size in people.items():
        assert size >= LEAST or (actor, place) == (SUPPRESSED, SUPPRESSED)
    assert CANARY not in str(rows).lower() and str(PHONE) not in str(rows)


FULL = {
    "actor": "other",
    "actor__other": CANARY,
    "idea": f"{CANARY} idea",
    "hopes": [f"{CANARY} hope", CANARY],
    "phone": PHONE,
    "needs": ["water", "other"],
    "needs__other": CANARY,
}
WORDINGS = [Wording(), Wording(LABELS, "ar"), Wording(BOTH, "fr")]


def everything_in(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """A file; what its reader finds in it, where it is packed or in parts; and, if it is a ZIP
    archive, all that is in it, however deep."""
    yield name, content
    for start, read in READERS.items():
        if content.startswith(start):
            yield f"{name} as it is read", read(content).encode()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield f"{name}/{member}", member.encode()
                yield from everything_in(archive.read(member), f"{name}/{member}")


def parquet_says(content: bytes) -> str:
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    return f"{table.to_pylist()} {table.schema.to_string(show_field_metadata=True)}"


def says(read: Callable[..., Any]) -> Callable[[bytes], str]:
    """The cells, labels and notes that a statistics program's file holds."""

    def read_whole(content: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "whole"
            path.write_bytes(content)
            columns, about = read(path, output_format="dict", user_missing=True)
        return f"{columns} {vars(about)}"

    return read_whole


READERS: dict[bytes, Callable[[bytes], str]] = {
    b"PAR1": parquet_says,
    b"$FL2": says(pyreadstat.read_sav),
    b"$FL3": says(pyreadstat.read_sav),
    b"<stata_dta>": says(pyreadstat.read_dta),
}
"""How files begin that only their reader tells."""


def exported(dataset: Dataset, format: str, shape: str) -> bytes:
    file = io.BytesIO()
    FORMATS[format].export(dataset, shape, file)
    return file.getvalue()


ONLY_TEXTS = "qdpx"


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.name)
@pytest.mark.parametrize(
    "format",
    [each.name for each in FORMATS.values() if each.is_installed and each.name != ONLY_TEXTS],
)
def test_nothing_that_a_person_wrote_is_in_any_public_format(format: str, wording: Wording) -> None:
    dataset = replace(
        dataset_of(QUESTIONNAIRE, [response(n, **FULL) for n in range(7)]), wording=wording
    )
    seen = 0
    for shape in FORMATS[format].shapes:
        if shape in NEVER_PUBLIC:
            continue
        for name, content in everything_in(exported(public(dataset), format, shape)):
            assert CANARY.encode() not in content.lower(), name
            assert str(PHONE).encode() not in content, name
            seen += 1
    assert seen


def test_a_project_of_texts_cannot_be_public() -> None:
    dataset = dataset_of(QUESTIONNAIRE, [response(0, **FULL)])
    with pytest.raises(ExportError, match="leaves out"):
        exported(public(dataset), ONLY_TEXTS, "wide")


def test_the_canary_would_be_heard() -> None:
    """Not public, the same texts are in the file, so that the test above can fail."""
    dataset = dataset_of(QUESTIONNAIRE, [response(0, **FULL)])
    for format in ("csv", "jsonl", "xlsx", "parquet", "sav", "dta", "datapackage", "zip"):
        contents = [*everything_in(exported(dataset, format, "wide"))]
        assert any(CANARY.encode() in content.lower() for _, content in contents), format
        whole = [content for name, content in contents if name.endswith("as it is read")]
        assert all(CANARY.encode() in content.lower() for content in whole), format
        assert bool(whole) == (format in ("parquet", "sav", "dta", "zip"))


def test_times_are_those_of_the_day_and_numbers_stand_for_receipts() -> None:
    rows = rows_of(many(2, members=4))
    assert [row["receipt"] for row in rows] == ["public-1", "public-2"]
    assert {row["received_at"] for row in rows} == {"2026-03-22T00:00:00.000Z"}
    assert [row["members"] for row in rows] == [4, 4]


def test_the_file_says_that_it_is_public_and_what_suppressed_means() -> None:
    dataset = public(dataset_of(QUESTIONNAIRE, many(2, actor="honey")))
    text = exported(dataset, "csv", "codebook").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[0]["name"] == "receipt" and "public" in rows[0]["label_fr"].lower()
    meant = [row["label_fr"] for row in rows if (row["name"], row["code"]) == ("actor", SUPPRESSED)]
    assert len(meant) == 1 and meant[0]
    (line, _) = exported(dataset, "jsonl", "wide").decode().splitlines()
    assert json.loads(line)["answers"]["actor"] == SUPPRESSED
    sheets = dict(everything_in(exported(dataset, "xlsx", "wide")))
    assert any(dataset.note[:20].encode() in sheet for sheet in sheets.values())


def test_it_reads_the_same_twice_and_has_the_columns_of_the_questionnaire_alone() -> None:
    answered = public(dataset_of(QUESTIONNAIRE, many(5, actor="honey", place="up")))
    assert exported(answered, "csv", "wide") == exported(answered, "csv", "wide")
    empty = public(dataset_of(QUESTIONNAIRE, []))
    assert wide(empty).header == wide(answered).header
    assert not [column for column in wide(answered).columns if column.is_text]


def test_what_a_public_export_cannot_have_is_refused() -> None:
    dataset = dataset_of(QUESTIONNAIRE, [])
    with pytest.raises(PublicError, match="personal"):
        public(replace(dataset, with_personal=True))
    with pytest.raises(PublicError, match="last revision"):
        public(replace(dataset, selection=Selection(revisions="all")))
    with pytest.raises(ExportError, match="nothing to publish"):
        exported(public(dataset), "csv", "statements")


def test_the_shipped_questionnaire_has_a_public_variant() -> None:
    shipped = load(PROJECT / "questionnaires" / "souss-massa.yaml")
    answers = {"p1": "coop", "p2": "09.541"}
    table = wide(public(dataset_of(shipped, [response(n, **answers) for n in range(5)])))
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows()]
    assert {(row["p1__group"], row["p2__province"]) for row in rows} == {("cooperative", "09.541")}
