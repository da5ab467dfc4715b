"""The worker: waiting jobs are done once, a failing one is kept with its reason, and the ledger is published by itself."""

from __future__ import annotations

import threading
from dataclasses import replace

from tests.ledger.witnesses import Network, policy_text, witness
from tests.web.small_city import OWNER

from datong import ledger
from datong.cli import worker
from datong.settings import Settings
from datong.store import Store, add_job, count_jobs, revive_job

NOW = "2026-11-22T00:00:00+00:00"


def test_a_waiting_job_is_done_once(store: Store, settings: Settings):
    with store.session() as session:
        ledger.append(session, ledger.Line("audit", "2026-11-20T00:00:00Z", OWNER, "clerk"))
        add_job(session, worker.PUBLISH, {}, NOW, job_id="publish-1")
    assert worker.run_due(store, settings, NOW) == 1
    assert worker.run_due(store, settings, NOW) == 0
    with store.session(read_only=True) as session:
        note = ledger.newest_checkpoint(session)
    assert note is not None and (settings.home / "ledger" / "checkpoint").read_text() == note


def test_a_failing_job_is_kept_and_tried_again_later(store: Store, settings: Settings, tmp_path):
    keyless = replace(settings, home=tmp_path)
    with store.session() as session:
        add_job(session, worker.PUBLISH, {}, NOW, job_id="publish-2")
    assert worker.run_due(store, keyless, NOW) == 1
    with store.session(read_only=True) as session:
        row = session.one("SELECT state, error, due_at FROM job WHERE job_id = 'publish-2'")
        assert row is not None and row[0] == "waiting" and "datong init" in row[1] and row[2] > NOW
        assert "dead" not in count_jobs(session)
    assert worker.run_due(store, settings, "2026-11-22T02:00:00+00:00") == 1
    with store.session() as session:
        assert not revive_job(session, "publish-2", NOW)


def test_regular_work_needs_no_job_and_its_failure_stops_nothing(store: Store, settings: Settings, tmp_path):
    worker.do_regular(store, replace(settings, home=tmp_path), NOW)
    worker.do_regular(store, settings, NOW)
    assert (settings.home / "ledger" / "checkpoint").is_file()


def test_a_city_with_witnesses_publishes_once_they_have_cosigned(store: Store, settings: Settings, tmp_path, monkeypatch, caplog):
    key = ledger.load_verifier(settings.home)
    given = tmp_path / "given.policy"
    given.write_text(policy_text("audit", needed=1, log=key), encoding="utf-8")
    network = Network(witness(tmp_path, "audit", (key,)))
    monkeypatch.setattr("datong.ledger.cosign.post", network)
    watched = replace(settings, ledger_policy=given)
    network.down = {"audit"}
    with store.session() as session:
        ledger.append(session, ledger.Line("audit", "2026-11-20T00:00:00Z", OWNER, "clerk"))
        add_job(session, worker.PUBLISH, {}, NOW, job_id="publish-3")
    assert worker.run_due(store, watched, NOW) == 1
    before = (settings.home / "ledger" / "checkpoint").read_text() if (settings.home / "ledger" / "checkpoint").exists() else ""
    worker.publish_regularly(store, watched, NOW)
    assert "audit: no answer" in caplog.text
    network.down = set()
    worker.publish_regularly(store, watched, NOW)
    published = (settings.home / "ledger" / "checkpoint").read_text()
    assert published != before and "— audit.example/witness " in published


def test_the_worker_stops_when_it_is_told_to(store: Store, settings: Settings):
    stop = threading.Event()
    thread = threading.Thread(target=worker.work, args=(store, settings, stop))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
