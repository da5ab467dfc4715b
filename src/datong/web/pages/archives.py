"""Electronic archives of cases: found, opened for a reason that the applicant sees, taken away as a package, disposed of by a list."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from datong import services
from datong.services import archives
from datong.web import case_words
from datong.web.visit import Visit

WAYS = ("open", "package")
_WORDS: dict[str, Any] = {"w": case_words, "states": services.STATE_WORDS}


def show(visit: Visit) -> Response:
    """The archives she may know of, what is due for disposal, and the lists."""
    query = visit.sent.query
    asked = {name: query.get(name, "").strip()[:60] for name in ("service", "case", "year")}
    found = archives.find_archives(visit.session, visit.actor, service=asked["service"], case_id=asked["case"], year=asked["year"])
    due = archives.due_archives(visit.session, visit.actor, now=visit.now) if visit.may("archives.dispose") else ()
    lists = archives.disposals(visit.session, visit.actor)
    items = services.items(visit.session).services
    titles = {code: one.title for code, one in items.items()}
    rules = archives.archive_rules(visit.session)
    return visit.page("office/archives.html", found=found, asked=asked, due=due, lists=lists, titles=titles, rules=rules, **_WORDS)


def one(visit: Visit) -> Response:
    """One archive: its number and term, and the form that asks what it is opened for."""
    archive = archives.find_archive(visit.session, visit.actor, visit.sent.params["archive_id"])
    return visit.page("office/archive.html", archive=archive, opened=None, reason="", **_WORDS)


def open_one(visit: Visit) -> Response:
    """What lies in an archive, or the whole package; either leaves a line."""
    archive_id, reason = visit.sent.params["archive_id"], visit.text("reason", 300)
    if visit.choice("way", WAYS) == "package":
        name, content = archives.take_package(visit.session, visit.actor, archive_id, reason, now=visit.now)
        return visit.file(content, name, "application/zip")
    opened = archives.open_archive(visit.session, visit.actor, archive_id, reason, now=visit.now)
    return visit.page("office/archive.html", archive=opened.archive, opened=opened, reason=reason, **_WORDS)


def propose(visit: Visit) -> Response:
    """Make a list for disposal."""
    wanted = visit.sent.lists.get("archives", ())
    archives.propose_disposal(visit.session, visit.actor, wanted, visit.text("why", 300), now=visit.now)
    return visit.go("/office/archives", "saved")


def decide(visit: Visit) -> Response:
    """Approve or refuse a list that somebody else made."""
    approved = visit.choice("result", ("approve", "refuse")) == "approve"
    archives.decide_disposal(visit.session, visit.actor, visit.sent.params["disposal_id"], approved, visit.text("said", 300), now=visit.now)
    return visit.go("/office/archives", "decided")
