"""Names of columns as a statistics program takes them: unique, short enough, none of its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class NameRules:
    """What a program calls a variable. `reserved` are patterns, in lower case where case counts for
    nothing."""

    pattern: str
    longest: int
    reserved: str
    is_case_blind: bool

    def key(self, name: str) -> str:
        """What no two names may share."""
        return name.lower() if self.is_case_blind else name

    def allows(self, name: str) -> bool:
        return (
            len(name) <= self.longest
            and re.fullmatch(self.pattern, name) is not None
            and re.fullmatch(self.reserved, self.key(name)) is None
        )


SPSS_NAMES = NameRules(
    pattern=r"[A-Za-z][A-Za-z0-9_.]*(?<!\.)",
    longest=64,
    reserved="all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with",
    is_case_blind=True,
)
# Stata has 32 characters; a set of labels is named after its variable and up to four digits.
STATA_NAMES = NameRules(
    pattern="[A-Za-z][A-Za-z0-9_]*",
    longest=28,
    reserved="byte|double|float|if|in|int|long|str[0-9]*|strL|using|with",
    is_case_blind=False,
)


def variable_names(names: Iterable[str], rules: NameRules) -> dict[str, str]:
    """The name of each column's variable, the same for the same columns: its own wherever it can be,
    the first of those that are too much alike keeping it."""
    found: dict[str, str] = {}
    others, taken = [], set()
    for name in names:
        if rules.allows(name) and rules.key(name) not in taken:
            found[name] = name
            taken.add(rules.key(name))
        else:
            others.append(name)
    for name in others:
        found[name] = next(
            each
            for each in _alike(name, rules.longest)
            if rules.allows(each) and rules.key(each) not in taken
        )
        taken.add(rules.key(found[name]))
    return found


def _alike(name: str, longest: int) -> Iterator[str]:
    """Names as close to this one as can be, then numbered ones."""
    plain = re.sub("[^A-Za-z0-9_]", "_", name)
    plain = plain if plain[0].isalpha() else f"v{plain}"
    yield plain[:longest]
    for number in count(2):
        end = f"_{number}"
        yield plain[: longest - len(end)] + end
