"""One subject's records → its entry, keys, relations and marks: the derived rows of the registers. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datong.domain.access import Register
from datong.domain.codes import kind_of
from datong.domain.names import read_name, read_org_name
from datong.registers.body import write_body
from datong.registers.fold import Said, Weighed, Weights, fold, said_by
from datong.registers.reached import Reached, reached_of
from datong.registers.rules import Looked, marks_of
from datong.registers.signs import signs_of

Facts = dict[str, list[Weighed]]

DIVISION_TIES: dict[Register, tuple[str, ...]] = {
    "person": ("lives_at", "household_registered_at", "rents", "owns", "account_holder_at"),
    "organisation": ("registered_at", "operates_at", "owns", "account_holder_at"),
    "premises": (),
}
_KEYS = (
    ("citizen_id", "citizen_id"),
    ("credit_code", "credit_code"),
    ("title_no", "title_unit_no"),
    ("certificate_no", "certificate_no"),
    ("phone", "phone"),
    ("phone", "contact"),
    ("plate", "plate"),
    ("account_no", "account_no"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One record that speaks of the subject."""

    resource: str
    record_id: str
    role: str
    delivery_id: str
    as_of: str
    rule: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class Built:
    """The derived rows of one subject."""

    code: str
    kind: Register
    division: str
    label: str
    body: str
    keys: list[tuple[str, str]] = field(default_factory=list)
    relations: list[tuple[str, ...]] = field(default_factory=list)
    marks: list[tuple[Any, ...]] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)

    def fingerprint(self) -> str:
        """What must stay the same for the entry to be unchanged. Marks have a history of their own: see `cases`."""
        parts = (self.division, self.label, self.body, *(str(row) for row in self.relations))
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Other:
    """The other side of a tie: its code and, when it has none, the rule that says why."""

    code: str
    rule: str


def build(
    code: str, members: list[Member], others: Mapping[tuple[str, str, str], Other], places: Mapping[str, tuple[str, str]], weights: Weights
) -> Built:
    """Everything the registers hold of one subject. `others` is (resource, record, role) → the other side of ties;
    `places` is premises code → (division, standard wording)."""
    kind = kind_of(code)
    said: list[Said] = []
    for member in members:
        said += said_by(member.resource, member.record_id, member.delivery_id, member.as_of, member.body)
    facts = fold(kind, said, weights)
    relations, lost = _relations(code, members, others, weights)
    place = places.get(code, ("", ""))
    built = Built(code, kind, "", _label(kind, facts, place[1]), body_of(facts, weights, signs_of(kind, members)))
    built.division = place[0] if kind == "premises" else _division(kind, facts, relations, members, places)
    if kind == "premises" and not built.division:
        built.division = _won(facts, "division")
    built.keys = _keys(kind, facts)
    built.relations = relations
    built.reached = reached_of(members)
    built.marks = marks_of(Looked(code, kind, facts, members, lost, weights), weights.kinds)
    return built


def body_of(facts: Facts, weights: Weights, signs: Mapping[str, str] | None = None) -> str:
    """The entry's body: each fact with its source, and the signs of life; see `body` for its shape."""
    department = weights.department
    told = {
        name: [
            (
                (said.resource, department.get(said.resource, ""), said.record, said.delivery, said.as_of),
                (said.value, state, why, said.raw, said.problem, said.place),
            )
            for said, state, why in found
        ]
        for name, found in facts.items()
    }
    return write_body(told, signs)


def _won(facts: Facts, name: str) -> str:
    return facts[name][0].said.value if name in facts else ""


def _label(kind: Register, facts: Facts, wording: str) -> str:
    if kind == "person":
        return _won(facts, "name")
    if kind == "organisation":
        return _won(facts, "org_name")
    return _won(facts, "standard_address") or wording or _won(facts, "address") or _won(facts, "title_unit_no")


def _relations(
    code: str, members: list[Member], others: Mapping[tuple[str, str, str], Other], weights: Weights
) -> tuple[list[tuple[str, ...]], list[tuple[str, Member, str]]]:
    """Ties as rows of the `relation` table, one for each (type, other, resource): the newest record, the earliest
    beginning; and the ties whose other side leads nowhere (type, member, rule)."""
    newest: dict[tuple[str, str, str], tuple[Member, str, str, Mapping[str, str]]] = {}
    lost = []
    for member in members:
        for kind, role, since, until, detail in member.body.get("r", ()):
            other = others.get((member.resource, member.record_id, role))
            if other is None or other.code == code:
                continue
            if not other.code:
                lost.append((kind, member, other.rule))
                continue
            key = (kind, other.code, member.resource)
            held = newest.get(key)
            if held is None or (member.as_of, member.record_id) > (held[0].as_of, held[0].record_id):
                start = min(filter(None, (since, held[1] if held else "")), default="")
                newest[key] = (member, start, until, detail)
            elif since and (not held[1] or since < held[1]):
                newest[key] = (held[0], since, held[2], held[3])
    rows = [
        (
            code,
            kind,
            other,
            m.resource,
            m.record_id,
            since,
            until,
            m.as_of,
            m.delivery_id,
            weights.department.get(m.resource, ""),
            json.dumps(detail, ensure_ascii=False, sort_keys=True),
        )
        for (kind, other, _), (m, since, until, detail) in newest.items()
    ]
    return sorted(rows), lost


def _division(
    kind: Register, facts: Facts, relations: Iterable[tuple[str, ...]], members: list[Member], places: Mapping[str, tuple[str, str]]
) -> str:
    """Where the subject is: its home or seat, else its address, else as far as a vague address goes."""
    rank = {name: at for at, name in enumerate(DIVISION_TIES[kind])}
    tied = [(rank[row[1]], bool(row[6]), _backwards(row[7]), row[2]) for row in relations if row[1] in rank and row[2] in places]
    if tied:
        return places[min(tied)[3]][0]
    for name in ("address", "registered_address", "operating_address"):
        for fact in facts.get(name, ()):
            if fact.said.place in places:
                return places[fact.said.place][0]
    vague = sorted(doubt[2] for member in members for doubt in member.body.get("v", {}).values() if doubt[2])
    return max(vague, key=lambda division: (len(division), division), default="")


def _backwards(text: str) -> tuple[int, ...]:
    return tuple(-ord(char) for char in text)


def _keys(kind: Register, facts: Facts) -> list[tuple[str, str]]:
    """What the subject can be found by: every sound value, past ones too."""
    found = {
        (key, fact.said.value)
        for key, name in _KEYS
        for fact in facts.get(name, ())
        if not fact.said.problem and (name != "citizen_id" or fact.state != "conflict")
    }
    if kind == "person":
        births = {fact.said.value for fact in facts.get("birth_date", ()) if not fact.said.problem}
        births |= {_birth(fact.said.value) for fact in facts.get("citizen_id", ()) if not fact.said.problem}
        names = {read_name(fact.said.value) for name in ("name", "former_name") for fact in facts.get(name, ())}
        found |= {("name_birth", f"{name}|{birth}") for name in names if name for birth in births or {""}}
    if kind == "organisation":
        names = {read_org_name(fact.said.value) for name in ("org_name", "former_name") for fact in facts.get(name, ())}
        found |= {("org_name", name) for name in names if name}
    return sorted(found)


def _birth(citizen_id: str) -> str:
    return f"{citizen_id[6:10]}-{citizen_id[10:12]}-{citizen_id[12:14]}"
