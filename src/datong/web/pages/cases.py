"""Cases at the office: what to do next, one case with the department's own part, a case begun at the counter for somebody."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.responses import Response

from datong import services, share
from datong.domain.access import Key
from datong.domain.errors import BadValue
from datong.web import case_words
from datong.web.pages.citizen_services import written
from datong.web.visit import Visit

MOST = 50


def show(visit: Visit) -> Response:
    """The department's list, the most urgent first."""
    state = visit.sent.query.get("state", "open")
    state = state if state in ("open", "paused") else "open"
    after = (visit.sent.query.get("due", ""), visit.sent.query.get("after", ""))
    found = services.queue(visit.session, visit.actor, state=state, after=after, most=MOST, now=visit.now)
    counts = services.queue_counts(visit.session, visit.actor, now=visit.now)
    last = found[-1] if len(found) == MOST else None
    following = f"/office/cases?state={state}&due={quote(last.due)}&after={quote(last.case_id)}" if last else ""
    return visit.page("office/cases.html", found=found, counts=counts, state=state, following=following)


def one(visit: Visit) -> Response:
    """One case as this department may see it, with what may be done."""
    case_id = visit.sent.params["case_id"]
    found = services.case_of(visit.session, visit.actor, case_id, now=visit.now)
    steps = case_words.timeline(found, visit.language)
    return visit.page("office/case.html", one=found, steps=steps, w=case_words, changes=None)


def compare(visit: Visit) -> Response:
    """Ask the sources again before deciding: what has changed since it was submitted."""
    case_id = visit.sent.params["case_id"]
    changes = services.changes_since(visit.session, visit.actor, case_id, now=visit.now)
    found = services.case_of(visit.session, visit.actor, case_id, now=visit.now)
    return visit.page("office/case.html", one=found, steps=case_words.timeline(found, visit.language), w=case_words, changes=changes)


def act(visit: Visit) -> Response:
    """Do one act upon a case or one of its tasks."""
    case_id, days = visit.sent.params["case_id"], visit.optional("days", 2)
    if days and not days.isdigit():
        raise BadValue("days", "请填写天数。")
    lines = [line.strip() for line in visit.optional("lacking", 2000).splitlines() if line.strip()]
    data = {"outcome": visit.optional("outcome", 10), "days": int(days or 0), "lacking": lines, "to": visit.optional("to", 80)}
    data["tasks"] = list(visit.sent.lists.get("tasks", ()))
    doing = services.Doing(visit.text("act", 20), visit.optional("task", 80), visit.optional("note", 1000), data)
    case = services.act(visit.session, visit.actor, case_id, doing, now=visit.now)
    return visit.go("/office/cases" if case.ended else f"/office/cases/{quote(case_id)}", "decided")


def counter(visit: Visit) -> Response:
    """The items that can be begun at any window."""
    words = visit.sent.query.get("q", "")[:60]
    found = [one for one in services.find(services.items(visit.session), words) if one.service.online]
    return visit.page("office/counter.html", found=found, words=words)


def counter_form(visit: Visit) -> Response:
    """The form for a person at the counter: her card, then only what sharing does not know."""
    return _counter(visit, None)


def begin(visit: Visit) -> Response:
    """Begin a case for the person at the counter."""
    sent = written(visit, visit.sent.params["service"])
    key = share.read_key(visit.text("applicant", 40))
    key = key if key.type in ("citizen_id", "code") else Key("citizen_id", key.value)
    wanted = replace(sent, applicant=key, name=visit.text("name", 60))
    try:
        begun = services.begin(visit.session, visit.actor, wanted, now=visit.now)
    except BadValue as error:
        return _counter(visit, error)
    codes = [(services.task_words(begun.service, f"seat:{seat}"), code) for seat, code in begun.invitations.items()]
    return visit.page("office/receipt.html", begun=begun, codes=codes, w=case_words)


def _counter(visit: Visit, error: BadValue | None) -> Response:
    service = services.items(visit.session).of(visit.sent.params["service"])
    sent = written(visit, service.code)
    fields = [services.Filled(one, sent.form.get(one.code, ""), None) for one in service.form]
    status = 200 if error is None else 422
    return visit.page("office/counter_form.html", status, service=service, fields=fields, wanted=sent, error=error)
