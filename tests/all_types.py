"""A questionnaire with every type of question, and any answers it admits."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.conftest import questionnaire_of

ALL_TYPES = questionnaire_of(
    """
- {type: text, name: why, dk: true, label: {fr: T, ar: ت}}
- {type: integer, name: members, dk: true, na: true, label: {fr: T, ar: ت}}
- {type: decimal, name: area, label: {fr: T, ar: ت}}
- {type: date, name: day, label: {fr: T, ar: ت}}
- {type: select_one, name: actor, choices: list, other: true, dk: true, label: {fr: T, ar: ت}}
- {type: select_multiple, name: funds, choices: list, other: true, na: true, label: {fr: T, ar: ت}}
- {type: rank, name: chain, choices: list, dk: true, label: {fr: T, ar: ت}}
- {type: matrix, name: asset, rows: rows, scale: scale, dk: true, label: {fr: T, ar: ت}}
- {type: allocation, name: points, choices: list, dk: true, label: {fr: T, ar: ت}}
- {type: statements, name: ideas, max_items: 2, dk: true, label: {fr: T, ar: ت}}
- {type: vote, name: views, rows: rows, label: {fr: T, ar: ت}}
""",
    """
choices:
  list:
  - {name: a, label: {fr: A, ar: ا}}
  - {name: B.2, label: {fr: B, ar: ب}}
  - {name: c_3, label: {fr: C, ar: ج}}
  rows:
  - {name: one, label: {fr: 1, ar: 1}}
  - {name: two, label: {fr: 2, ar: 2}}
scales:
  scale:
  - {name: "1", label: {fr: 1, ar: 1}}
  - {name: "2", label: {fr: 2, ar: 2}}
""",
)

DK, NA = {"missing": "dk"}, {"missing": "na"}
NAMES = ["a", "B.2", "c_3"]
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
TEXT = st.text(LETTERS | st.sampled_from("\n\t\",;'="), min_size=1).map(str.strip).filter(bool)


def answers() -> st.SearchStrategy[dict[str, object]]:
    """Any answers the questionnaire admits, each question also blank or not asked."""
    some = {
        "why": TEXT | st.just(DK),
        "members": st.integers(0, 10**15 - 1) | st.sampled_from([DK, NA]),
        "area": st.decimals(0, 10**9, places=3).map(str),
        "day": st.dates().map(str),
        "actor": st.sampled_from([*NAMES, "other", DK]),
        "funds": st.lists(st.sampled_from([*NAMES, "other"]), min_size=1, unique=True)
        | st.just(NA),
        "chain": st.permutations(NAMES) | st.just(DK),
        "asset": st.dictionaries(
            st.sampled_from(["one", "two"]), st.sampled_from(["1", "2", DK]), min_size=1
        ),
        "points": st.just(DK)
        | st.integers(0, 100).map(lambda n: {"a": n, "B.2": 100 - n, "c_3": 0}),
        "ideas": st.lists(TEXT, min_size=1, max_size=2) | st.just(DK),
        "views": st.dictionaries(
            st.sampled_from(["one", "two"]), st.sampled_from(["agree", "pass"]), min_size=1
        ),
        "actor__other": TEXT,
    }
    return st.fixed_dictionaries(
        {}, optional={name: each | st.none() for name, each in some.items()}
    )
