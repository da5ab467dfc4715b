"""For data stewards: where the sources say different things about one subject, side by side."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.access import Question, Register, SharedEntry
from datong.web.render import grouped
from datong.web.visit import Visit

REGISTERS: tuple[Register, ...] = ("person", "organisation", "premises")
PAGE = 20
PURPOSE = "data_steward_review"
"""What stewards compare sources for, whatever else they are just working on."""


def show(visit: Visit) -> Response:
    """The subjects of a register that have an open conflict."""
    wished = visit.sent.query.get("register", "premises")
    register: Register = next((one for one in REGISTERS if one == wished), "premises")
    question = Question(
        purpose=PURPOSE,
        operation="list",
        register=register,
        where=(("mark", "conflict"),),
        cursor=visit.sent.query.get("cursor", ""),
        limit=PAGE,
    )
    answer = share.ask(visit.session, visit.actor, question, now=visit.now)
    rows = [(entry, differing(entry)) for entry in answer.entries]
    return visit.page("office/conflicts.html", answer=answer, rows=rows, register=register, registers=REGISTERS)


def differing(entry: SharedEntry) -> list[tuple[str, list[object]]]:
    """The fields of an entry on which its sources differ."""
    return [(field, list(facts)) for field, facts in grouped(entry.facts) if any(fact.conflict for fact in facts)]
