"""Agreements: the list, one with its versions and use, signatures, suspension; alerts about use; what an officer would see; legal bases."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from datong import share
from datong.domain.errors import BadValue
from datong.web.i18n import say
from datong.web.visit import Visit

PROPOSALS = ("renew", "give_up")
VERSION = "请选择版本。"
REGISTERS = ("person", "organisation", "premises")


def show(visit: Visit) -> Response:
    """The agreements she may see, what waits for a signature first; and, for those who watch, what is out of the ordinary."""
    state = visit.sent.query.get("state", "")
    state = state if state in share.AGREEMENT_STATES else ""
    wanted = visit.sent.query.get("q", "").strip()[:60]
    found = share.agreements(visit.session, visit.actor, state, now=visit.now)
    words = [(one, f"{one.code} {one.agreement.title_zh} {one.agreement.title_en}") for one in found]
    found = tuple(one for one, said in words if wanted.lower() in said.lower())
    found = tuple(sorted(found, key=lambda one: (one.proposed is None, one.state != "suspended", one.code)))
    alerts = share.alerts(visit.session, visit.actor) if visit.may("sharing.usage") else ()
    rules = share.installed(visit.session).requests
    return visit.page("office/agreements.html", found=found, state=state, q=wanted, alerts=alerts, rules=rules)


def one(visit: Visit) -> Response:
    """One agreement: its terms with the legal basis, its versions and what changed, its use, what may be done."""
    found = share.agreement_of(visit.session, visit.actor, visit.sent.params["agreement"], now=visit.now)
    used = share.usage(visit.session, found.standing, now=visit.now)
    alerts = share.alerts(visit.session, visit.actor, agreement=found.standing.code) if visit.may("sharing.usage") else ()
    rules = share.installed(visit.session).requests
    return visit.page("office/agreement.html", one=found, standing=found.standing, used=used, alerts=alerts, rules=rules)


def sign(visit: Visit) -> Response:
    """Sign the version that was read."""
    code, version = visit.sent.params["agreement"], visit.text("version", 6)
    if not version.isdigit():
        raise BadValue("version", say(visit.language, VERSION))
    share.sign_agreement(visit.session, visit.actor, code, int(version), now=visit.now)
    return visit.go(f"/office/agreements/{quote(code)}", "signed")


def act(visit: Visit) -> Response:
    """Suspend, resume, end, or certify the disposal."""
    code = visit.sent.params["agreement"]
    share.act_on_agreement(visit.session, visit.actor, code, visit.text("act", 40), visit.optional("note", 1000), now=visit.now)
    return visit.go(f"/office/agreements/{quote(code)}", "decided")


def propose(visit: Visit) -> Response:
    """Propose another version: a later end, or fewer fields."""
    code, why = visit.sent.params["agreement"], visit.optional("why", 500)
    if visit.choice("how", PROPOSALS) == "renew":
        share.renew_agreement(visit.session, visit.actor, code, visit.text("until", 10), why, now=visit.now)
    else:
        share.give_up_fields(visit.session, visit.actor, code, visit.sent.lists.get("field", ()), why, now=visit.now)
    return visit.go(f"/office/agreements/{quote(code)}", "proposed")


def answer(visit: Visit) -> Response:
    """Say what an alert was."""
    state = visit.choice("state", share.ALERT_ANSWERS)
    share.answer_alert(visit.session, visit.actor, visit.sent.params["alert_id"], state, visit.optional("answer", 500), now=visit.now)
    return visit.go("/office/agreements", "answered")


def what_if(visit: Visit) -> Response:
    """What would this officer see of this invented subject?"""
    query = visit.sent.query
    about = query.get("about", "")[:40]
    seen = None
    if about and query.get("sample"):
        area = tuple(one for one in query.get("area", "").replace("，", ",").split(",") if one.strip().isdigit())
        supposed = share.Supposed(about, query.get("sample", "")[:40], query.get("role", "")[:40], tuple(one.strip() for one in area))
        seen = share.what_if(visit.session, visit.actor, supposed, now=visit.now)
    samples = share.sandbox_samples(visit.session)
    roles = [one for code, one in share.installed(visit.session).roles.items() if code not in ("citizen", "admin")]
    known = share.agreements(visit.session, visit.actor, now=visit.now)
    open_requests = share.data_requests(visit.session, visit.actor, "open", now=visit.now)
    return visit.page(
        "office/what_if.html", seen=seen, samples=samples, roles=roles, known=known, requests=open_requests, about=about, query=query
    )


def bases(visit: Visit) -> Response:
    """Each shared item with the legal basis of its sharing, and the rules that pull in different ways."""
    register = visit.sent.query.get("register", "person")
    register = register if register in REGISTERS else "person"
    found: dict[str, list[tuple[share.Standing, str]]] = {}
    for one in share.agreements(visit.session, visit.actor, now=visit.now):
        if one.agreement.register == register and one.state in ("live", "suspended"):
            for name, mask in {**dict.fromkeys(one.agreement.claims, "claim"), **one.agreement.fields}.items():
                found.setdefault(name, []).append((one, mask))
    rules = share.installed(visit.session).requests
    classes = {name: kind for kind in rules.classes if kind.register == register for name in kind.fields}
    return visit.page("office/bases.html", register=register, items=sorted(found.items()), rules=rules, classes=classes)
