"""Open data for everybody: found, read, downloaded, corrected without signing in; asked for by anybody who is."""

from __future__ import annotations

import json

from starlette.responses import Response

from datong.share import open_data
from datong.web.visit import Visit


def show(visit: Visit) -> Response:
    """What is open, found by words and department."""
    asked = {name: visit.sent.query.get(name, "").strip()[:60] for name in ("q", "department")}
    found, total = open_data.search(visit.session, asked["q"], asked["department"], now=visit.now)
    departments = [(code, visit.department(code)) for code in visit.sharing.departments]
    return visit.page("open_data.html", found=found, total=total, asked=asked, departments=departments)


def one(visit: Visit) -> Response:
    """One dataset: what it says, under which licence, how fresh, its versions, what was reported of it."""
    shown = open_data.show(visit.session, visit.sent.params["dataset"], now=visit.now)
    return visit.page("open_dataset.html", shown=shown, reported=visit.sent.query.get("number", "")[:20])


def download(visit: Visit) -> Response:
    """A file of a version, counted."""
    params, query = visit.sent.params, visit.sent.query
    version = query.get("version", "0")
    number = int(version) if version.isdigit() and len(version) < 7 else -1
    copy = open_data.take_copy(
        visit.session, params["dataset"], params["form"], version=number, agreed=query.get("agree") == "1", now=visit.now
    )
    return visit.file(copy.content, copy.name, copy.media_type)


def catalogue(visit: Visit) -> Response:
    """The catalogue of what is open, as DCAT-AP in JSON-LD."""
    text = json.dumps(open_data.dcat(visit.session), ensure_ascii=False, indent=1)
    return visit.file(text.encode(), "open-data.jsonld", "application/ld+json")


def correct(visit: Visit) -> Response:
    """Report what is wrong in a dataset; nobody needs to sign in."""
    code = visit.sent.params["dataset"]
    made = open_data.report_correction(visit.session, code, visit.text("what", 500), now=visit.now)
    return visit.go(f"/open/data/{code}?number={made.correction_id}#corrections")


def wishes(visit: Visit) -> Response:
    """What was asked to be opened and how it was answered; the form for those who are signed in, and their own."""
    own = open_data.own_wishes(visit.session, visit.actor) if visit.sign_in else ()
    departments = [(code, visit.department(code)) for code in visit.sharing.departments]
    answered = open_data.wishes(visit.session)
    return visit.page("open_wishes.html", answered=answered, own=own, departments=departments)


def wish(visit: Visit) -> Response:
    """Ask for a resource to be opened."""
    wanted = open_data.WishedFor(visit.text("title", 100), visit.text("why", 500), visit.optional("department", 60))
    open_data.wish(visit.session, visit.actor, wanted, now=visit.now)
    return visit.go("/open/wishes", "wished")
