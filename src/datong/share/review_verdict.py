"""Reviewers' verdicts: kept, applied by a job, undone; two reviewers' verdicts side by side, and how well they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from datong import fuse, ledger, registers
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.domain.judgement import VERDICTS, Verdict
from datong.share import review_queries as queries
from datong.share.installed import installed, moment
from datong.share.review import Waiting, find_review, in_area, may_review, sync_reviews
from datong.share.workdays import moment_text
from datong.store import Session, add_job

PURPOSE = "linking_review"
APPLY = "review.apply"
"""The kind of the job that lets the codes follow a judgement."""
LONGEST = 500


@dataclass(frozen=True)
class Said:
    """What became of a verdict. `judgement` is its number; 0 while a second reviewer is awaited or two disagree."""

    judgement: int
    state: str
    """judged, second (another reviewer is asked), or split (two disagree, or she is unsure)."""


@dataclass(frozen=True)
class Last:
    """A judgement of hers: whether it is the newest on its pair, whether the codes have followed, and today's codes of its ends."""

    kept: fuse.Kept
    newest: bool
    applied: bool
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """How well reviewers agree on the pairs that two judged without seeing each other's verdict."""

    pairs: int
    same: int
    table: tuple[tuple[tuple[str, str], int], ...]
    """(first's verdict, second's verdict) → how many pairs."""
    kappa: float | None
    """Cohen's kappa; None without a pair, or when everybody always said one and the same."""


def give_verdict(session: Session, actor: Actor, pair_id: str, verdict: str, reason: str, *, now: datetime | None = None) -> Said:
    """Keep a reviewer's verdict on a pair, and leave the job that lets the codes follow.

    A pair drawn for two reviewers takes effect when both say the same; when they differ it stays unsure and is shown to
    all. Raises Missing, Forbidden (another's pair), BadValue (no verdict, too long a reason).
    """
    may_review(session, actor)
    at = moment_text(moment(now))
    if verdict not in VERDICTS:
        raise BadValue("verdict", "is not known", "choose same, different or unsure")
    if len(reason) > LONGEST:
        raise BadValue("reason", "is too long", f"write at most {LONGEST} characters")
    waiting = find_review(session, actor, pair_id)
    if waiting.claimed_by != actor.id and waiting.claimed_until > at:
        raise Forbidden("另一位复核员正在处理这一对 (another reviewer has taken this pair up)")
    before = [row for row in session.all(queries.OPINIONS, {"pair_id": pair_id}) if row[5] == 1]
    spoken = {row[2]: row[1] for row in before}
    if waiting.state == "second" and actor.id in spoken:
        raise Forbidden("您已判断过这一对，请由另一位复核员判断 (you have judged this pair; another reviewer is asked)")
    doubled = waiting.doubled and waiting.state in ("open", "second")
    said = _outcome(waiting, verdict, list(spoken.values()))
    number = _judge(session, actor, waiting, (verdict, reason), at) if said == "judged" else 0
    _note(session, actor, waiting, (verdict, reason, number), (doubled, at))
    if number:
        session.run(queries.SET_JUDGEMENT, {"pair_id": pair_id, "judgement": number})
        session.run(queries.DROP_REVIEW, {"pair_id": pair_id})
        _leave_job(session, number, at)
    else:
        session.run(queries.SET_STATE, {"pair_id": pair_id, "state": said})
    _write_down(session, actor, waiting, (said, number), at)
    return Said(number, said)


def undo_verdict(session: Session, actor: Actor, number: int, reason: str = "", *, now: datetime | None = None) -> fuse.Kept:
    """Take a judgement back within the city's days; the codes follow. Raises Missing or BadValue (a later one, too old)."""
    parts, at = may_review(session, actor), moment_text(moment(now))
    kept = fuse.judgement(session, number)
    if not in_area(session, actor, codes_of(session, kept)):
        raise Missing("没有这个判断，或不在您的辖区 (there is no such judgement in your area)")
    taken = fuse.undo(session, number, by=actor.id, at=at, days=parts.settings.review_undo_days, note=reason[:LONGEST])
    _leave_job(session, taken.number, at)
    body = {"act": "undone", "judgement": taken.number, "undoes": number, "verdict": taken.verdict}
    ledger.append(session, ledger.Line("judgement", at, "", actor.id, actor.department, actor.unit, "", body))
    return taken


