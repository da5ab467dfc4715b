"""For data stewards: what the departments delivered, what waits and why."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.errors import Missing
from datong.web.visit import Visit

STATES = ("", "collected", "held", "replaced", "failed")
MOST = 200
FIRST = 30
"""How many deliveries the page lists before all are asked for."""


def show_all(visit: Visit) -> Response:
    """Deliveries newest first, and how many rows wait for each resource and reason."""
    state, resource = visit.sent.query.get("state", ""), visit.sent.query.get("resource", "")
    known = state if state in STATES else ""
    found = share.deliveries(visit.session, visit.actor, state=known, resource=resource, limit=MOST)
    waiting = sorted(share.waiting_counts(visit.session, visit.actor).items())
    held = share.deliveries(visit.session, visit.actor, state="held", limit=MOST)
    everything = visit.sent.query.get("all") == "1" or bool(known or resource)
    shown = found if everything else found[:FIRST]
    more = len(found) - len(shown)
    return visit.page("office/deliveries.html", receipts=shown, more=more, held=held, waiting=waiting, state=known, resource=resource)


def show(visit: Visit) -> Response:
    """One delivery's receipt and the rows that wait; what the rows hold stays with their department."""
    receipt, rows = share.delivery(visit.session, visit.actor, visit.sent.params["delivery_id"], MOST)
    source = share.installed(visit.session).packs.source(receipt.resource)
    columns = {column.field: column.name for column in source.columns}
    return visit.page("office/delivery.html", receipt=receipt, rows=rows, columns=columns, waivable=share.can_let_in(receipt))


def release(visit: Visit) -> Response:
    """Let a held delivery in although an expectation of its pack does not hold."""
    delivery_id = visit.sent.params["delivery_id"]
    share.let_delivery_in(visit.session, visit.actor, delivery_id, visit.at)
    return visit.go(f"/office/deliveries/{delivery_id}", "released")


def release_row(visit: Visit) -> Response:
    """Let one waiting row in as it was sent."""
    delivery_id, row_no = visit.sent.params["delivery_id"], visit.sent.params["row_no"]
    if not row_no.isdigit():
        raise Missing("没有这一行 (there is no such row)")
    share.let_row_in(visit.session, visit.actor, (delivery_id, int(row_no)), visit.at)
    return visit.go(f"/office/deliveries/{delivery_id}", "released")
