"""What was opened to the public before the visitor came: a list of firms, their number by state, and one proposal that waits."""

from __future__ import annotations

from dataclasses import replace

from datong.cli.key import Door
from datong.domain.access import Actor
from datong.share import catalogue, open_data

FIRMS = open_data.Wanted(
    "market_enterprise",
    "企业名录",
    "Register of companies",
    "本市登记企业的名称、统一社会信用代码、类型和登记状态",
    "rows",
    "organisation",
    ("org_name", "credit_code", "org_type", "status"),
)
BY_STATUS = replace(
    FIRMS, title="企业数量（按状态）", title_en="Companies by status", summary="各登记状态的企业数量", shape="counts", fields=("status",)
)
WAITING = replace(
    FIRMS, title="企业成立日期", title_en="When companies were founded", summary="企业名称和成立日期", fields=("org_name", "founded_on")
)


def play(door: Door) -> tuple[str, ...]:
    """Do it once, in the caller's transaction; gives the numbers of what was opened. What the city has nothing for is left out."""
    session, now = door.session, door.now
    steward = _officer("market_steward", "market_regulation", "steward")
    head = _officer("market_head", "market_regulation", "sharing_officer")
    catalogue.bring_in(session, now)
    opened = []
    for wanted in (FIRMS, BY_STATUS):
        dataset, _ = open_data.propose_opening(session, steward, wanted, now=now)
        if dataset is None:
            continue
        open_data.sign_opening(session, head, dataset.code, now=now)
        if not open_data.open_to_public(session, _officer("reviewer", "data", "sharing_manager"), dataset.code, now=now).faults:
            opened.append(dataset.code)
    dataset, _ = open_data.propose_opening(session, steward, WAITING, now=now)
    if dataset is not None:
        open_data.sign_opening(session, head, dataset.code, now=now)
    return tuple(opened)


def _officer(account: str, department: str, role: str) -> Actor:
    return Actor(account, account, "officer", department, roles=frozenset({role}), jurisdiction=("",))
