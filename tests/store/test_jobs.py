"""Jobs: in the caller's transaction, leased, tried again with growing waits, dead in the end."""

from __future__ import annotations

import pytest

from datong import store
from datong.store import Store

NOW = "2026-03-01T08:00:00Z"


def later(minutes: int) -> str:
    return f"2026-03-01T{8 + minutes // 60:02d}:{minutes % 60:02d}:00Z"


def test_a_job_exists_exactly_when_its_transaction_does(any_store: Store) -> None:
    with pytest.raises(RuntimeError), any_store.session() as session:
        store.add_job(session, "refresh", {"code": "P1"}, NOW)
        raise RuntimeError
    with any_store.session() as session:
        assert store.claim_job(session, NOW) is None
        store.add_job(session, "refresh", {"code": "P1", "地": [1]}, NOW)
    with any_store.session() as session:
        job = store.claim_job(session, NOW)
        assert job is not None and (job.kind, job.body, job.attempts) == ("refresh", {"code": "P1", "地": [1]}, 1)
        assert store.claim_job(session, NOW) is None, "leased to one worker"
        assert store.finish_job(session, job)
        assert store.count_jobs(session) == {"done": 1}


def test_a_job_with_a_name_of_its_own_is_added_once(any_store: Store) -> None:
    with any_store.session() as session:
        for _ in range(2):
            store.add_job(session, "daily", {}, NOW, job_id="daily-2026-03-01")
        assert store.count_jobs(session) == {"waiting": 1}


def test_a_worker_that_dies_loses_its_lease_and_cannot_finish_late(any_store: Store) -> None:
    with any_store.session() as session:
        store.add_job(session, "x", {}, NOW)
        first = store.claim_job(session, NOW, lease_seconds=60)
        assert first is not None
        assert store.claim_job(session, later(0)) is None
        second = store.claim_job(session, later(2), lease_seconds=60)
        assert second is not None and second.attempts == 2
        assert not store.finish_job(session, first), "the lease was lost"
        assert store.extend_job(session, first, later(2)) is None
        longer = store.extend_job(session, second, later(2), 600)
        assert longer is not None and store.claim_job(session, later(5)) is None
        assert store.finish_job(session, longer)


def test_a_failing_job_waits_longer_each_time_and_dies(any_store: Store) -> None:
    waits = []
    with any_store.session() as session:
        job_id = store.add_job(session, "x", {}, NOW)
        now = NOW
        for attempt in range(1, 9):
            job = store.claim_job(session, now)
            assert job is not None and job.attempts == attempt
            state = store.fail_job(session, job, "the other side is away", now)
            row = session.one("SELECT due_at, error FROM job")
            assert row is not None and row[1] == "the other side is away"
            waits.append(row[0])
            now = row[0]
        assert state == "dead" and store.claim_job(session, "2027-01-01T00:00:00Z") is None
        assert waits[:3] == ["2026-03-01T08:00:10Z", "2026-03-01T08:00:30Z", "2026-03-01T08:01:10Z"]
        assert store.revive_job(session, job_id, now) and not store.revive_job(session, job_id, now)
        revived = store.claim_job(session, now)
        assert revived is not None and revived.attempts == 1


def test_only_the_kinds_asked_for_and_only_what_is_due(any_store: Store) -> None:
    with any_store.session() as session:
        store.add_job(session, "a", {}, NOW, due_at=later(10))
        store.add_job(session, "b", {}, NOW)
        assert store.claim_job(session, NOW, kinds=["a"]) is None
        job = store.claim_job(session, later(11), kinds=["a", "c"])
        assert job is not None and job.kind == "a"
