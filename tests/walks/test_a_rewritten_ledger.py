"""A city's record is rewritten by somebody who holds its store and its key: a department's witness, an auditor's proof, a citizen's file and
a monitor each notice, and what stood before can be told from what stands there now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.ledger.witnesses import Network, policy_text, witness
from tests.walks.conftest import City, citizen, clerk

from datong import ledger, share
from datong.cli import worker
from datong.domain.access import Key, Question, Reason
from datong.domain.errors import BrokenLedger
from datong.store import open_store_file

NOW = "2026-11-22T00:00:00+00:00"
LATER = "2026-11-23T00:00:00+00:00"


@pytest.fixture
def watched(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    """The city with three departments as witnesses, two of which must have seen what it publishes."""
    key = ledger.load_verifier(city.settings.home)
    names = ("audit", "police", "housing")
    (city.settings.home / "ledger.policy").write_text(policy_text(*names, needed=2, log=key), encoding="utf-8")
    network = Network(*(witness(tmp_path / "witnesses", name, (key,)) for name in names))
    monkeypatch.setattr("datong.ledger.cosign.post", network)
    return network


def looked_at(city: City, person: str) -> str:
    """A clerk opens a person's record at the window; the line's id."""
    with city.store.session() as session:
        share.install(city.store, city.settings, city.packs)
        question = Question("window_service", "look_up", "person", Key("code", person), reason=Reason("case", "办2026-77"))
        answer = share.ask(session, clerk("approval"), question)
    assert answer.outcome == "found"
    return answer.lines[0]


def rewrite(city: City, index: int) -> None:
    """Take the clerk's name out of the past: a new line, a new leaf, a new tree above it and a new signature."""
    with city.store.session() as session:
        (line_id, *_) = session.one("SELECT line_id FROM ledger_line WHERE leaf_index = :i", {"i": index}) or ("",)
        stored = ledger.find_line(session, line_id)
        assert stored is not None
        after = session.all(f"SELECT {', '.join(COLUMNS)} FROM ledger_line WHERE leaf_index > :i ORDER BY leaf_index", {"i": index})
        for table, where in (
            ("ledger_line", "leaf_index >= :i"),
            ("ledger_leaf", "leaf_index >= :i"),
            ("ledger_node", "(node_index + 1) * (1 << level) > :i"),
            ("ledger_checkpoint", "size > :i"),
            ("ledger_published", "size > :i"),
            ("ledger_cosignature", "size > :i"),
        ):
            session.run(f"DELETE FROM {table} WHERE {where}", {"i": index})
        old = stored.line
        changed = ledger.Line(old.type, old.at, old.subject, "nobody", old.department, old.unit, old.purpose, old.body)
        rest = [ledger.Line(row[1], row[0], *row[2:7], json.loads(row[7])) for row in after]
        ledger.append(session, changed, *rest)


COLUMNS = ("at", "type", "subject", "actor", "department", "unit", "purpose", "body")


@dataclass(frozen=True)
class Before:
    """What is in people's hands before the past is changed: a citizen's proof, a monitor's memory, the published checkpoint."""

    person: str
    index: int
    mine: str
    monitor: ledger.Monitor
    published: str


def watch(city: City, network: Network, policy: ledger.Policy, folder: Path) -> Before:
    """A look, published once two of three departments have seen it; the third is away."""
    (person,) = city.one("SELECT code FROM entry WHERE kind = 'person' AND division LIKE '370303%' ORDER BY code LIMIT 1")
    line_id = looked_at(city, person)
    out = city.settings.home / worker.LEDGER_FOLDER
    network.down = {"housing"}
    worker.publish_regularly(city.store, city.settings, NOW)
    network.down = set()
    with city.store.session() as session:
        receipt = ledger.receipt_for(session, ledger.load_signer(city.settings.home), line_id)
        mine = str(share.look_proof(session, citizen(person), line_id))
    proven = ledger.check_proof(mine, policy)
    assert {one.name for one in proven.cosigned} == {"audit", "police"} and proven.entry["department"] == "approval"
    assert ledger.check_tree(out, policy).size > proven.index
    monitor = ledger.Monitor(open_store_file(folder / "monitor.db"))
    outbox = [json.dumps({"receipt": receipt, "about": "办2026-77"})]
    monitor.expect(policy.logs[0].name, ledger.read_outbox(outbox, policy.logs[0]))
    seen = monitor.visit(ledger.open_log(str(out)), policy, LATER)
    assert (seen.found, seen.findings) == (1, ())
    return Before(person, proven.index, mine, monitor, (out / "checkpoint").read_text(encoding="utf-8"))


def test_a_rewritten_ledger_is_noticed_by_everybody_but_the_city(city: City, watched: Network, tmp_path: Path) -> None:
    home = city.settings.home
    policy = ledger.load_policy(city.settings)
    assert policy is not None
    before = watch(city, watched, policy, tmp_path)

    # somebody with the store and the key takes a name out of the past; the city's own check finds nothing amiss
    rewrite(city, before.index)
    with city.store.session() as session:
        ledger.checkpoint(session, ledger.load_signer(home), LATER)
        assert ledger.verify_log(session, ledger.load_verifier(home)).sound
        told = ledger.verify_log(session, ledger.load_verifier(home), [before.published])
    assert {flaw.kind for flaw in told.flaws} == {"rewritten"}

    # the witnesses do not sign, so nothing is published; the forged files convince no one who asks for them
    worker.publish_regularly(city.store, city.settings, LATER)
    with city.store.session(read_only=True) as session:
        state = ledger.cosigning_of(session, policy)
    assert {one.name: one.cosigned for one in state.witnesses} == {"audit": False, "police": False, "housing": True}
    assert not state.complete and all(watched.witnesses[name].evidence() for name in ("audit", "police"))
    assert (home / worker.LEDGER_FOLDER / "checkpoint").read_text(encoding="utf-8") == before.published
    with city.store.session() as session:
        ledger.publish(session, ledger.load_signer(home), tmp_path / "forged", LATER)
    with pytest.raises(BrokenLedger, match="too few witnesses"):
        ledger.check_tree(tmp_path / "forged", policy)
    with pytest.raises(BrokenLedger):
        before.monitor.visit(ledger.open_log(str(tmp_path / "forged")), policy.logs[0], LATER)

    # her own file still proves what stood there; for the changed line the city can make no such file
    assert ledger.check_proof(before.mine, policy).index == before.index
    with city.store.session() as session, pytest.raises(BrokenLedger):
        (new_id,) = session.one("SELECT line_id FROM ledger_line WHERE leaf_index = :i", {"i": before.index}) or ("",)
        ledger.check_proof(str(share.look_proof(session, citizen(before.person), new_id)), policy)
