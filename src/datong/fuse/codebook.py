"""The book of codes in the store: which anchor has which code, what is issued next, what became of a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from datong.domain.access import Register
from datong.domain.codes import issue
from datong.fuse import code_queries as working
from datong.fuse import store_queries as queries
from datong.fuse.code import Assignment, Cluster, Event, assign
from datong.fuse.sets import batched
from datong.fuse.work import Work
from datong.store import CHUNK, Session, in_chunks, marks

_AT_ONCE = 50_000


def give_codes(work: Work, kind: Register, clusters: Iterable[Cluster]) -> dict[str, str]:
    """Cluster key → permanent code; what is new is written to the store with its events."""
    found = list(clusters)
    return _give(work, kind, found, _known(work, kind, found))


def _give(work: Work, kind: Register, found: list[Cluster], known: Mapping[str, str]) -> dict[str, str]:
    serials = _serials(work.session, kind, set(known.values()))
    minted: list[tuple[int, str]] = []
    source = _mint(work, kind, minted)
    done = assign(found, known, lambda code: serials.get(code, 1 << 62), lambda: next(source))
    _write(work, kind, done, minted)
    return done.codes


def give_codes_beside(work: Work, kind: Register, clusters: Iterable[Cluster]) -> dict[str, str]:
    """As `give_codes`, for clusters that stand beside the table `lone` (anchor, size): subjects of one number and nothing more.

    Makes the table `lone_code` (anchor, code). A lone number whose code others claim as well is decided with these; every other
    keeps its code or gets a new one, in order of number, without ever being an object of its own.
    """
    found = list(clusters)
    _know(work, kind, found)
    claims = [(one.key, anchor) for one in found for anchor in (*one.anchors, *one.loose)]
    work.table("claim", {"cluster": [key for key, _ in claims], "anchor": [anchor for _, anchor in claims]})
    work.table("contested", {"code": [row[0] for row in work.rows(working.KNOWN_CONTESTED)]})
    contested = [Cluster(anchor, (anchor,), True, size) for anchor, size in work.rows(working.CONTESTED_LONE)]
    known = dict(work.rows(working.KNOWN_OF_CLAIMS))
    if contested:
        work.table("claim", {"cluster": [one.key for one in contested], "anchor": [one.key for one in contested]})
        known.update(work.rows(working.KNOWN_OF_CLAIMS))
        work.con.execute(working.DROP_CONTESTED)
    work.con.execute(working.LONE_KNOWN)
    _mint_lone(work, kind)
    codes = _give(work, kind, [*found, *contested], known)
    columns = {"anchor": [one.key for one in contested], "code": [codes[one.key] for one in contested]}
    work.append("lone_code", columns)
    return codes


def _know(work: Work, kind: Register, clusters: list[Cluster]) -> None:
    """Make the table `known` (anchor, code) of every anchor that the book has, as far as this run may meet it."""
    if not work.whole:
        anchors = {anchor for one in clusters for anchor in (*one.anchors, *one.loose)}
        known = codes_of_anchors(work.session, kind, (*anchors, *(row[0] for row in work.rows("SELECT anchor FROM lone"))))
        work.table("known", {"anchor": list(known), "code": list(known.values())})
        return
    work.table("known", {"anchor": [], "code": []})
    for some in batched(work.session.stream(queries.ALL_ANCHORS, {"kind": kind}), _AT_ONCE):
        work.append("known", {"anchor": [row[0] for row in some], "code": [row[1] for row in some]})


def _mint_lone(work: Work, kind: Register) -> None:
    """Issue codes to the lone numbers that have none, in order, and write them down."""
    session = work.session
    new = (row[0] for row in work.stream(working.LONE_NEW))
    serials = issue(kind, _last_serial(session, kind), work.key)
    for some in batched(new, _AT_ONCE):
        given = [(anchor, *next(serials)) for anchor in some]
        session.load("subject", queries.SUBJECT_COLUMNS, ((code, kind, serial, work.now, "active", "") for _, serial, code in given))
        session.load("anchor", queries.ANCHOR_COLUMNS, ((kind, anchor, code) for anchor, _, code in given))
        work.append("lone_code", {"anchor": [row[0] for row in given], "code": [row[2] for row in given]})
        write_events(work, kind, [Event("issued", code) for _, _, code in given])
        work.count("codes_issued", len(given))


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
    for serial, code in issue(kind, _last_serial(work.session, kind), work.key):
        minted.append((serial, code))
        yield code


def _last_serial(session: Session, kind: Register) -> int:
    row = session.one(queries.LAST_SERIAL, {"kind": kind})
    return int(row[0]) if row and row[0] is not None else -1


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
    append_events(work.session, kind, events, work.now, reason)


def append_events(session: Session, kind: Register, events: Iterable[Event], now: str, reason: str = "") -> None:
    """As `write_events`, without a run at hand."""
    first = last_event(session) + 1
    rows = ((seq, now, kind, one.event, one.code, one.other, reason) for seq, one in enumerate(events, first))
    session.load("subject_event", queries.EVENT_COLUMNS, rows)


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
