"""Whatever is changed behind the ledger's back is found, and told by its place; what was erased by rule is sound."""

from __future__ import annotations

import pytest
from tests.ledger.sample import NOW, OTHER_SIGNER, SIGNER, change, flaws, line, verified, write

from datong import ledger, store
from datong.domain.errors import BadValue, Missing
from datong.ledger import merkle, verify, verify_run
from datong.ledger.checkpoint import Checkpoint
from datong.ledger.line import seal

BY = ledger.Line("erasure", NOW, actor="auditor", department="data_office", body={"reason": "retention"})


def test_an_untouched_log_is_sound(any_store: store.Store) -> None:
    write(any_store, 30)
    report = verified(any_store)
    assert (report.size, report.lines, report.erased, report.checkpoints, report.covered) == (30, 30, 0, 5, 30)
    assert report.sound
    assert report.flaws == ()


def test_entries_after_the_last_checkpoint_are_counted_as_waiting(sqlite_store: store.Store) -> None:
    write(sqlite_store, 14)
    write(sqlite_store, 4, signed=False)
    report = verified(sqlite_store)
    assert (report.size, report.covered, report.sound) == (18, 14, True)


def test_a_log_longer_than_one_stretch_is_verified_whole(sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "STRETCH", 16)
    write(sqlite_store, 150)
    assert verified(sqlite_store).sound
    change(sqlite_store, "UPDATE ledger_node SET hash = :hash WHERE level = 6 AND node_index = 1", hash=bytes(32))
    assert flaws(sqlite_store) == {("tree", 64)}


def test_several_processes_say_what_one_says(any_store: store.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "STRETCH", 16)
    monkeypatch.setattr(verify, "WORTH_IT", 1)
    ids = write(any_store, 150)
    with any_store.session() as session:
        ledger.erase(session, ids[14:18], BY)
    assert _by_two(any_store) == verified(any_store)
    assert verified(any_store).sound
    change(any_store, "UPDATE ledger_line SET actor = 'other' WHERE leaf_index = 40")
    change(any_store, "UPDATE ledger_node SET hash = :hash WHERE level = 6 AND node_index = 1", hash=bytes(32))
    change(any_store, "DELETE FROM ledger_line WHERE leaf_index = 149")
    assert _by_two(any_store) == verified(any_store)
    assert {("line", 40), ("tree", 64), ("line_missing", 149)} == flaws(any_store)


def _by_two(opened: store.Store) -> ledger.Report:
    with opened.session(read_only=True) as session:
        return ledger.verify_log(session, SIGNER.verifier, processes=2)


@pytest.mark.parametrize("column", ["at", "type", "subject", "actor", "department", "unit", "purpose", "body", "salt"])
def test_a_changed_line_is_found(sqlite_store: store.Store, column: str) -> None:
    write(sqlite_store, 20)
    value = "00" * 16 if column == "salt" else "other"
    change(sqlite_store, f"UPDATE ledger_line SET {column} = :value WHERE leaf_index = 11", value=value)
    assert flaws(sqlite_store) == {("line", 11)}


@pytest.mark.parametrize("at_once", [1, 4, 512])
@pytest.mark.parametrize(
    ("table", "tampering", "kind"),
    [
        ("line", "department = department || char(0) || 'x'", "line"),
        ("line", "actor = CAST(actor AS BLOB)", "line"),
        ("line", "line_id = CAST(line_id AS BLOB)", "line"),
        ("line", "salt = upper(salt)", "line"),
        ("line", "purpose = purpose || '\",\"subject\":\"' || subject, subject = ''", "line"),
        ("line", "body = body || ' '", "line"),
        ("line", "line_id = line_id || '0'", "line"),
        ("leaf", "entry = CAST(entry || x'0a' AS BLOB)", "leaf"),
        ("leaf", "entry = CAST(entry AS TEXT)", "leaf"),
        ("leaf", "hash = CAST(hash || x'00' AS BLOB)", "leaf"),
        ("leaf", "hash = substr(hash, 1, 31)", "leaf"),
    ],
)
def test_what_only_looks_the_same_is_found(
    sqlite_store: store.Store, monkeypatch: pytest.MonkeyPatch, table: str, tampering: str, kind: str, at_once: int
) -> None:
    monkeypatch.setattr(verify_run, "AT_ONCE", at_once)
    write(sqlite_store, 20)
    with sqlite_store.session(read_only=True) as session:
        assert verify_run.verify_run(session, (0, 20, ())) is not None
    change(sqlite_store, f"UPDATE ledger_{table} SET {tampering} WHERE leaf_index = 11")
    with sqlite_store.session(read_only=True) as session:
        assert verify_run.verify_run(session, (0, 20, ())) is None
    assert (kind, 11) in flaws(sqlite_store)


