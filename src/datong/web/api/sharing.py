"""What systems read of how sharing is kept to: the compliance list, for a budget rule."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import JSONResponse, Response

from datong.share import boards
from datong.web import clock
from datong.web.api.keys import Holder


def compliance(request: Request, holder: Holder) -> Response:
    """Who meets the duties of sharing: departments with their open points, each with article, number and denominator."""
    with request.app.state.store.session() as session:
        found = boards.compliance(session, holder, now=clock.now())
        names = {one.department: boards.department_title(session, one.department) for one in found}
    points = ("code", "article", "number", "of", "zh", "en")
    return JSONResponse(
        [
            {
                "department": one.department,
                "title": names[one.department],
                "meets": one.meets,
                "resources": one.resources,
                "points": [{name: getattr(point, name) for name in points} for point in one.points],
            }
            for one in found
        ]
    )
