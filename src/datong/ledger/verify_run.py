"""Verify a sound stretch of the record fast: everything is recomputed and compared in bulk, with a plain yes at the end.

A no names nothing: `verify.py` then goes through the stretch once more, line by line, and says what does not hold. A stretch
ends on complete subtrees of its own, so that several processes can each take some.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
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
MOST_PROCESSES = 4
"""Processes that share the work when nobody says how many."""
AT_ONCE = 512
"""Rows in hand at a time: they stay in the processor's own memory, and are gone before Python looks for what is garbage."""
MOST_AROUND = 4096
"""Combinations of department, purpose, type and unit that are kept written out."""
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
    try:
        return _recomputed(session, task)
    except TypeError:  # bytes where text belongs, or text where bytes do: SQLite keeps what it is given
        return None


def _recomputed(session: Session, task: Task) -> Run | None:
    start, end, wanted = task
    hashes, absent, erasures = list[bytes](), list[int](), list[int]()
    stream = session.stream(queries.RUN, {"start": start, "end": end})
    while rows := list(islice(stream, AT_ONCE)):
        made = [sha256(b"\x00" + row[0]).digest() for row in rows]
        if made != [row[1] for row in rows]:
            return None
        at = start + len(hashes)
        places: Sequence[int] = range(at, at + len(rows))
        if not all(row[11] for row in rows):
            absent += [place for place, row in zip(places, rows, strict=True) if not row[11]]
            places = [place for place, row in zip(places, rows, strict=True) if row[11]]
            rows = [row for row in rows if row[11]]
        if rows and not _are_theirs(rows, places):
            return None
        erasures += [place for place, row in zip(places, rows, strict=True) if row[4] == ERASURE]
        hashes += made
    levels = _stored_levels(session, start, hashes) if len(hashes) == end - start else None
    if levels is None:
        return None
    indexed, wrong = runs.unfound(session, start, end) if session.dialect == "sqlite" else ({}, [])
    if wrong:
        return None
    tree = {(level, place): levels[level][place - (start >> level)] for level, place in wanted}
    said = [row for place in erasures for row in session.all(queries.LINE_RANGE, {"start": place, "end": place + 1})]
    return Run(tree, len(hashes) - len(absent), as_ranges(absent), said, indexed)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


def _are_theirs(rows: Sequence[Row], places: Sequence[int]) -> bool:
    """Whether each joined row's line gives just the leaf beside it and carries an id of its place; looked at together where that can be."""
    entries, _, ids, times, kinds, subjects, actors, departments, units, purposes, bodies, salts = zip(*rows, strict=True)
    if set(map(len, ids)) != {LINE_ID_SIZE} or set(map(len, salts)) != {2 * SALT_SIZE}:
        return False
    if "".join([one[:ID_INDEX_SIZE] for one in ids]) != f"%0{ID_INDEX_SIZE}x" * len(places) % tuple(places):
        return False
    if not _HEXADECIMAL.fullmatch("".join(ids)) or not _HEXADECIMAL.fullmatch("".join(salts)):
        return False
    quote, salted = encode_basestring, bytes.fromhex
    expected = []
    around = map(_AROUND.__getitem__, zip(departments, purposes, kinds, units, strict=True))
    for parts, time, salt, actor, subject, body in zip(around, times, salts, actors, subjects, bodies, strict=True):
        before_subject, before_end, before_digest, before_time, end = parts
        at = quote(time)
        text = f'{{"actor":{quote(actor)},"at":{at},"body":{body}{before_subject}{quote(subject)}{before_end}'
        digest = sha256(salted(salt) + text.encode(errors="replace")).hexdigest()
        expected.append(f"{before_digest}{digest}{before_time}{at}{end}")
    return "\n".join(expected).encode(errors="replace") == b"\n".join(entries)  # no quoted text holds a line's end


class _Around(dict[tuple[str, str, str, str], tuple[str, str, str, str, str]]):
    """What stands around the rest in a line and in its leaf, by department, purpose, type and unit: of these there are few."""

    def __missing__(self, one: tuple[str, str, str, str]) -> tuple[str, str, str, str, str]:
        department, purpose, kind, unit = map(encode_basestring, one)
        made = (
            f',"department":{department},"purpose":{purpose},"subject":',
            f',"type":{kind},"unit":{unit}}}',
            f'{{"department":{department},"digest":"',
            f'","purpose":{purpose},"time":',
            f',"type":{kind}}}',
        )
        if len(self) < MOST_AROUND:
            self[one] = made
        return made


_AROUND = _Around()


def _stored_levels(session: Session, start: int, hashes: list[bytes]) -> list[list[bytes]] | None:
    """The subtrees over a stretch's leaves, level by level, those of the leaves first; nothing when the store does not hold just these."""
    levels, row, level, first = [hashes], hashes, 0, start
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        row, level, first = [sha256(b"\x01" + left + right).digest() for left, right in pairs], level + 1, first >> 1
        kept = session.all(queries.NODE_HASHES, {"level": level, "start": first, "end": first + len(row)})
        if row != [one[0] for one in kept]:
            return None
        levels.append(row)
    return levels
