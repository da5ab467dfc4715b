"""Fusion in reading order: records → mentions → premises, organisations, people → codes → members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from datong import collect
from datong.fuse import queries
from datong.fuse.codebook import last_event, note_empty_and_revived
from datong.fuse.keys import code_key
from datong.fuse.members import write_whole
from datong.fuse.mentions import add_mentions, add_tie_rules, prepare, tables_of
from datong.fuse.model import load_models
from datong.fuse.numbers import read_numbers
from datong.fuse.premises import link_premises
from datong.fuse.report import note_in_ledger
from datong.fuse.resolve import link_organisations, link_people
from datong.fuse.since import last_delivery, note_fused
from datong.fuse.work import Work
from datong.settings import Settings
from datong.spec import Packs, Source
from datong.store import Session, Store, open_duck_on_disk


@dataclass(frozen=True)
class Report:
    """What a run did: counts by name."""

    counts: Mapping[str, int]


def run(store: Store, settings: Settings, packs: Packs, now: str) -> Report:
    """Fuse every current record of every resource. Running it again on the same records changes no code."""
    with store.session() as session:
        upto = last_delivery(session)
        report = fuse_records(session, settings, packs, current_records(session, settings, packs), now)
        note_fused(session, upto)
        return report


def current_records(session: Session, settings: Settings, packs: Packs) -> Iterator[tuple[Source, pa.Table]]:
    """Every resource that names subjects, with its current records, some at a time."""
    for resource in sorted(packs.sources):
        source = packs.sources[resource]
        if source.subjects:
            for records in tables_of(collect.scan(session, settings, source)):
                yield source, records


def fuse_records(session: Session, settings: Settings, packs: Packs, records: Iterable[tuple[Source, pa.Table]], now: str) -> Report:
    """Fuse these records as all there are."""
    with open_duck_on_disk(settings) as con:
        con.execute("SET preserve_insertion_order = false")
        work = Work(con, session, settings, packs, load_models(packs), code_key(settings), now, first_event=last_event(session))
        prepare(con)
        add_tie_rules(con, packs)
        for source, table in records:
            work.count("records", table.num_rows)
            add_mentions(con, source, table)
        work.count("mentions", work.rows("SELECT count(*) FROM mention")[0][0])
        link(work)
        write_whole(work)
        note_empty_and_revived(work)
        note_in_ledger(work)
    return Report(dict(sorted(work.counts.items())))


def link(work: Work) -> None:
    """Link all mentions at hand: premises vouch for organisations and people, organisations for people."""
    for sql in (queries.LINK, queries.BESIDE, queries.VOUCHERS):
        work.con.execute(sql)
    read_numbers(work)
    link_premises(work)
    work.con.execute(queries.PLACES_OF_MENTIONS)
    link_organisations(work)
    work.con.execute(queries.ORGANISATIONS_OF_MENTIONS)
    link_people(work)
