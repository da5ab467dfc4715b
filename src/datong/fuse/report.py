"""One line of the ledger for each run: what happened to codes, by count and digest, never by person."""

from __future__ import annotations

import hashlib

from datong import ledger
from datong.fuse import store_queries as stored
from datong.fuse.work import Work


def note_in_ledger(work: Work) -> None:
    """Write down the codes issued, merged and split by this run; nothing when there were none."""
    events = work.session.all(stored.EVENTS_SINCE, {"seq": work.first_event})
    if not events:
        return
    digest = hashlib.sha256("\n".join("|".join(map(str, row)) for row in events).encode()).hexdigest()
    kinds = {name: sum(row[2] == name for row in events) for name in sorted({row[2] for row in events})}
    body = {"first_event": events[0][0], "last_event": events[-1][0], "events": kinds, "digest": digest}
    ledger.append(work.session, ledger.Line(type="codes", at=work.now, actor="fuse", body=body))
