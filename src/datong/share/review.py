"""The queue of pairs that wait for people: ordered by what they are worth, taken up by one reviewer at a time, some by two."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from datong import fuse
from datong.domain.access import Actor, Register
from datong.domain.errors import Forbidden, Missing
from datong.domain.judgement import Compared, Reference, read_reference
from datong.share import review_queries as queries
from datong.share.installed import Installed, installed, moment
from datong.share.policy import expand
from datong.share.workdays import moment_text
from datong.store import Session

PERMISSION = "steward.reviews"
MOST_AT_ONCE = 2_000
"""New pairs that one look at the queue puts in order; the worker does the rest within minutes."""
STATES = ("open", "second", "split")
_CHUNK = 500


@dataclass(frozen=True)
class Waiting:
    """One pair that waits, without anything personal: what it is worth and who has taken it up."""

    pair_id: str
    kind: Register
    left: Reference
    right: str
    score: float
    department: str
    division: str
    chance: float
    touched: int
    hanging: int
    worth: float
    doubled: bool
    state: str
    opened_at: str
    claimed_by: str
    claimed_until: str


@dataclass(frozen=True)
class ReviewFilter:
    """Which pairs: of a register, of records of a department, in a division (its code's beginning), in a state."""

    kind: str = ""
    department: str = ""
    division: str = ""
    state: str = "open"


def may_review(session: Session, actor: Actor) -> Installed:
    """The door's parts, for an actor whose post reviews links. Raises Forbidden for others."""
    parts = installed(session)
    if not parts.may(actor, PERMISSION):
        raise Forbidden("您的岗位不能复核关联 (your post lacks steward.reviews)")
    return parts


def reviews(
    session: Session, actor: Actor, wanted: ReviewFilter | None = None, limit: int = 50, *, now: datetime | None = None
) -> tuple[Waiting, ...]:
    """The pairs that wait in the actor's area, the worthiest first."""
    parts = may_review(session, actor)
    sync_reviews(session, now=now)
    conditions, params = _conditions(parts, actor, wanted or ReviewFilter())
    rows = session.all(queries.REVIEWS.format(conditions=conditions), params | {"limit": limit})
    return tuple(_waiting(row) for row in rows)


def review_counts(session: Session, actor: Actor) -> Mapping[tuple[str, str], int]:
    """How many pairs of each (state, register) wait in the actor's area."""
    parts = may_review(session, actor)
    conditions, params = _conditions(parts, actor, ReviewFilter(state=""))
    return {(row[0], row[1]): int(row[2]) for row in session.all(queries.COUNTS.format(conditions=conditions), params)}


def next_review(session: Session, actor: Actor, wanted: ReviewFilter | None = None, *, now: datetime | None = None) -> Waiting | None:
    """Take up the worthiest pair that nobody else has, and that she has not judged before; nothing when none is left."""
    chosen = wanted or ReviewFilter()
    asked = [chosen] if chosen.state != "open" else [chosen, replace(chosen, state="second")]
    for one in (one for state in asked for one in reviews(session, actor, state, 200, now=now)):
        if one.state == "second" and _spoke(session, one.pair_id, actor.id):
            continue
        taken = claim_review(session, actor, one.pair_id, now=now)
        if taken.claimed_by == actor.id:
            return taken
    return None


def claim_review(session: Session, actor: Actor, pair_id: str, *, now: datetime | None = None) -> Waiting:
    """Take a pair up, so that two reviewers do not do the same one unawares; who holds it then, the result says.

    Raises Missing when the pair no longer waits or lies outside the actor's area.
    """
    parts, at = may_review(session, actor), moment(now)
    find_review(session, actor, pair_id)
    until = moment_text(at + timedelta(minutes=parts.settings.review_claim_minutes))
    session.run(queries.CLAIM, {"pair_id": pair_id, "by": actor.id, "at": moment_text(at), "until": until})
    return find_review(session, actor, pair_id)


def find_review(session: Session, actor: Actor, pair_id: str) -> Waiting:
    """One pair of the actor's area that waits. Raises Missing for others."""
    parts = may_review(session, actor)
    row = session.one(queries.REVIEW, {"pair_id": pair_id})
    found = _waiting(row) if row else None
    prefixes = expand(actor.jurisdiction, parts.sharing.zones)
    if found is None or not prefixes or not ("" in prefixes or found.division.startswith(prefixes)):
        raise Missing("这一对已不在待复核之列，或不在您的辖区 (this pair waits no more, or lies outside your area)")
    return found


def in_area(session: Session, actor: Actor, codes: Iterable[str]) -> bool:
    """Whether one of these subjects belongs to the actor's area; somebody in charge of the whole city needs none."""
    prefixes = expand(actor.jurisdiction, installed(session).sharing.zones)
    if not prefixes or "" in prefixes:
        return bool(prefixes)
    return any(division.startswith(prefixes) for _, division in rows_among(session, queries.DIVISIONS, sorted(set(codes))))


def sync_reviews(session: Session, limit: int = MOST_AT_ONCE, *, now: datetime | None = None) -> int:
    """Bring the queue in step with the pairs that fusion left: new ones are valued, settled ones go. How many were valued."""
    parts, at = installed(session), moment_text(moment(now))
    session.run(queries.GONE_PAIRS)
    rows = session.all(queries.NEW_PAIRS, {"limit": limit})
    for start in range(0, len(rows), _CHUNK):
        _value(session, parts, rows[start : start + _CHUNK], at)
    return len(rows)


def pair_id_of(kind: str, left: str, right: str) -> str:
    """What addresses of pages call a pair: a digest, which says nothing of it."""
    return hashlib.sha256(f"{kind}|{left}|{right}".encode()).hexdigest()[:20]


def is_doubled(pair_id: str, percent: int) -> bool:
    """Whether a pair is given to two reviewers: drawn by its own digest, so that the draw can be repeated."""
    return int(hashlib.sha256(f"doubled|{pair_id}".encode()).hexdigest()[:8], 16) % 10_000 < percent * 100


def matters_of(session: Session, codes: Iterable[str], at: str) -> dict[str, dict[str, int]]:
    """What is under way about subjects: code → kind of matter (passes, consents, claims, disputes) → how many."""
    found: dict[str, dict[str, int]] = {}
    for what, statements in queries.MATTERS.items():
        for sql in statements:
            for code, number in _counted(session, sql, sorted(set(codes)), {"at": at} if ":at" in sql else {}):
                kinds = found.setdefault(code, {})
                kinds[what] = kinds.get(what, 0) + number
    return found


def worth_of(chance: float, touched: int, hanging: int) -> float:
    """What a verdict on a pair is worth: how open the question is (1 at an even chance), times how much it moves, times how
    much hangs on it; both grow with their logarithm, so that one big employer does not crowd everybody out."""
    return 4 * chance * (1 - chance) * math.log2(2 + touched) * math.log2(2 + hanging)


def _value(session: Session, parts: Installed, rows: Sequence[tuple[Any, ...]], at: str) -> None:
    refs, codes = {row[1] for row in rows}, {row[2] for row in rows}
    of_ref = {ref: _code_of(session, ref) for ref in refs}
    both = codes | {code for code in of_ref.values() if code}
    count = _counter(session)
    records, pairs_right, pairs_left = (
        count(queries.RECORDS, both),
        count(queries.PAIRS_OF_CODES, codes),
        count(queries.PAIRS_OF_LEFTS, refs),
    )
    ties_out, ties_in = count(queries.TIES_OUT, both), count(queries.TIES_IN, both)
    divisions = dict(rows_among(session, queries.DIVISIONS, sorted(both)))
    matters = matters_of(session, both, at)
    made = []
    for kind, ref, right, score, evidence in rows:
        ends = [code for code in (of_ref[ref], right) if code]
        compared = [Compared(*one) for one in json.loads(evidence)] if evidence else []
        chance = fuse.weigh(parts.packs, kind, compared).chance
        touched = sum(records.get(code, 0) + sum(matters.get(code, {}).values()) for code in ends) + (len(ends) == 1)
        tied = sum(ties_out.get(code, 0) + ties_in.get(code, 0) for code in ends)
        hanging = pairs_right.get(right, 1) + pairs_left.get(ref, 1) - 2 + tied
        pair_id = pair_id_of(kind, ref, right)
        source = parts.packs.sources.get(read_reference(ref).resource)
        made.append(
            {"pair_id": pair_id, "kind": kind, "left_ref": ref, "right_code": right, "score": score}
            | {"department": source.department if source else "", "division": divisions.get(right, ""), "chance": round(chance, 6)}
            | {"touched": touched, "hanging": hanging, "worth": round(worth_of(chance, touched, hanging), 6)}
            | {"doubled": int(is_doubled(pair_id, parts.settings.review_double_percent)), "state": "open", "opened_at": at}
            | {"claimed_by": "", "claimed_until": ""}
        )  # fmt: skip
    session.many(queries.SET_REVIEW, made)


def _code_of(session: Session, ref: str) -> str:
    where = read_reference(ref)
    row = session.one(queries.MEMBER, {"a": where.resource, "b": where.record_id, "c": where.role})
    return str(row[0]) if row else ""


def _counter(session: Session) -> Callable[[str, Iterable[str]], dict[str, int]]:
    return lambda sql, keys: dict(_counted(session, sql, sorted(set(keys)), {}))


def _counted(session: Session, sql: str, keys: Sequence[str], params: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(key, int(number)) for key, number in rows_among(session, sql, keys, params)]


def rows_among(session: Session, sql: str, keys: Sequence[str], params: Mapping[str, str] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a statement with an `IN ({marks})`, asked in parts small enough for its parameters."""
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(keys), _CHUNK):
        named = {f"v{at}": key for at, key in enumerate(keys[start : start + _CHUNK])}
        found += session.all(sql.format(marks=", ".join(f":{name}" for name in named)), {**named, **(params or {})})
    return found


def _conditions(parts: Installed, actor: Actor, wanted: ReviewFilter) -> tuple[str, dict[str, Any]]:
    prefixes = expand(actor.jurisdiction, parts.sharing.zones)
    params: dict[str, Any] = {}
    tests = []
    for at, prefix in enumerate(prefixes):
        params |= {f"prefix{at}": prefix, f"digits{at}": len(prefix)}
        tests.append(f"substr(division, 1, :digits{at}) = :prefix{at}")
    conditions = [f"({' OR '.join(tests)})" if tests else "1 = 0"]
    for name in ("kind", "department", "state"):
        if value := getattr(wanted, name):
            conditions.append(f"{name} = :{name}")
            params[name] = value
    if wanted.division:
        conditions.append("substr(division, 1, :length) = :division")
        params |= {"division": wanted.division, "length": len(wanted.division)}
    return " AND ".join(conditions), params


def _spoke(session: Session, pair_id: str, account: str) -> bool:
    return any(row[2] == account for row in session.all(queries.OPINIONS, {"pair_id": pair_id}))


def _waiting(row: Sequence[Any]) -> Waiting:
    values: list[Any] = [*row[:2], read_reference(row[2]), *row[3:11], bool(row[11]), *row[12:]]
    return Waiting(*values)
