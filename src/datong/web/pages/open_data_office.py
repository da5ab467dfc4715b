"""An office's work with open data: propose, sign, open, renew, withdraw; answer what the public asks and reports."""

from __future__ import annotations

from starlette.responses import Response

from datong.domain.errors import BadValue
from datong.share import catalogue, open_data
from datong.web.i18n import say
from datong.web.visit import Visit

ACTS = ("sign", "open", "return", "renew", "withdraw")
NOTHING_OPEN = "请从目录中选择可以开放的资源。"


def show(visit: Visit) -> Response:
    """What is open, proposed or withdrawn, and what waits for an answer."""
    work = open_data.opening_work(visit.session, visit.actor, now=visit.now)
    return visit.page("office/open_data.html", work=work, faults=(), about="")


def form(visit: Visit) -> Response:
    """The form for proposing a resource: its fields, and by name those that may not be opened."""
    return _form(visit, visit.sent.query.get("resource", "")[:80])


def _form(visit: Visit, resource: str, typed: open_data.Wanted | None = None, faults: tuple[catalogue.Fault, ...] = ()) -> Response:
    fields = open_data.can_open(visit.session, visit.actor, resource)
    item = catalogue.published_resource(visit.session, resource)
    if item is None or not fields:
        raise BadValue("resource", say(visit.language, NOTHING_OPEN))
    first = open_data.Wanted(resource, item.title, item.title_en, item.summary, "rows", next(iter(fields)), ())
    told = {"item": item, "fields": fields, "typed": typed or first, "faults": faults}
    return visit.page("office/open_data_new.html", 422 if faults else 200, **told)


def propose(visit: Visit) -> Response:
    """Propose to open, or show the form again with every fault."""
    resource = visit.text("resource", 80)
    wanted = open_data.Wanted(
        resource, visit.optional("title", 100), visit.optional("title_en", 200), visit.optional("summary", 500),
        visit.choice("shape", open_data.SHAPES), visit.text("register", 20), visit.sent.lists.get("fields", ()),
    )  # fmt: skip
    _, faults = open_data.propose_opening(visit.session, visit.actor, wanted, now=visit.now)
    return _form(visit, resource, wanted, faults) if faults else visit.go("/office/open", "saved")


def act(visit: Visit) -> Response:
    """One step with a dataset; what keeps it from being opened is shown by name."""
    code, why = visit.sent.params["dataset"], visit.optional("why", 500)
    session, actor, now = visit.session, visit.actor, visit.now
    faults: tuple[catalogue.Fault, ...] = ()
    match visit.choice("act", ACTS):
        case "sign":
            open_data.sign_opening(session, actor, code, now=now)
        case "open":
            faults = open_data.open_to_public(session, actor, code, now=now).faults
        case "return":
            open_data.return_opening(session, actor, code, why, now=now)
        case "renew":
            open_data.ask_renewal(session, actor, code, now=now)
            return visit.go("/office/open", "renewal-asked")
        case _:
            open_data.withdraw_opening(session, actor, code, why, now=now)
    if faults:
        work = open_data.opening_work(session, actor, now=now)
        return visit.page("office/open_data.html", 422, work=work, faults=faults, about=code)
    return visit.go("/office/open", "decided")


def answer_wish(visit: Visit) -> Response:
    """Answer a request for public data."""
    said = open_data.WishAnswer(
        visit.choice("state", open_data.WISH_STATES), visit.text("answer", 500), visit.optional("basis", 200), visit.optional("dataset", 20)
    )
    open_data.answer_wish(visit.session, visit.actor, visit.sent.params["wish_id"], said, now=visit.now)
    return visit.go("/office/open", "answered")


def answer_correction(visit: Visit) -> Response:
    """Answer what the public reported wrong."""
    said = (visit.choice("state", open_data.CORRECTION_STATES), visit.text("answer", 500))
    open_data.answer_correction(visit.session, visit.actor, visit.sent.params["correction_id"], said, now=visit.now)
    return visit.go("/office/open", "answered")
