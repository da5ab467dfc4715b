"""Go's own checksum-database code, which shares nothing with ours, reads the exported log and finds what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.ledger.outside import run
from tests.ledger.sample import KEY, NOW, OTHER_SIGNER, SIGNER, line

from datong import ledger, store


def export(opened: store.Store, folder: Path, count: int) -> list[str]:
    with opened.session() as session:
        ids = ledger.append(session, *(line(number) for number in range(count)))
        ledger.publish(session, SIGNER, folder, NOW)
    return list(ids)


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 1000, pytest.param(66_000, marks=pytest.mark.slow)])
def test_it_recomputes_the_root_and_accepts_every_proof(sqlite_store: store.Store, tmp_path: Path, verifier: Path, count: int) -> None:
    export(sqlite_store, tmp_path, count)
    done = run(verifier, tmp_path, KEY)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"sound: {count} entries")


def test_it_accepts_an_older_checkpoint_and_a_proof_file(sqlite_store: store.Store, tmp_path: Path, verifier: Path) -> None:
    export(sqlite_store, tmp_path, 300)
    kept = tmp_path / "kept"
    shutil.copy(tmp_path / "checkpoint", kept)
    ids = export(sqlite_store, tmp_path, 450)
    proof = tmp_path / "line.tlog-proof"
    with sqlite_store.session(read_only=True) as session:
        proof.write_text(str(ledger.proof_for(session, ids[400])), encoding="utf-8")
    done = run(verifier, "-old", kept, "-proof", proof, tmp_path, KEY)
    assert done.returncode == 0, done.stderr


def test_it_finds_a_rewritten_history_and_a_forged_proof(sqlite_store: store.Store, tmp_path: Path, verifier: Path) -> None:
    ids = export(sqlite_store, tmp_path, 300)
    kept, proof = tmp_path / "kept", tmp_path / "line.tlog-proof"
    with sqlite_store.session() as session:
        text = str(ledger.proof_for(session, ids[7]))
        proof.write_text(text.replace("\nindex 7\n", "\nindex 6\n"), encoding="utf-8")
        head = ledger.Checkpoint(SIGNER.name, 200, ledger.root(session, 199))
        kept.write_text(head.signed(SIGNER), encoding="utf-8")
    assert run(verifier, tmp_path, KEY).returncode == 0
    assert run(verifier, "-old", kept, tmp_path, KEY).returncode == 1
    assert run(verifier, "-proof", proof, tmp_path, KEY).returncode == 1


@pytest.mark.parametrize(
    "name", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/88", "checkpoint"]
)
def test_it_finds_one_flipped_bit_in_any_file(sqlite_store: store.Store, tmp_path: Path, verifier: Path, name: str) -> None:
    export(sqlite_store, tmp_path, 600)
    data = bytearray((tmp_path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).write_bytes(data)
    done = run(verifier, tmp_path, KEY)
    assert done.returncode == 1
    assert "not sound" in done.stderr


def test_it_refuses_another_key(sqlite_store: store.Store, tmp_path: Path, verifier: Path) -> None:
    export(sqlite_store, tmp_path, 3)
    assert run(verifier, tmp_path, str(OTHER_SIGNER.verifier)).returncode == 1
