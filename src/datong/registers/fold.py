"""Fold the records of one subject into its facts: which value wins each field, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from datong.domain.access import Register
from datong.domain.names import read_name, read_org_name
from datong.domain.registers import PRECEDENCE_CLASSES, REGISTER_FIELDS
from datong.spec import Packs

SEVERAL: dict[Register, frozenset[str]] = {
    "person": frozenset(
        ("phone", "plate", "account_no", "former_name", "workplace", "insurance_no", "housing_fund_no", "allowance", "school")
    ),
    "organisation": frozenset(("phone", "former_name", "account_no", "operating_address")),
    "premises": frozenset(("certificate_no", "account_no", "owner_name", "contact", "address")),
}
"""Fields of which a subject may have several values at once: they never contradict each other."""
ADDRESSES = frozenset(("address", "registered_address", "operating_address"))
NAMES = frozenset(("name", "legal_representative"))
_LAST = 99


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says of one field, before it is weighed."""

    field: str
    value: str
    resource: str
    record: str
    delivery: str
    as_of: str
    raw: str = ""
    problem: str = ""
    place: str = ""
    door: bool = True
    """False for an address that leads to no door."""


class Weights:
    """How much each source's word weighs for each field of a register; from the packs, remembered."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs
        self._known: dict[tuple[Register, str, str], tuple[int, int]] = {}
        self.department = {name: source.department for name, source in packs.sources.items()}

    def of(self, kind: Register, field: str, resource: str) -> tuple[int, int]:
        """(place in the field's order, place of the precedence class); smaller wins."""
        key = (kind, field, resource)
        if key not in self._known:
            self._known[key] = self._weigh(*key)
        return self._known[key]

    def _weigh(self, kind: Register, field: str, resource: str) -> tuple[int, int]:
        source = self._packs.sources.get(resource)
        name = source.precedence if source else ""
        order = self._packs.precedence.order(kind, field)
        places = [at for at, word in enumerate(order) if word in (resource, name)]
        return (min(places, default=_LAST), PRECEDENCE_CLASSES.index(name) if name in PRECEDENCE_CLASSES else _LAST)


def said_by(member: tuple[Any, ...], body: Mapping[str, Any]) -> list[Said]:
    """What a member's body says, field by field. `member` is (resource, record_id, delivery_id, as_of)."""
    resource, record, delivery, as_of = member
    raws, problems = body.get("w", {}), body.get("b", {})
    places, doubts = body.get("p", {}), body.get("v", {})
    return [
        Said(
            name,
            value,
            resource,
            record,
            delivery,
            as_of,
            raws.get(name, ""),
            problems.get(name, ""),
            places.get(name, ""),
            name not in doubts,
        )
        for name, value in body.get("f", {}).items()
    ]


def fold(kind: Register, said: Iterable[Said], weights: Weights) -> dict[str, list[dict[str, str]]]:
    """Field → facts as they stand in an entry's body, winner first, in the register's order of fields."""
    by_field: dict[str, list[Said]] = {}
    for one in said:
        by_field.setdefault(one.field, []).append(one)
    former = {read_name(one.value) or read_org_name(one.value) for one in by_field.get("former_name", ())}
    return {name: _fold_field(kind, name, by_field[name], weights, former) for name in REGISTER_FIELDS[kind] if name in by_field}


def _fold_field(kind: Register, name: str, said: list[Said], weights: Weights, former: set[str]) -> list[dict[str, str]]:
    newest: dict[tuple[str, str], Said] = {}
    for one in said:
        held = newest.get((one.resource, one.value))
        if held is None or (one.as_of, one.record) > (held.as_of, held.record):
            newest[one.resource, one.value] = one
    ranks = {id(one): _rank(kind, one, weights) for one in newest.values()}
    ranked = sorted(newest.values(), key=lambda one: (one.record, one.value))
    ranked.sort(key=lambda one: one.resource)
    ranked.sort(key=lambda one: one.as_of, reverse=True)
    ranked.sort(key=lambda one: ranks[id(one)])
    several = name in SEVERAL[kind]
    newest_of = _newest_of_resources(ranked)
    facts = []
    seen: set[str] = set()
    winner = ranked[0]
    for at, one in enumerate(ranked):
        key = comparable(name, one.value, one.place)
        if at == 0:
            state, why = "won", _why(ranked, ranks)
        elif key in seen:
            state, why = "agrees", "same_value"
        elif several:
            state, why = "won", "another"
        else:
            state, why = _against(one, winner, newest_of, former, name)
        seen.add(key)
        facts.append(_fact(one, state, why, weights))
    return facts


def _rank(kind: Register, one: Said, weights: Weights) -> tuple[int, int, int]:
    order, of_class = weights.of(kind, one.field, one.resource)
    return (int(bool(one.problem) or not one.door), order, of_class)


def _why(ranked: list[Said], ranks: Mapping[int, tuple[int, int, int]]) -> str:
    """Which step decided between the winner and the next with another value."""
    winner = ranked[0]
    other = next((one for one in ranked[1:] if one.value != winner.value), None)
    if other is None:
        return "only"
    for word, left, right in zip(("sound", "order", "class"), ranks[id(winner)], ranks[id(other)], strict=True):
        if left != right:
            return word
    return "newest" if winner.as_of != other.as_of else "first"


def _newest_of_resources(ranked: list[Said]) -> dict[str, str]:
    newest: dict[str, str] = {}
    for one in ranked:
        newest[one.resource] = max(newest.get(one.resource, ""), one.as_of)
    return newest


def _against(one: Said, winner: Said, newest_of: Mapping[str, str], former: set[str], name: str) -> tuple[str, str]:
    """How a value that is not the winner's stands beside it."""
    if one.as_of < newest_of[one.resource]:
        return "past", "older"
    if name in ("name", "org_name") and (read_name(one.value) in former or read_org_name(one.value) in former):
        return "past", "older"
    if name in ADDRESSES and (not one.place or not winner.place):
        return "agrees", "not_comparable"
    if one.problem and not winner.problem:
        return "conflict", "unsound"
    return "conflict", "outranked"


@lru_cache(maxsize=200_000)
def comparable(name: str, value: str, place: str = "") -> str:
    """What two values of a field must share to be the same: premises for addresses, folded names, numbers to one digit."""
    if name in ADDRESSES:
        return place or value
    if name in NAMES:
        return read_name(value)
    if name == "org_name":
        return read_org_name(value)
    if name in ("area", "registered_capital"):
        try:
            return f"{float(value):.1f}"
        except ValueError:
            return value
    return value


def _fact(one: Said, state: str, why: str, weights: Weights) -> dict[str, str]:
    fact = {
        "value": one.value,
        "resource": one.resource,
        "department": weights.department.get(one.resource, ""),
        "record": one.record,
        "delivery": one.delivery,
        "as_of": one.as_of,
        "state": state,
        "why": why,
    }
    for name, value in (("raw", one.raw), ("problem", one.problem), ("place", one.place)):
        if value:
            fact[name] = value
    return fact
