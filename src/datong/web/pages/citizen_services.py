"""A citizen applies: search, guide, the form with what is known filled in, one timeline, and her word as another's party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from datong import services
from datong.domain.access import Key
from datong.domain.errors import BadValue, Missing
from datong.web import case_words
from datong.web.pages.citizen_once import keep_once, take_once
from datong.web.pages.portal import found_of, guide_of
from datong.web.visit import Visit

ANSWER, FORM, DOCUMENT, FILE = "answer.", "form.", "document.", "file."
"""How the form's inputs are called, so that no field of an item meets one of the page's own."""
ACTS = ("withdraw", "urge", "give_supplement")


def show(visit: Visit) -> Response:
    """Search over all items; her cases; what waits for her word."""
    mine = services.my_cases(visit.session, visit.actor)
    titles = services.items(visit.session).services
    kept = services.drafts(visit.session, visit.actor, now=visit.now)
    left = [(one, titles[one.service]) for one in kept if one.service in titles]
    return visit.page(
        "citizen/services.html", mine=mine, drafts=left, waiting=seats_waiting(visit), w=case_words, **found_of(visit, "/me/services")
    )


def seats_waiting(visit: Visit) -> list[tuple[Any, ...]]:
    """What waits for her word as another's party: case, seat, item and the seat as its pack says it."""
    hers = services.seats_for(visit.session, visit.actor)
    return [(case_id, seat, *services.seat_of(visit.session, case_id, seat)[1:]) for case_id, seat in hers]


def guide(visit: Visit) -> Response:
    """The guide of an item, made from its pack."""
    return visit.page("citizen/service.html", guide=guide_of(visit, visit.sent.params["service"]))


def form(visit: Visit) -> Response:
    """The form, filled in with what sharing knows of her, and with what a draft of hers kept."""
    service, kept = visit.sent.params["service"], visit.sent.query.get("draft", "")[:40]
    firm, wanted = _firm(visit, service, kept), services.NewCase(service)
    if isinstance(firm, Response):
        return firm
    if kept:
        draft = services.draft_of(visit.session, visit.actor, kept, now=visit.now)
        if draft.service != service:
            raise Missing("没有这份草稿 (there is no such draft)")
        wanted = _of_draft(draft)
    return _form(visit, replace(wanted, applicant=firm), None, draft=kept)


def apply(visit: Visit) -> Response:
    """Send it, keep it for later, or fill in what is known; what does not fit is told beside the form, with everything still there."""
    wanted, kept = written(visit, visit.sent.params["service"]), visit.optional("draft", 40)
    if firm := visit.optional("firm", 20):
        wanted = replace(wanted, applicant=Key("code", firm))
    try:
        wanted = replace(wanted, papers={**_kept_papers(visit, kept), **handed_in(visit)})
        if (step := visit.sent.form.get("step")) in ("fill", "save"):
            return _saved(visit, wanted, kept) if step == "save" else _form(visit, wanted, None, draft=kept)
        begun = services.begin(visit.session, visit.actor, wanted, now=visit.now)
    except BadValue as error:
        return _form(visit, wanted, error, draft=kept)
    if kept:
        services.drop_draft(visit.session, visit.actor, kept)
    told = keep_once(visit, _codes(begun), begun.case.case_id) if begun.invitations else ""
    return visit.go(f"/me/cases/{begun.case.case_id}" + (f"/invited/{told}" if told else ""), "" if told else "applied")


def _firm(visit: Visit, code: str, draft: str) -> Key | Response | None:
    """For an item of organisations: the one she represents, or the page where she chooses; nothing for other items."""
    if services.items(visit.session).of(code).applicant != "organisation":
        return None
    firms = services.firms_of(visit.session, visit.actor, code, now=visit.now)
    asked = visit.sent.query.get("firm", "")
    known = [one for one, _ in firms if one == asked or len(firms) == 1]
    if known:
        return Key("code", known[0])
    return visit.page("citizen/firms.html", service=services.items(visit.session).of(code), firms=firms, draft=draft)


