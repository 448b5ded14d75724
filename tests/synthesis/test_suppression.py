"""Suppression: whatever is solved from the shown numbers is about a group that is large enough."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from survey.synthesis.suppression import blocks_of, changed, is_safe, parts_of

SIZES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1)
LEAST = st.integers(2, 8)


def rank(rows: list[list[int]]) -> int:
    """The rank of a matrix, exactly."""
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for row in left[found + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * top for value, top in zip(row, pivot, strict=True)]
        found += 1
    return found


def solvable(names: list[str], shown: list[tuple[str, ...]]) -> list[set[str]]:
    """Every set of groups whose sum follows from the shown sums, by linear algebra."""

    def row(part: tuple[str, ...]) -> list[int]:
        return [int(name in part) for name in names]

    known = [row(part) for part in shown]
    return [
        set(chosen)
        for size in range(1, len(names) + 1)
        for chosen in combinations(names, size)
        if rank([*known, row(chosen)]) == rank(known)
    ]


@given(SIZES, LEAST)
def test_what_can_be_solved_from_the_shown_numbers_is_about_enough_people(
    sizes: dict[str, int], least: int
) -> None:
    parts = parts_of(sizes, least)
    everyone = tuple(sizes)
    for found in solvable(list(sizes), [everyone, *parts]) if parts else []:
        assert sum(sizes[name] for name in found) >= least


@given(SIZES, LEAST)
def test_parts_hold_every_group_once_and_large_groups_stay_alone_where_they_can(
    sizes: dict[str, int], least: int
) -> None:
    parts = parts_of(sizes, least)
    if parts:
        assert sorted(name for part in parts for name in part) == sorted(sizes)
        assert sum(len(part) > 1 for part in parts) <= 1
    if len(sizes) > 1 and min(sizes.values()) >= least:
        assert parts == tuple((name,) for name in sizes)


@given(SIZES, LEAST, st.data())
def test_two_results_that_may_follow_each_other_give_nobody_away(
    sizes: dict[str, int], least: int, data: st.DataObject
) -> None:
    """Everyone came, went or stayed; what both partitions tell is solved for the change."""
    later = {name: data.draw(st.integers(1, 12), label=f"{name} later") for name in sizes}
    before, after = parts_of(sizes, least), parts_of(later, least)
    moved = {name: abs(later[name] - sizes[name]) for name in sizes}
    blocks = blocks_of(before, after)
    if not all(is_safe(sum(moved[name] for name in block), least) for block in blocks):
        return
    # The change of a set of groups is known if its sum follows from either partition's sums.
    then, now = (
        [frozenset(found) for found in solvable(list(sizes), list(parts))] if parts else []
        for parts in (before, after)
    )
    for known in set(then) & set(now):
        assert is_safe(sum(moved[name] for name in known), least)


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert parts_of({"coop": 60, "bank": 2, "service": 6}, 5) == (("coop",), ("bank", "service"))
    assert parts_of({"coop": 60, "bank": 3, "service": 2}, 5) == (("coop",), ("bank", "service"))


def test_two_parts_are_the_least() -> None:
    assert parts_of({"coop": 60, "bank": 2}, 5) == ()
    assert parts_of({"coop": 60}, 5) == ()
    assert parts_of({}, 5) == ()


def test_a_change_is_who_came_who_went_and_who_says_something_else() -> None:
    before = {"a": "yes", "b": "no", "c": "yes"}
    after = {"a": "yes", "b": "yes", "d": "no"}
    assert changed(before, after) == 3
    assert [is_safe(count, 5) for count in (0, 1, 4, 5)] == [True, False, False, True]


def test_a_part_that_was_merged_is_compared_with_all_that_it_held() -> None:
    blocks = blocks_of([("a",), ("b", "c")], [("a",), ("b",), ("c", "d")])
    assert sorted(map(sorted, blocks)) == [["a"], ["b", "c", "d"]]
