"""The boards in reading order.

counts.py      exchanges counted from the record         board.py       departments, classes, clocks, freshness in figures
compliance.py  who meets the duties of sharing, and the list of responsibilities of each party
"""

from __future__ import annotations

from datetime import datetime

from datong.domain.access import Actor
from datong.share.boards.board import Board, board
from datong.share.boards.compliance import Compliance, judged
from datong.store import Session


def sharing_board(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Board, tuple[Compliance, ...]]:
    """The figures and the open points of today. Raises Forbidden without `board.read`."""
    found = board(session, actor, now=now)
    return found, judged(session, found)
