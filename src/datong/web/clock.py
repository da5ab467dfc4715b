"""The web door reads the clock here, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def now_text() -> str:
    """This moment as ISO text, in UTC."""
    return text_of(now())


def text_of(moment: datetime) -> str:
    """A moment as the store and the ledger keep it: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
