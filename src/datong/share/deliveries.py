"""The stewards' door to deliveries: receipts, rows that wait with their reasons, and letting them in. What a row holds is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datong import collect
from datong.collect import Receipt
from datong.domain.access import Actor
from datong.share.installed import installed
from datong.store import Session

SEE, DECIDE = "steward.deliveries", "steward.quarantine"


@dataclass(frozen=True)
class Waiting:
    """One row that waits: where it stands and why, without its content."""

    delivery_id: str
    row_no: int
    column: str
    reason: str
    message: str


def deliveries(session: Session, actor: Actor, *, resource: str = "", state: str = "", limit: int = 100) -> list[Receipt]:
    """Receipts, newest first. Raises Forbidden without `steward.deliveries`."""
    installed(session).must(actor, SEE)
    return collect.receipts(session, resource=resource, state=state, limit=limit)


def waiting_counts(session: Session, actor: Actor) -> Mapping[tuple[str, str], int]:
    """How many rows wait, by resource and reason. Raises Forbidden without `steward.deliveries`."""
    installed(session).must(actor, SEE)
    return collect.count_waiting(session)


def delivery(session: Session, actor: Actor, delivery_id: str, limit: int = 200) -> tuple[Receipt, tuple[Waiting, ...]]:
    """One delivery's receipt and the rows of it that wait: for stewards, and for the system that pushed it.

    Raises Missing when there is none, Forbidden for everybody else.
    """
    receipt = collect.find_receipt(session, delivery_id)
    if actor.kind != "system" or receipt.resource not in actor.resources:
        installed(session).must(actor, SEE)
    rows = collect.waiting_rows(session, delivery_id=delivery_id, limit=limit)
    return receipt, tuple(Waiting(row.delivery_id, row.row_no, row.column, row.reason, row.message) for row in rows)


def can_let_in(receipt: Receipt) -> bool:
    """Whether what holds a delivery is an expectation that a steward may waive; an unreadable file stays out."""
    return receipt.reason in collect.WAIVABLE


def let_delivery_in(session: Session, actor: Actor, delivery_id: str, at: str) -> None:
    """Take in a held delivery although an expectation of its pack does not hold.

    `session` is only read: collecting a delivery is long work with transactions of its own. Raises Forbidden without
    `steward.quarantine`, BadValue when the delivery is not held.
    """
    parts = installed(session)
    installed(session).must(actor, DECIDE)
    source = parts.packs.source(collect.find_receipt(session, delivery_id).resource)
    collect.release_delivery(session.store, parts.settings, source, delivery_id, by=actor.id, at=at)


def let_row_in(session: Session, actor: Actor, place: tuple[str, int], at: str) -> None:
    """Let one waiting row in as it was sent; `place` is its delivery and row number. It joins the registers at the next run.

    Raises Forbidden without `steward.quarantine`, Missing when no such row waits.
    """
    parts = installed(session)
    installed(session).must(actor, DECIDE)
    receipt = collect.find_receipt(session, place[0])
    collect.release_row(session, parts.settings, parts.packs.source(receipt.resource), place, collect.Decision(actor.id, at))
