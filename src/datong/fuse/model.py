"""The declared model: which blocks, which comparisons, which weights. Read from packs/registers/comparisons.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datong.domain.access import Register
from datong.domain.errors import BadPack, Fault
from datong.fuse.block import BLOCKS
from datong.fuse.compare import COMPARISONS
from datong.spec import Faults, Node, Packs

FILE = "comparisons.yml"
_NUMBERS = ("same", "unsure", "gap", "largest_block")


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


def _model(kind: Register, node: Node, faults: Faults) -> Model:
    body = node.plain()
    for name in _NUMBERS:
        if not isinstance(body.get(name), (int, float)):
            faults.add(node, f"{kind}: {name} is missing or not a number")
            body[name] = 0
    for name in body.get("blocks", ()):
        if name not in BLOCKS:
            faults.add(node, f"{kind}: there is no block {name!r}; known are {', '.join(BLOCKS)}")
    for part in ("comparisons", "needs"):
        for name in body.get(part, {}):
            if name not in COMPARISONS:
                faults.add(node, f"{kind}: there is no comparison {name!r}; known are {', '.join(COMPARISONS)}")
    return Model(
        kind,
        float(body["same"]),
        float(body["unsure"]),
        float(body["gap"]),
        int(body["largest_block"]),
        tuple(body.get("blocks", ())),
        {name: frozenset(levels) for name, levels in body.get("needs", {}).items()},
        {name: {level: float(weight) for level, weight in levels.items()} for name, levels in body.get("comparisons", {}).items()},
    )
