"""The directory of bodies by level: province, city, county, town, village; who is joined, and which slots are kept open."""

from __future__ import annotations

from starlette.responses import Response

from datong.share import boards
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """Every level with its counts, and every body with how it is joined."""
    counts, bodies = boards.directory(visit.session, visit.actor, now=visit.now)
    return visit.page("office/levels.html", counts=counts, bodies=bodies)
