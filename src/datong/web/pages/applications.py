"""The applications of shared data: for those who keep sharing, lead, or audit."""

from __future__ import annotations

from starlette.responses import Response

from datong.share import applications as uses
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """Every application with who answers for it, what it reads, its use, and what it could give up."""
    return visit.page("office/applications.html", found=uses.applications(visit.session, visit.actor, now=visit.now))
