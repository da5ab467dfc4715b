"""Write into the log: lines with their leaves and tree hashes, and the checkpoints over them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import count, islice
from typing import Any

from datong.domain.errors import BrokenLedger, Busy
from datong.ledger import counts, merkle, queries, runs
from datong.ledger.checkpoint import Checkpoint, open_checkpoint
from datong.ledger.counts import Count, Span, admit, keep_step, taken_of
from datong.ledger.line import SALT_SIZE, Line, SealedLine, seal
from datong.ledger.note import Signer
from datong.store import Load, Pipe, Session, load_step, plain, read_steps

ID_INDEX_SIZE = 10
"""Hexadecimal digits of the leaf index at the head of a line id."""
ID_RANDOM_SIZE = 6
"""Random bytes after it: nobody comes upon a line by counting."""

LINE_ID_SIZE = ID_INDEX_SIZE + 2 * ID_RANDOM_SIZE


def append(session: Session, *lines: Line) -> tuple[str, ...]:
    """Write lines in the caller's transaction, in this order; their ids. They are durable once the session is left.

    The log is one row of entries: from here to the end of the transaction no other can write to it, so append last.
    """
    return append_sealed(session, seal_all(lines))


def seal_all(lines: Sequence[Line]) -> list[SealedLine]:
    """Check lines and make their leaves, outside any transaction."""
    salts = os.urandom(SALT_SIZE * len(lines))
    return [seal(line, salts[number * SALT_SIZE : (number + 1) * SALT_SIZE]) for number, line in enumerate(lines)]


def append_sealed(session: Session, sealed: Sequence[SealedLine], wait: bool = True) -> tuple[str, ...]:
    """Write lines that are sealed already. With `wait` false, raises Busy when another transaction is writing."""
    if not sealed:
        return ()
    if isinstance(session.held, _Pen):
        return session.held.add(sealed)
    if session.dialect == "postgresql" and wait:
        start, known = queries.frontier(session)
    else:
        _lock(session, wait)
        start, known = queries.size_of(session), None
    ids = _new_ids(start, len(sealed))
    _write(session, start, ids, sealed, known)
    return ids


async def append_by(pipe: Pipe, callers: Sequence[tuple[Sequence[SealedLine], Count | None]]) -> list[tuple[str, ...] | Span]:
    """Write the lines of many callers, on PostgreSQL in a transaction of its own that an event loop waits for.

    For each his ids, once they are durable; or why his count is used up, and then nothing of his is written.
    """
    asked = {one.who: one for _, one in callers if one is not None}
    steps, _ = read_steps([one.query for one in asked.values()])
    _, _, end, *used = await pipe.journey(plain("BEGIN"), plain(queries.LOCK_NOW), plain(queries.FRONTIER), *steps)
    try:
        taken = {who: taken_of([row[1:] for row in (used[0] if used else ()) if row[0] == turn]) for turn, who in enumerate(asked, 1)}
        refused = admit(taken, [one for _, one in callers])
        admitted = [lines for (lines, _), span in zip(callers, refused, strict=True) if span is None]
        sealed = [one for lines in admitted for one in lines]
        start, known = queries.frontier_of(end)
        ids = _new_ids(start, len(sealed))
        writes = [load_step([one for one in _rows(start, ids, sealed, known) if one[2]])] if sealed else []
        await pipe.journey(*writes, *([keep_step(taken)] if taken and sealed else []), plain("COMMIT"))
    except BaseException:
        pipe.close()
        raise
    following = iter(ids)
    return [span or tuple(islice(following, len(lines))) for (lines, _), span in zip(callers, refused, strict=True)]


def take(session: Session, count: Count) -> None:
    """Count a question in the caller's transaction; from here to its end no other can write to the log. Raises OverCountError."""
    if not isinstance(session.held, _Pen):
        _lock(session, wait=True)
    counts.take(session, count)


def hold(session: Session) -> None:
    """From now to the end of the transaction lines get their ids at once and are written all together at the end.

    For a caller that appends many times in one transaction. Within it the lines are not to be found yet. No other transaction
    writes to the log meanwhile.
    """
    _lock(session, wait=True)
    session.held = _Pen(session, queries.size_of(session))


class _Pen:
    """Lines that have their place in the log already and are written at the end of the transaction."""

    def __init__(self, session: Session, start: int) -> None:
        self._session, self._start = session, start
        self._lines: list[SealedLine] = []
        self._ids: list[str] = []

    def add(self, sealed: Sequence[SealedLine]) -> tuple[str, ...]:
        ids = _new_ids(self._start + len(self._lines), len(sealed))
        self._lines += sealed
        self._ids += ids
        return ids

    def mark(self) -> int:
        return len(self._lines)

    def back_to(self, mark: int) -> None:
        del self._lines[mark:], self._ids[mark:]

    def write(self) -> None:
        if self._lines:
            _write(self._session, self._start, self._ids, self._lines)
        self._session.held = None


