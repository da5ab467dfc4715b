"""One sign-in for other services: the page that asks, the way back, what one has agreed to, and systems opened from a case."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from datong import services as items
from datong.domain.errors import Forbidden
from datong.web import identity, sign_ins
from datong.web.visit import Visit


def begin(visit: Visit) -> Response:
    """A service sends somebody's browser: take the request in and go on to our page."""
    query = visit.sent.query
    names = ("response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method")
    wanted = identity.Wanted(query.get("client_id", ""), query.get("redirect_uri", ""), *(query.get(name, "") for name in names))
    number, elsewhere = identity.ask(visit.session, wanted, visit.now)
    return RedirectResponse(elsewhere, 303) if elsewhere else visit.go(f"/identity/ask/{number}")


def show(visit: Visit) -> Response:
    """Which service asks and what it would be told; who agreed to just that before goes on at once."""
    asked = identity.waiting(visit.session, visit.actor, visit.sent.params["asked_id"], visit.now)
    if asked.before:
        return _go(visit, _agreed(visit, asked.request_id))
    return visit.page("identity.html", asked=asked)


def answer(visit: Visit) -> Response:
    """She says yes or no."""
    number = visit.sent.params["asked_id"]
    yes = visit.choice("act", ("agree", "refuse")) == "agree"
    organisation = visit.optional("organisation", 20)
    return _go(visit, _agreed(visit, number, organisation) if yes else identity.refuse(visit.session, visit.actor, number, visit.now))


def mine(visit: Visit) -> Response:
    """The services a person has signed in to with this account."""
    return visit.page(
        "citizen/identity.html",
        found=identity.agreed(visit.session, visit.actor),
        firms=identity.used_as(visit.session, visit.actor, visit.now),
    )


def withdraw(visit: Visit) -> Response:
    """No more."""
    identity.withdraw(visit.session, visit.actor, visit.sent.params["system_id"])
    return visit.go("/me/identity", "saved")


def open_system(visit: Visit) -> Response:
    """Open a system of the department with the case's context."""
    case_id, task = visit.sent.params["case_id"], visit.text("task", 80)
    found = items.case_of(visit.session, visit.actor, case_id, now=visit.now)
    if task not in {part.task.code for part in found.parts if part.department == visit.actor.department}:
        raise Forbidden("这不是您部门的任务 (this is not a task of your department)")
    ticket = identity.Ticket(case_id, task, found.service.code)
    return _go(visit, identity.ticket_url(visit.session, visit.actor, visit.sent.params["system_id"], ticket, visit.now))


def _agreed(visit: Visit, request_id: str, organisation: str = "") -> str:
    actor = visit.actor
    assert visit.sign_in is not None
    started = sign_ins.started(visit.session, visit.sign_in.token_hash)
    return identity.agree(visit.session, actor, request_id, started, visit.now, organisation=organisation)


def _go(visit: Visit, address: str) -> Response:
    """On to another host: by a page of ours, because forms of ours may only be sent to ourselves."""
    return visit.page("identity_go.html", address=address)
