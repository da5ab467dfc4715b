"""What each post may do: permissions from `roles.yml`. They open pages and commands; data stays behind the agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datong.spec import Faults, Packs, Shape

ROLE_NAMES = (
    "window_clerk",
    "officer",
    "steward",
    "reviewer",
    "sharing_manager",
    "sharing_officer",
    "security_officer",
    "grid_worker",
    "inspector",
    "leader",
    "archivist",
    "auditor",
    "admin",
    "citizen",
)


@dataclass(frozen=True)
class Role:
    """A post: its code, its title and what it may do."""

    code: str
    title_zh: str
    title_en: str
    may: frozenset[str]


def read_roles(packs: Packs, faults: Faults) -> Mapping[str, Role]:
    """The city's roles; unknown names are noted as faults."""
    root = packs.raw("roles", faults)
    found: dict[str, Role] = {}
    if root is None:
        return found
    for code, node in (root.get("roles") or root).entries():
        if code not in ROLE_NAMES:
            faults.add(root, f"unknown role {code!r}; known are {', '.join(ROLE_NAMES)}")
        shape = Shape(node, f"role {code!r}", faults)
        shape.only(("title", "may"))
        title = shape.part("title")
        found[code] = Role(code, title.text("zh", required=True), title.text("en", required=True), frozenset(shape.words("may")))
    return found


def permissions_of(known: Mapping[str, Role], roles: Iterable[str]) -> frozenset[str]:
    """Everything these posts may do together; an unknown post may do nothing."""
    return frozenset().union(*(known[role].may for role in roles if role in known))
