"""Means tests and their nightly repetition: what the tests found, over which denominators, and what an officer has to look at."""

from __future__ import annotations

from starlette.responses import Response

from datong import services, share
from datong.web import case_words
from datong.web.visit import Visit

STATES = ("open", "stands", "opened")


def show(visit: Visit) -> Response:
    """The items of the department, how their tests stand, and the reviews in a state."""
    state = visit.sent.query.get("state", "open")
    state = state if state in STATES else "open"
    known = services.items(visit.session)
    day = share.city_day(visit.now).isoformat()
    waiting = services.reviews(visit.session, visit.actor, state)
    found = [(one, known.services.get(one.service), known.working.between(day, one.due)) for one in waiting]
    tests = services.tests_of(visit.session, visit.actor)
    return visit.page("office/retests.html", found=found, tests=tests, state=state, w=case_words, percent=_percent, yuan=case_words.yuan)


def settle(visit: Visit) -> Response:
    """An officer's word: it stands, or the case is opened again."""
    result, night = visit.choice("result", ("stands", "opened")), visit.text("night", 10)
    note = visit.text("note", 500)
    services.settle_review(visit.session, visit.actor, visit.sent.params["case_id"], night, result, note=note, now=visit.now)
    return visit.go("/office/retests", "decided")


def _percent(part: int, whole: int) -> str:
    """A rate with both its numbers."""
    return f"{part:,} / {whole:,}" + (f" = {part / whole:.2%}" if whole else "")
