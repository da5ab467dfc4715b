"""Numbers of an area for those who lead it: no subject is shown, and no number is small enough to single one out."""

from __future__ import annotations

from dataclasses import dataclass

from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share.installed import installed
from datong.share.policy import expand
from datong.store import Session

SMALLEST = 5
"""A smaller number is not told."""
_COUNT = """SELECT substr(division, 1, :digits) AS area, kind, count(*) FROM entry
WHERE substr(division, 1, :length) = :prefix GROUP BY 1, 2 ORDER BY 1"""


@dataclass(frozen=True)
class AreaCount:
    """One area with its numbers as they may be told: "<5" for a small one."""

    division: str
    name: str
    person: str
    organisation: str
    premises: str


def area_counts(session: Session, actor: Actor, digits: int = 9) -> tuple[AreaCount, ...]:
    """How much the registers hold in each division of the actor's jurisdiction. Raises Forbidden without `stats.read`."""
    parts = installed(session)
    if not parts.may(actor, "stats.read"):
        raise Forbidden("您的岗位不能查看统计 (your post lacks stats.read)")
    names = {division.code: division.name for division in parts.packs.divisions}
    found: dict[str, dict[str, int]] = {}
    for prefix in expand(actor.jurisdiction, parts.sharing.zones):
        wanted = {"digits": digits, "length": len(prefix), "prefix": prefix}
        for area, kind, number in session.all(_COUNT, wanted):
            counted = found.setdefault(area, {})
            counted[kind] = counted.get(kind, 0) + int(number)
    return tuple(_told(area, names.get(area.ljust(12, "0")) or names.get(area) or area, counts) for area, counts in sorted(found.items()))


def _told(area: str, name: str, counts: dict[str, int]) -> AreaCount:
    def words(kind: str) -> str:
        number = counts.get(kind, 0)
        return f"<{SMALLEST}" if 0 < number < SMALLEST else str(number)

    return AreaCount(area, name, words("person"), words("organisation"), words("premises"))
