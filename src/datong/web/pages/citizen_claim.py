"""Claim a home by own number, title or certificate number, or the code at its door. The registers decide, with reasons."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.visit import Visit


def form(visit: Visit) -> Response:
    """What to type."""
    return visit.page("citizen/claim.html", claimed=None)


def claim(visit: Visit) -> Response:
    """The outcome stands on this page: what was typed goes into no address line."""
    claimed = share.claim_home(visit.session, visit.actor, share.read_key(visit.text("key", 100)), now=visit.now)
    return visit.page("citizen/claim.html", claimed=claimed)
