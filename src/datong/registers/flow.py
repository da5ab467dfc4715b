"""The registers in reading order: build every subject from its records, mark it and its neighbours, say in the feed what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from datong.registers import queries
from datong.registers.build import Built
from datong.registers.cases import sync_cases
from datong.registers.digest import digest, fingerprints
from datong.registers.feed import append_changes, note_changes
from datong.registers.fold import Weights
from datong.registers.neighbours import DOOR_RULES, FIRM_RULES, STATE, neighbour_marks, touched
from datong.registers.reached import Reached, keep_reached
from datong.registers.rules import MARK_ROW
from datong.registers.signs import month_of
from datong.registers.stream import built_pages, built_subjects, pages
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session, Store, in_chunks, marks

_AT_ONCE = 400


def rebuild(store: Store, settings: Settings, packs: Packs, now: str) -> str:
    """Drop the registers and derive them again from members, judgements and precedence; gives their digest.

    Marks that people raised stay, and so does what they said of derived ones. What differs from before goes to the change
    feed, dated `now`; the registers themselves do not depend on it, nor on what stood there.
    """
    with store.session() as session:
        before = fingerprints(session)
        for sql in queries.DROP_DERIVED:
            session.run(sql)
        after = {}
        counted: Counter[Reached] = Counter()
        for some in built_pages(session, packs, settings.threads):
            _write(session, some)
            after.update({one.code: one.fingerprint() for one in some})
            counted.update(address for one in some for address in one.reached)
        keep_reached(session, counted)
        weights, month = Weights(packs), _newest_month(session)
        session.run(queries.WRITE_STATE, {"name": STATE, "value": month})
        for low, high in pages(session, queries.ENTRY_CODES):
            codes = [row[0] for row in session.all(queries.OLD_CODES, {"low": low, "high": high})]
            session.load("mark", MARK_ROW, list(neighbour_marks(session, weights, codes, month)))
        note_changes(session, before, after, now)
        _keep_cases(session, weights, now, None, before.keys() & after.keys())
        session.analyze("entry")
        return digest(session)


def refresh(session: Session, packs: Packs, codes: Iterable[str], now: str) -> list[str]:
    """Derive some subjects again, after records or judgements touched them; the codes whose entries changed."""
    wanted = sorted(set(codes))
    weights = Weights(packs)
    near = touched(session, wanted)
    known: set[str] = set()
    changed: list[str] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        before = fingerprints(session, some)
        for code in some:
            for sql in (queries.DROP_ENTRY, queries.DROP_KEYS, queries.DROP_RELATIONS, queries.DROP_MARKS):
                session.run(sql, {"code": code})
        built = list(built_subjects(session, packs, some))
        _write(session, built)
        after = {one.code: one.fingerprint() for one in built}
        changed += note_changes(session, before, after, now)
        known |= before.keys() & after.keys()
    near |= touched(session, wanted)
    near |= _mark_neighbours(session, weights, near, wanted)
    _keep_cases(session, weights, now, near.union(wanted), known | near.difference(wanted))
    return changed


def _write(session: Session, built: Sequence[Built]) -> None:
    session.load("entry", queries.ENTRY_COLUMNS, ((b.code, b.kind, b.division, b.label, b.body) for b in built))
    session.load("entry_key", queries.KEY_COLUMNS, ((key, value, b.code, b.kind) for b in built for key, value in b.keys))
    session.load("relation", queries.RELATION_COLUMNS, (row for b in built for row in b.relations))
    session.load("mark", MARK_ROW, (row for b in built for row in b.marks))


def _mark_neighbours(session: Session, weights: Weights, near: set[str], wanted: Sequence[str]) -> set[str]:
    """Derive the neighbours' marks of some subjects again: of all organisations when the registers' month has turned."""
    row = session.one(queries.READ_STATE, {"name": STATE})
    month = row[0] if row else ""
    newest = max((_newest_month(session, chunk) for chunk in in_chunks(set(wanted))), default="")
    if newest > month:
        month = newest
        session.run(queries.WRITE_STATE, {"name": STATE, "value": month})
        near = near | {code for (code,) in session.all(queries.FIRM_CODES)}
    kinds = {f"k{at}": one.code for at, one in enumerate(weights.kinds.values()) if one.rule in FIRM_RULES or one.rule in DOOR_RULES}
    for chunk in in_chunks(near):
        session.run(queries.DROP_NEIGHBOUR_MARKS.format(marks=marks(chunk), kinds=marks(kinds) or "''"), {**chunk, **kinds})
        session.load("mark", MARK_ROW, list(neighbour_marks(session, weights, chunk.values(), month)))
    return near


def _newest_month(session: Session, among: dict[str, str] | None = None) -> str:
    """The month of the newest record: the registers' own idea of today, so that they depend on records alone."""
    only = f"AND code IN ({marks(among)})" if among else ""
    row = session.one(queries.NEWEST_DAY.format(only=only), among or {})
    return month_of(row[0] or "") if row else ""


def _keep_cases(session: Session, weights: Weights, now: str, codes: Iterable[str] | None, known: Iterable[str]) -> None:
    """Bring the cases in step; the feed tells marks of subjects it had told of before, a new subject's come with it."""
    there = set(known)
    told = [row for row in sync_cases(session, weights.kinds, now, codes) if row[0] in there]
    if told:
        append_changes(session, told, now)
