"""The privacy notice of a workshop: the questionnaire's words with the workshop's placeholders."""

from __future__ import annotations

import re

from survey.i18n import N_, SOURCE, messages
from survey.questionnaire.model import NOTICE_PLACEHOLDERS, Questionnaire
from survey.response import Workshop

TRIAL_WORDS = N_("(trial: nobody is named yet)")
MISSING_WORDS = N_("(not filled in yet)")


def paragraphs(questionnaire: Questionnaire, workshop: Workshop, language: str) -> list[str]:
    """The notice's paragraphs. In a trial, each placeholder says that this is one."""
    text = questionnaire.say(language, questionnaire.privacy_notice)
    interface = messages(language, questionnaire.fallback or SOURCE)

    def filled(match: re.Match[str]) -> str:
        words = workshop.notice.get(match[1])
        if words:
            return questionnaire.say(language, words)
        return interface.gettext(TRIAL_WORDS if workshop.trial else MISSING_WORDS)

    names = "|".join(NOTICE_PLACEHOLDERS)
    filled_in = re.sub(rf"\{{({names})\}}", filled, text)
    return [line for line in filled_in.split("\n") if line.strip()]
