"""Lines and leaves are written together, in the caller's transaction, and the tree over them is right."""

from __future__ import annotations

import json
import threading
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.sample import KEY, NOW, OTHER_SIGNER, SIGNER, change, line, verified, write

from datong import ledger, store
from datong.domain.errors import BadValue, BrokenLedger
from datong.ledger import merkle
from datong.ledger.line import canonical_json, seal


def entries(session: store.Session) -> list[bytes]:
    return [bytes(row[0]) for row in session.all("SELECT entry FROM ledger_leaf ORDER BY leaf_index")]


def definition(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return merkle.node_hash(definition(hashes[:split]), definition(hashes[split:]))


@pytest.mark.parametrize("each", [1, 7, 40])
def test_the_tree_is_the_same_however_the_lines_came(any_store: store.Store, each: int) -> None:
    ids = write(any_store, 40, signed=False, each=each)
    with any_store.session(read_only=True) as session:
        hashes = [merkle.leaf_hash(entry) for entry in entries(session)]
        assert len(set(ids)) == len(hashes) == ledger.size(session) == 40
        for size in range(1, 41):
            assert ledger.root(session, size) == definition(hashes[:size])
    assert verified(any_store).sound


def test_a_leaf_says_what_happened_and_not_to_whom(sqlite_store: store.Store) -> None:
    with sqlite_store.session() as session:
        (line_id,) = ledger.append(session, line(subject="P7K2M9XQ4T", actor="officer.li", unit="东窗口", body={"note": "秘密"}))
        (entry,) = entries(session)
        stored = ledger.find_line(session, line_id)
    assert set(json.loads(entry)) == {"department", "digest", "purpose", "time", "type"}
    for word in ("P7K2M9XQ4T", "officer.li", "东窗口", "秘密"):
        assert word.encode() not in entry
    assert stored is not None
    assert stored.line.body == {"note": "秘密"}


def test_the_digest_is_the_salted_hash_of_the_lines_canonical_json(sqlite_store: store.Store) -> None:
    with sqlite_store.session() as session:
        (line_id,) = ledger.append(session, line(3))
        stored = ledger.find_line(session, line_id)
        assert stored is not None
        text = json.dumps(vars(stored.line), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert json.loads(entries(session)[0])["digest"] == sha256(stored.salt + text.encode()).hexdigest()


def test_equal_lines_leave_different_leaves() -> None:
    assert seal(line(), b"a" * 16).entry != seal(line(), b"b" * 16).entry


def test_an_exception_in_the_callers_work_takes_the_lines_back(any_store: store.Store) -> None:
    write(any_store, 5)
    with pytest.raises(RuntimeError), any_store.session() as session:
        ledger.append(session, line(), line())
        raise RuntimeError
    report = verified(any_store)
    assert (report.size, report.lines, report.sound) == (5, 5, True)


def test_appending_nothing_writes_nothing(sqlite_store: store.Store) -> None:
    with sqlite_store.session() as session:
        assert ledger.append(session) == ()
        assert ledger.size(session) == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": ""}, "type"),
        ({"type": "Read it"}, "type"),
        ({"department": "公安局"}, "department"),
        ({"purpose": "37030319900101001X"}, "purpose"),
        ({"at": "2026-01-31"}, "at"),
        ({"at": "2026-01-31T08:00:00+08:00"}, "at"),
        ({"subject": "P\x00"}, "subject"),
        ({"body": {"score": 0.5}}, "body.score"),
        ({"body": {"n": 2**53}}, "body.n"),
        ({"body": {"a": [{"b": {1, 2}}]}}, "body.a[].b"),
        ({"body": {1: "x"}}, "body"),
        ({"body": {"x": "\ud800"}}, "line"),
    ],
)
def test_what_cannot_stand_in_the_record_is_refused_by_name(sqlite_store: store.Store, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(BadValue) as caught, sqlite_store.session() as session:
        ledger.append(session, line(), line(**changed))
    assert caught.value.field == field
    assert verified(sqlite_store).size == 0


def test_canonical_json_is_that_of_rfc_8785() -> None:
    written = canonical_json(
        {"\u20ac": "Euro", "\r": "CR", "\ufb33": "Dalet", "1": [1, True, None], "\U0001f600": "Smile", "\u0080": '\x7f\x1f"'}, "x"
    )
    assert written == '{"\\r":"CR","1":[1,true,null],"\u0080":"\x7f\\u001f\\"","\u20ac":"Euro","\U0001f600":"Smile","\ufb33":"Dalet"}'


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_canonical_json_says_the_same_however_often_it_is_read(value: Any) -> None:
    try:
        written = canonical_json({"value": value}, "x")
        written.encode()
    except (BadValue, UnicodeEncodeError):
        return
    assert json.loads(written) == {"value": value}
    assert canonical_json(json.loads(written), "x") == written


def test_a_checkpoint_covers_everything_and_is_signed_once(any_store: store.Store) -> None:
    write(any_store, 9, signed=False)
    with any_store.session() as session:
        note = ledger.checkpoint(session, SIGNER, NOW)
        assert ledger.checkpoint(session, SIGNER, "2027-01-01T00:00:00Z") == note == ledger.newest_checkpoint(session)
        head = ledger.open_checkpoint(note, SIGNER.verifier)
        assert (head.size, head.root) == (9, ledger.root(session, 9))


def test_an_empty_log_may_be_signed_and_goes_on(sqlite_store: store.Store) -> None:
    with sqlite_store.session() as session:
        assert ledger.open_checkpoint(ledger.checkpoint(session, SIGNER, NOW), SIGNER.verifier).root == merkle.EMPTY_ROOT
    write(sqlite_store, 3)
    assert verified(sqlite_store).covered == 3


def test_the_log_never_signs_what_does_not_continue_its_last_word(sqlite_store: store.Store) -> None:
    write(sqlite_store, 6)
    write(sqlite_store, 2, signed=False)
    change(sqlite_store, "UPDATE ledger_leaf SET hash = (SELECT hash FROM ledger_leaf WHERE leaf_index = 1) WHERE leaf_index = 5")
    change(sqlite_store, "DELETE FROM ledger_node WHERE level >= 1")
    with pytest.raises(BrokenLedger), sqlite_store.session() as session:
        ledger.checkpoint(session, SIGNER, NOW)


def test_the_log_does_not_go_on_under_another_key(sqlite_store: store.Store) -> None:
    write(sqlite_store, 6)
    write(sqlite_store, 2, signed=False)
    with pytest.raises(BrokenLedger, match="None of the expected keys"), sqlite_store.session() as session:
        ledger.checkpoint(session, OTHER_SIGNER, NOW)


def test_consistency_proofs_from_the_store_hold(any_store: store.Store) -> None:
    write(any_store, 21, signed=False)
    with any_store.session(read_only=True) as session:
        for old in range(1, 22):
            proof = ledger.consistency(session, old, 21)
            assert merkle.verify_consistency(old, 21, ledger.root(session, old), ledger.root(session, 21), proof)


def test_writers_in_many_threads_leave_one_sound_log(any_store: store.Store) -> None:
    def work(number: int) -> None:
        for step in range(10):
            with any_store.session() as session:
                ledger.append(session, *(line(number * 10 + step) for _ in range(3)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verified(any_store)
    assert (report.size, report.lines, report.sound) == (180, 180, True)


def test_keys_verify_the_log_as_text_or_value(sqlite_store: store.Store) -> None:
    write(sqlite_store, 4)
    with sqlite_store.session(read_only=True) as session:
        assert ledger.verify_log(session, KEY) == ledger.verify_log(session, SIGNER.verifier)
