"""The resources that the packs describe stand in the catalogue by installation; when a pack changes, a new version stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from datong.domain.access import Actor
from datong.share.catalogue import queries
from datong.share.catalogue.item import Field, Resource, body_of
from datong.share.catalogue.rules import Rules
from datong.share.catalogue.store_item import (
    Entry,
    add_system,
    add_version,
    allotted_code,
    entry_of,
    keep,
    published,
    rules_of,
    write_line,
)
from datong.share.installed import installed, moment
from datong.share.notices import next_serial
from datong.share.queries import KEEP_STATE, READ_STATE
from datong.share.workdays import moment_text
from datong.spec import Packs, Source
from datong.store import Session

STATE = "catalogue.packs"
OPERATOR = Actor("installation", "installation", "system")
FORMATS = {"table": "database", "xlsx": "sheet", "csv": "sheet"}
SENSITIVE = frozenset({"citizen_id", "phone", "name", "address", "plate"})
ITEMS, OWN = {"person": "101001", "organisation": "102001", "premises": "103001"}, "301001"
"""Where a resource is classified by what its rows speak of; the rest are their department's own."""


def is_brought_in(session: Session) -> bool:
    """Whether the catalogue is what the packs describe today."""
    row = session.one(READ_STATE, {"name": STATE})
    return row is not None and row[0] == _digest(_described(session))


def _described(session: Session) -> list[Resource]:
    parts, rules = installed(session), rules_of(session)
    return [of_source(source, parts.packs, rules) for source in parts.packs.sources.values()]


def _digest(described: list[Resource]) -> str:
    return hashlib.sha256("\n".join(map(body_of, described)).encode()).hexdigest()


def bring_in(session: Session, now: datetime | None = None) -> int:
    """Bring the catalogue up to what the packs describe; how many items are new or changed. Costs nothing when nothing changed."""
    at, described = moment_text(moment(now)), _described(session)
    digest = _digest(described)
    row = session.one(READ_STATE, {"name": STATE})
    if row is not None and row[0] == digest:
        return 0
    session.run(KEEP_STATE, {"name": STATE, "value": digest})  # two processes at once: the second waits here and finds all done
    changed = [item.resource for item in described if _bring(session, item, at)]
    if changed:
        for department, system in sorted({(item.department, item.system) for item in described if item.system}):
            add_system(session, department, system, at)
        write_line(session, OPERATOR, "installed", {"resources": sorted(changed)}, at)
    return len(changed)


def _bring(session: Session, item: Resource, at: str) -> bool:
    row = session.one(queries.ITEM, {"resource": item.resource})
    entry = entry_of(row) if row else None
    stands = published(session, entry) if entry else None
    item = replace(item, code=entry.code if entry and entry.code else allotted_code(session, item.classification))
    if stands == item:
        return False
    version = entry.version + 1 if entry else 1
    number = entry.number if entry else next_serial(session, "catalogue_item")
    add_version(session, item, version, (OPERATOR.id, "由数据源配置生成"), at)
    kept = (item.resource, number, item.code, item.department, item.system, item.title, item.sharing_class, item.cycle)
    keep(session, Entry(*kept, "pack", "published", "", version, "", 0, OPERATOR.id, "", at, at), item)
    return True


def of_source(source: Source, packs: Packs, rules: Rules) -> Resource:
    """A pack's source as the catalogue says it."""
    kinds = [subject.kind for subject in source.subjects.values()]
    personal = "person" in kinds or any(column.type == "citizen_id" for column in source.columns)
    conditional, withheld = source.sharing_class == "conditional", source.sharing_class == "withheld"
    cited = rules.cited(source.legal_basis, source.sharing_class) + rules.bases.get(source.resource, ())
    return Resource(
        resource=source.resource,
        title=source.title_zh,
        title_en=source.title_en,
        department=source.department,
        system=source.system,
        summary=f"{source.title_zh}，由{packs.departments[source.department].title_zh}在{source.system or '业务工作'}中形成。",
        classification=_classification(kinds),
        format=FORMATS.get(source.format.kind, "file"),
        cycle=source.update_cycle,
        sharing_class=source.sharing_class,
        methods=() if withheld else ("service", "batch"),
        condition="按共享协议约定的用途、范围和字段使用，不得转给第三方" if conditional else "",
        scope="签订共享协议的部门" if conditional else "",
        used_for="共享协议写明的用途" if conditional else "",
        withheld_because=f"{source.legal_basis}规定应当保密" if withheld else "",
        bases=cited,
        opened=source.opened,
        opened_condition=source.opened_condition,
        level=source.level,
        personal="sensitive" if personal and source.level >= 3 else "personal" if personal else "none",
        fields=tuple(_fields(source, packs)),
    )


def _classification(kinds: list[str]) -> str:
    return next((ITEMS[kind] for kind in kinds if kind in ITEMS), OWN)


def _fields(source: Source, packs: Packs) -> Iterable[Field]:
    register_fields = {
        source_field: (subject.kind, register_field)
        for subject in source.subjects.values()
        for register_field, source_field in subject.fields.items()
    }
    for column in source.columns:
        kind, register_field = register_fields.get(column.field, ("", ""))
        lead = lead_department(packs, kind, register_field) if kind else ""
        level = source.level if column.type in SENSITIVE else min(source.level, 2)
        yield Field(column.name, column.field, column.type, column.width, level=level, source_department=lead or source.department)


def lead_department(packs: Packs, kind: str, register_field: str) -> str:
    """The department whose word holds for a register's field: that of the first resource in the order of precedence."""
    order = packs.precedence.order(kind, register_field)
    return next((packs.sources[one].department for one in order if one in packs.sources), "")
