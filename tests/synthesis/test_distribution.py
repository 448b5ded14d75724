"""Distributions: what the answers to each question type come to, and nothing of single people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.model import Question
from survey.synthesis.distribution import (
    Row,
    Voice,
    bands_of,
    quartiles_of,
    reading_of,
    row_of,
    shape_of,
)
from tests.all_types import ALL_TYPES, DK, answers


def rows(name: str, *said: object, people: int = 1) -> tuple[tuple[str, ...], list[Row]]:
    voices = {str(place): Voice(answer, None, people) for place, answer in enumerate(said)}
    shape = shape_of(ALL_TYPES.question(name), voices.values())
    reading = reading_of(shape, voices)
    return shape.categories, [row_of(reading, item) for item in shape.items]


def test_a_choice_is_counted_among_those_who_chose() -> None:
    categories, (row,) = rows("actor", "a", "a", "other", None, DK, "unknown")
    assert dict(zip(categories, row.counts, strict=True)) == {
        "a": 2,
        "B.2": 0,
        "c_3": 0,
        "other": 1,
    }
    assert row.responses == 3


def test_several_choices_may_come_to_more_than_those_who_answered() -> None:
    categories, (row,) = rows("funds", ["a", "B.2"], ["a"], None)
    assert row.counts[:2] == (2, 1) and row.responses == 2


def test_a_response_of_a_table_weighs_as_many_as_sat_at_it() -> None:
    _, (row,) = rows("actor", "a", "B.2", people=6)
    assert (row.responses, row.people, row.counts[:2]) == (2, 12, (6, 6))


def test_each_row_of_a_matrix_counts_who_rated_it() -> None:
    categories, (one, two) = rows("asset", {"one": "1", "two": DK}, {"one": "2"}, DK)
    assert categories == ("1", "2")
    assert (one.responses, one.counts) == (2, (1, 1))
    assert (two.responses, two.counts) == (0, (0, 0))


def test_a_vote_has_agree_disagree_and_pass() -> None:
    categories, (one, _) = rows("views", {"one": "agree"}, {"one": "agree"}, {"one": "pass"})
    assert dict(zip(categories, one.counts, strict=True)) == {"agree": 2, "disagree": 0, "pass": 1}


def test_a_rank_counts_the_first_three_places() -> None:
    categories, (first, second, third) = rows("chain", ["a", "c_3"], ["a"], ["c_3", "a"])
    assert categories == ("1", "2", "3")
    assert [row.counts for row in (first, second, third)] == [(2, 1, 0), (0, 0, 0), (1, 1, 0)]
    assert third.responses == 3


def test_shared_points_have_quartiles_and_bands_of_per_cent() -> None:
    shares = [0, 10, 25, 50, 100]
    said = [{"a": share, "B.2": 100 - share} for share in shares]
    categories, (row, *_) = rows("points", *said)
    assert row.quartiles == (10, 25, 50)
    assert dict(zip(categories, row.counts, strict=True)) == {
        "0": 1, "1": 1, "11": 0, "21": 1, "31": 1, "51": 1,
    }  # fmt: skip


def test_quartiles_are_those_of_type_7() -> None:
    """The example in which types 6 and 7 decide differently on an agreement."""
    low, _, high = quartiles_of([1, 2, 2, 3, 3, 3, 4, 4, 5, 5])
    assert high - low == 1.75
    assert quartiles_of([7]) == (7, 7, 7)


@given(st.lists(st.floats(0, 10**6), min_size=1))
def test_bands_are_few_and_grow(values: list[float]) -> None:
    starts = bands_of(values)
    assert 1 <= len(starts) <= 6
    assert sorted(set(starts)) == list(starts)


def test_numbers_fall_into_round_bands_that_give_no_extreme_away() -> None:
    categories, (row,) = rows("members", *range(1, 100), 999_999)
    assert categories == ("0", "20", "40", "60", "80")
    assert sum(row.counts) == 100


def test_decimals_and_dates_are_read() -> None:
    _, (row,) = rows("area", "1.5", "2.5")
    assert row.quartiles == (1.75, 2.0, 2.25)
    months, (row,) = rows("day", "2026-03-01", "2026-03-30", "2025-12-31")
    assert (months, row.counts) == (("2025-12", "2026-03"), (1, 2))


@pytest.mark.parametrize("name", ["why", "ideas"])
def test_free_texts_have_no_distribution(name: str) -> None:
    assert rows(name, "text", None) == ((), [])


@given(st.lists(answers(), min_size=1, max_size=8))
def test_any_answers_can_be_shown_and_no_count_exceeds_those_who_answered(
    given_answers: list[dict[str, object]],
) -> None:
    def check(question: Question) -> None:
        said = [given[question.name] for given in given_answers if question.name in given]
        _, found = rows(question.name, *said)
        for row in found:
            assert all(0 <= count <= row.people for count in row.counts)

    for question in ALL_TYPES.questions():
        check(question)
