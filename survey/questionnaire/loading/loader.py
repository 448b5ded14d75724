"""Reads the document's top level, then holds everything against everything else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import yaml

from survey.i18n import LANGUAGES
from survey.questionnaire.loading.choice_lists import Lists, read_list, read_named
from survey.questionnaire.loading.expressions import check_expressions
from survey.questionnaire.loading.keys import CODE_KEYS, DOCUMENT_KEYS, Key
from survey.questionnaire.loading.nodes import Refused, compose
from survey.questionnaire.loading.problems import Problem, QuestionnaireError
from survey.questionnaire.loading.questions import DraftSection, read_sections
from survey.questionnaire.loading.reader import Fields, Reader
from survey.questionnaire.loading.references import check_references
from survey.questionnaire.model import (
    MIN_GROUP_SIZE,
    NOTICE_PLACEHOLDERS,
    VARIANTS,
    Code,
    Questionnaire,
    Section,
)
from survey.table import columns_of

MAX_COLUMNS = 1900
"""SQLite's views hold 2,000 columns."""


def load(path: Path) -> Questionnaire:
    """The questionnaire in a file. Raises QuestionnaireError with every problem in it, or OSError."""
    return load_text(path.read_bytes(), str(path), path.parent)


def load_text(content: bytes, file: str, folder: Path | None = None) -> Questionnaire:
    """The questionnaire in a file's content; `folder` is where its CSV files and recordings lie.

    Raises QuestionnaireError.
    """
    try:
        root = compose(content, file)
    except Refused as refused:
        raise QuestionnaireError([refused.problem]) from None
    reader = Reader(file, folder)
    reader.lines = content.decode("utf-8-sig").split("\n")
    questionnaire = _read(reader, root)
    if reader.problems or questionnaire is None:
        raise QuestionnaireError(reader.problems)
    if len(columns_of(questionnaire)) > MAX_COLUMNS:
        remedy = "Ask less, or shorten the lists of multiple choices"
        what = f"its answers need more than {MAX_COLUMNS:,} columns"
        raise QuestionnaireError([Problem(file, 1, 1, what, remedy)])
    return questionnaire


def _read(reader: Reader, root: yaml.MappingNode) -> Questionnaire | None:
    fields = reader.fields(root, DOCUMENT_KEYS, "the questionnaire")
    if fields is None or not _languages(reader, fields):
        return None
    lists = Lists(
        read_named(reader, fields.get("choices"), "choices"),
        read_named(reader, fields.get("scales"), "scales"),
    )
    drafts = read_sections(reader, fields["sections"], lists) if "sections" in fields else []
    questionnaire = _without_sections(reader, fields, lists)
    check_references(reader, questionnaire, drafts)
    conditions = check_expressions(reader, drafts, fields.get("conditions"))
    sections = tuple(_finished(draft) for draft in drafts)
    return replace(
        questionnaire,
        sections=sections,
        conditions=conditions,
        credits=tuple(sorted(reader.credits)),
        recordings=reader.recordings,
    )


def _finished(draft: DraftSection) -> Section:
    questions = tuple(each.question for each in draft.drafts)
    return replace(draft.section, questions=questions)


def _languages(reader: Reader, fields: Fields) -> bool:
    """Reads the languages first: every text depends on them."""
    for key in ("languages", "partial"):
        if key not in fields:
            continue
        found: list[str] = []
        for item in reader.items(fields[key], key, len(LANGUAGES)):
            language = reader.enum(item, "a language", LANGUAGES)
            if language in (*reader.languages, *found):
                remedy = "Keep it under `partial` only" if key == "partial" else "Keep one"
                reader.report(item, f"the language `{language}` is there twice", remedy)
                reader.languages = tuple(each for each in reader.languages if each != language)
                found = found if language in found else [*found, str(language)]
            elif language is not None:
                found.append(language)
        setattr(reader, key, tuple(found))
    if reader.partial and "fallback" not in fields:
        remedy = "Add `fallback:` with the language that stands in for missing texts"
        reader.report(fields["partial"], "partial languages need a fallback", remedy)
    return bool(reader.languages)


def _without_sections(reader: Reader, fields: Fields, lists: Lists) -> Questionnaire:
    def language(key: str) -> str | None:
        return reader.enum(fields[key], key, reader.languages) if key in fields else None

    def choices(key: str) -> tuple:  # type: ignore[type-arg]
        return read_list(reader, fields[key], key).choices if key in fields else ()

    def words(key: str) -> dict[str, str]:
        return reader.words(fields[key], key) if key in fields else {}

    notice = words("privacy_notice")
    if notice:
        _check_placeholders(reader, fields["privacy_notice"], notice)
    group_size = fields.get("min_group_size")
    size = reader.whole(group_size, "min_group_size", 1, 100) if group_size else None
    return Questionnaire(
        name=(reader.name(fields["name"], "the name") if "name" in fields else None) or "",
        title=words("title"),
        languages=reader.languages,
        default_language=language("default_language") or reader.languages[0],
        privacy_notice=notice,
        sections=(),
        partial=reader.partial,
        fallback=language("fallback"),
        intro=words("intro"),
        minutes=_minutes(reader, fields),
        min_group_size=MIN_GROUP_SIZE if size is None else size,
        actor_groups=choices("actor_groups"),
        themes=choices("themes"),
        codebook=_codebook(reader, fields),
    )


def _check_placeholders(reader: Reader, node: yaml.Node, notice: dict[str, str]) -> None:
    used = {language: set(re.findall(r"\{(\w*)\}", text)) for language, text in notice.items()}
    for language, names in used.items():
        for name in sorted(names - set(NOTICE_PLACEHOLDERS)):
            remedy = "There are " + ", ".join(f"{{{each}}}" for each in NOTICE_PLACEHOLDERS)
            what = f"the privacy notice in {language} has the unknown placeholder {{{name}}}"
            reader.report(node, what, remedy)
    if len({frozenset(names) for names in used.values()}) > 1:
        remedy = "Use the same ones in every language"
        reader.report(node, "the notice's placeholders differ between languages", remedy)


MINUTES_KEYS = tuple(Key(variant, "whole", f"The {variant} version's.") for variant in VARIANTS)


def _minutes(reader: Reader, fields: Fields) -> dict[str, int]:
    if "minutes" not in fields:
        return {}
    found = reader.fields(fields["minutes"], MINUTES_KEYS, "minutes") or {}
    read = {key: reader.whole(node, key, 1, 600) for key, node in found.items()}
    return {key: value for key, value in read.items() if value is not None}


def _codebook(reader: Reader, fields: Fields) -> tuple[Code, ...]:
    if "codebook" not in fields:
        return ()
    codes: dict[str, Code] = {}
    for item in reader.items(fields["codebook"], "codebook", 500):
        found = reader.fields(item, CODE_KEYS, "a code")
        if found is None or not {"name", "label"} <= found.keys():
            continue
        name = reader.choice_name(found["name"], "the name of a code") or "?"
        if name in codes:
            reader.report(found["name"], f"the code `{name}` is there twice", "Keep one")
        codes[name] = Code(name, reader.words(found["label"], "label"), _keywords(reader, found))
    return tuple(codes.values())


def _keywords(reader: Reader, fields: Fields) -> dict[str, tuple[str, ...]]:
    if "keywords" not in fields:
        return {}
    found = {}
    for key, node in reader.pairs(fields["keywords"], "keywords"):
        if reader.enum(key, "a language", reader.languages + reader.partial) is not None:
            found[key.value] = reader.texts(node, "keywords")
    return found
