"""Agreements that live in the store: proposed, signed by both responsible persons, in force, suspended, ended; version by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden
from datong.share.agreement import Agreement
from datong.share.installed import Installed, installed, look_again, moment
from datong.share.notices import Message, next_serial, notify
from datong.share.requests import queries
from datong.share.requests.asked import Request
from datong.share.requests.clocks import clock_of, due_day
from datong.share.requests.parties import must_be, parties
from datong.share.requests.standing import AGREEMENT, Standing, Version, find_standing, may_change
from datong.share.requests.steps import SHORTEST, Recorded, When, add_step, agreed
from datong.share.requests.stored import changed
from datong.share.requests.terms import digest_of, overlapping, read_terms, shown_terms, terms_text
from datong.share.workdays import city_day, moment_text
from datong.store import Session

SIDES = ("requesting", "providing")


@dataclass(frozen=True)
class Proposal:
    """A new version: its terms, and why."""

    terms: Mapping[str, Any]
    why: str
    request_id: str = ""


def propose_first(session: Session, parts: Installed, actor: Actor, request: Request, terms: Mapping[str, Any], *, at: str) -> str:
    """The agreement that follows from an answered request, for both to sign: its code. Raises BadValue when the terms cannot stand."""
    code = request.agreement or f"A{at[:4]}-{next_serial(session, f'agreement:{at[:4]}'):04d}"
    _must_stand(parts, code, terms)
    _add_version(session, actor, code, Proposal(terms, "", request.request_id), at)
    return code


def decline_open(session: Session, code: str) -> None:
    """What was proposed and not signed falls away."""
    if code:
        session.run(queries.DECLINE_PROPOSED, {"code": code})


def propose(session: Session, actor: Actor, code: str, proposal: Proposal, *, now: datetime | None = None) -> Version:
    """Propose another version of an agreement that lives in the store; whoever answers for a side signs by proposing.

    Raises Missing, Forbidden, BadValue (terms that cannot stand, a pack's agreement, one that has ended).
    """
    parts, when = installed(session), _when(now)
    standing = find_standing(session, parts, actor, code, when.today)
    mine = _party(parts, actor, standing)
    if not mine & {"requesting_responsible", "providing_responsible", "manager"}:
        raise Forbidden("只有双方负责人可以提出新版本 (only those responsible may propose a version)")
    may_change(standing)
    if len(proposal.why.strip()) < SHORTEST:
        raise BadValue("why", "请写明理由，至少五个字 (say why, in five characters or more)")
    newest = standing.versions[0]
    fixed = {name: newest.terms[name] for name in ("requesting", "providing", "purpose", "register")}
    terms = {**proposal.terms, **fixed}
    if terms == newest.terms:
        raise BadValue("terms", "与现行版本相同 (the same as the present version)")
    _must_stand(parts, code, terms)
    decline_open(session, code)
    number = _add_version(session, actor, code, replace(proposal, terms=terms, request_id=newest.request_id), when.at)
    if mine & {f"{side}_responsible" for side in SIDES}:
        sign(session, actor, code, number, now=now)
    return find_standing(session, parts, actor, code, when.today).versions[0]


def renew(session: Session, actor: Actor, code: str, until: str, why: str, *, now: datetime | None = None) -> Version:
    """Propose the same agreement until a later day."""
    standing = find_standing(session, installed(session), actor, code, city_day(moment(now)))
    may_change(standing)
    try:
        date.fromisoformat(until)
    except ValueError:
        raise BadValue("until", "不是日期 (is no date)", "write it like 2028-12-31") from None
    if until <= standing.agreement.valid_to:
        raise BadValue("until", "必须晚于现在的截止日期 (must be later than the present end)")
    return propose(session, actor, code, Proposal({**standing.versions[0].terms, "valid_to": until}, why), now=now)


def give_up(session: Session, actor: Actor, code: str, fields: tuple[str, ...], why: str, *, now: datetime | None = None) -> Version:
    """Propose the agreement without some of its fields."""
    standing = find_standing(session, installed(session), actor, code, city_day(moment(now)))
    may_change(standing)
    terms = dict(standing.versions[0].terms)
    held = {*(terms.get("fields") or ()), *(terms.get("claims") or ())}
    if not fields or set(fields) - held:
        raise BadValue("fields", "请选择协议中的数据项 (choose fields of the agreement)")
    if held <= set(fields):
        raise BadValue("fields", "全部退回请终止协议 (to give everything up, end the agreement)")
    terms["fields"] = {name: mask for name, mask in (terms.get("fields") or {}).items() if name not in fields}
    for part in ("claims", "unmask"):
        terms[part] = [name for name in terms.get(part) or () if name not in fields]
    return propose(session, actor, code, Proposal(terms, why), now=now)


def sign(session: Session, actor: Actor, code: str, version: int, *, now: datetime | None = None) -> Standing:
    """Sign a proposed version for one's department. With the second signature it is in force, at once and for every process.

    Raises Forbidden when the actor answers for neither side or has signed for the other, Busy when it was changed meanwhile.
    """
    parts, when = installed(session), _when(now)
    standing = find_standing(session, parts, actor, code, when.today)
    found = next((one for one in standing.versions if one.version == version and one.state == "proposed"), None)
    if found is None:
        raise BadValue("version", "没有待签署的版本 (there is no such version to sign)")
    mine = parties(parts, actor, found.agreement.requesting, found.agreement.providing)
    side = next((one for one in SIDES if f"{one}_responsible" in mine and not getattr(found, f"{one}_by")), "")
    if not side:
        raise Forbidden("须由尚未签署一方的负责人签署 (the person responsible on the side that has not signed must sign)")
    if actor.id in (found.requesting_by, found.providing_by):
        raise Forbidden("同一人不能代表双方签署 (one person cannot sign for both)")
    _must_stand(parts, code, found.terms)
    statement = queries.SIGN_REQUESTING if side == "requesting" else queries.SIGN_PROVIDING
    params = {"code": code, "version": version, "by": actor.id, "at": when.at}
    if session.run(statement, params) != 1:
        raise Busy("有人正在签署 (somebody else is signing)")
    both = bool(found.providing_by if side == "requesting" else found.requesting_by)
    _written(session, actor, found.agreement, Recorded(f"sign_{side}", "live" if both else "proposed", version), when, terms=found.terms)
    if both:
        session.run(queries.SUPERSEDE, {"code": code})
        session.run(queries.GO_LIVE, {"code": code, "version": version, "at": when.at})
        changed(session)
        look_again(session)
        agreed(session, parts, actor, found.request_id, when)
    return find_standing(session, installed(session), actor, code, when.today)


def act_on(session: Session, actor: Actor, code: str, act_code: str, note: str, *, now: datetime | None = None) -> Standing:
    """Suspend, resume or terminate an agreement, of the store or of a pack, or certify that its data is disposed of.

    Raises Missing, Forbidden, BadValue.
    """
    parts, when = installed(session), _when(now)
    standing = find_standing(session, parts, actor, code, when.today)
    act = parts.requests.agreement_acts.get(act_code)
    if act is None or standing.state not in act.sources:
        raise BadValue("act", "当前状态不能办理此项 (not in this state)")
    must_be(act, _party(parts, actor, standing))
    if act.once and standing.disposed_at:
        raise BadValue("act", "此项只能办理一次 (this is done once only)")
    if "note" in act.needs and len(note.strip()) < SHORTEST:
        raise BadValue("note", "请写明理由，至少五个字 (say why, in five characters or more)")
    clock = clock_of(parts, act.starts, "conditional") if act.starts else None
    due = due_day(parts, clock, when.today) if clock else ""
    params = {"code": code, "state": act.to, "since": when.at, "clock": clock.code if clock else "", "due": due}
    match act.code:
        case "resume":
            session.run(queries.DROP_HOLD, {"code": code})
        case "dispose":
            session.run(queries.DISPOSED, {"code": code, "at": when.at})
        case _:
            session.run(queries.ADD_HOLD, params)
    step = Recorded(act.code, act.to, standing.agreement.version, note.strip(), str(params["clock"]), due)
    _written(session, actor, standing.agreement, step, when)
    _tell_both(session, standing.agreement, act.title, when.at)
    changed(session)
    look_again(session)
    return find_standing(session, installed(session), actor, code, when.today)


def _party(parts: Installed, actor: Actor, standing: Standing) -> frozenset[str]:
    return parties(parts, actor, standing.agreement.requesting, standing.agreement.providing)


def _when(now: datetime | None) -> When:
    at_moment = moment(now)
    return When(moment_text(at_moment), city_day(at_moment))


def _must_stand(parts: Installed, code: str, terms: Mapping[str, Any]) -> None:
    """Raises BadValue when terms name what is not, or another agreement already answers such questions."""
    agreement = read_terms(code, terms, parts.packs, parts.packed)
    other = overlapping(agreement, parts.sharing.agreements.values())
    if other is not None:
        raise BadValue(
            "terms", f"与现行协议“{other.title_zh}”（{other.code}）回答同样的问题 (agreement {other.code} already answers such questions)"
        )


def _add_version(session: Session, actor: Actor, code: str, proposal: Proposal, at: str) -> int:
    text = terms_text(proposal.terms)
    params = {"code": code, "terms": text, "request_id": proposal.request_id, "why": proposal.why.strip(), "by": actor.id, "at": at}
    row = session.one(queries.ADD_VERSION, params)
    assert row is not None
    agreement = shown_terms(code, proposal.terms, int(row[0]))
    when = When(at, date.min)
    _written(session, actor, agreement, Recorded("propose", "proposed", int(row[0]), proposal.why.strip()), when, terms=proposal.terms)
    _tell_both(session, agreement, ("待签署", "To be signed"), at)
    return int(row[0])


def _written(
    session: Session, actor: Actor, agreement: Agreement, step: Recorded, when: When, *, terms: Mapping[str, Any] | None = None
) -> None:
    """A step and a ledger line: the terms by their digest, so that they can be proven."""
    add_step(session, actor, agreement.code, step, when.at)
    body: dict[str, Any] = {"agreement": agreement.code, "version": step.version, "act": step.act, "state": step.state}
    if terms is not None:
        body["terms"] = digest_of(terms)
    ledger.append(session, ledger.Line(AGREEMENT, when.at, "", actor.id, actor.department, actor.unit, agreement.purpose, body))


def _tell_both(session: Session, agreement: Agreement, what: tuple[str, str], at: str) -> None:
    said = (f"协议“{agreement.title_zh}”：{what[0]}。", f"Agreement {agreement.title_en}: {what[1].lower()}.")
    for department in sorted({*agreement.requesting, *agreement.providing}):
        notify(session, f"department:{department}", Message("agreement", ("共享协议有变化", "A sharing agreement has changed"), said), at)
