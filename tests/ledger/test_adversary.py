"""Somebody holds the city's store and its signing key. Whatever is done to the past, one honest witness, the checker's policy and the Go
verifier notice; what never came, the monitor does.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.ledger.outside import run
from tests.ledger.sample import KEY, NOW, SIGNER, line
from tests.ledger.witnesses import AT, Network, policy, request, witness

from datong import ledger, store
from datong.domain.errors import BrokenLedger
from datong.settings import load_settings

SEEN = 300
"""Entries that the witness has seen."""
GROWN = 340
LATER = "2026-03-01T00:00:00Z"


@dataclass(frozen=True)
class Scene:
    """An honest history of 300 entries, published under one witness's word, and where a dishonest one is made."""

    honest: store.Store
    network: Network
    folder: Path
    empty: Path

    @property
    def trust(self) -> ledger.Policy:
        return policy("audit", needed=1)

    @property
    def kept(self) -> Path:
        """The last checkpoint that the witness cosigned, as anybody may fetch it."""
        path = self.folder / "kept"
        path.write_text(self.network.witnesses["audit"].newest(SIGNER.name) or "", encoding="utf-8")
        return path

    def publish(self, opened: store.Store, name: str) -> Path:
        """Ask the witness, and put out what the city would show: with a quorum or, dishonestly, without."""
        out = self.folder / name
        ledger.publish_witnessed(opened, SIGNER, out, self.trust, now=NOW, send=self.network)
        if not out.exists():
            with opened.session() as session:
                ledger.publish(session, SIGNER, out, NOW)
        return out


@pytest.fixture
def scene(sqlite_store: store.Store, migrated_file: Path, tmp_path: Path) -> Scene:
    made = Scene(sqlite_store, Network(witness(tmp_path / "witnesses", "audit")), tmp_path, migrated_file)
    append(sqlite_store, [line(number) for number in range(SEEN)])
    made.publish(sqlite_store, "honest")
    return made


def append(opened: store.Store, lines: list[ledger.Line]) -> None:
    with opened.session() as session:
        ledger.append(session, *lines)


@pytest.fixture
def another(scene: Scene) -> Iterator[Callable[[list[ledger.Line], int], store.Store]]:
    """A history made anew in another store, the first so many leaves taken over bit for bit."""
    made: list[store.Store] = []

    def make(lines: list[ledger.Line], taken_over: int) -> store.Store:
        path = scene.folder / f"another{len(made)}.db"
        shutil.copy(scene.empty, path)
        opened = store.open_store(load_settings(store=f"sqlite:///{path}", environ={}))
        made.append(opened)
        with scene.honest.session(read_only=True) as session:
            leaves = session.all("SELECT leaf_index, entry, hash FROM ledger_leaf WHERE leaf_index < :size", {"size": taken_over})
            nodes = session.all(
                "SELECT level, node_index, hash FROM ledger_node WHERE (node_index + 1) * (1 << level) <= :size", {"size": taken_over}
            )
        with opened.session() as session:
            session.load("ledger_leaf", ("leaf_index", "entry", "hash"), leaves)
            session.load("ledger_node", ("level", "node_index", "hash"), nodes)
        append(opened, lines)
        return opened

    yield make
    for opened in made:
        opened.close()


Make = Callable[[list[ledger.Line], int], store.Store]


def truncated(make: Make) -> store.Store:
    """The last hundred entries never happened."""
    return make([], SEEN - 100)


def cut_and_grown(make: Make) -> store.Store:
    """The last hundred are replaced by more than there were."""
    return make([line(number, actor="nobody") for number in range(SEEN - 100, GROWN)], SEEN - 100)


def reordered(make: Make) -> store.Store:
    """Two entries change places."""
    lines = [line(number) for number in range(200, GROWN)]
    lines[3], lines[4] = lines[4], lines[3]
    return make(lines, 200)


def resigned(make: Make) -> store.Store:
    """One line is changed, everything after it made again and signed again."""
    return make([replace(line(42), actor="somebody else"), *(line(number) for number in range(43, GROWN))], 42)


def same_size(make: Make) -> store.Store:
    """As many entries as the witness has seen, but the last one is another."""
    return make([line(7, actor="somebody else")], SEEN - 1)


ATTACKS = (truncated, cut_and_grown, reordered, resigned, same_size)


