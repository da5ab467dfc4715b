"""Cases at the office: what to do next and by when, one case with the department's own part, what people look at again."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from datong import services
from datong.domain.errors import BadValue
from datong.web import case_words, identity
from datong.web.accounts import colleagues
from datong.web.i18n import say
from datong.web.visit import Visit

MOST = 50
NO_COLLEAGUE = "请选择本部门能办件的同事"
DAYS = "请填写天数。"


def show(visit: Visit) -> Response:
    """The department's list, the most urgent first."""
    state = visit.sent.query.get("state", "open")
    state = state if state in ("open", "paused") else "open"
    after = (visit.sent.query.get("due", ""), visit.sent.query.get("after", ""))
    found = services.queue(visit.session, visit.actor, state=state, after=after, most=MOST, now=visit.now)
    counts = services.queue_counts(visit.session, visit.actor, now=visit.now)
    last = found[-1] if len(found) == MOST else None
    following = f"/office/cases?state={state}&due={quote(last.due)}&after={quote(last.case_id)}" if last else ""
    return visit.page("office/cases.html", found=found, counts=counts, state=state, following=following, names=dict(_names(visit)))


def one(visit: Visit) -> Response:
    """One case as this department may see it, with what may be done."""
    case_id = visit.sent.params["case_id"]
    return _page(visit, services.case_of(visit.session, visit.actor, case_id, now=visit.now), None)


def compare(visit: Visit) -> Response:
    """Ask the sources again before deciding: what has changed since it was submitted."""
    case_id = visit.sent.params["case_id"]
    changes = services.changes_since(visit.session, visit.actor, case_id, now=visit.now)
    return _page(visit, services.case_of(visit.session, visit.actor, case_id, now=visit.now), changes)


def _page(visit: Visit, one: services.OneCase, changes: tuple[services.Change, ...] | None) -> Response:
    names = _names(visit)
    others = [(code, name) for code, name in names if code != visit.actor.id]
    notes = services.notes_of(one.timeline) if one.role in ("lead", "applicant") else ()
    context: dict[str, Any] = {
        "notes": notes,
        "note_words": services.NOTE_WORDS,
        "names": dict(names),
        "colleagues": others,
        "changes": changes,
    }
    context["systems"] = identity.services_of(visit.session, visit.actor.department)
    return visit.page("office/case.html", one=one, steps=case_words.timeline(visit, one), w=case_words, **context)


def _names(visit: Visit) -> list[tuple[str, str]]:
    """Who of the department may work on cases, by account."""
    found = colleagues(visit.session, visit.actor.department, "cases.work")
    return [(code, " ".join(one for one in (name, unit) if one)) for code, name, unit in found]


def act(visit: Visit) -> Response:
    """Do one act upon a case or one of its tasks."""
    case_id, days = visit.sent.params["case_id"], visit.optional("days", 2)
    if days and not days.isdigit():
        raise BadValue("days", say(visit.language, DAYS))
    lines = [line.strip() for line in visit.optional("lacking", 2000).splitlines() if line.strip()]
    to = visit.optional("to", 80)
    if to and to not in dict(_names(visit)):
        raise BadValue("to", say(visit.language, NO_COLLEAGUE))
    data = {"outcome": visit.optional("outcome", 10), "days": int(days or 0), "lacking": lines, "to": to}
    data["tasks"] = list(visit.sent.lists.get("tasks", ()))
    doing = services.Doing(visit.text("act", 20), visit.optional("task", 80), visit.optional("note", 1000), data)
    case = services.act(visit.session, visit.actor, case_id, doing, now=visit.now)
    return visit.go("/office/cases" if case.ended else f"/office/cases/{quote(case_id)}", "decided")


def samples(visit: Visit) -> Response:
    """What was given by rule and is to be looked at again by people."""
    state = visit.sent.query.get("state", "open")
    state = state if state in ("open", "right", "wrong") else "open"
    items = services.items(visit.session)
    found = [(one, items.services.get(one.service)) for one in services.samples(visit.session, visit.actor, state)]
    return visit.page("office/samples.html", found=found, state=state, names=dict(_names(visit)))


def settle_sample(visit: Visit) -> Response:
    """Say whether what the rules gave was right."""
    result = visit.choice("result", ("right", "wrong"))
    services.settle_sample(visit.session, visit.actor, visit.sent.params["case_id"], result, visit.optional("note", 500), now=visit.now)
    return visit.go("/office/samples", "decided")


def ratings(visit: Visit) -> Response:
    """What people thought; a bad word waits for an answer until its day."""
    state = visit.sent.query.get("state", "open")
    state = state if state in ("open", "answered", "given") else "open"
    items = services.items(visit.session).services
    found = [(one, items.get(one.service)) for one in services.ratings(visit.session, visit.actor, state, now=visit.now)]
    counted = services.ratings_counted(visit.session, visit.actor, now=visit.now)
    return visit.page("office/ratings.html", found=found, state=state, counted=counted, grades=services.GRADES)


def answer_rating(visit: Visit) -> Response:
    """What was found and mended; the applicant reads it."""
    services.answer_rating(visit.session, visit.actor, visit.sent.params["case_id"], visit.text("answer", 1000), now=visit.now)
    return visit.go("/office/ratings", "answered")
