"""Cosignatures hold over just the checkpoint, time and name they were made for, in both kinds."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.ledger.sample import SIGNER
from tests.ledger.witnesses import AT, cosigner

from datong import ledger
from datong.domain.errors import BadValue
from datong.ledger.cosignature import time_of
from datong.ledger.note import open_note, split_note

HEAD = ledger.Checkpoint(SIGNER.name, 5, sha256(b"root").digest())
KINDS = tuple(ledger.WITNESS_KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_cosignature_verifies_beside_the_logs_own(kind: bytes) -> None:
    signer = cosigner("audit", kind)
    note = HEAD.signed(SIGNER) + signer.cosign(HEAD.body(), AT)
    assert open_note(note, [signer.key]) == open_note(note, [SIGNER.verifier]) == HEAD.body()
    assert time_of(split_note(note)[1][1]) == AT


def test_an_ed25519_cosignature_is_over_the_message_of_the_specification() -> None:
    signer = cosigner("audit")
    blob = base64.b64decode(signer.cosign(HEAD.body(), 1679315147).split(" ")[2])
    assert blob[:4] == sha256(f"{signer.name}\n".encode() + b"\x04" + signer.key.public).digest()[:4]
    assert blob[4:12] == (1679315147).to_bytes(8, "big")
    message = f"cosignature/v1\ntime 1679315147\n{HEAD.body()}".encode()
    Ed25519PublicKey.from_public_bytes(signer.key.public).verify(blob[12:], message)


@pytest.mark.parametrize("kind", KINDS)
def test_another_time_size_root_or_key_does_not_verify(kind: bytes) -> None:
    signer = cosigner("audit", kind)
    _, (_, one) = split_note(HEAD.signed(SIGNER) + signer.cosign(HEAD.body(), AT))
    good = one.signature
    assert signer.key.verify(HEAD.body(), good)
    later = (AT + 1).to_bytes(8, "big") + good[8:]
    beyond = (2**63).to_bytes(8, "big") + good[8:]
    assert not any(signer.key.verify(HEAD.body(), wrong) for wrong in (later, beyond, good[:-1], good + b"\x00", b""))
    for other in (ledger.Checkpoint(HEAD.origin, 6, HEAD.root), ledger.Checkpoint(HEAD.origin, 5, sha256(b"other").digest())):
        assert not signer.key.verify(other.body(), good)
    assert not cosigner("police", kind).key.verify(HEAD.body(), good)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_written_and_read(kind: bytes) -> None:
    signer = cosigner("audit", kind)
    assert ledger.WitnessKey.parse(f"{signer.key}\n") == signer.key
    assert ledger.Cosigner.parse(signer.secret()) == signer
    assert signer.secret().rpartition("+")[2] not in repr(signer)
    with pytest.raises(BadValue, match="id does not belong"):
        ledger.WitnessKey.parse(str(signer.key).replace(signer.key.key_id.hex(), "00000000"))


@pytest.mark.parametrize("text", ["", "a+b", str(SIGNER.verifier), "audit+00000000+BAAA", "audit+00000000+"])
def test_what_is_no_witness_key_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="key"):
        ledger.WitnessKey.parse(text)
    with pytest.raises(BadValue, match="key"):
        ledger.Cosigner.parse(f"PRIVATE+KEY+{text}")
