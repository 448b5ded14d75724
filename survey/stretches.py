"""One export made by several processes: this one and others make stretches, put together in order."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import IO

from survey.datasets import no_responses, with_responses
from survey.export import FORMATS
from survey.orders import Order
from survey.response import Response
from survey.store import Store, responses
from survey.store.responses import Stretch
from survey.table import SHAPES, Dataset

LENGTH = 2_000
"""Sequence numbers in a stretch: each process holds so much of the file, and this one up to twice as
many finished ones as there are processes."""


@dataclass(frozen=True, slots=True)
class Work:
    """What every process knows: the dataset has no responses, they are read from the database as
    they were when `last` was the last sequence number."""

    database: Path
    format_name: str
    shape: str
    dataset: Dataset
    last: int


def write(
    store: Store, order: Order, file: IO[bytes], processes: int, tell: Callable[[int], None]
) -> None:
    """Writes a divisible order with two processes or more: the same bytes that one writes. `tell`
    hears how many responses have been read.

    Raises UnknownWorkshop, ColumnError, or BrokenProcessPool where a process ended early.
    """
    last = responses.last_sequence(store)
    header_alone = replace(order.dataset(store), responses=no_responses)
    order.format.export(header_alone, order.shape, file)
    work = Work(store.path, order.format_name, order.shape, header_alone, last)
    read = 0
    for made, count in _in_order(store, work, processes):
        file.write(made)
        read += count
        tell(read)


def _in_order(store: Store, work: Work, processes: int) -> Iterator[tuple[bytes, int]]:
    """Every stretch, and how many responses it holds. This process makes each first one of as many
    stretches as there are processes; meanwhile the others make the rest, a little ahead."""
    starts = range(0, work.last, LENGTH)
    stretches = [(start, min(start + LENGTH, work.last)) for start in starts]
    waiting = deque(each for place, each in enumerate(stretches) if place % processes)
    ahead: deque[Future[tuple[bytes, int]]] = deque()
    # Spawned on every system: a forked process would share open database files with this one.
    with ProcessPoolExecutor(processes - 1, get_context("spawn")) as pool:
        try:
            for place, stretch in enumerate(stretches):
                while waiting and len(ahead) < 2 * processes:
                    ahead.append(pool.submit(_make_elsewhere, work, waiting.popleft()))
                is_own = place % processes == 0
                yield _make(store, work, stretch) if is_own else ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


def _make_elsewhere(work: Work, stretch: Stretch) -> tuple[bytes, int]:
    """A stretch made in a process of its own, which keeps the database open."""
    return _make(_opened(work.database), work, stretch)


def _make(store: Store, work: Work, stretch: Stretch) -> tuple[bytes, int]:
    """One stretch of the file, and how many responses it holds."""
    read = 0

    def counted(found: Iterator[Response]) -> Iterator[Response]:
        nonlocal read
        for response in found:
            read += 1
            yield response

    append = FORMATS[work.format_name].append
    assert append is not None
    made = io.BytesIO()
    dataset = with_responses(work.dataset, store, work.last, stretch=stretch, watched=counted)
    append(SHAPES[work.shape](dataset), made)
    return made.getvalue(), read


@cache
def _opened(database: Path) -> Store:
    return Store(database, b"")
