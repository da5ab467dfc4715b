"""Who looked at me: the ledger's lines about a citizen, in plain words, for herself.

Officials' names stay hidden; their department and window are shown. Purposes the law keeps confidential are left out without a
count, for ever or for the days that purposes.yml says; everybody reads the same sentence about them. Reading the log is itself
written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import Forbidden, Missing
from datong.share import guardians, queries
from datong.share.installed import Installed, installed, moment
from datong.share.subjects import is_own, merged_from
from datong.share.words import field_words
from datong.share.workdays import city_day, moment_text
from datong.store import Session

LOOK_TYPES = ("read", "unmask", "refusal", "claim", "pass", "licence_use", "identity")
LEGAL_NOTE = (
    "依照法律规定应当保密的查询（例如刑事案件侦查）不在此列出。",
    "Reads that the law keeps confidential, for example in criminal investigations, are not listed here.",
)
LATER_NOTE = (
    "依照法律规定应当保密的查询（例如刑事案件侦查）暂不列出，有期限的最迟 {days} 天后在此列出；现在有没有这样的查询，对任何人都不说明。",
    "Reads that the law keeps confidential, for example in criminal investigations, are not listed for now; where they have a term they "
    "appear here {days} days later at the latest. Nobody is told whether there is one now.",
)
FOR_EVER = "9999"
"""A time after every other, as ISO texts compare."""
OUTCOMES = {
    "found": ("查看了信息", "data was seen"),
    "same": ("核对一致", "compared: the same"),
    "different": ("核对不一致", "compared: different"),
    "partly": ("核对部分一致", "compared: partly the same"),
    "not_found": ("没有得到信息", "nothing was given"),
    "ambiguous": ("仅用于选择对象", "only to choose among several"),
    "refused": ("被拒绝，没有得到信息", "refused, nothing was given"),
    "agreed": ("已同意", "agreed"),
    "confirmed": ("已确认", "confirmed"),
    "withdrawn": ("已撤回", "withdrawn"),
    "issued": ("已生成", "issued"),
    "revoked": ("已撤销", "revoked"),
}
NO_REASON = ("未说明用途的查询，已被拒绝。", "A question without a known purpose; it was refused.")


@dataclass(frozen=True)
class Look:
    """One look, as the citizen sees it. Pairs are 中文 and English."""

    line_id: str
    at: str
    type: str
    reason: tuple[str, str]
    department_code: str
    department: tuple[str, str]
    unit: str
    fields: tuple[tuple[str, str], ...]
    outcome: tuple[str, str]
    automatic: bool
    unmasked: bool
    basis: str
    case: str
    said: str
    """The reason in the official's own words, as she gave it to have a value shown whole."""
    by_self: bool
    subject: str = ""
    """Whom or what was looked at: the citizen's own code, or that of a home of hers."""


@dataclass(frozen=True)
class Looks:
    """One page of looks, newest first. `reaches_back_to` is the first moment the record knows; `note` the law's exception."""

    looks: tuple[Look, ...]
    next_cursor: str
    reaches_back_to: str
    note: tuple[str, str]


@dataclass(frozen=True)
class Wanted:
    """Which looks: a stretch of time (ISO text, `until` not included), a department, at herself or at one of her homes."""

    since: str = ""
    until: str = ""
    department: str = ""
    subject: str = ""
    cursor: str = ""
    limit: int = 50
    others_only: bool = False
    """Her own looks at her own data are passed over."""


def who_looked(session: Session, actor: Actor, wanted: Wanted | None = None, *, now: datetime | None = None) -> Looks:
    """Who looked at the citizen, at a home of hers or at somebody she answers for, and why. Raises Forbidden for anybody else."""
    wanted = wanted or Wanted()
    parts, at_moment = installed(session), moment(now)
    code = wanted.subject or actor.subject
    _must_be_hers(session, actor, code, at_moment)
    late = _late(parts, at_moment)
    never = tuple(purpose for purpose, until in late if not until)
    later = tuple(one for one in late if one[1])
    page = ledger.lines_of_subject(
        session,
        (code, *merged_from(session, code)),
        since=max(wanted.since, _hers_since(session, actor, code)),
        until=wanted.until,
        department=wanted.department,
        limit=max(1, min(wanted.limit, 500)),
        cursor=wanted.cursor,
        only=ledger.Only(LOOK_TYPES, never, later, actor.id if wanted.others_only else ""),
    )
    first = session.one(queries.FIRST_LINE)
    looks = tuple(_look(parts, actor, one) for one in page.lines)
    written = ledger.Line(
        "log_read", moment_text(at_moment), code, actor.id, "", "", "own_data", {"operation": "log_read", "lines": len(looks)}
    )
    ledger.append(session, written)
    return Looks(looks, page.next_cursor, first[0] if first else written.at, _note(parts))


