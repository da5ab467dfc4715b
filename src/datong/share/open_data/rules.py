"""What the city says of open data: licences of use, the smallest count, the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from datong.share.installed import once_of_packs
from datong.spec import Faults, Node, Packs, Shape
from datong.store import Session

PART = "share.open_data.rules"
LICENCE_OF = {"yes": "unconditional", "conditional": "conditional"}
"""How the catalogue classes a resource → the licence under which the public uses it."""


@dataclass(frozen=True)
class Licence:
    """A licence of use: its title and terms, 中文 and English."""

    code: str
    title: tuple[str, str]
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenRules:
    """The city's rules of open data. Clocks are working days; a group of fewer than `smallest` is not published."""

    licences: Mapping[str, Licence] = field(default_factory=dict)
    smallest: int = 10
    wish_days: int = 10
    correction_days: int = 10
    valid_years: int = 5


def open_rules(session: Session) -> OpenRules:
    """The rules, read once for each store that is opened. Raises BadPack."""
    return once_of_packs(session, PART, lambda parts, faults: read_open_rules(parts.packs, faults))


def read_open_rules(packs: Packs, faults: Faults) -> OpenRules:
    """open_data.yml; what cannot stand is noted. Without the file nothing can be opened: there is no licence to use it under."""
    root = packs.raw("open_data", faults)
    if root is None:
        return OpenRules()
    shape = Shape(root, "open_data.yml", faults)
    shape.only(("licences", "smallest", "clocks", "valid_years"))
    clocks = shape.part("clocks")
    clocks.only(("wish", "correction"))
    nodes = (root.get("licences") or Node({}, root.file, root.line)).entries()
    licences = {code: _licence(code, Shape(node, f"licence {code!r}", faults)) for code, node in nodes}
    for code in sorted(set(LICENCE_OF.values()) - licences.keys()):
        shape.fault("licences", f"licences lacks {code!r}: data of that class could not be opened")
    return OpenRules(
        licences, shape.number("smallest", 10, 2), clocks.number("wish", 10, 1), clocks.number("correction", 10, 1),
        shape.number("valid_years", 5, 1),
    )  # fmt: skip


def _licence(code: str, shape: Shape) -> Licence:
    shape.only(("title", "terms"))
    title = shape.part("title")
    terms = [(one.get("zh"), one.get("en")) for one in (shape.node.get("terms") or Node([], shape.node.file, 0)).items()]
    said = tuple((zh.text, en.text) for zh, en in terms if zh is not None and en is not None)
    if not said:
        shape.fault("terms", "a licence says its terms, each in zh and en")
    return Licence(code, (title.text("zh", required=True), title.text("en", required=True)), said)
