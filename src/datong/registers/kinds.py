"""The kinds of marks a city knows, as its packs declare them: what each looks for, who answers for it and within how many days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from datong.domain.errors import BadPack, Fault
from datong.domain.registers import REGISTER_FIELDS
from datong.spec import Faults, Packs, Shape

RULES = (
    *("conflict", "gap", "unsound", "borrowed", "verdict", "abolished", "single_source", "after_death"),
    *("silent", "address_differs", "owner_not_registrant", "many_registrants", "people"),
)
OWNERS = ("truth", "speaker")
KEYS = ("title", "means", "rule", "fields", "registers", "words", "resources", "owner", "days", "months", "number", "told", "good")


@dataclass(frozen=True)
class MarkKind:
    """One kind of mark. `words` and `pair` are 中文 and English; `owner` is truth, speaker or a department's code."""

    code: str
    title: tuple[str, str]
    means: tuple[str, str]
    rule: str
    owner: str
    days: int
    """How many days the answerable department has."""
    told: Literal["everyone", "office"] = "everyone"
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Register → the fields it looks at; a register that is not there is not looked at."""
    words: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    months: int = 0
    number: int = 0
    good: bool = False
    """Good news: a confirmation, not a problem."""

    def looks_at(self, register: str, name: str = "") -> bool:
        """Whether it looks at a register, and at a field of it."""
        fields = self.fields.get(register)
        return fields is not None and (not name or not fields or name in fields)


Kinds = Mapping[str, MarkKind]


_READ: dict[tuple[Path, float], Kinds] = {}


def mark_kinds(packs: Packs) -> Kinds:
    """The kinds of the city's packs by code, read again when the file is newer. Raises BadPack with every fault."""
    path = packs.folder / "registers" / "marks.yml"
    key = (path, path.stat().st_mtime if path.is_file() else 0.0)
    if key not in _READ:
        faults = Faults()
        found = read_kinds(packs, faults)
        faults.raise_any()
        _READ[key] = found
    return _READ[key]


def check_marks(packs: Packs) -> list[Fault]:
    """Every fault in what the packs say about marks; empty when it is sound."""
    try:
        mark_kinds(packs)
    except BadPack as error:
        return error.faults
    return []


def read_kinds(packs: Packs, faults: Faults) -> Kinds:
    """marks.yml as kinds by code; what cannot be read is noted."""
    root = packs.raw("marks", faults)
    if root is None:
        return {}
    entries = (root.get("kinds") or root).entries()
    return {code: _kind(code, Shape(node, f"mark kind {code!r}", faults), packs) for code, node in entries}


def _kind(code: str, shape: Shape, packs: Packs) -> MarkKind:
    shape.only(KEYS)
    title, means = shape.part("title"), shape.part("means")
    resources = shape.words("resources")
    for name in sorted(set(resources) - set(packs.sources)):
        shape.fault("resources", f"resources names {name!r}, which no pack describes")
    return MarkKind(
        code=code,
        title=(title.text("zh", required=True), title.text("en", required=True)),
        means=(means.text("zh", required=True), means.text("en", required=True)),
        rule=shape.choice("rule", RULES, "people", required=True),
        owner=shape.choice("owner", (*OWNERS, *packs.departments), "truth", required=True),
        days=shape.number("days", 30, 1),
        told="office" if shape.choice("told", ("everyone", "office"), "everyone") == "office" else "everyone",
        fields=_fields(shape),
        words=frozenset(shape.words("words")),
        resources=frozenset(resources),
        months=shape.number("months", 0, 1),
        number=shape.number("number", 0, 2),
        good=shape.flag("good"),
    )


def _fields(shape: Shape) -> dict[str, frozenset[str]]:
    """Register → fields, from `fields` or from the plain list of `registers` (then all fields)."""
    found: dict[str, frozenset[str]] = {name: frozenset() for name in shape.words("registers")}
    inner = shape.part("fields")
    for register, _ in inner.node.entries():
        found[register] = frozenset(inner.words(register))
    for register, fields in found.items():
        known = REGISTER_FIELDS.get(register)
        if known is None:
            shape.fault("fields" if shape.node.get("fields") else "registers", f"unknown register {register!r}")
        for name in sorted(fields - set(known or fields)):
            shape.fault("fields", f"unknown {register} field {name!r}")
    if not found:
        shape.faults.add(shape.node, f"{shape.what} looks at no register: write fields or registers")
    return found
