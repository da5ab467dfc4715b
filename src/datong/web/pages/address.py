"""Addresses: a half-typed one completed, a whole one read into its parts, placed in its block and on the map."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.sketch import Sketch, sketch
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


def show_reading(visit: Visit) -> Response:
    """The empty form in which an address is read into its parts and put into its place."""
    return visit.page("office/address_read.html", text="", found=None, drawing=None)


def read(visit: Visit) -> Response:
    """What an address says part by part, what it means in the premises base and why, its block of the grid and its point on the map."""
    text = visit.optional("address", 300)
    if not text:
        return show_reading(visit)
    found = share.locate(visit.session, visit.actor, text, now=visit.now)
    return visit.page("office/address_read.html", text=text, found=found, drawing=_drawing(found))


def _drawing(found: share.Located) -> Sketch | None:
    """The sketch around the point; none where nothing on the way has coordinates."""
    if (here := found.point) is None:
        return None
    around = [(one.longitude, one.latitude, one.name) for one in found.around]
    return sketch((here.longitude, here.latitude, here.name), [one for one in around if one[:2] != (here.longitude, here.latitude)])
