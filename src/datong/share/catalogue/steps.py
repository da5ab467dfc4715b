"""From draft to publication: risk assessment, signature of the department, review and publication by the authority, with their clocks.

    draft → assessed → submitted → published | returned → draft …       a published item may be withdrawn

Nobody does two of entering, signing and publishing for the same draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden
from datong.share.catalogue import queries
from datong.share.catalogue.enter import check
from datong.share.catalogue.item import Fault, Resource
from datong.share.catalogue.store_item import (
    EDIT,
    PUBLISH,
    SIGN,
    Entry,
    add_step,
    add_system,
    add_version,
    allotted_code,
    draft_of,
    find_entry,
    keep,
    must,
    must_be_authority,
    published,
    rules_of,
)
from datong.share.installed import moment
from datong.share.notices import Message, notify
from datong.share.workdays import city_day, light, moment_text
from datong.store import Session

SHORTEST, LONGEST = 5, 500
SOON = 1
"""Working days before the last one from which a clock is yellow."""


@dataclass(frozen=True)
class Clock:
    """One clock of the regulation: what must be done, by whom, until when, and how it stands today."""

    resource: str
    kind: str
    started: str
    department: str
    due: str
    extended: int
    ended: str
    why: str
    left: int = 0
    """Working days left; negative when it is over."""

    @property
    def light(self) -> str:
        """green, yellow (one working day or none left), red (late, or ended late), grey when ended in time."""
        if self.ended:
            return "red" if self.ended > self.due else "grey"
        return light(self.left, SOON)


def assess(session: Session, actor: Actor, resource: str, checked: Sequence[str], *, note: str = "", now: datetime | None = None) -> None:
    """Say that the draft was assessed for secrets and for its effect on personal information: both, or it does not count."""
    entry = _at(session, actor, resource, EDIT, ("draft", "returned"))
    missing = [one for one in ("secrecy", "privacy") if one not in checked]
    if missing:
        raise BadValue("checked", "保密风险和个人信息保护影响都要评估（第十三条）", "两项都确认后再提交")
    _move(session, actor, entry, "assessed", note=note, now=moment(now))


def sign(session: Session, actor: Actor, resource: str, *, now: datetime | None = None) -> None:
    """The department's responsible person signs the assessed draft and sends it for review; the review's clock starts, the
    update's clock ends."""
    entry = _at(session, actor, resource, SIGN, ("assessed",))
    if actor.id == entry.entered_by:
        raise Forbidden("编制人不能签批自己的目录 (who entered a draft cannot sign it)")
    at_moment, rules = moment(now), rules_of(session)
    today = city_day(at_moment)
    session.run(queries.END_CLOCK, {"resource": resource, "kind": "update", "day": today.isoformat()})
    due = rules.calendar.due(today, rules.clocks["review"])
    _start(session, entry, "review", (rules.authority, due), why="审核并发布目录", now=at_moment)
    _move(session, actor, replace(entry, signed_by=actor.id), "submitted", now=at_moment)


def publish(session: Session, actor: Actor, resource: str, *, note: str = "", now: datetime | None = None) -> tuple[Fault, ...]:
    """The authority publishes a submitted draft as the next version. Faults that arose meanwhile keep it back and are returned."""
    must_be_authority(session, actor, PUBLISH)
    entry = _at(session, actor, resource, PUBLISH, ("submitted",))
    _other_hands(actor, entry)
    item = draft_of(entry)
    assert item is not None
    if faults := check(session, item):
        return faults
    at_moment = moment(now)
    at = moment_text(at_moment)
    item = replace(item, code=entry.code or allotted_code(session, item.classification))
    version = entry.version + 1
    add_version(session, item, version, (actor.id, note), at)
    kept = replace(
        entry, code=item.code, system=item.system, title=item.title, sharing_class=item.sharing_class, cycle=item.cycle,
        state="published", step="", version=version, draft="", changed_at=at, published_at=at,
    )  # fmt: skip
    keep(session, kept, item)
    add_system(session, item.department, item.system, at)
    _end_review(session, resource, at_moment)
    add_step(session, actor, resource, "published", note=note, now=at_moment)
    return ()


def give_back(session: Session, actor: Actor, resource: str, why: str, *, now: datetime | None = None) -> None:
    """The authority returns a submitted draft with its reason; the department is told."""
    must_be_authority(session, actor, PUBLISH)
    entry = _at(session, actor, resource, PUBLISH, ("submitted",))
    at_moment, reason = moment(now), _reason(why)
    _end_review(session, resource, at_moment)
    _move(session, actor, entry, "returned", note=reason, now=at_moment)
    text = (f"《{entry.title}》的目录被退回：{reason}", f"The catalogue item {entry.title} was returned: {reason}")
    message = Message("catalogue_returned", ("目录被退回", "A catalogue item was returned"), text, (("resource", resource),))
    notify(session, f"department:{entry.department}", message, moment_text(at_moment))


