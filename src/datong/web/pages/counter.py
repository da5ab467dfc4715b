"""The counter: any window begins any item for the person who is there, and hands out what is printed for her."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from datong import services, share
from datong.domain.access import Key
from datong.domain.errors import BadValue
from datong.web import case_words
from datong.web.pages.citizen_passes import picture
from datong.web.pages.citizen_services import handed_in, written
from datong.web.pages.portal import found_of
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """The items that can be begun at any window."""
    return visit.page("office/counter.html", note_words=services.NOTE_WORDS, **found_of(visit, "/office/counter"))


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
    codes = [(services.task_words(begun.service, f"seat:{seat}"), code) for seat, code in begun.invitations.items()]
    note = services.write_note(visit.session, visit.actor, begun.case.case_id, "received", now=visit.now)
    return visit.page("office/receipt.html", begun=begun, codes=codes, w=case_words, note=note, picture=picture(note.qr))


def _whose(visit: Visit) -> Key:
    """The number on the card or the licence that lies on the counter."""
    key = share.read_key(visit.text("applicant", 40))
    return key if key.type in ("citizen_id", "credit_code", "code") else Key("citizen_id", key.value)


def _counter(visit: Visit, error: BadValue | None) -> Response:
    service = services.items(visit.session).of(visit.sent.params["service"])
    sent = written(visit, service.code)
    fields = [services.Filled(one, sent.form.get(one.code, ""), None) for one in service.form]
    status = 200 if error is None else 422
    return visit.page("office/counter_form.html", status, service=service, fields=fields, wanted=sent, error=error)
