"""A citizen's consents: what she is asked for, given for one department and purpose until a day, taken back as easily."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from datong import services, share
from datong.web.visit import Visit

LASTS = {"30": "30 天", "180": "半年", "365": "一年"}


def show(visit: Visit) -> Response:
    """What waits for her answer, what she allows, and what she could allow."""
    return visit.page(
        "citizen/consents.html",
        waiting=share.consent_requests(visit.session, visit.actor, now=visit.now),
        consents=share.my_consents(visit.session, visit.actor, now=visit.now),
        agreed=services.agreed_in_cases(visit.session, visit.actor),
        open_to=_open_to(visit),
        lasts=LASTS,
        others={one.subject: one for one in share.mandates.i_answer_for(visit.session, visit.actor, now=visit.now)},
    )


def give(visit: Visit) -> Response:
    """Allow one department one purpose for a time."""
    department, _, purpose = visit.choice("what", tuple(_open_to(visit))).partition("/")
    days = int(visit.choice("lasts", tuple(LASTS)))
    share.give_consent(visit.session, visit.actor, department, purpose, timedelta(days=days), now=visit.now)
    return visit.go("/me/consents", "consented")


def answer(visit: Visit) -> Response:
    """Give what a counter asks for, or refuse it."""
    request_id = visit.sent.params["request_id"]
    if visit.choice("answer", ("give", "refuse")) == "refuse":
        share.refuse_asked(visit.session, visit.actor, request_id, now=visit.now)
        return visit.go("/me/consents", "consent-refused")
    share.give_asked(visit.session, visit.actor, request_id, separate=visit.optional("separate") == "1", now=visit.now)
    return visit.go("/me/consents", "consented")


def withdraw(visit: Visit) -> Response:
    """Take one back, from now on."""
    share.withdraw_consent(visit.session, visit.actor, visit.sent.params["consent_id"], now=visit.now)
    return visit.go("/me/consents", "withdrawn")


def take_back(visit: Visit) -> Response:
    """Take back what she agreed to as a party of a case."""
    services.take_back(visit.session, visit.actor, visit.sent.params["case_id"], visit.sent.params["seat"], now=visit.now)
    return visit.go("/me/consents", "withdrawn")


def _open_to(visit: Visit) -> dict[str, str]:
    """What needs a consent under the agreements: "department/purpose" → words."""
    asked = [(one, department) for one in visit.sharing.agreements.values() if one.consent for department in one.requesting]
    return {
        f"{department}/{one.purpose}": f"{visit.department(department)} · {visit.purpose_words(one.purpose)}" for one, department in asked
    }
