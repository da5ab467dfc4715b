"""The second signature by the national algorithms: the standard's own example, and a line beside the log's that others pass over."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.sample import NOW, SIGNER, write
from tests.ledger.witnesses import AT, request, witness

from datong import ledger, store
from datong.domain.errors import BadSettings, BadValue, BrokenLedger
from datong.ledger.note import open_note
from datong.ledger.sm2 import Sm2Key, Sm2Signer, new_signer, provider

PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


@pytest.fixture(autouse=True)
def there() -> None:
    """Only where the system's OpenSSL has the algorithms."""
    try:
        provider()
    except BadSettings as error:
        pytest.skip(error.message)


def test_the_examples_of_the_standards() -> None:
    """GB/T 32905 A.1 and GB/T 32918.5 A.2."""
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert provider().public_of(PRIVATE) == PUBLIC
    assert provider().verify(PUBLIC, b"message digest", SIGNATURE)
    assert not provider().verify(PUBLIC, b"message digest!", SIGNATURE)
    assert not provider().verify(b"\x04" + b"\x01" * 64, b"message digest", SIGNATURE)


@settings(max_examples=30, deadline=None)
@given(message=st.binary(max_size=200), at=st.integers(0, 63), bit=st.integers(0, 7))
def test_what_is_signed_verifies_and_one_changed_bit_does_not(message: bytes, at: int, bit: int) -> None:
    signature = provider().sign(PRIVATE, message)
    assert len(signature) == 64 and provider().verify(PUBLIC, message, signature)
    changed = bytearray(signature)
    changed[at] ^= 1 << bit
    assert not provider().verify(PUBLIC, message, bytes(changed))


def test_keys_are_written_and_read() -> None:
    signer = new_signer(SIGNER.name)
    assert Sm2Signer.parse(signer.secret() + "\n") == signer
    assert Sm2Key.parse(str(signer.verifier)) == signer.verifier
    assert signer.secret().rpartition("+")[2] not in repr(signer)
    for wrong in (str(SIGNER.verifier), str(signer.verifier)[:-4], ""):
        with pytest.raises(BadValue):
            Sm2Key.parse(wrong)
    with pytest.raises(BadValue):
        Sm2Signer.parse(SIGNER.secret())


def test_a_city_that_made_the_key_signs_with_both_and_every_other_tool_goes_on(sqlite_store: store.Store, tmp_path: Path) -> None:
    ledger.make_keys(tmp_path, SIGNER.name)
    plain = ledger.load_signer(tmp_path)
    key = ledger.make_sm2_key(tmp_path)
    both = ledger.load_signer(tmp_path)
    assert plain.beside == () and ledger.make_sm2_key(tmp_path) == key
    assert (tmp_path / "keys" / "ledger-sm2.key").stat().st_mode & 0o077 == 0
    write(sqlite_store, 5, signed=False)
    with sqlite_store.session() as session:
        note = ledger.checkpoint(session, both, NOW)
    assert note.count("\n— ") == 2
    assert open_note(note, [both.verifier]) == open_note(note, [key])
    with pytest.raises(BrokenLedger, match="does not belong"):
        open_note(note.replace("\n5\n", "\n6\n"), [key])
    with sqlite_store.session(read_only=True) as session:
        assert ledger.verify_log(session, both.verifier).sound
        assert ledger.check_proof(str(ledger.proof_at(session, 2)), both.verifier).index == 2
    one = witness(tmp_path, logs=(both.verifier,))
    assert one.add_checkpoint(request(sqlite_store, 0, 5, both), AT).status == 200