@pytest.mark.parametrize("field", ["actor", "subject", "unit"])
def test_text_that_must_be_quoted_is_sound_and_cannot_pass_for_another(sqlite_store: store.Store, field: str) -> None:
    texts = ('a"b', "a\\nb", "a\nb", "\x1f", '","unit":"', "名\u2028", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"))
    with sqlite_store.session() as session:
        ledger.append(session, *(line(number, **{field: text}) for number, text in enumerate(texts)))
    assert verified(sqlite_store).sound
    change(sqlite_store, f"UPDATE ledger_line SET {field} = :text WHERE leaf_index = 2", text="a\\nb")
    assert ("line", 2) in flaws(sqlite_store)


def test_a_leafs_end_cannot_be_moved_into_the_next(sqlite_store: store.Store) -> None:
    """Together the two entries read as before, and each gives the hash that is stored with it."""
    write(sqlite_store, 8, signed=False)
    with sqlite_store.session() as session:
        first, second = (
            bytes(row[0]) for row in session.all("SELECT entry FROM ledger_leaf WHERE leaf_index IN (4, 5) ORDER BY leaf_index")
        )
        for index, entry in ((4, first + second[:1]), (5, second[1:])):
            values = {"entry": entry, "hash": merkle.leaf_hash(entry), "index": index}
            session.run("UPDATE ledger_leaf SET entry = :entry, hash = :hash WHERE leaf_index = :index", values)
    assert {("line", 4), ("line", 5)} <= flaws(sqlite_store)


def test_a_changed_leaf_is_found_even_when_its_line_and_hash_fit(any_store: store.Store) -> None:
    write(any_store, 20)
    forged = seal(line(11, subject="P000000099"), bytes(16))
    change(
        any_store, "UPDATE ledger_leaf SET entry = :entry, hash = :hash WHERE leaf_index = 11", entry=forged.entry, hash=forged.leaf_hash
    )
    change(any_store, "UPDATE ledger_line SET subject = 'P000000099', salt = :salt WHERE leaf_index = 11", salt=bytes(16).hex())
    change(any_store, "UPDATE ledger_line SET at = :at, body = :body WHERE leaf_index = 11", at=forged.line.at, body=forged.body)
    assert flaws(any_store) == {("tree", 10), ("rewritten", 14), ("rewritten", 20)}


def test_a_log_rewritten_throughout_is_found_by_what_was_signed(sqlite_store: store.Store) -> None:
    write(sqlite_store, 20)
    with sqlite_store.session() as session:
        kept = ledger.newest_checkpoint(session) or ""
        for table in ("ledger_leaf", "ledger_node", "ledger_line"):
            session.run(f"DELETE FROM {table}")
        ledger.append(session, *(line(number, actor="nobody") for number in range(20)))
    assert flaws(sqlite_store) == {("rewritten", 7), ("rewritten", 14), ("rewritten", 20)}
    change(sqlite_store, "DELETE FROM ledger_checkpoint")
    assert flaws(sqlite_store) == set()
    assert flaws(sqlite_store, [kept]) == {("rewritten", 20)}


def test_a_checkpoint_signed_with_another_key_is_found(sqlite_store: store.Store) -> None:
    write(sqlite_store, 14)
    with sqlite_store.session() as session:
        head = Checkpoint(SIGNER.name, 14, ledger.root(session, 14))
        session.run("UPDATE ledger_checkpoint SET note = :note WHERE size = 14", {"note": head.signed(OTHER_SIGNER)})
    assert flaws(sqlite_store) == {("signature", 14)}


def test_a_sound_checkpoint_filed_under_another_size_is_found(sqlite_store: store.Store) -> None:
    write(sqlite_store, 14)
    change(sqlite_store, "UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 7) WHERE size = 14")
    assert flaws(sqlite_store) == {("checkpoint", 14)}


def test_a_deleted_leaf_is_found(any_store: store.Store) -> None:
    write(any_store, 20)
    change(any_store, "DELETE FROM ledger_leaf WHERE leaf_index = 4")
    assert ("leaf_missing", 4) in flaws(any_store)
    assert ("line", 4) in flaws(any_store)


def test_a_truncated_log_is_found(sqlite_store: store.Store) -> None:
    write(sqlite_store, 20)
    change(sqlite_store, "DELETE FROM ledger_leaf WHERE leaf_index >= 16")
    change(sqlite_store, "DELETE FROM ledger_line WHERE leaf_index >= 16")
    assert {kind for kind, _ in flaws(sqlite_store)} == {"truncated", "tree"}


def test_a_checkpoint_kept_elsewhere_shows_a_shortened_log(sqlite_store: store.Store) -> None:
    write(sqlite_store, 8, signed=False)
    longer = Checkpoint(SIGNER.name, 9, merkle.leaf_hash(b"gone")).signed(SIGNER)
    assert flaws(sqlite_store, [longer]) == {("truncated", 9)}


def test_a_line_without_a_leaf_is_found(sqlite_store: store.Store) -> None:
    write(sqlite_store, 7)
    change(sqlite_store, "UPDATE ledger_line SET leaf_index = 99 WHERE leaf_index = 6")
    assert flaws(sqlite_store) == {("line_missing", 6), ("line_without_leaf", 99)}


def test_reordered_lines_and_leaves_are_found(any_store: store.Store) -> None:
    write(any_store, 20)
    for table in ("ledger_line", "ledger_leaf"):
        for old, new in ((3, -1), (8, 3), (-1, 8)):
            change(any_store, f"UPDATE {table} SET leaf_index = :new WHERE leaf_index = :old", old=old, new=new)
    found = flaws(any_store)
    assert {("line", 3), ("line", 8), ("tree", 2), ("tree", 8), ("rewritten", 7)} <= found


def test_a_deleted_line_is_found_unless_an_erasure_says_so(sqlite_store: store.Store) -> None:
    write(sqlite_store, 20)
    change(sqlite_store, "DELETE FROM ledger_line WHERE leaf_index IN (4, 5, 9)")
    assert flaws(sqlite_store) == {("line_missing", 4), ("line_missing", 9)}


def test_an_erased_line_is_gone_and_the_log_stays_sound(any_store: store.Store) -> None:
    ids = write(any_store, 20)
    with any_store.session() as session:
        assert ledger.erase(session, [ids[4], ids[5], ids[9], ids[4]], BY) == 3
        ledger.checkpoint(session, SIGNER, NOW)
    report = verified(any_store)
    assert (report.size, report.lines, report.erased, report.covered, report.sound) == (21, 18, 3, 21, True)
    with any_store.session(read_only=True) as session:
        assert ledger.find_line(session, ids[4]) is None
        (done,) = ledger.lines_by(session, type="erasure").lines
        assert done.line.body == {"reason": "retention", "erased": [[4, 5], [9, 9]]}
        head = ledger.open_checkpoint(ledger.newest_checkpoint(session) or "", SIGNER.verifier)
        proof = ledger.proof_at(session, 4)
        entry = bytes((session.one("SELECT entry FROM ledger_leaf WHERE leaf_index = 4") or (b"",))[0])
        assert merkle.verify_inclusion(merkle.leaf_hash(entry), 4, 21, proof.hashes, head.root)


def test_an_erased_salt_counts_as_an_erased_line(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 10)
    with sqlite_store.session() as session:
        ledger.erase(session, ids[2:4], BY)
    assert verified(sqlite_store).sound
    change(sqlite_store, "UPDATE ledger_line SET salt = '' WHERE leaf_index = 7")
    assert flaws(sqlite_store) == {("line_missing", 7)}


def test_erasing_is_all_or_none_and_never_hides_itself(sqlite_store: store.Store) -> None:
    ids = write(sqlite_store, 10)
    with pytest.raises(Missing), sqlite_store.session() as session:
        ledger.erase(session, [ids[1], "0000000001ffffffffffff"], BY)
    assert verified(sqlite_store).lines == 10
    with sqlite_store.session() as session:
        assert ledger.erase(session, [], BY) == 0
        ledger.erase(session, [ids[1]], BY)
        (done,) = ledger.lines_by(session, type="erasure").lines
    with pytest.raises(BadValue, match="stays"), sqlite_store.session() as session:
        ledger.erase(session, [done.line_id], BY)


def test_an_erasure_cannot_speak_for_lines_after_it(sqlite_store: store.Store) -> None:
    write(sqlite_store, 5)
    with sqlite_store.session() as session:
        ledger.append(session, line(type="erasure", body={"erased": [[0, 99]]}))
    write(sqlite_store, 3)
    change(sqlite_store, "DELETE FROM ledger_line WHERE leaf_index IN (2, 7)")
    assert flaws(sqlite_store) == {("line_missing", 7)}


def test_a_lost_tree_hash_is_found(sqlite_store: store.Store) -> None:
    write(sqlite_store, 20)
    change(sqlite_store, "DELETE FROM ledger_node WHERE level = 1 AND node_index = 3")
    assert {kind for kind, _ in flaws(sqlite_store)} == {"tree"}


def test_many_flaws_are_counted_not_listed(sqlite_store: store.Store) -> None:
    write(sqlite_store, 300, each=100)
    change(sqlite_store, "UPDATE ledger_line SET unit = 'elsewhere'")
    report = verified(sqlite_store)
    assert (len(report.flaws), report.more_flaws) == (100, 200)
    assert not report.sound
