"""Projects and codebooks for qualitative analysis: read back by a REFI-QDA library, and as text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject, models
from xsdata.exceptions import ParserError
from xsdata_pydantic.bindings import XmlParser

from survey.export import FORMATS
from survey.i18n import messages
from survey.questionnaire.loading import load
from survey.questionnaire.model import Questionnaire
from survey.response import Response
from survey.table import Dataset
from tests.conftest import PROJECT, questionnaire_of
from tests.export.corpus import ALL_REVISIONS, ANSWERS, NASTY, RESPONSES, dataset, response

Q = "{urn:QDA-XML:project:1.0}"
IN_FRENCH = messages("fr").gettext
THEMES, NOT_ASKED = IN_FRENCH("Themes"), IN_FRENCH("Not asked")
MONEY = f"Argent ({THEMES})"
"""Another code, of the codebook, has the same label."""

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ORDER = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs"]
ORDER += ["Description", "NoteRef"]


def written(format: str, data: Dataset) -> bytes:
    file = io.BytesIO()
    FORMATS[format].export(data, "wide", file)
    return file.getvalue()


class Project:
    """A project as other programs see it."""

    def __init__(self, data: Dataset) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(written("qdpx", data)))
        self.root = etree.fromstring(self.archive.read("project.qde"))
        self.codes = {code.get("guid"): code.get("name") for code in self.root.iter(f"{Q}Code")}

    def sources(self) -> dict[str, Any]:
        return {each.get("name"): each for each in self.root.iter(f"{Q}TextSource")}

    def text(self, name: str) -> str:
        path = self.sources()[name].get("plainTextPath")
        return self.archive.read(f"sources/{path.removeprefix('internal://')}").decode()

    def coded(self, name: str) -> list[tuple[str, set[str]]]:
        """The texts that are coded, each with the names of its codes."""
        text = self.text(name)
        return [
            (
                text[int(each.get("startPosition")) : int(each.get("endPosition"))],
                {self.codes[code.get("targetGUID")] for code in each.iter(f"{Q}CodeRef")},
            )
            for each in self.sources()[name].iter(f"{Q}PlainTextSelection")
        ]

    def variables(self, name: str) -> dict[str, str]:
        names = {each.get("guid"): each.get("name") for each in self.root.iter(f"{Q}Variable")}
        return {
            names[value[0].get("targetGUID")]: value[1].text
            for value in self.sources()[name].iter(f"{Q}VariableValue")
        }


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(dataset(language="fr"))


def test_another_library_reads_the_whole_project(tmp_path: Path) -> None:
    file = tmp_path / "study.qdpx"
    file.write_bytes(written("qdpx", dataset()))
    read = RefiProject.load(file, str(tmp_path / "read"))
    assert read.origin == "Tashkhis" and len(read.sources.text_source) == len(RESPONSES)
    for source in read.sources.text_source:
        text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "read")
        assert text.read_text(encoding="utf-8").startswith(source.name)
    assert read.cases is None and read.sets is None
    first = read.sources.text_source[0]
    assert {type(value.integer_value) for value in first.variable_value} == {int, type(None)}


def test_the_other_library_refuses_what_is_not_in_the_standard() -> None:
    project = Project(dataset()).archive.read("project.qde")
    parser = XmlParser()
    parser.from_bytes(project, models.Project)
    with pytest.raises(ParserError, match="Text"):
        parser.from_bytes(project.replace(b"TextSource", b"Text"), models.Project)


def test_each_answer_stands_under_its_question(project: Project) -> None:
    assert project.text("RCPT0000") == (
        "RCPT0000\n\nIdée 𐤀\n=1+1\n\nBesoins – Autre (précisez)\nUn tracteur 🚜\n\n"
        "Idées\n@une\n𐤀 deux\n"
    )


def test_a_question_of_several_lines_is_one_heading() -> None:
    text = Project(dataset([response(1, answers={"word": "oui"})])).text("RCPT0001")
    assert text == "RCPT0001\n\nMot à dire\noui\n"


@pytest.mark.parametrize("place", range(len(NASTY)))
def test_selections_are_counted_in_characters_whatever_they_are(
    project: Project, place: int
) -> None:
    name = f"RCPT{place:04}"
    expected = [NASTY[place], "Un tracteur 🚜", "@une", "𐤀 deux"]
    assert [text for text, _ in project.coded(name)] == expected


def test_texts_are_utf_8_with_line_feeds_and_no_mark(project: Project) -> None:
    for name in project.archive.namelist():
        content = project.archive.read(name)
        assert not content.startswith(b"\xef\xbb\xbf") and b"\r" not in content
    assert len(project.archive.namelist()) == len(RESPONSES) + 1


def test_an_answer_has_the_codes_that_its_question_declares_and_no_guesses(
    project: Project,
) -> None:
    coded = dict(project.coded("RCPT0003"))
    assert coded[NASTY[3]] == {MONEY, IN_FRENCH("Challenges"), "Tout"}
    assert coded["@une"] == {"Marchés", "Tout"}
    assert coded["Un tracteur 🚜"] == {"Tout"}


def test_no_two_codes_have_the_same_name(project: Project) -> None:
    names = [name.casefold() for name in project.codes.values()]
    assert len(names) == len(set(names)) and {"argent", MONEY.casefold()} < set(names)


def test_every_code_says_whether_it_is_codable(project: Project) -> None:
    for code in project.root.iter(f"{Q}Code"):
        assert code.get("isCodable") == ("false" if code.find(f"{Q}Code") is not None else "true")


def test_elements_stand_in_the_order_of_the_standard(project: Project) -> None:
    names = [each.tag.removeprefix(Q) for each in project.root]
    assert names == [name for name in ORDER if name in names]
    assert {"Cases", "Sets", "Notes"}.isdisjoint(names)


def test_without_responses_there_is_no_empty_container() -> None:
    root = Project(dataset([])).root
    assert [each.tag.removeprefix(Q) for each in root] == [
        "Users",
        "CodeBook",
        "Variables",
        "Description",
    ]
    assert all(len(each) for each in root if each.tag != f"{Q}Description")


def test_without_responses_the_folder_of_sources_is_there_which_qualcoder_looks_into() -> None:
    with zipfile.ZipFile(io.BytesIO(written("qdpx", dataset([])))) as project:
        assert project.namelist() == ["sources/", "project.qde"]
        assert project.getinfo("sources/").is_dir()


def test_codes_of_a_kind_have_a_colour_so_that_programs_choose_none(project: Project) -> None:
    groups = project.root.findall(f"{Q}CodeBook/{Q}Codes/{Q}Code")
    colours = [{each.get("color") for each in group.iter(f"{Q}Code")} for group in groups]
    assert all(len(each) == 1 for each in colours)
    assert len(set.union(*colours)) == len(groups)


def test_guids_are_right_and_refer_to_something(project: Project) -> None:
    guids = [each.get("guid") for each in project.root.iter() if each.get("guid")]
    assert len(guids) == len(set(guids)) and all(map(GUID.fullmatch, guids))
    targets = {each.get("targetGUID") for each in project.root.iter() if each.get("targetGUID")}
    assert targets <= set(guids)


def test_a_later_export_names_the_same_things_the_same() -> None:
    earlier, later = Project(dataset(RESPONSES[:2])), Project(dataset(RESPONSES[1:]))
    assert earlier.codes == later.codes
    assert earlier.sources()["RCPT0001"].get("guid") == later.sources()["RCPT0001"].get("guid")


def test_variables_stand_on_the_source_in_words(project: Project) -> None:
    variables = project.variables("RCPT0000")
    assert variables["actor"] == "=Coopérative 🧿" and variables["workshop"] == "ABC234"
    assert (variables["members"], variables["area"]) == ("12", "1.50")
    assert (variables["need__cash"], variables["need__B.2"]) == ("true", "false")
    assert variables["since"] == "2019-05-01" and variables["load__cash"] == "Lourd"
    assert variables["load__water"] == "Je ne sais pas"
    assert "idea" not in variables and "receipt" not in variables


def test_blank_dont_know_and_not_asked_stay_three_things(project: Project) -> None:
    asked, other = project.variables("RCPT0020"), project.variables("RCPT0022")
    assert (asked["actor"], other["actor"]) == ("Je ne sais pas", NOT_ASKED)
    assert asked["word__missing"] == "Je ne sais pas" and other["word__missing"] == NOT_ASKED
    assert "word__missing" not in project.variables("RCPT0000")
    assert "members" not in project.variables("RCPT0021")


def test_personal_answers_are_left_out_unless_asked_for() -> None:
    plain, personal = Project(dataset()), Project(dataset(with_personal=True))
    assert "0612345678" not in plain.text("RCPT0000")
    assert "0612345678" in personal.text("RCPT0000")


def test_every_revision_can_be_a_source_of_its_own() -> None:
    both = [
        response(1, answers={**ANSWERS, "idea": "avant"}),
        response(1, answers={**ANSWERS, "idea": "après"}, revision=2),
    ]
    project = Project(dataset(both, selection=ALL_REVISIONS))
    assert list(project.sources()) == ["RCPT0001.1", "RCPT0001.2"]


def test_an_older_version_keeps_its_questions_and_codes() -> None:
    older = questionnaire_of(
        "- {type: text, name: gone, theme: old, label: {fr: Avant, ar: قبل}}",
        "themes:\n- {name: old, label: {fr: Ancien, ar: قديم}}\n",
    )
    newer = questionnaire_of("- {type: text, name: now, label: {fr: Après, ar: بعد}}")
    responses = [
        response(1, answers={"gone": "oui"}, version="1" * 64),
        response(2, answers={"now": "non"}, version="2" * 64),
    ]
    project = Project(dataset(responses, versions={"1" * 64: older, "2" * 64: newer}))
    assert project.coded("RCPT0001") == [("oui", {"Ancien", "Tout"})]
    assert project.coded("RCPT0002") == [("non", {"Tout"})]


def test_dont_know_that_only_an_older_version_offered_is_no_value() -> None:
    questions = "- {type: integer, name: members, DK label: {fr: Membres, ar: الأعضاء}}"
    older, newer = (questionnaire_of(questions.replace("DK", dk)) for dk in ("dk: true,", ""))
    project = Project(
        dataset(
            [response(1, answers={"members": {"missing": "dk"}}, version="1" * 64)],
            versions={"1" * 64: older, "2" * 64: newer},
        )
    )
    assert "members" not in project.variables("RCPT0001")


def test_in_arabic_questions_codes_and_variables_are_arabic() -> None:
    project = Project(dataset(language="ar"))
    assert "\nفكرة\n" in project.text("RCPT0000") and "مال" in project.codes.values()
    assert project.variables("RCPT0000")["actor"] == "تعاونية"


def test_characters_that_xml_cannot_hold_are_replaced(project: Project) -> None:
    assert "Perdu ]]> \ufffd" in project.codes.values()


@pytest.mark.parametrize("format", ["qdpx", "qdc"])
def test_the_same_answers_give_the_same_bytes(format: str) -> None:
    assert written(format, dataset()) == written(format, dataset())


class TestCodebook:
    def test_another_library_reads_it(self, tmp_path: Path) -> None:
        file = tmp_path / "codes.qdc"
        file.write_bytes(written("qdc", dataset(language="fr")))
        read = RefiCodebook.load(file)
        groups = {group.name: [code.name for code in group.code] for group in read.codes.code}
        assert groups[THEMES] == [MONEY, "Marchés"]
        assert groups[IN_FRENCH("Sections")] == ["Tout"] and read.origin == "Tashkhis"
        assert read.codes.code[0].code[0].description == "fr: argent\nar: قرض"

    def test_its_codes_are_those_of_the_project(self, project: Project) -> None:
        codebook = etree.fromstring(written("qdc", dataset(language="fr")))
        codes = codebook.iter("{urn:QDA-XML:codebook:1.0}Code")
        assert {code.get("guid"): code.get("name") for code in codes} == project.codes


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("questionnaires/*.yaml")), ids=lambda p: p.stem
)
def test_the_shipped_questionnaires_become_codebooks(path: Path, tmp_path: Path) -> None:
    questionnaire: Questionnaire = load(path)
    none: list[Response] = []
    file = tmp_path / "codes.qdc"
    file.write_bytes(written("qdc", dataset(none, questionnaire=questionnaire)))
    groups = RefiCodebook.load(file).codes.code
    assert len(groups[-1].code) == len(questionnaire.sections)