def _write(
    session: Session,
    start: int,
    ids: Sequence[str],
    sealed: Sequence[SealedLine],
    known: Mapping[merkle.Coordinate, bytes] | None = None,
) -> None:
    """Lines into the log, where it ends. `known`: the subtrees that it ends with, where they were read already."""
    if known is None:
        known = queries.read_hashes(session, merkle.edge(start, len(sealed)))
    session.load_all(_rows(start, ids, sealed, known))
    if session.dialect == "sqlite" and runs.is_due(start, start + len(sealed)):
        runs.seal(session)


def _rows(start: int, ids: Sequence[str], sealed: Sequence[SealedLine], known: Mapping[merkle.Coordinate, bytes]) -> list[Load]:
    """What is written for lines at the end of the log."""
    hashes = [one.leaf_hash for one in sealed]
    queries.must_have(known, merkle.edge(start, len(hashes)))
    return [
        ("ledger_leaf", queries.LEAF_COLUMNS, [(start + i, one.entry, one.leaf_hash) for i, one in enumerate(sealed)]),
        ("ledger_line", queries.LINE_COLUMNS, [_row(start + i, ids[i], one) for i, one in enumerate(sealed)]),
        ("ledger_node", queries.NODE_COLUMNS, merkle.grow(start, hashes, known)),
    ]


def leaf_index_of(line_id: str) -> int | None:
    """The place in the tree that a line id names; nothing when it is no line id."""
    if len(line_id) != LINE_ID_SIZE or any(char not in "0123456789abcdef" for char in line_id):
        return None
    return int(line_id[:ID_INDEX_SIZE], 16)


def root(session: Session, size: int) -> bytes:
    """The root hash over the first `size` entries."""
    return merkle.root(size, lambda wanted: queries.read_hashes(session, wanted))


def checkpoint(session: Session, signer: Signer, now: str) -> str:
    """Sign and store a checkpoint over every entry so far; the signed note. Nothing new: the newest one again.

    Refuses with BrokenLedger to sign what does not continue the checkpoint before: a log must never do that.
    """
    _lock(session, wait=True)
    size = queries.size_of(session)
    before = newest_checkpoint(session)
    head = Checkpoint(signer.name, size, root(session, size))
    if before is not None:
        old = open_checkpoint(before, signer.verifier)
        _must_continue(session, old, head)
        if old.size == size:
            return before
    note = head.signed(signer)
    session.run(queries.ADD_CHECKPOINT, {"size": size, "note": note, "signed_at": now})
    return note


def newest_checkpoint(session: Session) -> str | None:
    """The signed note over the most entries; nothing before the first was signed."""
    row = session.one(queries.NEWEST_CHECKPOINT)
    return str(row[1]) if row else None


def consistency(session: Session, old_size: int, new_size: int) -> list[bytes]:
    """The proof that the tree of `old_size` is the beginning of the tree of `new_size`: what a witness asks for."""
    return merkle.prove_consistency(old_size, new_size, lambda wanted: queries.read_hashes(session, wanted))


def _must_continue(session: Session, old: Checkpoint, head: Checkpoint) -> None:
    if old.size == 0:
        return
    if old.size > head.size:
        raise BrokenLedger(f"The ledger has {head.size} entries, but a checkpoint over {old.size} is signed; run `datong ledger verify`.")
    proof = consistency(session, old.size, head.size)
    if not merkle.verify_consistency(old.size, head.size, old.root, head.root, proof):
        raise BrokenLedger(f"The ledger no longer continues its checkpoint over {old.size} entries; run `datong ledger verify`.")


def _lock(session: Session, wait: bool) -> None:
    """One writer at a time, until the transaction ends. SQLite's own write lock does it there."""
    if session.dialect != "postgresql":
        return
    if wait:
        session.one(queries.LOCK, {"key": queries.LOCK_KEY})
        return
    row = session.one(queries.TRY_LOCK, {"key": queries.LOCK_KEY})
    if not (row and row[0]):
        raise Busy("Another transaction is writing to the ledger; try again in a moment.")


def _new_ids(start: int, wanted: int) -> tuple[str, ...]:
    width = 2 * ID_RANDOM_SIZE
    random = os.urandom(ID_RANDOM_SIZE * wanted).hex()
    return tuple(
        f"{index:0{ID_INDEX_SIZE}x}{random[at : at + width]}"
        for index, at in zip(range(start, start + wanted), count(0, width), strict=False)
    )


def _row(leaf_index: int, line_id: str, sealed: SealedLine) -> tuple[Any, ...]:
    line = sealed.line
    return (
        leaf_index,
        line_id,
        line.at,
        line.type,
        line.subject,
        line.actor,
        line.department,
        line.unit,
        line.purpose,
        sealed.body,
        sealed.salt.hex(),
    )
