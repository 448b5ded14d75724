"""The privacy notice of a workshop: the questionnaire's words with the workshop's placeholders."""

from __future__ import annotations

from survey.i18n import N_, SOURCE, messages
from survey.questionnaire.model import Questionnaire
from survey.response import Workshop
from survey.wording import notice_of

TRIAL_WORDS = N_("(trial: nobody is named yet)")
MISSING_WORDS = N_("(not filled in yet)")


def paragraphs(questionnaire: Questionnaire, workshop: Workshop, language: str) -> list[str]:
    """The notice's paragraphs. In a trial, each placeholder says that this is one."""
    interface = messages(language, questionnaire.fallback or SOURCE)
    unfilled = interface.gettext(TRIAL_WORDS if workshop.trial else MISSING_WORDS)
    return notice_of(questionnaire, workshop.notice, language, unfilled)
