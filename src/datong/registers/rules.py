"""The rules that find marks in one subject's own records. Each looks at a kind's declared fields and gives what it found. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from datong.domain.access import Register
from datong.registers.fold import ENTRY_FIELDS, Weighed, Weights, comparable
from datong.registers.kinds import Kinds, MarkKind

_SHOWN_RECORDS = 5
NOBODY = "data"
"""Who answers when no source does: the department that runs the registers."""


class Proof(NamedTuple):
    """One record behind a mark: day, resource, record, and a stable word for why."""

    as_of: str
    resource: str
    record: str
    why: str


@dataclass(frozen=True)
class Finding:
    """Something a rule found. `says` tells this finding from another of its kind on the same field: it changes when what is wrong does."""

    field: str
    says: str = ""
    proofs: tuple[Proof, ...] = ()
    day: str = ""
    """Since when, where no record says it."""


@dataclass(frozen=True)
class Looked:
    """One subject as the rules see it. `lost` are ties whose other side leads nowhere: (type, member, rule)."""

    code: str
    register: Register
    facts: Mapping[str, list[Weighed]]
    members: list[Any]
    lost: list[tuple[str, Any, str]]
    weights: Weights


Rule = Callable[[Looked, MarkKind], Iterable[Finding]]
MARK_ROW = ("mark_id", "code", "field", "kind", "state", "derived", "detail", "raised_at", "raised_by", "owner", "source", "says")
"""The columns of a derived mark, in the order of its row."""


def marks_of(looked: Looked, kinds: Kinds) -> list[tuple[Any, ...]]:
    """Every mark a subject's own records give rise to, as rows, in order of field and kind."""
    found = [
        mark_row(looked.code, kind, finding, looked.weights)
        for kind in kinds.values()
        if kind.rule in RULES and kind.looks_at(looked.register)
        for finding in RULES[kind.rule](looked, kind)
    ]
    return sorted(found, key=lambda row: (row[2], row[3], row[0]))


def mark_row(code: str, kind: MarkKind, finding: Finding, weights: Weights) -> tuple[Any, ...]:
    """The row of a derived mark. Its id is made of what it says, so that a mark of tomorrow that says the same is the same."""
    proofs = sorted(set(finding.proofs), reverse=True)
    records = [{"resource": one.resource, "record": one.record, "reason": one.why} for one in proofs[:_SHOWN_RECORDS]]
    detail = json.dumps({"records": records, "number": len(proofs)}, ensure_ascii=False)
    source = proofs[0].resource if proofs else ""
    says = digest_of(finding.says) if finding.says else ""
    mark_id = "d" + hashlib.sha256(f"{code}|{finding.field}|{kind.code}|{says}".encode()).hexdigest()[:23]
    owner = _owner(code, kind, finding.field, source, weights)
    day = proofs[0].as_of if proofs else finding.day
    return (mark_id, code, finding.field, kind.code, "open", 1, detail, day, "", owner, source, says)


def _owner(code: str, kind: MarkKind, field: str, source: str, weights: Weights) -> str:
    """The department answerable: whose word holds, who sent it, or the one the kind names."""
    spoke = weights.department.get(source, "")
    if kind.owner == "speaker":
        return spoke or NOBODY
    if kind.owner == "truth":
        return weights.answerable(_REGISTERS[code[0]], field) or spoke or NOBODY
    return kind.owner


_REGISTERS: Mapping[str, Register] = {"P": "person", "O": "organisation", "H": "premises"}


