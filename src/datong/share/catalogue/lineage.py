"""Where a resource's data comes from and where it goes: delivery → resource → register field → agreement and purpose."""

from __future__ import annotations

from dataclasses import dataclass

from datong.domain.access import Actor
from datong.share.catalogue import queries
from datong.share.catalogue.store_item import READ, must
from datong.share.installed import installed
from datong.store import Session


@dataclass(frozen=True)
class Use:
    """One agreement that reads a register's field: who, for which purpose, masked how."""

    agreement: str
    purpose: str
    requesting: tuple[str, ...]
    mask: str


@dataclass(frozen=True)
class Flow:
    """One item on its way: the source's field, the register and its field, its place in the order of precedence (1 wins; 0:
    by the class of its source), and the agreements that read it."""

    field: str
    register: str
    register_field: str
    place: int
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Lineage:
    """The last deliveries of a resource and the way of each of its items."""

    deliveries: tuple[tuple[str, str, str, str], ...]
    """Number, day it speaks of, when it came, full or changes."""
    flows: tuple[Flow, ...]
    unused: tuple[str, ...]
    """Items that go into no register."""

    @property
    def purposes(self) -> tuple[str, ...]:
        """Every purpose for which something of it is read."""
        return tuple(sorted({use.purpose for flow in self.flows for use in flow.uses}))


def lineage(session: Session, actor: Actor, resource: str) -> Lineage:
    """The lineage of a resource that a pack describes; for one that is only catalogued there is none yet."""
    must(session, actor, READ)
    parts = installed(session)
    source = parts.packs.sources.get(resource)
    rows = session.all(queries.LAST_DELIVERIES, {"resource": resource})
    deliveries = tuple((str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in rows)
    if source is None:
        return Lineage(deliveries, (), ())
    flows = []
    for subject in source.subjects.values():
        for register_field, source_field in subject.fields.items():
            order = parts.packs.precedence.order(subject.kind, register_field)
            place = order.index(resource) + 1 if resource in order else 0
            uses = tuple(
                Use(one.code, one.purpose, one.requesting, one.fields.get(register_field, "claim"))
                for one in parts.sharing.agreements.values()
                if one.register == subject.kind and (register_field in one.fields or register_field in one.claims)
            )
            flows.append(Flow(source_field, subject.kind, register_field, place, uses))
    used = {flow.field for flow in flows}
    return Lineage(deliveries, tuple(flows), tuple(one for one in source.fields if one not in used))
