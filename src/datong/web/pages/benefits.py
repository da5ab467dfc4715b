"""What handling cases here saved people: a board and its file, with the old way, unit costs and denominators beside every sum."""

from __future__ import annotations

import re

from starlette.responses import Response

from datong import services, share
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
    return visit.page("office/benefits.html", found=found, since=since, until=until, titles=_titles(visit), yuan=_yuan)


def export(visit: Visit) -> Response:
    """The board's rows as a file, with the unit costs below."""
    since, until = _months(visit)
    found, titles = services.benefits(visit.session, visit.actor, since, until), _titles(visit)
    rows: list[tuple[str, ...]] = [HEADS]
    for one in found.rows:
        named = (one.month, one.service, titles.get(one.service, one.service))
        numbers = (one.cases, one.granted, one.online, one.visits, one.papers, one.fees, one.days, one.fen)
        rows.append((*named, *(str(number) for number in numbers)))
    rows += [("unit cost", one.what, one.reference, str(one.fen), one.since) for one in found.costs]
    return visit.file(share.csv_text(rows).encode(), "benefits.csv", "text/csv; charset=utf-8")


def _months(visit: Visit) -> tuple[str, str]:
    today = share.city_day(visit.now).isoformat()[:7]
    asked = [visit.sent.query.get(name, "") for name in ("since", "until")]
    since, until = (one if _MONTH.fullmatch(one) else "" for one in asked)
    return since or f"{today[:4]}-01", until or today


def _titles(visit: Visit) -> dict[str, str]:
    zh = visit.language == "zh"
    return {code: one.title.zh if zh else one.title.en for code, one in services.items(visit.session).services.items()}


def _yuan(fen: int) -> str:
    """Yuan with two places, thousands apart."""
    return f"{fen / 100:,.2f}"
