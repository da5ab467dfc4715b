"""People who handle cases, and the shortest way to a restaurant's case, for the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.share.city import FIRM_CREDIT, City, citizen, fill

from datong import services
from datong.domain.access import Actor
from datong.store import Session

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
FORM = {
    "credit_code": FIRM_CREDIT,
    "premises": "370303008001GB00001F00010001",
    "shop_name": "小明面馆",
    "area": "89.5",
    "dishes": "hot",
    "seats": "24",
    "sign_text": "小明面馆",
    "phone": "13900001111",
    "address": "柳泉路1号",
}
ANSWERS = {"tobacco": "yes", "sign": "yes"}
DOCUMENTS = {"layout": "平面图.pdf"}
DEPARTMENTS = {
    "food": "market_regulation",
    "fire": "fire_rescue",
    "environment": "ecology",
    "tobacco": "tobacco",
    "sign": "urban_management",
}


def officer(department: str, name: str = "") -> Actor:
    return Actor(name or f"officer_{department}", "科员", "officer", department, "一科", frozenset({"officer"}), ("",))


def restaurant(session: Session, now: datetime = NOW, who: str = "wang", city: City | None = None, **changes: Any) -> services.Begun:
    """Wang applies for a restaurant in her own flat (the city is filled first when it is not given)."""
    city = city or fill(session)
    values: dict[str, Any] = {"answers": ANSWERS, "form": FORM, "documents": DOCUMENTS, **changes}
    return services.begin(session, citizen(city[who]), services.NewCase("restaurant_opening", **values), now=now)


def finish(session: Session, case_id: str, task: str, outcome: str = "agree", now: datetime = NOW, note: str = "") -> services.Case:
    """An officer of the task's department takes it and says yes or no."""
    actor = officer(DEPARTMENTS[task.removeprefix("undo:")])
    services.act(session, actor, case_id, services.Doing("claim", task), now=now)
    return services.act(session, actor, case_id, services.Doing("finish", task, note, {"outcome": outcome}), now=now)


def accept(session: Session, case_id: str, now: datetime = NOW) -> services.Case:
    return services.act(session, officer("approval"), case_id, services.Doing("accept"), now=now)
