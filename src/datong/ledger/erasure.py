"""Erase lines whose time is up: content and salt go, the leaf stays and says nothing; that it was done is itself a line.

Without that line a row that somebody simply deleted would look the same as one erased by rule; so `verify_log` asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from datong.domain.errors import BadValue, Missing
from datong.ledger import queries, runs
from datong.ledger.line import Line
from datong.ledger.log import append
from datong.ledger.read import find_line
from datong.store import Session

ERASURE = "erasure"
"""The type of the line that says which others were erased."""


def erase(session: Session, line_ids: Sequence[str], by: Line) -> int:
    """Erase lines for good; how many. `by` says when, who and why: its type and the body's `erased` are set here.

    All or none: an id that is no line's raises Missing, the record of an earlier erasure BadValue.
    """
    if not line_ids:
        return 0
    gone = []
    for line_id in dict.fromkeys(line_ids):
        stored = find_line(session, line_id)
        if stored is None:
            raise Missing("One of the lines is not in the ledger; it may have been erased already.")
        if stored.line.type == ERASURE:
            raise BadValue("line", "records an erasure", "such a line stays")
        gone.append(stored)
    runs.forget(session, [{"leaf_index": one.leaf_index, **_place(one.line)} for one in gone])
    session.many(queries.ERASE_LINE, ({"leaf_index": one.leaf_index, "line_id": one.line_id} for one in gone))
    erased = as_ranges(one.leaf_index for one in gone)
    append(session, replace(by, type=ERASURE, body={**by.body, "erased": erased}))
    return len(gone)


def _place(line: Line) -> dict[str, str]:
    """Where a line stands in the runs by which it is found."""
    return {"at": line.at, "subject": line.subject, "actor": line.actor}


def as_ranges(indices: Iterable[int]) -> list[list[int]]:
    """Leaf indices as stretches of first and last, both included."""
    ranges: list[list[int]] = []
    for index in sorted(set(indices)):
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])
    return ranges
