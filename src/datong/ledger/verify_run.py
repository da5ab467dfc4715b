"""Verify a sound stretch of the record fast: everything is recomputed and compared in bulk, with a plain yes at the end.

A no names nothing: `verify.py` then goes through the stretch once more, line by line, and says what does not hold. A stretch
ends on complete subtrees of its own, so that several processes can each take some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring
from multiprocessing import get_context

from datong.ledger import queries, runs
from datong.ledger.erasure import ERASURE, as_ranges
from datong.ledger.line import SALT_SIZE
from datong.ledger.log import ID_INDEX_SIZE, LINE_ID_SIZE
from datong.ledger.merkle import Coordinate
from datong.store import Row, Session, Store

STRETCH = 1 << 14
"""Leaves in one step; a power of two, so that a step ends on a complete subtree."""
WORTH_IT = 8
"""Stretches from which starting processes pays."""
_HEXADECIMAL = re.compile("[0-9a-f]*")


@dataclass(frozen=True)
class Run:
    """A sound stretch: the subtrees in it that were asked for, how many lines stand, which are gone, which record
    erasures, and on SQLite how many rows of each index belong to it."""

    tree: dict[Coordinate, bytes]
    lines: int
    absent: list[list[int]]
    erasures: list[Row]
    indexed: dict[str, int]


Task = tuple[int, int, tuple[Coordinate, ...]]
"""A stretch, from its first leaf (a multiple of STRETCH) to the one behind its last, and the subtrees in it that are wanted."""
Verify = Callable[[Iterable[Task]], Iterator[tuple[Task, Run | None]]]


def verify_run(session: Session, task: Task) -> Run | None:
    """Recompute the entries of a stretch; nothing when anything at all does not agree."""
    start, end, wanted = task
    rows = session.all(queries.RUN, {"start": start, "end": end})
    if len(rows) != end - start:
        return None
    hashes = [sha256(b"\x00" + row[0]).digest() for row in rows]
    if b"".join(hashes) != b"".join([row[1] for row in rows]):
        return None
    standing = [row for row in rows if row[12]]
    absent = as_ranges(index for index, row in enumerate(rows, start) if not row[12]) if len(standing) < len(rows) else []
    if not _are_theirs(standing, start):
        return None
    levels = _stored_levels(session, start, hashes)
    if levels is None:
        return None
    indexed, wrong = runs.unfound(session, start, end) if session.dialect == "sqlite" else ({}, [])
    if wrong:
        return None
    tree = {(level, place): levels[level][place - (start >> level)] for level, place in wanted}
    return Run(tree, len(standing), absent, [row[2:] for row in standing if row[5] == ERASURE], indexed)


@contextmanager
def verifier(session: Session, processes: int) -> Iterator[Verify]:
    """What verifies stretches, in their order: here, or in so many processes with connections of their own."""
    if processes < 2:
        yield lambda tasks: ((task, verify_run(session, task)) for task in tasks)
        return
    # spawned, not forked: the parent holds database connections that a forked child must not inherit
    with ProcessPoolExecutor(processes, get_context("spawn"), _open, (session.store.url,)) as pool:
        yield lambda tasks: _spread(pool, tasks, 2 * processes)


def _spread(pool: ProcessPoolExecutor, tasks: Iterable[Task], most: int) -> Iterator[tuple[Task, Run | None]]:
    """The outcome of each task in order; `most` are in hand at a time, so that memory does not grow with the record."""
    waiting: list[tuple[Task, Future[Run | None]]] = []
    for task in tasks:
        waiting.append((task, pool.submit(_verify_there, task)))
        if len(waiting) >= most:
            first, future = waiting.pop(0)
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


_AT_HAND: list[Store] = []


def _open(url: str) -> None:
    _AT_HAND.append(Store(url))


def _verify_there(task: Task) -> Run | None:
    with _AT_HAND[0].session(read_only=True) as session:
        return verify_run(session, task)


def _are_theirs(rows: Sequence[Row], start: int) -> bool:
    """Whether each joined row's line gives just the leaf beside it and carries an id of its place; ids and salts are looked at together."""
    ids, salts = [row[3] for row in rows], [row[12] for row in rows]
    if any(len(one) != LINE_ID_SIZE for one in ids) or any(len(one) != 2 * SALT_SIZE for one in salts):
        return False
    if "".join([one[:ID_INDEX_SIZE] for one in ids]) != "".join([f"{row[2]:0{ID_INDEX_SIZE}x}" for row in rows]):
        return False
    if not _HEXADECIMAL.fullmatch("".join(ids)) or not _HEXADECIMAL.fullmatch("".join(salts)):
        return False
    salt = bytes.fromhex("".join(salts))
    quote = encode_basestring
    for at, (entry, _, _, _, time, kind, subject, actor, department, unit, purpose, body, _) in enumerate(rows):
        time, department, purpose, kind = quote(time), quote(department), quote(purpose), quote(kind)
        text = (
            f'{{"actor":{quote(actor)},"at":{time},"body":{body},"department":{department},"purpose":{purpose},'
            f'"subject":{quote(subject)},"type":{kind},"unit":{quote(unit)}}}'
        )
        digest = sha256(salt[at * SALT_SIZE : (at + 1) * SALT_SIZE] + text.encode(errors="replace")).hexdigest()
        leaf = f'{{"department":{department},"digest":"{digest}","purpose":{purpose},"time":{time},"type":{kind}}}'
        if entry != leaf.encode(errors="replace"):
            return False
    return True


def _stored_levels(session: Session, start: int, hashes: list[bytes]) -> list[list[bytes]] | None:
    """The subtrees over a stretch's leaves, level by level, those of the leaves first; nothing when the store does not hold just these."""
    levels, row, level, first = [hashes], hashes, 0, start
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        row, level, first = [sha256(b"\x01" + left + right).digest() for left, right in pairs], level + 1, first >> 1
        kept = session.all(queries.NODE_HASHES, {"level": level, "start": first, "end": first + len(row)})
        if len(kept) != len(row) or b"".join([one[0] for one in kept]) != b"".join(row):
            return None
        levels.append(row)
    return levels
