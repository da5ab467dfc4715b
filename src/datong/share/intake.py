"""The push door: one department's records by API, in the registers before the transaction ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import collect, fuse, ledger, registers
from datong.collect import Receipt
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden
from datong.share.installed import installed, moment
from datong.share.words import ground
from datong.share.workdays import moment_text
from datong.store import Session

MOST_ROWS = 1000


@dataclass(frozen=True)
class TakenIn:
    """What a push came to: the department's receipt, and the codes of every subject it touched."""

    receipt: Receipt
    codes: tuple[str, ...]
    changed: tuple[str, ...]
    """Those of `codes` whose entries are different now."""
    line: str


def take_in(session: Session, actor: Actor, resource: str, rows: Sequence[Mapping[str, Any]], *, now: datetime | None = None) -> TakenIn:
    """Take in records that a system pushes; they are kept, cleaned, linked and visible to every read of this transaction.

    The codes it learns are each in the record: one line for the push, one for every subject.

    Raises Forbidden when the key may not push this resource, BadValue when there are no rows or too many, Missing for an
    unknown resource. Wrong rows wait in quarantine and are counted in the receipt.
    """
    parts = installed(session)
    if actor.kind != "system" or resource not in actor.resources:
        why = ground("push_not_granted", what=resource[:60])
        raise Forbidden(f"{why.zh} ({why.en})")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise BadValue("rows", "none or too many", f"send 1 to {MOST_ROWS} records at a time")
    at = moment_text(moment(now))
    source = parts.packs.source(resource)
    receipt = collect.push(session, parts.settings, source, rows, received_at=at, received_from=actor.id)
    codes: list[str] = []
    changed: list[str] = []
    if receipt.collected and not receipt.already_received:
        records = collect.scan(session, parts.settings, source, deliveries=[receipt.delivery_id])
        for batch in records:
            codes += fuse.add(session, parts.settings, parts.packs, resource, batch, now=at)
        codes = sorted(set(codes))
        changed = registers.refresh(session, parts.packs, codes, at)
    body = {"resource": resource, "delivery": receipt.delivery_id, "rows": len(rows), "touched": len(codes)}
    said = {"resource": resource, "delivery": receipt.delivery_id}
    written = ledger.append(
        session,
        ledger.Line("push", at, "", actor.id, actor.department, actor.unit, "", body),
        *(ledger.Line("push", at, code, actor.id, actor.department, actor.unit, "", said) for code in codes),
    )
    return TakenIn(receipt, tuple(codes), tuple(changed), written[0])
