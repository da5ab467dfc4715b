"""A request's way, in reading order: drafted, submitted, checked once, reviewed, answered, agreed, delivered; or refused, disputed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden
from datong.share.installed import Installed, installed, moment
from datong.share.notices import dated_number
from datong.share.requests import queries
from datong.share.requests.agreements import decline_open, propose_first
from datong.share.requests.asked import Asked, Lack, Request, Step, find_request, list_requests, steps_of
from datong.share.requests.classes import RuleRefusal, class_of, offered, refused_by_rule
from datong.share.requests.lacking import lacks
from datong.share.requests.parties import must_be, parties
from datong.share.requests.rules import Act, RuleConflict
from datong.share.requests.steps import Doing, Moved, Recorded, When, add_step, check_act, move, possible
from datong.share.requests.terms import digest_of, terms_text
from datong.share.workdays import city_day, moment_text
from datong.store import Session

OPENING = ("requesting", "requesting_responsible")


@dataclass(frozen=True)
class OneRequest:
    """A request with everything its page shows: what lacks now, what was done, what the visitor may do."""

    request: Request
    lacking: tuple[Lack, ...]
    steps: tuple[Step, ...]
    acts: tuple[Act, ...]
    basis: str
    """The legal basis of its sharing class; empty for conditional sharing without one of its own."""
    refusal: RuleRefusal | None
    conflicts: tuple[RuleConflict, ...]
    may_edit: bool


def draft(session: Session, actor: Actor, wanted: Asked, *, now: datetime | None = None) -> Request:
    """Begin a request of the actor's department. It may lack anything: what lacks is told on its page, and once by the provider.

    Raises Forbidden when the post may not ask, BadValue when the provider or the purpose is none.
    """
    parts, at_moment = installed(session), moment(now)
    if not parties(parts, actor, (actor.department,), ()) & set(OPENING):
        raise Forbidden("您的岗位不能提出共享申请 (your post may not request data)")
    _check_wanted(session, parts, actor, wanted)
    day = city_day(at_moment)
    number = dated_number(session, "R", "request", day)
    at = moment_text(at_moment)
    params = {**_columns(session, parts, actor.department, wanted), "request_id": number, "requesting": actor.department}
    session.run(queries.ADD_REQUEST, {**params, "made_by": actor.id, "made_at": at})
    add_step(session, actor, number, Recorded("draft", "drafted"), at)
    body = {"request": number, "act": "draft", "state": "drafted", "terms": digest_of(json.loads(str(params["terms"])))}
    ledger.append(session, ledger.Line("request", at, "", actor.id, actor.department, actor.unit, wanted.purpose, body))
    return find_request(session, parts, actor, number, day)


def redraft(session: Session, actor: Actor, request_id: str, wanted: Asked, *, now: datetime | None = None) -> Request:
    """Change a request that is not submitted, or complete one that came back."""
    parts, day = installed(session), city_day(moment(now))
    request = find_request(session, parts, actor, request_id, day)
    if not parties(parts, actor, (request.requesting,), ()) & set(OPENING):
        raise Forbidden("只有申请部门可以修改 (only the requesting department may change it)")
    _check_wanted(session, parts, actor, wanted)
    if not session.run(queries.REDRAFT, {**_columns(session, parts, request.requesting, wanted), "request_id": request_id}):
        raise BadValue("act", "已提交的申请不能修改 (a submitted request cannot be changed)")
    return find_request(session, parts, actor, request_id, day)


def request_of(session: Session, actor: Actor, request_id: str, *, now: datetime | None = None) -> OneRequest:
    """One request as its page shows it. Raises Missing when it is not the actor's to see."""
    parts = installed(session)
    request = find_request(session, parts, actor, request_id, city_day(moment(now)))
    fields = (*(request.terms.get("fields") or ()), *(request.terms.get("claims") or ()))
    mine = parties(parts, actor, (request.requesting,), ())
    return OneRequest(
        request,
        lacks(parts, request),
        steps_of(session, request_id),
        possible(session, parts, actor, request),
        class_of(session, parts, request.resource, request.terms).basis,
        refused_by_rule(session, parts, request.purpose, request.resource, request.terms),
        parts.requests.conflicts_of(str(request.terms.get("register", "")), tuple(fields)),
        request.state in ("drafted", "incomplete") and bool(mine & set(OPENING)),
    )


def data_requests(session: Session, actor: Actor, state: str = "open", *, now: datetime | None = None) -> tuple[Request, ...]:
    """The requests the actor may see, the most urgent first."""
    return list_requests(session, installed(session), actor, state, city_day(moment(now)))


def advance(session: Session, actor: Actor, request_id: str, doing: Doing, *, now: datetime | None = None) -> Request:
    """Do one act upon a request. Raises Missing, Forbidden, BadValue (what is wrong with the act), Busy (somebody was faster)."""
    parts, at_moment = installed(session), moment(now)
    today = city_day(at_moment)
    request = find_request(session, parts, actor, request_id, today)
    act = parts.requests.acts.get(doing.act)
    if act is None or act.by == ("rule",):
        raise BadValue("act", "没有这项办理 (there is no such act)")
    must_be(act, parties(parts, actor, (request.requesting,), (request.providing,)))
    check_act(session, parts, act, request, doing)
    when = When(moment_text(at_moment), today)
    act, moved = _settled(session, parts, actor, request, act=act, doing=doing, at=when.at)
    doing = replace(doing, days=_granted_days(session, request)) if act.extends else doing
    move(session, parts, actor, request, act=act, doing=doing, moved=moved, when=when)
    return find_request(session, parts, actor, request_id, today)


