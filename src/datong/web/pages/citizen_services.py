"""A citizen applies: search, guide, the form with what is known filled in, one timeline, and her word as another's party."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from datong import services
from datong.domain.errors import BadValue, Missing
from datong.web import case_words
from datong.web.pages.citizen_once import keep_once, take_once
from datong.web.pages.portal import found_of, guide_of
from datong.web.visit import Visit

ANSWER, FORM, DOCUMENT = "answer.", "form.", "document."
"""How the form's inputs are called, so that no field of an item meets one of the page's own."""
ACTS = ("withdraw", "urge", "give_supplement")


def show(visit: Visit) -> Response:
    """Search over all items; her cases; what waits for her word."""
    mine = services.my_cases(visit.session, visit.actor)
    hers = services.seats_for(visit.session, visit.actor)
    waiting = [(case_id, seat, *services.seat_of(visit.session, case_id, seat)[1:]) for case_id, seat in hers]
    return visit.page("citizen/services.html", mine=mine, waiting=waiting, w=case_words, **found_of(visit, "/me/services"))


def guide(visit: Visit) -> Response:
    """The guide of an item, made from its pack."""
    return visit.page("citizen/service.html", guide=guide_of(visit, visit.sent.params["service"]))


def form(visit: Visit) -> Response:
    """The form, filled in with what sharing knows of her."""
    return _form(visit, services.NewCase(visit.sent.params["service"]), None)


def apply(visit: Visit) -> Response:
    """Send it; what does not fit is told beside the form, with everything she wrote still there."""
    wanted = written(visit, visit.sent.params["service"])
    if visit.sent.form.get("step") == "fill":
        return _form(visit, wanted, None)
    try:
        begun = services.begin(visit.session, visit.actor, wanted, now=visit.now)
    except BadValue as error:
        return _form(visit, wanted, error)
    kept = keep_once(visit, _codes(begun), begun.case.case_id) if begun.invitations else ""
    return visit.go(f"/me/cases/{begun.case.case_id}" + (f"/invited/{kept}" if kept else ""), "" if kept else "applied")


def _codes(begun: services.Begun) -> str:
    return "\n".join(f"{seat}={code}" for seat, code in begun.invitations.items())


def written(visit: Visit, service: str) -> services.NewCase:
    """A new case as the form's inputs say it."""
    sent = visit.sent.form

    def part(kind: str) -> dict[str, str]:
        return {name.removeprefix(kind): value.strip() for name, value in sent.items() if name.startswith(kind) and value.strip()}

    return services.NewCase(service, answers=part(ANSWER), form=part(FORM), documents=part(DOCUMENT))


def _form(visit: Visit, wanted: services.NewCase, error: BadValue | None) -> Response:
    prepared = services.prepare(visit.session, visit.actor, wanted, now=visit.now)
    context: Mapping[str, object] = {"prepared": prepared, "service": prepared.service, "wanted": wanted, "error": error}
    to = f"/me/services/{quote(prepared.service.code)}/apply"
    return visit.page("citizen/apply.html", 200 if error is None else 422, to=to, **context)


def invited(visit: Visit) -> Response:
    """The codes for the other parties, shown once."""
    case_id = visit.sent.params["case_id"]
    one = services.case_of(visit.session, visit.actor, case_id, now=visit.now)
    found = take_once(visit, visit.sent.params["kept_id"])
    if found is None or found[1] != case_id:
        return visit.go(f"/me/cases/{case_id}")
    codes = [line.partition("=")[::2] for line in found[0].splitlines()]
    named = [(services.task_words(one.service, f"seat:{seat}"), code) for seat, code in codes]
    return visit.page("citizen/invited.html", one=one, codes=named)


def case(visit: Visit) -> Response:
    """One case: one timeline, every clock, what she may do."""
    one = services.case_of(visit.session, visit.actor, visit.sent.params["case_id"], now=visit.now)
    return visit.page("citizen/case.html", one=one, steps=case_words.timeline(visit, one), w=case_words)


def act(visit: Visit) -> Response:
    """Withdraw, ask to hurry, hand in what lacked."""
    case_id = visit.sent.params["case_id"]
    doing = services.Doing(visit.choice("act", ACTS), "supplement", visit.optional("note", 500), {"form": written(visit, "").form})
    services.act(visit.session, visit.actor, case_id, doing, now=visit.now)
    return visit.go(f"/me/cases/{quote(case_id)}", "saved")


def enter(visit: Visit) -> Response:
    """Where a code that somebody gave her is entered."""
    return visit.page("citizen/confirm.html", seat=None, code="")


def open_seat(visit: Visit) -> Response:
    """What she is asked, opened by the code or by her own name; and her answer."""
    code = visit.optional("code", 40)
    case_id, seat = _seat(visit, code)
    answer = visit.optional("answer", 10)
    if answer in ("confirm", "decline"):
        doing = services.Doing(answer, seat, visit.optional("note", 500) or "-", {"code": code})
        services.act(visit.session, visit.actor, case_id, doing, now=visit.now)
        return visit.go("/me/services", "answered-seat")
    found = services.seat_of(visit.session, case_id, seat)
    return visit.page("citizen/confirm.html", seat=found[2], service=found[1], case_id=case_id, seat_code=seat, code=code)


def _seat(visit: Visit, code: str) -> tuple[str, str]:
    """The seat a code opens, or one that is hers by name. Raises Missing."""
    if code:
        found = services.open_invitation(visit.session, code)
    else:
        wanted = (visit.optional("case", 40), visit.optional("seat", 80))
        found = wanted if wanted in services.seats_for(visit.session, visit.actor) else None
    if found is None:
        raise Missing("没有这个确认码，或者已经失效 (no such code, or it has lapsed)")
    return found
