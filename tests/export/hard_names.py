"""Questionnaires and answers that have broken exports elsewhere, for the tests of every format."""

from __future__ import annotations

from typing import Any

from survey.response import Response
from tests.conftest import questionnaire_of

NASTY_TEXTS = (
    "عربي مع علامات التشكيل: تَشْخِيصٌ",
    "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "L’été, « ça » coûte 5 €",
    "𐤀𐤁 👩🏽‍🌾 \U0010fffd",
    "\u200fمن اليمين\u200e left \u202bمضمّن\u202c",
    "a line\nanother\n\nand a third",
    "quotes \"double\", 'single', `back`, \\ and \\n, ; , \t end",
    "س" * 3000,
    "👩" * 2000,
    "=1+1",
    "+212 600",
    "-5",
    "@x",
    "'quoted'",
    "NA",
    "dk",
    "not_asked",
    "0012",
    "1e5",
    "$name %s {x} ~+~ </script>",
)
"""None begins or ends with a blank: answers are cleaned."""

LONG_LABEL = "هل تتوفرون على دعم؟ " * 20
"""Cut in the middle of an Arabic letter by whoever counts bytes."""

NASTY = questionnaire_of(
    f"""
- {{type: text, name: all, dk: true, max_length: 10000, label: {{fr: "{LONG_LABEL}", ar: "{LONG_LABEL}"}}}}
- type: select_one
  name: to
  dk: true
  na: true
  other: true
  label: {{fr: 'Dites "quoi"\\ ou #rien', ar: من؟}}
  choices:
  - {{name: a.1, label: {{fr: "=Même", ar: تعاونية}}}}
  - {{name: a_1, label: {{fr: "=Même", ar: "{LONG_LABEL}"}}}}
  - {{name: blank, label: {{fr: "Vide, l'autre", ar: فارغ}}}}
  - {{name: "09.541", label: {{fr: "Commune\\n09", ar: جماعة}}}}
- type: select_multiple
  name: with
  na: true
  label: {{fr: Avec, ar: مع}}
  choices:
  - {{name: x, label: {{fr: X, ar: س}}}}
  - {{name: z, label: {{fr: Grand X, ar: ش}}}}
  - {{name: y, label: {{fr: Manque, ar: ناقص}}}}
  - {{name: a_very_long_name_of_a_choice_that_no_program_takes.as_it_is.1234, label: {{fr: L, ar: ل}}}}
- {{type: integer, name: int, dk: true, label: {{fr: Entier, ar: عدد}}}}
- {{type: decimal, name: float, min: -65, label: {{fr: Décimal, ar: عدد}}}}
- {{type: date, name: by, dk: true, label: {{fr: Jour, ar: يوم}}}}
- {{type: select_one, name: rating, scale: points, dk: true, label: {{fr: Note, ar: تقييم}}}}
""",
    """
scales:
  points:
  - {name: "1", label: {fr: Peu, ar: قليل}}
  - {name: "5", label: {fr: Beaucoup, ar: كثير}}
""",
)


def response(number: int, **answers: Any) -> Response:
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
    )


def _answers(number: int, text: str) -> dict[str, Any]:
    return {
        "all": text,
        "to": ["a.1", "a_1", "blank", "09.541", "other"][number % 5],
        "to__other": text,
        "with": [["x"], ["x", "z"], ["y"]][number % 3],
        "int": number * 10**13 + number,
        "float": f"-{number}.000001" if number % 2 else "999999999999.125",
        "by": f"{2026 - number * 90:04}-02-28",
        "rating": "15"[number % 2],
    }


DK, NA = {"missing": "dk"}, {"missing": "na"}

RESPONSES = (
    *(response(number, **_answers(number, text)) for number, text in enumerate(NASTY_TEXTS)),
    response(900, all=DK, to=DK, **{"with": NA}, int=DK, float=None, by=DK, rating=DK),
    response(901, **dict.fromkeys([each.name for each in NASTY.questions()])),
    response(902),
    response(903, all="x", to=NA),
)