def _settled(session: Session, parts: Installed, actor: Actor, request: Request, *, act: Act, doing: Doing, at: str) -> tuple[Act, Moved]:
    """What the act changes besides the state; submitting what a rule refuses becomes the rule's refusal."""
    match act.code:
        case "submit":
            refusal = refused_by_rule(session, parts, request.purpose, request.resource, request.terms)
            if refusal is None:
                return act, Moved()
            told = {"reasons": [refusal.reason], "note": f"{refusal.zh}（{refusal.basis}）", "basis": refusal.basis}
            return parts.requests.acts["refuse_by_rule"], Moved(answer=told, said={"reasons": [refusal.reason]})
        case "lacking":
            return act, _told_once(parts, request, doing)
        case "complete":
            _must_be_complete(session, parts, request)
            return act, Moved()
        case "accept" | "accept_partly":
            return act, _accepted(session, parts, actor, request, doing=doing, at=at)
        case "refuse":
            told = {"reasons": list(doing.reasons), "note": doing.note.strip()}
            return act, Moved(answer=told, said={"reasons": list(doing.reasons)})
        case "dispute" | "escalate":
            decline_open(session, request.agreement)
            step = 1 if act.code == "dispute" else request.mediation + 1
            return act, Moved(mediation=step, said={"mediation": step})
        case "reopen" | "uphold":
            return act, Moved(mediation=0)
        case "withdraw":
            decline_open(session, request.agreement)
    return act, Moved()


def _told_once(parts: Installed, request: Request, doing: Doing) -> Moved:
    """The one list: what the rules find, and each line the providing department writes besides."""
    found = lacks(parts, request)
    written = [line.strip() for line in doing.note.splitlines() if line.strip()]
    found = (*found, *(Lack("note", line, line) for line in written))
    if not found:
        raise BadValue("note", "材料齐全；如仍需补正，请写明缺什么 (nothing lacks; write what does)")
    return Moved(lacking=found, said={"lacking": [one.code for one in found]})


def _must_be_complete(session: Session, parts: Installed, request: Request) -> None:
    """A request that lacks something goes back first; once it was told, it is reviewed as it is and answered with reasons."""
    told = any(one.act == "lacking" for one in steps_of(session, request.request_id))
    if not told and (found := lacks(parts, request)):
        raise BadValue("act", f"还缺：{'；'.join(one.zh for one in found)} (it still lacks: {'; '.join(one.en for one in found)})")


def _accepted(session: Session, parts: Installed, actor: Actor, request: Request, *, doing: Doing, at: str) -> Moved:
    """The agreement that follows from the answer, proposed to both for signing."""
    terms = dict(request.terms)
    asked = dict(terms.get("fields") or {})
    claims = list(terms.get("claims") or ())
    granted = [*asked, *(name for name in claims if name not in asked)]
    if doing.act == "accept_partly":
        if not doing.fields or set(doing.fields) - set(granted) or set(doing.fields) == set(granted):
            raise BadValue("fields", "请选择同意提供的一部分数据项 (choose the part of the fields that is granted)")
        granted = [name for name in granted if name in doing.fields]
        terms["fields"] = {name: mask for name, mask in asked.items() if name in granted}
        terms["claims"] = [name for name in claims if name in granted]
        terms["unmask"] = [name for name in terms.get("unmask") or () if name in terms["fields"]]
    code = propose_first(session, parts, actor, request, terms, at=at)
    told = {"reasons": list(doing.reasons), "note": doing.note.strip(), "granted": granted}
    return Moved(answer=told, agreement=code, said={"agreement": code, "reasons": list(doing.reasons), "fields": len(granted)})


def _granted_days(session: Session, request: Request) -> int:
    """The days that were asked for are the days that are approved."""
    return next((one.days for one in reversed(steps_of(session, request.request_id)) if one.act == "ask_extension"), 0)


def _check_wanted(session: Session, parts: Installed, actor: Actor, wanted: Asked) -> None:
    if not 2 <= len(wanted.title.strip()) <= 120:
        raise BadValue("title", "请填写申请名称 (give the request a name)", "2 to 120 characters")
    if wanted.providing not in parts.packs.departments or wanted.providing == actor.department:
        raise BadValue("providing", "请选择提供部门 (choose the providing department, not your own)")
    if wanted.purpose not in parts.sharing.purposes:
        raise BadValue("purpose", "请选择用途 (choose a purpose)")
    if wanted.resource and wanted.resource not in parts.packs.sources and offered(session, wanted.resource) is None:
        raise BadValue("resource", "没有这个数据资源 (there is no such resource)")


def _columns(session: Session, parts: Installed, requesting: str, wanted: Asked) -> dict[str, object]:
    """A request's own columns. Its departments, purpose and name are those of its terms."""
    terms = {
        **wanted.terms,
        "title": {"zh": wanted.title.strip(), "en": wanted.title.strip()},
        "requesting": [requesting],
        "providing": [wanted.providing],
        "purpose": wanted.purpose,
        "basis": wanted.papers.get("use_basis", "").strip(),
    }
    return {
        "providing": wanted.providing,
        "title": wanted.title.strip(),
        "purpose": wanted.purpose,
        "resource": wanted.resource,
        "terms": terms_text(terms),
        "papers": terms_text({code: str(text).strip() for code, text in wanted.papers.items() if code in parts.requests.papers}),
        "sharing_class": class_of(session, parts, wanted.resource, terms).kind,
    }
