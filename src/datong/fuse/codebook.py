"""The book of codes in the store: which anchor has which code, what is issued next, what became of a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datong.domain.access import Register
from datong.domain.codes import issue
from datong.fuse import store_queries as queries
from datong.fuse.code import Assignment, Cluster, Event, assign
from datong.fuse.sets import CHUNK, in_chunks, marks
from datong.fuse.work import Work
from datong.store import Session


def give_codes(work: Work, kind: Register, clusters: Iterable[Cluster]) -> dict[str, str]:
    """Cluster key → permanent code; what is new is written to the store with its events."""
    found = list(clusters)
    known = _known(work, kind, found)
    serials = _serials(work.session, kind, set(known.values()))
    minted: list[tuple[int, str]] = []
    source = _mint(work, kind, minted)
    done = assign(found, known, lambda code: serials.get(code, 1 << 62), lambda: next(source))
    _write(work, kind, done, minted)
    return done.codes


def codes_of_anchors(session: Session, kind: Register, anchors: Iterable[str]) -> dict[str, str]:
    """Anchor → code, for those that are known."""
    found: dict[str, str] = {}
    for chunk in in_chunks(anchors):
        found.update(session.all(queries.CODES_OF_ANCHORS.format(marks=marks(chunk)), {"kind": kind, **chunk}))
    return found


def _known(work: Work, kind: Register, clusters: list[Cluster]) -> dict[str, str]:
    if work.whole:
        return dict(work.session.all(queries.ALL_ANCHORS, {"kind": kind}))
    return codes_of_anchors(work.session, kind, (anchor for one in clusters for anchor in (*one.anchors, *one.loose)))


def _serials(session: Session, kind: Register, codes: set[str]) -> dict[str, int]:
    if len(codes) > 20 * CHUNK:
        return dict(session.all(queries.ALL_SERIALS, {"kind": kind}))
    found: dict[str, int] = {}
    for chunk in in_chunks(codes):
        found.update(session.all(queries.SERIALS_OF_CODES.format(marks=marks(chunk)), chunk))
    return found


def _mint(work: Work, kind: Register, minted: list[tuple[int, str]]) -> Iterator[str]:
    row = work.session.one(queries.LAST_SERIAL, {"kind": kind})
    for serial, code in issue(kind, int(row[0]) if row and row[0] is not None else -1, work.key):
        minted.append((serial, code))
        yield code


def _write(work: Work, kind: Register, done: Assignment, minted: list[tuple[int, str]]) -> None:
    session = work.session
    session.load("subject", queries.SUBJECT_COLUMNS, ((code, kind, serial, work.now, "active", "") for serial, code in minted))
    session.many(queries.SET_ANCHOR, ({"kind": kind, "anchor": a, "code": c} for a, c in sorted(done.anchors.items())))
    merged = [event for event in done.events if event.event == "merged"]
    session.many(queries.MERGE_SUBJECT, ({"code": event.code, "into": event.other} for event in merged))
    write_events(work, kind, done.events)
    work.count("codes_issued", len(minted))
    work.count("codes_merged", len(merged))
    work.count("codes_split", sum(event.event == "split" for event in done.events))


def write_events(work: Work, kind: Register, events: Iterable[Event], reason: str = "") -> None:
    """Append dated events of codes, numbered on from the last."""
    first = last_event(work.session) + 1
    rows = ((seq, work.now, kind, one.event, one.code, one.other, reason) for seq, one in enumerate(events, first))
    work.session.load("subject_event", queries.EVENT_COLUMNS, rows)


def last_event(session: Session) -> int:
    """The number of the newest event of a code; 0 when there is none."""
    row = session.one(queries.LAST_EVENT)
    return int(row[0] or 0) if row else 0


def note_empty_and_revived(work: Work) -> None:
    """Mark subjects whose last record has gone, and those whose records came back. For whole runs, after the members are written."""
    for state, event, sql in (("empty", "emptied", queries.NOW_EMPTY), ("active", "revived", queries.NOW_REVIVED)):
        rows = work.session.all(sql)
        work.session.many(queries.SET_STATE, ({"code": code, "state": state} for code, _ in rows))
        for kind in ("person", "organisation", "premises"):
            write_events(work, kind, [Event(event, code) for code, of in rows if of == kind])
        work.count(f"codes_{event}", len(rows))
