"""Licences of the tiny city, for tests."""

from __future__ import annotations

from typing import Any

from tests.share.city import FIRM_CREDIT, LI_ID, NOW, WANG_ID, City

from datong import licences
from datong.domain.access import Actor
from datong.store import Session

FACTS: dict[str, dict[str, Any]] = {
    "disability_card": {
        "holder_name": "李梅",
        "citizen_id": LI_ID,
        "kind": "肢体",
        "level": "二级",
        "birth_date": "1990-02-02",
        "number": f"{LI_ID}42",
    },
    "residence_permit": {"holder_name": "王小明", "citizen_id": WANG_ID, "address": "政通路1号", "number": "37030001"},
    "food_business": {
        "holder_name": "某某小吃店",
        "credit_code": FIRM_CREDIT,
        "premises_address": "政通路1号",
        "business_kind": "餐饮服务经营者",
        "scope": "热食类食品制售",
        "number": "JY23703000000001",
    },
    "fire_safety": {"holder_name": "某某小吃店", "credit_code": FIRM_CREDIT, "checked_on": "2026-10-20", "number": "370300〔2026〕1"},
    "environment_filing": {"holder_name": "某某小吃店", "credit_code": FIRM_CREDIT, "project": "小餐饮", "number": "20263703000001"},
    "tobacco_retail": {"holder_name": "某某小吃店", "credit_code": FIRM_CREDIT, "scope": "卷烟零售", "number": "370300000001"},
    "restaurant_composite": {"holder_name": "某某小吃店", "credit_code": FIRM_CREDIT, "trade": "小餐饮"},
}
DEPARTMENTS = {
    "disability_card": "disabled_federation",
    "residence_permit": "police",
    "food_business": "market_regulation",
    "fire_safety": "fire_rescue",
    "environment_filing": "ecology",
    "tobacco_retail": "tobacco",
    "restaurant_composite": "approval",
}


def officer(department: str, *roles: str) -> Actor:
    return Actor(f"{department}-1", "经办", "officer", department, "一窗", frozenset(roles or ("officer",)), ("",))


def citizen(code: str) -> Actor:
    return Actor(f"citizen-{code}", "市民", "citizen", roles=frozenset(("citizen",)), subject=code)


def issuer(kind: str) -> Actor:
    return officer(DEPARTMENTS[kind])


def give(session: Session, city: City, kind: str, holder: str, **more: Any) -> licences.Licence:
    wanted = licences.NewLicence(kind, city[holder], {**FACTS[kind], **more.pop("facts", {})}, **more)
    return licences.issue(session, issuer(kind), wanted, now=NOW)


def give_composite(session: Session, city: City) -> tuple[licences.Licence, list[licences.Licence]]:
    parts = [give(session, city, kind, "firm") for kind in ("food_business", "fire_safety", "environment_filing", "tobacco_retail")]
    return give(session, city, "restaurant_composite", "firm", parts=tuple(one.licence_id for one in parts)), parts
