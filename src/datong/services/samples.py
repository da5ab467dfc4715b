"""What was given without a person is looked at again by people: one case in so many, which nobody can choose or foresee.

The month's seed is committed to the ledger by its digest before its first case is drawn; a case is drawn when
sha256("seed|case") falls in the share the pack names. Once the month is over, anybody given the seed can draw again.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.services import queries
from datong.services.store_case import Kept
from datong.spec import Service
from datong.store import Session

RESULTS = ("right", "wrong")


@dataclass(frozen=True)
class Sample:
    """A case that people look at again."""

    case_id: str
    service: str
    department: str
    month: str
    state: str
    note: str
    by: str
    at: str


def draw(session: Session, service: Service, kept: Kept) -> bool:
    """Whether this case, given by rule, is one of those that people look at again; it then waits in their list."""
    deciding = service.deciding
    if deciding is None or not deciding.sample_of or not kept.decision.get("favourable"):
        return False
    month = kept.case.last[:7]
    if not is_drawn(month_seed(session, month, kept.case.last), kept.case.case_id, deciding.sample_of):
        return False
    params = {"case_id": kept.case.case_id, "service": service.code, "department": service.department, "month": month, "at": kept.case.last}
    session.run(queries.ADD_SAMPLE, params)
    return True


def is_drawn(seed: str, case_id: str, one_in: int) -> bool:
    """The draw itself, for anybody who has the seed."""
    digest = hashlib.sha256(f"{seed}|{case_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % one_in == 0


def month_seed(session: Session, month: str, at: str) -> str:
    """The seed of a month's draws, made and committed to the ledger at the first one."""
    kept: dict[str, str] = session.store.parts.setdefault("services.seeds", {})
    if month in kept:
        return kept[month]
    row = session.one(queries.SEED, {"month": month})
    if row is None:
        seed = secrets.token_hex(32)
        if session.run(queries.ADD_SEED, {"month": month, "seed": seed, "at": at}):
            committed = {"month": month, "seed_digest": hashlib.sha256(seed.encode()).hexdigest()}
            ledger.append(session, ledger.Line("case.seed", at, "", "rule", body=committed))
        row = session.one(queries.SEED, {"month": month})
        assert row is not None
    found = str(row[0])
    session.when_durable(lambda: kept.setdefault(month, found))  # until then this transaction may still be undone
    return found


def samples(session: Session, actor: Actor, state: str = "open", most: int = 100) -> tuple[Sample, ...]:
    """What the actor's department has to look at again."""
    share.installed(session).must(actor, "cases.work")
    params = {"department": actor.department, "state": state, "most": most}
    return tuple(Sample(*row) for row in session.all(queries.SAMPLES, params))


def settle_sample(session: Session, actor: Actor, case_id: str, result: str, note: str, *, now: datetime) -> None:
    """Say whether what the rules gave was right. Raises BadValue, Missing."""
    share.installed(session).must(actor, "cases.work")
    if result not in RESULTS or (result == "wrong" and not note.strip()):
        raise BadValue("result", "请选择正确或有误；有误的请写明 (right or wrong; say what is wrong)")
    at = share.moment_text(now)
    params = {"case_id": case_id, "department": actor.department, "state": result, "note": note.strip(), "by": actor.id, "at": at}
    if not session.run(queries.SETTLE_SAMPLE, params):
        raise Missing("没有这件抽查 (there is no such case to look at)")
    body = {"case": case_id, "result": result}
    ledger.append(session, ledger.Line("case.sample", at, "", actor.id, actor.department, actor.unit, "", body))
