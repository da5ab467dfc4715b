"""What departments need and cannot get: entered here, answered by the authority, listed in the order of what to collect first."""

from __future__ import annotations

from starlette.responses import Response

from datong.share import catalogue
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """The register of demand, and the form for a new one."""
    found = catalogue.register_of_demand(visit.session, visit.actor)
    resource = visit.sent.query.get("resource", "")[:80]
    departments = [(code, visit.department(code)) for code in visit.sharing.departments]
    authority = catalogue.rules_of(visit.session).authority == visit.actor.department and visit.may("catalogue.publish")
    return visit.page("office/demands.html", found=found, resource=resource, departments=departments, authority=authority)


def enter(visit: Visit) -> Response:
    """Enter a demand."""
    wanted = catalogue.Wanted(
        visit.text("title"), visit.text("purpose"), visit.text("why", 500), visit.optional("providing", 60), visit.optional("resource", 80)
    )
    catalogue.enter_demand(visit.session, visit.actor, wanted, now=visit.now)
    return visit.go("/office/demands", "saved")


def settle(visit: Visit) -> Response:
    """Answer a demand: it is planned, met or cannot be met."""
    said = (visit.choice("state", catalogue.DEMAND_STATES[1:]), visit.text("answer", 500), visit.optional("resource", 80))
    catalogue.settle_demand(visit.session, visit.actor, visit.sent.params["demand_id"], said, now=visit.now)
    return visit.go("/office/demands", "answered")


def export(visit: Visit) -> Response:
    """The register of demand as a file."""
    text = catalogue.export_demand(visit.session, visit.actor)
    return visit.file(text.encode(), "demand.csv", "text/csv; charset=utf-8")


def papers(visit: Visit) -> Response:
    """The list of papers nobody may be asked for, as a file."""
    text = catalogue.export_papers(visit.session, visit.actor)
    return visit.file(text.encode(), "papers.csv", "text/csv; charset=utf-8")
