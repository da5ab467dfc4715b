"""The log asks its witnesses, publishes under a quorum and says what is missing without one."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from tests.ledger.sample import NOW, SIGNER, line, verified, write
from tests.ledger.witnesses import Network, policy, request, witness

from datong import ledger, store
from datong.domain.errors import BrokenLedger
from datong.ledger.cosign import post
from datong.web import create_witness_app

NAMES = ("audit", "police", "housing")


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """Three departments' witnesses."""
    return Network(*(witness(tmp_path / "witnesses", name) for name in NAMES))


def publish(opened: store.Store, folder: Path, network: Network, needed: int = 2) -> ledger.Publication:
    return ledger.publish_witnessed(opened, SIGNER, folder / "out", policy(*NAMES, needed=needed), now=NOW, send=network)


def outcomes(done: ledger.Publication) -> dict[str, str]:
    assert done.cosigning is not None
    return {one.name: one.outcome for one in done.cosigning.witnesses}


def test_a_quorum_publishes_tiles_and_proofs_that_convince_offline(any_store: store.Store, tmp_path: Path, network: Network) -> None:
    ids = write(any_store, 30, signed=False)
    done = publish(any_store, tmp_path, network)
    assert done.cosigning is not None and done.cosigning.complete and done.cosigning.published == 30
    assert set(outcomes(done).values()) == {"cosigned"}
    trust = policy(*NAMES, needed=3)
    assert ledger.check_tree(tmp_path / "out", trust).size == 30
    with any_store.session(read_only=True) as session:
        proven = ledger.check_proof(str(ledger.proof_for(session, ids[11])), trust)
    assert [one.name for one in proven.cosigned] == sorted(NAMES)
    assert proven.line is not None and proven.index == 11
    assert verified(any_store).sound


def test_asking_again_asks_only_those_that_have_not_cosigned(sqlite_store: store.Store, tmp_path: Path, network: Network) -> None:
    write(sqlite_store, 5, signed=False)
    network.down = {"police"}
    publish(sqlite_store, tmp_path, network)
    network.sent.clear()
    network.down = set()
    done = publish(sqlite_store, tmp_path, network)
    assert network.sent == ["police"]
    assert set(outcomes(done).values()) == {"cosigned"}
    assert "police" in {one.name for one in policy(*NAMES, needed=3).require((tmp_path / "out" / "checkpoint").read_text()).cosigned}


def test_without_a_quorum_what_was_published_stays_and_the_reason_is_told(
    sqlite_store: store.Store, tmp_path: Path, network: Network
) -> None:
    ids = write(sqlite_store, 10, signed=False)
    network.down = {"police", "housing"}
    first = publish(sqlite_store, tmp_path, network)
    assert first.export is None and first.cosigning is not None and first.cosigning.published == -1
    assert outcomes(first) == {"audit": "cosigned", "police": "no answer (OSError)", "housing": "no answer (OSError)"}
    assert not (tmp_path / "out").exists()
    network.down = {"housing"}
    assert publish(sqlite_store, tmp_path, network).export is not None
    network.down = {"police", "housing"}
    with sqlite_store.session() as session:
        ids += ledger.append(session, *(line(number) for number in range(400)))
    later = publish(sqlite_store, tmp_path, network)
    assert later.cosigning is not None and (later.cosigning.size, later.cosigning.published) == (410, 10)
    assert ledger.check_tree(tmp_path / "out", policy(*NAMES, needed=2)).size == 10
    with sqlite_store.session(read_only=True) as session:
        early, late = (str(ledger.proof_for(session, ids[at])) for at in (3, 300))
    assert ledger.check_proof(early, policy(*NAMES, needed=2)).checkpoint.size == 10
    with pytest.raises(BrokenLedger, match="too few witnesses"):
        ledger.check_proof(late, policy(*NAMES, needed=2))
    assert ledger.check_proof(late, SIGNER.verifier).checkpoint.size == 410
    network.down = set()
    assert publish(sqlite_store, tmp_path, network).export == ledger.TileExport(410, 6, 0)


def test_a_witness_ahead_of_the_log_shows_that_the_log_was_set_back(sqlite_store: store.Store, tmp_path: Path, network: Network) -> None:
    write(sqlite_store, 9, signed=False)
    network.witnesses["audit"].add_checkpoint(request(sqlite_store, 0, 9), network.at)
    for table in ("ledger_line", "ledger_leaf"):
        with sqlite_store.session() as session:
            session.run(f"DELETE FROM {table} WHERE leaf_index >= 6")
    with sqlite_store.session() as session:
        session.run("DELETE FROM ledger_node WHERE (node_index + 1) * (1 << level) > 6")
    assert outcomes(publish(sqlite_store, tmp_path, network))["audit"].endswith("the log was set back")


def test_what_a_witness_answers_is_believed_only_when_it_verifies(sqlite_store: store.Store, tmp_path: Path, network: Network) -> None:
    write(sqlite_store, 4, signed=False)
    true = network.__call__

    def lying(url: str, body: bytes) -> tuple[int, str]:
        if "police" in url:
            return true(url.replace("police", "housing"), body)
        if "housing" in url:
            return 200, "— nothing\n"
        return 500, "out of order"

    done = ledger.publish_witnessed(sqlite_store, SIGNER, tmp_path, policy(*NAMES, needed=1), now=NOW, send=lying)
    assert outcomes(done)["police"] == outcomes(done)["housing"] == "answered without a cosignature that holds"
    assert outcomes(done)["audit"] == "refused with status 500"
    assert done.export is None


@contextmanager
def served(one: ledger.Witness) -> Iterator[str]:
    """A witness behind a real server; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_witness_app(one), log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def test_it_goes_over_a_real_connection(sqlite_store: store.Store, tmp_path: Path) -> None:
    write(sqlite_store, 6, signed=False)
    one = witness(tmp_path)
    with served(one) as url:
        trust = ledger.parse_policy(f"log {SIGNER.verifier}\nwitness audit {one.cosigner.key} {url}\nquorum audit\n")
        assert ledger.publish_witnessed(sqlite_store, SIGNER, tmp_path / "out", trust, now=NOW).export is not None
    with pytest.raises(OSError):
        post(f"{url}/add-checkpoint", b"")
    assert ledger.check_tree(tmp_path / "out", trust).size == 6
