"""Requests for data: the list with its clocks, one request with what to do next, the form."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from datong import share
from datong.domain.errors import BadValue, Missing
from datong.web import request_form
from datong.web.i18n import say
from datong.web.visit import Visit

NUMBER = "请填写天数。"


def show(visit: Visit) -> Response:
    """The requests she may see, the most urgent first."""
    rules = share.installed(visit.session).requests
    state = visit.sent.query.get("state", "open")
    state = state if state in rules.states or state in ("open", "all") else "open"
    found = share.data_requests(visit.session, visit.actor, "" if state == "all" else state, now=visit.now)
    return visit.page("office/requests.html", found=found, rules=rules, state=state)


def new(visit: Visit) -> Response:
    """An empty form for one register; with `?resource=` what the catalogue says of that resource stands in it."""
    register = visit.sent.query.get("register", "premises")
    return _form(visit, register if register in request_form.REGISTERS else "premises", None)


def add(visit: Visit) -> Response:
    """Begin a request."""
    made = share.draft_request(visit.session, visit.actor, request_form.asked(visit, _register(visit)), now=visit.now)
    return visit.go(f"/office/requests/{made.request_id}", "saved")


def one(visit: Visit) -> Response:
    """One request: how it stands, what it asks for, what was done, what may be done next."""
    found = share.request_of(visit.session, visit.actor, visit.sent.params["request_id"], now=visit.now)
    rules = share.installed(visit.session).requests
    reasons = [(code, words) for code, words in rules.reasons.items() if code not in rules.by_rule]
    return visit.page("office/request.html", one=found, request=found.request, rules=rules, reasons=reasons, how=request_form.how_asked)


def edit(visit: Visit) -> Response:
    """The form with what was written, to be completed."""
    found = share.request_of(visit.session, visit.actor, visit.sent.params["request_id"], now=visit.now)
    if not found.may_edit:
        raise Missing("没有可以修改的申请 (there is no such request to change)")
    return _form(visit, str(found.request.terms.get("register") or "premises"), found)


def change(visit: Visit) -> Response:
    """Keep what was changed."""
    number = visit.sent.params["request_id"]
    share.redraft_request(visit.session, visit.actor, number, request_form.asked(visit, _register(visit)), now=visit.now)
    return visit.go(f"/office/requests/{quote(number)}", "saved")


def act(visit: Visit) -> Response:
    """Do one act upon a request."""
    number, days = visit.sent.params["request_id"], visit.optional("days", 3)
    if days and not days.isdigit():
        raise BadValue("days", say(visit.language, NUMBER))
    doing = share.DoingRequest(
        visit.text("act", 40),
        visit.optional("note", 1000),
        int(days or 0),
        visit.sent.lists.get("field", ()),
        visit.sent.lists.get("reasons", ()),
    )
    share.advance_request(visit.session, visit.actor, number, doing, now=visit.now)
    return visit.go(f"/office/requests/{quote(number)}", "decided")


def _register(visit: Visit) -> str:
    return visit.choice("register", request_form.REGISTERS)


def _form(visit: Visit, register: str, found: share.OneRequest | None) -> Response:
    parts = share.installed(visit.session)
    resource = found.request.resource if found else visit.sent.query.get("resource", "")[:80]
    offer = share.offered(visit.session, resource)
    titles = {code: visit.resource(code) for code in parts.packs.sources} | ({offer.resource: offer.title} if offer else {})
    departments = [(code, visit.department(code)) for code in parts.packs.departments if code != visit.actor.department]
    return visit.page(
        "office/request_form.html",
        register=register,
        found=found.request if found else None,
        lacking=found.lacking if found else (),
        papers=[one for one in parts.requests.papers.values() if not one.registers or register in one.registers],
        departments=departments,
        purposes=[(code, visit.purpose_words(code)) for code in parts.sharing.purposes],
        resources=[("", ""), *titles.items()],
        offer=offer,
        form=request_form,
        visit_roles=parts.roles,
    )
