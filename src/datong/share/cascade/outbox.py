"""Requests to the province: asked here, carried out by the worker, answered there; and looks at what was agreed to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from datong import ledger
from datong.domain.access import Actor, Answer, Key, Question, Reason
from datong.domain.errors import BadValue, Busy, Missing
from datong.settings import Settings
from datong.share.cascade import queries
from datong.share.cascade.call import call
from datong.share.cascade.offers import Offer, offer_of
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.keys import register_of
from datong.share.notices import Message, dated_number, notify
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session, Store

WRITE = "requests.write"
SHORTEST_WHY = 10
FIRST_WAIT, LONGEST_WAIT, ASK_AFTER = 30, 3 * 3600, 60
"""Seconds: the first wait after a failure (doubled each time), the longest, and after how long an answer is asked after."""
NUMBERS = ("citizen_id", "credit_code")
"""By what the province knows a subject."""


@dataclass(frozen=True)
class ProvinceRequest:
    """A request to the province. `state`: waiting, sent, agreed, refused; `items`: names asked for, once agreed those granted."""

    request_id: str
    code: str
    department: str
    purpose: str
    items: tuple[str, ...]
    why: str
    state: str
    number: str
    answer: str
    asked_by: str
    asked_at: str
    answered_at: str
    due_at: str
    attempts: int
    error: str


@dataclass(frozen=True)
class Looked:
    """What the province said of one subject: the city's own decision first, then the agreed items; none when the city refused."""

    answer: Answer
    items: Mapping[str, str]
    titles: Mapping[str, str]
    found: bool


def request_of_province(
    session: Session, actor: Actor, code: str, asked: tuple[str, tuple[str, ...], str], *, now: datetime | None = None
) -> ProvinceRequest:
    """Ask the province for an offered resource; `asked`: purpose, names of data items, why.

    Raises Forbidden without `requests.write`, Missing for what is not offered, BadValue for another department's purpose, items that
    the offer has not, a withheld resource, a reason too short, or a request that is already on its way.
    """
    parts, (purpose, items, why) = installed(session), asked
    parts.must(actor, WRITE)
    offer = _offer(session, code)
    if offer.sharing_class == "withheld":
        raise BadValue("code", f"{code} is withheld by the province", "it cannot be asked for")
    known = {one.purpose for one in parts.policy.agreements_of(actor)}
    if purpose not in known:
        raise BadValue("purpose", "is no purpose of your department's agreements", "choose one you work for")
    if not items or set(items) - set(offer.items):
        raise BadValue("items", "are none that the resource has", f"choose from {', '.join(offer.items)}")
    if len(why.strip()) < SHORTEST_WHY:
        raise BadValue("why", "is too short", f"say in {SHORTEST_WHY} characters or more which work waits for it")
    live = session.one(queries.LIVE, {"code": code, "department": actor.department, "purpose": purpose})
    if live is not None:
        raise BadValue("code", f"is asked for already by request {live[0]}")
    at = moment_text(moment(now))
    number = dated_number(session, "S", "cascade", city_day(moment(now)))
    params = {
        "request_id": number,
        "code": code,
        "department": actor.department,
        "purpose": purpose,
        "why": why.strip(),
        "by": actor.id,
        "at": at,
    }
    session.run(queries.ADD, params | {"items": json.dumps(items)})
    body = {"act": "cascade_request", "request": number, "code": code, "items": list(items)}
    ledger.append(session, ledger.Line("request", at, "", actor.id, actor.department, actor.unit, purpose, body))
    return _read(session, number)


def requests_of_province(session: Session, actor: Actor) -> tuple[ProvinceRequest, ...]:
    """The department's requests, newest first; all of them for whoever sees all requests."""
    everything = installed(session).may(actor, "requests.all")
    return tuple(_request(row) for row in session.all(queries.REQUESTS, {"department": "" if everything else actor.department}))


def dispatch_due(store: Store, settings: Settings, now: datetime) -> int:
    """Send what waits to the province and ask after what was sent; how many went through. The network is used outside of transactions."""
    if not settings.province_url:
        return 0
    with store.session(read_only=True) as session:
        due = [_request(row) for row in session.all(queries.DUE, {"at": moment_text(now)})]
    return sum(_carry_out(store, settings, one, now) for one in due)


def _carry_out(store: Store, settings: Settings, one: ProvinceRequest, now: datetime) -> bool:
    try:
        if one.state == "waiting":
            payload = {
                "reference": one.request_id,
                "code": one.code,
                "items": list(one.items),
                "department": one.department,
                "why": one.why,
            }
            said = call(settings, "POST", "/requests", payload | {"purpose": one.purpose})
            number = str(said["number"])[:80]
            return _note(store, queries.SENT, {"request_id": one.request_id, "number": number, "due": _after(now, ASK_AFTER)})
        said = call(settings, "GET", f"/requests/{quote(one.number, safe='')}")
        if said["state"] not in ("agreed", "refused"):
            return _later(store, one, now, ASK_AFTER, "")
        return _answered(store, one, said, now)
    except (Busy, KeyError, TypeError) as error:
        why = error.message if isinstance(error, Busy) else "The provincial platform answered without what was asked for."
        return _later(store, one, now, min(FIRST_WAIT * 2 ** min(one.attempts, 12), LONGEST_WAIT), why)


