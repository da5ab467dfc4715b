"""Check a licence that is shown: by anybody at a page of its own, by officers at theirs, at a counter by ID card alone."""

from __future__ import annotations

from starlette.responses import Response

from datong import licences
from datong.domain.access import Actor
from datong.web.visit import Visit

LONGEST = 200_000


def form(visit: Visit) -> Response:
    """Scan, paste or upload."""
    return visit.page("verify_licence.html", checked=None, kind=None)


def check(visit: Visit) -> Response:
    """The outcome stands on this page: what was typed goes into no address line."""
    checked = _checked(visit, visit.sign_in.actor if visit.sign_in else None)
    return visit.page("verify_licence.html", checked=checked, kind=licences.types(visit.session).get(checked.verdict.type))


def office_form(visit: Visit) -> Response:
    """The same for officers, and the ID card."""
    return _office(visit, None)


def office_check(visit: Visit) -> Response:
    """Check what is shown, as an officer of her department."""
    return _office(visit, _checked(visit, visit.actor))


def by_card(visit: Visit) -> Response:
    """Use a licence by the holder's ID card alone, where she has agreed."""
    number, kind = visit.text("citizen_id", 30), visit.text("type", 60)
    return _office(visit, licences.by_card(visit.session, visit.actor, number, kind, purpose=visit.text("purpose", 60), now=visit.now))


def _office(visit: Visit, checked: licences.Checked | None) -> Response:
    kinds = licences.types(visit.session)
    return visit.page(
        "office/licence_check.html",
        checked=checked,
        kind=kinds.get(checked.verdict.type) if checked else None,
        cards={code: (one.title_zh, one.title_en) for code, one in kinds.items() if one.counter and one.live},
    )


def _checked(visit: Visit, actor: Actor | None) -> licences.Checked:
    upload = visit.upload("file")
    if upload is not None and licences.is_paper(upload.content):
        return licences.check_paper(visit.session, actor, upload.content, now=visit.now)
    return licences.check_text(visit.session, actor, _shown(visit), now=visit.now)


def _shown(visit: Visit) -> str:
    """What was scanned, pasted or uploaded. Raises BadValue when nothing was."""
    upload = visit.upload("file")
    if upload is not None and upload.content:
        return upload.content[:LONGEST].decode("ascii", "replace")
    return visit.text("key", LONGEST)
