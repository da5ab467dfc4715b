"""What systems read of how sharing is kept to: the compliance list, for a budget rule."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import JSONResponse, Response

from datong.share import boards
from datong.share import supervision as in_one_place
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


def supervision(request: Request, holder: Holder) -> Response:
    """Which supervision items have data: each with its department, kind, basis, records and newest day. Nobody's data is read; what was
    done about one organisation is asked by `look-up` and `registers/organisation` with the purpose `supervision`."""
    with request.app.state.store.session(read_only=True) as session:
        found = in_one_place.coverage(session)
    return JSONResponse(
        [
            {
                "code": one.item.code,
                "title": one.item.title[0],
                "department": part.department,
                "kind": one.item.kind,
                "basis": one.item.basis,
                "resource": one.item.resource,
                "records": one.records,
                "newest": one.newest,
            }
            for part in found
            for one in part.items
        ]
    )
