"""A questionnaire and responses with everything that breaks files: marks, scripts, codes, lengths."""

from __future__ import annotations

from typing import Any

from survey.questionnaire.model import Questionnaire
from survey.response import Response, Workshop
from survey.table import Dataset, Selection, Wording
from survey.table.dataset import LABELS
from tests.conftest import questionnaire_of

VERSION = "ab" * 32

QUESTIONNAIRE = questionnaire_of(
    r"""
- type: select_one
  name: actor
  role: actor_group
  theme: money
  dimension: challenge
  label: {fr: "<Qui> & \"vous\" ]]> ?", ar: "\u200fمن أنتم؟"}
  dk: true
  choices:
  - {name: coop, group: producers, label: {fr: "=Coopérative 🧿", ar: تعاونية}}
- {type: text, name: idea, theme: money, dimension: challenge, label: {fr: Idée 𐤀, ar: فكرة}}
- {type: text, name: word, label: {fr: "Mot\nà dire", ar: كلمة}, dk: true}
- {type: text, name: phone, personal: true, label: {fr: Téléphone, ar: الهاتف}}
- {type: integer, name: members, min: 1, max: 900, dk: true, label: {fr: Membres, ar: الأعضاء}}
- {type: decimal, name: area, label: {fr: Surface, ar: المساحة}}
- {type: date, name: since, label: {fr: Depuis, ar: منذ}}
- {type: select_multiple, name: need, choices: needs, other: true, label: {fr: Besoins, ar: حاجات}}
- {type: rank, name: first, choices: needs, label: {fr: Ordre, ar: ترتيب}}
- {type: matrix, name: load, rows: items, scale: weight, dk: true, na: true, label: {fr: Poids, ar: ثقل}}
- {type: allocation, name: share, choices: needs, label: {fr: Parts, ar: حصص}}
- {type: vote, name: view, rows: items, label: {fr: Avis, ar: رأي}}
- {type: statements, name: ideas, max_items: 3, theme: markets, label: {fr: Idées, ar: أفكار}}
""",
    r"""
intro: {fr: "Bienvenue ]]> & merci", ar: مرحبا}
actor_groups:
- {name: producers, label: {fr: Producteurs, ar: منتجون}}
themes:
- {name: money, label: {fr: Argent, ar: مال}}
- {name: markets, label: {fr: Marchés, ar: أسواق}}
codebook:
- {name: credit, label: {fr: argent, ar: قرض}, keywords: {fr: [crédit], ar: [قرض]}}
- {name: lost, label: {fr: "Perdu ]]> \uFFFE", ar: ضائع}, keywords: {fr: [perdu], ar: [ضائع]}}
choices:
  needs:
  - {name: cash, label: {fr: "Trésorerie (longue) LONG", ar: سيولة}}
  - {name: B.2, label: {fr: Eau, ar: ماء}}
  items:
  - {name: cash, label: {fr: Argent, ar: مال}}
  - {name: water, label: {fr: Eau, ar: ماء}}
scales:
  weight:
  - {name: "1", label: {fr: Léger, ar: خفيف}}
  - {name: "2", label: {fr: Lourd, ar: ثقيل}}
""".replace("LONG", "é" * 300),
)

NASTY = [
    "=1+1",
    "'=1",
    "+212",
    '<b>"crédit"</b> & ]]> perdu',
    "𐤀🧿 ⵜⴰⵎⴰⵣⵉⵖⵜ \u200fعربي\u200e\nligne deux\n\nligne quatre",
    "\ufffe\uffff \x85 \u2028 fin",
    "نص " * 1000,
]

ANSWERS: dict[str, Any] = {
    "actor": "coop",
    "word": None,
    "phone": "0612345678",
    "members": 12,
    "area": "1.50",
    "since": "2019-05-01",
    "need": ["cash", "other"],
    "need__other": "Un tracteur 🚜",
    "first": ["B.2", "cash"],
    "load": {"cash": "2", "water": {"missing": "dk"}},
    "share": {"cash": 40, "B.2": 60},
    "view": {"cash": "agree", "water": "pass"},
    "ideas": ["@une", "𐤀 deux"],
}


def response(number: int, **more: Any) -> Response:
    answers = more.pop("answers")
    return Response(
        **{
            "id": "a" * 26,
            "receipt": f"RCPT{number:04}",
            "workshop": "ABC234",
            "version": VERSION,
            "revision": 1,
            "language": "fr",
            "variant": "full",
            "channel": "web",
            "received_at": f"2026-03-22T09:41:{number:02}.123Z",
            **more,
        },
        answers=answers,
    )


RESPONSES = [
    *(response(place, answers={**ANSWERS, "idea": text}) for place, text in enumerate(NASTY)),
    response(20, answers={"actor": {"missing": "dk"}, "word": {"missing": "dk"}, "members": None}),
    response(21, answers={"members": {"missing": "dk"}, "load": {"missing": "na"}}),
    response(22, answers={}),
]

WORKSHOP = Workshop(
    "ABC234",
    {"fr": "Taroudant <1>", "ar": "تارودانت"},
    VERSION,
    notice={"controller": {"fr": "Région & Cie", "ar": "الجهة"}},
    created_at="2026-03-20T08:00:00.000Z",
)


def dataset(
    responses: list[Response] = RESPONSES,
    language: str | None = None,
    questionnaire: Questionnaire = QUESTIONNAIRE,
    **more: Any,
) -> Dataset:
    wording = Wording(LABELS, language) if language else Wording()
    versions = more.pop("versions", {VERSION: questionnaire})
    return Dataset(versions, lambda: iter(responses), (WORKSHOP,), wording, **more)


ALL_REVISIONS = Selection(revisions="all")
