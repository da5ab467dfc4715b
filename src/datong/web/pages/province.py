"""The cascade with the province: what it offers, what was requested of it, and pilot items broken down to data items."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.errors import BadValue
from datong.share import cascade
from datong.web.i18n import say
from datong.web.visit import Visit

NO_FILE = "请选择省平台目录文件"


def show(visit: Visit) -> Response:
    """What the province offers, the department's requests, and the form for a new one."""
    text = visit.sent.query.get("q", "").strip()[:80]
    found = cascade.offers(visit.session, visit.actor, text)
    chosen = next((one for one in found if one.code == visit.sent.query.get("code", "")), None)
    mine = cascade.requests_of_province(visit.session, visit.actor) if visit.may("requests.read") else ()
    purposes = [(one.code, visit.purpose_words(one.code)) for one in share.purposes_for(visit.session, visit.actor, now=visit.now)]
    return visit.page("office/province.html", found=found, text=text, chosen=chosen, mine=mine, purposes=purposes)


def take_in(visit: Visit) -> Response:
    """Take over the catalogue of the province from its file."""
    file = visit.upload("file")
    if file is None:
        raise BadValue("file", say(visit.language, NO_FILE))
    cascade.import_offers(visit.session, visit.actor, file.content, now=visit.now)
    return visit.go("/office/province", "saved")


def ask(visit: Visit) -> Response:
    """Request a resource of the province."""
    asked = (visit.text("purpose"), visit.sent.lists.get("items", ()), visit.text("why", 500))
    cascade.request_of_province(visit.session, visit.actor, visit.text("code", 80), asked, now=visit.now)
    return visit.go("/office/province", "saved")


def items(visit: Visit) -> Response:
    """The pilot items, each paper with its data items and where they are had."""
    found, counts = cascade.broken_down(visit.session, visit.actor)
    return visit.page("office/province_items.html", found=found, counts=counts)
