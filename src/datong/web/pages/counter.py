"""The counter: any window begins any item for the person who is there, and hands out what is printed for her."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from datong import services, share
from datong.domain.access import Key
from datong.domain.errors import BadValue, Missing
from datong.services import windows
from datong.spec import Service
from datong.web import case_words, identity
from datong.web.pages.citizen_passes import picture
from datong.web.pages.citizen_services import handed_in, written
from datong.web.pages.portal import found_of
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """The items that can be begun at any window."""
    numbers = windows.waiting_numbers(visit.session, visit.actor, now=visit.now)
    mine = windows.window_of(visit.actor)
    return visit.page(
        "office/counter.html", note_words=services.NOTE_WORDS, numbers=numbers, mine=mine, **found_of(visit, "/office/counter")
    )


def form(visit: Visit) -> Response:
    """The form for a person at the counter: her card, then only what sharing does not know."""
    return _counter(visit, None)


def begin(visit: Visit) -> Response:
    """Begin a case for the person at the counter."""
    sent = written(visit, visit.sent.params["service"])
    try:
        wanted = replace(sent, applicant=_whose(visit), name=visit.text("name", 60), papers=handed_in(visit))
        begun = services.begin(visit.session, visit.actor, wanted, now=visit.now)
    except BadValue as error:
        return _counter(visit, error)
    which = (begun.case.case_id, begun.service.code)
    number, opened = visit.optional("visit", 30), visit.optional("opened_at", 40)
    windows.begun_at_window(visit.session, visit.actor, which, visit_id=number, opened_at=opened, now=visit.now)
    codes = [(services.task_words(begun.service, f"seat:{seat}"), code) for seat, code in begun.invitations.items()]
    note = services.write_note(visit.session, visit.actor, begun.case.case_id, "received", now=visit.now)
    told: dict[str, Any] = {
        "begun": begun,
        "codes": codes,
        "note": note,
        "picture": picture(note.qr),
        "systems": _systems(visit, begun.service),
    }
    return visit.page("office/receipt.html", w=case_words, **told)


def open_system(visit: Visit) -> Response:
    """Open another department's own system from the counter, with the item, and the case that this counter has begun."""
    service, case_id = services.items(visit.session).of(visit.text("service", 80)), visit.optional("case", 20)
    parts = {one.department: "" for one in reversed(service.tasks)}
    if case_id:
        found = services.case_of(visit.session, visit.actor, case_id, now=visit.now)
        if found.role != "applicant" or found.service.code != service.code:
            raise Missing("没有这个办件 (there is no such case)")
        waiting = {part.department: part.task.code for part in reversed(found.parts) if part.task.kind == "task"}
        parts = {department: waiting.get(department, "") for department in parts}
    ticket = identity.Ticket(case_id, "", service.code)
    address = identity.counter_url(visit.session, visit.actor, visit.sent.params["system_id"], ticket, departments=parts, now=visit.now)
    return visit.page("identity_go.html", address=address)


def _called(visit: Visit) -> tuple[windows.Number, ...]:
    """The numbers that this window has called and that have begun nothing yet."""
    mine = windows.window_of(visit.actor)
    return tuple(one for one in windows.waiting_numbers(visit.session, visit.actor, now=visit.now) if one.called_at and one.unit == mine)


def _systems(visit: Visit, service: Service) -> tuple[identity.Service, ...]:
    """The systems of the departments with a part in an item that any counter may open."""
    return identity.services_for_counter(visit.session, {one.department for one in service.tasks})


def _whose(visit: Visit) -> Key:
    """The number on the card or the licence that lies on the counter."""
    key = share.read_key(visit.text("applicant", 40))
    return key if key.type in ("citizen_id", "credit_code", "code") else Key("citizen_id", key.value)


def _counter(visit: Visit, error: BadValue | None) -> Response:
    service = services.items(visit.session).of(visit.sent.params["service"])
    sent = written(visit, service.code)
    fields = [services.Filled(one, sent.form.get(one.code, ""), None) for one in service.form]
    status = 200 if error is None else 422
    more: dict[str, Any] = {"systems": _systems(visit, service), "numbers": _called(visit)}
    return visit.page("office/counter_form.html", status, service=service, fields=fields, wanted=sent, error=error, **more)
