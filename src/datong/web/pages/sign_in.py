"""Sign in, sign out, and the start page."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web import sign_ins
from datong.web.accounts import demo_accounts, try_password
from datong.web.door import FORM_COOKIE, SESSION_COOKIE, safe_path, set_cookie
from datong.web.i18n import say
from datong.web.visit import Visit

REASONS = {
    "wrong": "账号或密码不对。连续输错几次，账号会暂停登录一段时间，请稍后再试。",
    "closed": "这个账号已停用。",
}
OFFICERS, CITIZENS = "工作人员", "市民"


def start(visit: Visit) -> Response:
    """Everybody to her own first page."""
    if visit.sign_in is None:
        return visit.go("/sign-in")
    return visit.go("/me" if visit.actor.kind == "citizen" else "/office")


def show(visit: Visit) -> Response:
    """The sign-in page."""
    return _page(visit, "", "", safe_path(visit.sent.query.get("next", "/")))


def sign_in(visit: Visit) -> Response:
    """Check name and password; a new token each time, so that nobody can plant one. It writes in sessions of its own."""
    account_id, wanted = visit.text("account_id", 64), safe_path(visit.optional("next") or "/")
    attempt = try_password(visit.store, visit.settings, account_id, visit.sent.form.get("password", "")[:200], visit.now)
    if attempt.actor is None:
        with visit.store.session() as session:
            share.sign_in_refused(session, visit.sent.source, account_id, now=visit.now)
        return _page(visit, say(visit.language, REASONS[attempt.reason]), account_id, wanted, 401)
    with visit.store.session() as session:
        sign_ins.sweep(session, visit.settings, visit.now)
        if visit.sign_in:
            sign_ins.end(session, visit.sign_in.token_hash)
        token = sign_ins.start(session, attempt.actor.id, visit.now)
    response = visit.go(wanted)
    set_cookie(visit.settings, response, SESSION_COOKIE, token, None)
    response.delete_cookie(FORM_COOKIE, path="/")
    return response


def sign_out(visit: Visit) -> Response:
    """End the sign-in here and in the store."""
    if visit.sign_in:
        sign_ins.end(visit.session, visit.sign_in.token_hash)
    response = visit.go("/sign-in", "signed-out")
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _page(visit: Visit, error: str, account_id: str, wanted: str, status: int = 200) -> Response:
    demos = demo_accounts(visit.session) if visit.settings.demo else []
    return visit.page("sign_in.html", status, error=error, account_id=account_id, next=wanted, demos=_grouped(demos))


def _grouped(demos: list[dict[str, str]]) -> list[tuple[str, list[dict[str, str]]]]:
    """The demonstration accounts under their headings: who serves, and who is served."""
    kinds = (("officer", OFFICERS), ("citizen", CITIZENS))
    groups = [(heading, [one for one in demos if one["kind"] == kind]) for kind, heading in kinds]
    return [group for group in groups if group[1]]
