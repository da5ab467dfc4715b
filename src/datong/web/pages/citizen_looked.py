"""Who looked at me: how often, which body, why in plain words; and a question to whoever it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import PlainTextResponse, Response

from datong import share
from datong.domain.codes import read_code
from datong.domain.errors import BadValue
from datong.web.clock import text_of
from datong.web.i18n import say
from datong.web.pages.citizen_wrong import LENGTH
from datong.web.visit import Visit

PERIODS = {"30": "最近 30 天", "90": "最近 90 天", "365": "最近 12 个月", "all": "全部时间"}
PAGE = 20


def show(visit: Visit) -> Response:
    """The looks of a period, and the year's count by body. Reading this page is itself written down."""
    asked = _asked(visit)
    year_ago = text_of(visit.now - timedelta(days=365))
    counts = share.count_looks(visit.session, visit.actor, year_ago, asked["home"], now=visit.now)
    since = "" if asked["period"] == "all" else text_of(visit.now - timedelta(days=int(asked["period"])))
    wanted = share.Wanted(
        since=since,
        department=asked["department"],
        subject=asked["home"],
        cursor=visit.sent.query.get("cursor", ""),
        limit=PAGE,
        others_only=asked["own"] != "1",
    )
    looks = share.who_looked(visit.session, visit.actor, wanted, now=visit.now)
    following = "/me/looked?" + urlencode({**asked, "cursor": looks.next_cursor}) if looks.next_cursor else ""
    first = "/me/looked?" + urlencode(asked) if visit.sent.query.get("cursor") else ""
    return visit.page(
        "citizen/looked.html",
        looks=looks,
        counts=counts,
        asked=asked,
        periods=PERIODS,
        next_page=following,
        first_page=first,
        others={one.subject: one for one in share.watched(visit.session, visit.actor, now=visit.now)},
    )


def proof(visit: Visit) -> Response:
    """The proof that a look at her stands in the log, as a file: whoever has it can check it without the city."""
    line_id = visit.sent.params["line_id"]
    made = share.look_proof(visit.session, visit.actor, line_id, now=visit.now)
    return PlainTextResponse(str(made), headers={"Content-Disposition": f'attachment; filename="{line_id}.tlog-proof"'})


def ask_form(visit: Visit) -> Response:
    """What she wants to know about one look."""
    return _ask_page(visit)


def ask(visit: Visit) -> Response:
    """Ask the body that looked; it has ten working days."""
    try:
        made = share.question_look(visit.session, visit.actor, visit.sent.params["line_id"], visit.text("what", 1000), now=visit.now)
    except BadValue:
        return _ask_page(visit, say(visit.language, LENGTH))
    return visit.go(f"/me/reports/{made.dispute_id}", "asked")


def _ask_page(visit: Visit, error: str = "") -> Response:
    look = share.find_look(visit.session, visit.actor, visit.sent.params["line_id"], now=visit.now)
    what = visit.sent.form.get("what", "")[:1000]
    return visit.page("citizen/ask.html", 422 if error else 200, look=look, what=what, error=error)


def _asked(visit: Visit) -> dict[str, Any]:
    query = visit.sent.query
    period, department = query.get("period", "365"), query.get("department", "")
    home = read_code(query.get("home", ""))
    return {
        "period": period if period in PERIODS else "365",
        "department": department if department in visit.sharing.departments else "",
        "home": home.value if home.sound else "",
        "own": "1" if query.get("own") == "1" else "0",
    }
