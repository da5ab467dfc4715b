"""Guardianships of adults: entered from the paper by one steward, confirmed by another, ended when the paper is lifted."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.pages.dates import last_day
from datong.web.visit import Visit

BASES = {"court": "人民法院判决", "community": "居（村）民委员会或民政部门指定", "agreement": "意定监护协议（公证）"}


def show(visit: Visit) -> Response:
    """Those that wait for a second steward, those in force, and the form."""
    return _page(visit)


def enter(visit: Visit) -> Response:
    """Enter one from its paper."""
    wanted = share.mandates.NewGuardian(
        ward_name=visit.text("ward_name", 60),
        ward_id=visit.text("ward_id", 30),
        guardian_name=visit.text("guardian_name", 60),
        guardian_id=visit.text("guardian_id", 30),
        basis=visit.choice("basis", tuple(BASES)),
        paper=visit.text("paper", 120),
        until=last_day(visit, "until"),
        alone=visit.optional("alone") == "1",
    )
    named = share.mandates.enter_guardian(visit.session, visit.actor, wanted, now=visit.now)
    return _page(visit, named.grounds) if named.mandate is None else visit.go("/office/guardians", "guardian-entered")


def act(visit: Visit) -> Response:
    """Confirm, send back or end one."""
    mandate_id, wanted = visit.sent.params["mandate_id"], visit.choice("act", ("accept", "decline", "end"))
    if wanted == "end":
        share.mandates.end_guardian(visit.session, visit.actor, mandate_id, now=visit.now)
    else:
        share.mandates.confirm_guardian(visit.session, visit.actor, mandate_id, wanted == "accept", now=visit.now)
    return visit.go("/office/guardians", "decided")


def _page(visit: Visit, grounds: tuple[share.Ground, ...] = ()) -> Response:
    found = share.mandates.guardianships(visit.session, visit.actor, now=visit.now)
    return visit.page("office/guardians.html", found=found, bases=BASES, grounds=grounds)
