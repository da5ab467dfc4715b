"""The city's terms around cases, as data: how long a draft is kept, when a bad rating is answered, what a trip costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from datong import share
from datong.spec import Faults, Node, Packs, Words
from datong.store import Session

PART = "services.terms"
DRAFT_DAYS, CONTACT_DAYS, ANSWER_DAYS, BAD = 30, 1, 15, 2
WHAT = ("visit", "paper")


@dataclass(frozen=True)
class UnitCost:
    """What one trip or one paper costs people, in fen, from a day (ISO) on."""

    what: str
    fen: int
    since: str
    reference: str


@dataclass(frozen=True)
class Terms:
    """`bad` is the highest grade that counts as bad; days are calendar days for drafts, working days for ratings."""

    draft_days: int = DRAFT_DAYS
    bad: int = BAD
    contact_days: int = CONTACT_DAYS
    answer_days: int = ANSWER_DAYS
    rating_reference: str = ""
    objections: tuple[Words, ...] = ()
    costs: tuple[UnitCost, ...] = ()

    def cost(self, what: str, month: str) -> UnitCost | None:
        """What holds for a month (`2026-11`): the latest that began no later."""
        held = [one for one in self.costs if one.what == what and one.since[:7] <= month]
        return max(held, key=lambda one: one.since, default=None)


def terms(session: Session) -> Terms:
    """The terms of the session's city. Raises BadPack when they are not sound."""
    found: Terms | None = session.store.parts.get(PART)
    if found is None:
        faults = Faults()
        found = read_terms(share.installed(session).packs, faults)
        faults.raise_any()
        session.store.parts[PART] = found
    return found


def read_terms(packs: Packs, faults: Faults) -> Terms:
    """The terms of the packs; every fault is noted with its line."""
    root, costs = packs.raw("cases.yml", faults), packs.raw("benefits.yml", faults)
    unit = tuple(_cost(node, faults) for node in _entries(costs, "unit_costs"))
    if root is None:
        return Terms(costs=unit)
    drafts, ratings = root.get("drafts") or Node({}, "", 0), root.get("ratings") or Node({}, "", 0)
    return Terms(
        _number(drafts, "days", DRAFT_DAYS, faults),
        _number(ratings, "bad", BAD, faults),
        _number(ratings, "contact_days", CONTACT_DAYS, faults),
        _number(ratings, "answer_days", ANSWER_DAYS, faults),
        _text(ratings, "reference"),
        tuple(_objection(one) for one in _entries(root, "objections")),
        unit,
    )


def _entries(root: Node | None, name: str) -> list[Node]:
    node = root.get(name) if root is not None else None
    return list(node.items()) if node is not None and isinstance(node.value, list) else []


def _objection(node: Node) -> Words:
    reference = _text(node, "reference")
    return Words(f"{_text(node, 'zh')}（{reference}）", f"{_text(node, 'en')} ({reference})")


def _cost(node: Node, faults: Faults) -> UnitCost:
    what, since, reference = _text(node, "what"), _text(node, "from"), _text(node, "reference")
    if what not in WHAT:
        faults.add(node, f"unit cost of {what!r}: write one of {', '.join(WHAT)}")
    try:
        date.fromisoformat(since)
    except ValueError:
        faults.add(node, f"from: {since!r} is no day; write it like 2026-01-01, in quotes")
    if not reference:
        faults.add(node, f"the unit cost of {what!r} lacks its reference")
    return UnitCost(what, _number(node, "fen", 0, faults), since, reference)


def _number(node: Node, name: str, default: int, faults: Faults) -> int:
    found = node.get(name)
    if found is None:
        return default
    if not isinstance(found.value, int) or found.value < 0:
        faults.add(found, f"{name}: write a whole number of days, grades or fen")
        return default
    return found.value


def _text(node: Node, name: str) -> str:
    found = node.get(name)
    return str(found.value) if found is not None and found.value is not None else ""


def costs_of(found: Terms, month: str) -> Mapping[str, UnitCost]:
    """The unit costs that hold for a month."""
    return {what: one for what in WHAT if (one := found.cost(what, month)) is not None}
