"""One pair as a reviewer sees it: both sides through the one door, how they compare, and what a verdict would change.

What is personal leaves by `share.ask` under the purpose of reviewing links, with a line for each subject seen. A side that is
nobody yet (a record that waits) is shown by the same agreement, behind the same masks, with a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from datong import fuse, ledger
from datong.domain.access import Actor, Answer, Key, Question, Register, SharedEntry, SharedFact
from datong.domain.judgement import Compared, Reference
from datong.share import review_queries as queries
from datong.share.installed import installed, moment
from datong.share.masks import PLAIN, apply_mask
from datong.share.prepared import Asking, line
from datong.share.review import Waiting, claim_review, matters_of, may_review, rows_among
from datong.share.review_verdict import PURPOSE
from datong.share.workdays import moment_text
from datong.store import Session

LOOKED_BACK = timedelta(days=180)
"""How far back the departments that read a side are named."""


@dataclass(frozen=True)
class Source:
    """One record of a side: where it stands, as of when, and how it came to its subject."""

    reference: Reference
    department: str
    as_of: str
    rule: str
    score: float


@dataclass(frozen=True)
class Side:
    """One side of a pair: its code (empty while it is nobody), what the agreement shows of it, and its records."""

    code: str
    entry: SharedEntry | None
    answer: Answer
    records: tuple[Source, ...]


@dataclass(frozen=True)
class Change:
    """What the verdict "same" would change."""

    kept: str
    """The code that stays."""
    gone: str
    """The code that would resolve to it; empty when a record without a code joins."""
    records: int
    ties: int
    matters: Mapping[str, int]
    """Passes, consents, claims and disputes that would stand under the code that stays."""
    departments: tuple[str, ...]
    """Who read either side lately: their copies follow through the change feed."""


@dataclass(frozen=True)
class Opinion:
    """What one reviewer said of a pair."""

    verdict: str
    by: str
    at: str
    reason: str
    judgement: int
    applied_at: str


@dataclass(frozen=True)
class Case:
    """Everything on the page of one pair."""

    waiting: Waiting
    left: Side
    right: Side
    weighed: fuse.Weighed
    change: Change
    opinions: tuple[Opinion, ...]
    judged: tuple[fuse.Kept, ...]
    """Every judgement ever given on a record of either side, the oldest first."""
    mine: bool
    """Whether the pair is hers to judge now; else somebody else has taken it up."""


def review_case(session: Session, actor: Actor, pair_id: str, *, now: datetime | None = None) -> Case:
    """Take a pair up and show it. Raises Missing when it waits no more or lies outside the actor's area."""
    at = moment(now)
    waiting = claim_review(session, actor, pair_id, now=at)
    right = subject_side(session, actor, waiting.kind, waiting.right, now=at)
    row = session.one(queries.MEMBER, vars_of(waiting.left))
    left_code = str(row[0]) if row else ""
    if left_code:
        left = subject_side(session, actor, waiting.kind, left_code, now=at)
    else:
        left = _record_side(session, actor, waiting, row, right, now=at)
    pair = session.one(queries.PAIR, {"kind": waiting.kind, "left_ref": str(waiting.left), "right_code": waiting.right})
    compared = [Compared(*one) for one in json.loads(pair[1])] if pair and pair[1] else []
    references = [str(one.reference) for side in (left, right) for one in side.records] + [str(waiting.left)]
    return Case(
        waiting,
        left,
        right,
        fuse.weigh(installed(session).packs, waiting.kind, compared),
        change_of(session, left_code, waiting.right, at),
        opinions_of(session, actor, waiting),
        tuple(fuse.judgements_about(session, references)),
        waiting.claimed_by == actor.id,
    )


def subject_side(session: Session, actor: Actor, kind: Register, code: str, *, now: datetime) -> Side:
    """A subject as the agreement on reviewing links shows it, and its records; the look is written down."""
    from datong.share.flow import ask

    may_review(session, actor)
    answer = ask(session, actor, Question(PURPOSE, "look_up", kind, Key("code", code)), now=now)
    seen = answer.outcome == "found"
    return Side(code, answer.entries[0] if seen else None, answer, _records(session, code) if seen else ())


def change_of(session: Session, left: str, right: str, now: datetime) -> Change:
    """What would change if both were the same; with one code, a record joins it."""
    codes = sorted({code for code in (left, right) if code})
    serials = {row[0]: int(row[1]) for row in rows_among(session, queries.SERIALS, codes)}
    by_age = sorted(codes, key=lambda code: serials.get(code, 1 << 62))
    kept, gone = by_age[0], by_age[1] if len(by_age) > 1 else ""
    moved = [gone] if gone else []
    records = sum(int(row[1]) for row in rows_among(session, queries.RECORDS, moved)) if gone else 1
    ties = sum(int(row[1]) for sql in (queries.TIES_OUT, queries.TIES_IN) for row in rows_among(session, sql, moved))
    since = moment_text(now - LOOKED_BACK)
    readers = sorted({row[0] for row in rows_among(session, queries.READERS, codes, {"since": since})})
    return Change(kept, gone, records, ties, matters_of(session, moved, moment_text(now)).get(gone, {}), tuple(readers))


def opinions_of(session: Session, actor: Actor, waiting: Waiting) -> tuple[Opinion, ...]:
    """What reviewers said of the pair. While a second one is awaited she does not see what the first one said."""
    rows = session.all(queries.OPINIONS, {"pair_id": waiting.pair_id})
    found = tuple(Opinion(row[1], row[2], row[3], row[4], row[6], row[7]) for row in rows)
    return tuple(one for one in found if waiting.state != "second" or one.by == actor.id)


def vars_of(reference: Reference) -> dict[str, str]:
    """A reference as parameters of a statement."""
    return {"a": reference.resource, "b": reference.record_id, "c": reference.role}


def _records(session: Session, code: str) -> tuple[Source, ...]:
    sources = installed(session).packs.sources
    return tuple(
        Source(one.reference, _department(sources, one.reference.resource), one.as_of, one.rule, one.score)
        for one in fuse.why(session, code)
    )


def _department(sources: Mapping[str, Any], resource: str) -> str:
    source = sources.get(resource)
    return source.department if source else ""


def _record_side(session: Session, actor: Actor, waiting: Waiting, row: tuple[Any, ...] | None, right: Side, *, now: datetime) -> Side:
    """A record that is nobody yet: by the agreement that showed the other side, and only when it did."""
    if row is None or right.entry is None:
        return Side("", None, right.answer, ())
    parts = installed(session)
    decision = right.answer.decision
    question = Question(PURPOSE, "look_up", waiting.kind, Key("code", waiting.right))
    asking = Asking(session, parts, actor, question, now, moment_text(now), decision)
    facts = tuple(_facts(decision.fields, dict(decision.masks), json.loads(row[6] or "{}"), waiting, row))
    said = {"fields": sorted({fact.field for fact in facts}), "resource": waiting.left.resource, "via": waiting.right}
    ledger.append(session, line(asking, "read", "", "found", **said))
    source = Source(waiting.left, waiting.department, row[2], row[3], row[4])
    return Side("", SharedEntry("", waiting.kind, facts), replace(right.answer, entries=()), (source,))


def _facts(
    fields: Iterable[str], masks: Mapping[str, str], body: Mapping[str, Any], waiting: Waiting, row: tuple[Any, ...]
) -> Iterable[SharedFact]:
    said = body.get("f", {})
    for field in fields:
        if field in said:
            mask = masks.get(field, "hidden")
            yield SharedFact(field, apply_mask(mask, said[field]), mask != PLAIN, waiting.left.resource, waiting.department, row[1], row[2])
