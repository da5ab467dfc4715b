"""Notes, keys and checkpoints are those of the C2SP specifications."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.ledger.sample import KEY, OTHER_SIGNER, SIGNER

from datong import ledger
from datong.domain.errors import BadSettings, BadValue, BrokenLedger, Missing
from datong.ledger import merkle
from datong.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from datong.ledger.note import Signer, VerifierKey, open_note, sign_note, split_note

# The example in the documentation of golang.org/x/mod/sumdb/note: key pair, text and signature are published there.
PUBLISHED_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED_NOTE = (
    PUBLISHED_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
HEAD = Checkpoint("city.example/ledger", 3, merkle.leaf_hash(b"x"))


def test_the_published_example_is_signed_and_opened_the_same() -> None:
    assert sign_note(PUBLISHED_TEXT, Signer.parse(PUBLISHED_SECRET)) == PUBLISHED_NOTE
    assert open_note(PUBLISHED_NOTE, [VerifierKey.parse(PUBLISHED_KEY)]) == PUBLISHED_TEXT


def test_keys_are_written_as_they_are_read() -> None:
    assert str(VerifierKey.parse(PUBLISHED_KEY)) == PUBLISHED_KEY
    assert str(Signer.parse(PUBLISHED_SECRET).verifier) == PUBLISHED_KEY
    assert Signer.parse(PUBLISHED_SECRET).secret() == PUBLISHED_SECRET


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PUBLISHED_KEY.replace("c74f20a3", "c74f20a4"),
        PUBLISHED_KEY.replace("PeterNeumann", "Peter Neumann"),
        PUBLISHED_KEY[:-4],
        PUBLISHED_KEY.replace("ARpc", "BBpc"),
    ],
)
def test_a_damaged_key_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        VerifierKey.parse(text)


def test_a_signer_never_shows_its_secret() -> None:
    assert PUBLISHED_SECRET.rpartition("+")[2] not in repr(Signer.parse(PUBLISHED_SECRET))
    with pytest.raises(BadValue) as caught:
        Signer.parse(PUBLISHED_SECRET.replace("c74f20a3", "c74f20a4"))
    assert "YEKFALVFGyNhPJ" not in caught.value.message


def test_signatures_of_strangers_are_passed_over() -> None:
    both = sign_note("text\n", SIGNER, OTHER_SIGNER)
    assert open_note(both, [SIGNER.verifier]) == "text\n"
    assert [one.name for one in split_note(both)[1]] == [SIGNER.name, OTHER_SIGNER.name]
    with pytest.raises(BrokenLedger, match="None of the expected keys"):
        open_note(sign_note("text\n", OTHER_SIGNER), [SIGNER.verifier])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    one, other = sign_note("one\n", SIGNER), sign_note("other\n", SIGNER, OTHER_SIGNER)
    forged = "other\n\n" + one.rpartition("\n\n")[2] + other.rpartition("\n\n")[2]
    with pytest.raises(BrokenLedger, match="does not belong"):
        open_note(forged, [SIGNER.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\n— city.example/ledger\n",
        "text\n\n- a AAAAAAAA\n",
        "te\txt\n\n— a AAAAAAAA\n",
        PUBLISHED_NOTE[:-1],
    ],
)
def test_what_is_no_note_is_said_to_be_none(note: str) -> None:
    with pytest.raises(BrokenLedger):
        open_note(note, [SIGNER.verifier])


def test_a_checkpoint_is_three_lines_under_the_logs_signature() -> None:
    assert HEAD.body().split("\n")[:2] == ["city.example/ledger", "3"]
    assert open_checkpoint(HEAD.signed(SIGNER), SIGNER.verifier) == HEAD
    assert parse_checkpoint(HEAD.body() + "an extension\n") == HEAD


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    other = Checkpoint("another.example/ledger", 3, HEAD.root)
    with pytest.raises(BrokenLedger, match=r"another\.example"):
        open_checkpoint(other.signed(SIGNER), SIGNER.verifier)


@pytest.mark.parametrize("size", ["03", "-1", "٣", "", "3.0", "9" * 20])
def test_a_checkpoint_with_an_odd_size_is_refused(size: str) -> None:
    with pytest.raises(BrokenLedger):
        parse_checkpoint(HEAD.body().replace("\n3\n", f"\n{size}\n"))


@pytest.mark.parametrize("root", ["AAAA", "!", "A" * 44])
def test_a_checkpoint_with_an_odd_root_is_refused(root: str) -> None:
    with pytest.raises(BrokenLedger):
        parse_checkpoint(f"city.example/ledger\n3\n{root}\n")


def test_keys_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    signer = ledger.make_keys(tmp_path, "city.example/ledger")
    assert ledger.make_keys(tmp_path, "city.example/ledger") == ledger.load_signer(tmp_path) == signer
    assert ledger.load_verifier(tmp_path) == signer.verifier
    assert stat.S_IMODE((tmp_path / "keys/ledger.key").stat().st_mode) == 0o600


def test_a_log_keeps_its_origin(tmp_path: Path) -> None:
    ledger.make_keys(tmp_path, "city.example/ledger")
    with pytest.raises(BadSettings, match=r"city\.example/ledger"):
        ledger.make_keys(tmp_path, "city.example/other")


def test_bad_origins_and_missing_keys_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="without blanks"):
        ledger.make_keys(tmp_path, "our city")
    with pytest.raises(Missing, match="datong init"):
        ledger.load_signer(tmp_path)
    assert ledger.VerifierKey.parse(KEY) == SIGNER.verifier
