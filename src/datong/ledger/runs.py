"""Find lines by subject and by actor on SQLite: sorted runs over stretches of the log.

An index of the table would touch a page of its own for nearly every line, which costs more than all the rest of writing it. So the
newest lines stand in no index: every few thousand of them are sorted into a *run* at once, in the transaction that completes them,
and what is newer still is searched as it stands. Many short runs are joined to one long run by the worker, a piece at a time; every
committed state has each line in just one run, so readers need not know. On PostgreSQL the table has indices, and nothing here is used.

Stretches are read by their place in the table: `NOT INDEXED` keeps SQLite from going through all lines in the order of their times.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from datong.store import Row, Session, Store

EVERY = 2048
"""Lines after which those without a run are sorted into one: as many are searched unsorted at most."""
FAN = 32
"""Runs of one length that are joined to one of the next."""
PIECE = 2048
"""Rows of one index moved in one transaction while runs are joined, at most."""
COLUMNS = {
    "subject": ("subject", "at", "leaf_index", "actor", "type", "purpose", "department", "unit"),
    "actor": ("actor", "at", "leaf_index", "subject", "type", "purpose", "department", "unit"),
}
"""What each index holds of a line, its key first."""

_STATE = "SELECT coalesce(max(last), -1), coalesce(max(run), 0) FROM ledger_index_run"
_LAST_LINE = "SELECT coalesce(max(leaf_index), -1) FROM ledger_line"
_ADD_RUN = """INSERT INTO ledger_index_run (run, first, last, level, at_first, at_last, goes_to)
SELECT :run, :first, :last, :level, coalesce(min(at), ''), coalesce(max(at), ''), 0 FROM ledger_line NOT INDEXED
WHERE leaf_index >= :first AND leaf_index <= :last"""
_RUNS = "SELECT run, at_first, at_last FROM ledger_index_run ORDER BY at_last DESC, run DESC"
_GOING = "SELECT run, goes_to FROM ledger_index_run WHERE goes_to <> 0 ORDER BY run"
_CROWDED = "SELECT level FROM ledger_index_run GROUP BY level HAVING count(*) >= :fan ORDER BY level LIMIT 1"
_OLDEST = "SELECT run FROM ledger_index_run WHERE level = :level ORDER BY first LIMIT :fan"
_ADD_LONG_RUN = """INSERT INTO ledger_index_run (run, first, last, level, at_first, at_last, goes_to)
SELECT :target, min(first), max(last), :level, min(at_first), max(at_last), 0 FROM ledger_index_run"""
_SEND = "UPDATE ledger_index_run SET goes_to = :target"
_END = """DELETE FROM ledger_index_run AS done WHERE goes_to = :target
AND NOT EXISTS (SELECT 1 FROM ledger_subject_index i WHERE i.run = done.run)
AND NOT EXISTS (SELECT 1 FROM ledger_actor_index i WHERE i.run = done.run)"""
_COVERING = "SELECT run, first, last, at_first, at_last FROM ledger_index_run WHERE last >= :start AND first < :end"


def sealed(session: Session) -> int:
    """The last leaf that a run reaches; -1 when there is none."""
    row = session.one(_STATE)
    return int(row[0]) if row else -1


def is_due(start: int, end: int) -> bool:
    """Whether lines from `start` to `end` complete a stretch."""
    return start // EVERY < end // EVERY


def seal(session: Session) -> None:
    """Sort every line that stands in no run into a new one."""
    state, newest = session.one(_STATE), session.one(_LAST_LINE)
    first, run, last = int(state[0]) + 1 if state else 0, int(state[1]) + 1 if state else 1, int(newest[0]) if newest else -1
    if last < first:
        return
    level, length = 0, EVERY * FAN
    while length <= last - first + 1:
        level, length = level + 1, length * FAN
    stretch = {"run": run, "first": first, "last": last}
    session.run(_ADD_RUN, {**stretch, "level": level})
    for key, columns in COLUMNS.items():
        names = ", ".join(columns)
        session.run(
            f"INSERT INTO ledger_{key}_index (run, {names}) SELECT :run, {names} FROM ledger_line NOT INDEXED "  # noqa: S608
            f"WHERE leaf_index >= :first AND leaf_index <= :last AND {key} <> '' ORDER BY {key}, at, leaf_index",
            stretch,
        )


def index_anew(session: Session) -> None:
    """Make the runs anew from the lines: the mend where a verification says that lines are not found as they stand."""
    if session.dialect != "sqlite":
        return
    for table in ("ledger_index_run", *(f"ledger_{key}_index" for key in COLUMNS)):
        session.run(f"DELETE FROM {table}")  # noqa: S608
    seal(session)


def forget(session: Session, gone: Sequence[Mapping[str, Any]]) -> None:
    """Take erased lines (leaf_index, at, subject, actor) out of the runs."""
    if session.dialect != "sqlite":
        return
    for key in COLUMNS:
        session.many(
            f"DELETE FROM ledger_{key}_index WHERE {key} = :{key} AND at = :at AND leaf_index = :leaf_index AND run IN "  # noqa: S608
            "(SELECT run FROM ledger_index_run WHERE first <= :leaf_index AND last >= :leaf_index)",
            gone,
        )


@dataclass(frozen=True)
class Search:
    """Lines wanted: by which key, the condition and its values, the times between which they lie, how many."""

    key: str
    where: str
    params: Mapping[str, Any]
    since: str
    until: str
    limit: int


def newest(session: Session, search: Search) -> list[int]:
    """The leaves of the newest lines that fit, newest first: run by run from the latest, as long as a run can still hold newer ones."""
    what, order = f"WHERE {search.where}", "ORDER BY at DESC, leaf_index DESC LIMIT :limit"
    params = {**search.params, "limit": search.limit, "sealed": sealed(session)}
    found = session.all(f"SELECT at, leaf_index FROM ledger_line NOT INDEXED {what} AND leaf_index > :sealed {order}", params)  # noqa: S608
    in_run = f"SELECT at, leaf_index FROM ledger_{search.key}_index {what} AND run = :run {order}"  # noqa: S608
    for run, first, last in session.all(_RUNS):
        if len(found) == search.limit and found[-1][0] > last:
            break
        if last < search.since or (search.until and first > search.until):
            continue
        if rows := session.all(in_run, {**params, "run": run}):
            found = sorted(found + rows, reverse=True)[: search.limit]
    return [int(leaf_index) for _, leaf_index in found]


@dataclass(frozen=True)
class Piece:
    """What one transaction does to join runs: the statements, found out before it begins."""

    statements: Sequence[tuple[str, Mapping[str, Any]]]


def join_runs(store: Store, rest: float = 0.0, seconds: float = math.inf) -> int:
    """Join short runs to long ones as long as there are too many of one length, for so many seconds; how many transactions it took.

    After each it rests so many times as long as it took, so that others write meanwhile. What is left is joined the next time.
    """
    pieces, until = 0, time.monotonic() + seconds
    while store.dialect == "sqlite" and time.monotonic() < until:
        with store.session(read_only=True) as session:
            piece = next_piece(session)
        if piece is None:
            break
        with store.session() as session:
            began = time.monotonic()
            do_piece(session, piece)
        pieces += 1
        time.sleep(rest * (time.monotonic() - began))
    return pieces


def next_piece(session: Session) -> Piece | None:
    """What is to be done next, as things stand; nothing when there is nothing to join. Runs only ever lose rows, so it stays right."""
    going = session.all(_GOING)
    if not going:
        return _beginning(session)
    target = going[0][1]
    sources = [int(run) for run, goes_to in going if goes_to == target]
    for key in COLUMNS:
        if (piece := _moving(session, key, sources, target)) is not None:
            return piece
    return Piece([(_END, {"target": target})])


def do_piece(session: Session, piece: Piece) -> None:
    """Do it, in as few statements as can be: in a busy process each waits for its turn, and who writes waits for all of them."""
    for sql, params in piece.statements:
        session.run(sql, params)


def _beginning(session: Session) -> Piece | None:
    """Begin to join the oldest runs of a length of which there are too many."""
    crowded, state = session.one(_CROWDED, {"fan": FAN}), session.one(_STATE)
    if crowded is None or state is None:
        return None
    level, target = int(crowded[0]), int(state[1]) + 1
    runs = session.all(_OLDEST, {"level": level, "fan": FAN})
    chosen = {f"run_{at}": one[0] for at, one in enumerate(runs)}
    named = {"target": target, "level": level + 1, **chosen}
    marks = ", ".join(f":{name}" for name in chosen)
    free = f"WHERE run IN ({marks}) AND goes_to = 0"
    none_yet = "AND NOT EXISTS (SELECT 1 FROM ledger_index_run WHERE run = :target) HAVING count(*) > 0"
    return Piece([(f"{_ADD_LONG_RUN} {free} {none_yet}", named), (f"{_SEND} {free}", named)])


def _moving(session: Session, key: str, sources: Sequence[int], target: int) -> Piece | None:
    """Move the first rows of all sources, up to one key for all of them; nothing when no row is left in them."""
    table, order, names = f"ledger_{key}_index", f"{key}, at, leaf_index", ", ".join(COLUMNS[key])
    runs = {f"run_{at}": run for at, run in enumerate(sources)}
    if not session.one(f"SELECT 1 FROM {table} WHERE run IN ({', '.join(f':{name}' for name in runs)}) LIMIT 1", runs):  # noqa: S608
        return None
    nth = f"SELECT * FROM (SELECT {order} FROM {table} WHERE run = :%s ORDER BY {order} LIMIT 1 OFFSET :skip)"  # noqa: S608
    ends = " UNION ALL ".join(nth % name for name in runs)
    bound = session.one(f"{ends} ORDER BY 1, 2, 3 LIMIT 1", {**runs, "skip": PIECE // len(sources)})
    upto = "" if bound is None else f" AND ({order}) <= (:key, :at, :leaf_index)"
    params = {} if bound is None else dict(zip(("key", "at", "leaf_index"), bound, strict=True))
    params["target"] = target
    those = f"FROM {table} WHERE run IN (SELECT run FROM ledger_index_run WHERE goes_to = :target){upto}"  # noqa: S608
    copied = f"INSERT INTO {table} (run, {names}) SELECT :target, {names} {those} ORDER BY {order}"
    return Piece([(copied, params), (f"DELETE {those}", params)])


def unfound(session: Session, start: int, end: int) -> tuple[dict[str, int], list[str]]:
    """How many rows the runs must have for the lines from `start` to `end`, by key; and the keys of which one lacks or says otherwise."""
    counted, wrong = dict.fromkeys(COLUMNS, 0), []
    behind = max(start, min(end, sealed(session) + 1))
    runs = session.all(_COVERING, {"start": start, "end": behind})
    cuts = sorted({start, behind, *(one for _, first, last, *_ in runs for one in (first, last + 1) if start < one < behind)})
    for first, beyond in pairwise(cuts):
        covering = [run for run in runs if run[1] <= first and run[2] >= beyond - 1]
        for key in COLUMNS:
            lines, lacking, earliest, latest = session.all(_lacking(key, covering), {"first": first, "beyond": beyond})[0]
            counted[key] += lines
            outside = lines and any(run[3] > earliest or run[4] < latest for run in covering)
            if (lacking or outside) and key not in wrong:
                wrong.append(key)
    return counted, wrong


def _lacking(key: str, runs: Sequence[Row]) -> str:
    """Counts a stretch's lines, those of them that none of the runs has as they stand, and says between which times they lie."""
    same = " AND ".join(f"e.{name} = l.{name}" for name in COLUMNS[key])
    there = f"SELECT 1 FROM ledger_{key}_index e WHERE e.run IN ({', '.join(str(int(run[0])) for run in runs)}) AND {same}"  # noqa: S608
    return f"""SELECT count(*), coalesce(sum(NOT EXISTS ({there})), 0), min(l.at), max(l.at) FROM ledger_line l NOT INDEXED
    WHERE l.leaf_index >= :first AND l.leaf_index < :beyond AND l.{key} <> ''"""  # noqa: S608


def surplus(session: Session, counted: Mapping[str, int]) -> list[str]:
    """The keys of which the runs have more or fewer rows than the lines: counted before, and where that differs once more at one moment."""
    wrong = []
    for key in COLUMNS:
        rows = session.one(f"SELECT count(*) FROM ledger_{key}_index")  # noqa: S608
        if not rows or int(rows[0]) == counted[key]:
            continue
        counted_now = f"SELECT count(*) FROM ledger_line NOT INDEXED WHERE {key} <> '' AND leaf_index <= :last"  # noqa: S608
        lines = session.one(counted_now, {"last": sealed(session)})
        if not lines or lines[0] != rows[0]:
            wrong.append(key)
    return wrong