def digest_of(text: str) -> str:
    """A short digest of what a mark says: equal for equal, and nothing can be read from it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _joined(parts: Iterable[object]) -> str:
    return "\x1f".join(sorted({str(part) for part in parts}))


def _proof(member: Any, why: str) -> Proof:
    return Proof(member.as_of, member.resource, member.record_id, why)


def conflict(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """Two sources give a field different values, and neither is the older word of the same source."""
    for name in sorted(kind.fields[looked.register] & looked.facts.keys()):
        facts = looked.facts[name]
        clashing = [fact for fact in facts if fact.state == "conflict"]
        if clashing:
            both = (facts[0], *clashing)
            says = _joined(f"{f.said.resource}={comparable(name, f.said.value, f.said.place)}" for f in both)
            yield Finding(name, says, tuple(Proof(f.said.as_of, f.said.resource, f.said.record, f.why) for f in both))


def gap(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """A field that every entry must have has no value from any source."""
    day = max((member.as_of for member in looked.members), default="")
    for name in sorted(kind.fields[looked.register] - looked.facts.keys()):
        if name in ENTRY_FIELDS[looked.register]:
            yield Finding(name, day=day)


def unsound(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """A number whose length, date or check digit is wrong."""
    for name in sorted(kind.fields[looked.register]):
        bad = [(m, m.body["b"][name]) for m in looked.members if m.body.get("b", {}).get(name)]
        if bad:
            says = _joined(f"{m.resource}={m.body.get('f', {}).get(name, '')}={why}" for m, why in bad)
            yield Finding(name, says, tuple(_proof(m, why) for m, why in bad))


def borrowed(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """A record that came by number alone and bears another name."""
    found = [m for m in looked.members if m.rule == "borrowed"]
    if found:
        says = _joined(f"{m.resource}/{m.record_id}" for m in found)
        for name in sorted(kind.fields[looked.register]):
            yield Finding(name, says, tuple(_proof(m, "name_differs") for m in found))


def verdict(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """An address of which the reader's verdict is one of the kind's words; ties whose address leads nowhere among them."""
    found: dict[str, list[tuple[Any, str, str]]] = {}
    for member in looked.members:
        for name, (word, why, _) in member.body.get("v", {}).items():
            if word in kind.words:
                found.setdefault(name, []).append((member, why, member.body.get("f", {}).get(name, "")))
    for tie, member, rule in looked.lost:
        if rule.removesuffix("_address") in kind.words and not member.body.get("v"):
            found.setdefault(tie, []).append((member, "tie", member.record_id))
    for name, rows in found.items():
        yield Finding(name, _joined(f"{m.resource}={why}={text}" for m, why, text in rows), tuple(_proof(m, why) for m, why, _ in rows))


def abolished(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """An address that names a division which is no more."""
    found: dict[str, list[tuple[Any, str]]] = {}
    for member in looked.members:
        for name, (_, why, _) in member.body.get("v", {}).items():
            if why in kind.words:
                found.setdefault(name, []).append((member, why))
    for name, rows in found.items():
        yield Finding(name, _joined(m.resource for m, _ in rows), tuple(_proof(m, why) for m, why in rows))


def single_source(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """Premises of which one department alone speaks."""
    departments = {looked.weights.department.get(member.resource, "") for member in looked.members}
    if len(departments) == 1:
        newest = max(looked.members, key=lambda m: (m.as_of, m.resource, m.record_id))
        yield Finding("address", _joined(departments), (_proof(newest, "only_source"),))


def after_death(looked: Looked, kind: MarkKind) -> Iterator[Finding]:
    """A source that lists the living still lists a person so many months after her death."""
    deaths = looked.facts.get("death_date", [])
    if not deaths or deaths[0].said.problem or not (limit := months_after(deaths[0].said.value, kind.months)):
        return
    late = [m for m in looked.members if m.resource in kind.resources and m.as_of > limit]
    if late:
        yield Finding("death_date", _joined(m.resource for m in late), tuple(_proof(m, "after_death") for m in late))


def months_after(day: str, months: int) -> str:
    """The same day so many months later, as ISO text; "" when the day is none. A day the month lacks becomes its 28th."""
    try:
        start = date.fromisoformat(day)
    except ValueError:
        return ""
    count = start.year * 12 + start.month - 1 + months
    return f"{count // 12:04}-{count % 12 + 1:02}-{min(start.day, 28) if start.day > 28 else start.day:02}"


RULES: Mapping[str, Rule] = {
    "conflict": conflict,
    "gap": gap,
    "unsound": unsound,
    "borrowed": borrowed,
    "verdict": verdict,
    "abolished": abolished,
    "single_source": single_source,
    "after_death": after_death,
}
"""The rules one subject's own records answer; those that look at its neighbours stand in `neighbours`."""
