"""The catalogue of licence types and the issuing department's own licences: issue, renew, change, suspend, end."""

from __future__ import annotations

from starlette.responses import Response

from datong import licences
from datong.domain.codes import read_code
from datong.spec import LicenceFact
from datong.web.visit import Visit

ACTS = {
    "renew": "延续",
    "change": "变更",
    "suspend": "暂扣",
    "resume": "恢复",
    "withdraw": "撤销",
    "revoke": "吊销",
    "cancel": "注销",
}


def catalogue(visit: Visit) -> Response:
    """Every type with how many licences there are of it."""
    stock = licences.stock(visit.session, now=visit.now)
    live = [one for one in stock if one.type.live]
    return visit.page(
        "office/licences.html",
        live=live,
        listed=[one for one in stock if not one.type.live],
        departments=len({one.type.department for one in stock}),
        issued=sum(one.total for one in stock),
    )


def of_type(visit: Visit) -> Response:
    """The department's licences of a type, and the form to issue one."""
    code = visit.sent.params["type"]
    found = licences.of_type(visit.session, visit.actor, code, visit.sent.query.get("after", ""), now=visit.now)
    kind = licences.types(visit.session)[code]
    return visit.page("office/licence_type.html", kind=kind, found=found, acts=ACTS, possible=licences.ACTS)


def issue(visit: Visit) -> Response:
    """Issue one to a permanent code."""
    code = visit.sent.params["type"]
    licences.of_type(visit.session, visit.actor, code, limit=1, now=visit.now)  # her department's, or refused before anything is read
    kind = licences.types(visit.session)[code]
    wanted = licences.NewLicence(
        code,
        read_code(visit.text("holder", 20)).value,
        _facts(visit, kind.facts),
        visit.optional("valid_until", 10),
        visit.optional("case", 60),
        parts=tuple(visit.optional("parts", 200).split()),
    )
    licences.issue(visit.session, visit.actor, wanted, now=visit.now)
    return visit.go(f"/office/licences/{code}", "licence-issued")


def act(visit: Visit) -> Response:
    """One act on one licence."""
    code = visit.sent.params["type"]
    licences.of_type(visit.session, visit.actor, code, limit=1, now=visit.now)
    kind = licences.types(visit.session)[code]
    doing = licences.Doing(
        visit.choice("act", tuple(ACTS)), visit.optional("reason", 200), visit.optional("case", 60), _facts(visit, kind.facts)
    )
    licences.act(visit.session, visit.actor, visit.sent.params["licence_id"], doing, now=visit.now)
    return visit.go(f"/office/licences/{code}", "licence-acted")


def paper(visit: Visit) -> Response:
    """Print a licence for its holder at the counter."""
    code = visit.sent.params["type"]
    licences.of_type(visit.session, visit.actor, code, limit=1, now=visit.now)
    form = visit.choice("form", tuple(licences.PAPER_FORMS))
    made = licences.paper(visit.session, visit.actor, visit.sent.params["licence_id"], form, now=visit.now)
    return visit.file(made.content, made.name, made.media_type)


def _facts(visit: Visit, known: tuple[LicenceFact, ...]) -> dict[str, str | int | bool]:
    """The facts of the form, in the types that the licence wants; what does not fit is refused there by name."""
    found: dict[str, str | int | bool] = {}
    for fact in known:
        text = visit.optional(f"fact_{fact.name}", 2000)
        if text:
            found[fact.name] = int(text) if fact.type == "integer" and text.isdigit() else text == "1" if fact.type == "flag" else text
    return found
