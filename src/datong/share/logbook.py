"""Who looked at me: the ledger's lines about a citizen, in plain words, for herself.

Officials' names stay hidden; their department and window are shown. Purposes the law keeps confidential are left out
without a count. Reading the log is itself written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import Forbidden, Missing
from datong.share import queries
from datong.share.installed import Installed, installed, moment
from datong.share.subjects import is_own, merged_from
from datong.share.words import field_words
from datong.share.workdays import moment_text
from datong.store import Session

LOOK_TYPES = ("read", "unmask", "refusal", "claim", "pass")
LEGAL_NOTE = (
    "依照法律规定应当保密的查询（例如刑事案件侦查）不在此列出。",
    "Reads that the law keeps confidential, for example in criminal investigations, are not listed here.",
)
OUTCOMES = {
    "found": ("查看了信息", "data was seen"),
    "same": ("核对一致", "compared: the same"),
    "different": ("核对不一致", "compared: different"),
    "partly": ("核对部分一致", "compared: partly the same"),
    "not_found": ("没有得到信息", "nothing was given"),
    "ambiguous": ("仅用于选择对象", "only to choose among several"),
    "refused": ("被拒绝，没有得到信息", "refused, nothing was given"),
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
    note: tuple[str, str] = LEGAL_NOTE


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
    """Who looked at the citizen, or at a home of hers, and why. Raises Forbidden for anybody else's subject."""
    wanted = wanted or Wanted()
    parts = installed(session)
    code = wanted.subject or actor.subject
    if actor.kind != "citizen" or not is_own(session, actor.subject, code):
        raise Forbidden("只能查看本人和本人房屋的记录 (you can see who looked at yourself and at your own homes)")
    only = ledger.Only(LOOK_TYPES, _hidden(parts), actor.id if wanted.others_only else "")
    page = ledger.lines_of_subject(
        session,
        (code, *merged_from(session, code)),
        since=max(wanted.since, _hers_since(session, actor, code)),
        until=wanted.until,
        department=wanted.department,
        limit=max(1, min(wanted.limit, 500)),
        cursor=wanted.cursor,
        only=only,
    )
    first = session.one(queries.FIRST_LINE)
    looks = tuple(_look(parts, actor, one) for one in page.lines)
    written = ledger.Line(
        "log_read", moment_text(moment(now)), code, actor.id, "", "", "own_data", {"operation": "log_read", "lines": len(looks)}
    )
    ledger.append(session, written)
    return Looks(looks, page.next_cursor, first[0] if first else written.at)


def _hidden(parts: Installed) -> tuple[str, ...]:
    """The purposes the law keeps confidential. The record itself leaves their lines out, so that neither the length of a
    page nor its cursor tells that there is one."""
    return tuple(sorted(code for code, purpose in parts.sharing.purposes.items() if not purpose.visible_to_citizen))


def _hers_since(session: Session, actor: Actor, code: str) -> str:
    """Since when a home is hers, as far as a source says: who looked before that looked at somebody else's. "" for herself."""
    if code == actor.subject:
        return ""
    row = session.one(queries.OWN_SINCE, {"person": actor.subject, "code": code})
    return str(row[0] or "") if row else ""


def count_looks(session: Session, actor: Actor, since: str, subject: str = "") -> dict[str, int]:
    """How often others looked since a moment, by department ("" stands for other citizens), most first; the hidden are not counted."""
    parts, code = installed(session), subject or actor.subject
    if actor.kind != "citizen" or not is_own(session, actor.subject, code):
        raise Forbidden("只能查看本人和本人房屋的记录 (you can see who looked at yourself and at your own homes)")
    counts: dict[str, int] = {}
    since = max(since, _hers_since(session, actor, code))
    for one in (code, *merged_from(session, code)):
        for department, purpose, kind, number in session.all(queries.LOOKS_SINCE, {"code": one, "since": since, "actor": actor.id}):
            if _visible(parts, kind, purpose):
                counts[department] = counts.get(department, 0) + int(number)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def find_look(session: Session, actor: Actor, line_id: str) -> Look:
    """One look at the citizen or at a home of hers. Raises Missing for any other line, hidden ones included."""
    parts = installed(session)
    stored = ledger.find_line(session, line_id)
    if (
        stored is None
        or actor.kind != "citizen"
        or not _shown(parts, stored.line)
        or not is_own(session, actor.subject, stored.line.subject)
        or stored.line.at < _hers_since(session, actor, stored.line.subject)
    ):
        raise Missing("没有这条记录 (there is no such look)")
    return _look(parts, actor, stored)


def _shown(parts: Installed, line: ledger.Line) -> bool:
    return _visible(parts, line.type, line.purpose)


def _visible(parts: Installed, kind: str, purpose_code: str) -> bool:
    purpose = parts.sharing.purposes.get(purpose_code)
    return kind in LOOK_TYPES and (purpose is None or purpose.visible_to_citizen)


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