def _answered(store: Store, one: ProvinceRequest, said: Mapping[str, Any], now: datetime) -> bool:
    at, state = moment_text(now), str(said["state"])
    granted = [name for name in one.items if name in said.get("items", ())] if state == "agreed" else list(one.items)
    with store.session() as session:
        params = {
            "request_id": one.request_id,
            "state": state,
            "items": json.dumps(granted),
            "answer": str(said.get("answer", ""))[:500],
            "at": at,
        }
        if session.run(queries.ANSWERED, params) != 1:
            return False
        body = {"act": f"cascade_{state}", "request": one.request_id, "code": one.code, "items": granted}
        ledger.append(session, ledger.Line("request", at, "", "province", one.department, "", one.purpose, body))
        words = ("已同意", "agreed to") if state == "agreed" else ("未同意", "refused")
        text = (
            f"省平台对申请{one.request_id}{words[0]}。{params['answer']}",
            f"The province {words[1]} request {one.request_id}. {params['answer']}",
        )
        title = ("省平台已答复", "The province answered")
        notify(session, f"department:{one.department}", Message("province_answered", title, text, (("request", one.request_id),)), at)
    return True


def look_at_province(
    store: Store,
    settings: Settings,
    actor: Actor,
    asked: tuple[str, str, Key],
    *,
    reason: Reason | None = None,
    now: datetime | None = None,
) -> Looked:
    """What the province says of one subject, by an agreed request; `asked`: offer's code, purpose, citizen number or credit code.

    First the city's own door: the purpose's agreement must open this very subject to the asker, else nothing is sent. The line that says
    which items were asked of the province is durable before the call; only agreed items come back. Raises Missing without an agreed
    request or where no province is joined, BadValue for another key, Busy when it cannot be reached.
    """
    code, purpose, key = asked
    if key.type not in NUMBERS:
        raise BadValue("key", "is no number the province knows", f"ask by one of {', '.join(NUMBERS)}")
    if not settings.province_url:
        raise Missing("没有接入省平台 (no provincial platform is joined: set province_url)")
    at = moment_text(moment(now))
    with store.session() as session:
        agreed = [_request(row) for row in session.all(queries.LIVE, {"code": code, "department": actor.department, "purpose": purpose})]
        granted = next((one for one in agreed if one.state == "agreed"), None)
        if granted is None:
            raise Missing("没有省平台同意的申请 (there is no request the province agreed to)")
        offer = _offer(session, code)
        answer = ask(session, actor, Question(purpose, "look_up", register_of(key), key, reason=reason or Reason()), now=now)
        if answer.outcome != "found":
            return Looked(answer, {}, {}, False)
        body = {
            "operation": "look_up",
            "outcome": "asked",
            "agreement": answer.decision.agreement,
            "province": code,
            "items": list(granted.items),
        }
        subject = answer.entries[0].code
        ledger.append(session, ledger.Line("read", at, subject, actor.id, actor.department, actor.unit, purpose, body))
    said = call(
        settings,
        "POST",
        "/look-ups",
        {"request": granted.number, "key": {"type": key.type, "value": key.value}, "items": list(granted.items)},
    )
    given = said.get("items") if isinstance(said, dict) else None
    found = {name: str(given[name]) for name in granted.items if name in given} if isinstance(given, dict) else {}
    return Looked(answer, found, {name: offer.items[name] for name in found if name in offer.items}, bool(found))


def _note(store: Store, sql: str, params: dict[str, Any]) -> bool:
    with store.session() as session:
        return session.run(sql, params) == 1


def _later(store: Store, one: ProvinceRequest, now: datetime, seconds: int, why: str) -> bool:
    params = {"request_id": one.request_id, "due": _after(now, seconds), "attempts": one.attempts + bool(why), "error": why[:200]}
    _note(store, queries.LATER, params)
    return False


def _after(now: datetime, seconds: int) -> str:
    return moment_text(now + timedelta(seconds=seconds))


def _offer(session: Session, code: str) -> Offer:
    row = session.one(queries.OFFER, {"code": code})
    if row is None:
        raise Missing("省平台没有提供这个资源 (the province offers no such resource)")
    return offer_of(row)


def _read(session: Session, request_id: str) -> ProvinceRequest:
    found = [row for row in session.all(queries.REQUESTS, {"department": ""}) if row[0] == request_id]
    return _request(found[0])


def _request(row: Row) -> ProvinceRequest:
    return ProvinceRequest(
        row[0],
        row[1],
        row[2],
        row[3],
        tuple(json.loads(row[4])),
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
        int(row[13]),
        row[14],
    )
