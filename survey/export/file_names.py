"""What exported files are called, so that one can name another."""

from __future__ import annotations

from survey.table import Dataset


def name_of(dataset: Dataset, shape: str, extension: str) -> str:
    """The name of a downloaded file, in plain letters."""
    workshops = dataset.workshops
    which = workshops[0].code if len(workshops) == 1 else f"{len(workshops)}-workshops"
    parts = [dataset.newest.name, which, shape, dataset.wording.name]
    start = "-".join([*parts, "public"] if dataset.is_public else parts)
    return f"{start}.{extension}"
