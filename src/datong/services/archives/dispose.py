"""Disposal: archives whose term is over go by a list that one archivist makes and another person of the department decides on.

What goes is the package, the papers, and the case itself: the case with the decision, the files once that is committed. What stays is the
number, the term, who decided, and the ledger's lines.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.services.archives import queries
from datong.services.archives.keep import APPROVE, DISPOSE, LONGEST, MOST_AT_ONCE, ROOM, SHORTEST, Archive, archive_of, scope
from datong.services.archives.rules import archive_rules
from datong.services.papers import ROOM as PAPER_ROOM
from datong.store import Row, Session, drop_file


@dataclass(frozen=True)
class Disposal:
    """A list for disposal. `state`: proposed, done, refused."""

    disposal_id: str
    department: str
    state: str
    archives: tuple[str, ...]
    why: str
    made_by: str
    made_at: str
    decided_by: str
    decided_at: str
    said: str


def due_archives(session: Session, actor: Actor, *, now: datetime) -> tuple[Archive, ...]:
    """The archives whose term is over, of the actor's department or of all. Raises Forbidden."""
    params = {"day": share.city_day(now).isoformat(), "department": scope(session, actor, DISPOSE), "most": MOST_AT_ONCE}
    return tuple(archive_of(row) for row in session.all(queries.DUE, params))


def propose_disposal(session: Session, actor: Actor, archives: Sequence[str], why: str, *, now: datetime) -> Disposal:
    """List archives for disposal; only such whose term is over. Raises Forbidden, BadValue."""
    _must_say("why", why)
    due = {one.archive_id: one for one in due_archives(session, actor, now=now)}
    wanted = tuple(dict.fromkeys(archives))
    if not wanted or set(wanted) - due.keys():
        raise BadValue("archives", "只能选保管期限已满的档案 (choose archives whose term is over)")
    day, at = share.city_day(now), share.moment_text(now)
    number = share.dated_number(session, "X", "disposal", day)
    params = {"disposal_id": number, "department": actor.department, "archives": json.dumps(wanted), "why": why.strip(), "by": actor.id}
    session.run(queries.ADD_DISPOSAL, params | {"at": at})
    _write(session, actor, {"act": "disposal_proposed", "disposal": number, "archives": list(wanted)}, at)
    return find_disposal(session, number)


def decide_disposal(session: Session, actor: Actor, disposal_id: str, approved: bool, said: str, *, now: datetime) -> Disposal:
    """Approve a list, and what it names is gone (its files when `sweep_disposed` comes by); or refuse it. Somebody else than its maker.

    Raises Forbidden, Missing, BadValue, Busy.
    """
    found, at = find_disposal(session, disposal_id), share.moment_text(now)
    share.installed(session).must(actor, APPROVE)
    if actor.department not in (found.department, archive_rules(session).keeper):
        raise Missing("没有这份销毁清册 (there is no such list)")
    if actor.id == found.made_by:
        raise Forbidden("不能审批自己编制的清册 (somebody else must decide about a list you made)")
    _must_say("said", said)
    state = "done" if approved else "refused"
    if session.run(queries.DECIDE, {"disposal_id": disposal_id, "state": state, "by": actor.id, "at": at, "said": said.strip()}) != 1:
        raise Busy("已有人审批 (somebody has decided about it)")
    day = share.city_day(now).isoformat()
    gone = [_dispose(session, archive_id, disposal_id, day) for archive_id in found.archives] if approved else []
    _write(session, actor, {"act": f"disposal_{state}", "disposal": disposal_id, "archives": sorted(filter(None, gone))}, at)
    return find_disposal(session, disposal_id)


def _dispose(session: Session, archive_id: str, disposal_id: str, day: str) -> str:
    """Dispose of one; its number, or nothing when it is gone or its term was made longer meanwhile."""
    row = session.one(queries.ARCHIVE, {"archive_id": archive_id})
    archive = archive_of(row) if row else None
    if archive is None or not archive.kept or not archive.keep_until or archive.keep_until >= day:
        return ""
    session.run(queries.DISPOSED, {"archive_id": archive_id, "disposal_id": disposal_id})
    _mark(session, ROOM, archive.sha256, disposal_id)
    ended = session.one(queries.CASE_ENDED, {"case_id": archive.case_id})
    if ended and ended[0] == archive.ended_at and _count(session, queries.KEPT_OF_CASE, {"case_id": archive.case_id}) == 0:
        for (digest,) in session.all(queries.PAPERS_OF, {"case_id": archive.case_id}):
            _mark(session, PAPER_ROOM, digest, disposal_id)
        for statement in queries.DROP_CASE:
            session.run(statement, {"case_id": archive.case_id})
    return archive_id


def _mark(session: Session, room: str, sha256: str, disposal_id: str) -> None:
    session.run(queries.MARK_GONE, {"room": room, "sha256": sha256, "disposal": disposal_id})


def sweep_disposed(session: Session, *, now: datetime) -> int:
    """Remove the files that disposals have given up, with a line for each list; how many. In a transaction after the disposal's.

    A content that something refers to again stays, and so does one that was handed in again within the hour, until the next time.
    Interrupted, it is done again: what is gone stays gone.
    """
    settings, gone = share.installed(session).settings, Counter[str]()
    for room, sha256, disposal_id in session.all(queries.GONE):
        wanted = _count(session, queries.SAME_FILE if room == ROOM else queries.SAME_PAPER, {"sha256": sha256}) > 0
        if not wanted and not drop_file(settings, sha256, room):
            continue
        if session.run(queries.UNMARK, {"room": room, "sha256": sha256}) and not wanted:
            gone[disposal_id] += 1
    for disposal_id, files in gone.items():
        worker = Actor("archives", "", "system", find_disposal(session, disposal_id).department)
        _write(session, worker, {"act": "disposal_files_gone", "disposal": disposal_id, "files": files}, share.moment_text(now))
    return gone.total()


def has_disposed(session: Session) -> bool:
    """Whether files wait to be removed."""
    return session.one(queries.GONE) is not None


def _count(session: Session, statement: str, params: dict[str, str]) -> int:
    row = session.one(statement, params)
    return int(row[0]) if row else 0


def disposals(session: Session, actor: Actor) -> tuple[Disposal, ...]:
    """The lists of the actor's department, of all for the keeper, the newest first; for those who make or decide on them."""
    parts = share.installed(session)
    if not (parts.may(actor, DISPOSE) or parts.may(actor, APPROVE)):
        return ()
    department = "" if actor.department == archive_rules(session).keeper else actor.department or "-"
    return tuple(_disposal(row) for row in session.all(queries.DISPOSALS, {"department": department}))


def find_disposal(session: Session, disposal_id: str) -> Disposal:
    """One list. Raises Missing."""
    row = session.one(queries.DISPOSAL, {"disposal_id": disposal_id})
    if row is None:
        raise Missing("没有这份销毁清册 (there is no such list)")
    return _disposal(row)


def _disposal(row: Row) -> Disposal:
    values: tuple[Any, ...] = (*row[:3], tuple(json.loads(row[3])), *row[4:])
    return Disposal(*values)


def _must_say(name: str, text: str) -> None:
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise BadValue(name, "请写明理由，5 到 300 字 (say why, in 5 to 300 characters)")


def _write(session: Session, actor: Actor, body: dict[str, object], at: str) -> None:
    ledger.append(session, ledger.Line("archive", at, "", actor.id, actor.department, actor.unit, "", body))
