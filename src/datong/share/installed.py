"""What the door needs at hand, compiled once and kept with the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from datong.domain.errors import BadSettings
from datong.registers import Kinds, read_kinds
from datong.settings import Settings
from datong.share.agreement import Sharing
from datong.share.load import load_sharing
from datong.share.meter import Meter
from datong.share.policy import Policy
from datong.share.roles import Role, read_roles
from datong.share.workdays import Calendar, read_calendar
from datong.spec import Faults, Packs
from datong.store import Session, Store

PART = "share.policy"


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

    @cached_property
    def quiet(self) -> frozenset[str]:
        """Kinds of marks that no reader of an entry is warned by: work for the lists, and good news."""
        return frozenset(code for code, kind in self.kinds.items() if kind.told == "office" or kind.good)


def install(store: Store, settings: Settings, packs: Packs) -> Installed:
    """Compile the packs' agreements and keep them with the store. Raises BadPack with every fault."""
    sharing = load_sharing(packs)
    faults = Faults()
    roles = read_roles(packs, faults)
    calendar = read_calendar(packs, faults)
    kinds = read_kinds(packs, faults)
    faults.raise_any()
    posts = {code: (role.title_zh, role.title_en) for code, role in roles.items()}
    found = Installed(settings, packs, sharing, Policy(sharing, posts), calendar, roles, kinds)
    store.parts[PART] = found
    return found


def is_installed(session: Session) -> bool:
    """Whether `install` has been called for the session's store in this process."""
    return PART in session.store.parts


def installed(session: Session) -> Installed:
    """The parts that `install` left with the session's store."""
    found: Installed | None = session.store.parts.get(PART)
    if found is None:
        raise BadSettings("sharing is not installed: call share.install(store, settings, packs) when the store is opened")
    return found


def moment(now: datetime | None) -> datetime:
    """The given time, or this moment for the doors that did not read the clock themselves."""
    return now if now is not None else datetime.now(UTC)
