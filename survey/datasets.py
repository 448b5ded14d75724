"""Workshops' responses as a dataset: from the store to the exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.response import Response
from survey.store import Store, questionnaires, responses, workshops
from survey.table import EVERYTHING, Dataset, Selection, Wording, public


def dataset_of(
    store: Store,
    codes: Sequence[str],
    *,
    wording: Wording | None = None,
    selection: Selection = EVERYTHING,
    with_personal: bool = False,
    is_public: bool = False,
) -> Dataset:
    """What these workshops have now: what comes later is not in it, however often it is read.

    Raises UnknownWorkshop, and PublicError for what a public one cannot have.
    """
    last = responses.last_sequence(store)
    versions = {
        version: questionnaires.get(store, version) for version in responses.versions(store, *codes)
    }
    keepers = {version: selection.keeper(each) for version, each in versions.items()}

    def chosen() -> Iterator[Response]:
        for response in responses.scan(store, *codes, selection=selection, up_to=last):
            if keepers[response.version](response):
                yield response

    dataset = Dataset(
        versions,
        chosen,
        tuple(workshops.get(store, code) for code in codes),
        wording or Wording(),
        selection,
        with_personal,
    )
    return public(dataset) if is_public else dataset
