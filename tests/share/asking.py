"""Requests for the tests: who asks whom for what, and the shortest way through the acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.share.city import NOW

from datong import share
from datong.domain.access import Actor
from datong.store import Session

PAPERS = {
    "use_basis": "《住房租赁条例》第二十四条",
    "scene": "租赁备案窗口核对产权人与租客是否属实",
    "scope": "仅限住建部门租赁备案窗口人员使用，不向第三方提供",
    "safety": "一人一账号，全程留痕，结果不落地，办结即销毁",
    "impact": "住建评〔2026〕3号：风险低，已采取脱敏措施",
}
TERMS: dict[str, Any] = {
    "register": "premises",
    "operations": ["verify", "look_up"],
    "rows": {"jurisdiction": "own"},
    "fields": {"standard_address": "plain", "use": "plain", "area": "plain", "owner_name": "name"},
    "claims": ["owner_citizen_id", "owner_name"],
    "unmask": [],
    "keys": ["code", "title_no"],
    "roles": ["officer"],
    "quota": {"per_day": 500, "per_minute": 60, "per_call": 1},
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
}


def somebody(name: str, department: str, *roles: str, jurisdiction: tuple[str, ...] = ("370303",)) -> Actor:
    return Actor(name, name, "officer", department, "一科", frozenset(roles), jurisdiction)


ASKS = somebody("fund_officer", "housing_fund", "officer")
ASKS_HEAD = somebody("fund_head", "housing_fund", "sharing_officer")
GIVES = somebody("estate_officer", "natural_resources", "officer")
GIVES_HEAD = somebody("estate_head", "natural_resources", "sharing_officer")
MANAGER = somebody("manager", "data", "sharing_manager", jurisdiction=("",))
STRANGER = somebody("water_head", "water", "sharing_officer", "officer")


def wanted(**changes: Any) -> share.Asked:
    terms = {**TERMS, **changes.pop("terms", {})}
    papers = {**PAPERS, **changes.pop("papers", {})}
    values = {"title": "租赁备案核验房屋", "providing": "natural_resources", "purpose": "rental_registration", **changes}
    return share.Asked(terms=terms, papers=papers, **values)


def drafted(session: Session, **changes: Any) -> str:
    return share.draft_request(session, ASKS, wanted(**changes), now=NOW).request_id


def do(session: Session, who: Actor, request_id: str, act: str, now: datetime = NOW, **more: Any) -> Any:
    return share.advance_request(session, who, request_id, share.DoingRequest(act, **more), now=now)


def reviewed(session: Session, **changes: Any) -> str:
    number = drafted(session, **changes)
    do(session, ASKS_HEAD, number, "submit")
    do(session, GIVES, number, "complete")
    return number


def agreed(session: Session, now: datetime = NOW, **changes: Any) -> str:
    """The code of an agreement in force."""
    request = do(session, GIVES_HEAD, reviewed(session, **changes), "accept", now)
    share.sign_agreement(session, ASKS_HEAD, request.agreement, 1, now=now)
    share.sign_agreement(session, GIVES_HEAD, request.agreement, 1, now=now)
    return str(request.agreement)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)
