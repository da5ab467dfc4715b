"""Complete a half-typed address: the name of an estate gives street, community and the full wording."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.visit import Visit

MOST = 10


def show(visit: Visit) -> Response:
    """The empty field."""
    return visit.page("office/address.html", text="", found=())


def suggest(visit: Visit) -> Response:
    """What the premises base knows that begins or sounds like it."""
    text = visit.optional("address", 100)
    found = share.suggest(visit.session, visit.actor, text, MOST, now=visit.now) if text else ()
    if visit.sent.fragment:
        return visit.part("office/suggestions.html", text=text, found=found)
    return visit.page("office/address.html", text=text, found=found)
