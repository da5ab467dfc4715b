"""What services need at hand: every item of the packs, checked with what sharing says, and the calendar of their clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from datong import rules, share
from datong.domain.errors import BadPack, BadSettings, Fault, Missing
from datong.services.clocks import Working
from datong.services.terms import read_terms
from datong.share import catalogue
from datong.spec import Centre, Fact, Faults, Packs, Service, load_centres, load_services, service_nodes
from datong.store import Session, Store

PART = "services.items"


@dataclass(frozen=True)
class Items:
    """The catalogue of items, compiled once and kept with the store."""

    services: Mapping[str, Service]
    working: Working
    papers: Mapping[str, catalogue.Paper] = field(default_factory=dict)
    """What may not be asked of people, by code."""
    centres: tuple[Centre, ...] = ()
    """Where people go in person."""
    filed: Mapping[str, str] = field(default_factory=dict)
    """Item → the field of its form by which another item looks for its cases."""

    def of(self, code: str) -> Service:
        """An item. Raises Missing."""
        if code not in self.services:
            raise Missing("没有这个事项 (there is no such item)")
        return self.services[code]


def install(store: Store, packs: Packs, sharing: share.Sharing, calendar: share.Calendar) -> Items:
    """Read the packs' services and keep them with the store. Raises BadPack with every fault."""
    faults = Faults()
    services = load_services(packs, faults)
    papers = {one.code: one for one in catalogue.read_rules(packs, faults).papers}
    centres = load_centres(packs, faults)
    _check_all(services, sharing, papers, packs, faults)
    faults.raise_any()
    filed = {one.filed.item: one.filed.by for one in services.values() if one.filed is not None}
    found = Items(services, Working(calendar), papers, centres, filed)
    store.parts[PART] = found
    return found


def items(session: Session) -> Items:
    """The items of the session's store, read from its packs at the first call. Raises BadSettings when sharing is not installed."""
    found: Items | None = session.store.parts.get(PART)
    if found is None:
        if not share.is_installed(session):
            raise BadSettings("sharing is not installed: call share.install first")
        parts = share.installed(session)
        found = install(session.store, parts.packs, parts.sharing, parts.calendar)
    return found


def check_services(packs: Packs) -> list[Fault]:
    """Every fault of the packs' services; empty when they are sound."""
    try:
        sharing = share.load_sharing(packs)
    except BadPack as error:
        return error.faults
    faults = Faults()
    services = load_services(packs, faults)
    papers = {one.code: one for one in catalogue.read_rules(packs, faults).papers}
    load_centres(packs, faults)
    read_terms(packs, faults)
    _check_all(services, sharing, papers, packs, faults)
    return sorted(set(faults.found), key=lambda one: (one.file, one.line, one.message))


def _check_all(
    services: Mapping[str, Service], sharing: share.Sharing, papers: Mapping[str, catalogue.Paper], packs: Packs, faults: Faults
) -> None:
    """What services name of sharing exists: purposes, papers, and an agreement under which each fact may be asked."""
    wrong = [
        (service.code, path, message)
        for service in services.values()
        for path, message in (*_wrong(service, sharing, papers), *_wrong_rules(service, packs))
    ]
    nodes = service_nodes(packs, Faults()) if wrong else {}
    for code, path, message in wrong:
        faults.add(nodes[code][2].deepest(*path), message)


def _wrong(service: Service, sharing: share.Sharing, papers: Mapping[str, catalogue.Paper]) -> list[tuple[tuple[str, ...], str]]:
    wrong: list[tuple[tuple[str, ...], str]] = []
    if service.purpose and service.purpose not in sharing.purposes:
        wrong.append((("purpose",), f"purpose {service.purpose!r} is not in purposes.yml"))
    for material in service.materials:
        if material.paper and material.paper not in papers:
            known = ", ".join(sorted(papers))
            wrong.append((("materials", material.code), f"paper {material.paper!r} is not in the catalogue's list; known are {known}"))
    mine = [one for one in sharing.agreements.values() if service.department in one.requesting and one.purpose == service.purpose]
    for fact in service.facts:
        wanted = fact.field or fact.link or fact.event
        for one in mine:
            if one.register != fact.register or not one.systems:
                continue
            given = set(fact.claims) <= one.comparable if fact.claims else _gives(one, fact)
            if given and ("verify" if fact.claims else "look_up") in one.operations:
                break
        else:
            what = wanted or ", ".join(fact.claims)
            wrong.append(
                (("facts", fact.code), f"no agreement lets {service.department} ask {what} of {fact.register} by system for this purpose")
            )
    return wrong


def _gives(agreement: share.Agreement, fact: Fact) -> bool:
    return fact.field in agreement.fields or fact.link in agreement.links or fact.event in agreement.events


def _wrong_rules(service: Service, packs: Packs) -> list[tuple[tuple[str, ...], str]]:
    """What does not fit between a service and its rules: their own faults, a decision or an input they do not have."""
    deciding = service.deciding
    if deciding is None or not (packs.folder / service.pack / deciding.rules).is_file():
        return []
    model = rules.check_rules(packs.folder / service.pack / deciding.rules)
    wrong: list[tuple[tuple[str, ...], str]] = [(("decision", "rules"), f"{fault}") for fault in model.faults]
    if deciding.name not in model.names():
        return [*wrong, (("decision", "name"), f"the rules have no decision {deciding.name!r}; they have {', '.join(model.names())}")]
    needed = set(model.needed(deciding.name)) - {rules.DAY}
    wrong += [
        (("decision", "inputs"), f"the decision needs {name!r}: say where it comes from") for name in sorted(needed - set(deciding.inputs))
    ]
    return wrong
