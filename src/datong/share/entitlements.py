"""What an asker may see, before she asks: purposes, and for each its fields, masks, end and agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Actor, Purpose
from datong.share.agreement import Agreement, Quota
from datong.share.installed import Installed, installed, moment
from datong.share.policy import BY_PURPOSE, prefixes_for, roles_of
from datong.share.workdays import city_day
from datong.store import Session


@dataclass(frozen=True)
class Entitlement:
    """One agreement as it stands for one actor. `state`: in_force, not_yet, expired, suspended, role_missing,
    domain_missing, key_not_issued, people_only or no_jurisdiction."""

    agreement: str
    title: tuple[str, str]
    purpose: str
    register: str
    operations: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    """Field and mask."""
    claims: tuple[str, ...]
    unmask: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    jurisdiction: tuple[str, ...]
    reason_required: bool
    consent: bool
    quota: Quota
    basis: str
    providing: tuple[str, ...]
    valid_from: str
    valid_to: str
    version: int
    where: tuple[str, ...]
    """Conditions on the rows."""
    state: str
    events: tuple[str, ...] = ()
    """Kinds of events that come with a subject."""


def entitlements(session: Session, actor: Actor, purpose: str = "", *, now: datetime | None = None) -> tuple[Entitlement, ...]:
    """Which fields, masked how, until when, under which agreement: for one purpose, or for all."""
    parts, today = installed(session), city_day(moment(now)).isoformat()
    agreements = parts.policy.agreements_of(actor)
    return tuple(_entitlement(parts, actor, one, today) for one in agreements if not purpose or one.purpose == purpose)


def purposes_for(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Purpose, ...]:
    """The purposes the actor can choose from today, in the order of purposes.yml."""
    usable = {one.purpose for one in entitlements(session, actor, now=now) if one.state == "in_force"}
    return tuple(purpose for code, purpose in installed(session).sharing.purposes.items() if code in usable)


def _entitlement(parts: Installed, actor: Actor, agreement: Agreement, today: str) -> Entitlement:
    prefixes = prefixes_for(agreement, actor, parts.sharing.zones)
    return Entitlement(
        agreement=agreement.code,
        title=(agreement.title_zh, agreement.title_en),
        purpose=agreement.purpose,
        register=agreement.register,
        operations=agreement.operations,
        fields=tuple(agreement.fields.items()),
        claims=tuple(sorted(agreement.comparable)) if "verify" in agreement.operations else (),
        unmask=agreement.unmask,
        links=tuple(agreement.links.items()),
        keys=agreement.keys,
        jurisdiction=prefixes,
        reason_required=agreement.reason_required,
        consent=agreement.consent,
        quota=agreement.quota,
        basis=agreement.basis,
        providing=agreement.providing,
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        version=agreement.version,
        where=tuple(f"{one.field} {one.op} {' '.join(one.value)}".strip() for one in agreement.rows.where),
        events=agreement.events,
        state=_state(actor, agreement, prefixes, today),
    )


def _state(actor: Actor, agreement: Agreement, prefixes: tuple[str, ...], today: str) -> str:
    if agreement.state != "live":
        return "suspended"
    if today < agreement.valid_from:
        return "not_yet"
    if today > agreement.valid_to:
        return "expired"
    if actor.kind == "system":
        if not agreement.systems:
            return "people_only"
        if not {agreement.code, f"{BY_PURPOSE}{agreement.purpose}"} & set(actor.agreements):
            return "key_not_issued"
    elif not set(agreement.roles) & roles_of(actor):
        return "role_missing"
    if agreement.rows.domain and actor.domains and agreement.rows.domain not in actor.domains:
        return "domain_missing"
    return "in_force" if prefixes else "no_jurisdiction"
