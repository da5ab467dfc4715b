"""What the catalogue says of a resource: its items, classes, conditions and acts, as frozen values with one written form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Basis:
    """An act that a sharing class rests on: its title, article, rank, and what it says (open, conditional or withheld)."""

    act: str
    article: str = ""
    kind: str = ""
    says: str = "conditional"


@dataclass(frozen=True)
class Field:
    """One item of information (信息项) of a resource. An empty sharing class is the resource's own."""

    name: str
    code: str
    type: str = "text"
    length: int = 0
    level: int = 1
    sharing_class: str = ""
    bases: tuple[Basis, ...] = ()
    source_department: str = ""
    """Whose word holds for it (一数一源)."""
    secrecy: str = "none"
    note: str = ""


@dataclass(frozen=True)
class Resource:
    """One resource of a department as the catalogue holds it. `resource` is its number here; empty while it has none."""

    title: str
    department: str
    resource: str = ""
    code: str = ""
    title_en: str = ""
    system: str = ""
    summary: str = ""
    classification: str = ""
    """Class, item and heading: the code up to the stroke."""
    format: str = "database"
    cycle: str = "monthly"
    sharing_class: str = "conditional"
    methods: tuple[str, ...] = ()
    condition: str = ""
    scope: str = ""
    used_for: str = ""
    withheld_because: str = ""
    bases: tuple[Basis, ...] = ()
    opened: str = "no"
    opened_condition: str = ""
    data_class: str = "general"
    level: int = 1
    personal: str = "none"
    secrecy: str = "none"
    related: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def fields_level(self) -> int:
        """The highest level of its items."""
        return max((one.level for one in self.fields), default=1)


@dataclass(frozen=True)
class Fault:
    """What is wrong with an item: the field's name, what is wrong, and the mend; with its row when it came in a file."""

    field: str
    reason: str
    mend: str
    row: int = 0

    def __str__(self) -> str:
        place = f"第 {self.row} 行 " if self.row else ""
        return f"{place}{self.field}：{self.reason}；{self.mend}"


@dataclass(frozen=True)
class Change:
    """One difference between two versions: where, what stood there, what stands there now."""

    field: str
    before: str
    after: str


def body_of(resource: Resource) -> str:
    """The item as kept: JSON in the order of its definition."""
    return json.dumps(asdict(resource), ensure_ascii=False, separators=(",", ":"))


def read_body(text: str) -> Resource:
    """The item back from `body_of`."""
    return from_plain(json.loads(text))


def from_plain(plain: Mapping[str, Any]) -> Resource:
    """An item from plain values; keys it does not know are passed over, so that an older version can be read."""
    known = {one.name for one in fields(Resource)}
    values = {key: value for key, value in plain.items() if key in known}
    values["bases"] = _bases(plain.get("bases", ()))
    values["methods"], values["related"] = tuple(plain.get("methods", ())), tuple(plain.get("related", ()))
    values["fields"] = tuple(Field(**{**one, "bases": _bases(one.get("bases", ()))}) for one in plain.get("fields", ()))
    return Resource(**values)


def _bases(plain: Sequence[Mapping[str, Any]]) -> tuple[Basis, ...]:
    return tuple(Basis(**one) for one in plain)


def differences(before: Resource, after: Resource) -> tuple[Change, ...]:
    """What changed between two versions: of the resource first, then item by item; an item that came or went has one line."""
    found = [
        Change(one.name, _told(getattr(before, one.name)), _told(getattr(after, one.name)))
        for one in fields(Resource)
        if one.name not in ("fields", "code", "resource") and getattr(before, one.name) != getattr(after, one.name)
    ]
    old, new = {one.code: one for one in before.fields}, {one.code: one for one in after.fields}
    for code in [*old, *(one for one in new if one not in old)]:
        was, now = old.get(code), new.get(code)
        if was is None or now is None:
            found.append(Change(f"fields.{code}", was.name if was else "", now.name if now else ""))
            continue
        for part in fields(Field):
            if getattr(was, part.name) != getattr(now, part.name):
                found.append(Change(f"fields.{code}.{part.name}", _told(getattr(was, part.name)), _told(getattr(now, part.name))))
    if [one for one in old if one in new] != [one for one in new if one in old]:
        found.append(Change("fields", "、".join(old), "、".join(new)))
    return tuple(found)


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(f"{one.act}{one.article}" if isinstance(one, Basis) else str(one) for one in value)
    return str(value)


def words_of(resource: Resource, department: str) -> str:
    """Every word by which it can be found, in small letters: names, codes, items, the department's name."""
    parts = [resource.title, resource.title_en, resource.summary, resource.system, department, resource.resource, resource.code]
    parts += [word for one in resource.fields for word in (one.name, one.code)]
    return "\n".join(part for part in parts if part).lower()
