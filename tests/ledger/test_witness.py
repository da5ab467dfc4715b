"""A witness answers as c2sp.org/tlog-witness says, remembers durably, and cosigns nothing that does not continue what it saw."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.ledger.sample import OTHER_SIGNER, SIGNER, write
from tests.ledger.witnesses import AT, request, witness

from datong import ledger, store
from datong.domain.errors import BadSettings
from datong.ledger import merkle
from datong.ledger.note import open_note
from datong.ledger.witness import request_text
from datong.web import create_witness_app


@pytest.fixture
def twenty(sqlite_store: store.Store) -> store.Store:
    """A log of twenty entries."""
    write(sqlite_store, 20, signed=False)
    return sqlite_store


def size_seen(one: ledger.Witness) -> int:
    return max((seen.size for seen in one.seen()), default=0)


def test_it_cosigns_what_continues_and_says_where_it_stands_otherwise(twenty: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    first = one.add_checkpoint(request(twenty, 0, 7), AT)
    assert first.status == 200
    note = request(twenty, 0, 7).decode().partition("\n\n")[2]
    assert open_note(note + first.body, [one.cosigner.key])
    assert one.add_checkpoint(request(twenty, 0, 12), AT) == ledger.Reply(409, "7\n", "text/x.tlog.size")
    assert one.add_checkpoint(request(twenty, 7, 12), AT).status == 200
    assert one.add_checkpoint(request(twenty, 12, 12), AT).status == 200
    assert one.add_checkpoint(request(twenty, 7, 20), AT) == ledger.Reply(409, "12\n", "text/x.tlog.size")
    assert size_seen(one) == 12 and one.evidence() == []
    assert open_note(one.newest(SIGNER.name) or "", [one.cosigner.key])
    assert one.newest("nobody.example/log") is None


def test_the_empty_log_may_be_cosigned_first(sqlite_store: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    assert one.add_checkpoint(request(sqlite_store, 0, 0), AT).status == 200
    write(sqlite_store, 3, signed=False)
    assert one.add_checkpoint(request(sqlite_store, 0, 3), AT).status == 200


def test_whom_it_does_not_know_it_does_not_cosign(twenty: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    stranger = ledger.Signer("elsewhere.example/log", OTHER_SIGNER.seed)
    assert one.add_checkpoint(request(twenty, 0, 5, stranger), AT).status == 404
    assert one.add_checkpoint(request(twenty, 0, 5, OTHER_SIGNER), AT).status == 403
    forged = request(twenty, 0, 5).replace(b"\n5\n", b"\n6\n")
    assert one.add_checkpoint(forged, AT).status == 403
    assert one.seen() == [] and one.evidence() == []


@pytest.mark.parametrize("signer", [SIGNER, OTHER_SIGNER])
def test_a_log_may_change_its_key_while_both_are_trusted(twenty: store.Store, tmp_path: Path, signer: ledger.Signer) -> None:
    one = witness(tmp_path, logs=(SIGNER.verifier, OTHER_SIGNER.verifier))
    assert one.add_checkpoint(request(twenty, 0, 5, signer), AT).status == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda good: b"",
        lambda good: b"\xff" + good,
        lambda good: good.replace(b"old 8", b"old 08"),
        lambda good: good.replace(b"old 8", b"old -8"),
        lambda good: good.replace(b"old 8\n", b""),
        lambda good: good.replace(b"old 8", b"old 21"),
        lambda good: good.replace(b"old 8\n", b"old 8\nshort\n"),
        lambda good: good.replace(b"old 8\n", b"old 8\n" + b"A" * 43 + b"=\n" * 64),
        lambda good: good.replace(b"\n\n", b"\n"),
        lambda good: good.replace(b"\n20\n", b"\n020\n"),
        lambda good: good[:-1],
    ],
)
def test_what_is_no_request_is_refused_as_such(twenty: store.Store, tmp_path: Path, change) -> None:
    one = witness(tmp_path)
    assert one.add_checkpoint(request(twenty, 0, 8), AT).status == 200
    assert one.add_checkpoint(change(request(twenty, 8, 20)), AT).status == 400
    assert one.add_checkpoint(b"x" * 300_000, AT).status == 413
    assert size_seen(one) == 8


def test_a_wrong_proof_is_422_and_kept_as_evidence(twenty: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    padded = request(twenty, 0, 8).replace(b"old 0\n", b"old 0\n" + request(twenty, 7, 8).split(b"\n")[1] + b"\n")
    assert one.add_checkpoint(padded, AT).status == 422
    assert one.add_checkpoint(request(twenty, 0, 8), AT).status == 200
    assert one.add_checkpoint(request(twenty, 7, 20).replace(b"old 7\n", b"old 8\n"), AT).status == 422
    with twenty.session(read_only=True) as session:
        other = ledger.Checkpoint(SIGNER.name, 8, ledger.root(session, 7)).signed(SIGNER)
    assert one.add_checkpoint(request_text(8, [], other).encode(), AT) == ledger.Reply(409, "8\n", "text/x.tlog.size")
    found = one.evidence()
    assert [(kept.size, kept.seen_at) for kept in found] == [(8, AT), (8, AT), (20, AT)]
    assert "another tree of the same size" in {kept.why for kept in found}
    assert all(ledger.open_checkpoint(kept.note, SIGNER.verifier) for kept in found)


def test_two_requests_at_once_never_roll_it_back(twenty: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    bodies = [request(twenty, 0, size) for size in range(1, 21)]
    replies: list[ledger.Reply] = []
    start = threading.Barrier(len(bodies))

    def ask(body: bytes) -> None:
        start.wait()
        replies.append(one.add_checkpoint(body, AT))

    threads = [threading.Thread(target=ask, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status for reply in replies) == [200] + [409] * 19
    assert {int(reply.body) for reply in replies if reply.status == 409} == {size_seen(one)}


def test_it_remembers_when_it_is_opened_again_and_keeps_key_and_name(twenty: store.Store, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    one = ledger.open_witness(folder, [SIGNER.verifier], "audit.example/witness")
    assert one.add_checkpoint(request(twenty, 0, 9), AT).status == 200
    again = ledger.open_witness(folder, [SIGNER.verifier])
    assert again.cosigner == one.cosigner and size_seen(again) == 9
    assert (folder / "witness.key").stat().st_mode & 0o077 == 0
    assert (folder / "witness.pub").read_text().strip() == str(one.cosigner.key)
    with pytest.raises(BadSettings, match="keeps that name"):
        ledger.open_witness(folder, [], "police.example/witness")
    with pytest.raises(BadSettings, match="needs a name"):
        ledger.open_witness(tmp_path / "new", [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans()), max_size=12))
def test_whatever_is_asked_all_it_cosigned_is_one_history(twenty: store.Store, tmp_path: Path, steps: list[tuple[int, int, bool]]) -> None:
    """A forked log is offered at random beside the true one: of the two, it never cosigns both."""
    (tmp_path / "audit.db").unlink(missing_ok=True)
    one = witness(tmp_path)
    cosigned: list[ledger.Checkpoint] = []
    for old, size, forked in steps:
        body = request(twenty, min(old, size), size)
        if forked and size:
            note = ledger.Checkpoint(SIGNER.name, size, merkle.leaf_hash(bytes([size]))).signed(SIGNER)
            body = body.partition(b"\n\n")[0] + b"\n\n" + note.encode()
        if one.add_checkpoint(body, AT).status == 200:
            cosigned.append(ledger.open_checkpoint(body.decode().partition("\n\n")[2], SIGNER.verifier))
    assert [head.size for head in cosigned] == sorted(head.size for head in cosigned)
    with twenty.session(read_only=True) as session:
        for before, after in pairwise(cosigned):
            assert before.size < after.size or before == after or before.size == 0
            if before.root != ledger.root(session, before.size):
                assert after.root != ledger.root(session, after.size) or before.size == 0


def test_the_server_speaks_http(twenty: store.Store, tmp_path: Path) -> None:
    one = witness(tmp_path)
    with TestClient(create_witness_app(one)) as client:
        answer = client.post("/add-checkpoint", content=request(twenty, 0, 6))
        assert (answer.status_code, answer.text[:2]) == (200, "— ")
        conflict = client.post("/add-checkpoint", content=request(twenty, 0, 9))
        assert (conflict.status_code, conflict.text, conflict.headers["content-type"]) == (409, "6\n", "text/x.tlog.size")
        assert client.post("/add-checkpoint", content=b"y" * 400_000).status_code == 413
        assert client.get("/add-checkpoint").status_code == 405
        assert client.get("/key").text.strip() == str(one.cosigner.key)
        assert open_note(client.get("/checkpoint", params={"origin": SIGNER.name}).text, [one.cosigner.key])
        assert client.get("/checkpoint").status_code == 404
