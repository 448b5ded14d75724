"""The tally: counting one by one comes to the same as counting all over again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.response import Response
from survey.synthesis.tally import Tally, status_of
from tests.conftest import questionnaire_of

QUESTIONNAIRE = questionnaire_of(
    """
- type: select_one
  name: actor
  role: actor_group
  other: {group: others}
  label: {fr: Qui ?, ar: من؟}
  choices:
  - {name: coop, group: producers, label: {fr: C, ar: ت}}
- {type: text, name: idea, dk: true, label: {fr: I, ar: ف}}
""",
    """
actor_groups:
- {name: producers, label: {fr: P, ar: م}}
- {name: others, label: {fr: A, ar: آ}}
""",
)

IDS = st.sampled_from("abcd")
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "actor": st.sampled_from(["coop", "other", None]),
        "idea": st.sampled_from(["text", None, {"missing": "dk"}]),
    },
)
STEPS = st.lists(
    st.tuples(st.just("put"), IDS, ANSWERS, st.integers(1, 5))
    | st.tuples(st.just("take"), IDS)
    | st.tuples(st.just("mark"), st.frozensets(IDS))
)


def response(id: str, answers: dict[str, object], people: int) -> Response:
    return Response(id, "", "", "", 1, answers, "fr", "full", "web", "", people=people)


@given(STEPS)
def test_counting_on_comes_to_the_same_as_counting_anew(steps: list[tuple]) -> None:
    tally = Tally(QUESTIONNAIRE)
    there: dict[str, Response] = {}
    marked: frozenset[str] = frozenset()
    for what, *more in steps:
        if what == "put":
            there[more[0]] = response(*more)
            tally.put(there[more[0]])
        elif what == "take":
            there.pop(more[0], None)
            tally.take(more[0])
        else:
            marked = more[0]
            tally.mark(marked)
    anew = Tally(QUESTIONNAIRE)
    for id in there.keys() - marked:
        anew.put(there[id])
    assert tally.figures() == anew.figures()


def test_blank_dont_know_not_asked_and_answered_are_four_things() -> None:
    answers = {"blank": None, "dk": {"missing": "dk"}, "said": {"row": "1"}}
    found = [status_of(answers, name) for name in ("blank", "dk", "said", "else")]
    assert found == ["blank", "dk", "answered", "not_asked"]


def test_people_are_counted_where_a_response_stands_for_several() -> None:
    tally = Tally(QUESTIONNAIRE)
    tally.put(response("a", {"actor": "coop"}, 1))
    assert not tally.figures().counts_people
    tally.put(response("b", {"actor": "coop"}, 4))
    figures = tally.figures()
    assert (figures.responses, figures.people, figures.counts_people) == (2, 5, True)
    assert figures.groups == {"producers": 5}
    assert figures.statuses["idea", "not_asked"] == 5
