"""For leaders: how much there is in their own area, in numbers that single nobody out."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """People, organisations and premises of her own divisions."""
    return visit.page("office/area.html", counts=share.area_counts(visit.session, visit.actor))
