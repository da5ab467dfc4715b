"""Emergency stops as values: which doors are closed to whom, until when. What is asked at every question, before any agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datong.domain.access import Actor, Ground
from datong.domain.errors import Forbidden
from datong.share.agreement import CITIZEN
from datong.share.words import ASKED_WORDS, ground
from datong.store import Session

SCOPES = ("system", "department", "purpose", "all")
"""What a stop closes: one system's key, a department, a purpose, or every outward door."""
_STOP = """SELECT stop_id, scope, target, reason, stopped_by, stopped_at, until, lifted_by, lifted_at, lift_reason FROM door_stop"""
LIVE = _STOP + " WHERE lifted_at = '' ORDER BY stop_id"
NEWEST = _STOP + " ORDER BY stopped_at DESC, stop_id DESC LIMIT :most"
ONE = _STOP + " WHERE stop_id = :stop_id"


class Stopped(Forbidden):
    """The doors are closed to the asker in an emergency."""


@dataclass(frozen=True)
class Stop:
    """One stop. Times are UTC text; it ends at `until` if nobody lifts it before."""

    stop_id: str
    scope: str
    target: str
    reason: str
    stopped_by: str
    stopped_at: str
    until: str
    lifted_by: str = ""
    lifted_at: str = ""
    lift_reason: str = ""

    def holds(self, at: str) -> bool:
        """Whether it is in force at a moment."""
        return not self.lifted_at and self.stopped_at <= at < self.until

    def meets(self, actor: Actor, purpose: str) -> bool:
        """Whether it closes the doors to this asker. A citizen's own pages stay open, unless citizens or the purpose are named."""
        match self.scope:
            case "system":
                return actor.kind == "system" and actor.id == self.target
            case "department":
                return self.target == (CITIZEN if actor.kind == "citizen" else actor.department)
            case "purpose":
                return bool(purpose) and purpose == self.target
            case _:
                return actor.kind != "citizen"


def live_stops(session: Session) -> tuple[Stop, ...]:
    """The stops that nobody has lifted, as they are kept."""
    return tuple(Stop(*row) for row in session.all(LIVE))


def why_stopped(stops: Sequence[Stop], actor: Actor, purpose: str, at: str) -> Ground | None:
    """The reason why nothing is answered just now; nothing when no stop meets the asker."""
    for one in stops:
        if one.holds(at) and one.meets(actor, purpose):
            return ground("stopped", what=ASKED_WORDS[f"stop_{one.scope}"], shown=one.reason, rule=one.stop_id)
    return None


def must_be_open(stops: Sequence[Stop], actor: Actor, purpose: str, at: str) -> None:
    """Raises Stopped, with the reason in words, where `why_stopped` finds one."""
    if stops and (why := why_stopped(stops, actor, purpose, at)) is not None:
        raise Stopped(f"{why.zh} ({why.en})")
