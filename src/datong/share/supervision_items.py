"""The city's supervision items, from `supervision.yml`: what each department supervises, and which resource holds what it did."""

from __future__ import annotations

from dataclasses import dataclass

from datong.spec import Faults, Node, Packs, Shape

ITEM_KEYS = ("title", "department", "kind", "basis", "resource")


@dataclass(frozen=True)
class Item:
    """One supervision item: what a department supervises, how, on what basis, and the resource that holds what it did."""

    code: str
    title: tuple[str, str]
    department: str
    kind: str
    basis: str
    resource: str = ""


def read_items(packs: Packs, faults: Faults) -> tuple[Item, ...]:
    """The items of supervision.yml; what names nothing known is noted."""
    root = packs.raw("supervision", faults)
    found = []
    for code, node in (root.get("items") or Node({}, root.file, root.line)).entries() if root else ():
        shape = Shape(node, f"supervision item {code!r}", faults)
        shape.only(ITEM_KEYS)
        title = shape.part("title")
        words = (title.text("zh", required=True), title.text("en", required=True))
        department = shape.choice("department", tuple(packs.departments), required=True)
        item = Item(code, words, department, shape.text("kind", required=True), shape.text("basis", required=True), shape.text("resource"))
        found.append(item)
        source = packs.sources.get(item.resource)
        if item.resource and source is None:
            shape.fault("resource", f"{item.resource!r} is no resource of the packs")
        elif source is not None and source.event != item.kind:
            shape.fault("resource", f"the records of {item.resource!r} are no {item.kind!r}: its source says event {source.event!r}")
    return tuple(found)
