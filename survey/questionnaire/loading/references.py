"""Holds the questions against each other and against the lists they name: roles, themes, groups."""

from __future__ import annotations

from collections.abc import Callable

from survey.questionnaire.loading.questions import Draft, DraftSection
from survey.questionnaire.loading.reader import Reader
from survey.questionnaire.model import Choice, Questionnaire


def check_references(
    reader: Reader, questionnaire: Questionnaire, sections: list[DraftSection]
) -> None:
    """Reports names that are there twice, and names of things that are not there."""
    drafts = [draft for section in sections for draft in section.drafts]
    _check_names(reader, drafts)
    _check_roles(reader, questionnaire, drafts)
    themes = {theme.name for theme in questionnaire.themes}
    consent = {draft.question.name for draft in drafts if draft.question.role == "quote_consent"}
    for draft in drafts:
        question = draft.question
        if question.theme is not None and question.theme not in themes:
            remedy = f"Use one of: {', '.join(sorted(themes)) or 'none are defined under `themes`'}"
            reader.report(draft.fields["theme"], f"there is no theme `{question.theme}`", remedy)
        if question.quote_consent is not None and question.quote_consent not in consent:
            remedy = "Name a question with `role: quote_consent`"
            what = f"`{question.quote_consent}` does not ask for consent to quote"
            reader.report(draft.fields["quote_consent"], what, remedy)


def _check_names(reader: Reader, drafts: list[Draft]) -> None:
    seen: set[str] = set()
    for draft in drafts:
        name = draft.question.name
        if name in seen:
            reader.report(
                draft.fields["name"], f"the question `{name}` is there twice", "Rename one"
            )
        seen.add(name)


def _check_roles(reader: Reader, questionnaire: Questionnaire, drafts: list[Draft]) -> None:
    played: set[str] = set()
    for draft in drafts:
        role = draft.question.role
        if role is None:
            continue
        if role in played:
            what = f"a second question has `role: {role}`"
            reader.report(draft.fields["role"], what, "Keep one of them")
        played.add(role)
        ROLE_CHECKS[role](reader, questionnaire, draft)


def _actor_group(reader: Reader, questionnaire: Questionnaire, draft: Draft) -> None:
    groups = {group.name for group in questionnaire.actor_groups}
    question = draft.question
    candidates: tuple[Choice, ...] = question.choices + (
        (question.other,) if question.other else ()
    )
    for choice in candidates:
        if choice.group not in groups:
            remedy = f"Give it a `group` out of: {', '.join(sorted(groups)) or 'actor_groups'}"
            if choice is question.other:
                remedy = f"Write `other: {{group: …}}` with one of: {', '.join(sorted(groups))}"
            what = f"the choice `{choice.name}` belongs to no actor group"
            reader.report(draft.fields["role"], what, remedy)


def _territory(reader: Reader, questionnaire: Questionnaire, draft: Draft) -> None:
    if not draft.question.levels:
        remedy = "Use a list from a CSV file with `levels`"
        reader.report(draft.fields["role"], "a territory's choices have levels", remedy)


def _quote_consent(reader: Reader, questionnaire: Questionnaire, draft: Draft) -> None:
    if [choice.name for choice in draft.question.choices] != ["yes", "no"]:
        remedy = "Give it the choices `yes` and `no`, in this order"
        reader.report(draft.fields["role"], "consent is given or not", remedy)


ROLE_CHECKS: dict[str, Callable[[Reader, Questionnaire, Draft], None]] = {
    "actor_group": _actor_group,
    "territory": _territory,
    "quote_consent": _quote_consent,
}
