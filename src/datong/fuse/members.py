"""Write what linking found: members, blocks, unsure pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datong.fuse import queries
from datong.fuse import store_queries as stored
from datong.fuse.work import Work
from datong.store import Index, in_chunks, marks

_AT_ONCE = 2_000_000
MEMBER_BY_RECORD = Index("member_by_record", "member", ("resource", "record_id", "role"), unique=True)
_UNSURE_COLUMNS = ("kind", "left_ref", "right_code", "score", "evidence")


def write_whole(work: Work) -> None:
    """Replace the members, blocks and unsure pairs of the whole city."""
    session = work.session
    for sql in (stored.DROP_MEMBERS, stored.DROP_BLOCKS, stored.DROP_UNSURE):
        session.run(sql)
    work.con.execute(queries.MAKE_CLOSED.format(only="false"))
    for (resource,) in work.rows("SELECT DISTINCT resource FROM mention ORDER BY resource"):
        work.con.execute(queries.ADD_CLOSED.format(only=f"m.resource = '{resource}'"))
    with session.without_index(MEMBER_BY_RECORD):
        for low, high in _ranges(work):
            session.load("member", stored.MEMBER_COLUMNS, work.stream(queries.MEMBERS.format(low=low, high=high)))
    session.load("block", stored.BLOCK_COLUMNS, work.stream(queries.BLOCKS_OUT))
    pairs = _likeliest(work)
    session.load("unsure", _UNSURE_COLUMNS, pairs)
    work.count("unsure_pairs", len(pairs))
    for rule, number in work.rows("SELECT rule, count(*) FROM link GROUP BY rule ORDER BY rule"):
        work.count(f"linked_by_{rule}", number)


def write_some(work: Work, resource: str, records: Iterable[str]) -> set[str]:
    """Write the links of a few pushed records and of the stored mentions they moved; the codes of all subjects touched."""
    session = work.session
    touched: set[str] = set()
    for record in records:
        where = {"resource": resource, "record_id": record}
        touched |= {row[0] for row in session.all(stored.CODES_OF_RECORD, where)}
        session.run(stored.DROP_RECORD, where)
    for _, code, into in session.all(stored.MERGED_SINCE, {"seq": work.first_event}):
        _follow_merge(work, code, into)
        touched |= {code, into}
    work.con.execute(queries.MAKE_CLOSED.format(only="m.n > 0"))
    rows = work.rows(queries.MEMBERS.format(low="", high="~"))
    session.load("member", stored.MEMBER_COLUMNS, rows)
    touched |= {row[4] for row in rows}
    touched |= _move(work)
    looked_at = _looked_at(work)
    session.many(stored.DROP_BLOCK_CODE, ({"code": f"rec:{ref}"} for ref in looked_at))
    session.many(stored.SET_BLOCK, ({"kind": kind, "block": block, "code": code} for kind, block, code in work.rows(queries.BLOCKS_OUT)))
    _write_unsure(work, looked_at)
    return touched - {""}


def _follow_merge(work: Work, code: str, into: str) -> None:
    for sql in (stored.MOVE_CODE, stored.SET_PLACE_CODE, stored.MOVE_ANCHORS):
        work.session.run(sql, {"code": code, "into": into})
    work.session.run(stored.DROP_BLOCK_CODE, {"code": code})


def _move(work: Work) -> set[str]:
    """Move stored mentions whose link has changed; the codes they left and joined."""
    touched: set[str] = set()
    for resource, record, role, code, rule, score, evidence in work.rows(queries.LINKS_OF_REFERENCES):
        ref = f"{resource}/{record}/{role}"
        was = work.stored.get(ref)
        if was is None or ref in work.held or was == (code, rule):
            continue
        body = {"resource": resource, "record_id": record, "role": role, "code": code, "rule": rule, "score": score, "evidence": evidence}
        work.session.run(stored.MOVE_MEMBER, body)
        touched |= {was[0], code}
    return touched


def _looked_at(work: Work) -> list[str]:
    """References whose link this small run decided."""
    return sorted(work.fresh | {ref for ref in work.loaded if ref not in work.held})


def _likeliest(work: Work) -> list[tuple[str, str, str, float, str]]:
    """The pairs for a reviewer, each once: a subject that people joined of two numbers is met by both, and the likelier counts."""
    best = {row[:3]: row for row in sorted(work.unsure, key=lambda row: (row[3], row[4]))}
    return [best[pair] for pair in sorted(best)]


def _write_unsure(work: Work, looked_at: list[str]) -> None:
    for chunk in in_chunks(looked_at):
        work.session.run(stored.DROP_UNSURE_OF.format(marks=marks(chunk)), chunk)
    for row in _likeliest(work):
        if row[1] in looked_at:
            work.session.run(stored.SET_UNSURE, dict(zip(_UNSURE_COLUMNS, row, strict=True)))


def _ranges(work: Work) -> Iterator[tuple[str, str]]:
    """Ranges of codes (from, to before) in order, each of as many members as are sorted in memory with ease."""
    low, held = "", 0
    for prefix, number in work.rows(queries.SIZES_OF_PREFIXES):
        if held and held + number > _AT_ONCE:
            yield low, prefix
            low, held = prefix, 0
        held += number
    yield low, "~"