def withdraw(session: Session, actor: Actor, resource: str, why: str, *, now: datetime | None = None) -> None:
    """The authority takes a published item out of the catalogue; its versions stay readable."""
    must_be_authority(session, actor, PUBLISH)
    entry = find_entry(session, resource)
    if entry.state != "published" or entry.origin == "pack":
        raise BadValue("resource", "不是可以撤销的资源", "只有已发布的、不是由数据源配置生成的资源可以撤销")
    at_moment, reason = moment(now), _reason(why)
    item = published(session, entry)
    assert item is not None
    keep(session, replace(entry, state="withdrawn", step="", draft="", changed_at=moment_text(at_moment)), item)
    add_step(session, actor, resource, "withdrawn", note=reason, now=at_moment)


def require_update(session: Session, actor: Actor, resource: str, why: str, *, now: datetime | None = None) -> Clock:
    """A law, a decision or a duty has changed: the department must update its item, and the clock of the regulation runs."""
    entry = find_entry(session, resource)
    must(session, actor, EDIT if actor.department == entry.department else PUBLISH, entry.department)
    if any(one.kind == "update" and not one.ended for one in clocks_of(session, resource, now=now)):
        raise BadValue("resource", "更新期限已在计时", "在原有期限内更新")
    at_moment, rules = moment(now), rules_of(session)
    due = rules.calendar.due(city_day(at_moment), rules.clocks["update"])
    _start(session, entry, "update", (entry.department, due), why=_reason(why), now=at_moment)
    add_step(session, actor, resource, "update_required", note=_reason(why), now=at_moment)
    return next(one for one in clocks_of(session, resource, now=at_moment) if one.kind == "update" and not one.ended)


def extend(session: Session, actor: Actor, resource: str, why: str, *, now: datetime | None = None) -> None:
    """The authority consents once to a longer time for an update (at most five working days)."""
    must_be_authority(session, actor, PUBLISH)
    at_moment, rules = moment(now), rules_of(session)
    running = [one for one in clocks_of(session, resource, now=at_moment) if one.kind == "update" and not one.ended]
    if not running or running[0].extended or not rules.clocks["extension"]:
        raise BadValue("resource", "没有可以延长的更新期限", "每个更新期限只能延长一次")
    due = rules.calendar.due(date.fromisoformat(running[0].due), rules.clocks["extension"])
    session.run(queries.EXTEND_CLOCK, {"resource": resource, "due": due.isoformat(), "days": rules.clocks["extension"]})
    add_step(session, actor, resource, "extended", note=_reason(why), now=at_moment)


def clocks_of(session: Session, resource: str, *, now: datetime | None = None) -> tuple[Clock, ...]:
    """Every clock of an item, the newest first."""
    rows = session.all(queries.CLOCKS_OF, {"resource": resource})
    return tuple(_clock(session, row, city_day(moment(now))) for row in rows)


def running_clocks(session: Session, *, now: datetime | None = None, most: int = 200) -> tuple[Clock, ...]:
    """Every clock that runs, the most urgent first."""
    return tuple(_clock(session, row, city_day(moment(now))) for row in session.all(queries.RUNNING, {"most": most}))


def _clock(session: Session, row: Sequence[object], today: date) -> Clock:
    made = Clock(*row)  # type: ignore[arg-type]
    return replace(made, left=rules_of(session).calendar.left(today, date.fromisoformat(made.due)))


def _start(session: Session, entry: Entry, kind: str, until: tuple[str, date], *, why: str, now: datetime) -> None:
    params = {"resource": entry.resource, "kind": kind, "started": moment_text(now), "department": until[0], "due": until[1].isoformat()}
    session.run(queries.START_CLOCK, params | {"why": why})


def _end_review(session: Session, resource: str, now: datetime) -> None:
    session.run(queries.END_CLOCK, {"resource": resource, "kind": "review", "day": city_day(now).isoformat()})


def _at(session: Session, actor: Actor, resource: str, permission: str, steps: Sequence[str]) -> Entry:
    """The item, when the actor may act on it and its draft stands at one of the steps."""
    entry = find_entry(session, resource)
    must(session, actor, permission, entry.department)
    if entry.step not in steps:
        raise BadValue("resource", "目录草稿不在这一步", "刷新页面，按当前步骤办理")
    return entry


def _other_hands(actor: Actor, entry: Entry) -> None:
    if actor.id in (entry.entered_by, entry.signed_by):
        raise Forbidden("编制或签批的人不能审核发布 (who entered or signed a draft cannot publish it)")


def _move(session: Session, actor: Actor, entry: Entry, step: str, *, note: str = "", now: datetime) -> None:
    item: Resource | None = published(session, entry) or draft_of(entry)
    assert item is not None
    keep(session, replace(entry, step=step, changed_at=moment_text(now)), item)
    add_step(session, actor, entry.resource, step, note=note, now=now)


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise BadValue("why", "理由过短或过长", f"写 {SHORTEST} 到 {LONGEST} 个字")
    return reason
