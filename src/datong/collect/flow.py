"""Deliveries → records: the stage in reading order.

    refuse    what is marked as secret, before anything is kept   refuse_secret
    keep      the file byte for byte, under its hash            receive.keep
    enter     a number for it; the same content is the same     receive.enter
    read      rows with their own numbers, streaming            read.open_delivery
    match     each column mapped, ignored, or the delivery held match_columns
    clean     canonical values, problems, rows set apart        clean.Cleaner
    settle    repeats inside the delivery                       settle
    judge     the delivery as a whole, by its assertions        judge_delivery
    compare   with what was known before                        compare
    place     the lake file in one step, then the receipt       _settle

A killed run loses nothing and doubles nothing: until the last transaction the delivery is `received`, its
lake file is invisible, and `resume` does the same again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from datong import ledger, store
from datong.collect import queries
from datong.collect.clean import HASHES, Cleaner
from datong.collect.compare import Told, compare_files
from datong.collect.current import Part, current_parts, open_current
from datong.collect.judge_delivery import WAIVABLE, check_delivery
from datong.collect.match_columns import match_columns
from datong.collect.read import open_delivery
from datong.collect.receipt import Counts, Delivery, Receipt, counts_text, receipt_of
from datong.collect.receive import MESSAGE_NAME, Arrival, enter, keep, message_of, plain_name
from datong.collect.refuse_secret import refuse_secret
from datong.collect.settle import find_repeats, write_settled
from datong.collect.take import QuarantineRows, Tally, shares, take_rows
from datong.domain.errors import BadDelivery, BadValue, Missing
from datong.settings import Settings
from datong.spec import Packs, Source, day_in_name
from datong.store import LakeWriter, Session, Store


@dataclass(frozen=True)
class _Work:
    """One delivery being collected."""

    settings: Settings
    source: Source
    delivery: Delivery
    earlier: Sequence[Part]
    rows_before: int | None
    waive: bool = False


def receive(
    store_: Store,
    settings: Settings,
    source: Source,
    path: Path | str,
    *,
    received_at: str,
    received_from: str = "cli",
    file_name: str = "",
    as_of: str = "",
) -> Receipt:
    """Take in one delivery: a file, or a `postgresql://` address for a table source. The receipt says collected or held.

    Raises BadDelivery only for what cannot even be kept (no such file, a name with a path in it) and for what may not be:
    a file marked as secret, of which only the record says that it was refused.
    """
    name = plain_name(file_name or (f"{source.resource}.snapshot" if "://" in str(path) else Path(path).name))
    try:
        refuse_secret(source, path, name)
    except BadDelivery as error:
        _write_refusal(store_, source, error, (received_at, received_from))
        raise
    kept, form = keep(settings, source, path)
    arrival = Arrival(received_at, received_from, name, as_of)
    with store_.session() as session:
        delivery, known = enter(session, source, kept, arrival, form)
    if known and delivery.state == "collected":
        return receipt_of(delivery, already_received=True)
    return replace(_collect(store_, settings, source, delivery), already_received=known)


def _write_refusal(store_: Store, source: Source, error: BadDelivery, how: tuple[str, str]) -> None:
    """The line of a file that was refused at the door: its resource and the reason, nothing of the file."""
    body = {"resource": source.resource, "state": "refused", "reason": error.reason}
    with store_.session() as session:
        ledger.append(session, ledger.Line("delivery", how[0], actor=how[1], department=source.department, body=body))


def push(
    session: Session,
    settings: Settings,
    source: Source,
    rows: Sequence[Mapping[str, Any]],
    *,
    received_at: str,
    received_from: str,
) -> Receipt:
    """Take in records sent as a message, in the caller's transaction; wrong rows wait in quarantine as always.

    Pushed records stand beside the newest full delivery; they never end what they do not name.
    """
    if not rows:
        raise BadValue("rows", "is empty", "send at least one record")
    kept = store.keep_bytes(settings, message_of(source, rows))
    delivery, known = enter(session, source, kept, Arrival(received_at, received_from, MESSAGE_NAME), "message")
    if known and delivery.state == "collected":
        return receipt_of(delivery, already_received=True)
    return _collect_in(session, _work(session, settings, source, delivery, waive=True))


def is_known_message(session: Session, source: Source, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these very records were taken in before as one message. Raises BadDelivery for a column the pack does not know."""
    digest = hashlib.sha256(message_of(source, rows)).hexdigest()
    return session.one(queries.SAME_CONTENT, {"resource": source.resource, "sha256": digest}) is not None


