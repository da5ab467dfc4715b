"""For reviewers: why two codes are one or are not, what became of a code, and the subjects that fall apart or balloon."""

from __future__ import annotations

from starlette.responses import Response

from datong import share
from datong.web.pages.review import pictured
from datong.web.review_words import TABLES
from datong.web.visit import Visit

SHOWN = 50


def show(visit: Visit) -> Response:
    """The path of evidence between two codes, or what kept them apart; and the feed of merges and splits."""
    left, right = (visit.sent.query.get(name, "").strip() for name in ("left", "right"))
    found = share.explain_pair(visit.session, visit.actor, left, right, now=visit.now) if left and right else None
    before = visit.sent.query.get("before", "")
    feed = share.merge_feed(visit.session, visit.actor, int(before) if before.isdigit() and len(before) < 16 else 0, SHOWN)
    pictures = []
    if found and found.between and found.between.one:
        pictures = [pictured(share.drawn(visit.session, found.left.code))]
    return visit.page("office/links.html", left=left, right=right, found=found, feed=feed, shown=SHOWN, words=TABLES, graphs=pictures)


def story(visit: Visit) -> Response:
    """What became of a code: its merges and splits, its records and how each came, its graph."""
    found = share.code_story(visit.session, visit.actor, visit.sent.params["code"], now=visit.now)
    graphs = [pictured(found.drawing)] if found.drawing else []
    return visit.page("office/link.html", found=found, words=TABLES, graphs=graphs)


def clusters(visit: Visit) -> Response:
    """Subjects that fall apart or balloon, the gravest first."""
    found = share.suspicious(visit.session, visit.actor, SHOWN)
    return visit.page("office/clusters.html", found=found, words=TABLES)
