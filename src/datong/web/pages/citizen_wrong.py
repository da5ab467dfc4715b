"""Say that something is wrong with one's own data, one's home, or who is registered there."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.domain.codes import read_code
from datong.domain.errors import BadValue, Missing
from datong.domain.registers import REGISTER_FIELDS, TREE_FIELDS
from datong.web.i18n import say
from datong.web.labels import FIELDS, label
from datong.web.pages.citizen_homes import living, no_answer, tie_name
from datong.web.visit import Visit

LENGTH = "请用 5 到 1000 个字说明。"
NOT_A_HOME_FIELD = ("grid_cell", "contact", "owner_name", *TREE_FIELDS)


def own_form(visit: Visit) -> Response:
    """What is wrong about me."""
    return _form(visit, visit.sent.query.get("field", ""))


def report_own(visit: Visit) -> Response:
    """Report it: the field is marked under investigation at once."""
    return _report(visit, visit.actor.subject)


def home_form(visit: Visit) -> Response:
    """What is wrong about these premises: her own, or a door plate she stands before."""
    return _form(visit, visit.sent.query.get("field", ""), _code(visit))


def report_home(visit: Visit) -> Response:
    """Report it."""
    return _report(visit, _code(visit))


def report_tie(visit: Visit) -> Response:
    """Somebody registered at her home is neither tenant nor guest of hers, or a business she did not agree to."""
    code = _code(visit)
    inside = share.at_my_home(visit.session, visit.actor, code, now=visit.now)
    if inside.outcome != "found":
        return no_answer(visit, inside)
    wanted = visit.text("tie", 64)
    link = next((one for one in living(inside) if tie_name(visit, one) == wanted), None)
    if link is None:
        raise Missing("这条登记已经变化，请返回重新查看 (this entry has changed; look again)")
    wrong = share.Wrong(code, f"link:{link.type}:{link.code}", visit.text("what", 1000))
    made = share.report_wrong(visit.session, visit.actor, wrong, now=visit.now)
    return visit.go(f"/me/reports/{made.dispute_id}", "disputed")


def _report(visit: Visit, code: str) -> Response:
    try:
        wrong = share.Wrong(code, visit.optional("field", 80), visit.text("what", 1000))
        made = share.report_wrong(visit.session, visit.actor, wrong, now=visit.now)
    except BadValue as error:
        if error.field != "what":
            raise
        return _form(visit, visit.optional("field", 80), "" if code == visit.actor.subject else code, say(visit.language, LENGTH))
    return visit.go(f"/me/reports/{made.dispute_id}", "disputed")


def _form(visit: Visit, field: str, code: str = "", error: str = "") -> Response:
    """`code` is empty for her own data: her own code need not stand in an address line."""
    names = [name for name in REGISTER_FIELDS["premises"] if name not in NOT_A_HOME_FIELD] if code else REGISTER_FIELDS["person"]
    fields = [(name, label(visit.language, name, FIELDS)) for name in names]
    what = visit.sent.form.get("what", "")[:1000]
    return visit.page("citizen/wrong.html", 422 if error else 200, code=code, fields=fields, field=field, what=what, error=error)


def _code(visit: Visit) -> str:
    reading = read_code(visit.sent.params["code"])
    if not reading.sound or not reading.value.startswith("H"):
        raise Missing("没有这处房屋 (there are no such premises)")
    return reading.value
