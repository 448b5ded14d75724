"""Who may do what with a workshop: the whole rule, and nothing that asks the store or the request."""

from __future__ import annotations

from survey.response import ADMINISTRATOR, FACILITATOR, Facilitator, Workshop

SEE = "see"
"""That it is there, its state, counts and results: nothing that one participant answered."""

RUN = "run"
"""Change its settings, open, pause, close and archive it, make another like it, and everything with
single answers: download, take in."""

SHARE = "share"
"""Say who else sees it, and read its log."""


def may_create(who: Facilitator) -> bool:
    """Whether she may make workshops, which are then her own."""
    return who.role in (ADMINISTRATOR, FACILITATOR)


def rights_over(workshop: Workshop, who: Facilitator, is_shared: bool) -> frozenset[str]:
    """None at all means that she must not even learn that it is there."""
    if who.is_administrator:
        return frozenset({SEE, RUN, SHARE})
    is_owner = workshop.owner is not None and workshop.owner.lower() == who.name.lower()
    if not is_owner and not is_shared:
        return frozenset()
    if who.role != FACILITATOR:
        return frozenset({SEE})
    return frozenset({SEE, RUN, SHARE} if is_owner else {SEE, RUN})