def resume(store_: Store, settings: Settings, packs: Packs) -> list[Receipt]:
    """Finish every delivery that a killed run left half done, and sweep away its temporary files."""
    for folder in ("raw", "lake"):
        store.sweep_temporary(settings.home / folder)
    with store_.session(read_only=True) as session:
        waiting = queries.deliveries(session, queries.BY_STATE, state="received")
    return [_collect(store_, settings, packs.source(delivery.resource), delivery) for delivery in waiting]


def release_delivery(store_: Store, settings: Settings, source: Source, delivery_id: str, *, by: str, at: str) -> Receipt:
    """Take in a held delivery although an assertion does not hold. One held for another reason is read again (its pack may
    have been mended) and stays held when it still cannot be read."""
    with store_.session(read_only=True) as session:
        delivery = _held(session, delivery_id)
    waive = delivery.reason in WAIVABLE
    return _collect(store_, settings, source, replace(delivery, received_from=by), waive=waive, at=at)


def replace_delivery(
    store_: Store, settings: Settings, source: Source, path: Path, *, delivery_id: str, received_at: str, received_from: str = "cli"
) -> Receipt:
    """Take in a mended file in place of a held delivery, which is then `replaced` for good."""
    with store_.session(read_only=True) as session:
        held = _held(session, delivery_id)
        if held.resource != source.resource:
            raise BadValue("delivery_id", f"is a delivery of {held.resource}", f"name a held delivery of {source.resource}")
    day = day_in_name(source, path.name) or held.as_of
    receipt = receive(store_, settings, source, path, received_at=received_at, received_from=received_from, as_of=day)
    if receipt.collected and receipt.delivery_id != delivery_id:
        with store_.session() as session:
            session.run(queries.REPLACE, {"delivery_id": delivery_id})
    return receipt


def receipts(session: Session, *, resource: str = "", state: str = "", limit: int = 100) -> list[Receipt]:
    """Receipts, newest first."""
    return [receipt_of(one) for one in queries.deliveries(session, queries.LIST, resource=resource, state=state, limit=limit)]


def find_receipt(session: Session, delivery_id: str) -> Receipt:
    """One delivery's receipt; Missing when there is none."""
    delivery = queries.find_delivery(session, delivery_id)
    if delivery is None:
        raise Missing(f"There is no delivery {delivery_id}.")
    return receipt_of(delivery)


def _held(session: Session, delivery_id: str) -> Delivery:
    delivery = queries.find_delivery(session, delivery_id)
    if delivery is None:
        raise Missing(f"There is no delivery {delivery_id}.")
    if delivery.state != "held":
        raise BadValue("delivery_id", f"is {delivery.state}", "name a delivery that is held")
    return delivery


def _work(session: Session, settings: Settings, source: Source, delivery: Delivery, waive: bool = False) -> _Work:
    before = (delivery.as_of, delivery.delivery_id)
    found = queries.deliveries(session, queries.COLLECTED, resource=source.resource)
    full = [one for one in found if one.mode == "full" and (one.as_of, one.delivery_id) < before]
    rows_before = receipt_of(full[-1]).counts.accepted if full else None
    return _Work(settings, source, delivery, current_parts(session, settings, source, before), rows_before, waive)


def _collect(store_: Store, settings: Settings, source: Source, delivery: Delivery, *, waive: bool = False, at: str = "") -> Receipt:
    """Collect a delivery: the long work outside any transaction, the outcome in one."""
    with store_.session(read_only=True) as session:
        work = _work(session, settings, source, delivery, waive)
    with ExitStack() as stack:
        waiting = stack.enter_context(QuarantineRows(delivery.delivery_id, source.resource))
        try:
            counts = _written(work, waiting, stack)
        except BadDelivery as error:
            return _hold(store_, work, error, waiting)
        with store_.session() as session:
            return _settle(session, work, counts, waiting, at)


def _collect_in(session: Session, work: _Work) -> Receipt:
    """Collect a pushed delivery inside the caller's transaction. Raises BadDelivery when it cannot be read."""
    with ExitStack() as stack:
        waiting = stack.enter_context(QuarantineRows(work.delivery.delivery_id, work.source.resource))
        counts = _written(work, waiting, stack)
        return _settle(session, work, counts, waiting, "")


