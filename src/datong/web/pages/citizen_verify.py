"""Check a code one was shown: a pass or the code at a door. Never whose it is, never which door."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.visit import Visit


def form(visit: Visit) -> Response:
    """Scan or type."""
    return visit.page("citizen/verify.html", checked=None)


def check(visit: Visit) -> Response:
    """The outcome stands on this page: the code goes into no address line."""
    return visit.page("citizen/verify.html", checked=share.check_code(visit.session, visit.actor, visit.text("key", 200), now=visit.now))
