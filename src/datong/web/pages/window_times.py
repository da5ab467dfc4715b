"""Minutes at the window as a board and a file; and the numbers at a counter."""

from __future__ import annotations

import re

from starlette.responses import Response

from datong import share
from datong.services import windows
from datong.web.case_words import item_titles
from datong.web.visit import Visit

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
HEADS = ("of", "code", "title", "department", "begun", "with_number", "taken_in", "within", "minutes_median", "waited_median", "left")


def show(visit: Visit) -> Response:
    """The board of the chosen days, this month's by default."""
    since, until = _days(visit)
    found = windows.window_times(visit.session, visit.actor, since, until)
    return visit.page("office/window_times.html", found=found, since=since, until=until, titles=item_titles(visit))


def export(visit: Visit) -> Response:
    """The board's rows as a file."""
    since, until = _days(visit)
    found, titles = windows.window_times(visit.session, visit.actor, since, until), item_titles(visit)
    rows: list[tuple[str, ...]] = [HEADS]
    for kind, some in (("all", (found.whole,)), ("item", found.items), ("window", found.windows)):
        for one in some:
            numbers = (one.begun, one.numbered, one.taken_in, one.within, f"{one.middle:.1f}", f"{one.waited:.1f}", one.left)
            rows.append((kind, one.code, titles.get(one.code, one.code), one.department, *(str(number) for number in numbers)))
    return visit.file(share.csv_text(rows).encode(), "window-times.csv", "text/csv; charset=utf-8")


def number(visit: Visit) -> Response:
    """Take a number, call one, or say that nobody came."""
    act = visit.choice("act", ("take", "call", "leave"))
    if act == "take":
        windows.take_number(visit.session, visit.actor, now=visit.now)
    elif act == "call":
        windows.call_number(visit.session, visit.actor, visit.text("visit", 30), now=visit.now)
    else:
        windows.leave_number(visit.session, visit.actor, visit.text("visit", 30), now=visit.now)
    return visit.go("/office/counter", "decided")


def _days(visit: Visit) -> tuple[str, str]:
    today = share.city_day(visit.now).isoformat()
    return visit.span(_DAY, f"{today[:8]}01", today)
