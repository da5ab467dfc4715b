"""The city's terms around cases, as data: how long a draft is kept, when a bad rating is answered, what a trip costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from datong import share
from datong.spec import Faults, Node, Packs, Shape, Words
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
    return share.once_of_packs(session, PART, lambda parts, faults: read_terms(parts.packs, faults))


def read_terms(packs: Packs, faults: Faults) -> Terms:
    """The terms of the packs; every fault is noted with its line."""
    root, costs = packs.raw("cases.yml", faults), packs.raw("benefits.yml", faults)
    unit = tuple(_cost(node, faults) for node in _entries(costs, "unit_costs", faults))
    if root is None:
        return Terms(costs=unit)
    top = Shape(root, "cases.yml", faults)
    top.only(("drafts", "ratings", "objections"))
    drafts, ratings = top.part("drafts"), top.part("ratings")
    drafts.only(("days", "reference"))
    ratings.only(("bad", "contact_days", "answer_days", "reference"))
    return Terms(
        drafts.number("days", DRAFT_DAYS),
        ratings.number("bad", BAD),
        ratings.number("contact_days", CONTACT_DAYS),
        ratings.number("answer_days", ANSWER_DAYS),
        ratings.text("reference"),
        tuple(_objection(one, faults) for one in _entries(root, "objections", faults)),
        unit,
    )


def _entries(root: Node | None, name: str, faults: Faults) -> list[Node]:
    node = root.get(name) if root is not None else None
    if node is None or isinstance(node.value, list):
        return list(node.items()) if node is not None else []
    faults.add(node, f"{name!r} must be a list")
    return []


def _objection(node: Node, faults: Faults) -> Words:
    shape = Shape(node, "an objection", faults)
    shape.only(("zh", "en", "reference"))
    reference = shape.text("reference", required=True)
    return Words(f"{shape.text('zh', required=True)}（{reference}）", f"{shape.text('en', required=True)} ({reference})")


def _cost(node: Node, faults: Faults) -> UnitCost:
    shape = Shape(node, "a unit cost", faults)
    shape.only(("what", "fen", "from", "reference"))
    since = shape.text("from", required=True)
    try:
        date.fromisoformat(since)
    except ValueError:
        shape.fault("from", f"from: {since!r} is no day; write it like 2026-01-01, in quotes")
    return UnitCost(shape.choice("what", WHAT, required=True), shape.number("fen"), since, shape.text("reference", required=True))


def costs_of(found: Terms, month: str) -> Mapping[str, UnitCost]:
    """The unit costs that hold for a month."""
    return {what: one for what in WHAT if (one := found.cost(what, month)) is not None}
