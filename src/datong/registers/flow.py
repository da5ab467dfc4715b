"""The registers in reading order: build every subject from its records, write what changed, say so in the change feed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from datong.registers import queries
from datong.registers.build import Built
from datong.registers.digest import digest, fingerprints
from datong.registers.feed import note_changes
from datong.registers.stream import built_pages, built_subjects
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session, Store

_AT_ONCE = 400


def rebuild(store: Store, settings: Settings, packs: Packs, now: str) -> str:
    """Drop the registers and derive them again from members, judgements and precedence; gives their digest.

    Marks that people raised stay. What differs from before goes to the change feed, dated `now`; the
    registers themselves do not depend on it, nor on what stood there.
    """
    with store.session() as session:
        before = fingerprints(session)
        for sql in queries.DROP_DERIVED:
            session.run(sql)
        after = {}
        for some in built_pages(session, packs, settings.threads):
            _write(session, some)
            after.update({one.code: one.fingerprint() for one in some})
        note_changes(session, before, after, now)
        return digest(session)


def refresh(session: Session, packs: Packs, codes: Iterable[str], now: str) -> list[str]:
    """Derive some subjects again, after records or judgements touched them; the codes whose entries changed."""
    wanted = sorted(set(codes))
    changed: list[str] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        before = fingerprints(session, some)
        for code in some:
            for sql in (queries.DROP_ENTRY, queries.DROP_KEYS, queries.DROP_RELATIONS, queries.DROP_MARKS):
                session.run(sql, {"code": code})
        built = list(built_subjects(session, packs, some))
        _write(session, built)
        changed += note_changes(session, before, {one.code: one.fingerprint() for one in built}, now)
    return changed


def _write(session: Session, built: Sequence[Built]) -> None:
    session.load("entry", queries.ENTRY_COLUMNS, ((b.code, b.kind, b.division, b.label, b.body) for b in built))
    session.load("entry_key", queries.KEY_COLUMNS, ((key, value, b.code, b.kind) for b in built for key, value in b.keys))
    session.load("relation", queries.RELATION_COLUMNS, (row for b in built for row in b.relations))
    session.load("mark", queries.MARK_COLUMNS, (row for b in built for row in b.marks))
