"""Which actor groups and territories a public file may show; the small ones become wider, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TypeAlias

SUPPRESSED = "suppressed"

Path: TypeAlias = tuple[str, ...]
"""A territory and those that hold it, the narrowest first; an empty one is everywhere."""


def shown(
    counts: Mapping[tuple[str, Path], int], least: int, unknown: Collection[str] = ()
) -> dict[tuple[str, Path], tuple[str, str]]:
    """What stands in the place of each actor group and territory, so that of everything that is
    shown there are at least `least` responses. `unknown` are the groups that say no group."""
    sizes: Counter[str] = Counter()
    for (group, _), count in counts.items():
        sizes[group] += count
    groups = shown_groups(sizes, least, unknown)
    within: dict[str, Counter[Path]] = {}
    for (group, path), count in counts.items():
        within.setdefault(groups[group], Counter())[path] += count
    places = {group: shown_places(paths, least) for group, paths in within.items()}
    return {(group, path): (groups[group], places[groups[group]][path]) for group, path in counts}


def shown_groups(
    sizes: Mapping[str, int], least: int, unknown: Collection[str] = ()
) -> dict[str, str]:
    """Each group, or `suppressed`. A single suppressed group could be told from a list of all
    groups: so there are at least two of them with `least` responses together, or there is none left."""
    hidden = {group for group, size in sizes.items() if size < least}
    others = sorted(set(sizes) - hidden - set(unknown), key=lambda group: (-sizes[group], group))
    while _gives_away(hidden - set(unknown), sizes, least):
        if not others:
            hidden = set(sizes)
            break
        hidden.add(others.pop())
    return {group: SUPPRESSED if group in hidden else group for group in sizes}


def _gives_away(hidden: Collection[str], sizes: Mapping[str, int], least: int) -> bool:
    return 0 < len(hidden) < 2 or 0 < sum(sizes[group] for group in hidden) < least


def shown_places(counts: Mapping[Path, int], least: int) -> dict[Path, str]:
    """Each territory, a wider one that holds it, or `suppressed`.

    From the narrowest to the widest: what is too small takes in the smallest of what it holds that
    could be shown; if there is none, it becomes part of what holds it.
    """
    stands_for = {path: [path] for path in counts}
    every = {path[place:] for path in counts for place in range(len(path) + 1)}

    def size(path: Path) -> int:
        return sum(counts[each] for each in stands_for[path])

    for path in sorted(every, key=lambda path: (-len(path), path)):
        if path not in stands_for or size(path) >= least:
            continue
        narrower = [each for each in stands_for if _holds(path, each)]
        if narrower:
            smallest = min(narrower, key=lambda each: (size(each), each))
            stands_for[path] += stands_for.pop(smallest)
        elif path:
            stands_for.setdefault(path[1:], []).extend(stands_for.pop(path))
    return {
        path: wider[0] if wider else SUPPRESSED
        for wider, paths in stands_for.items()
        for path in paths
    }


def _holds(wider: Path, path: Path) -> bool:
    return len(path) > len(wider) and path[len(path) - len(wider) :] == wider
