"""The web door reads the clock here, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def now_text() -> str:
    """This moment as ISO text, in UTC."""
    return now().isoformat(timespec="seconds")
