"""For a few new records: bring in the stored mentions they may belong with, so that linking sees what a whole run would see.

Brought in are the subjects whose number a new mention carries or whose block it shares, and, for stored mentions
without a number among them, the subjects these in turn share a block with (read only: they keep their place).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from datong.domain.access import Register
from datong.fuse import queries
from datong.fuse import store_queries as stored
from datong.fuse.candidates import short_blocks
from datong.fuse.codebook import codes_of_anchors
from datong.fuse.known import BY_COMPARISON
from datong.fuse.mentions import EVIDENCE
from datong.fuse.numbers import read_numbers
from datong.fuse.open import lay_out_profiles, read_profiles
from datong.fuse.work import Work
from datong.store import in_chunks, marks

OPEN_RULES = BY_COMPARISON | {"open"}
WAITING = "rec:"
"""Stands before the reference of a mention without a subject, in place of a code, in the `block` table."""
_READINGS = {"person": ("id_reading", "citizen_id"), "organisation": ("credit_reading", "credit_code")}


def gather(work: Work, kind: Register, also: Iterable[str] = ()) -> None:
    """Bring in what the mentions at hand may belong with, and in any case the subjects `also`."""
    work.con.execute(queries.FORGET_VOUCHERS)
    work.con.execute(queries.PLACES_OF_MENTIONS)
    if kind == "person":
        work.con.execute(queries.ORGANISATIONS_OF_MENTIONS)
        work.con.execute(queries.RELATIVES_OF_MENTIONS)
    near = _codes_by_number(work, kind) | _codes_by_block(work, kind, None) | set(also)
    first = _bring(work, kind, near) if near else []
    waiting = [n for n, rule in first if rule in OPEN_RULES]
    if waiting:
        far = _codes_by_block(work, kind, waiting) - near
        read_only = {n for n, _ in _bring(work, kind, far)}
        work.held |= {ref for ref, n in work.loaded.items() if n in read_only}
    if first:
        read_numbers(work)


def _codes_by_number(work: Work, kind: Register) -> set[str]:
    table, column = _READINGS[kind]
    anchors = [row[0] for row in work.rows(queries.ANCHORS_AT_HAND.format(table=table, column=column, kind=kind))]
    return set(codes_of_anchors(work.session, kind, anchors).values())


def _codes_by_block(work: Work, kind: Register, among: list[int] | None) -> set[str]:
    """Codes that share a block with the mentions at hand (or with some of them)."""
    only = "" if among is None else f"AND m.n IN ({', '.join(map(str, among))})"
    work.con.execute(queries.ALL_OPEN.format(kind=kind, only=only))
    work.con.execute(queries.NOBODY_SINGLED)
    model = work.models[kind]
    lay_out_profiles(work, kind)
    blocks = {block for one in read_profiles(work, kind) for block in short_blocks(one.who, model)}
    rows: list[tuple[str, str]] = []
    for chunk in in_chunks(blocks):
        rows += [(row[0], row[1]) for row in work.session.all(stored.CODES_OF_BLOCKS.format(marks=marks(chunk)), {"kind": kind, **chunk})]
    crowd = Counter(block for block, _ in rows)
    return {code for block, code in rows if crowd[block] <= model.largest_block}


def _bring(work: Work, kind: Register, codes: Iterable[str]) -> list[tuple[int, str]]:
    """Load subjects' stored mentions, and beside them what else their records speak of; (number, rule) of the former."""
    wanted = set(codes)
    return take(work, kind, wanted, stored_rows(work, wanted))


def stored_rows(work: Work, wanted: set[str]) -> list[tuple[Any, ...]]:
    """The stored mentions of subjects (and of waiting references, `rec:…`), with all that their records speak of."""
    rows: list[tuple[Any, ...]] = []
    for chunk in in_chunks(code for code in wanted if not code.startswith(WAITING)):
        rows += work.session.all(stored.MEMBERS_BESIDE.format(marks=marks(chunk)), chunk)
    for waiting in sorted(code.removeprefix(WAITING) for code in wanted if code.startswith(WAITING)):
        resource, record, _ = waiting.split("/")
        rows += work.session.all(stored.MEMBERS_OF_RECORD, {"resource": resource, "record_id": record})
    return rows


def take(work: Work, kind: Register, wanted: set[str], rows: Iterable[tuple[Any, ...]]) -> list[tuple[int, str]]:
    """Put stored mentions among those at hand: the wanted subjects' to be linked, the rest to vouch for them; (number, rule)
    of the former. One whose words stand with another record of the subject (an empty body) is left where it is."""
    brought = []
    fresh: list[tuple[Any, ...]] = []
    beside: list[int] = []
    raised: list[int] = []
    seen = set()
    for row in rows:
        ref = "/".join(row[:3])
        if ref in work.fresh or ref in seen or f"{row[0]}/{row[1]}" in work.fresh_records:
            continue
        seen.add(ref)
        own = row[3] == kind and (row[4] in wanted or WAITING + ref in wanted)
        if ref not in work.loaded:
            if own and not row[10]:
                continue
            work.loaded[ref] = -1 - len(work.loaded)
            fresh.append((work.loaded[ref], *row))
            if not own:
                beside.append(work.loaded[ref])
        elif own:
            raised.append(work.loaded[ref])
        if own:
            work.stored[ref] = (row[4], row[7])
            brought.append((work.loaded[ref], row[7]))
    for table in ("beside", "link") if raised else ():
        work.con.execute(f"DELETE FROM {table} WHERE n IN ({', '.join(map(str, raised))})")  # noqa: S608  numbers of our own
    _insert(work, fresh, beside)
    return brought


def _insert(work: Work, rows: list[tuple[Any, ...]], beside: list[int]) -> None:
    """Put stored members back into the working tables, as the mentions they were."""
    if not rows:
        return
    names = ("n", *stored.MEMBER_COLUMNS)
    columns = dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True))
    columns["n"] = [str(n) for n in columns["n"]]
    columns["score"] = [str(score) for score in columns["score"]]
    columns["department"] = [_department(work, resource) for resource in columns["resource"]]
    work.table("stored", columns)
    evidence = ", ".join(f"json_extract_string(body, '$.f.{name}') AS \"{name}\"" for name in EVIDENCE)
    work.con.execute(queries.RESTORE.format(evidence=evidence))
    work.con.execute(queries.RESTORE_TEXTS)
    work.table("at_side", {"n": [str(n) for n in beside]})
    work.con.execute("INSERT INTO beside SELECT CAST(n AS BIGINT) FROM at_side")
    work.con.execute(queries.RESTORE_LINKS)


def _department(work: Work, resource: str) -> str:
    source = work.packs.sources.get(resource)
    return source.department if source else ""
