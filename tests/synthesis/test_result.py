"""Results: what is shown is of enough people, and so is the difference to what was shown before."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.synthesis.distribution import Row, Voice
from survey.synthesis.result import (
    Moment,
    Result,
    TooFew,
    TooFewChanged,
    Voices,
    from_json,
    renewed,
    result_of,
    to_json,
)
from tests.all_types import ALL_TYPES

ACTOR, ASSET, WHY = (ALL_TYPES.question(name) for name in ("actor", "asset", "why"))
LEAST = 5


def moment(voices: Voices, sequence: int = 1) -> Moment:
    return Moment(voices, any(v.people > 1 for v in voices.values()), "2026-01-01T10:00", sequence)


def room(**groups: list[str]) -> dict[str, Voice]:
    """Voices by actor group."""
    return {
        f"{group}{place}": Voice(answer, group)
        for group, said in groups.items()
        for place, answer in enumerate(said)
    }


def rows_of(result: Result) -> tuple[Row, ...]:
    return () if result.groups is None else result.groups.rows


VOICES = st.dictionaries(
    st.integers(0, 40).map(str),
    st.builds(
        Voice,
        st.fixed_dictionaries(
            {}, optional={"one": st.sampled_from("12"), "two": st.sampled_from("12")}
        )
        | st.none(),
        st.sampled_from(["coop", "bank", "service", None]),
        st.integers(1, 3),
    ),
)


@given(VOICES)
def test_whatever_is_shown_is_of_enough_responses_and_adds_up(voices: Voices) -> None:
    try:
        result = result_of(ASSET, moment(voices), LEAST)
    except TooFew:
        return
    assert all(row.responses >= LEAST for row in (*result.whole.rows, *rows_of(result)))
    for whole in result.whole.rows if result.groups else ():
        parts = [row for row in rows_of(result) if row.item == whole.item]
        assert tuple(map(sum, zip(*(row.counts for row in parts), strict=True))) == whole.counts
        assert sum(row.responses for row in parts) == whole.responses
        assert len(parts) > 1


@given(VOICES, st.integers(0, 2**32), st.integers(0, 12))
def test_the_difference_of_two_results_is_of_nobody_or_of_enough(
    before: Voices, seed: int, steps: int
) -> None:
    """Some come, some go, some change their mind; then every shown difference is checked by hand."""
    chance, after = Random(seed), dict(before)
    for step in range(steps):
        if after and chance.random() < 0.5:
            after.pop(chance.choice(sorted(after)))
        answer = {"one": chance.choice("12"), "two": chance.choice("12")}
        after[f"new{step}"] = Voice(answer, chance.choice(["coop", "bank"]))
    try:
        shown = result_of(ASSET, moment(before), LEAST)
        new = renewed(ASSET, shown, lambda _: before, moment(after, 2), LEAST)
    except (TooFew, TooFewChanged):
        return
    pairs = [(shown.whole.rows, new.whole.rows)]
    if shown.groups and new.groups and new.groups.sequence == 2:
        pairs.append((shown.groups.rows, new.groups.rows))
    for rows, later in pairs:
        for row in rows:
            for other in later:
                if (row.item, row.groups) == (other.item, other.groups):
                    moved = _moved(row, before, after)
                    assert moved == 0 or moved >= LEAST


def _moved(row: Row, before: Voices, after: Voices) -> int:
    def said(voices: Voices) -> dict[str, object]:
        return {
            id: (voice.answer[row.item], voice.people)
            for id, voice in voices.items()
            if voice.answer and row.item in voice.answer
            if not row.groups or voice.group in row.groups
        }

    then, now = said(before), said(after)
    return sum(then.get(id) != now.get(id) for id in then.keys() | now.keys())


def test_fewer_than_enough_are_not_shown() -> None:
    with pytest.raises(TooFew):
        result_of(ACTOR, moment(room(coop=["a"] * 4)), LEAST)
    assert result_of(ACTOR, moment(room(coop=["a"] * 5)), LEAST).whole.rows[0].counts[0] == 5


def test_a_row_of_a_matrix_that_few_rated_is_left_out() -> None:
    voices = {str(place): Voice({"one": "1"}) for place in range(6)}
    voices["x"] = Voice({"one": "1", "two": "2"})
    assert [row.item for row in result_of(ASSET, moment(voices), LEAST).whole.rows] == ["one"]


def test_small_groups_are_merged_and_the_group_itself_is_not_split() -> None:
    voices = room(coop=["a"] * 9, bank=["B.2"] * 2, service=["a"] * 3)
    result = result_of(ACTOR, moment(voices), LEAST)
    assert [(row.groups, row.responses) for row in rows_of(result)] == [
        (("coop",), 9),
        (("bank", "service"), 5),
    ]


def renew(before: Voices, after: Voices) -> Callable[[], Result]:
    shown = result_of(ACTOR, moment(before), LEAST)
    return lambda: renewed(ACTOR, shown, lambda _: before, moment(after, 2), LEAST)


def test_one_more_answer_does_not_change_what_is_shown() -> None:
    before = room(coop=["a"] * 9)
    with pytest.raises(TooFewChanged):
        renew(before, before | room(bank=["a"]))()
    assert renew(before, before | room(bank=["a"] * 5))().answered == 14


def test_one_corrected_or_erased_answer_does_not_either() -> None:
    before = room(coop=["a"] * 9)
    with pytest.raises(TooFewChanged):
        renew(before, before | {"coop0": Voice("B.2", "coop")})()
    left = {id: voice for id, voice in before.items() if id != "coop0"}
    shown = result_of(ACTOR, moment(before), LEAST)
    with pytest.raises(TooFewChanged):  # what was erased is not to be read any more
        renewed(ACTOR, shown, lambda _: left, moment(left, 2), LEAST)


def test_one_who_now_says_that_she_does_not_know_does_not_either() -> None:
    before = room(coop=["a"] * 9)
    with pytest.raises(TooFewChanged):
        renew(before, before | {"new": Voice({"missing": "dk"}, "coop")})()


def test_groups_stay_as_they_were_where_few_of_one_changed() -> None:
    before = room(coop=["a"] * 9, bank=["B.2"] * 6)
    new = renew(before, before | room(coop=["a"] * 10, bank=["B.2"] * 10))()
    assert new.whole.sequence == 2
    assert new.groups is not None and new.groups.sequence == 1
    new = renew(before, before | room(coop=["a"] * 14, bank=["B.2"] * 11))()
    assert new.groups is not None and new.groups.sequence == 2


def test_texts_are_counted_only() -> None:
    voices = {str(place): Voice("secret") for place in range(6)}
    result = result_of(WHY, moment(voices), LEAST)
    assert (result.answered, result.whole.rows, result.groups) == (6, (), None)
    assert "secret" not in to_json(result)
    more = {**voices, "x": Voice("more")}
    assert renewed(WHY, result, lambda _: voices, moment(more, 2), LEAST).answered == 7


@given(VOICES)
def test_a_result_comes_back_from_the_store_as_it_was(voices: Voices) -> None:
    try:
        result = result_of(ASSET, moment(voices), LEAST)
    except TooFew:
        return
    assert from_json(to_json(result)) == result
