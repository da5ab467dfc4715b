"""What the door needs at hand, compiled once and kept with the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeVar

from datong.domain.access import Actor
from datong.domain.errors import BadSettings, Forbidden
from datong.registers import Kinds, read_kinds
from datong.settings import Settings
from datong.share.agreement import Sharing
from datong.share.events import EventKind, read_event_kinds
from datong.share.load import load_sharing
from datong.share.meter import Meter
from datong.share.policy import Policy, roles_of
from datong.share.requests.rules import RequestRules, read_request_rules
from datong.share.requests.sandbox import Sample, read_sandbox
from datong.share.requests.stored import Stored, in_force, load_stored, policy_version
from datong.share.roles import Role, permissions_of, read_roles
from datong.share.workdays import Calendar, read_calendar
from datong.spec import Faults, Packs
from datong.store import Session, Store

T = TypeVar("T")
PART = "share.policy"
LOOKED_EVERY = 0.5
"""Seconds after which a process looks whether the agreements of the store have changed."""


@dataclass
class Watch:
    """When this process last looked (time.monotonic)."""

    looked: float = float("-inf")


@dataclass(frozen=True)
class Installed:
    """The door's compiled parts."""

    settings: Settings
    packs: Packs
    sharing: Sharing
    policy: Policy
    calendar: Calendar
    roles: Mapping[str, Role]
    kinds: Kinds = field(default_factory=dict)
    """Kinds of marks by code."""
    meter: Meter = field(default_factory=Meter)
    requests: RequestRules = field(default_factory=RequestRules)
    sandbox: Mapping[str, Sample] = field(default_factory=dict)
    """Invented subjects."""
    events: Mapping[str, EventKind] = field(default_factory=dict)
    """Kinds of events by code."""
    packed: Sharing = field(default_factory=lambda: Sharing({}, {}))
    """What the packs alone say; `sharing` is this and the agreements that live in the store."""
    stored: Stored = field(default_factory=Stored)
    watch: Watch = field(default_factory=Watch)
    together: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    """What posts may do together, for those who hold them."""

    @cached_property
    def quiet(self) -> frozenset[str]:
        """Kinds of marks that no reader of an entry is warned by: work for the lists, and good news."""
        return frozenset(code for code, kind in self.kinds.items() if kind.told == "office" or kind.good)

    def permissions(self, actor: Actor) -> frozenset[str]:
        """Everything the actor's posts may do together."""
        posts = roles_of(actor)
        if (found := self.together.get(posts)) is None:
            found = self.together[posts] = permissions_of(self.roles, posts)
        return found

    def may(self, actor: Actor, permission: str) -> bool:
        """Whether one of the actor's posts has a permission."""
        return permission in self.permissions(actor)

    def must(self, actor: Actor, permission: str) -> None:
        """Raises Forbidden when none of the actor's posts has a permission."""
        if not self.may(actor, permission):
            raise Forbidden(f"您的岗位没有这项权限 (your post lacks {permission})")


def install(store: Store, settings: Settings, packs: Packs) -> Installed:
    """Compile the packs' agreements and keep them with the store. Raises BadPack with every fault."""
    sharing = load_sharing(packs)
    faults = Faults()
    roles = read_roles(packs, faults)
    calendar = read_calendar(packs, faults)
    kinds = read_kinds(packs, faults)
    requests = read_request_rules(packs, faults)
    sandbox, events = read_sandbox(packs, faults), read_event_kinds(packs, faults)
    faults.raise_any()
    policy = Policy(sharing, _posts(roles))
    more = {"requests": requests, "sandbox": sandbox, "events": events, "packed": sharing}
    found = Installed(settings, packs, sharing, policy, calendar, roles, kinds, **more)  # type: ignore[arg-type]
    store.parts[PART] = found
    return found


def _posts(roles: Mapping[str, Role]) -> dict[str, tuple[str, str]]:
    return {code: (role.title_zh, role.title_en) for code, role in roles.items()}


def once_of_packs(session: Session, part: str, read: Callable[[Installed, Faults], T]) -> T:
    """What is read of the packs, kept with the store under `part` for as long as the packs are these. Raises BadPack with every fault."""
    parts = installed(session)
    kept: tuple[Packs, T] | None = session.store.parts.get(part)
    if kept is None or kept[0] is not parts.packs:
        faults = Faults()
        found = read(parts, faults)
        faults.raise_any()
        kept = session.store.parts[part] = (parts.packs, found)
    return kept[1]


def is_installed(session: Session) -> bool:
    """Whether `install` has been called for the session's store in this process."""
    return PART in session.store.parts


def installed(session: Session) -> Installed:
    """The parts that `install` left with the session's store, with the store's agreements as they stand to within half a second."""
    found: Installed | None = session.store.parts.get(PART)
    if found is None:
        raise BadSettings("sharing is not installed: call share.install(store, settings, packs) when the store is opened")
    if time.monotonic() - found.watch.looked < LOOKED_EVERY:
        return found
    return _brought_up(session, found)


def look_again(session: Session) -> None:
    """An agreement has just been changed in this session: look at once instead of within half a second."""
    installed(session).watch.looked = float("-inf")


def _brought_up(session: Session, found: Installed) -> Installed:
    """The parts with the store's agreements as they are now. A change is known by its own random word, so that one that was
    rolled back is never taken for the next."""
    looked = time.monotonic()
    version = policy_version(session)
    if version != found.stored.version:
        stored = load_stored(session, found.packs, found.packed, found.stored, version)
        sharing = in_force(found.packed, stored)
        found = replace(found, sharing=sharing, policy=Policy(sharing, _posts(found.roles)), stored=stored)
        session.store.parts[PART] = found
    found.watch.looked = looked
    return found


def moment(now: datetime | None) -> datetime:
    """The given time, or this moment for the doors that did not read the clock themselves."""
    return now if now is not None else datetime.now(UTC)
