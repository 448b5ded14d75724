"""What exported files are called, so that one can name another."""

from __future__ import annotations

from survey.table import Dataset


def name_of(dataset: Dataset, shape: str, extension: str) -> str:
    """The name of a downloaded file, in plain letters."""
    workshops = dataset.workshops
    which = workshops[0].code if len(workshops) == 1 else f"{len(workshops)}-workshops"
    start = f"{dataset.newest.name}-{which}-{shape}-{dataset.wording.name}"
    return f"{start}.{extension}"
