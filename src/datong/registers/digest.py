"""Digests: of the registers as a whole, and of each entry, to see what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from datong.domain.codes import kind_of
from datong.registers import queries
from datong.registers.build import Built
from datong.registers.stream import pages
from datong.store import Session


def digest(session: Session) -> str:
    """SHA-256 over everything derived: entries, keys, relations, derived marks. Equal digests are equal registers."""
    rows: list[bytes] = []
    for low, high in pages(session, queries.ENTRY_CODES):
        for sql, column in queries.DIGESTED:
            only = f"AND {column} > :low AND {column} <= :high"
            found = session.all(sql.format(only=only), {"low": low, "high": high})
            rows += [hashlib.sha256("\x1f".join((column, *map(str, row))).encode()).digest() for row in found]
    return hashlib.sha256(b"".join(sorted(rows))).hexdigest()


def fingerprints(session: Session, codes: Sequence[str] | None = None) -> dict[str, str]:
    """Code → fingerprint of its entry as it stands: of all, or of some."""
    if codes is not None:
        params = {f"c{at}": code for at, code in enumerate(codes)}
        return _fingerprints(session, "AND {code} IN (" + ", ".join(f":{name}" for name in params) + ")", params)
    found: dict[str, str] = {}
    for low, high in pages(session, queries.ENTRY_CODES):
        found.update(_fingerprints(session, "AND {code} > :low AND {code} <= :high", {"low": low, "high": high}))
    return found


def _fingerprints(session: Session, only: str, params: Mapping[str, str]) -> dict[str, str]:
    built: dict[str, Built] = {}
    for code, _, division, label, body in session.all(queries.OLD_ENTRIES.format(only=only.format(code="code")), params):
        built[code] = Built(code, kind_of(code), division, label, body)
    for row in session.all(queries.OLD_RELATIONS.format(only=only.format(code="from_code")), params):
        if row[0] in built:
            built[row[0]].relations.append(tuple(row))
    return {code: one.fingerprint() for code, one in built.items()}
