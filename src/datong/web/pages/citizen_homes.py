"""A citizen's homes: whose word makes them hers, and for an owner who is registered and lives there."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer, SharedLink
from datong.web.render import grouped
from datong.web.visit import Visit

FIRMS = ("registered_at", "operates_at")
PEOPLE = ("rents", "lives_at", "household_registered_at", "account_holder_at")
PARTS = ("address", "division", "street", "community", "estate", "building", "entrance", "room", "longitude", "latitude")
"""What a standard address says already: folded away."""
LIGHTS = {"claimed": "green", "to_claim": "yellow", "disputed": "red", "tenant": "green", "resident": "green"}


def show_all(visit: Visit) -> Response:
    """Her homes, owned ones first."""
    homes = share.my_homes(visit.session, visit.actor, now=visit.now)
    return visit.page("citizen/homes.html", homes=homes, lights=LIGHTS)


def show(visit: Visit) -> Response:
    """One home. Anybody else's, and one that does not exist, are answered in the same words."""
    home, answer = share.my_home(visit.session, visit.actor, visit.sent.params["code"], now=visit.now)
    if home is None:
        return no_answer(visit, answer)
    inside = share.at_my_home(visit.session, visit.actor, home.code, now=visit.now) if home.owned else None
    links = living(inside) if inside else []
    passes = [one for one in share.my_passes(visit.session, visit.actor, now=visit.now) if one.premises == home.code]
    facts = grouped(home.entry.facts)
    return visit.page(
        "citizen/home_one.html",
        home=home,
        facts=[(field, items) for field, items in facts if field not in PARTS],
        parts=[(field, items) for field, items in facts if field in PARTS],
        lights=LIGHTS,
        inside=inside,
        firms=[link for link in links if link.type in FIRMS],
        people=[link for link in links if link.type in PEOPLE],
        named=lambda link: tie_name(visit, link),
        passes=[one for one in passes if one.state == "valid"],
    )


def no_answer(visit: Visit, answer: Answer) -> Response:
    """A friendly page for a no; a page, not an error, because the line of the attempt must stay written."""
    grounds = answer.grounds or answer.decision.grounds
    status = 404 if answer.outcome == "not_found" else 429 if any(one.code.startswith("quota") for one in grounds) else 403
    return visit.page("citizen/no_answer.html", status, outcome=answer.outcome, grounds=grounds if status != 404 else ())


def living(answer: Answer) -> list[SharedLink]:
    """Who is at a home today, the asker's own ties included."""
    links = [link for entry in answer.entries for link in entry.links]
    return [link for link in links if not link.until and link.direction == "in"]


def tie_name(visit: Visit, link: SharedLink) -> str:
    """What a form calls a tie: good for this sign-in only, so that no neighbour's permanent code stands in the page."""
    return hashlib.sha256(f"{visit.form_token}|{link.type}|{link.code}".encode()).hexdigest()[:24]