def _written(work: _Work, waiting: QuarantineRows, stack: ExitStack) -> Counts:
    """Write the lake file and place it; what was counted. Nothing is visible before `_settle`."""
    source, delivery = work.source, work.delivery
    opened = open_delivery(source, store.raw_file(work.settings, delivery.sha256), pushed=delivery.form == "message")
    plan = match_columns(source, opened.names)
    cleaner = Cleaner(source)
    place = store.lake_file(work.settings, source.resource, delivery.delivery_id)
    writer = stack.enter_context(LakeWriter(place, cleaner.schema, _repetitive(source), HASHES))
    tally = take_rows(opened, plan, cleaner, writer, waiting, waive=work.waive)
    repeats = find_repeats(writer.finish(), tally.halves, delivery.mode)
    if repeats.dropped or repeats.renamed:
        again = stack.enter_context(LakeWriter(place.with_suffix(".settled.parquet"), cleaner.schema, _repetitive(source), HASHES))
        write_settled(writer.temporary, repeats, again)
        again.finish().replace(writer.temporary)
    kept = tally.accepted - len(repeats.dropped)
    if not work.waive:
        check_delivery(source, kept, shares(tally.filled, tally.accepted), work.rows_before)
    counts = _counted(work, tally, waiting, opened.encoding)
    counts = replace(counts, accepted=kept, duplicates=len(repeats.dropped), repeated_keys=len(repeats.renamed))
    counts = _compared(work, writer.temporary, counts)
    writer.place()
    return counts


def _repetitive(source: Source) -> list[str]:
    """Fields whose few values are worth a dictionary in the lake."""
    few = ("code", "flag", "date", "integer")
    return ["problems", *(field for column in source.columns if column.type in few for field in (column.field, f"{column.field}__raw"))]


def _counted(work: _Work, tally: Tally, waiting: QuarantineRows, encoding: str) -> Counts:
    previous = work.earlier[-1].delivery_id if work.earlier else ""
    return Counts(
        received=tally.received, rejected=dict(waiting.reasons), problems=dict(tally.problems), encoding=encoding, previous=previous
    )


def _compared(work: _Work, fresh: Path, counts: Counts) -> Counts:
    """New, changed, unchanged and ended records against what the resource said before."""
    if not work.earlier:
        return replace(counts, new=counts.accepted)
    full = work.delivery.mode == "full"
    told = compare_files(fresh, work.earlier[0].path) if len(work.earlier) == 1 else None
    if told is None:
        told = _asked(work, fresh, "" if full else queries.ONLY_FRESH)
    ended = told.before - told.changed - told.unchanged if full else 0
    return replace(counts, new=told.new, changed=told.changed, unchanged=told.unchanged, ended=ended)


def _asked(work: _Work, fresh: Path, limit: str) -> Told:
    duck, sql, params = open_current(work.settings, work.earlier, "record.record_id, record.row_hash", limit)
    with duck:
        return Told(*duck.execute(queries.COMPARE.format(current=sql), params | {"fresh": str(fresh)}).fetchall()[0])


def _settle(session: Session, work: _Work, counts: Counts, waiting: QuarantineRows, at: str) -> Receipt:
    """Make the delivery visible: rows that wait, the receipt and the ledger line, all in one transaction."""
    delivery = replace(work.delivery, state="collected", reason="", message="", receipt=counts_text(counts))
    if not session.run(
        queries.SETTLE, {name: getattr(delivery, name) for name in ("state", "reason", "message", "receipt", "delivery_id")}
    ):
        found = queries.find_delivery(session, delivery.delivery_id)
        assert found is not None
        return receipt_of(found, already_received=True)
    session.run(queries.DROP_QUARANTINE, {"delivery_id": delivery.delivery_id})
    queries.add_quarantine(session, waiting.stored())
    _write_line(session, work.source, delivery, counts, at)
    return receipt_of(delivery)


def _hold(store_: Store, work: _Work, error: BadDelivery, waiting: QuarantineRows) -> Receipt:
    """Hold the whole delivery: nothing enters the lake, the reason stands in the receipt and the ledger."""
    counts = Counts(received=waiting.received, rejected=dict(waiting.reasons))
    delivery = replace(
        work.delivery, state="held", reason=error.reason, message=error.message.replace("\0", ""), receipt=counts_text(counts)
    )
    params = {name: getattr(delivery, name) for name in ("state", "reason", "message", "receipt", "delivery_id")}
    with store_.session() as session:
        if session.run(queries.SETTLE, params) and work.delivery.reason != error.reason:
            _write_line(session, work.source, delivery, counts, "")
    return receipt_of(delivery)


def _write_line(session: Session, source: Source, delivery: Delivery, counts: Counts, at: str) -> None:
    told = {name: value for name, value in asdict(counts).items() if name not in ("problems", "encoding")}
    body = {
        "resource": delivery.resource,
        "delivery": delivery.delivery_id,
        "sha256": delivery.sha256,
        "as_of": delivery.as_of,
        "state": delivery.state,
        "reason": delivery.reason,
        "counts": told,
    }
    line = ledger.Line("delivery", at or delivery.received_at, actor=delivery.received_from, department=source.department, body=body)
    ledger.append(session, line)
