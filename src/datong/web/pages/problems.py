"""The list of problems: what a department answers for, one by one or many at once; and premises confirmed once for all."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from datong import share
from datong.domain.errors import BadValue
from datong.web.i18n import say
from datong.web.visit import Visit

STATES = ("", "open", "taken", "investigating", "wrong", "right", "corrected", "lapsed", "all")
LIGHTS = ("", "red", "yellow", "green")
REGISTERS = ("", "person", "organisation", "premises")
ACTS = ("take", "investigate", "right", "wrong", "forward", "done", "reopen")
MANY = ("take", "right", "wrong", "forward")
NONE_CHOSEN = "请先勾选要处理的问题。"
DAYS = "请填写天数。"


def show(visit: Visit) -> Response:
    """The list, the most urgent first."""
    wanted = _wanted(visit)
    found = share.problems(visit.session, visit.actor, wanted, visit.sent.query.get("cursor", ""), now=visit.now)
    return visit.page(
        "office/problems.html",
        found=found,
        wanted=wanted,
        query=urlencode({name: value for name, value in wanted.items() if value}),
        choices=_choices(visit),
        departments=_departments(visit),
    )


def one(visit: Visit) -> Response:
    """One problem: what is wrong in words, what each source says, what was done."""
    found = share.problem(visit.session, visit.actor, visit.sent.params["mark_id"], now=visit.now)
    return visit.page(
        "office/problem.html",
        one=found,
        departments=_departments(visit),
        acts=_acts(found),
        uses=_site_uses(visit, found),
        address_asked=_address_asked(visit, found),
    )


def answer(visit: Visit) -> Response:
    """Answer one problem."""
    mark_id = visit.sent.params["mark_id"]
    share.answer_problems(visit.session, visit.actor, [mark_id], _doing(visit, ACTS), now=visit.now)
    return visit.go(f"/office/problems/{mark_id}", "answered")


def seen(visit: Visit) -> Response:
    """A grid worker stood before the door: what she saw is a record of her own department."""
    mark_id = visit.sent.params["mark_id"]
    what = share.Seen(visit.optional("grid_cell", 60), visit.optional("use", 20), visit.optional("address_seen", 200))
    share.see_on_site(visit.session, visit.actor, mark_id, what, now=visit.now)
    return visit.go(f"/office/problems/{mark_id}", "seen")


def answer_many(visit: Visit) -> Response:
    """The same answer to every problem that is ticked."""
    chosen = visit.sent.lists.get("mark", ())
    if not chosen:
        raise BadValue("mark", say(visit.language, NONE_CHOSEN))
    share.answer_problems(visit.session, visit.actor, chosen, _doing(visit, MANY), now=visit.now)
    return visit.go("/office/problems", "answered")


def export(visit: Visit) -> Response:
    """The list as a file; each subject in it is written down as read."""
    wanted = {name: visit.optional(name, 80) for name in share.PROBLEM_FILTERS}
    text = share.export_problems(visit.session, visit.actor, wanted, now=visit.now)
    headers = {"Content-Disposition": f'attachment; filename="problems-{visit.at[:10]}.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def confirm(visit: Visit) -> Response:
    """Confirm premises: later readers need not examine them again."""
    code = visit.sent.params["code"]
    days = visit.optional("days", 5)
    if days and not days.isdigit():
        raise BadValue("days", say(visit.language, DAYS))
    share.confirm(visit.session, visit.actor, code, visit.choice("how", tuple(share.CONFIRMED_HOW)), int(days or 0), now=visit.now)
    return visit.go(f"/office/subject/{code}", "confirmed")


def withdraw(visit: Visit) -> Response:
    """Take a confirmation back."""
    code = visit.sent.params["code"]
    share.withdraw_confirmation(visit.session, visit.actor, code, now=visit.now)
    return visit.go(f"/office/subject/{code}", "unconfirmed")


def _wanted(visit: Visit) -> dict[str, str]:
    known = {"state": STATES, "light": LIGHTS, "register": REGISTERS, "kind": ("", *share.kinds(visit.session))}
    found = {name: visit.sent.query.get(name, "") for name in share.PROBLEM_FILTERS}
    return {name: value if value in known.get(name, (value,)) else "" for name, value in found.items()}


def _choices(visit: Visit) -> list[tuple[str, str]]:
    """The kinds of marks in the reader's language, good news left out."""
    at = 0 if visit.language == "zh" else 1
    return [(code, kind.title[at]) for code, kind in share.kinds(visit.session).items() if not kind.good]


def _departments(visit: Visit) -> list[tuple[str, str]]:
    return [(code, visit.department(code)) for code in visit.sharing.departments]


def _acts(found: share.OneProblem) -> tuple[str, ...]:
    """What may be done next."""
    state = found.problem.case.state
    if state in ("corrected", "lapsed"):
        return ()
    if state == "right":
        return ("reopen",)
    acts = tuple(act for act in ACTS if act != "done" or not found.problem.case.derived)
    return tuple(act for act in acts if act != "reopen" and not (act == "take" and state == "taken"))


def _site_uses(visit: Visit, found: share.OneProblem) -> list[tuple[str, str]] | None:
    """The uses to choose among where she may write down here what she saw of premises; nothing where she may not."""
    asked = found.problem.case.kind in share.ON_SITE and found.problem.register == "premises"
    uses = share.site_uses(visit.session, visit.actor) if asked and _acts(found) else None
    return None if uses is None else [(word, word) for word in uses]


def _address_asked(visit: Visit, found: share.OneProblem) -> bool:
    """Whether she may write down here where a company or a person was found whose address was reported as wrong."""
    return bool(_acts(found)) and share.captures_addresses(visit.session, visit.actor, found.problem.case)


def _doing(visit: Visit, acts: tuple[str, ...]) -> share.Doing:
    return share.Doing(visit.choice("act", acts), visit.optional("reason", 500), visit.optional("to", 80))
