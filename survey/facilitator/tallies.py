"""A tally of each workshop that is watched live, kept in this process and read on from where it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from survey.questionnaire.model import Questionnaire
from survey.response import Workshop
from survey.store import Store, arrivals
from survey.synthesis.tally import Figures, Tally

MAX_KEPT = 20


@dataclass(slots=True)
class Watched:
    """A tally, and the sequence number of the last revision in it."""

    tally: Tally
    sequence: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: OrderedDict[tuple[str, str, str], Watched] = OrderedDict()
_keeping = threading.Lock()


def figures_of(store: Store, workshop: Workshop, questionnaire: Questionnaire) -> Figures:
    """The workshop's counts now; reads only what came since they were asked for before."""
    watched = _watched(store, workshop, questionnaire)
    with watched.lock:
        for sequence, response in arrivals.since(store, workshop.code, watched.sequence):
            watched.tally.put(response)
            watched.sequence = sequence
        # After the revisions: what is erased meanwhile must not stay.
        for id in arrivals.erased(store, workshop.code):
            watched.tally.take(id)
        watched.tally.mark(arrivals.marked(store, workshop.code))
        return watched.tally.figures()


def _watched(store: Store, workshop: Workshop, questionnaire: Questionnaire) -> Watched:
    key = (str(store.path), workshop.code, workshop.version)
    with _keeping:
        watched = _kept.pop(key, None) or Watched(Tally(questionnaire))
        _kept[key] = watched
        if len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return watched
