"""Say that something is wrong, follow it, and (for stewards) settle it."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.codes import read_code
from datong.domain.errors import Missing
from datong.domain.registers import REGISTER_FIELDS, TREE_FIELDS
from datong.web.labels import FIELDS, label
from datong.web.visit import Visit

DECISIONS = ("corrected", "upheld")


def form(visit: Visit) -> Response:
    """What is wrong, and why."""
    code = _code(visit)
    register = share.register_of(share.read_key(code))
    fields = [(name, label(visit.language, name, FIELDS)) for name in REGISTER_FIELDS[register] if name not in TREE_FIELDS]
    return visit.page("office/wrong.html", code=code, fields=fields, field=visit.sent.query.get("field", ""))


def report(visit: Visit) -> Response:
    """Report it: the field is marked under investigation at once, for every reader."""
    wrong = share.Wrong(_code(visit), visit.optional("field", 80), visit.text("what", 1000))
    share.report_wrong(visit.session, visit.actor, wrong, now=visit.now)
    return visit.go("/office/disputes", "disputed")


def show(visit: Visit) -> Response:
    """What she reported, and what she is to settle."""
    mine = share.my_disputes(visit.session, visit.actor, now=visit.now)
    waiting = share.disputes(visit.session, visit.actor, "open", now=visit.now) if visit.may("dispute.settle") else ()
    return visit.page("office/disputes.html", mine=mine, waiting=waiting)


def start(visit: Visit) -> Response:
    """A steward takes a dispute up."""
    share.start_check(visit.session, visit.actor, visit.sent.params["dispute_id"], now=visit.now)
    return visit.go("/office/disputes", "decided")


def settle(visit: Visit) -> Response:
    """A steward ends a dispute, with her reason."""
    decision, reason = visit.choice("decision", DECISIONS), visit.text("reason", 500)
    share.settle_dispute(visit.session, visit.actor, visit.sent.params["dispute_id"], decision, reason, now=visit.now)
    return visit.go("/office/disputes", "decided")


def _code(visit: Visit) -> str:
    reading = read_code(visit.sent.params["code"])
    if not reading.sound:
        raise Missing("没有这个永久编码 (there is no such permanent code)")
    return reading.value
