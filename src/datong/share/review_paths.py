"""For reviewers: why two codes are one or are not, what became of a code, and the subjects that fall apart or balloon.

Which records a person is made of tells of her life, so each of these looks goes through the one door first, under the purpose
of reviewing links: what the agreement does not show is not explained either, and every person sees that somebody looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import fuse
from datong.domain.access import Actor, Register
from datong.domain.codes import kind_of, read_code
from datong.domain.errors import BadValue, Missing
from datong.share.installed import installed, moment
from datong.share.review import in_area, may_review
from datong.share.review_case import Side, subject_side
from datong.share.review_graph import Drawing, drawn
from datong.store import Session


@dataclass(frozen=True)
class Explained:
    """What lies between two codes, as far as both may be seen."""

    left: Side
    right: Side
    between: fuse.Between | None
    """Nothing when the agreement shows one of them not."""
    weighed: fuse.Weighed | None


@dataclass(frozen=True)
class CodeStory:
    """What a code stands for today and what became of it. Of the subject only what the agreement shows."""

    became: fuse.Became
    kind: Register
    side: Side | None
    drawing: Drawing | None
    judged: tuple[fuse.Kept, ...]


def explain_pair(session: Session, actor: Actor, left: str, right: str, *, now: datetime | None = None) -> Explained:
    """Why two codes are one subject, or why they are not. Raises BadValue for what is no code, Missing for one never issued."""
    may_review(session, actor)
    at = moment(now)
    codes = [_code(session, name, text) for name, text in (("left", left), ("right", right))]
    one, two = (subject_side(session, actor, kind_of(today), today, now=at) for _, today in codes)
    if not one.entry or not two.entry:
        return Explained(one, two, None, None)
    packs = installed(session).packs
    found = fuse.between(session, packs, codes[0][0], codes[1][0])
    weighed = fuse.weigh(packs, found.kind, found.judgement.compared) if found.judgement else None
    return Explained(one, two, found, weighed)


def code_story(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> CodeStory:
    """What became of a code that was ever issued. Raises Missing for others."""
    may_review(session, actor)
    asked, today = _code(session, "code", code)
    became = fuse.became(session, asked)
    kind = kind_of(today)
    side = subject_side(session, actor, kind, today, now=moment(now))
    seen = side.entry is not None
    refs = [str(one.reference) for one in side.records]
    judged = tuple(fuse.judgements_about(session, refs)) if seen else ()
    return CodeStory(became, kind, side, drawn(session, today) if seen else None, judged)


def merge_feed(session: Session, actor: Actor, before: int = 0, limit: int = 50) -> list[fuse.Event]:
    """Merges and splits of codes, the newest first: codes and times, nothing personal."""
    may_review(session, actor)
    return fuse.merges_and_splits(session, before, limit)


def suspicious(session: Session, actor: Actor, limit: int = 50) -> list[fuse.Suspicion]:
    """Subjects that fall apart or balloon, as the last check found them: codes, counts and words, nothing personal."""
    may_review(session, actor)
    return [one for one in fuse.suspicious_clusters(session, limit) if in_area(session, actor, [one.code])]


def _code(session: Session, name: str, text: str) -> tuple[str, str]:
    reading = read_code(text)
    if not reading.sound:
        raise BadValue(name, "is no permanent code", "write it as it is printed, with its check character")
    today = fuse.resolve(session, reading.value)
    if not today:
        raise Missing("没有这个永久编码 (there is no such permanent code)")
    return reading.value, today
