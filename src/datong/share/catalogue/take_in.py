"""Import items from a file: every fault of every row at once, and nothing kept while there is one. Export what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from datong.domain.access import Actor
from datong.share.catalogue import files, queries
from datong.share.catalogue.enter import check, keep_draft, same_title
from datong.share.catalogue.find import find
from datong.share.catalogue.item import Fault, Resource, read_body
from datong.share.catalogue.judge import is_secret
from datong.share.catalogue.store_item import EDIT, READ, must, rules_of, write_line
from datong.share.catalogue.table import ReadItem
from datong.share.installed import Installed, installed, moment
from datong.share.workdays import moment_text
from datong.store import Session


@dataclass(frozen=True)
class Imported:
    """What became of a file: the items that are drafts now, those that say what holds already, or every fault."""

    entered: tuple[str, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()


def take_in(session: Session, actor: Actor, content: bytes, name: str, *, now: datetime | None = None) -> Imported:
    """Take a file of items in as drafts, all or none. A file that bears a secret is refused whole, and the record says so.

    Raises Forbidden without `catalogue.edit`.
    """
    must(session, actor, EDIT)
    at_moment = moment(now)
    read, faults = files.read(content, name, cast(installed(session)))
    items = [_placed(session, one) for one in read]
    for one in items:
        faults += [replace(fault, row=one.row_of(fault)) for fault in _faults(session, actor, one.item)]
    faults += _twice(items)
    if faults:
        if is_secret(faults):
            write_line(session, actor, "refused_secret", {"department": actor.department}, moment_text(at_moment))
        return Imported(faults=tuple(sorted(faults, key=lambda one: one.row)))
    described = {one.item.resource for one in items if one.item.resource in installed(session).packs.sources}
    entered = [keep_draft(session, actor, one.item, at_moment) for one in items if one.item.resource not in described]
    write_line(session, actor, "imported", {"resources": entered}, moment_text(at_moment))
    return Imported(tuple(entered), len(described))


def _placed(session: Session, one: ReadItem) -> ReadItem:
    """An item without a number is the department's item of the same title, when there is one."""
    if one.item.resource:
        return one
    entry = same_title(session, one.item.department, one.item.title)
    return replace(one, item=replace(one.item, resource=entry.resource, code=entry.code)) if entry and entry.state != "withdrawn" else one


def _faults(session: Session, actor: Actor, item: Resource) -> tuple[Fault, ...]:
    rules = rules_of(session)
    if item.department and actor.department not in (item.department, rules.authority):
        return (Fault("department", "是其他部门的资源", "只能导入本部门的资源，由共享主管部门导入全部"),)
    row = session.one(queries.ITEM, {"resource": item.resource}) if item.resource else None
    if item.resource and row is None:
        return (Fault("resource", "目录中没有这个编号", "新资源的编号留空，由系统给出"),)
    if row is not None and row[8] == "pack":
        return _same_as_pack(session, item, int(row[11]))
    return check(session, item)


def _same_as_pack(session: Session, item: Resource, version: int) -> tuple[Fault, ...]:
    """What a pack describes may stand in the file unchanged, so that a whole export can be read back."""
    kept = session.one(queries.VERSION, {"resource": item.resource, "version": version})
    if kept is not None and read_body(kept[1]) == item:
        return ()
    return (Fault("resource", "由数据源配置描述，与文件写的不同", "请修改数据源配置，或从文件中删去"),)


def _twice(items: list[ReadItem]) -> list[Fault]:
    seen: dict[tuple[str, str], int] = {}
    found = []
    for one in items:
        key = (one.item.department, one.item.title)
        if key in seen:
            found.append(Fault("title", f"与第 {seen[key]} 行是同一部门的同名资源", "合并，或换一个名称", one.row))
        seen.setdefault(key, one.row)
    return found


def export(session: Session, actor: Actor, form: str, wanted: Mapping[str, str] | None = None) -> bytes:
    """What is published as a file of one of FORMS, the whole catalogue or what `wanted` limits (as in `find`)."""
    must(session, actor, READ)
    filters = {name: text for name, text in (wanted or {}).items() if name != "state"}
    only: set[str] | None = None
    if any(filters.get(name) for name in ("q", "sharing_class", "cycle")):
        only, cursor = set(), ""
        while True:
            page = find(session, actor, filters, cursor=cursor, size=500)
            only |= {one.resource for one in page.items}
            if not (cursor := page.next_cursor):
                break
    rows = session.all(queries.PUBLISHED, {"department": filters.get("department", "")})
    items = (read_body(row[1]) for row in rows if only is None or row[0] in only)
    return files.write(items, form, cast(installed(session)))


def cast(parts: Installed) -> files.Cast:
    """The departments as files name them."""
    departments = parts.packs.departments
    titles = {code: one.title_zh for code, one in departments.items()}
    return files.Cast(titles, {code: (one.title_zh, one.credit_code) for code, one in departments.items()})
