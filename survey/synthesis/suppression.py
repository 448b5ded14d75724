"""Which groups may be shown, so that no small group shows: by itself, by subtraction, or over time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeAlias, TypeVar

Name = TypeVar("Name", bound=Hashable)
Parts: TypeAlias = tuple[tuple[Name, ...], ...]
"""A partition: each part is shown together, as one."""


def parts_of(sizes: Mapping[Name, int], least: int) -> Parts[Name]:
    """The groups, each alone if it has `least` members; the smaller ones are merged into one last
    part, and with the smallest of the others where they come to less. No part at all where fewer
    than two would be left.

    The parts add up to the whole, so whatever can be computed from them and the whole is about
    parts, and each has `least` members (complementary suppression, after Willenborg and de Waal,
    Elements of Statistical Disclosure Control, 2001).
    """
    by_size = sorted(sizes, key=lambda name: sizes[name])
    merged = {name for name in by_size if sizes[name] < least}
    for name in by_size:
        if not merged or sum(sizes[each] for each in merged) >= least:
            break
        merged.add(name)
    parts: list[tuple[Name, ...]] = [(name,) for name in sizes if name not in merged]
    if merged:
        parts.append(tuple(name for name in sizes if name in merged))
    is_shown = len(parts) > 1 and all(_size(part, sizes) >= least for part in parts)
    return tuple(parts) if is_shown else ()


def _size(part: Iterable[Name], sizes: Mapping[Name, int]) -> int:
    return sum(sizes[name] for name in part)


def blocks_of(before: Iterable[Iterable[Name]], after: Iterable[Iterable[Name]]) -> list[set[Name]]:
    """The smallest sets of groups about which both partitions tell: those whose change shows."""
    blocks: list[set[Name]] = []
    for part in (*before, *after):
        joined = set(part)
        apart = [block for block in blocks if block.isdisjoint(joined)]
        joined.update(*(block for block in blocks if not block.isdisjoint(joined)))
        blocks = [*apart, joined]
    return blocks


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> int:
    """How many of those who said something, by id, came, went, or say something else now."""
    return sum(
        (id in before) != (id in after) or before.get(id) != after.get(id)
        for id in before.keys() | after.keys()
    )


def is_safe(change: int, least: int) -> bool:
    """Whether two results may follow each other before the same eyes: the difference is of nobody,
    or of so many that no one of them can be told."""
    return change == 0 or change >= least
