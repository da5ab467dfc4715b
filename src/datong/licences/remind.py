"""Holders are told in time that a licence ends: at each of the distances its type names, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from datong import share
from datong.licences import library, queries, tell
from datong.store import Session

AT_ONCE = 1000
"""Licences of a type looked at in one go; the next go takes the next."""


def remind(session: Session, *, now: datetime | None = None) -> int:
    """Tell every holder whose licence comes to its end; how many were told. Safe to repeat: nobody is told twice of the same."""
    at = share.moment(now)
    today = share.city_day(at)
    told = 0
    for kind in library.types(session).values():
        for days in sorted(kind.remind):
            last = (today + timedelta(days=days)).isoformat()
            params = {"type": kind.code, "today": today.isoformat(), "last": last, "days": days, "limit": AT_ONCE}
            for row in session.all(queries.ENDING, params):
                licence = library.read_row(row, today.isoformat())
                session.run(
                    queries.ADD_TOLD,
                    {"licence_id": licence.licence_id, "version": licence.version, "days": days, "at": share.moment_text(at)},
                )
                left = (datetime.fromisoformat(licence.valid_until).date() - today).days
                tell.ending(session, licence, kind, left, at)
                told += 1
    return told
