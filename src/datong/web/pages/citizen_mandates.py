"""A citizen's mandates: whom she named to answer for her, who named her, guardianships. Both sides see and may end a mandate."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.pages.dates import last_day
from datong.web.visit import Visit

ACTS = {"consent": "同意、拒绝、撤回授权", "looked": "查看谁看过我", "act": "代为办事和出示证照"}


def show(visit: Visit) -> Response:
    """What waits for her answer, what stands on either side, and the form."""
    return _page(visit)


def name(visit: Visit) -> Response:
    """Name somebody by name and citizen number."""
    lists = visit.sent.lists
    wanted = share.mandates.NewMandate(
        name=visit.text("name", 60),
        citizen_id=visit.text("citizen_id", 30),
        acts=lists.get("act", ()),
        purposes=lists.get("purpose", ()),
        until=last_day(visit, "until"),
    )
    named = share.mandates.name_agent(visit.session, visit.actor, wanted, now=visit.now)
    if named.mandate is None:
        return _page(visit, named.grounds)
    return visit.go("/me/mandates", "mandate-offered")


def answer(visit: Visit) -> Response:
    """Accept, decline or end one."""
    mandate_id, act = visit.sent.params["mandate_id"], visit.choice("act", ("accept", "decline", "end"))
    if act == "end":
        share.mandates.end_mandate(visit.session, visit.actor, mandate_id, now=visit.now)
        return visit.go("/me/mandates", "mandate-ended")
    share.mandates.answer_mandate(visit.session, visit.actor, mandate_id, act == "accept", now=visit.now)
    return visit.go("/me/mandates", "decided")


def _page(visit: Visit, grounds: tuple[share.Ground, ...] = ()) -> Response:
    asked = {one.purpose for one in visit.sharing.agreements.values() if one.consent}
    return visit.page(
        "citizen/mandates.html",
        found=share.mandates.my_mandates(visit.session, visit.actor, now=visit.now),
        recorded=share.mandates.my_guardianships(visit.session, visit.actor),
        today=share.city_day(visit.now),
        purposes={one: visit.purpose_words(one) for one in sorted(asked)},
        acts=ACTS,
        grounds=grounds,
    )
