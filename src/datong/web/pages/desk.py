"""The desk: what there is to do next, and the purpose one works for."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.errors import Forbidden
from datong.web import sign_ins
from datong.web.door import safe_path
from datong.web.visit import Visit

MOST_NOTICES = 5


def show(visit: Visit) -> Response:
    """The desk, by what her post may do."""
    mine = share.notices(visit.session, visit.actor, MOST_NOTICES)
    department = share.department_notices(visit.session, visit.actor, MOST_NOTICES) if visit.may("dispute.list") else ()
    return visit.page("office/desk.html", disputes=_open_disputes(visit), notices=(*mine, *department)[:MOST_NOTICES])


def purposes(visit: Visit) -> Response:
    """The purposes her department has agreements for; one must be chosen before anything opens."""
    found = share.purposes_for(visit.session, visit.actor, now=visit.now)
    return visit.page("office/purpose.html", purposes=found, next=safe_path(visit.sent.query.get("next", "/office")))


def choose_purpose(visit: Visit) -> Response:
    """Work for this purpose from now on."""
    code = visit.text("purpose", 80)
    if code not in {purpose.code for purpose in share.purposes_for(visit.session, visit.actor, now=visit.now)}:
        raise Forbidden("您所在部门没有这一用途的共享协议 (your department has no agreement for this purpose)")
    assert visit.sign_in is not None
    sign_ins.choose_purpose(visit.session, visit.sign_in.token_hash, code)
    return visit.go(safe_path(visit.optional("next") or "/office"), "purpose")


def _open_disputes(visit: Visit) -> int:
    if not visit.may("dispute.report"):
        return 0
    mine = share.my_disputes(visit.session, visit.actor, now=visit.now)
    return len([one for one in mine if one.state in ("raised", "checking")])
