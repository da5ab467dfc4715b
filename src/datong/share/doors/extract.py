"""Extracts: asked for, approved by another, then read through the one door at the moment they are taken, each row marked.

No copy waits on the server: the file is made when its asker takes it, under her rights of that moment, with one ledger line
for every subject in it. What was approved lapses after three days or three copies.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor, Ground, Question, Reason, Register, SharedEntry
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.share.doors import queries
from datong.share.doors.city_key import sealer
from datong.share.doors.sheet import FORMS, Mark, Sheet, write_sheet
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.notices import Message, next_serial, notify
from datong.share.policy import asking_for
from datong.share.prepared import Asking, refused, settle
from datong.share.words import field_words
from datong.share.workdays import CITY_TIME, city_day, moment_text
from datong.store import Row, Session

APPROVE = "sharing.extracts"
"""The permission to decide about extracts."""
VALID_HOURS = 72
MOST_COPIES = 3
MOST_ROWS = 200_000
SHORTEST_REASON = 5
_LISTED = 200


@dataclass(frozen=True)
class WantedExtract:
    """What an extract is asked to hold, and why."""

    purpose: str
    register: Register
    fields: tuple[str, ...] = ()
    """Empty: every field the agreement grants."""
    where: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    form: str = "xlsx"


@dataclass(frozen=True)
class Extract:
    """One extract, from being asked for to its last copy."""

    extract_id: str
    department: str
    asked_by: str
    asked_name: str
    agreement: str
    wanted: WantedExtract
    state: str
    """asked, approved, refused; "lapsed" once its time or its copies are used up."""
    asked_at: str
    decided_by: str
    decided_at: str
    said: str
    expires_at: str
    takes: int
    rows: int
    sha256: str


@dataclass(frozen=True)
class Asked:
    """What became of asking: the extract, or the grounds why the agreements do not allow it."""

    extract: Extract | None
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Taken:
    """One copy: the file, or the grounds why it is refused now."""

    name: str
    media_type: str
    content: bytes
    rows: int
    grounds: tuple[Ground, ...] = ()


def ask_extract(session: Session, actor: Actor, wanted: WantedExtract, *, now: datetime | None = None) -> Asked:
    """Ask for an extract; it waits for somebody else's approval. A refusal by the agreements is an answer, and is written down.

    Raises BadValue for a reason that is too short or a form that is not known.
    """
    if len(wanted.reason.strip()) < SHORTEST_REASON:
        raise BadValue("reason", "is missing or too short", f"say in at least {SHORTEST_REASON} characters what the extract is for")
    if wanted.form not in FORMS:
        raise BadValue("form", "is not known", f"choose {' or '.join(FORMS)}")
    parts, at_moment = installed(session), moment(now)
    at, question = moment_text(at_moment), _question(wanted, "", 1)
    decision = parts.policy.decide(actor, question, city_day(at_moment).isoformat())
    if not decision.allowed:
        answer = settle(session, refused(Asking(session, parts, actor, question, at_moment, at, decision), decision.grounds))
        return Asked(None, answer.grounds)
    day = city_day(at_moment)
    extract_id = f"E{day:%Y%m%d}-{next_serial(session, f'extract:{day}'):04d}"
    session.run(
        queries.ADD_EXTRACT,
        {
            "extract_id": extract_id,
            "department": asking_for(actor),
            "asked_by": actor.id,
            "asked_name": actor.name,
            "purpose": wanted.purpose,
            "register": wanted.register,
            "agreement": decision.agreement,
            "question": json.dumps({"fields": wanted.fields, "where": wanted.where}, ensure_ascii=False),
            "reason": wanted.reason.strip(),
            "form": wanted.form,
            "at": at,
        },
    )
    _write(session, actor, (extract_id, wanted), {"act": "asked", "agreement": decision.agreement, "fields": list(decision.fields)}, at)
    return Asked(_find(session, extract_id, at_moment))


def decide_extract(session: Session, actor: Actor, extract_id: str, approved: bool, said: str, *, now: datetime | None = None) -> Extract:
    """Approve or refuse an extract, with a reason. Raises Forbidden without the permission, and to whoever asked for it."""
    parts, at_moment = installed(session), moment(now)
    if not parts.may(actor, APPROVE):
        raise Forbidden(f"您的岗位不能审批批量提取 (your post lacks {APPROVE})")
    found = _find(session, extract_id, at_moment)
    if found.asked_by == actor.id:
        raise Forbidden("不能审批自己的申请 (somebody else must decide about what you asked for)")
    if not approved and len(said.strip()) < SHORTEST_REASON:
        raise BadValue("said", "is missing or too short", "say why it is refused")
    at, until = moment_text(at_moment), moment_text(at_moment + timedelta(hours=VALID_HOURS))
    state = "approved" if approved else "refused"
    params = {
        "extract_id": extract_id,
        "state": state,
        "by": actor.id,
        "at": at,
        "said": said.strip(),
        "expires_at": until if approved else "",
    }
    if not session.run(queries.DECIDE_EXTRACT, params):
        raise Busy("这份申请已有人处理 (somebody has decided about it already)")
    _write(session, actor, (extract_id, found.wanted), {"act": state, "agreement": found.agreement}, at)
    notify(session, f"account:{found.asked_by}", _message(found, approved, said.strip(), until), at)
    return _find(session, extract_id, at_moment)


def take_extract(session: Session, actor: Actor, extract_id: str, *, now: datetime | None = None) -> Taken:
    """Make one copy of an approved extract for its asker, reading every page through the one door with her rights of this moment.

    Raises Missing for somebody else's, Forbidden when it is not approved, has lapsed, or meets its quota half way.
    """
    at_moment = moment(now)
    found = _own(session, actor, extract_id, at_moment)
    if found.state != "approved":
        raise Forbidden(f"这份提取{_STATES.get(found.state, '不能下载')} (this extract is {found.state})")
    parts = installed(session)
    page = min(parts.policy.agreement(found.agreement).quota.per_call, 500)
    entries: list[SharedEntry] = []
    fields: tuple[str, ...] = ()
    cursor = ""
    while True:
        answer = ask(session, actor, _question(found.wanted, cursor, page, extract_id), now=at_moment)
        if answer.decision.allowed and answer.decision.agreement != found.agreement:
            raise Forbidden("批准所依据的协议已变更，请重新申请 (the agreement it was approved under has changed: ask again)")
        if answer.outcome == "refused":
            if not entries:
                return Taken("", "", b"", 0, answer.grounds)
            raise Forbidden("提取中途超出协议额度，未给出任何内容 (it met the quota half way; nothing was given): " + answer.grounds[0].en)
        entries += answer.entries
        fields, cursor = answer.decision.fields, answer.next_cursor
        if not cursor:
            break
        if len(entries) >= MOST_ROWS:
            raise Forbidden(f"超过{MOST_ROWS}条，请分次提取 (more than {MOST_ROWS:,} rows: narrow it)")
    return _copy(session, actor, found, (fields, entries), at_moment)


def _copy(session: Session, actor: Actor, found: Extract, held: tuple[tuple[str, ...], list[SharedEntry]], now: datetime) -> Taken:
    fields, entries = held
    parts, at = installed(session), moment_text(now)
    copy = found.takes + 1
    mark = Mark(
        number=f"{found.extract_id}-{copy}",
        who=f"{parts.sharing.department_words(found.department)[0]} {actor.name}",
        purpose=("沙箱虚构数据 · " if parts.settings.sandbox else "") + parts.sharing.purpose_words(found.wanted.purpose)[0],
        at=f"{now.astimezone(CITY_TIME):%Y-%m-%d %H:%M}",
    )
    rows = [(one.code, *(_value(one, name) for name in fields)) for one in entries]
    heads = ("永久编码", *(field_words(name)[0] for name in fields))
    seal = sealer(parts.settings)
    seals = [seal(f"{mark.number}|{one.code}") for one in entries]
    content = write_sheet(found.wanted.form, Sheet(heads, rows, seals, mark))
    digest = hashlib.sha256(content).hexdigest()
    params = {"extract_id": found.extract_id, "rows": len(rows), "sha256": digest, "most": MOST_COPIES, "at": at}
    if not session.run(queries.TAKE_EXTRACT, params):
        raise Forbidden("这份提取已失效 (this extract has lapsed)")
    body = {"act": "taken", "agreement": found.agreement, "rows": len(rows), "copy": copy, "sha256": digest}
    _write(session, actor, (found.extract_id, found.wanted), body, at)
    return Taken(f"{mark.number}.{found.wanted.form}", FORMS[found.wanted.form], content, len(rows))


def extracts(session: Session, actor: Actor, *, waiting: bool = False, now: datetime | None = None) -> tuple[Extract, ...]:
    """The actor's own extracts, newest first; `waiting`: those of anybody that wait for approval, oldest first.

    Raises Forbidden for the latter without the permission to decide.
    """
    at_moment = moment(now)
    if not waiting:
        rows = session.all(queries.EXTRACTS_OF, {"asked_by": actor.id, "most": _LISTED})
    elif installed(session).may(actor, APPROVE):
        rows = session.all(queries.EXTRACTS_IN, {"state": "asked", "most": _LISTED})
    else:
        raise Forbidden(f"您的岗位不能审批批量提取 (your post lacks {APPROVE})")
    return tuple(_extract(row, at_moment) for row in rows)


def find_extract(session: Session, actor: Actor, extract_id: str, *, now: datetime | None = None) -> Extract:
    """One of the actor's own extracts. Raises Missing for anybody else's."""
    return _own(session, actor, extract_id, moment(now))


def whose_row(session: Session, number: str, code: str, shown: str, *, now: datetime | None = None) -> Extract | None:
    """The extract that a row with this mark was taken from; nothing when the seal is not this city's for that row."""
    if shown != sealer(installed(session).settings)(f"{number}|{code}"):
        return None
    return _find(session, number.rpartition("-")[0], moment(now))


