"""Papers broken down to data items: what replaces each paper of a pilot item, and where it is had: own register, province, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datong.domain.access import Actor
from datong.share.cascade import queries
from datong.share.cascade.offers import Offer, offer_of
from datong.share.catalogue.rules import read_rules
from datong.share.catalogue.store_item import READ, must
from datong.share.installed import installed
from datong.spec import Faults, Node, Packs, Shape
from datong.store import Session

OWN, PROVINCE, NOWHERE = "own", "province", "nowhere"


@dataclass(frozen=True)
class PilotPaper:
    """A paper: the own resources that give what it says, and the data items no own resource gives."""

    code: str
    title: str
    resources: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class PilotItem:
    """A service item and the papers it asks for today."""

    code: str
    title: str
    department: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class DataItem:
    """One data item of a paper: `where` it is had (own, province, nowhere) and from which resource or offer."""

    title: str
    where: str
    source: str = ""
    source_title: str = ""


@dataclass(frozen=True)
class BrokenDown:
    """One pilot item with its papers, each as data items."""

    item: PilotItem
    papers: tuple[tuple[PilotPaper, tuple[DataItem, ...]], ...]

    def count(self, where: str = "") -> int:
        """Data items, all or those had in one place."""
        return sum(one.where == where or not where for _, items in self.papers for one in items)


@dataclass(frozen=True)
class Counts:
    """The cascade in figures: resources shared (own and of the province), items, licence types, data items shared and all of them."""

    resources: int
    offers: int
    items: int
    licences: int
    shared: int
    data_items: int


def read_pilots(packs: Packs, faults: Faults) -> tuple[dict[str, PilotPaper], tuple[PilotItem, ...]]:
    """The papers and pilot items of cascade.yml, with the papers that catalogue.yml says can be had; what names nothing known is noted."""
    root = packs.raw("cascade", faults)
    papers = {one.code: PilotPaper(one.code, one.title, one.resources) for one in read_rules(packs, Faults()).papers}
    if root is None:
        return papers, ()
    nothing = Node({}, root.file, root.line)
    for code, node in (root.get("papers") or nothing).entries():
        shape = Shape(node, f"paper {code!r}", faults)
        shape.only(("title", "resources", "more"))
        papers[code] = PilotPaper(code, shape.text("title", required=True), shape.words("resources"), shape.words("more"))
        for name in set(papers[code].resources) - set(packs.sources):
            shape.fault("resources", f"resources names {name!r}, which no pack describes")
        if not papers[code].resources and not papers[code].more:
            shape.fault("more", f"paper {code!r} has no data item")
    items = []
    for code, node in (root.get("items") or nothing).entries():
        shape = Shape(node, f"pilot item {code!r}", faults)
        shape.only(("title", "department", "papers"))
        department = shape.choice("department", tuple(packs.departments), required=True)
        items.append(PilotItem(code, shape.text("title", required=True), department, shape.words("papers")))
        for name in set(items[-1].papers) - set(papers):
            shape.fault("papers", f"papers names {name!r}, which is no paper here and none that catalogue.yml says can be had")
    return papers, tuple(items)


def broken_down(session: Session, actor: Actor) -> tuple[tuple[BrokenDown, ...], Counts]:
    """Every pilot item broken down by what the province offers today, and the figures. Raises Forbidden without `catalogue.read`."""
    must(session, actor, READ)
    packs = installed(session).packs
    papers, items = read_pilots(packs, Faults())
    offers = [offer_of(row) for row in session.all(queries.OFFERS)]
    offered = {title: offer for offer in reversed(offers) if offer.sharing_class != "withheld" for title in offer.items.values()}
    found = tuple(BrokenDown(one, tuple((papers[code], _data_items(papers[code], packs, offered)) for code in one.papers)) for one in items)
    used = {one.source for item in found for _, parts in item.papers for one in parts if one.where == OWN}
    shared = sum(one.count(OWN) + one.count(PROVINCE) for one in found)
    live = sum(one.live for one in packs.licences.values())
    return found, Counts(len(used), len(offers), len(found), live, shared, sum(one.count() for one in found))


def _data_items(paper: PilotPaper, packs: Packs, offered: Mapping[str, Offer]) -> tuple[DataItem, ...]:
    own = [
        DataItem(column.name, OWN, source.resource, source.title_zh)
        for source in (packs.sources[code] for code in paper.resources if code in packs.sources)
        for column in source.columns
    ]
    rest = []
    for title in paper.more:
        offer = offered.get(title)
        rest.append(DataItem(title, PROVINCE, offer.code, offer.title) if offer else DataItem(title, NOWHERE))
    return (*own, *rest)
