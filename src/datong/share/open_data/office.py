"""What an office has to do with open data: what may be proposed, what waits for whom, what the public asked and reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong.domain.access import Actor
from datong.share.catalogue import Fault, Resource, published_resource, rules_of
from datong.share.catalogue.store_item import DEMAND, EDIT, PUBLISH, READ, SIGN, must
from datong.share.installed import installed
from datong.share.open_data import queries
from datong.share.open_data.check import openable
from datong.share.open_data.dataset import Dataset, dataset_of
from datong.share.open_data.told import Correction, Wish, waiting_corrections, waiting_wishes
from datong.store import Session


@dataclass(frozen=True)
class OpeningWork:
    """An office's page: every dataset she may see, each with the acts that are hers, and what waits for an answer."""

    datasets: tuple[tuple[Dataset, tuple[str, ...]], ...]
    candidates: tuple[Resource, ...]
    wishes: tuple[Wish, ...]
    corrections: tuple[Correction, ...]


def opening_work(session: Session, actor: Actor, *, now: datetime | None = None) -> OpeningWork:
    """What the actor's department has opened or may open; the authority sees every department's. Raises Forbidden."""
    must(session, actor, READ)
    parts, authority = installed(session), rules_of(session).authority
    department = "" if actor.department == authority else actor.department
    found = [dataset_of(row) for row in session.all(queries.ALL_OF, {"department": department})]
    answers = parts.may(actor, DEMAND)
    return OpeningWork(
        tuple((one, _acts(actor, one, parts.permissions(actor), authority)) for one in found),
        _candidates(session, actor, department),
        waiting_wishes(session, actor, now=now) if answers else (),
        waiting_corrections(session, actor, now=now) if answers else (),
    )


def _acts(actor: Actor, one: Dataset, may: frozenset[str], authority: str) -> tuple[str, ...]:
    """The acts that are the actor's with a dataset as it stands."""
    own, keeps = actor.department == one.department, actor.department == authority and PUBLISH in may
    found = []
    if one.state == "proposed" and own and SIGN in may and actor.id != one.proposed_by:
        found.append("sign")
    if one.state == "signed" and keeps and actor.id not in (one.proposed_by, one.signed_by):
        found.append("open")
    if one.state in ("proposed", "signed") and keeps:
        found.append("return")
    if one.state == "opened" and EDIT in may and own and not one.asked:
        found.append("renew")
    if one.state == "opened" and (keeps or (own and SIGN in may)):
        found.append("withdraw")
    return tuple(found)


def _candidates(session: Session, actor: Actor, department: str) -> tuple[Resource, ...]:
    """The resources that the actor may propose to open: published, delivered, classed as openable."""
    parts = installed(session)
    if not parts.may(actor, EDIT):
        return ()
    names = [one.resource for one in parts.packs.sources.values() if not department or one.department == department]
    items = [item for name in names if (item := published_resource(session, name)) is not None]
    return tuple(item for item in items if item.opened != "no")


def can_open(session: Session, actor: Actor, resource: str) -> dict[str, dict[str, Fault | None]]:
    """Register → each field the resource gives → what keeps it from being opened, or nothing. Raises Forbidden, Missing."""
    must(session, actor, EDIT)
    item, source = published_resource(session, resource), installed(session).packs.sources.get(resource)
    if item is None or source is None:
        return {}
    kinds = dict.fromkeys(subject.kind for subject in source.subjects.values() if subject.kind != "person")
    return {kind: openable(item, source, kind) for kind in kinds}
