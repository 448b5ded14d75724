"""Choices written in the questionnaire, and choices from a CSV file beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.document import version_of
from survey.questionnaire.loading import QuestionnaireError, load_text
from survey.questionnaire.model import Choice, Questionnaire
from tests.conftest import questionnaire_of, questionnaire_text
from tests.questionnaire.test_loading import CHOICE_LISTS, WORDS, question, refused

PICK = question("type: select_one, name: place, choices: places")
LEVELS = ", levels: [region, province, commune]"
PLACES = """\
name,level,parent,fr,ar
09,region,,Souss-Massa,سوس ماسة
09.541,province,09,Taroudant,تارودانت
09.541.01,commune,09.541,Aït Iaâza,أيت إعزة
"""

Read = Callable[..., Questionnaire]
Told = Callable[..., list[str]]


def files(options: str = "", file: str = "places.csv") -> str:
    return f"choices:\n  places: {{file: {file}{options}}}\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads a questionnaire whose choices are a CSV file with this content."""

    def read(content: str | bytes, options: str = "", questions: str = PICK) -> Questionnaire:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "places.csv").write_bytes(data)
        text = questionnaire_text(questions, files(options))
        return load_text(text.encode(), "tiny.yaml", tmp_path)

    return read


@pytest.fixture
def told(read: Read) -> Told:
    """The problems with a CSV file, each with its file and line."""

    def told(content: str | bytes, options: str = "") -> list[str]:
        with pytest.raises(QuestionnaireError) as error:
            read(content, options)
        return [
            f"{problem.file}:{problem.line}: {problem.what}" for problem in error.value.problems
        ]

    return told


def named(*names: str) -> str:
    return ", ".join(f"{{name: {name}, label: {WORDS}}}" for name in names)


# Choices in place


@pytest.mark.parametrize("name", ["dk", "na", "other"])
def test_the_reserved_choices_are_offered_not_listed(name: str) -> None:
    text = question(f"type: rank, name: a, choices: [{named('x')}, »{named(name)}]")
    assert refused(text) == [
        f"the choice name `{name}` is reserved. Offer it with `{name}: true` on the question."
    ]


def test_no_choice_is_called_missing() -> None:
    text = question(f"type: rank, name: a, choices: [»{named('missing')}]")
    assert refused(text) == ["the choice name `missing` is reserved. Rename it."]


@pytest.mark.parametrize("name", ["DK", "Na", "Other", "MISSING"])
def test_a_reserved_name_stays_reserved_in_capitals(name: str) -> None:
    """Columns are named after choices, and SQL knows no capitals: `p__Other` would be `p__other`."""
    text = f"type: select_multiple, name: a, other: true, choices: [»{named(name)}]"
    [problem] = refused(question(text))
    assert "reserved" in problem


@pytest.mark.parametrize(("first", "second"), [("coop", "coop"), ("coop", "Coop"), ("B.2", "b.2")])
def test_choice_names_differ_by_more_than_capitals(first: str, second: str) -> None:
    text = question(f"type: rank, name: a, choices: [{named(first)}, »{named(second)}]")
    [problem] = refused(text)
    assert problem.startswith(f"the choice `{second}` is there twice")


@pytest.mark.parametrize("name", ["a", "A", "1", "09.541", "a_b", "B.2", "x_", "y" * 64])
def test_a_choice_is_named_with_letters_digits_dots_and_single_underscores(name: str) -> None:
    loaded = questionnaire_of(question(f"type: rank, name: a, choices: [{named(name)}]"))
    assert [choice.name for choice in loaded.question("a").choices] == [name]


@pytest.mark.parametrize("name", ["_a", ".a", "a__b", "a-b", '"a b"', "é", "12:30", "y" * 65])
def test_a_choice_bears_no_other_name(name: str) -> None:
    text = f"type: rank, name: a, choices: [{{name: »{name}, label: {WORDS}}}]"
    [problem] = refused(question(text))
    assert problem.startswith("the name of a choice cannot be `")


def test_a_choice_has_a_name_and_a_label_and_no_unknown_key() -> None:
    problems = refused(
        question(
            "type: rank, name: a, choices: "
            f"[»{{name: x}}, »{{label: {WORDS}}}, {{name: y, label: {WORDS}, »colour: red}}, »z]"
        )
    )
    assert [problem.partition(".")[0] for problem in problems] == [
        "a choice lacks `label`",
        "a choice lacks `name`",
        "a choice has no key `colour`",
        "a choice must be a mapping",
    ]


