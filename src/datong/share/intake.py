"""The push door: departments' records by API, in the registers before the transaction ends; many callers in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from datong import collect, fuse, ledger, registers
from datong.collect import Receipt
from datong.domain.access import Actor
from datong.domain.errors import BadDelivery, BadValue, DatongError, Forbidden
from datong.share.installed import installed, moment
from datong.share.levels import why_not_send
from datong.share.stop import Stopped, why_stopped
from datong.share.words import ground
from datong.share.workdays import moment_text
from datong.spec import Source
from datong.store import Session

MOST_ROWS = 1000
CAPTURE = "field.report"
"""The permission to write down what was seen on site."""


@dataclass(frozen=True)
class Push:
    """What one system sends: records of one resource, each cell under its column's name."""

    actor: Actor
    resource: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class TakenIn:
    """What a push came to: the department's receipt, and the codes of every subject it touched."""

    receipt: Receipt
    codes: tuple[str, ...]
    changed: tuple[str, ...]
    """Those of `codes` whose entries are different now."""
    line: str
    first_row: int = 1
    """Where its rows begin in the message it was kept in: pushes of one system that meet are kept in one."""


def take_in(session: Session, actor: Actor, resource: str, rows: Sequence[Mapping[str, Any]], *, now: datetime | None = None) -> TakenIn:
    """Take in records that a system pushes; they are kept, cleaned, linked and visible to every read of this transaction.

    The codes it learns are each in the record: one line for the push, one for every subject.

    Raises Forbidden when the key may not push this resource, BadValue when there are no rows or too many, Missing for an
    unknown resource. Wrong rows wait in quarantine and are counted in the receipt.
    """
    (taken,) = take_in_all(session, [Push(actor, resource, rows)], now=now)
    if isinstance(taken, DatongError):
        raise taken
    return taken


def take_in_all(session: Session, pushes: Sequence[Push], *, now: datetime | None = None) -> list[TakenIn | DatongError]:
    """Take in the pushes of several callers together; a caller learns the codes of his own records.

    What one system sends of one resource meanwhile is kept as one message; everything is linked at once. Each caller has a
    receipt that counts his own rows; one whose push cannot be taken in has his error in its place, and harms no other.
    """
    at = moment_text(moment(now))
    found: dict[int, _Received | DatongError] = {}
    for numbers in _batches(session, pushes, found, at=at):
        found.update(zip(numbers, _receive_together(session, [pushes[number] for number in numbers], at), strict=True))
    outcomes = [found[number] for number in range(len(pushes))]
    codes_of, touched = _link_all(session, pushes, outcomes, at)
    changed = set(registers.refresh(session, installed(session).packs, touched, at)) if touched else set()
    return _written_down(session, list(zip(pushes, outcomes, codes_of, strict=True)), changed, at)


@dataclass(frozen=True)
class _Received:
    """A push that was collected: its receipt, and where its rows stand in the message (from, to)."""

    receipt: Receipt
    rows: tuple[int, int]


def _batches(session: Session, pushes: Sequence[Push], found: dict[int, _Received | DatongError], *, at: str) -> list[list[int]]:
    """What is kept as one message: what one system sends of one resource; a message that was taken in before stays alone.

    `found` gets the errors of those that may not be taken in.
    """
    senders: dict[tuple[str, str], list[int]] = {}
    for number, push in enumerate(pushes):
        if (error := _refusal(session, push, at)) is not None:
            found[number] = error
        else:
            senders.setdefault((push.resource, push.actor.id), []).append(number)
    batches: list[list[int]] = []
    for numbers in senders.values():
        fresh = []
        for number in numbers:
            known = len(numbers) > 1 and _is_known(session, pushes[number])
            if isinstance(known, DatongError):
                found[number] = known
            elif known:
                batches.append([number])
            else:
                fresh.append(number)
        batches += [fresh] if fresh else []
    return batches


def _refusal(session: Session, push: Push, at: str) -> DatongError | None:
    """Why a push may not be taken in; nothing when it may.

    In an emergency stop none may: its answer tells codes, and a stolen key could write.
    """
    if (stopped := why_stopped(installed(session).stored.stops, push.actor, "", at)) is not None:
        return Stopped(f"{stopped.zh} ({stopped.en})")
    if not _may_send(session, push):
        why = ground("push_not_granted", what=push.resource[:60])
        return Forbidden(f"{why.zh} ({why.en})")
    if not 1 <= len(push.rows) <= MOST_ROWS:
        return BadValue("rows", "none or too many", f"send 1 to {MOST_ROWS} records at a time")
    try:
        collect.refuse_secret_rows(push.rows)
    except BadDelivery as error:
        return error
    return why_not_send(session, push.actor, push.resource, push.rows)


def _is_known(session: Session, push: Push) -> bool | DatongError:
    """Whether the message was taken in before; the error when it cannot be read."""
    try:
        return collect.is_known_message(session, installed(session).packs.source(push.resource), push.rows)
    except DatongError as error:
        return error


def _may_send(session: Session, push: Push) -> bool:
    """A system sends what its key names; an officer whose post captures on site writes to the sources of her own department."""
    actor, parts = push.actor, installed(session)
    if actor.kind == "system":
        return push.resource in actor.resources
    source = parts.packs.sources.get(push.resource)
    return source is not None and source.department == actor.department and parts.may(actor, CAPTURE)