def apply_judgement(session: Session, number: int, *, now: datetime | None = None) -> list[str]:
    """Let codes and registers follow a judgement: only the subjects it touches are linked anew. Safe to repeat."""
    parts, at = installed(session), moment_text(moment(now))
    kept = fuse.judgement(session, number)
    codes = fuse.relink(session, parts.settings, parts.packs, kept.kind, (str(kept.left), str(kept.right)), now=at)
    registers.refresh(session, parts.packs, codes, at)
    session.run(queries.SET_APPLIED, {"judgement": number, "at": at})
    sync_reviews(session, now=now)
    return codes


def last_judgements(session: Session, actor: Actor, limit: int = 5) -> tuple[Last, ...]:
    """The judgements given last in the actor's name, the newest first, and whether each can still be undone by a button."""
    may_review(session, actor)
    found = []
    for kept in fuse.newest_judgements(session, limit, by=actor.id):
        newest = fuse.judgements_on(session, str(kept.left), str(kept.right))[-1].number == kept.number
        row = session.one(queries.OPINION_OF_JUDGEMENT, {"judgement": kept.number})
        found.append(Last(kept, newest, not row or bool(row[1]), codes_of(session, kept)))
    return tuple(found)


def codes_of(session: Session, kept: fuse.Kept) -> tuple[str, ...]:
    """Today's codes of a judgement's ends; a record that is nobody has none."""
    ends = [session.one(queries.MEMBER, {"a": one.resource, "b": one.record_id, "c": one.role}) for one in (kept.left, kept.right)]
    return tuple(str(one[0]) for one in ends if one and one[0])


def agreement_of_reviewers(session: Session, actor: Actor) -> Agreement:
    """Cohen's kappa over the pairs that two reviewers judged blind, with its counts."""
    may_review(session, actor)
    verdicts: dict[str, dict[str, str]] = {}
    for pair_id, by, verdict in session.all(queries.DOUBLE_OPINIONS):
        verdicts.setdefault(pair_id, {}).setdefault(by, verdict)
    pairs = [tuple(said.values())[:2] for said in verdicts.values() if len(said) > 1]
    return kappa_of((first, second) for first, second in pairs)


def kappa_of(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Agreement beyond chance: (observed - expected) / (1 - expected), expected from each side's own shares."""
    table = Counter(pairs)
    total = sum(table.values())
    same = sum(number for (first, second), number in table.items() if first == second)
    counted = tuple(sorted(table.items()))
    if not total:
        return Agreement(0, 0, counted, None)
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), number in table.items():
        firsts[first] += number
        seconds[second] += number
    expected = sum(firsts[word] * seconds[word] for word in firsts) / total**2
    kappa = None if expected == 1 else (same / total - expected) / (1 - expected)
    return Agreement(total, same, counted, kappa)


def _outcome(waiting: Waiting, verdict: str, spoken: list[str]) -> str:
    """judged: it takes effect; second: another reviewer is asked first; split: unsure, or the two differ."""
    if waiting.doubled and waiting.state == "open":
        return "second"
    if waiting.state == "second" and verdict not in spoken:
        return "split"
    return "split" if verdict == "unsure" else "judged"


def _judge(session: Session, actor: Actor, waiting: Waiting, said: tuple[str, str], at: str) -> int:
    verdict: Verdict = next(word for word in VERDICTS if word == said[0])
    return fuse.judge(session, waiting.kind, str(waiting.left), waiting.right, verdict, by=actor.id, at=at, note=said[1])


def _note(session: Session, actor: Actor, waiting: Waiting, said: tuple[str, str, int], how: tuple[bool, str]) -> None:
    row = session.one(queries.LAST_OPINION)
    number = int(row[0] or 0) + 1 if row else 1
    body = {"seq": number, "pair_id": waiting.pair_id, "kind": waiting.kind, "left_ref": str(waiting.left), "right_ref": waiting.right}
    body |= {"verdict": said[0], "reason": said[1], "judgement": said[2]}
    session.run(queries.ADD_OPINION, body | {"judged_by": actor.id, "judged_at": how[1], "doubled": int(how[0])})


def _leave_job(session: Session, number: int, at: str) -> None:
    add_job(session, APPLY, {"judgement": number}, at, job_id=f"{APPLY}-{number}")


def _write_down(session: Session, actor: Actor, waiting: Waiting, said: tuple[str, int], at: str) -> None:
    """One line a subject: a person's link was judged, by whom; what was said stands in the judgement, not here."""
    body = {"act": said[0], "pair": waiting.pair_id, "judgement": said[1]}
    ledger.append(session, ledger.Line("judgement", at, waiting.right, actor.id, actor.department, actor.unit, PURPOSE, body))
