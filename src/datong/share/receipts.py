"""Receipts of a department's own lines, for its systems: what the record holds of what they read, and the proof of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadSettings, Missing
from datong.share.installed import installed, moment
from datong.share.workdays import moment_text
from datong.store import Session

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class LineReceipt:
    """One line of the department's and the log's signed promise to publish it. `place`: its index in the log. Whom it is about is not
    told: the proof of a line carries that to the very system that wrote it."""

    line: str
    at: str
    type: str
    by: str
    purpose: str
    agreement: str
    place: int
    receipt: str


def receipts(
    session: Session, actor: Actor, since: str = "", until: str = "", *, cursor: str = "", limit: int = 100, now: datetime | None = None
) -> tuple[tuple[LineReceipt, ...], str]:
    """The lines of the actor's own department in a period, newest first, each with its receipt; and the cursor of the next page.

    Reading the record is a line of its own. Raises BadValue for a time or cursor that is none.
    """
    page = ledger.lines_by(session, department=actor.department, since=since, until=until, limit=min(limit, MOST_AT_ONCE), cursor=cursor)
    home = installed(session).settings.home
    try:
        signer = ledger.load_signer(home)
    except OSError:
        raise BadSettings("The ledger has no key: run `datong ledger key` in the city's home") from None
    found = tuple(
        LineReceipt(
            one.line_id,
            one.line.at,
            one.line.type,
            one.line.actor,
            one.line.purpose,
            str(one.line.body.get("agreement", "")),
            one.leaf_index,
            ledger.receipt_for(session, signer, one.line_id),
        )
        for one in page.lines
    )
    body = {"operation": "receipts", "lines": len(found)}
    ledger.append(session, ledger.Line("log_read", moment_text(moment(now)), "", actor.id, actor.department, actor.unit, "", body))
    return found, page.next_cursor


def receipt_proof(session: Session, actor: Actor, line_id: str) -> ledger.Proof:
    """The proof that a line of the actor's own department stands in the log; with the line itself for the system that wrote it.

    Raises Missing for any other line, Busy while no checkpoint covers it.
    """
    stored = ledger.find_line(session, line_id)
    if stored is None or not actor.department or stored.line.department != actor.department:
        raise Missing("There is no such line of your department; it may have been erased.")
    return ledger.proof_for(session, line_id, with_line=stored.line.actor == actor.id)
