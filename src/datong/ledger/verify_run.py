"""Verify a sound stretch of the record fast: everything is recomputed and compared in bulk, with a plain yes at the end.

A no names nothing: `verify.py` then goes through the stretch once more, line by line, and says what does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring
from operator import itemgetter

from datong.ledger import merkle, queries
from datong.ledger.erasure import ERASURE
from datong.ledger.line import SALT_SIZE
from datong.ledger.log import ID_INDEX_SIZE, LINE_ID_SIZE
from datong.ledger.merkle import Coordinate
from datong.store import Row, Session

_HEXADECIMAL = re.compile("[0-9a-f]*")


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
    hashes = [sha256(b"\x00" + row[0]).digest() for row in rows]
    if b"".join(hashes) != b"".join([row[1] for row in rows]):
        return None
    standing = [row for row in rows if row[12]]
    absent = [index for index, row in enumerate(rows, start) if not row[12]] if len(standing) < len(rows) else []
    if not _are_theirs(standing, start):
        return None
    made = merkle.grow(start, hashes, edge)
    if not _stored(session, made):
        return None
    erasures = [row[2:] for row in standing if row[5] == ERASURE]
    return Run(hashes, {(level, index): digest for level, index, digest in made}, len(standing), absent, erasures)


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


def _stored(session: Session, made: Sequence[tuple[int, int, bytes]]) -> bool:
    """Whether the store holds just these subtrees, each level in one comparison."""
    for level, group in groupby(made, key=itemgetter(0)):
        row = list(group)
        first = row[0][1]
        kept = session.all(queries.NODE_HASHES, {"level": level, "start": first, "end": first + len(row)})
        if len(kept) != len(row) or b"".join([one[0] for one in kept]) != b"".join([one[2] for one in row]):
            return False
    return True
