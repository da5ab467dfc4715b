"""Something that the small city has opened to everybody: its one company's name, code and status."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.web.small_city import FIRM

from datong.domain.access import Actor
from datong.share import catalogue, open_data
from datong.store import Session

FIELDS = ("org_name", "credit_code", "status")
STEWARD = Actor("market_steward", "某人", "officer", "market_regulation", "数据科", frozenset({"steward"}), ("",))
HEAD = Actor("market_head", "某人", "officer", "market_regulation", "办公室", frozenset({"sharing_officer"}), ("",))
KEEPER = Actor("opening_keeper", "某人", "officer", "data", "共享协调科", frozenset({"sharing_manager"}), ("",))


def know_the_firm(session: Session) -> None:
    """The company is known to the market bureau's resource."""
    session.run(
        "INSERT INTO member (code, resource, record_id, role, kind, delivery_id, as_of, rule, score, evidence, body) VALUES "
        "(:code, 'market_enterprise', 'open-1', 'organisation', 'organisation', 'd000001', '2026-11-01', 'credit_code', 0, '', '{}')",
        {"code": FIRM},
    )
    catalogue.bring_in(session)


def open_the_firm(session: Session, title: str = "企业名录") -> str:
    """Its dataset, opened by three people now; the number."""
    now = datetime.now(UTC)
    wanted = open_data.Wanted("market_enterprise", title, "Companies", "登记企业的名称和状态", "rows", "organisation", FIELDS)
    dataset, faults = open_data.propose_opening(session, STEWARD, wanted, now=now)
    assert dataset is not None, faults
    open_data.sign_opening(session, HEAD, dataset.code, now=now)
    made = open_data.open_to_public(session, KEEPER, dataset.code, now=now)
    assert made.rows == 1, made.faults
    return dataset.code
