"""For data stewards: what the departments delivered, what waits and why."""

from __future__ import annotations

from starlette.responses import Response

from datong import collect, share
from datong.domain.errors import Missing
from datong.web.visit import Visit

STATES = ("", "collected", "held", "replaced", "failed")
MOST = 200


def show_all(visit: Visit) -> Response:
    """Deliveries newest first, and how many rows wait for each resource and reason."""
    state = visit.sent.query.get("state", "")
    resource = visit.sent.query.get("resource", "")
    found = collect.receipts(visit.session, state=state if state in STATES else "", resource=resource, limit=MOST)
    waiting = sorted(collect.count_waiting(visit.session).items())
    return visit.page("office/deliveries.html", receipts=found, waiting=waiting, state=state, resource=resource)


def show(visit: Visit) -> Response:
    """One delivery's receipt and the rows that wait; what the rows hold stays with their department."""
    delivery_id = visit.sent.params["delivery_id"]
    receipt = collect.find_receipt(visit.session, delivery_id)
    rows = collect.waiting_rows(visit.session, delivery_id=delivery_id, limit=MOST)
    return visit.page("office/delivery.html", receipt=receipt, rows=rows)


def release(visit: Visit) -> Response:
    """Let a held delivery in although an expectation of its pack does not hold."""
    receipt = collect.find_receipt(visit.session, visit.sent.params["delivery_id"])
    source = share.installed(visit.session).packs.source(receipt.resource)
    collect.release_delivery(visit.store, visit.settings, source, receipt.delivery_id, by=visit.actor.id, at=visit.at)
    return visit.go(f"/office/deliveries/{receipt.delivery_id}", "released")


def release_row(visit: Visit) -> Response:
    """Let one waiting row in as it was sent."""
    delivery_id, row_no = visit.sent.params["delivery_id"], visit.sent.params["row_no"]
    if not row_no.isdigit():
        raise Missing("没有这一行 (there is no such row)")
    receipt = collect.find_receipt(visit.session, delivery_id)
    source = share.installed(visit.session).packs.source(receipt.resource)
    collect.release_row(visit.session, visit.settings, source, (delivery_id, int(row_no)), collect.Decision(visit.actor.id, visit.at))
    return visit.go(f"/office/deliveries/{delivery_id}", "released")
