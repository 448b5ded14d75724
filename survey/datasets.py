"""Workshops' responses as a dataset: from the store to the exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from survey.response import Response
from survey.store import Store, questionnaires, responses, workshops
from survey.store.responses import Stretch
from survey.table import EVERYTHING, Dataset, Selection, Wording, public

Watch: TypeAlias = Callable[[Iterator[Response]], Iterator[Response]]
"""Sees each response that is read pass by."""

STEP = 200


def watch(tell: Callable[[int], None]) -> Watch:
    """Tells every now and then how many responses have been read, in all readings together."""
    read = 0

    def watched(found: Iterator[Response]) -> Iterator[Response]:
        nonlocal read
        for response in found:
            yield response
            read += 1
            if read % STEP == 0:
                tell(read)

    return watched


def dataset_of(
    store: Store,
    codes: Sequence[str],
    *,
    wording: Wording | None = None,
    selection: Selection = EVERYTHING,
    with_personal: bool = False,
    is_public: bool = False,
    watched: Watch = iter,
) -> Dataset:
    """What these workshops have now: what comes later is not in it, however often it is read.

    Raises UnknownWorkshop, and PublicError for what a public one cannot have.
    """
    last = responses.last_sequence(store)
    versions = {
        version: questionnaires.get(store, version) for version in responses.versions(store, *codes)
    }
    without_responses = Dataset(
        versions,
        no_responses,
        tuple(workshops.get(store, code) for code in codes),
        wording or Wording(),
        selection,
        with_personal,
    )
    dataset = with_responses(without_responses, store, last, watched=watched)
    return public(dataset) if is_public else dataset


def with_responses(
    dataset: Dataset,
    store: Store,
    last: int,
    *,
    stretch: Stretch | None = None,
    watched: Watch = iter,
) -> Dataset:
    """The dataset with its workshops' responses as they are in the store, or were when `last` was the
    last sequence number: those of a stretch, or all."""
    codes, selection = [each.code for each in dataset.workshops], dataset.selection
    keepers = {version: selection.keeper(each) for version, each in dataset.questionnaires.items()}

    def chosen() -> Iterator[Response]:
        found = responses.scan(store, *codes, selection=selection, up_to=last, stretch=stretch)
        for response in watched(found):
            if keepers[response.version](response):
                yield response

    return replace(dataset, responses=chosen)


def no_responses() -> Iterator[Response]:
    """What a dataset has that is only told of."""
    return iter(())