@pytest.mark.parametrize("attack", ATTACKS)
def test_one_honest_witness_signs_no_other_past_whatever_it_is_told(
    scene: Scene, another: Make, attack: Callable[[Make], store.Store]
) -> None:
    forged = attack(another)
    audit = scene.network.witnesses["audit"]
    with forged.session(read_only=True) as session:
        size = ledger.size(session)
    for old in sorted({0, 1, SEEN - 100, SEEN - 1, min(SEEN, size), size}):
        body = request(forged, min(old, size), size)
        for said in {old, SEEN}:
            head, _, rest = body.partition(b"\n")
            assert audit.add_checkpoint(b"old %d\n%s" % (said, rest), AT).status in (400, 409, 422), (old, said, head)
    assert audit.seen()[0].size == SEEN


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_shown_without_the_witness_convinces_neither_policy_nor_go(
    scene: Scene, another: Make, attack: Callable[[Make], store.Store], verifier: Path
) -> None:
    audit = str(scene.network.witnesses["audit"].cosigner.key)
    assert run(verifier, "-old", scene.kept, "-witness", audit, scene.folder / "honest", KEY).returncode == 0
    shown = scene.publish(attack(another), "forged")
    ledger.check_tree(shown, SIGNER.verifier)
    with pytest.raises(BrokenLedger, match="too few witnesses"):
        ledger.check_tree(shown, scene.trust)
    without = run(verifier, "-witness", audit, shown, KEY)
    assert (without.returncode, "the witness has not cosigned" in without.stderr) == (1, True)
    assert run(verifier, shown, KEY).returncode == 0
    assert run(verifier, "-old", scene.kept, shown, KEY).returncode == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_monitor_that_has_seen_the_past_refuses_another(scene: Scene, another: Make, attack: Callable[[Make], store.Store]) -> None:
    monitor = ledger.Monitor(store.open_store_file(scene.folder / "monitor.db"))
    assert monitor.visit(ledger.open_log(str(scene.folder / "honest")), scene.trust, LATER).read == SEEN
    shown = scene.publish(attack(another), "forged")
    with pytest.raises(BrokenLedger):
        monitor.visit(ledger.open_log(str(shown)), SIGNER.verifier, LATER)


def test_of_two_branches_only_one_is_ever_cosigned(scene: Scene, another: Make, verifier: Path) -> None:
    """A fork shows one future to some and another to others; the witness has signed the first, so the second stays bare."""
    fork = another([line(number, actor="nobody") for number in range(SEEN, GROWN)], SEEN)
    append(scene.honest, [line(number) for number in range(SEEN, GROWN)])
    audit = scene.network.witnesses["audit"]
    true = scene.publish(scene.honest, "true")
    assert ledger.check_tree(true, scene.trust).size == GROWN
    shown = scene.publish(fork, "fork")
    with pytest.raises(BrokenLedger, match="too few witnesses"):
        ledger.check_tree(shown, scene.trust)
    assert audit.add_checkpoint(request(fork, GROWN, GROWN), AT).status == 409
    assert [kept.size for kept in audit.evidence()] == [GROWN]
    assert run(verifier, "-witness", str(audit.cosigner.key), true, KEY).returncode == 0
    assert run(verifier, "-witness", str(audit.cosigner.key), shown, KEY).returncode == 1
    assert run(verifier, "-old", scene.kept, shown, KEY).returncode == 1


def test_a_line_that_never_came_is_missed_by_monitor_and_go_though_every_witness_is_content(scene: Scene, verifier: Path) -> None:
    """The city gives a receipt and withholds the line. All proofs hold; only who handed it in can tell."""
    with scene.honest.session(read_only=True) as session:
        given = session.one("SELECT hash FROM ledger_leaf WHERE leaf_index = 11")
        line_id = session.one("SELECT line_id FROM ledger_line WHERE leaf_index = 11")
        assert given is not None and line_id is not None
        there = ledger.receipt_for(session, SIGNER, line_id[0])
    withheld = ledger.Receipt(SIGNER.name, b"\x07" * 32, NOW, "2026-01-31T09:00:00Z").signed(SIGNER)
    monitor = ledger.Monitor(store.open_store_file(scene.folder / "monitor.db"))
    monitor.expect(
        SIGNER.name,
        [
            ledger.Expected(receipt.leaf, receipt.promised_by, None, about)
            for about, receipt in (
                ("there", ledger.open_receipt(there, SIGNER.verifier)),
                ("gone", ledger.open_receipt(withheld, SIGNER.verifier)),
            )
        ],
    )
    seen = monitor.visit(ledger.open_log(str(scene.folder / "honest")), scene.trust, LATER)
    assert [(finding.kind, finding.expected.about) for finding in seen.findings] == [("missing", "gone")]
    outbox = scene.folder / "outbox"
    outbox.write_text(bytes(given[0]).hex() + "\n")
    assert run(verifier, "-expect", outbox, scene.folder / "honest", KEY).returncode == 0
    outbox.write_text(bytes(given[0]).hex() + "\n" + "07" * 32 + "\n")
    told = run(verifier, "-expect", outbox, scene.folder / "honest", KEY)
    assert (told.returncode, "does not hold the entry 0707" in told.stderr) == (1, True)
