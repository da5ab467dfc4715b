"""How a citizen's reports and questions stand, step by step."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from datong import share
from datong.domain.errors import Missing
from datong.web.i18n import say
from datong.web.labels import FIELDS, RELATIONS_BACK, label
from datong.web.visit import Visit

WHOLE, LOOK = "整条信息", "一次查看"
MADE, WAITS, CHECKED, ENDED = "已提出，来源部门已收到", "等待核查", "核查中", "答复"
STEPS = (WHOLE, LOOK, MADE, WAITS, CHECKED, ENDED)


def show_all(visit: Visit) -> Response:
    """Every report, newest first."""
    reports = share.my_disputes(visit.session, visit.actor, now=visit.now)
    return visit.page("citizen/reports.html", reports=[(one, about(visit, one)) for one in reports])


def show(visit: Visit) -> Response:
    """One report with its steps."""
    found = share.find_dispute(visit.session, visit.actor, visit.sent.params["dispute_id"], now=visit.now)
    if found.raised_by != visit.actor.id:
        raise Missing("没有这个编号 (there is no such report)")
    look = share.find_look(visit.session, visit.actor, found.field[5:]) if found.field.startswith("look:") else None
    return visit.page("citizen/report.html", one=found, title=about(visit, found), steps=steps(visit, found), look=look)


def about(visit: Visit, dispute: share.Dispute) -> str:
    """What a report is about, in words; no other subject's code is said."""
    kind, _, rest = dispute.field.partition(":")
    if kind == "look":
        return say(visit.language, LOOK)
    if kind == "link":
        return label(visit.language, rest.partition(":")[0], RELATIONS_BACK)
    return label(visit.language, dispute.field, FIELDS) if dispute.field else say(visit.language, WHOLE)


def steps(visit: Visit, dispute: share.Dispute) -> list[dict[str, Any]]:
    """The timeline: raised, checked, answered; with the moments that are known."""
    ended = dispute.state in ("corrected", "upheld")
    checking_at = next(
        (
            one.at
            for one in share.notices(visit.session, visit.actor, 200)
            if one.kind == "dispute_checking" and one.about.get("dispute") == dispute.dispute_id
        ),
        "",
    )
    checked = "done" if ended else "now" if dispute.state == "checking" else "later"
    return [
        _step(say(visit.language, MADE), dispute.raised_at, dispute.what, "done"),
        _step(
            say(visit.language, WAITS if dispute.state == "raised" else CHECKED),
            checking_at,
            "",
            "now" if dispute.state == "raised" else checked,
        ),
        _step(
            label(visit.language, dispute.state) if ended else say(visit.language, ENDED),
            dispute.settled_at,
            dispute.answer,
            "done" if ended else "later",
        ),
    ]


def _step(title: str, at: str, text: str, state: str) -> dict[str, Any]:
    return {"title": title, "at": at, "text": text, "state": state}