def _receive_together(session: Session, pushes: Sequence[Push], at: str) -> list[_Received | DatongError]:
    """Collect the pushes of one system as one message; one by one where records repeat among them, or something cannot be read."""
    try:
        with session.savepoint():
            receipt = _collect(session, pushes, at)
            if len(pushes) > 1 and (receipt.counts.duplicates or receipt.counts.repeated_keys or not receipt.collected):
                raise BadValue("rows", "repeat a record of another message")
    except DatongError as error:
        if len(pushes) == 1:
            return [error]
        return [outcome for push in pushes for outcome in _receive_together(session, [push], at)]
    if len(pushes) == 1:
        return [_Received(receipt, (1, len(pushes[0].rows)))]
    waiting = collect.waiting_rows(session, delivery_id=receipt.delivery_id, limit=sum(len(push.rows) for push in pushes))
    outcomes: list[_Received | DatongError] = []
    start = 1
    for push in pushes:
        end = start + len(push.rows) - 1
        reasons = Counter(row.reason for row in waiting if start <= row.row_no <= end)
        accepted = len(push.rows) - reasons.total()
        counts = replace(receipt.counts, received=len(push.rows), rejected=dict(reasons), accepted=accepted)
        outcomes.append(_Received(replace(receipt, counts=counts), (start, end)))
        start = end + 1
    return outcomes


def _collect(session: Session, pushes: Sequence[Push], at: str) -> Receipt:
    parts = installed(session)
    rows = [row for push in pushes for row in push.rows]
    source = parts.packs.source(pushes[0].resource)
    return collect.push(session, parts.settings, source, rows, received_at=at, received_from=pushes[0].actor.id)


def _link_all(
    session: Session, pushes: Sequence[Push], outcomes: Sequence[_Received | DatongError], at: str
) -> tuple[list[set[str]], set[str]]:
    """Link what the pushes brought, each resource in one small world; the codes of each push's own records, and every code touched."""
    fresh: dict[str, dict[str, list[int]]] = {}
    for number, (push, outcome) in enumerate(zip(pushes, outcomes, strict=True)):
        receipt = outcome.receipt if isinstance(outcome, _Received) else None
        if receipt and receipt.collected and not receipt.already_received:
            fresh.setdefault(push.resource, {}).setdefault(receipt.delivery_id, []).append(number)
    codes_of: list[set[str]] = [set() for _ in pushes]
    touched: set[str] = set()
    for resource, deliveries in fresh.items():
        records = _records(session, resource, deliveries)
        if records is None:
            continue
        parts = installed(session)
        touched |= set(fuse.add(session, parts.settings, parts.packs, resource, records, now=at))
        where = dict(zip(records.column("record_id").to_pylist(), records.column("row_no").to_pylist(), strict=True))
        for delivery, record, code in fuse.codes_of_records(session, resource, where):
            for number in deliveries.get(delivery, ()):
                outcome = outcomes[number]
                if isinstance(outcome, _Received) and outcome.rows[0] <= int(where[record]) <= outcome.rows[1]:
                    codes_of[number].add(code)
    return ([touched] if len(pushes) == 1 else codes_of), touched


def _records(session: Session, resource: str, deliveries: Iterable[str]) -> pa.Table | None:
    parts = installed(session)
    batches = list(collect.scan(session, parts.settings, parts.packs.source(resource), deliveries=list(deliveries)))
    return pa.Table.from_batches(batches) if batches else None


def _written_down(
    session: Session, taken: Sequence[tuple[Push, _Received | DatongError, set[str]]], changed: set[str], at: str
) -> list[TakenIn | DatongError]:
    """The callers' outcomes, written down at once: one line for each push, one for every subject whose code it learns."""
    lines: list[ledger.Line] = []
    firsts = []
    for push, outcome, codes in taken:
        firsts.append(len(lines))
        if isinstance(outcome, _Received):
            lines += _lines(push, outcome.receipt, sorted(codes), at)
    written = ledger.append(session, *lines)
    return [
        outcome
        if isinstance(outcome, DatongError)
        else TakenIn(outcome.receipt, tuple(sorted(codes)), tuple(sorted(codes & changed)), written[first], outcome.rows[0])
        for first, (_, outcome, codes) in zip(firsts, taken, strict=True)
    ]


def _lines(push: Push, receipt: Receipt, codes: Sequence[str], at: str) -> list[ledger.Line]:
    actor = push.actor
    body = {"resource": push.resource, "delivery": receipt.delivery_id, "rows": len(push.rows), "touched": len(codes)}
    said = {"resource": push.resource, "delivery": receipt.delivery_id}
    return [
        ledger.Line("push", at, "", actor.id, actor.department, actor.unit, "", body),
        *(ledger.Line("push", at, code, actor.id, actor.department, actor.unit, "", said) for code in codes),
    ]


def own_capture(session: Session, actor: Actor, kind: str, field: str) -> Source | None:
    """The source by which the actor's own department writes down what it saw: one whose subjects of this kind have the field.

    Nothing when her post writes down nothing, or her department has no such source.
    """
    parts = installed(session)
    if not parts.may(actor, CAPTURE):
        return None
    found = [
        one
        for one in parts.packs.sources.values()
        if one.department == actor.department and any(sub.kind == kind and field in sub.fields for sub in one.subjects.values())
    ]
    return min(found, key=lambda one: one.resource, default=None)
