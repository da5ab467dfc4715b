"""The wallet: a citizen's licences and her firm's, shown as she chooses by a one-time code, and everyone who used them."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from datong import licences, share
from datong.spec import LicenceFact
from datong.web.pages.citizen_once import keep_once, take_once
from datong.web.pages.citizen_passes import picture
from datong.web.visit import Visit

LASTS = {"30": "一个月", "180": "半年", "365": "一年"}
PURPOSES = ("办理政务服务", "核对身份", "报销费用", "享受优待", "经营检查")


def show_all(visit: Visit) -> Response:
    """Her licences and those of whom she acts for, by holder."""
    held = licences.of_holder(visit.session, visit.actor, now=visit.now)
    kinds = licences.types(visit.session)
    mine = [one for one in held if one.holder == visit.actor.subject]
    others = [one for one in held if one.holder != visit.actor.subject]
    waiting = sum(one.state == "asked" for one in licences.signatures(visit.session, visit.actor))
    accounts = licences.company_accounts(visit.session, visit.actor, now=visit.now)
    names = {one.holder: str(one.facts["holder_name"]) for one in reversed(others) if "holder_name" in one.facts}
    return visit.page("citizen/licences.html", mine=mine, others=others, kinds=kinds, waiting=waiting, accounts=accounts, names=names)


def show(visit: Visit) -> Response:
    """One licence: its face, the form to show it, its versions, who used it."""
    licence_id = visit.sent.params["licence_id"]
    found = licences.own(visit.session, visit.actor, licence_id, visit.now)
    kind = licences.types(visit.session)[found.type]
    facts: list[tuple[LicenceFact, object]] = [(one, found.facts[one.name]) for one in kind.facts if one.name in found.facts]
    return visit.page(
        "citizen/licence.html",
        found=found,
        kind=kind,
        facts=facts,
        used=licences.uses(visit.session, visit.actor, licence_id, now=visit.now, limit=10),
        versions=licences.versions(visit.session, licence_id, share.city_day(visit.now).isoformat()),
        purposes=PURPOSES,
        departments=_departments(visit),
    )


def make_code(visit: Visit) -> Response:
    """Make the one-time code and go on to the page that shows it."""
    audience = visit.optional("audience", 60)
    showing = licences.Showing(visit.sent.lists.get("field", ()), visit.text("purpose", 60), audience)
    made = licences.show_code(visit.session, visit.actor, visit.sent.params["licence_id"], showing, now=visit.now)
    return visit.go(f"/me/licences/code/{keep_once(visit, made.qr, f'{made.licence.licence_id}|{made.expires_at}')}")


def show_code(visit: Visit) -> Response:
    """The QR, the first time its page is opened; afterwards the wallet."""
    kept = take_once(visit, visit.sent.params["kept_id"])
    if kept is None:
        return visit.go("/me/licences", "once")
    text, name = kept
    licence_id, _, expires_at = name.partition("|")
    found = licences.own(visit.session, visit.actor, licence_id, visit.now)
    kind = licences.types(visit.session)[found.type]
    return visit.page(
        "citizen/licence_code.html", found=found, kind=kind, expires_at=expires_at, picture=picture(text), typed=text.rpartition(":")[2]
    )


def take_file(visit: Visit) -> Response:
    """The licence as a file for one verifier, who gave her name and a challenge."""
    showing = licences.Showing(
        visit.sent.lists.get("field", ()), visit.text("purpose", 60), visit.text("audience", 200), visit.text("nonce", 200)
    )
    text = licences.present(visit.session, visit.actor, visit.sent.params["licence_id"], showing, now=visit.now)
    return visit.file(text.encode(), "licence.sd-jwt", "application/dc+sd-jwt")


def take_paper(visit: Visit) -> Response:
    """The whole licence as a signed file to print."""
    made = licences.paper(visit.session, visit.actor, visit.sent.params["licence_id"], visit.sent.params["form"], now=visit.now)
    return visit.file(made.content, made.name, made.media_type)


def offer(visit: Visit) -> Response:
    """Take it into another wallet: a code and a number, shown once."""
    licence_id = visit.sent.params["licence_id"]
    made = licences.openid_offer(visit.session, visit.actor, licence_id, now=visit.now)
    return visit.go(f"/me/licences/offer/{keep_once(visit, made.uri, f'{licence_id}|{made.pin}|{made.expires_at}')}")


def show_offer(visit: Visit) -> Response:
    """The QR for the other wallet and the number to type there, the first time; afterwards the wallet."""
    kept = take_once(visit, visit.sent.params["kept_id"])
    if kept is None:
        return visit.go("/me/licences", "once")
    licence_id, pin, expires_at = kept[1].split("|")
    return visit.page("citizen/licence_offer.html", licence_id=licence_id, pin=pin, expires_at=expires_at, picture=picture(kept[0]))


def uses(visit: Visit) -> Response:
    """Who used her licences."""
    used = licences.uses(visit.session, visit.actor, now=visit.now, limit=100)
    held = {one.licence_id: one for one in licences.of_holder(visit.session, visit.actor, now=visit.now)}
    return visit.page("citizen/licence_uses.html", used=used, held=held, kinds=licences.types(visit.session))


def agreed(visit: Visit) -> Response:
    """What she has agreed to: counters that may use a licence by her ID card alone."""
    kinds = licences.types(visit.session)
    held = {one.type for one in licences.of_holder(visit.session, visit.actor, visit.actor.subject, now=visit.now)}
    return visit.page(
        "citizen/licence_agreed.html",
        agreed=licences.agreed(visit.session, visit.actor),
        possible={code: (one.title_zh, one.title_en) for code, one in kinds.items() if one.counter and code in held},
        departments=_departments(visit),
        lasts=LASTS,
        kinds=kinds,
    )


def agree(visit: Visit) -> Response:
    """Agree for one type, one department, a time."""
    days = int(visit.choice("lasts", tuple(LASTS)))
    kind, department = visit.text("type", 60), visit.text("department", 60)
    licences.agree(visit.session, visit.actor, kind, department, timedelta(days=days), now=visit.now)
    return visit.go("/me/licences/agreed", "licence-agreed")


def withdraw(visit: Visit) -> Response:
    """Take it back."""
    licences.withdraw_agreed(visit.session, visit.actor, visit.sent.params["agreed_id"], now=visit.now)
    return visit.go("/me/licences/agreed", "withdrawn")


def _departments(visit: Visit) -> dict[str, str]:
    return {code: visit.department(code) for code in sorted(visit.sharing.departments)}
