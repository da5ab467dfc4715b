"""Bodies by level: the province above the city; counties, towns and villages below it, each within its own division.

A body's level, the body it belongs to and its division are data (`departments.yml`). A lower body joins by the very doors that the city's
departments use: its keys and accounts reach no further than its division; it may send records to the sources of its own and of the bodies
it belongs to, and only of places within its division. A body without a system yet is a slot that is kept open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datong import fuse
from datong.domain.access import Actor
from datong.domain.errors import BadValue, DatongError
from datong.share.installed import installed, is_installed
from datong.spec import Packs
from datong.store import Session

_CAPTURED = 5
"""Wrong rows that an error names."""


def above(packs: Packs, department: str) -> tuple[str, ...]:
    """The bodies a body belongs to, the nearest first."""
    found: list[str] = []
    one = packs.departments.get(department)
    while one is not None and one.parent and one.parent not in found:
        found.append(one.parent)
        one = packs.departments.get(one.parent)
    return tuple(found)


def within(session: Session, department: str, jurisdiction: Sequence[str]) -> tuple[str, ...]:
    """The division prefixes that a key or an account of a body may have: no wider than the body's own division.

    Everywhere becomes the body's division. Raises BadValue for a division of somebody else's.
    """
    wanted = tuple(jurisdiction)
    if not is_installed(session):
        return wanted
    body = installed(session).packs.departments.get(department)
    if body is None or not body.division:
        return wanted
    if wanted in ((), ("",)):
        return (body.division,)
    if not all(one.startswith(body.division) for one in wanted):
        raise BadValue("jurisdiction", f"lies outside the division of {department}", f"write {body.division} or a division within it")
    return wanted


def why_not_send(session: Session, actor: Actor, resource: str, rows: Sequence[Mapping[str, Any]]) -> DatongError | None:
    """Why a body with a division of its own may not send these records; nothing when it may, and for bodies of the whole city."""
    parts = installed(session)
    body, source = parts.packs.departments.get(actor.department), parts.packs.sources.get(resource)
    if body is None or not body.division or source is None:
        return None
    if source.department not in (body.code, *above(parts.packs, body.code)):
        said = f"is a resource of {source.department}, to which {body.code} does not belong"
        return BadValue("resource", said, "send to the sources of your own or of the body above you")
    places = [column.name for column in source.columns if column.field == "division"]
    addresses = [column.name for column in source.columns if column.type == "address"]
    wrong = [number for number, row in enumerate(rows, 1) if not _in_division(session, row, (places, addresses), body.division)]
    if not wrong:
        return None
    named = ", ".join(str(number) for number in wrong[:_CAPTURED]) + (" …" if len(wrong) > _CAPTURED else "")
    return BadValue("rows", f"rows {named} name no place within {body.division}", "a lower level sends what lies in its own division")


def _in_division(session: Session, row: Mapping[str, Any], columns: tuple[list[str], list[str]], division: str) -> bool:
    places, addresses = columns
    for name in places:
        if text := str(row.get(name) or "").strip():
            return text.startswith(division)
    tree, _ = fuse.places_of(session)
    for name in addresses:
        if text := str(row.get(name) or "").strip():
            match = fuse.match_text(session, text, hint_division=division)
            way = tree.ancestors(match.place_id) if match.place_id in tree.places else ()
            return max((one.division for one in way), key=len, default="").startswith(division)
    return False
