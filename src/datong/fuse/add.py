"""A few pushed records, through the same definitions as a whole run: only the subjects they touch are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import pyarrow as pa

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse.codebook import last_event
from datong.fuse.gather import gather
from datong.fuse.keys import code_key
from datong.fuse.members import write_some
from datong.fuse.mentions import add_mentions, add_tie_rules, prepare, table_of
from datong.fuse.model import declared_models
from datong.fuse.numbers import read_numbers
from datong.fuse.places import PART
from datong.fuse.premises import link_premises
from datong.fuse.report import note_in_ledger
from datong.fuse.resolve import link_organisations, link_people
from datong.fuse.work import Work
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session, open_duck

Records: TypeAlias = pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch] | Iterable[Mapping[str, Any]]


def add(session: Session, settings: Settings, packs: Packs, resource: str, records: Records, *, now: str) -> list[str]:
    """Link records of one resource that have just been stored; the codes of every subject they touched.

    `records` have the lake's columns with `delivery_id` and `as_of` (Arrow, or mappings). A record that was linked
    before is linked anew. The outcome for these records is that of a whole run.
    """
    table = _table(records)
    if table is None or not table.num_rows:
        return []
    with small_world(session, settings, packs, now) as work:
        add_mentions(work.con, packs.source(resource), table)
        references = work.rows(queries.REFERENCES)
        work.fresh, work.fresh_records = {row[0] for row in references}, {row[1] for row in references}
        _link(work)
        touched = write_some(work, resource, [str(value) for value in table.column("record_id").to_pylist()])
        note_in_ledger(work)
    return sorted(touched | work.moved)


@contextmanager
def small_world(session: Session, settings: Settings, packs: Packs, now: str) -> Iterator[Work]:
    """A run that sees a few records only, with its empty working tables. A failure forgets the places kept with the store,
    which the run may have changed."""
    con = open_duck(settings)
    con.execute("SET threads = 1")
    try:
        prepare(con)
        add_tie_rules(con, packs)
        yield Work(con, session, settings, packs, declared_models(session, packs), code_key(settings), now, False, last_event(session))
    except BaseException:
        session.store.parts.pop(PART, None)
        raise
    finally:
        con.close()


def _link(work: Work) -> None:
    """As `flow.link`, bringing in before each register the stored subjects that the new mentions may belong to."""
    for sql in (queries.LINK, queries.BESIDE, queries.VOUCHERS):
        work.con.execute(sql)
    read_numbers(work)
    spoken_of = {row[0] for row in work.rows("SELECT DISTINCT kind FROM mention")}
    link_premises(work)
    steps: tuple[tuple[Register, Callable[[Work], None]], ...] = (("organisation", link_organisations), ("person", link_people))
    for kind, link in steps:
        if kind in spoken_of:
            gather(work, kind)
            work.con.execute(queries.FORGET_VOUCHERS)
            work.con.execute(queries.PLACES_OF_MENTIONS)
            if kind == "person":
                work.con.execute(queries.ORGANISATIONS_OF_MENTIONS)
            link(work)


def _table(records: Records) -> pa.Table | None:
    if isinstance(records, pa.Table):
        return records
    if isinstance(records, pa.RecordBatch):
        return table_of([records])
    rows: list[Any] = list(records)
    if rows and isinstance(rows[0], pa.RecordBatch):
        return table_of(rows)
    names = sorted({name for row in rows for name in row})
    columns = {name: pa.array([None if row.get(name) is None else str(row[name]) for row in rows], pa.string()) for name in names}
    return pa.table(columns) if rows else None
