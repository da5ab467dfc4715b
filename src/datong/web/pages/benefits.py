"""What handling cases here saved people: a board and its file, with the old way, unit costs and denominators beside every sum."""

from __future__ import annotations

import re

from starlette.responses import Response

from datong import services, share
from datong.web.case_words import item_titles, yuan
from datong.web.visit import Visit

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
HEADS = (
    "month",
    "item",
    "title",
    "ended",
    "granted",
    "online",
    "visits_saved",
    "papers_saved",
    "fees_saved_fen",
    "days_saved",
    "worth_fen",
)


def show(visit: Visit) -> Response:
    """The board of the chosen months, this year's by default."""
    since, until = _months(visit)
    found = services.benefits(visit.session, visit.actor, since, until)
    return visit.page("office/benefits.html", found=found, since=since, until=until, titles=item_titles(visit), yuan=yuan)


def export(visit: Visit) -> Response:
    """The board's rows as a file, with the unit costs below."""
    since, until = _months(visit)
    found, titles = services.benefits(visit.session, visit.actor, since, until), item_titles(visit)
    rows: list[tuple[str, ...]] = [HEADS]
    for one in found.rows:
        named = (one.month, one.service, titles.get(one.service, one.service))
        numbers = (one.cases, one.granted, one.online, one.visits, one.papers, one.fees, one.days, one.fen)
        rows.append((*named, *(str(number) for number in numbers)))
    rows += [("unit cost", one.what, one.reference, str(one.fen), one.since) for one in found.costs]
    return visit.file(share.csv_text(rows).encode(), "benefits.csv", "text/csv; charset=utf-8")


def _months(visit: Visit) -> tuple[str, str]:
    today = share.city_day(visit.now).isoformat()[:7]
    return visit.span(_MONTH, f"{today[:4]}-01", today)
