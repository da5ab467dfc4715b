"""The declared model: which blocks, which comparisons, which weights. Read from packs/registers/comparisons.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2
from typing import Any

from datong.domain.access import Register
from datong.domain.errors import BadPack, Fault
from datong.fuse.block import BLOCKS
from datong.fuse.compare import COMPARISONS
from datong.fuse.rarity import COUNTED, Table
from datong.spec import Faults, Node, Packs
from datong.store import Session

FILE = "comparisons.yml"
_NUMBERS = ("prior", "gap", "largest_block")
_COSTS = ("false_link", "missed_link", "review")


@dataclass(frozen=True)
class Costs:
    """What each outcome costs, all in one unit: what a reviewer's look at one pair costs is a good one."""

    false_link: float
    """Two subjects taken for one: wrong benefits, wrong refusals, and the work of finding and parting them."""
    missed_link: float
    """One subject with two codes: a fact that is asked for twice, until somebody notices."""
    review: float
    """A person looks at the pair and judges it."""


@dataclass(frozen=True)
class Thresholds:
    """The sums of bits that decide, and the chances they stand for."""

    same: float
    unsure: float
    chance_same: float
    """Chance of a match from which linking costs less than asking."""
    chance_unsure: float
    """Chance of a match from which asking costs less than leaving apart."""


def thresholds(prior: float, costs: Costs) -> Thresholds:
    """The sums from which it costs least to link, and from which it costs least to ask; to a tenth of a bit.

    Linking a pair that matches with chance p costs (1 - p) of a false link, leaving it apart p of a missed link, asking a
    review. Where asking never pays both are the sum at which linking costs as much as leaving apart.
    """
    same = 1 - costs.review / costs.false_link
    unsure = costs.review / costs.missed_link
    if unsure >= same:
        same = unsure = costs.false_link / (costs.false_link + costs.missed_link)
    start = log2(prior / (1 - prior))
    bits = [round(log2(chance / (1 - chance)) - start, 1) for chance in (same, unsure)]
    return Thresholds(bits[0], bits[1], same, unsure)


@dataclass(frozen=True)
class Model:
    """How the mentions of one register are compared."""

    kind: Register
    same: float
    unsure: float
    gap: float
    largest_block: int
    blocks: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    weights: Mapping[str, Mapping[str, float]]
    """Comparison → level → weight."""
    prior: float = 0.5
    """The chance that a mention and a subject are the same before anything is compared."""
    costs: Costs = field(default=Costs(1, 1, 1))
    rarity: Table = field(default_factory=dict)
    """How common the register's values are; empty before a whole run has counted them."""

    @property
    def why(self) -> Thresholds:
        """Where the thresholds come from."""
        return thresholds(self.prior, self.costs)


JUDGEMENTS_ONLY = Model("premises", 1, 1, 1, 0, (), {}, {})
"""Premises are never compared: addresses are matched, the rest is for people to judge."""


def load_models(packs: Packs) -> dict[Register, Model]:
    """The models of people and organisations. Raises BadPack with every fault at once."""
    faults = Faults()
    root = packs.raw(FILE)
    if root is None:
        raise BadPack([Fault(f"registers/{FILE}", 1, "the file is missing: it says how mentions without a number are compared")])
    kinds: tuple[Register, ...] = ("person", "organisation")
    models = {kind: _model(kind, root.get(kind) or root, faults) for kind in kinds}
    faults.raise_any()
    return models


def declared_models(session: Session, packs: Packs) -> dict[Register, Model]:
    """The declared models, read once for a store."""
    held = session.store.parts.get("fuse.models")
    if held is None or held[0] is not packs:
        held = (packs, load_models(packs))
        session.store.parts["fuse.models"] = held
    models: dict[Register, Model] = held[1]
    return models


def _model(kind: Register, node: Node, faults: Faults) -> Model:
    body = node.plain()
    for name in _NUMBERS:
        if not isinstance(body.get(name), (int, float)):
            faults.add(node, f"{kind}: {name} is missing or not a number")
            body[name] = 0.5
    if not 0 < body["prior"] < 1:
        faults.add(node, f"{kind}: prior is a chance, more than 0 and less than 1")
        body["prior"] = 0.5
    costs = _costs(kind, node, faults)
    limits = thresholds(float(body["prior"]), costs)
    for name in body.get("blocks", ()):
        if name not in BLOCKS:
            faults.add(node, f"{kind}: there is no block {name!r}; known are {', '.join(BLOCKS)}")
    for part in ("comparisons", "needs"):
        for name in body.get(part, {}):
            if name not in COMPARISONS:
                faults.add(node, f"{kind}: there is no comparison {name!r}; known are {', '.join(COMPARISONS)}")
    names = list(body.get("comparisons", {}))
    for name in names:
        if name in COUNTED and COUNTED[name].comparison not in names[: names.index(name)]:
            faults.add(node, f"{kind}: {name} must stand after {COUNTED[name].comparison}, whose agreement it qualifies")
    return Model(
        kind,
        limits.same,
        limits.unsure,
        float(body["gap"]),
        int(body["largest_block"]),
        tuple(body.get("blocks", ())),
        {name: frozenset(levels) for name, levels in body.get("needs", {}).items()},
        {name: {level: float(weight) for level, weight in levels.items()} for name, levels in body.get("comparisons", {}).items()},
        float(body["prior"]),
        costs,
    )


def _costs(kind: Register, node: Node, faults: Faults) -> Costs:
    given = node.plain().get("costs")
    found: dict[str, Any] = {name: given.get(name) for name in _COSTS} if isinstance(given, dict) else {}
    if not found or not all(isinstance(cost, (int, float)) and cost > 0 for cost in found.values()):
        faults.add(node, f"{kind}: costs wants {', '.join(_COSTS)}, each a number above 0")
        return Costs(1, 1, 1)
    costs = Costs(**{name: float(cost) for name, cost in found.items()})
    if costs.review >= min(costs.false_link, costs.missed_link):
        faults.add(node, f"{kind}: a review must cost less than a false link and than a missed one, or nobody need ever be asked")
        return Costs(2, 2, 1)
    return costs