def test_a_choice_can_be_exclusive() -> None:
    choices = f"[{named('a')}, {{name: none, exclusive: true, label: {WORDS}}}]"
    loaded = questionnaire_of(question(f"type: select_multiple, name: a, choices: {choices}"))
    assert [choice.exclusive for choice in loaded.question("a").choices] == [False, True]


def test_two_questions_share_a_list() -> None:
    loaded = questionnaire_of(
        question("type: rank, name: a, choices: few")
        + question("type: select_one, name: b, choices: few"),
        CHOICE_LISTS,
    )
    assert loaded.question("a").choices == loaded.question("b").choices


def test_a_list_that_nobody_uses_is_right_too() -> None:
    refused(question("type: text, name: a"), f"choices: {{few: [{named('a')}, »{named('A')}]}}\n")


# A list from a file


def test_a_file_gives_choices_with_their_levels_and_parents(read: Read) -> None:
    loaded = read(PLACES, LEVELS + ", credit: HCP").question("place")
    assert loaded.levels == ("region", "province", "commune")
    assert loaded.choices[1] == Choice(
        "09.541", {"fr": "Taroudant", "ar": "تارودانت"}, level="province", parent="09"
    )
    assert [choice.parent for choice in loaded.choices] == [None, "09", "09.541"]


def test_a_file_is_credited(read: Read) -> None:
    assert read(PLACES, LEVELS + ", credit: HCP").credits == ("HCP",)


def test_a_file_of_levels_can_be_a_territory(read: Read) -> None:
    loaded = read(PLACES, LEVELS, PICK.replace("name: place", "name: place, role: territory"))
    assert loaded.with_role("territory") == loaded.question("place")


def test_a_file_needs_no_levels(read: Read) -> None:
    loaded = read("name,fr,ar\na,A,ا\nB.2,B,ب\n").question("place")
    assert [choice.name for choice in loaded.choices] == ["a", "B.2"]
    assert loaded.choices[0] == Choice("a", {"fr": "A", "ar": "ا"})


def test_a_file_may_have_groups_and_partial_languages(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,fr,ar,zgh,group\na,A,ا,,g\nb,B,ب,ⴱ,\n")
    text = questionnaire_text(PICK, "partial: [zgh]\nfallback: fr\n" + files())
    first, second = load_text(text.encode(), "x", tmp_path).question("place").choices
    assert (first.label, first.group) == ({"fr": "A", "ar": "ا"}, "g")
    assert (second.label, second.group) == ({"fr": "B", "ar": "ب", "zgh": "ⴱ"}, None)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_saved_by_a_spreadsheet_is_read_the_same(
    read: Read, line_end: str, mark: bytes
) -> None:
    written = mark + PLACES.replace("\n", line_end).encode()
    assert read(written, LEVELS) == read(PLACES, LEVELS)


def test_cells_in_quotes_hold_commas_and_line_ends(read: Read) -> None:
    loaded = read('name,fr,ar\na,"un, deux","س\nص"\n').question("place")
    assert loaded.choices[0].label == {"fr": "un, deux", "ar": "س\nص"}


def test_codes_keep_their_zeros_and_dots(read: Read) -> None:
    assert [choice.name for choice in read(PLACES, LEVELS).question("place").choices][:2] == [
        "09",
        "09.541",
    ]


def test_the_content_of_a_file_is_part_of_the_version(read: Read) -> None:
    before = version_of(read(PLACES, LEVELS))
    assert version_of(read(PLACES.replace("Taroudant", "Taroudannt"), LEVELS)) != before


# What can be wrong with a file


@pytest.mark.parametrize(
    ("header", "lacking"),
    [("name,fr", "ar"), ("fr,ar", "name"), ("label,zgh", "name, fr, ar"), ("name;fr;ar", "name")],
)
def test_a_file_has_a_name_and_each_language(told: Told, header: str, lacking: str) -> None:
    problems = told(header + "\n1,2,3\n")
    assert any(
        problem.startswith(f"tiny.yaml:6: places.csv lacks the columns {lacking}")
        for problem in problems
    )


def test_a_file_has_no_unknown_or_repeated_column(told: Told) -> None:
    assert told("name,fr,ar,en,colour\na,A,ا,A,red\n") == [
        "tiny.yaml:6: places.csv has unknown columns: en, colour"
    ]
    assert told("name,fr,ar,fr\na,A,ا,A\n") == ["tiny.yaml:6: places.csv names a column twice"]


def test_a_first_line_that_is_not_csv_is_reported(told: Told) -> None:
    [problem] = told('name,"fr,ar\na,A,ا\n')
    assert problem.startswith("tiny.yaml:6: places.csv is not CSV: ")


@pytest.mark.parametrize("content", ["", "\ufeff", "\n", "\n\n", "name,fr,ar\n"])
def test_an_empty_file_is_reported(told: Told, content: str) -> None:
    assert told(content)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("09,region,,A,ا", "the choice `09` is there twice"),
        ("other,region,,A,ا", "`other` cannot be a choice's name"),
        ("a__b,region,,A,ا", "`a__b` cannot be a choice's name"),
        (" a,region,,A,ا", "` a` cannot be a choice's name"),
        (",region,,A,ا", "`` cannot be a choice's name"),
        ("a,region,,,ا", "the label is missing in fr"),
        ("a,region,, , ", "the label is missing in fr, ar"),
        ("a,comune,09.541,A,ا", "`comune` is not one of the levels"),
        ("a,,09,A,ا", "`` is not one of the levels"),
        ("a,region,09,A,ا", "`a` has a wrong parent"),
        ("a,province,,A,ا", "`a` has a wrong parent"),
        ("a,province,08,A,ا", "the parent `08` is not a province's"),
        ("a,province,a,A,ا", "the parent `a` is not a province's"),
        ("a,commune,09,A,ا", "the parent `09` is not a commune's"),
        ("a,region,,A,ا,more", "this line has more cells than the first"),
        ("a,region", "the label is missing in fr, ar"),
        ('a,region,,"A,ا', "this is not CSV: unexpected end of data"),
        ('a,region,,"A"B,ا', "this is not CSV: ',' expected after '\"'"),
        ("a,region,," + "x" * 140_000 + ",ا", "this is not CSV: field larger than field limit"),
    ],
)
def test_a_wrong_line_is_reported_with_its_number(told: Told, line: str, what: str) -> None:
    [problem] = told(PLACES + line + "\n", LEVELS)
    assert problem.startswith(f"places.csv:5: {what}")


