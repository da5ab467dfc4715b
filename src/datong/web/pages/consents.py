"""Consent asked for at the counter: what is asked, of whom by her key, and what became of it."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.access import Ground
from datong.web.pages.find import working_reason
from datong.web.visit import Visit

HOW = {"once": "仅一次（7 天内）", "30": "30 天内", "180": "半年内"}
KEEP = {"view": "只查看", "keep": "查看并留存"}


def show(visit: Visit) -> Response:
    """The form for the purpose chosen, and the requests made so far."""
    return _page(visit)


def ask(visit: Visit) -> Response:
    """Ask a person for her consent: she is found by her key, and nothing of her is shown."""
    how = visit.choice("term", tuple(HOW))
    wanted = share.WantedConsent(
        purpose=visit.purpose,
        key=share.read_key(visit.text("key", 100)),
        once=how == "once",
        days=int(how) if how.isdigit() else 7,
        keep=visit.choice("keep", tuple(KEEP)),
        fields=visit.sent.lists.get("field", ()),
        reason=working_reason(visit),
    )
    asked = share.ask_consent(visit.session, visit.actor, wanted, now=visit.now)
    if asked.request is None:
        return _page(visit, asked.grounds)
    return visit.go("/office/consents", "consent-asked")


def _page(visit: Visit, grounds: tuple[Ground, ...] = ()) -> Response:
    agreement = share.consent_agreement(visit.session, visit.actor, visit.purpose)
    whole = (*agreement.fields, *agreement.links) if agreement else ()
    return visit.page(
        "office/consents.html",
        agreement=agreement,
        fields=[(name, name in agreement.separate) for name in whole] if agreement else [],
        asked=share.asked_consents(visit.session, visit.actor, now=visit.now),
        grounds=grounds,
        how=HOW,
        keep=KEEP,
    )
