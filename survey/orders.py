"""What somebody wants to take away: from the desk or a file of its own to the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from survey.datasets import Watch, dataset_of
from survey.export import FORMATS, Format, file_name
from survey.i18n import Sentence
from survey.store import Store, responses
from survey.table import EVERYTHING, Dataset, Selection, Wording
from survey.table.shapes import WITH_RESPONSES


@dataclass(frozen=True, slots=True)
class Order:
    """Which workshops, in which format, shape and words, and which of their responses."""

    codes: tuple[str, ...]
    format_name: str
    shape: str
    wording: Wording = field(default_factory=Wording)
    selection: Selection = EVERYTHING
    with_personal: bool = False
    is_public: bool = False

    @property
    def format(self) -> Format:
        return FORMATS[self.format_name]

    @property
    def summary(self) -> str:
        """What the log says of it."""
        marks = {"personal": self.with_personal, "public": self.is_public}
        said = [self.format_name, self.shape, self.wording.name]
        return ", ".join([*said, *(name for name, is_so in marks.items() if is_so)])

    @property
    def is_divisible(self) -> bool:
        """Whether its file can be made in stretches: a public one numbers and counts all of them."""
        is_made_of_responses = self.shape in WITH_RESPONSES
        return self.format.append is not None and is_made_of_responses and not self.is_public

    def dataset(self, store: Store, watched: Watch = iter) -> Dataset:
        """Raises UnknownWorkshop or PublicError."""
        return dataset_of(
            store,
            self.codes,
            wording=self.wording,
            selection=self.selection,
            with_personal=self.with_personal,
            is_public=self.is_public,
            watched=watched,
        )

    def file_name(self, store: Store) -> str:
        return file_name(self.dataset(store), self.shape, self.format)

    def work(self, store: Store) -> int:
        """How many responses are read for it, each as often as it is read."""
        readings = self.format.reads(self.dataset(store), self.shape)
        return readings * responses.how_many(store, *self.codes, selection=self.selection)

    def write(self, store: Store, file: IO[bytes], watched: Watch = iter) -> tuple[Sentence, ...]:
        """Returns warnings of what the format could not hold whole.

        Raises ExportError, ColumnError, PublicError or UnknownWorkshop.
        """
        return self.format.export(self.dataset(store, watched), self.shape, file)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def order_of(stored: Mapping[str, Any]) -> Order:
    """An order as `as_json` gave it."""
    return Order(
        **{
            **stored,
            "codes": tuple(stored["codes"]),
            "wording": Wording(**stored["wording"]),
            "selection": Selection(**stored["selection"]),
        }
    )
