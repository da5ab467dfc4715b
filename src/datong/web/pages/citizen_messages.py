"""What a citizen was told: read it, go to what it is about, or object."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.errors import BadValue, Missing
from datong.web.i18n import say
from datong.web.pages.citizen_wrong import LENGTH
from datong.web.visit import Visit

MOST = 200
NOT_AGREED = "我没有同意："
"""How an objection begins; the notice's own words follow."""


def show(visit: Visit) -> Response:
    """Her messages, newest first, with what is unread."""
    return visit.page("citizen/messages.html", notices=share.notices(visit.session, visit.actor, MOST), leads=leads)


def leads(notice: share.Notice) -> str:
    """The page a notice is about; empty for none."""
    if dispute := notice.about.get("dispute", ""):
        return f"/me/reports/{dispute}"
    if notice.about.get("consent_request"):
        return "/me/consents"
    premises = notice.about.get("premises", "")
    return f"/me/homes/{premises}" if premises else ""


def read_all(visit: Visit) -> Response:
    """Mark everything as read."""
    for notice in share.notices(visit.session, visit.actor, MOST):
        if not notice.read_at:
            share.read_notice(visit.session, visit.actor, notice.notice_id, visit.at)
    return visit.go("/me/messages", "read")


def open_one(visit: Visit) -> Response:
    """Mark one as read and go to what it is about."""
    notice = _mine(visit)
    share.read_notice(visit.session, visit.actor, notice.notice_id, visit.at)
    return visit.go(leads(notice) or "/me/messages")


def object_form(visit: Visit) -> Response:
    """Not what I agreed to: say so in one tap, or in her own words."""
    notice = _mine(visit)
    return _object_page(visit, notice, _first_words(visit, notice))


def object_to(visit: Visit) -> Response:
    """Revoke the pass that was used, if it still runs, and report the home: whoever reads it next sees that it is being checked."""
    notice = _mine(visit)
    premises = notice.about.get("premises", "")
    if not premises:
        raise Missing("没有这条消息 (there is no such message)")
    try:
        wrong = share.Wrong(premises, "", visit.text("what", 1000))
        made = share.report_wrong(visit.session, visit.actor, wrong, now=visit.now)
    except BadValue:
        return _object_page(visit, notice, visit.sent.form.get("what", "")[:1000], say(visit.language, LENGTH))
    if notice.about.get("pass"):
        share.revoke_pass(visit.session, visit.actor, notice.about["pass"], now=visit.now)
    share.read_notice(visit.session, visit.actor, notice.notice_id, visit.at)
    return visit.go(f"/me/reports/{made.dispute_id}", "disputed")


def _first_words(visit: Visit, notice: share.Notice) -> str:
    return say(visit.language, NOT_AGREED) + (notice.title_zh if visit.language == "zh" else notice.title_en)


def _object_page(visit: Visit, notice: share.Notice, what: str, error: str = "") -> Response:
    return visit.page("citizen/object.html", 422 if error else 200, one=notice, what=what, error=error)


def _mine(visit: Visit) -> share.Notice:
    wanted = visit.sent.params["notice_id"]
    found = next((one for one in share.notices(visit.session, visit.actor, MOST) if one.notice_id == wanted), None)
    if found is None:
        raise Missing("没有这条消息 (there is no such message)")
    return found
