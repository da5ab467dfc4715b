"""Fold the records of one subject into its facts: which value wins each field, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from datong.domain.access import Register
from datong.domain.names import read_name, read_org_name
from datong.domain.registers import ORGANISATION_FIELDS, PERSON_FIELDS, PRECEDENCE_CLASSES, PREMISES_FIELDS
from datong.registers.kinds import mark_kinds
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
ENTRY_FIELDS: dict[Register, tuple[str, ...]] = {"person": PERSON_FIELDS, "organisation": ORGANISATION_FIELDS, "premises": PREMISES_FIELDS}
"""The fields an entry has. The parts only the premises tree is built of stay with the tree."""
_LAST = 99
_BY_RECORD = attrgetter("resource", "record", "value")
_BY_DAY = attrgetter("as_of")


class Said(NamedTuple):
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


class Weighed(NamedTuple):
    """A value with its standing: state (won, agrees, conflict, past) and why, as in `values.Fact`."""

    said: Said
    state: str
    why: str


class Weights:
    """How much each source's word weighs for each field of a register; from the packs, remembered."""

    def __init__(self, packs: Packs) -> None:
        self._precedence = packs.precedence
        self._classes = {name: source.precedence for name, source in packs.sources.items()}
        self._known: dict[tuple[Register, str, str], tuple[int, int]] = {}
        self.department = {name: source.department for name, source in packs.sources.items()}
        self.kinds = mark_kinds(packs)

    def of(self, kind: Register, field: str, resource: str) -> tuple[int, int]:
        """(place in the field's order, place of the precedence class); smaller wins."""
        key = (kind, field, resource)
        if key not in self._known:
            self._known[key] = self._weigh(*key)
        return self._known[key]

    def answerable(self, kind: Register, field: str) -> str:
        """The department whose word holds for a field (one datum, one source): that of the first source its order names; "" for none."""
        named = (self.department.get(word, "") for word in self._precedence.order(kind, field))
        return next((department for department in named if department), "")

    def _weigh(self, kind: Register, field: str, resource: str) -> tuple[int, int]:
        name = self._classes.get(resource, "")
        order = self._precedence.order(kind, field)
        places = [at for at, word in enumerate(order) if word in (resource, name)]
        return (min(places, default=_LAST), PRECEDENCE_CLASSES.index(name) if name in PRECEDENCE_CLASSES else _LAST)


def said_by(resource: str, record: str, delivery: str, as_of: str, body: Mapping[str, Any]) -> list[Said]:
    """What a member's body says, field by field."""
    facts = body.get("f") or {}
    if len(body) == 1:
        return [Said(name, value, resource, record, delivery, as_of) for name, value in facts.items()]
    raws, problems = body.get("w") or {}, body.get("b") or {}
    places, doubts = body.get("p") or {}, body.get("v") or {}
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
        for name, value in facts.items()
    ]


def fold(kind: Register, said: Iterable[Said], weights: Weights) -> dict[str, list[Weighed]]:
    """Field → its values, winner first, in the register's order of fields."""
    by_field: dict[str, list[Said]] = {}
    for one in said:
        by_field.setdefault(one.field, []).append(one)
    former = {read_name(one.value) or read_org_name(one.value) for one in by_field.get("former_name", ())}
    return {name: _fold_field(kind, by_field[name], weights, former) for name in ENTRY_FIELDS[kind] if name in by_field}


def _fold_field(kind: Register, said: list[Said], weights: Weights, former: set[str]) -> list[Weighed]:
    name = said[0].field
    newest: dict[tuple[str, str, bool], Said] = {}
    for one in said:
        key = (one.resource, comparable(name, one.value, one.place), bool(one.problem))
        held = newest.get(key)
        if held is None or (one.as_of, one.record, one.value) > (held.as_of, held.record, held.value):
            newest[key] = one
    if len(newest) == 1:
        return [Weighed(one, "won", "only") for one in newest.values()]
    ranked = _ranked(kind, list(newest.values()), weights)
    several = name in SEVERAL[kind]
    newest_of = _newest_of_resources(ranked)
    winner = ranked[0]
    weighed = [Weighed(winner, "won", _why(kind, ranked, weights))]
    seen = {comparable(name, winner.value, winner.place)}
    for one in ranked[1:]:
        same = comparable(name, one.value, one.place)
        if same in seen:
            weighed.append(Weighed(one, "agrees", "same_value"))
        elif several:
            weighed.append(Weighed(one, "won", "another"))
        else:
            weighed.append(Weighed(one, *_against(one, winner, newest_of, former)))
        seen.add(same)
    return weighed


def _ranked(kind: Register, said: list[Said], weights: Weights) -> list[Said]:
    """Best first: sound, by the field's order, by class, newest, then by resource and record so that nothing is left to chance."""
    said.sort(key=_BY_RECORD)
    said.sort(key=_BY_DAY, reverse=True)
    said.sort(key=lambda one: _rank(kind, one, weights))
    return said


def _rank(kind: Register, one: Said, weights: Weights) -> tuple[int, int, int]:
    return (int(bool(one.problem) or not one.door), *weights.of(kind, one.field, one.resource))


def _why(kind: Register, ranked: list[Said], weights: Weights) -> str:
    """Which step decided between the winner and the next with another value."""
    winner = ranked[0]
    other = next((one for one in ranked[1:] if one.value != winner.value), None)
    if other is None:
        return "only"
    for word, left, right in zip(("sound", "order", "class"), _rank(kind, winner, weights), _rank(kind, other, weights), strict=True):
        if left != right:
            return word
    return "newest" if winner.as_of != other.as_of else "first"


def _newest_of_resources(ranked: list[Said]) -> dict[str, str]:
    newest: dict[str, str] = {}
    for one in ranked:
        newest[one.resource] = max(newest.get(one.resource, ""), one.as_of)
    return newest


def _against(one: Said, winner: Said, newest_of: Mapping[str, str], former: set[str]) -> tuple[str, str]:
    """How a value that is not the winner's stands beside it."""
    if one.as_of < newest_of[one.resource]:
        return "past", "older"
    if one.field in ("name", "org_name") and (read_name(one.value) in former or read_org_name(one.value) in former):
        return "past", "older"
    if one.field in ADDRESSES and (not one.place or not winner.place):
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
