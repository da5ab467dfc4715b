"""Fuse what came since the last run: the cost follows the deliveries, not the city. Ends in what a whole run ends in.

What a whole run alone settles: stored address texts that a new door would now explain, rows of the tree under a county
that is no more, wordings newly confirmed, and the changes of places that `change_at_once` leaves to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from datong import collect
from datong.domain.codes import kind_of
from datong.fuse import store_queries as stored
from datong.fuse.add import add
from datong.fuse.code import Event
from datong.fuse.codebook import append_events
from datong.settings import Settings
from datong.spec import Packs, Source
from datong.store import Session, Store, in_chunks, marks

AT_ONCE = 2_000
"""Records in one small world."""
STATE = "deliveries"
"""Name of the state that says up to which delivery everything is fused."""
After = Callable[[Session, set[str]], object]
"""Done in the same transaction with the codes touched: refresh the registers."""


@dataclass
class Caught:
    """What was fused: records by resource, records that ended, and every code touched."""

    records: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)


def is_behind(session: Session) -> bool:
    """Whether the city was fused whole before, so that only what came since is left to do."""
    return session.one(stored.STATE, {"name": STATE}) is not None


def last_delivery(session: Session) -> str:
    """The last delivery collected so far."""
    row = session.one(stored.LAST_DELIVERY)
    return str(row[0]) if row and row[0] else ""


def note_fused(session: Session, delivery: str) -> None:
    """Note that every delivery up to this one is fused."""
    session.run(stored.SET_STATE_VALUE, {"name": STATE, "value": delivery})


def catch_up(store: Store, settings: Settings, packs: Packs, now: str, after: After) -> Caught:
    """Fuse the deliveries collected since the last run, a resource in a transaction, those that build the tree first.

    Interrupted, it goes on where it stopped: a record that stands already as its delivery has it is passed over.
    """
    caught = Caught()
    with store.session(read_only=True) as session:
        row = session.one(stored.STATE, {"name": STATE})
        fresh = session.all(stored.DELIVERIES_SINCE, {"last": str(row[0]) if row else ""})
    by_resource: dict[str, list[tuple[str, str]]] = {}
    for delivery, resource, mode in fresh:
        by_resource.setdefault(resource, []).append((delivery, mode))
    sources = [packs.sources[resource] for resource in by_resource if resource in packs.sources and packs.sources[resource].subjects]
    for source in sorted(sources, key=lambda one: (one.tree != "authority", one.resource)):
        with store.session() as session:
            touched = _fuse_resource(session, settings, packs, source, by_resource[source.resource], caught=caught, now=now)
            after(session, touched)
            caught.codes |= touched
    with store.session() as session:
        _note_empty(session, caught.codes, now)
        session.run(stored.SET_STATE_VALUE, {"name": STATE, "value": max((row[0] for row in fresh), default=str(row[0]) if row else "")})
    return caught


def _fuse_resource(
    session: Session, settings: Settings, packs: Packs, source: Source, deliveries: list[tuple[str, str]], *, caught: Caught, now: str
) -> set[str]:
    full = any(mode == "full" for _, mode in deliveries)
    brought = None if full else [delivery for delivery, _ in deliveries]
    seen: set[str] = set()
    touched: set[str] = set()
    count = 0
    for table in _tables(collect.scan(session, settings, source, deliveries=brought)):
        ids = table.column("record_id").to_pylist()
        seen.update(ids if full else ())
        news = _news(session, source, table)
        if news.num_rows:
            touched.update(add(session, settings, packs, source.resource, news, now=now))
            count += news.num_rows
    caught.records[source.resource] = count
    if full:
        gone = [row[0] for row in session.all(stored.RECORDS_OF_RESOURCE, {"resource": source.resource}) if row[0] not in seen]
        touched |= end_records(session, settings, packs, source.resource, gone, now=now)
        caught.ended[source.resource] = len(gone)
    return touched


def end_records(session: Session, settings: Settings, packs: Packs, resource: str, records: Iterable[str], *, now: str) -> set[str]:
    """Take records that their source no longer sends from the subjects they spoke of, and link what remains of these anew."""
    ended = sorted(set(records))
    touched: set[str] = set()
    for record in ended:
        where = {"resource": resource, "record_id": record}
        touched |= {row[0] for row in session.all(stored.CODES_OF_RECORD, where)}
        references = [f"{resource}/{record}/{role[0]}" for role in session.all(stored.ROLES_OF_RECORD, where)]
        for ref in references:
            session.run(stored.DROP_BLOCK_CODE, {"code": f"rec:{ref}"})
        for chunk in in_chunks(references):
            session.run(stored.DROP_UNSURE_OF.format(marks=marks(chunk)), chunk)
        session.run(stored.DROP_RECORD, where)
    for code in sorted(touched):
        session.run(stored.DROP_BLOCK_CODE, {"code": code})
    return touched | _link_anew(session, settings, packs, touched, now)


def _link_anew(session: Session, settings: Settings, packs: Packs, codes: set[str], now: str) -> set[str]:
    """Push the records of these subjects once more, as the lake has them."""
    records: dict[str, set[str]] = {}
    for chunk in in_chunks(codes):
        for resource, record in session.all(stored.RECORDS_OF_CODES.format(marks=marks(chunk)), chunk):
            records.setdefault(resource, set()).add(record)
    touched: set[str] = set()
    for resource, wanted in sorted(records.items()):
        if resource not in packs.sources:
            continue
        source = packs.source(resource)
        ids = pa.array(sorted(wanted))
        found = (batch.filter(pc.is_in(batch.column("record_id"), ids)) for batch in collect.scan(session, settings, source))
        for table in _tables(batch for batch in found if batch.num_rows):
            touched |= set(add(session, settings, packs, resource, table, now=now))
    return touched


def _tables(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The batches as tables of a bounded size."""
    for batch in batches:
        for start in range(0, batch.num_rows, AT_ONCE):
            yield pa.Table.from_batches([batch.slice(start, AT_ONCE)])


def _news(session: Session, source: Source, table: pa.Table) -> pa.Table:
    """The records that are newer than what stands; a message that came meanwhile may be newer than a file."""
    standing: dict[str, tuple[str, str]] = {}
    for chunk in in_chunks(table.column("record_id").to_pylist()):
        rows = session.all(stored.STANDING_RECORDS.format(marks=marks(chunk)), {"resource": source.resource, **chunk})
        standing.update((row[0], (row[1], row[2])) for row in rows)
    columns = (table.column(name).to_pylist() for name in ("record_id", "as_of", "delivery_id"))
    newer = [standing.get(record, ("", "")) < (as_of, delivery) for record, as_of, delivery in zip(*columns, strict=True)]
    return table.filter(pa.array(newer))


def _note_empty(session: Session, codes: set[str], now: str) -> None:
    """Mark those of the codes that no record speaks of any more, and those that came back."""
    for chunk in in_chunks(codes):
        for state, event, sql in (("empty", "emptied", stored.NOW_EMPTY_OF), ("active", "revived", stored.NOW_REVIVED_OF)):
            for (code,) in session.all(sql.format(marks=marks(chunk)), chunk):
                session.run(stored.SET_STATE, {"code": code, "state": state})
                append_events(session, kind_of(code), [Event(event, code)], now)
