"""Every adult of a household asked for her own word: a service says once what is asked of one, and has it for as many as may live together.

`household:` is written out into facts and seats before anything else reads the service: `adult_1` … are led to through sharing, each has
a seat that stands only when there is somebody to sit in it, and what is asked of each waits for her own word.
"""

from __future__ import annotations

from datong.spec.nodes import Faults, Node
from datong.spec.service import ADULT, ADULTS
from datong.spec.shape import Shape

KEY = "household"
KEYS = ("home", "number", "but", "most", "seat", "facts")
MOST = 12
NUMBER = "{n}"


def with_household(node: Node, faults: Faults) -> Node:
    """The service with its adults written out; as it is when it names no household."""
    written = node.get(KEY)
    if written is None:
        return node
    shape = Shape(written, f"{KEY!r}", faults)
    shape.only(KEYS)
    for name in ("home", "number"):
        shape.text(name, required=True)
    most = shape.number("most", 6, 1)
    if most > MOST:
        shape.fault("most", f"most: {MOST} adults can be asked at the most")
        most = MOST
    facts, seats = _facts(shape, most), _seats(shape, most)
    confirming = node.get("confirming") or _mapping({}, written)
    every = _joined(confirming.get("seats") or _mapping({}, written), seats)
    parts = {"facts": _joined(node.get("facts") or _mapping({}, written), facts), "confirming": _joined(confirming, {"seats": every})}
    return _joined(node, parts)


def _facts(shape: Shape, most: int) -> dict[str, Node]:
    """How many adults there are, each of them, and what is asked of each."""
    here = shape.node
    look = {"register": "premises", "key": f"fact.{shape.text('home')}", "link": "household_registered_at", "towards": "in"}
    found = {ADULTS: _plain({"title": {"zh": "同户其他成年人数", "en": "Other adults of the household"}, **look, "gives": ADULTS}, here)}
    for number in range(1, most + 1):
        one = f"{ADULT}_{number}"
        title = {"zh": f"同户成年人{number}", "en": f"Adult {number} of the household"}
        found[one] = _plain({"title": title, **look, "gives": ADULT}, here)
        for name, child in (shape.node.get("facts") or _mapping({}, here)).entries():
            about = {"register": _plain("person", here), "key": _plain(f"fact.{one}", here)}
            found[f"{one}_{name}"] = _joined(_numbered(child, number), about)
    return found


def _seats(shape: Shape, most: int) -> dict[str, Node]:
    seat = shape.node.get("seat")
    if seat is None:
        shape.fault("seat", "household lacks 'seat': what an adult is told before she answers")
        return {}
    asked = {"if_any": _plain(True, seat)}
    who = [f"{ADULT}_{number}" for number in range(1, most + 1)]
    return {one: _joined(_numbered(seat, at), {**asked, "who": _plain(f"fact.{one}", seat)}) for at, one in enumerate(who, 1)}


def _numbered(node: Node, number: int) -> Node:
    """The same with the number where `{n}` stands."""
    if isinstance(node.value, dict):
        return Node({key: _numbered(child, number) for key, child in node.entries()}, node.file, node.line, node.text, node.keys)
    if isinstance(node.value, list):
        return Node([_numbered(child, number) for child in node.items()], node.file, node.line, node.text)
    if not isinstance(node.value, str):
        return node
    text = node.text.replace(NUMBER, str(number))
    return Node(text, node.file, node.line, text)


def _joined(node: Node, more: dict[str, Node]) -> Node:
    keys = {**node.keys, **{key: node.keys.get(key, child.line) for key, child in more.items()}}
    return Node({**(node.value if node.is_mapping else {}), **more}, node.file, node.line, node.text, keys)


def _mapping(value: dict[str, Node], where: Node) -> Node:
    return Node(value, where.file, where.line)


def _plain(value: object, where: Node) -> Node:
    """A plain value at a place."""
    if isinstance(value, dict):
        return _mapping({key: _plain(child, where) for key, child in value.items()}, where)
    return Node(value, where.file, where.line, "true" if value is True else str(value))
