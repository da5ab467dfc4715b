"""Work left for later, in the caller's transaction: leases, retries with back-off, dead letters.

A job is added in the transaction that makes it necessary, so it exists exactly when its reason does. A
worker claims it for a while; if the worker dies, the lease runs out and another takes it. A job may
therefore run twice: what a kind does must be safe to repeat.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datong.store.session import Session

MAX_ATTEMPTS = 8
LEASE_SECONDS = 300
_BACK_OFF_SECONDS = 10
_MOST_SECONDS = 3600

_ADD = """
INSERT INTO job (job_id, kind, body, state, due_at, leased_until, attempts, error, added_at)
VALUES (:job_id, :kind, :body, 'waiting', :due_at, '', 0, '', :added_at) ON CONFLICT (job_id) DO NOTHING"""
_NEXT = """
SELECT job_id FROM job WHERE ((state = 'waiting' AND due_at <= :now) OR (state = 'running' AND leased_until < :now)) {kinds}
ORDER BY due_at, job_id LIMIT 1"""
_CLAIM = """
UPDATE job SET state = 'running', leased_until = :until, attempts = attempts + 1 WHERE job_id = :job_id
RETURNING job_id, kind, body, attempts, leased_until"""
_FINISH = (
    "UPDATE job SET state = 'done', leased_until = '', error = '' WHERE job_id = :job_id AND state = 'running' AND leased_until = :lease"
)
_FAIL = """
UPDATE job SET state = :state, due_at = :due_at, leased_until = '', error = :error
WHERE job_id = :job_id AND state = 'running' AND leased_until = :lease"""
_EXTEND = "UPDATE job SET leased_until = :until WHERE job_id = :job_id AND state = 'running' AND leased_until = :lease"
_REVIVE = "UPDATE job SET state = 'waiting', due_at = :now, attempts = 0 WHERE job_id = :job_id AND state = 'dead'"
_COUNT = "SELECT state, COUNT(*) FROM job GROUP BY state"


@dataclass(frozen=True)
class Job:
    """A claimed job: what to do, with what, which attempt this is, and the lease that proves the claim."""

    job_id: str
    kind: str
    body: Mapping[str, Any]
    attempts: int
    lease: str


def add_job(session: Session, kind: str, body: Mapping[str, Any], now: str, *, due_at: str = "", job_id: str = "") -> str:
    """Leave a job. A `job_id` given by the caller makes it once only: adding it again changes nothing."""
    chosen = job_id or f"j{secrets.token_hex(12)}"
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    session.run(_ADD, {"job_id": chosen, "kind": kind, "body": text, "due_at": due_at or now, "added_at": now})
    return chosen


def claim_job(session: Session, now: str, *, kinds: Sequence[str] = (), lease_seconds: int = LEASE_SECONDS) -> Job | None:
    """The next job that is due (or whose worker died), leased to the caller; nothing when none waits."""
    names = {f"kind_{number}": kind for number, kind in enumerate(kinds)}
    limit = f"AND kind IN ({', '.join(f':{name}' for name in names)})" if names else ""
    lock = " FOR UPDATE SKIP LOCKED" if session.dialect == "postgresql" else ""
    found = session.one(_NEXT.format(kinds=limit) + lock, {"now": now, **names})
    if found is None:
        return None
    row = session.one(_CLAIM, {"job_id": found[0], "until": _later(now, lease_seconds)})
    assert row is not None
    return Job(row[0], row[1], json.loads(row[2]), int(row[3]), row[4])


def finish_job(session: Session, job: Job) -> bool:
    """The job is done. False when the lease was lost to another worker: then leave no other trace, roll back."""
    return session.run(_FINISH, {"job_id": job.job_id, "lease": job.lease}) == 1


def fail_job(session: Session, job: Job, error: str, now: str) -> str:
    """The job failed: it waits twice as long each time (10 s to 1 h), and after 8 attempts it is dead. The state it now has."""
    state = "dead" if job.attempts >= MAX_ATTEMPTS else "waiting"
    due = _later(now, min(_BACK_OFF_SECONDS * 2 ** (job.attempts - 1), _MOST_SECONDS))
    session.run(_FAIL, {"job_id": job.job_id, "lease": job.lease, "state": state, "due_at": due, "error": error[:500]})
    return state


def extend_job(session: Session, job: Job, now: str, lease_seconds: int = LEASE_SECONDS) -> Job | None:
    """The job with a longer lease, for work that takes long; nothing when the lease was lost."""
    until = _later(now, lease_seconds)
    kept = session.run(_EXTEND, {"job_id": job.job_id, "lease": job.lease, "until": until}) == 1
    return Job(job.job_id, job.kind, job.body, job.attempts, until) if kept else None


def revive_job(session: Session, job_id: str, now: str) -> bool:
    """Try a dead job again from the beginning. False when it is not dead."""
    return session.run(_REVIVE, {"job_id": job_id, "now": now}) == 1


def count_jobs(session: Session) -> dict[str, int]:
    """How many jobs there are in each state."""
    return {str(state): int(count) for state, count in session.all(_COUNT)}


def _later(now: str, seconds: int) -> str:
    """An ISO time `seconds` after another, in the same form."""
    moment = datetime.fromisoformat(now.replace("Z", "+00:00")) + timedelta(seconds=seconds)
    text = moment.isoformat()
    return text.replace("+00:00", "Z") if now.endswith("Z") else text
