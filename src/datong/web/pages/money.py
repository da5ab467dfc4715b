"""Money that did not go: orders to the line from treasury to bank that failed too often, and an officer's word to send one again."""

from __future__ import annotations

from starlette.responses import Response

from datong import services
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """The dead letters of the department's steps and items."""
    known = services.items(visit.session).services
    found = [(one, known.get(one.service)) for one in services.dead_letters(visit.session, visit.actor)]
    named = [(one, service, services.task_words(service, one.step) if service else None) for one, service in found]
    return visit.page("office/money.html", found=named)


def send_again(visit: Visit) -> Response:
    """Send one again."""
    services.send_again(visit.session, visit.actor, visit.sent.params["case_id"], visit.text("step", 80), now=visit.now)
    return visit.go("/office/money", "decided")
