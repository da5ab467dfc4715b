"""What departments ask for and do not get: demands they enter, and reads refused for want of a right, counted without persons.

Together they order what is to be collected and opened first: what more departments wait for comes before, then what is wanted more often.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Missing
from datong.domain.secrecy import marking_in
from datong.share.catalogue import queries
from datong.share.catalogue.files import csv_text
from datong.share.catalogue.store_item import DEMAND, PUBLISH, must, must_be_authority, write_line
from datong.share.installed import installed, moment
from datong.share.notices import Message, dated_number, notify
from datong.share.queries import KEEP_STATE, READ_STATE
from datong.share.words import field_words
from datong.share.workdays import city_day, moment_text
from datong.store import Session

STATES = ("open", "planned", "met", "declined")
COUNTED = "catalogue.refusals"
LACKING = frozenset(
    ("purpose_not_yours", "no_agreement", "register_not_granted", "operation_not_granted", "field_not_granted", "filter_not_granted")
) | frozenset(("unmask_not_granted", "expired", "not_yet", "key_not_issued", "key_not_allowed", "consent_missing"))
"""Grounds of a refusal that say: a right is missing. Wrong keys, quotas and unsound numbers are no demand."""
MOST_LINES = 200_000
"""Refusals counted in one go; the rest the next time."""
REGISTERS = {"person": "人口库", "organisation": "法人库", "premises": "房屋库"}


@dataclass(frozen=True)
class Wanted:
    """A demand as entered: what is wanted, from whom if known, what for, and which work waits for it."""

    title: str
    purpose: str
    why: str
    providing: str = ""
    resource: str = ""


@dataclass(frozen=True)
class Demand:
    """A demand as kept."""

    demand_id: str
    department: str
    providing: str
    resource: str
    title: str
    purpose: str
    why: str
    state: str
    answer: str
    entered_at: str
    settled_at: str


@dataclass(frozen=True)
class Want:
    """One line of the register of demand: something that is wanted, by how many departments, how often, and since when."""

    kind: str
    """demand (entered), refused (counted from refused reads) or request (a sharing request that was refused)."""
    title: str
    departments: tuple[str, ...]
    times: int
    purposes: tuple[str, ...]
    since: str
    providing: tuple[str, ...] = ()
    resource: str = ""
    state: str = "open"
    register: str = ""
    field: str = ""
    demands: tuple[Demand, ...] = ()


def enter_demand(session: Session, actor: Actor, wanted: Wanted, *, now: datetime | None = None) -> str:
    """Enter what one's department needs and cannot get; the demand's number. Raises BadValue, Forbidden."""
    must(session, actor, DEMAND)
    parts = installed(session)
    for name, text, most in (("title", wanted.title, 200), ("purpose", wanted.purpose, 200), ("why", wanted.why, 500)):
        if not 2 <= len(text.strip()) <= most:
            raise BadValue(name, "过短或过长", f"写 2 到 {most} 个字")
        if marking_in(text):
            raise BadValue(name, "涉密信息不得登记", "删去后按保密规定办理")
    if wanted.providing and wanted.providing not in parts.packs.departments:
        raise BadValue("providing", "不在部门名录中", "从列出的部门中选择，或不填")
    if wanted.resource and session.one(queries.ITEM, {"resource": wanted.resource}) is None:
        raise BadValue("resource", "目录中没有这个资源", "写目录编号，或不填")
    at_moment = moment(now)
    day, at = city_day(at_moment), moment_text(at_moment)
    number = dated_number(session, "N", "demand", day)
    params = {"demand_id": number, "department": actor.department, "providing": wanted.providing, "resource": wanted.resource}
    params |= {"title": wanted.title.strip(), "purpose": wanted.purpose.strip(), "why": wanted.why.strip(), "at": at, "by": actor.id}
    session.run(queries.ADD_DEMAND, params)
    write_line(session, actor, "demanded", {"demand": number}, at)
    return number


def settle_demand(session: Session, actor: Actor, demand_id: str, said: tuple[str, str, str], *, now: datetime | None = None) -> None:
    """The authority answers a demand: `said` is its state, the reason in words, and the resource that meets it (or empty).

    Who asked is told. Raises Forbidden, Missing, BadValue.
    """
    must_be_authority(session, actor, PUBLISH)
    state, answer, resource = said
    row = session.one(queries.DEMAND, {"demand_id": demand_id})
    if row is None:
        raise Missing("没有这条需求 (there is no such demand)")
    if state not in STATES[1:]:
        raise BadValue("state", "不是可以选择的结果", "写 planned、met 或 declined")
    if not 5 <= len(answer.strip()) <= 500:
        raise BadValue("answer", "过短或过长", "写 5 到 500 个字，说明怎样满足或为什么不能")
    found = session.one(queries.ITEM, {"resource": resource}) if resource else None
    if (resource and found is None) or (state == "met" and not resource):
        raise BadValue("resource", "没有写明由目录中的哪个资源满足", "写目录编号")
    at = moment_text(moment(now))
    params = {"demand_id": demand_id, "state": state, "answer": answer.strip(), "resource": resource or row[3], "at": at}
    session.run(queries.SETTLE_DEMAND, params)
    write_line(session, actor, f"demand_{state}", {"demand": demand_id}, at)
    title = (f"数据需求有了答复：{row[4]}", f"Your demand was answered: {row[4]}")
    notify(session, f"department:{row[1]}", Message("demand", title, (answer.strip(), answer.strip()), (("demand", demand_id),)), at)


def demands(session: Session, actor: Actor, state: str = "") -> tuple[Demand, ...]:
    """Every department's demands, the newest first: what others lack is everybody's business, and names nobody."""
    must(session, actor, DEMAND)
    return tuple(Demand(*row) for row in session.all(queries.DEMANDS, {"state": state}))


def count_refusals(session: Session) -> int:
    """Bring the counts of refused reads up to the ledger's end; how many refusals were added. Codes and names are left where they are:
    only department, purpose, register and field are counted."""
    row = session.one(READ_STATE, {"name": COUNTED})
    after = int(row[0]) if row else -1
    newest = session.one(queries.NEWEST_LINE)
    until = int(newest[0]) if newest else -1
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    spans: dict[tuple[str, str, str, str, str], tuple[str, str]] = {}
    number = 0
    for leaf, at, department, purpose, body in session.stream(queries.REFUSED_LINES, {"after": after, "until": until}):
        for register, field, ground in _lacking(json.loads(body)):
            cell = (department, purpose, register, field, ground)
            counted[cell] += 1
            spans[cell] = (spans.get(cell, (at, at))[0], at)
        number += 1
        if number >= MOST_LINES:
            until = int(leaf)
            break
    if until > after:
        names = ("department", "purpose", "register", "field", "ground")
        rows = [
            dict(zip(names, cell, strict=True)) | {"times": times, "first_at": spans[cell][0], "last_at": spans[cell][1]}
            for cell, times in counted.items()
        ]
        session.many(queries.COUNT_REFUSED, rows)
        session.run(KEEP_STATE, {"name": COUNTED, "value": str(until)})
    return number


def _lacking(body: dict[str, Any]) -> list[tuple[str, str, str]]:
    grounds = [one for one in body.get("grounds", ()) if one in LACKING]
    fields = body.get("fields") or [""]
    return [(str(body.get("register", "")), str(field), ground) for ground in grounds for field in fields]


def register_of_demand(session: Session, actor: Actor) -> tuple[Want, ...]:
    """What is wanted and not had, what most departments wait for first. Brings the counts up to date. Raises Forbidden."""
    must(session, actor, DEMAND)
    count_refusals(session)
    found = [*_demanded(demands(session, actor)), *_requested(session), *_refused(session)]
    rank = {"open": 0, "planned": 1}
    return tuple(sorted(found, key=lambda one: (rank.get(one.state, 2), -len(one.departments), -one.times, one.since, one.title)))


def _demanded(found: Sequence[Demand]) -> list[Want]:
    groups: dict[str, list[Demand]] = {}
    for one in found:
        groups.setdefault(f"{one.resource or one.title}|{one.state}", []).append(one)
    return [
        Want(
            "demand",
            group[-1].title,
            tuple(sorted({one.department for one in group})),
            len(group),
            tuple(dict.fromkeys(one.purpose for one in group)),
            min(one.entered_at for one in group),
            tuple(sorted({one.providing for one in group if one.providing})),
            group[0].resource,
            group[0].state,
            demands=tuple(group),
        )
        for group in groups.values()
    ]


def _requested(session: Session) -> list[Want]:
    """Sharing requests that were refused, by what they asked for."""
    groups: dict[str, list[tuple[str, str, str, str, str, str]]] = {}
    for row in session.all(queries.REFUSED_REQUESTS):
        groups.setdefault(row[2] or row[3], []).append((row[0], row[1], row[2], row[3], row[4], row[5]))
    found = []
    for group in groups.values():
        departments, providing = (tuple(sorted({one[at] for one in group})) for at in (0, 1))
        purposes = tuple(sorted({one[4] for one in group}))
        found.append(Want("request", group[0][3], departments, len(group), purposes, group[0][5], providing, group[0][2]))
    return found


def _refused(session: Session) -> list[Want]:
    parts = installed(session)
    groups: dict[tuple[str, str], list[tuple[str, str, int, str]]] = {}
    for department, purpose, register, field, _, times, first_at, _ in session.all(queries.REFUSED):
        groups.setdefault((register, field), []).append((department, purpose, int(times), first_at))
    found = []
    for (register, field), group in groups.items():
        order = parts.packs.precedence.order(register, field) if field else ()
        sources = [parts.packs.sources[one] for one in order if one in parts.packs.sources]
        title = f"{REGISTERS.get(register, register)}：{field_words(field)[0] if field else '整条信息'}"
        departments = tuple(sorted({one[0] for one in group if one[0]}))
        purposes = tuple(sorted({one[1] for one in group if one[1]}))
        times, since = sum(one[2] for one in group), min(one[3] for one in group)
        provider, resource = ((sources[0].department,), sources[0].resource) if sources else ((), "")
        found.append(Want("refused", title, departments, times, purposes, since, provider, resource, register=register, field=field))
    return found


def export_demand(session: Session, actor: Actor) -> str:
    """The register of demand as CSV, in its order."""
    parts = installed(session)

    def names(codes: Sequence[str]) -> str:
        return "、".join(parts.sharing.department_words(one)[0] for one in codes)

    kinds = {"demand": "提出的需求", "refused": "被拒绝的读取", "request": "被拒绝的申请"}
    head = ("次序", "来源", "需要的数据", "需求部门", "部门数", "次数", "用途", "最早", "应由谁提供", "目录编号", "状态")
    words = {"open": "待答复", "planned": "已列入归集计划", "met": "已满足", "declined": "不能提供"}
    rows = []
    for number, one in enumerate(register_of_demand(session, actor), start=1):
        purposes = "、".join(parts.sharing.purpose_words(code)[0] if code in parts.sharing.purposes else code for code in one.purposes)
        cells = (number, kinds[one.kind], one.title, names(one.departments), len(one.departments), one.times, purposes)
        rows.append([str(cell) for cell in (*cells, one.since[:10], names(one.providing), one.resource, words.get(one.state, one.state))])
    return csv_text((head, *rows))