def test_names_in_a_file_differ_by_more_than_capitals(told: Told) -> None:
    assert told("name,fr,ar\ncoop,A,ا\nCoop,B,ب\n") == [
        "places.csv:3: the choice `Coop` is there twice"
    ]


@pytest.mark.parametrize("name", ["DK", "Other"])
def test_reserved_names_in_a_file_stay_reserved_in_capitals(told: Told, name: str) -> None:
    assert told(f"name,fr,ar\n{name},A,ا\n") == [
        f"places.csv:2: `{name}` cannot be a choice's name"
    ]


def test_a_parent_is_written_like_the_name_it_stands_for(told: Told) -> None:
    """Else the province would hold no commune: names are told apart by their capitals."""
    wide, narrow = "name,level,parent,fr,ar\nA,region,,A,ا\n", "b,province,a,B,ب\n"
    assert told(wide + narrow, LEVELS) == ["places.csv:3: the parent `a` is not a province's"]


def test_parents_without_levels_are_there_for_choice_filters(read: Read) -> None:
    loaded = read("name,parent,fr,ar\na,,A,ا\nb,elsewhere,B,ب\n").question("place")
    assert [choice.parent for choice in loaded.choices] == [None, "elsewhere"]


def test_every_wrong_line_of_a_file_is_reported_with_what_is_wrong_elsewhere(read: Read) -> None:
    with pytest.raises(QuestionnaireError) as error:
        read(
            "name,fr,ar\n-,A,ا\nok,A,ا\nb,,ب\n",
            questions=PICK + question("type: text, name: A"),
        )
    assert [(each.file, each.line, each.column) for each in error.value.problems] == [
        ("places.csv", 2, 1),
        ("places.csv", 4, 1),
        ("tiny.yaml", 12, 24),
    ]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (", levels: »[Région]", "`Région` cannot name a level"),
        (", levels: »[group]", "`group` cannot name a level"),
        (", levels: »[other]", "`other` cannot name a level"),
        (", levels: »[missing]", "`missing` cannot name a level"),
        (", levels: »[a b]", "`a b` cannot name a level"),
        (", levels: »[1st]", "`1st` cannot name a level"),
        (", levels: »[région]", "`région` cannot name a level"),
        (", levels: »[a__b]", "`a__b` cannot name a level"),
        (", levels: »[region, region]", ""),
        (", levels: »[]", "levels is empty"),
        (", levels: »region", "levels must be a list"),
        (", »level: [region]", "the list `places` has no key `level`"),
        (", credit: »''", "credit is empty"),
    ],
)
def test_levels_and_credit_are_checked(tmp_path: Path, options: str, what: str) -> None:
    (tmp_path / "places.csv").write_text("name,fr,ar,level\na,A,ا,region\n", encoding="utf-8")
    problems = refused_here(tmp_path, files(options))
    assert problems[0].startswith(what)


