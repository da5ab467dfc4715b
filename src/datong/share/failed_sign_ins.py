"""Failed sign-ins, counted by where they come from and by the account they try, without keeping either.

Both are kept as digests under a key of the day, which is thrown away after it: counts can be compared within a day, and nobody can
find out afterwards whose address or name it was. Too many of one raise an alert for the officers on duty.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from datong.domain.access import Actor
from datong.share.duty import WATCH
from datong.share.installed import installed, moment
from datong.share.requests.alerts import Touched, raise_counted
from datong.share.workdays import city_day
from datong.store import Session

KIND = "sign_in"
_SIZE = 12
"""Hexadecimal digits of a digest: enough to tell the sources of a day apart."""
_KEY = "SELECT secret FROM sign_in_watch WHERE day = :day"
_ADD_KEY = "INSERT INTO sign_in_watch (day, secret) VALUES (:day, :secret) ON CONFLICT (day) DO NOTHING"
_FORGET_KEYS = "DELETE FROM sign_in_watch WHERE day < :day"
_FORGET = "DELETE FROM sign_in_failure WHERE day < :since"
_COUNT = """INSERT INTO sign_in_failure (day, source, account, failures) VALUES (:day, :source, :account, 1)
ON CONFLICT (day, source, account) DO UPDATE SET failures = sign_in_failure.failures + 1"""
_OF_SOURCE = "SELECT sum(failures) FROM sign_in_failure WHERE day = :day AND source = :digest"
_OF_ACCOUNT = "SELECT sum(failures) FROM sign_in_failure WHERE day = :day AND account = :digest"
_TODAY = """SELECT source, sum(failures), count(*) FROM sign_in_failure WHERE day = :day GROUP BY source
ORDER BY sum(failures) DESC, source LIMIT :most"""
KEPT_DAYS = 30


@dataclass(frozen=True)
class FailedSource:
    """Where failed sign-ins of a day came from: a digest, how many, for how many accounts."""

    source: str
    failures: int
    accounts: int


def sign_in_refused(session: Session, source: str, account: str, *, now: datetime | None = None) -> None:
    """Count one failed sign-in; the alert when a source or an account comes to the day's limit."""
    at = moment(now)
    day = city_day(at).isoformat()
    if session.run(_ADD_KEY, {"day": day, "secret": secrets.token_hex(32)}):  # the first of the day
        session.run(_FORGET, {"since": (city_day(at) - timedelta(days=KEPT_DAYS)).isoformat()})
        session.run(_FORGET_KEYS, {"day": day})
    row = session.one(_KEY, {"day": day})
    assert row is not None
    digests = {"source": _digest(row[0], "source", source), "account": _digest(row[0], "account", account.strip().lower())}
    session.run(_COUNT, {"day": day, **digests})
    for what, sql in (("source", _OF_SOURCE), ("account", _OF_ACCOUNT)):
        counted = session.one(sql, {"day": day, "digest": digests[what]})
        raise_counted(session, KIND, Touched("", f"{what}:{digests[what]}", day, "", False), int(counted[0]) if counted else 0, at)


def failed_sign_ins(session: Session, actor: Actor, *, now: datetime | None = None, most: int = 20) -> tuple[FailedSource, ...]:
    """Where the failed sign-ins of today come from, the most first. Raises Forbidden without the permission to watch."""
    installed(session).must(actor, WATCH)
    params = {"day": city_day(moment(now)).isoformat(), "most": most}
    return tuple(FailedSource(row[0], int(row[1]), int(row[2])) for row in session.all(_TODAY, params))


def _digest(secret: str, what: str, value: str) -> str:
    return hmac.new(bytes.fromhex(secret), f"{what}:{value}".encode(), sha256).hexdigest()[:_SIZE]
