"""Verify premises: is this home real, is it the applicant's, may she use it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer, Question
from datong.web import sign_ins
from datong.web.labels import FIELDS, label
from datong.web.pages.find import working_reason
from datong.web.visit import Visit

CLAIMS = ("applicant_citizen_id", "owner_name", "owner_citizen_id")


def show(visit: Visit) -> Response:
    """The form: whose premises, which premises, who applies."""
    return visit.page("office/verify.html")


def check(visit: Visit) -> Response:
    """Keep what was typed and go on to an address that does not show it."""
    key = visit.text("premises", 300)
    body: dict[str, Any] = {"key": key, "claims": {name: value for name in CLAIMS if (value := visit.optional(name, 100))}}
    assert visit.sign_in is not None
    return visit.go(f"/office/verify/{sign_ins.keep_lookup(visit.session, visit.sign_in.token_hash, body, visit.now)}")


def result(visit: Visit) -> Response:
    """The outcome, with reasons in words and the source of each."""
    assert visit.sign_in is not None
    kept = sign_ins.lookup(visit.session, visit.sign_in.token_hash, visit.sent.params["lookup_id"], "key", "claims")
    claims = tuple(kept["claims"].items())
    key = share.read_key(kept["key"])
    question = Question(
        purpose=visit.purpose, operation="verify", register="premises", key=key, claims=claims, reason=working_reason(visit)
    )
    answer: Answer = share.ask(visit.session, visit.actor, question, now=visit.now)
    compared = [(label(visit.language, name, FIELDS), dict(claims).get(name, ""), outcome) for name, outcome in answer.compared]
    return visit.page("office/verified.html", answer=answer, key=key, compared=compared)
