"""An answer that is worked out but not yet given: with the ledger lines and changes that must be durable first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from datong import ledger
from datong.domain.access import Actor, Answer, Decision, Ground, Outcome, Question
from datong.domain.changed import changed
from datong.domain.registers import REGISTER_FIELDS, RELATION_TYPES
from datong.share.agreement import Agreement
from datong.share.installed import Installed
from datong.share.words import CLAIM_ONLY, EVENT, PERSON_CLAIMS
from datong.store import Session

UNKNOWN = "unknown"
"""What the record says of a field that no register has: what was typed in its place may be anything."""
_KNOWN = frozenset({"label", "division", "mark", EVENT, *CLAIM_ONLY, *PERSON_CLAIMS, *RELATION_TYPES}.union(*REGISTER_FIELDS.values()))
Change = Callable[[Session], bool]
"""Something to write with the answer; false when somebody else was faster and the answer no longer holds."""


@dataclass(frozen=True)
class Prepared:
    """The answer, the lines that must be written before it leaves, and what else changes with it.

    A caller with group commit writes `lines` and gives `answer`; one with `changes` needs a transaction: `settle`.
    """

    answer: Answer
    lines: tuple[ledger.Line, ...]
    changes: tuple[Change, ...] = ()
    otherwise: Prepared | None = None
    """What is given instead when a change no longer holds."""
    count: ledger.Count | None = None
    """What the lines count as, where several processes serve."""
    over: Callable[[str], Prepared] | None = None
    """What is given instead when the count is used up for a day ("day") or a minute ("minute")."""


@dataclass(frozen=True)
class Asking:
    """One question on its way through the door."""

    session: Session
    parts: Installed
    actor: Actor
    question: Question
    now: datetime
    at: str
    decision: Decision = field(default_factory=lambda: Decision(False))
    consented: Agreement | None = None
    """The agreement cut down to what the person consented to."""

    @property
    def agreement(self) -> Agreement:
        """The agreement that decided."""
        return self.consented or self.parts.policy.agreement(self.decision.agreement)


def settle(session: Session, prepared: Prepared) -> Answer:
    """Write what must be durable before the answer leaves, in the caller's transaction; the answer with its line ids."""
    try:
        if prepared.changes and prepared.count is not None:
            with session.savepoint():
                return _settle(session, prepared)
        return _settle(session, prepared)
    except ledger.OverCountError as error:
        return settle(session, instead(prepared, error))


def instead(prepared: Prepared, error: ledger.OverCountError) -> Prepared:
    """The refusal that is given when the count is used up."""
    if prepared.over is None:
        raise error
    return prepared.over(error.span)


def _settle(session: Session, prepared: Prepared) -> Answer:
    for change in prepared.changes:
        if not change(session):
            if prepared.otherwise is None:
                continue
            return settle(session, prepared.otherwise)
    if prepared.count is not None:
        ledger.take(session, prepared.count)
    return changed(prepared.answer, lines=ledger.append(session, *prepared.lines))


def line(asking: Asking, kind: str, subject: str, outcome: str, **body: Any) -> ledger.Line:
    """One ledger line of this question: ids, field names and words, never a value of the registers."""
    actor, question = asking.actor, asking.question
    known = question.purpose in asking.parts.sharing.purposes
    content: dict[str, Any] = {
        "operation": question.operation,
        "register": question.register,
        "outcome": outcome,
        "agreement": asking.decision.agreement,
        "automatic": question.automatic or actor.kind == "system",
    }
    if question.key is not None:
        content["key"] = question.key.type
    if question.reason.kind != "none" or question.reason.text or question.reason.reference:
        content["reason"] = {"kind": question.reason.kind, "reference": question.reason.reference, "text": question.reason.text}
    content.update(body)
    for name in ("fields", "unmasked"):
        if name in content:
            content[name] = [one if one in _KNOWN else UNKNOWN for one in content[name]]
    purpose = question.purpose if known else ""
    return ledger.Line(kind, asking.at, subject, actor.id, actor.department, actor.unit, purpose, content)


def refused(asking: Asking, grounds: tuple[Ground, ...], subject: str = "") -> Prepared:
    """A refusal is a value: it is answered with its reasons and written down like any read."""
    decision = replace(asking.decision, allowed=False, fields=(), masks=(), grounds=grounds)
    codes = [one.code for one in grounds]
    fields = [one.field for one in grounds if one.field]
    written = line(asking, "refusal", subject, "refused", grounds=codes, fields=fields)
    return Prepared(Answer("refused", decision, grounds), (written,))


def plain_answer(asking: Asking, outcome: Outcome, grounds: tuple[Ground, ...], subject: str = "", kind: str = "read") -> Prepared:
    """An answer without data: nothing found, or too much."""
    written = line(asking, kind, subject, outcome, grounds=[one.code for one in grounds])
    return Prepared(Answer(outcome, asking.decision, (*asking.decision.grounds, *grounds)), (written,))