_STATES = {"asked": "尚未审批", "refused": "未获批准", "lapsed": "已失效"}


def _question(wanted: WantedExtract, cursor: str, limit: int, extract_id: str = "") -> Question:
    reason = Reason("task", reference=extract_id, text=wanted.reason.strip())
    return Question(
        wanted.purpose, "extract", wanted.register, fields=wanted.fields, where=wanted.where, cursor=cursor, limit=limit, reason=reason
    )


def _value(entry: SharedEntry, name: str) -> str:
    return next((fact.value for fact in entry.facts if fact.field == name), "")


def _own(session: Session, actor: Actor, extract_id: str, now: datetime) -> Extract:
    found = _find(session, extract_id, now)
    if found.asked_by != actor.id:
        raise Missing(_NONE)
    return found


_NONE = "没有这份提取 (there is no such extract of yours)"


def _find(session: Session, extract_id: str, now: datetime) -> Extract:
    row = session.one(queries.EXTRACT, {"extract_id": extract_id})
    if row is None:
        raise Missing(_NONE)
    return _extract(row, now)


def _extract(row: Row, now: datetime) -> Extract:
    held = json.loads(row[7])
    wanted = WantedExtract(row[4], row[5], tuple(held["fields"]), tuple((name, value) for name, value in held["where"]), row[8], row[9])
    lapsed = row[10] == "approved" and (row[15] <= moment_text(now) or int(row[16]) >= MOST_COPIES)
    state = "lapsed" if lapsed else row[10]
    names = ("extract_id", "department", "asked_by", "asked_name", "agreement")
    decided = ("asked_at", "decided_by", "decided_at", "said", "expires_at")
    texts = {name: str(row[at]) for name, at in (*zip(names, (0, 1, 2, 3, 6), strict=True), *zip(decided, range(11, 16), strict=True))}
    return Extract(**texts, wanted=wanted, state=state, takes=int(row[16]), rows=int(row[17]), sha256=row[18])


def _write(session: Session, actor: Actor, which: tuple[str, WantedExtract], body: dict[str, object], at: str) -> None:
    extract_id, wanted = which
    whole = {"extract": extract_id, "register": wanted.register, **body}
    ledger.append(session, ledger.Line("extract", at, "", actor.id, actor.department, actor.unit, wanted.purpose, whole))


def _message(found: Extract, approved: bool, said: str, until: str) -> Message:
    if approved:
        text = (
            f"您申请的批量提取{found.extract_id}已批准，请在{until[:16]}（UTC）前下载，最多{MOST_COPIES}份。每一行都有您的水印，每个对象都有记录。",
            f"Your extract {found.extract_id} was approved. Take it by {until[:16]} UTC, at most {MOST_COPIES} copies; each row is marked.",
        )
        return Message("extract_approved", ("批量提取已批准", "Your extract was approved"), text, (("extract", found.extract_id),))
    text = (f"您申请的批量提取{found.extract_id}未获批准：{said}", f"Your extract {found.extract_id} was refused: {said}")
    return Message("extract_refused", ("批量提取未获批准", "Your extract was refused"), text, (("extract", found.extract_id),))