def refused_here(folder: Path, top: str) -> list[str]:
    """Only what is said of the questionnaire itself, not of its file's lines."""
    problems = refused(PICK, top, folder)
    return [problem for problem in problems if "is not one of the levels" not in problem]


@pytest.mark.parametrize("key", ["other: »true", "order: »random"])
def test_a_list_with_levels_is_shown_as_it_is(tmp_path: Path, key: str) -> None:
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    text = PICK.replace("name: place", f"name: place, {key}")
    [problem] = refused(text, files(LEVELS), tmp_path)
    assert problem.startswith(f"`{key.partition(':')[0]}` has no place with levels")


# Which files are opened


@pytest.mark.parametrize(
    "name",
    [
        "../places.csv",
        "./places.csv",
        "sub/places.csv",
        "/etc/passwd",
        "/tmp/places.csv",
        "..",
        "'..\\places.csv'",
        "'C:\\places.csv'",
        "'sub\\places.csv'",
        "places.CSV",
        "places.txt",
        "places",
        ".csv",
        "tiny.yaml",
        "'places.csv/'",
        "'places.csv/.'",
        "''",
        "file:///etc/passwd",
        '"a\\0/../places.csv"',
    ],
)
def test_only_a_csv_file_beside_the_questionnaire_is_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for place in (tmp_path, folder, folder / "sub"):
        (place / "places.csv").write_text("name,fr,ar\na,A,ا\n", encoding="utf-8")
    [problem] = refused(PICK, files(file=f"»{name}"), folder)
    reasons = ("is no CSV file beside this one", "file is empty", "control character")
    assert any(reason in problem for reason in reasons)


@pytest.mark.parametrize("name", ["none.csv", "x" * 300 + ".csv", "folder.csv"])
def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    [problem] = refused(PICK, files(file=f"»{name}"), tmp_path)
    assert "cannot be read" in problem


def test_a_questionnaire_without_a_folder_opens_no_file() -> None:
    assert refused(PICK, files(file="»places.csv")) == [
        "a questionnaire without a folder has no files. Write the list here."
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1256"])
def test_a_file_that_is_not_utf_8_is_reported(told: Told, encoding: str) -> None:
    content = "name,fr,ar\na,é,é\n".encode(encoding)
    assert told(content) == ["tiny.yaml:6: places.csv is not UTF-8"]


def test_a_file_is_not_too_large(told: Told) -> None:
    assert told("name,fr,ar\n" + "a,A,ا\n" * 170_000) == [
        "tiny.yaml:6: places.csv is larger than 1,000,000 bytes"
    ]
    lines = "".join(f"c{number},A,ا\n" for number in range(3001))
    assert told("name,fr,ar\n" + lines) == ["places.csv:3002: more than 3,000 choices"]


CELL = st.sampled_from(
    [
        "",
        "a",
        "A",
        "b",
        "09",
        "09.1",
        "other",
        "region",
        "province",
        "commune",
        "é",
        '"',
        "a b",
        "\0",
    ]
)
COLUMN = st.sampled_from(["name", "level", "parent", "group", "fr", "ar", "zgh", "", "x"])
LINE = st.lists(CELL, max_size=6).map(",".join)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A CSV file that has the columns it needs more often than not."""
    usual = st.just(["name", "level", "parent", "fr", "ar"]) | st.just(
        ["name", "parent", "fr", "ar"]
    )
    header = draw(usual | st.lists(COLUMN, max_size=6))
    lines = draw(st.lists(LINE, max_size=5))
    return "\n".join([",".join(header), *lines])


@given(tables() | st.text(), st.sampled_from(["", LEVELS, ", levels: [region]"]))
def test_any_file_gives_choices_or_problems(tmp_path: Path, content: str, options: str) -> None:
    (tmp_path / "places.csv").write_bytes(content.encode("utf-8", "surrogatepass"))
    text = questionnaire_text(PICK, files(options))
    try:
        loaded = load_text(text.encode(), "tiny.yaml", tmp_path)
    except QuestionnaireError as error:
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)
    else:
        assert loaded.question("place").choices
