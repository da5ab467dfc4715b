"""A judgement takes effect at once: the subjects it touches are linked anew, through the same definitions as a whole run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from datong import collect
from datong.domain.access import Register
from datong.domain.judgement import read_reference
from datong.fuse import queries
from datong.fuse import store_queries as stored
from datong.fuse.add import small_world
from datong.fuse.gather import OPEN_RULES, WAITING, gather, stored_rows, take
from datong.fuse.members import write_some
from datong.fuse.mentions import add_mentions
from datong.fuse.numbers import read_numbers
from datong.fuse.premises import link_premises
from datong.fuse.report import note_in_ledger
from datong.fuse.resolve import link_organisations, link_people
from datong.fuse.work import Work
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session, in_chunks, marks

MOST_FOLLOWING = 5_000
"""Mentions that follow a merged or split organisation or home at once; beyond, the next whole run lets them follow."""
_LATER: dict[Register, tuple[Register, ...]] = {"premises": ("organisation", "person"), "organisation": ("person",), "person": ()}


def relink(session: Session, settings: Settings, packs: Packs, kind: Register, ends: Iterable[str], *, now: str) -> list[str]:
    """Link anew the subjects that these references (`resource/record_id/role`) or codes belong to, after a judgement on them.

    Numbers, blocks, comparisons, verdicts and codes are those of a whole run; only the subjects at hand and those they may
    belong with are looked at. What vouches for others follows: organisations for their people, premises for both.
    Gives the codes of every subject touched, for the registers to be derived again.
    """
    touched = _link_anew(session, settings, packs, (kind, _wanted(session, ends)), now)
    for later in _LATER[kind]:
        following = _following(session, later, touched)
        if following and len(following) <= MOST_FOLLOWING:
            touched |= _link_anew(session, settings, packs, (later, following), now)
    return sorted(touched)


def _wanted(session: Session, ends: Iterable[str]) -> set[str]:
    """The codes that the ends stand under today; a mention without a subject stands for itself."""
    wanted: set[str] = set()
    for end in ends:
        if "/" not in end:
            wanted.add(end)
            continue
        row = session.one(stored.MEMBER_BY_REFERENCE, vars(read_reference(end)))
        if row is not None:
            wanted.add(row[0] or WAITING + end)
    return wanted


def _following(session: Session, kind: Register, codes: set[str]) -> set[str]:
    """Subjects and waiting mentions of a kind, without a number of their own, in whose records one of these codes stands."""
    found: set[str] = set()
    for chunk in in_chunks(codes):
        for row in session.all(stored.MEMBERS_BESIDE.format(marks=marks(chunk)), chunk):
            if row[3] == kind and row[7] in OPEN_RULES:
                found.add(row[4] or WAITING + "/".join(row[:3]))
    return found


def _link_anew(session: Session, settings: Settings, packs: Packs, what: tuple[Register, set[str]], now: str) -> set[str]:
    kind, wanted = what
    if not wanted:
        return set()
    with small_world(session, settings, packs, now) as work:
        _load(work, kind, wanted)
        _link(work, kind, wanted)
        touched = write_some(work, "", ())
        _keep_words(work)
        note_in_ledger(work)
    return touched | {one for one in wanted if not one.startswith(WAITING)}


def _load(work: Work, kind: Register, wanted: set[str]) -> None:
    """Bring in every mention of the subjects concerned, each with its own words, and beside them what their records speak of."""
    for sql in (queries.LINK, queries.BESIDE, queries.VOUCHERS):
        work.con.execute(sql)
    columns = ("text", "place_id", "verdict", "reason", "division", "code")
    work.table("text_place", {name: [] for name in columns})
    rows = stored_rows(work, wanted)
    take(work, kind, wanted, _with_words(work, kind, wanted, rows))
    if kind == "premises":
        link_premises(work)
    read_numbers(work)


def _link(work: Work, kind: Register, wanted: set[str]) -> None:
    if kind == "premises":
        return
    gather(work, kind, wanted)
    work.con.execute(queries.FORGET_VOUCHERS)
    work.con.execute(queries.PLACES_OF_MENTIONS)
    if kind == "person":
        work.con.execute(queries.ORGANISATIONS_OF_MENTIONS)
        link_people(work)
    else:
        link_organisations(work)


def _keep_words(work: Work) -> None:
    """A mention people judged keeps its words with it: the next one to look at it needs them."""
    for resource, record, role, body in work.rows(queries.BODIES_OF_JUDGED):
        work.session.run(stored.SET_BODY, {"resource": resource, "record_id": record, "role": role, "body": body})


def _with_words(work: Work, kind: Register, wanted: set[str], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows with a body each: what a record repeats word for word is kept once, with another record of the subject."""
    own = [row for row in rows if row[3] == kind and (row[4] in wanted or WAITING + "/".join(row[:3]) in wanted)]
    kept: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in own:
        if row[10]:
            kept[row[4], row[0], row[2]].add(row[10])
    twins = {"/".join(row[:3]): next(iter(kept[row[4], row[0], row[2]])) for row in own if len(kept[row[4], row[0], row[2]]) == 1}
    asked = own if kind == "premises" else [row for row in own if not row[10] and "/".join(row[:3]) not in twins]
    words = twins | _from_lake(work, asked)
    return [(*row[:10], row[10] or words.get("/".join(row[:3]), "")) for row in rows]


def _from_lake(work: Work, rows: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """Reference → body, read again from the records as they were cleaned; the parts of premises are left where the tree is built."""
    records: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"deliveries": set(), "records": set()})
    for row in rows:
        records[row[0]]["deliveries"].add(row[5])
        records[row[0]]["records"].add(row[1])
    for resource, asked in sorted(records.items()):
        source = work.packs.sources.get(resource)
        if source is None:
            continue
        wanted = pa.array(sorted(asked["records"]))
        batches = collect.scan(work.session, work.settings, source, deliveries=asked["deliveries"])
        parts = [batch.filter(pc.is_in(batch.column("record_id"), wanted)) for batch in batches]
        if any(part.num_rows for part in parts):
            add_mentions(work.con, source, pa.Table.from_batches(parts))
    found = dict(work.rows("SELECT resource || '/' || record_id || '/' || role, body || '}' FROM mention"))
    work.con.execute("DELETE FROM mention")
    return found
