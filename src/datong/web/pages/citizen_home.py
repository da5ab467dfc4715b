"""A citizen's first page: what wants her decision, what she can do, how her reports stand. And her settings."""

from __future__ import annotations

from starlette.responses import Response

from datong import services, share
from datong.web import case_words
from datong.web.pages.citizen_reports import about
from datong.web.pages.citizen_services import seats_waiting
from datong.web.visit import Visit

DECISIONS = ("pass_used", "claim_refused")
"""The notices that stay on the first page until she has said whether she agreed."""
MOST_DECISIONS = 3
"""Further ones wait under the messages."""
MOST_REPORTS = MOST_CASES = 3


def show(visit: Visit) -> Response:
    """Decisions first, then the acts, then what is under way and her reports. Nothing of the registers is read."""
    waiting = [one for one in share.notices(visit.session, visit.actor, 200) if one.kind in DECISIONS and not one.read_at]
    reports = share.my_disputes(visit.session, visit.actor, now=visit.now)
    return visit.page(
        "citizen/home.html",
        seats=seats_waiting(visit)[:MOST_DECISIONS],
        cases=services.my_cases(visit.session, visit.actor, MOST_CASES, under_way=True),
        w=case_words,
        waiting=waiting[:MOST_DECISIONS],
        unread=share.unread(visit.session, visit.actor),
        reports=[(one, about(visit, one)) for one in reports[:MOST_REPORTS]],
        more=len(reports) > MOST_REPORTS,
    )


def settings(visit: Visit) -> Response:
    """Language and large text; where to complain."""
    return visit.page("citizen/settings.html")
