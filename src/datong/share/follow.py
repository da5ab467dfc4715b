"""What may leave the door without an agreement, because it says nothing of anybody: the wording of places, and that something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from datong import fuse, registers
from datong.domain.access import Actor
from datong.domain.address import PlaceMatch
from datong.domain.errors import Forbidden
from datong.share import queries
from datong.share.entitlements import entitlements
from datong.share.installed import installed, moment
from datong.share.policy import expand
from datong.share.stop import must_be_open
from datong.share.workdays import moment_text
from datong.store import Session

MOST_CHANGES = 1000
SHORTEST_TEXT = 2


@dataclass(frozen=True)
class ReadAddress:
    """An address as understood: its parts, and the place of the premises base it means. Pairs of reasons are 中文 and English."""

    parts: Mapping[str, str]
    verdict: str
    level: str
    code: str
    full_text: str
    rule: str
    reasons: tuple[tuple[str, str, str], ...]
    """Stable word, 中文, English."""


def read_address(session: Session, actor: Actor, text: str, division: str = "", *, now: datetime | None = None) -> ReadAddress:
    """What a free address says and which premises it means; `division` is where to look when it names none.

    The premises' code is told only where an agreement in force opens premises to the asker. Raises Forbidden for posts
    that do not look places up.
    """
    must_look_places_up(session, actor)
    match = fuse.match_text(session, text, hint_division=division)
    return read_match(session, text, match, opened_premises(session, actor, now))


def read_match(session: Session, text: str, match: PlaceMatch, opened: tuple[str, ...]) -> ReadAddress:
    """A match in words and parts; its code where `opened` lets it be told."""
    _, reader = fuse.places_of(session)
    return ReadAddress(
        fuse.parts_of(fuse.parse_address(text, reader)),
        match.verdict.value,
        match.level.value,
        match.code if may_see(session, match.code, opened) else "",
        match.full_text,
        match.rule,
        tuple((reason.word, reason.zh, reason.en) for reason in match.reasons),
    )


def suggest(session: Session, actor: Actor, text: str, limit: int = 10, *, now: datetime | None = None) -> tuple[registers.Suggestion, ...]:
    """Complete a half-typed address for somebody whose post looks places up (a system: for any). Raises Forbidden for others.

    A door's code is told only where an agreement in force opens premises to the asker.
    """
    must_look_places_up(session, actor)
    found = registers.suggest(session, text, limit) if len(text.strip()) >= SHORTEST_TEXT else []
    opened = opened_premises(session, actor, now)
    return tuple(one if may_see(session, one.code, opened) else replace(one, code="") for one in found)


def changes(
    session: Session, actor: Actor, since: int = 0, limit: int = 200, *, now: datetime | None = None
) -> tuple[tuple[registers.Change, ...], int]:
    """The changes after a number, in the registers and divisions that the asker's agreements in force open: codes, never
    content. And the number to go on from. A code that has no entry any more (merged, ended) has no division, and is told.

    Raises Forbidden when no agreement in force opens a register to the asker.
    """
    must_be_open(installed(session).stored.stops, actor, "", moment_text(moment(now)))
    open_to = _open_to(session, actor, now)
    if not open_to:
        raise Forbidden("没有共享协议可依 (no agreement in force opens a register to you)")
    found = registers.changes(session, since, max(1, min(limit, MOST_CHANGES)))
    told = tuple(one for one in found if one.register in open_to and may_see(session, one.code, open_to[one.register]))
    return told, found[-1].seq if found else since


def newest_change(session: Session) -> int:
    """The number of the newest change; 0 when nothing has changed yet."""
    row = session.one(queries.LAST_CHANGE)
    return int(row[0] or 0) if row else 0


def _open_to(session: Session, actor: Actor, now: datetime | None) -> dict[str, tuple[str, ...]]:
    """Register → division prefixes that some agreement in force opens to the asker."""
    agreements = installed(session).sharing.agreements
    wide: dict[str, set[str]] = {}
    for one in entitlements(session, actor, now=now):
        if one.state == "in_force" and not agreements[one.agreement].rows.own:
            wide.setdefault(one.register, set()).update(one.jurisdiction)
    return {register: expand(tuple(prefixes), {}) for register, prefixes in wide.items() if prefixes}


def opened_premises(session: Session, actor: Actor, now: datetime | None) -> tuple[str, ...]:
    """The division prefixes in which some agreement in force opens premises to the asker."""
    return _open_to(session, actor, now).get("premises", ())


def may_see(session: Session, code: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a code lies in one of these divisions; one without an entry lies nowhere, and nothing is told by naming it."""
    if not prefixes or "" in prefixes:
        return bool(prefixes)
    row = session.one(queries.DIVISION, {"code": code})
    return row is None or str(row[0]).startswith(prefixes)


def must_look_places_up(session: Session, actor: Actor) -> None:
    """Raises Forbidden for posts that do not look places up; a system's key may."""
    if actor.kind != "system" and not installed(session).may(actor, "office.look_up"):
        raise Forbidden("您的岗位不能查询地址 (your post lacks office.look_up)")
    must_be_open(installed(session).stored.stops, actor, "", moment_text(moment(None)))