def drop(visit: Visit) -> Response:
    """Throw a draft away."""
    services.drop_draft(visit.session, visit.actor, visit.sent.params["draft_id"])
    return visit.go("/me/services", "dropped")


def handed_in(visit: Visit) -> dict[str, services.Paper]:
    """The files of a form, taken in: document → paper. Raises BadValue naming the document."""
    files = {name: visit.upload(name) for name in visit.sent.files if name.startswith(FILE)}
    return services.take_papers(visit.session, {name.removeprefix(FILE): (one.name, one.content) for name, one in files.items() if one})


def _kept_papers(visit: Visit, kept: str) -> dict[str, services.Paper]:
    """What a draft of hers holds; a file is never named by the browser."""
    return dict(services.draft_of(visit.session, visit.actor, kept, now=visit.now).papers) if kept else {}


def _of_draft(draft: services.Draft) -> services.NewCase:
    return services.NewCase(draft.service, None, draft.answers, draft.form, draft.documents, papers=draft.papers)


def _keep(visit: Visit, wanted: services.NewCase, kept: str) -> str:
    draft = services.Draft(kept, wanted.service, wanted.answers, wanted.form, wanted.documents, wanted.papers)
    return services.keep_draft(visit.session, visit.actor, draft, now=visit.now)


def _saved(visit: Visit, wanted: services.NewCase, kept: str) -> Response:
    _keep(visit, wanted, kept)
    return visit.go("/me/services", "draft")


def _codes(begun: services.Begun) -> str:
    return "\n".join(f"{seat}={code}" for seat, code in begun.invitations.items())


def written(visit: Visit, service: str) -> services.NewCase:
    """A new case as the form's inputs say it."""
    sent = visit.sent.form

    def part(kind: str) -> dict[str, str]:
        return {name.removeprefix(kind): value.strip() for name, value in sent.items() if name.startswith(kind) and value.strip()}

    return services.NewCase(service, answers=part(ANSWER), form=part(FORM), documents=part(DOCUMENT))


def _form(visit: Visit, wanted: services.NewCase, error: BadValue | None, *, draft: str = "") -> Response:
    """The form. Files she has sent already are kept in a draft, so that she need not choose them again."""
    if wanted.papers and visit.sent.method == "POST":
        draft = _keep(visit, wanted, draft)
    prepared = services.prepare(visit.session, visit.actor, wanted, now=visit.now)
    context: Mapping[str, object] = {"prepared": prepared, "service": prepared.service, "wanted": wanted, "error": error, "draft": draft}
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
    """One case: one timeline, every clock, what she may do, her word on how it was handled."""
    one = services.case_of(visit.session, visit.actor, visit.sent.params["case_id"], now=visit.now)
    applicant = one.role == "applicant"
    rating = services.rating_of(visit.session, one.case.case_id, now=visit.now) if applicant else None
    notes = services.notes_of(one.timeline) if applicant else ()
    context: dict[str, Any] = {
        "steps": case_words.timeline(visit, one),
        "w": case_words,
        "rating": rating,
        "grades": services.GRADES,
        "notes": notes,
    }
    return visit.page("citizen/case.html", one=one, note_words=services.NOTE_WORDS, **context)


def act(visit: Visit) -> Response:
    """Withdraw, ask to hurry, hand in what lacked."""
    case_id = visit.sent.params["case_id"]
    data = {"form": written(visit, "").form}
    doing = services.Doing(visit.choice("act", ACTS), "supplement", visit.optional("note", 500), data, papers=handed_in(visit))
    services.act(visit.session, visit.actor, case_id, doing, now=visit.now)
    return visit.go(f"/me/cases/{quote(case_id)}", "saved")


def rate(visit: Visit) -> Response:
    """How it was handled, in her word."""
    case_id, grade = visit.sent.params["case_id"], visit.choice("grade", ("1", "2", "3", "4", "5"))
    services.rate(visit.session, visit.actor, case_id, int(grade), visit.optional("note", 500), now=visit.now)
    return visit.go(f"/me/cases/{quote(case_id)}", "rated")


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
