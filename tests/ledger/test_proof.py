"""A proof file convinces without the city, and only as long as nothing in it is changed."""

from __future__ import annotations

import base64
import json

import pytest
from tests.ledger.sample import OTHER_SIGNER, SIGNER, line, write

from datong import ledger, store
from datong.domain.errors import BrokenLedger, Busy, Missing
from datong.ledger.line import seal
from datong.ledger.proof import parse_proof


def proof_of(opened: store.Store, line_id: str, with_line: bool = True) -> str:
    with opened.session(read_only=True) as session:
        return str(ledger.proof_for(session, line_id, with_line))


def with_extra(text: str, **changed: object) -> str:
    lines = text.split("\n")
    carried = json.loads(base64.b64decode(lines[1].removeprefix("extra "))) | changed
    lines[1] = "extra " + base64.b64encode(json.dumps(carried).encode()).decode()
    return "\n".join(lines)


def test_every_line_of_a_log_can_be_proved(any_store: store.Store) -> None:
    for number, line_id in enumerate(write(any_store, 23)):
        shown = ledger.check_proof(proof_of(any_store, line_id), SIGNER.verifier)
        assert (shown.index, shown.checkpoint.size) == (number, 23)
        assert shown.line is not None
        assert shown.line["subject"] == line(number).subject
        assert shown.entry["department"] == line(number).department


def test_the_file_is_a_tlog_proof(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 5)
    text = proof_of(sqlite_store, ids[2])
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 2"
    assert len(lines) == 6
    assert note.startswith("city.example/ledger\n5\n")
    assert str(parse_proof(text)) == text


def test_a_bare_proof_names_nobody(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 5)
    text = proof_of(sqlite_store, ids[2], with_line=False)
    shown = ledger.check_proof(text, SIGNER.verifier)
    assert shown.line is None
    assert set(shown.entry) == {"department", "digest", "purpose", "time", "type"}


def test_the_only_line_of_a_log_needs_no_hashes(sqlite_store: store.Store) -> None:
    (line_id,) = write(sqlite_store, 1)
    assert parse_proof(proof_of(sqlite_store, line_id)).hashes == ()
    assert ledger.check_proof(proof_of(sqlite_store, line_id), SIGNER.verifier).index == 0


def test_a_line_not_yet_under_a_checkpoint_must_wait(sqlite_store: store.Store) -> None:
    write(sqlite_store, 5)
    (late,) = write(sqlite_store, 1, signed=False)
    with pytest.raises(Busy, match="No checkpoint covers"):
        proof_of(sqlite_store, late)


@pytest.mark.parametrize("line_id", ["", "x", "0000000000ffffffffffff", "ffffffffffffffffffffff", "0000000099aaaaaaaaaaaa"])
def test_an_unknown_id_is_missing(sqlite_store: store.Store, line_id: str) -> None:
    write(sqlite_store, 5)
    with pytest.raises(Missing):
        proof_of(sqlite_store, line_id)


def test_a_changed_line_salt_entry_index_or_hash_is_found(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 9)
    text = proof_of(sqlite_store, ids[4])
    forged = seal(line(4), bytes(16))
    changed_line = {"actor": "x", "at": "y", "body": {}, "department": "", "purpose": "", "subject": "", "type": "read", "unit": ""}
    for spoiled, why in (
        (with_extra(text, line=changed_line), "changed"),
        (with_extra(text, line="odd"), "changed"),
        (with_extra(text, salt="00" * 16), "changed"),
        (with_extra(text, salt=5), "changed"),
        (with_extra(text, entry=forged.entry.decode()), "index"),
        (with_extra(text, entry=7), "carry"),
        (with_extra(text, entry="\ud800"), "index"),
        (text.replace("\nindex 4\n", "\nindex 5\n"), "index"),
        (text.replace("\nindex 4\n", "\nindex 44\n"), "index"),
        (text.replace("\n9\n", "\n10\n"), "signature"),
    ):
        assert spoiled != text
        with pytest.raises(BrokenLedger, match=why):
            ledger.check_proof(spoiled, SIGNER.verifier)
    with pytest.raises(BrokenLedger, match="expected keys"):
        ledger.check_proof(text, OTHER_SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex ٣\n\nx",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
    ],
)
def test_what_is_no_proof_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BrokenLedger, match="proof file"):
        ledger.check_proof(text, SIGNER.verifier)


def test_a_proof_without_its_entry_shows_nothing(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 3)
    text = proof_of(sqlite_store, ids[0])
    bare = "\n".join(part for part in text.split("\n") if not part.startswith("extra "))
    with pytest.raises(BrokenLedger, match="carry"):
        ledger.check_proof(bare, SIGNER.verifier)
