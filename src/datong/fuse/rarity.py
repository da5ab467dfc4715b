"""How common a value is, from the register's own counts: agreement on 张伟 says less than agreement on a name nobody else has.

A value's *share* is the chance that somebody picked at random has it. Beside it stands the chance that two people picked at
random agree in the fact at all. Where a value is commoner than that, agreement on it is weaker evidence than the weight of
the level says, where it is rarer, stronger; by so many bits as doublings lie between.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import log2

from datong.domain.access import Register
from datong.domain.names import core_of, read_name, read_org_name
from datong.fuse import store_queries as stored
from datong.fuse.persona import Persona
from datong.store import Session

FEWEST = 1_000
"""Subjects below which nothing is counted: a share of a few hundred says little."""
LEVELS = (("very_common", -2.5), ("common", -1.0), ("usual", 1.0))
"""Level and the doublings below which it holds; above them all a value is rare."""
_STATE, _COUNTED_AT = "rarity:", "rarity counted at:"


@dataclass(frozen=True)
class Rarity:
    """The levels of one fact's values, and the level of those that are not among them."""

    levels: Mapping[str, str]
    others: str = "rare"

    def of(self, values: Iterable[str]) -> str:
        """The level of the rarest of these values; missing when there is none."""
        found = {self.levels.get(value, self.others) for value in values}
        return next((level for level in ("unique", "rare", "usual", "common", "very_common") if level in found), "missing")


Table = Mapping[str, Rarity]
"""Comparison (name_rarity, …) → what was counted; a comparison that was not counted is missing and weighs nothing."""


@dataclass(frozen=True)
class Counted:
    """Which fact a rarity is counted in, how a value is folded, and the agreement that it qualifies."""

    fact: str
    fold: Callable[[str], str] = str
    comparison: str = ""
    levels: frozenset[str] = field(default_factory=frozenset)
    others: str = "rare"
    """The level of values that are not kept: rare, or unique (at most one subject has it) where all others are kept."""


def _core(name: str) -> str:
    return core_of(read_org_name(name))


COUNTED: Mapping[str, Counted] = {
    "name_rarity": Counted("name", read_name, "name", frozenset(("same", "variant"))),
    "place_rarity": Counted("place", str, "place", frozenset(("same",))),
    "org_name_rarity": Counted("org_name", _core, "org_name", frozenset(("same", "core")), "unique"),
}
OF_KIND: Mapping[Register, tuple[str, ...]] = {
    "person": ("name_rarity", "place_rarity"),
    "organisation": ("org_name_rarity", "place_rarity"),
    "premises": (),
}


def count(name: str, values: Iterable[tuple[str, int]], subjects: int) -> Rarity | None:
    """The rarity of a fact from (value, number of subjects that have it); None when there are too few subjects.

    Only values commoner than rare are kept: at most four over the chance of agreement, however large the city. Where a value
    that one subject alone has is a level of its own, every value of two subjects or more is kept.
    """
    if subjects < FEWEST:
        return None
    folded: Counter[str] = Counter()
    for value, number in values:
        if key := COUNTED[name].fold(value):
            folded[key] += number
    total = sum(folded.values())
    if not total:
        return None
    expected = sum((number / total) ** 2 for number in folded.values())
    others = COUNTED[name].others
    levels = {}
    for value, number in folded.items():
        doublings = log2(expected * total / number)
        level = next((level for level, least in LEVELS if doublings < least), "rare")
        if (others == "unique" and number > 1) or (others == "rare" and level != "rare"):
            levels[value] = level
    return Rarity(levels, others)


def rarity_level(name: str, table: Table, level: str, left: Persona, right: Persona) -> str:
    """How rare the values are that two sides agree in; missing unless they agree at the level the rarity qualifies.

    Unique counts only for the very same value beside the subject that has it: two strays of one name may be two shops.
    """
    what = COUNTED[name]
    if name not in table or level not in what.levels:
        return "missing"
    one, two = ({what.fold(value) for value in side.of(what.fact)} for side in (left, right))
    found = table[name].of(one & two)
    return "rare" if found == "unique" and (level != "same" or not (left.sound or right.sound)) else found


def keep_rarity(session: Session, kind: Register, table: Table, now: str) -> None:
    """Keep what a whole run counted, for records that come one by one."""
    body = {name: dict(sorted(rarity.levels.items())) for name, rarity in sorted(table.items())}
    session.run(stored.SET_STATE_VALUE, {"name": _STATE + kind, "value": json.dumps(body, ensure_ascii=False)})
    session.run(stored.SET_STATE_VALUE, {"name": _COUNTED_AT + kind, "value": now})


def rarity_at_hand(session: Session, kind: Register) -> Table:
    """What the last whole run counted: read once for a store, and again after the next run; nothing before the first."""
    at = session.one(stored.STATE, {"name": _COUNTED_AT + kind})
    held: tuple[str, Table] | None = session.store.parts.get(_STATE + kind)
    if at and (held is None or held[0] != at[0]):
        row = session.one(stored.STATE, {"name": _STATE + kind})
        levels = json.loads(row[0]) if row else {}
        held = (at[0], {name: Rarity(values, COUNTED[name].others) for name, values in levels.items()})
        session.store.parts[_STATE + kind] = held
    return held[1] if at and held else {}