def watched(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[guardians.Represented, ...]:
    """Those whose record a citizen watches over beside her own: children, wards, and who named her for it."""
    if actor.kind != "citizen" or not actor.subject:
        return ()
    found = guardians.represented(session, actor.subject, city_day(moment(now)))
    return tuple(one for one in found if one.covers(guardians.LOOKED))


def _must_be_hers(session: Session, actor: Actor, code: str, at: datetime) -> None:
    if actor.kind == "citizen" and (
        is_own(session, actor.subject, code) or any(one.subject == code for one in watched(session, actor, now=at))
    ):
        return
    raise Forbidden(
        "只能查看本人、本人房屋和您代为照管的人的记录 (you can see who looked at yourself, your own homes and those you answer for)"
    )


def _late(parts: Installed, at: datetime) -> tuple[tuple[str, str], ...]:
    """The purposes the law keeps confidential, with the time before which their lines are shown ("": none is). The record itself
    leaves the others out, so that neither the length of a page nor its cursor tells that there is one."""
    hidden = [one for one in parts.sharing.purposes.values() if not one.visible_to_citizen]
    return tuple(sorted((one.code, moment_text(at - timedelta(days=one.withheld_days)) if one.withheld_days else "") for one in hidden))


def _note(parts: Installed) -> tuple[str, str]:
    """What everybody is told of the law's exceptions; the same to all, whoever was looked at."""
    days = max((one.withheld_days for one in parts.sharing.purposes.values()), default=0)
    return (LATER_NOTE[0].format(days=days), LATER_NOTE[1].format(days=days)) if days else LEGAL_NOTE


def _hers_since(session: Session, actor: Actor, code: str) -> str:
    """Since when a home is hers, as far as a source says: who looked before that looked at somebody else's. "" for herself."""
    if code == actor.subject:
        return ""
    row = session.one(queries.OWN_SINCE, {"person": actor.subject, "code": code})
    return str(row[0] or "") if row else ""


def count_looks(session: Session, actor: Actor, since: str, subject: str = "", *, now: datetime | None = None) -> dict[str, int]:
    """How often others looked since a moment, by department ("" stands for other citizens), most first; the hidden are not counted."""
    parts, code, at_moment = installed(session), subject or actor.subject, moment(now)
    _must_be_hers(session, actor, code, at_moment)
    counts: dict[str, int] = {}
    since = max(since, _hers_since(session, actor, code))
    late = dict(_late(parts, at_moment))
    for one in (code, *merged_from(session, code)):
        for until, among in ((FOR_EVER, ""), *((until, purpose) for purpose, until in late.items() if until > since)):
            asked = {"code": one, "since": since, "until": until, "actor": actor.id}
            for department, purpose, kind, number in session.all(queries.LOOKS_SINCE, asked):
                if kind in LOOK_TYPES and (purpose == among if among else purpose not in late):
                    counts[department] = counts.get(department, 0) + int(number)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def find_look(session: Session, actor: Actor, line_id: str, *, now: datetime | None = None) -> Look:
    """One look at the citizen, at a home or at a child of hers. Raises Missing for any other line, hidden ones included."""
    parts, at_moment = installed(session), moment(now)
    stored = ledger.find_line(session, line_id)
    if stored is None or not _shown(parts, stored.line, at_moment):
        raise Missing("没有这条记录 (there is no such look)")
    try:
        _must_be_hers(session, actor, stored.line.subject, at_moment)
    except Forbidden:
        raise Missing("没有这条记录 (there is no such look)") from None
    if stored.line.at < _hers_since(session, actor, stored.line.subject):
        raise Missing("没有这条记录 (there is no such look)")
    return _look(parts, actor, stored)


def look_proof(session: Session, actor: Actor, line_id: str, *, now: datetime | None = None) -> ledger.Proof:
    """The proof of one look for whom it concerns: it carries entry, index and path, and nobody's name. Missing as in `find_look`."""
    find_look(session, actor, line_id, now=now)
    return ledger.proof_for(session, line_id, with_line=False)


def _shown(parts: Installed, line: ledger.Line, at: datetime) -> bool:
    until = dict(_late(parts, at)).get(line.purpose, FOR_EVER)
    return line.type in LOOK_TYPES and line.at < until


def _look(parts: Installed, actor: Actor, stored: ledger.StoredLine) -> Look:
    line, body = stored.line, stored.line.body
    purpose = parts.sharing.purposes.get(line.purpose)
    agreement = parts.sharing.known(str(body.get("agreement", "")))
    reason = body.get("reason") or {}
    if line.type == "claim":
        plain = ("有人认领这处房屋。", "Somebody claimed this home.")
    elif line.type == "pass":
        plain = ("产权人的房码。", "A pass of the owner.")
    else:
        plain = (purpose.plain_zh, purpose.plain_en) if purpose else NO_REASON
    outcome = str(body.get("outcome") or body.get("act") or "found")
    return Look(
        line_id=stored.line_id,
        at=line.at,
        type=line.type,
        reason=plain,
        department_code=line.department,
        department=parts.sharing.department_words(line.department) if line.department else ("市民", "A citizen"),
        unit=line.unit,
        fields=tuple(field_words(str(field)) for field in body.get("fields", ())),
        outcome=OUTCOMES.get(outcome, (outcome, outcome)),
        automatic=bool(body.get("automatic")),
        unmasked=line.type == "unmask",
        basis=agreement.basis if agreement else purpose.basis if purpose else "",
        case=str(reason.get("reference", "")),
        said=str(reason.get("text", "")) if line.type == "unmask" else "",
        by_self=line.actor == actor.id,
        subject=line.subject,
    )
