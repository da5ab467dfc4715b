"""An item of the catalogue as it stands in the store: its published version, its working draft, its steps and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import Forbidden, Missing
from datong.share.catalogue import queries
from datong.share.catalogue.item import Resource, body_of, read_body, words_of
from datong.share.catalogue.judge import Known, conflicts
from datong.share.catalogue.rules import Rules, read_rules
from datong.share.installed import installed, once_of_packs
from datong.share.notices import next_serial
from datong.share.workdays import moment_text
from datong.store import Row, Session

READ, EDIT, SIGN, PUBLISH, DEMAND = "catalogue.read", "catalogue.edit", "catalogue.sign", "catalogue.publish", "catalogue.demand"
NAMES = {
    READ: "查看目录",
    EDIT: "编制目录",
    SIGN: "签批目录",
    PUBLISH: "审核发布目录",
    DEMAND: "登记数据需求",
}
PART = "share.catalogue.rules"


@dataclass(frozen=True)
class Entry:
    """One item as kept: who it belongs to, where its draft stands, which version holds."""

    resource: str
    number: int
    code: str
    department: str
    system: str
    title: str
    sharing_class: str
    cycle: str
    origin: str
    state: str
    step: str
    version: int
    draft: str
    conflicts: int
    entered_by: str
    signed_by: str
    changed_at: str
    published_at: str


def rules_of(session: Session) -> Rules:
    """The city's rules of the catalogue, read once for each store that is opened. Raises BadPack."""
    return once_of_packs(session, PART, lambda parts, faults: read_rules(parts.packs, faults, parts.calendar))


def known(session: Session) -> Known:
    """What an item may name."""
    return Known(installed(session).packs.departments, rules_of(session))


def must(session: Session, actor: Actor, permission: str, department: str = "") -> None:
    """Raises Forbidden without the permission, or for another department's item; the authority may act for every department."""
    if not installed(session).may(actor, permission):
        raise Forbidden(f"您的岗位不能{NAMES[permission]} (your post lacks {permission})")
    if department and actor.department not in (department, rules_of(session).authority):
        raise Forbidden("这是其他部门的目录，只有本部门和共享主管部门可以办理 (this item is another department's)")


def must_be_authority(session: Session, actor: Actor, permission: str) -> None:
    """Raises Forbidden for anybody but the authority that keeps the whole catalogue."""
    must(session, actor, permission)
    if actor.department != rules_of(session).authority:
        raise Forbidden("由政务数据共享主管部门办理 (only the authority for data sharing may do this)")


def find_entry(session: Session, resource: str) -> Entry:
    """One item. Raises Missing."""
    row = session.one(queries.ITEM, {"resource": resource})
    if row is None:
        raise Missing("目录中没有这个资源 (the catalogue has no such resource)")
    return entry_of(row)


def entry_of(row: Row) -> Entry:
    """An item from its row."""
    return Entry(*row)


def published(session: Session, entry: Entry) -> Resource | None:
    """The version that holds; nothing while none is published."""
    row = session.one(queries.VERSION, {"resource": entry.resource, "version": entry.version})
    return read_body(row[1]) if row else None


def published_resource(session: Session, resource: str) -> Resource | None:
    """The version of a resource that holds; nothing when the catalogue publishes none of this number."""
    row = session.one(queries.ITEM, {"resource": resource}) if resource else None
    entry = entry_of(row) if row else None
    return published(session, entry) if entry is not None and entry.state == "published" else None


def draft_of(entry: Entry) -> Resource | None:
    """The working draft; nothing when there is none."""
    return read_body(entry.draft) if entry.draft else None


def keep(session: Session, entry: Entry, item: Resource) -> None:
    """Store the entry; `item` is what it is found by: the version that holds, or the draft while there is none."""
    parts = installed(session)
    department = parts.packs.departments.get(item.department)
    names = f"{department.title_zh}\n{department.short_zh}" if department else ""
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    session.run(queries.KEEP_ITEM, values | {"search": words_of(replace(item, code=entry.code), names), "conflicts": len(conflicts(item))})


def add_version(session: Session, item: Resource, version: int, by: tuple[str, str], at: str) -> None:
    """Write a version down for good; `by` is who published it and the note."""
    params = {"resource": item.resource, "version": version, "body": body_of(item), "published_at": at, "by_whom": by[0], "note": by[1]}
    session.run(queries.ADD_VERSION, params)


def add_step(session: Session, actor: Actor, resource: str, act: str, *, note: str = "", now: datetime) -> None:
    """Write a step into the item's history and the ledger. The line names the resource, never what a draft says."""
    at = moment_text(now)
    params = {"resource": resource, "at": at, "act": act, "by_whom": actor.id, "department": actor.department, "note": note}
    session.run(queries.ADD_STEP, params)
    write_line(session, actor, act, {"resource": resource}, at)


def write_line(session: Session, actor: Actor, act: str, body: Mapping[str, object], at: str) -> None:
    """One line of the record about the catalogue."""
    ledger.append(session, ledger.Line("catalogue", at, "", actor.id, actor.department, actor.unit, "", {"act": act, **body}))


def allotted_code(session: Session, classification: str) -> str:
    """The next resource code of a classification: its digits, a stroke and a number that is never given twice."""
    return f"{classification}/{next_serial(session, f'catalogue:{classification}'):05d}"


def add_system(session: Session, department: str, title: str, at: str) -> None:
    """Enter a system that a resource comes from, unless it is there."""
    if session.one(queries.FIND_SYSTEM, {"department": department, "title": title}) is None:
        number = next_serial(session, "catalogue_system")
        session.run(queries.ADD_SYSTEM, {"system_id": f"s{number:05d}", "department": department, "title": title, "at": at})
