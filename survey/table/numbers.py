"""Codes and kinds of missing answers as the numbers that statistical files hold for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from survey.questionnaire.model import DONT_KNOW, NOT_CONCERNED, OTHER
from survey.table.cells import NOT_ASKED
from survey.table.columns import CODE, CODES, TEXT, Column
from survey.table.long import BLANK

MISSING_NUMBERS = {BLANK: -99, DONT_KNOW: -88, NOT_ASKED: -77, NOT_CONCERNED: -66}
"""No answer is as low as these: the form admits none below -65."""

WHOLE = re.compile("0|[1-9][0-9]{0,9}")
MOST = 2_147_483_620
"""The highest number that a value label can stand for in every program."""


def is_coded(column: Column) -> bool:
    """Whether its cells are numbers in statistical files, with words for each."""
    return column.data_type == CODE and (bool(column.labels) or says_why(column))


def says_why(column: Column) -> bool:
    """Whether it stands beside a text, to say why that is missing."""
    return column.kind in ("missing", "other_missing")


def numbers_of(column: Column) -> dict[str, int]:
    """The number of each code, the lowest first: codes that are numbers stay what they are, *other*
    comes after them; else 1 to n, in the questionnaire's order."""
    if not is_coded(column):
        return {}
    codes = list(column.labels)
    whole = sorted(int(code) for code in codes if _is_number(code))
    if whole and all(_is_number(code) or code == OTHER for code in codes):
        numbers = {str(number): number for number in whole}
        return numbers | ({OTHER: whole[-1] + 1} if OTHER in codes else {})
    return {code: number for number, code in enumerate(codes, 1)}


def number_of(column: Column, numbers: Mapping[str, int], code: str) -> int | None:
    """What stands for a code or a kind of missing answer, where numbers do."""
    if column.data_type in (TEXT, CODES):
        return None
    return numbers.get(code, MISSING_NUMBERS.get(code))


def _is_number(code: str) -> bool:
    return WHOLE.fullmatch(code) is not None and int(code) < MOST
