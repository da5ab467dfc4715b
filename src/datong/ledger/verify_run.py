"""Verify a sound stretch of the record fast: everything is recomputed and compared in bulk, with a plain yes at the end.

A no names nothing: `verify.py` then goes through the stretch once more, line by line, and says what does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter

from datong.ledger import merkle, queries
from datong.ledger.erasure import ERASURE
from datong.ledger.line import SALT_SIZE
from datong.ledger.log import ID_INDEX_SIZE, ID_RANDOM_SIZE, LINE_ID_SIZE
from datong.ledger.merkle import Coordinate
from datong.store import Row, Session


@dataclass(frozen=True)
class Run:
    """A sound stretch: its leaf hashes, the subtrees they complete, how many lines stand, which are gone, which record erasures."""

    hashes: list[bytes]
    made: dict[Coordinate, bytes]
    lines: int
    absent: list[int]
    erasures: list[Row]


def verify_run(session: Session, start: int, end: int, edge: Mapping[Coordinate, bytes]) -> Run | None:
    """Recompute the entries from `start` to `end`; nothing when anything at all does not agree. `edge` as in `merkle.grow`."""
    rows = session.all(queries.RUN, {"start": start, "end": end})
    if len(rows) != end - start:
        return None
    hashes: list[bytes] = []
    absent: list[int] = []
    erasures: list[Row] = []
    for index, row in enumerate(rows, start):
        entry = bytes(row[0])
        digest = sha256(b"\x00" + entry).digest()
        if digest != row[1]:
            return None
        hashes.append(digest)
        if row[2] is None or not row[12]:
            absent.append(index)
        elif entry != _entry(row, index):
            return None
        elif row[5] == ERASURE:
            erasures.append(row[2:])
    made = merkle.grow(start, hashes, edge)
    if not _stored(session, made):
        return None
    return Run(hashes, {(level, index): digest for level, index, digest in made}, len(rows) - len(absent), absent, erasures)


def _entry(row: Row, index: int) -> bytes:
    """The leaf that a joined row's line must have; nothing sensible when the line cannot be one."""
    _, _, at_index, line_id, at, kind, subject, actor, department, unit, purpose, body, salt = row
    quote = encode_basestring
    try:
        salted = bytes.fromhex(salt)
        if at_index != index or line_id[:ID_INDEX_SIZE] != f"{index:0{ID_INDEX_SIZE}x}" or len(salted) != SALT_SIZE:
            return b""
        if len(bytes.fromhex(line_id[ID_INDEX_SIZE:])) != ID_RANDOM_SIZE or line_id != line_id.lower() or len(line_id) != LINE_ID_SIZE:
            return b""
        at, department, purpose, kind = quote(at), quote(department), quote(purpose), quote(kind)
        text = (
            f'{{"actor":{quote(actor)},"at":{at},"body":{body},"department":{department},"purpose":{purpose},'
            f'"subject":{quote(subject)},"type":{kind},"unit":{quote(unit)}}}'
        )
        digest = sha256(salted + text.encode()).hexdigest()
    except ValueError:
        return b""
    return f'{{"department":{department},"digest":"{digest}","purpose":{purpose},"time":{at},"type":{kind}}}'.encode()


def _stored(session: Session, made: Sequence[tuple[int, int, bytes]]) -> bool:
    """Whether the store holds just these subtrees, each level in one comparison."""
    for level, group in groupby(made, key=itemgetter(0)):
        row = list(group)
        first = row[0][1]
        kept = session.all(queries.NODE_HASHES, {"level": level, "start": first, "end": first + len(row)})
        if len(kept) != len(row) or b"".join([one[0] for one in kept]) != b"".join([one[2] for one in row]):
            return False
    return True
