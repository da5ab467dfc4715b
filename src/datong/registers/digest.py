"""Digests: of the registers as a whole, and of each entry, to see what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from datong.domain.codes import kind_of
from datong.registers import queries
from datong.registers.build import Built
from datong.store import Session


def digest(session: Session) -> str:
    """SHA-256 over everything derived: entries, keys, relations, derived marks. Equal digests are equal registers."""
    total = hashlib.sha256()
    for sql in queries.DIGESTED:
        rows = sorted(session.all(sql))
        for row in rows:
            total.update("\x1f".join(map(str, row)).encode())
            total.update(b"\x1e")
        total.update(b"\x1d")
    return total.hexdigest()


def fingerprints(session: Session, codes: Sequence[str] | None = None) -> dict[str, str]:
    """Code → fingerprint of its entry as it stands."""
    params = {f"c{at}": code for at, code in enumerate(codes or ())}
    among = ", ".join(f":{name}" for name in params)
    built: dict[str, Built] = {}
    for code, _, division, label, body in session.all(queries.OLD_ENTRIES.format(only=f"WHERE code IN ({among})" if codes else ""), params):
        built[code] = Built(code, kind_of(code), division, label, body)
    for row in session.all(queries.OLD_RELATIONS.format(only=f"WHERE from_code IN ({among})" if codes else ""), params):
        if row[0] in built:
            built[row[0]].relations.append(tuple(row))
    for mark in session.all(queries.OLD_MARKS.format(only=f"AND code IN ({among})" if codes else ""), params):
        if mark[1] in built:
            built[mark[1]].marks.append(_plain(mark))
    return {code: one.fingerprint() for code, one in built.items()}


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(row)
