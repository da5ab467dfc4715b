"""Where people go in person: `centres.yml`, the service centres of each level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from datong.spec.nodes import Faults, Node
from datong.spec.packs import Packs
from datong.spec.read_service import words_of
from datong.spec.service import LEVELS, Words
from datong.spec.shape import Shape

KEYS = ("title", "level", "division", "address", "hours", "phone", "departments")


@dataclass(frozen=True)
class Centre:
    """A service centre: of which level and division, where and when it is open, and for whose items (none named: everybody's)."""

    code: str
    title: Words
    level: str
    division: str
    address: Words
    hours: Words
    phone: str
    departments: tuple[str, ...]

    def takes(self, levels: Collection[str], department: str) -> bool:
        """Whether an item of these levels, led by this department, is handled there."""
        return self.level in levels and (not self.departments or department in self.departments)


def load_centres(packs: Packs, faults: Faults) -> tuple[Centre, ...]:
    """Every centre, the higher level first; faults are noted with their line. None where the packs have no list."""
    root = packs.raw("centres.yml")
    listed = root.get("centres") if root is not None else None
    if root is not None and listed is None:
        faults.add(root, "the file lacks 'centres'")
    found = [_centre(code, node, packs, faults) for code, node in (listed.entries() if listed is not None else ())]
    return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), one.division, one.code)))


def _centre(code: str, node: Node, packs: Packs, faults: Faults) -> Centre:
    shape = Shape(node, f"centre {code!r}", faults)
    shape.only(KEYS)
    departments = shape.words("departments")
    for one in departments:
        if one not in packs.departments:
            shape.fault("departments", f"department {one!r} is not in departments.yml")
    division = shape.text("division", required=True)
    if division and not division.isdigit():
        shape.fault("division", f"division {division!r} is no division code: write its digits in quotes")
    level = shape.choice("level", LEVELS, LEVELS[0], required=True)
    title, address, hours = (words_of(shape, key, required=True) for key in ("title", "address", "hours"))
    return Centre(code, title, level, division, address, hours, shape.text("phone", required=True), departments)
