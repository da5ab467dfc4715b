"""Who is signed in: random tokens (kept as hashes) that end by themselves, and what the session remembers."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.settings import Settings
from datong.store import Session
from datong.web.accounts import find_actor, secret_hash

LONGEST = timedelta(hours=12)
"""However busy, a sign-in ends after this long."""
TOUCH_SECONDS = 60
"""A sign-in is marked as seen at most this often, so that reading pages does not write."""
_FIND = "SELECT account_id, csrf, started_at, seen_at, purpose FROM sign_in WHERE token_hash = :token_hash"


@dataclass(frozen=True)
class SignIn:
    """One person signed in at one browser."""

    token_hash: str
    csrf: str
    actor: Actor
    purpose: str
    stale: bool
    """Whether it should be marked as seen again."""


def start(session: Session, account_id: str, now: datetime) -> str:
    """Sign somebody in; the token for her cookie."""
    token = secrets.token_urlsafe(32)
    session.run(
        "INSERT INTO sign_in (token_hash, account_id, csrf, started_at, seen_at, purpose) "
        "VALUES (:hash, :account_id, :csrf, :now, :now, '')",
        {"hash": secret_hash(token), "account_id": account_id, "csrf": secrets.token_urlsafe(24), "now": _text(now)},
    )
    return token


def find(session: Session, settings: Settings, token: str, now: datetime) -> SignIn | None:
    """The sign-in of a token, unless it has idled too long, ended, or its account was closed."""
    row = session.one(_FIND, {"token_hash": secret_hash(token)})
    if row is None:
        return None
    account_id, csrf, started_at, seen_at, purpose = row
    idle = now - datetime.fromisoformat(seen_at)
    if idle > timedelta(minutes=settings.session_minutes) or now - datetime.fromisoformat(started_at) > LONGEST:
        return None
    actor = find_actor(session, account_id)
    return SignIn(secret_hash(token), csrf, actor, purpose, idle.total_seconds() > TOUCH_SECONDS) if actor else None


def started(session: Session, token_hash: str) -> str:
    """When the holder proved who she is."""
    row = session.one("SELECT started_at FROM sign_in WHERE token_hash = :hash", {"hash": token_hash})
    return str(row[0]) if row else ""


def touch(session: Session, token_hash: str, now: datetime) -> None:
    """Mark a sign-in as seen."""
    session.run("UPDATE sign_in SET seen_at = :now WHERE token_hash = :hash", {"now": _text(now), "hash": token_hash})


def end(session: Session, token_hash: str) -> None:
    """Sign out; what was typed in the session goes too."""
    session.run("DELETE FROM lookup WHERE token_hash = :hash", {"hash": token_hash})
    session.run("DELETE FROM sign_in WHERE token_hash = :hash", {"hash": token_hash})


def sweep(session: Session, settings: Settings, now: datetime) -> None:
    """Forget the sign-ins that have ended by themselves, and what was typed in them."""
    before = _text(now - timedelta(minutes=settings.session_minutes))
    session.run("DELETE FROM lookup WHERE token_hash NOT IN (SELECT token_hash FROM sign_in WHERE seen_at >= :before)", {"before": before})
    session.run("DELETE FROM sign_in WHERE seen_at < :before", {"before": before})


def choose_purpose(session: Session, token_hash: str, purpose: str) -> None:
    """Remember what the holder is working for."""
    session.run("UPDATE sign_in SET purpose = :purpose WHERE token_hash = :hash", {"purpose": purpose, "hash": token_hash})


def keep_reason(session: Session, token_hash: str, reason: str, now: datetime) -> None:
    """Remember the case or reason she works on under the chosen purpose; "" forgets it. It goes with the sign-in."""
    named = {"id": _reason_id(token_hash), "hash": token_hash}
    session.run("DELETE FROM lookup WHERE lookup_id = :id AND token_hash = :hash", named)
    if reason:
        session.run(
            "INSERT INTO lookup (lookup_id, token_hash, body, made_at) VALUES (:id, :hash, :body, :now)",
            named | {"body": json.dumps({"reason": reason}, ensure_ascii=False), "now": _text(now)},
        )


def reason(session: Session, token_hash: str) -> str:
    """The case or reason she works on; empty when the purpose asks for none."""
    named = {"id": _reason_id(token_hash), "hash": token_hash}
    row = session.one("SELECT body FROM lookup WHERE lookup_id = :id AND token_hash = :hash", named)
    return str(json.loads(row[0])["reason"]) if row else ""


def _reason_id(token_hash: str) -> str:
    return f"reason-{token_hash[:24]}"


def keep_lookup(session: Session, token_hash: str, body: dict[str, Any], now: datetime) -> str:
    """Keep what was typed; the opaque name that may stand in an address line."""
    lookup_id = secrets.token_urlsafe(12)
    session.run(
        "INSERT INTO lookup (lookup_id, token_hash, body, made_at) VALUES (:id, :hash, :body, :now)",
        {"id": lookup_id, "hash": token_hash, "body": json.dumps(body, ensure_ascii=False), "now": _text(now)},
    )
    return lookup_id


def lookup(session: Session, token_hash: str, lookup_id: str, *needs: str) -> dict[str, Any]:
    """What was typed under this name, in this sign-in only, at the form that keeps `needs`. Raises Missing."""
    row = session.one("SELECT body FROM lookup WHERE lookup_id = :id AND token_hash = :hash", {"id": lookup_id, "hash": token_hash})
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    if row is None or not found.keys() >= set(needs):
        raise Missing("这次查询已经结束，请重新输入 (this search has ended; type it again)")
    return found


def take_lookup(session: Session, token_hash: str, lookup_id: str) -> dict[str, Any] | None:
    """What was kept under this name, in this sign-in only, and forget it: the second to ask gets nothing."""
    named = {"id": lookup_id, "hash": token_hash}
    row = session.one("SELECT body FROM lookup WHERE lookup_id = :id AND token_hash = :hash", named)
    if row is None or not session.run("DELETE FROM lookup WHERE lookup_id = :id AND token_hash = :hash", named):
        return None
    found: dict[str, Any] = json.loads(row[0])
    return found


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
