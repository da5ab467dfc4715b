"""The declared model: which blocks, which comparisons, which weights. Read from packs/registers/comparisons.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from datong.domain.access import Register
from datong.domain.errors import BadPack, Fault
from datong.fuse.block import BLOCKS
from datong.fuse.compare import COMPARISONS

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


def load_models(packs: Path) -> dict[Register, Model]:
    """The models of people and organisations. Raises BadPack with every fault at once."""
    path = packs / "registers" / FILE
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    faults: list[Fault] = []
    models = {kind: _model(kind, found.get(kind) or {}, faults) for kind in ("person", "organisation")}
    if faults:
        raise BadPack(faults)
    return models  # type: ignore[return-value]  # the two kinds are literals of Register


def _model(kind: Any, body: Mapping[str, Any], faults: list[Fault]) -> Model:
    def fault(message: str) -> None:
        faults.append(Fault(FILE, 1, f"{kind}: {message}"))

    for name in _NUMBERS:
        if not isinstance(body.get(name), (int, float)):
            fault(f"{name} is missing or not a number")
    for name in body.get("blocks", ()):
        if name not in BLOCKS:
            fault(f"there is no block {name}; known are {', '.join(BLOCKS)}")
    for name in [*body.get("comparisons", {}), *body.get("needs", {})]:
        if name not in COMPARISONS:
            fault(f"there is no comparison {name}; known are {', '.join(COMPARISONS)}")
    return Model(
        kind,
        float(body.get("same") or 0),
        float(body.get("unsure") or 0),
        float(body.get("gap") or 0),
        int(body.get("largest_block") or 0),
        tuple(body.get("blocks", ())),
        {name: frozenset(levels) for name, levels in body.get("needs", {}).items()},
        {name: {level: float(weight) for level, weight in levels.items()} for name, levels in body.get("comparisons", {}).items()},
    )
