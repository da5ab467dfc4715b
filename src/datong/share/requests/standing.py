"""How an agreement stands: its versions, whether it is in force, what its page shows; for its parties and those who see all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.share.agreement import Agreement
from datong.share.installed import Installed, installed, moment
from datong.share.requests import queries
from datong.share.requests.asked import Step, steps_of
from datong.share.requests.clocks import light_of
from datong.share.requests.parties import parties, sees_all
from datong.share.requests.rules import Act, RuleConflict
from datong.share.requests.terms import Change, changes, shown_terms
from datong.share.workdays import city_day
from datong.store import Row, Session

AGREEMENT = "agreement"
STATES = ("proposed", "live", "suspended", "expired", "not_yet", "terminated")


@dataclass(frozen=True)
class Version:
    """One version of an agreement that lives in the store. `state`: proposed, live, superseded or declined."""

    code: str
    version: int
    state: str
    terms: Mapping[str, Any]
    request_id: str
    why: str
    proposed_by: str
    proposed_at: str
    requesting_by: str
    requesting_at: str
    providing_by: str
    providing_at: str
    live_at: str
    agreement: Agreement
    differs: tuple[Change, ...] = ()
    """From the version before it."""


@dataclass(frozen=True)
class Standing:
    """An agreement as it stands today. `state`: one of STATES; `versions` newest first, none for a pack's agreement."""

    code: str
    agreement: Agreement
    state: str
    versions: tuple[Version, ...] = ()
    steps: tuple[Step, ...] = ()
    since: str = ""
    """When it was suspended or ended."""
    due: str = ""
    """Until when its data must be disposed of."""
    disposed_at: str = ""
    light: str = "grey"

    @property
    def proposed(self) -> Version | None:
        """The version that waits for a signature."""
        return next((one for one in self.versions if one.state == "proposed"), None)


@dataclass(frozen=True)
class OneAgreement:
    """An agreement's page: how it stands, what the visitor may do, whose signature is hers to give, the rules about it."""

    standing: Standing
    acts: tuple[Act, ...]
    may_sign: bool
    may_propose: bool
    conflicts: tuple[RuleConflict, ...] = field(default=())


def find_standing(session: Session, parts: Installed, actor: Actor, code: str, today: date) -> Standing:
    """One agreement. Raises Missing when there is none, or none that is the actor's to see: the two are told alike."""
    versions = _versions(session, code)
    current = next((one for one in versions if one.state == "live"), None)
    agreement = current.agreement if current else parts.packed.agreements.get(code) or (versions[0].agreement if versions else None)
    if agreement is None or not (sees_all(parts, actor) or actor.department in (*agreement.requesting, *agreement.providing)):
        raise Missing("没有这个协议 (there is no such agreement)")
    row = session.one(queries.HOLD, {"code": code})
    _, held, since, clock, due, disposed_at = row or (code, "", "", "", "", "")
    in_force = current is not None or code in parts.packed.agreements
    state = str(held) or (state_on(agreement, today.isoformat()) if in_force else "proposed")
    running = str(due) if clock else ""
    light = light_of(parts, running, today)
    return Standing(code, agreement, state, versions, steps_of(session, code), str(since), str(due), str(disposed_at), light)


def state_on(agreement: Agreement, today: str) -> str:
    """Whether the term of an agreement runs on a day."""
    return "not_yet" if today < agreement.valid_from else "expired" if today > agreement.valid_to else "live"


def _versions(session: Session, code: str) -> tuple[Version, ...]:
    """Every version, newest first, each with what it changes of the one before it."""
    found: list[Version] = []
    for row in reversed(session.all(queries.VERSIONS, {"code": code})):
        before = next((one.agreement for one in reversed(found) if one.state != "declined"), None)
        found.append(_version(row, before))
    return tuple(reversed(found))


def _version(row: Row, before: Agreement | None) -> Version:
    terms = json.loads(row[3])
    agreement = shown_terms(row[0], terms, int(row[1]))
    differs = changes(before, agreement) if before else ()
    values: tuple[Any, ...] = (row[0], int(row[1]), row[2], terms, *row[4:13], agreement, differs)
    return Version(*values)


def may_change(standing: Standing) -> None:
    """Raises BadValue when an agreement cannot have another version."""
    if not standing.versions:
        raise BadValue("code", "随应用安装的协议由应用包修改 (a pack's agreement changes with its pack)")
    if standing.state == "terminated":
        raise BadValue("act", "协议已终止 (the agreement has ended)")


def agreements(session: Session, actor: Actor, state: str = "", *, now: datetime | None = None) -> tuple[Standing, ...]:
    """The agreements the actor may see, in order of code: in force, suspended, ended, and those that wait for signatures."""
    parts, today = installed(session), city_day(moment(now))
    everything, known = sees_all(parts, actor), dict[str, Standing]()
    for agreement in (*parts.sharing.agreements.values(), *parts.sharing.past.values()):
        held = parts.stored.holds.get(agreement.code, "")
        known[agreement.code] = Standing(agreement.code, agreement, held or state_on(agreement, today.isoformat()))
    for row in session.all(queries.PROPOSED):
        version = _version(row, None)
        before = known.get(version.code)
        shown = before.agreement if before else version.agreement
        known[version.code] = Standing(version.code, shown, before.state if before else "proposed", (version,))
    found = [one for one in known.values() if everything or actor.department in (*one.agreement.requesting, *one.agreement.providing)]
    return tuple(sorted((one for one in found if not state or _is(one, state)), key=lambda one: one.code))


def _is(one: Standing, state: str) -> bool:
    """Whether an agreement belongs under a heading; a version that waits to be signed stands under `proposed` too."""
    return one.state == state or (state == "proposed" and one.proposed is not None)


def agreement_of(session: Session, actor: Actor, code: str, *, now: datetime | None = None) -> OneAgreement:
    """One agreement as its page shows it. Raises Missing when it is not the actor's to see."""
    parts = installed(session)
    standing = find_standing(session, parts, actor, code, city_day(moment(now)))
    agreement = standing.agreement
    mine = parties(parts, actor, agreement.requesting, agreement.providing)
    acts = tuple(one for one in parts.requests.agreement_acts.values() if standing.state in one.sources and mine & set(one.by))
    acts = tuple(one for one in acts if not (one.once and standing.disposed_at))
    waiting = standing.proposed
    signs = waiting is not None and any(
        f"{side}_responsible" in mine and not getattr(waiting, f"{side}_by") for side in ("requesting", "providing")
    )
    propose = (
        bool(standing.versions) and standing.state != "terminated" and bool(mine & {"requesting_responsible", "providing_responsible"})
    )
    conflicts = parts.requests.conflicts_of(agreement.register, (*agreement.fields, *agreement.claims))
    return OneAgreement(standing, acts, signs, propose, conflicts)
