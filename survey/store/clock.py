"""The store's time: UTC, as ISO 8601 text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(after: timedelta = timedelta()) -> str:
    """This moment, or one so much later or earlier, like `2026-03-22T09:41:07.123Z`."""
    return stored(datetime.now(UTC) + after)


def stored(moment: datetime) -> str:
    """A moment as it is stored; one without a zone is in UTC."""
    zoned = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return zoned.isoformat(timespec="milliseconds").replace("+00:00", "Z")
