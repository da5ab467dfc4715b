"""Enter an item or a new draft of it. What has a fault is not kept at all, and every fault is told at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.domain.secrecy import marking_in
from datong.share.catalogue import queries
from datong.share.catalogue.item import Fault, Resource, body_of
from datong.share.catalogue.judge import is_secret, judge
from datong.share.catalogue.store_item import (
    EDIT,
    Entry,
    add_step,
    add_system,
    draft_of,
    entry_of,
    find_entry,
    keep,
    known,
    must,
    published,
    write_line,
)
from datong.share.installed import moment
from datong.share.notices import next_serial
from datong.share.workdays import moment_text
from datong.store import Session

BY_PACK = "由数据源配置描述，请修改数据源配置（packs）"


@dataclass(frozen=True)
class Entered:
    """What became of what was entered: the item's number, or the faults for which nothing was kept."""

    resource: str
    faults: tuple[Fault, ...] = ()


def enter(session: Session, actor: Actor, item: Resource, *, now: datetime | None = None) -> Entered:
    """Keep an item as the working draft of its resource; a new one gets its number. Nothing is kept when there are faults.

    A secret leaves only the line that something was refused. Raises Forbidden for another department's item, Missing for a
    number that is none.
    """
    must(session, actor, EDIT, item.department)
    at_moment = moment(now)
    faults = check(session, item)
    if faults:
        if is_secret(faults):
            write_line(session, actor, "refused_secret", {"department": item.department}, moment_text(at_moment))
        return Entered("", faults)
    return Entered(keep_draft(session, actor, item, at_moment))


def enter_system(session: Session, actor: Actor, title: str, what_for: str, *, now: datetime | None = None) -> None:
    """Register a system of one's own department, or say anew what it is for. Raises Forbidden, BadValue."""
    must(session, actor, EDIT)
    for name, text, most in (("title", title, 120), ("what_for", what_for, 500)):
        if not 2 <= len(text.strip()) <= most:
            raise BadValue(name, "过短或过长", f"写 2 到 {most} 个字")
        if marking_in(text):
            raise BadValue(name, "涉密信息不得登记", "删去后按保密规定办理")
    at = moment_text(moment(now))
    add_system(session, actor.department, title.strip(), at)
    session.run(queries.KEEP_SYSTEM, {"department": actor.department, "title": title.strip(), "what_for": what_for.strip()})
    write_line(session, actor, "system", {"department": actor.department}, at)


def check(session: Session, item: Resource) -> tuple[Fault, ...]:
    """Every fault of an item, those that only the store can tell too: related resources, a title already taken, a pack's item."""
    faults = list(judge(item, known(session)))
    for one in item.related:
        if session.one(queries.ITEM, {"resource": one}) is None:
            faults.append(Fault("related", "关联的资源不在目录中", "写目录中已有资源的编号"))
    if item.resource:
        entry = find_entry(session, item.resource)
        if entry.origin == "pack":
            faults.append(Fault("resource", BY_PACK, "目录会自动生成新版本"))
        if entry.department != item.department:
            faults.append(Fault("department", "资源的提供部门不能改", "撤销后由新的部门重新登记"))
    same = session.one(queries.ITEM_BY_TITLE, {"department": item.department, "title": item.title})
    if same is not None and same[0] != item.resource and same[9] != "withdrawn":
        faults.append(Fault("title", "本部门已有同名的资源", "修改原有资源，或换一个名称"))
    return tuple(faults)


def keep_draft(session: Session, actor: Actor, item: Resource, now: datetime) -> str:
    """Keep a sound item as a draft; its number. The version that holds goes on holding."""
    at = moment_text(now)
    if item.resource:
        entry = find_entry(session, item.resource)
        if draft_of(entry) == item:
            return entry.resource
        entry = replace(entry, draft=body_of(item), step="draft", entered_by=actor.id, signed_by="", changed_at=at)
        stands = published(session, entry)
        session.run(queries.END_CLOCK, {"resource": entry.resource, "kind": "review", "day": at[:10]})
    else:
        number = next_serial(session, "catalogue_item")
        item = replace(item, resource=f"r{number:06d}")
        kept = (item.resource, number, "", item.department, item.system, item.title, item.sharing_class, item.cycle)
        entry, stands = Entry(*kept, "entered", "draft", "draft", 0, body_of(item), 0, actor.id, "", at, ""), None
    keep(session, entry if stands else _shown(entry, item), stands or item)
    add_step(session, actor, item.resource, "entered", now=now)
    return item.resource


def _shown(entry: Entry, item: Resource) -> Entry:
    """While nothing is published, the draft is what the lists show to its own department."""
    return replace(entry, system=item.system, title=item.title, sharing_class=item.sharing_class, cycle=item.cycle)


def same_title(session: Session, department: str, title: str) -> Entry | None:
    """The department's item of this title, if there is one."""
    row = session.one(queries.ITEM_BY_TITLE, {"department": department, "title": title})
    return entry_of(row) if row else None
