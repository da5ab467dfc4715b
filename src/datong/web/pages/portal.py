"""The catalogue of items, found by words, department, level or event of a life; read by anybody, signed in or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from datong import services
from datong.spec import Words
from datong.web.visit import Visit

MOST = 40


def show(visit: Visit) -> Response:
    """The public page: every item, and how many each level handles."""
    return visit.page("services.html", **found_of(visit, "/services"))


def guide(visit: Visit) -> Response:
    """The public guide of an item."""
    return visit.page("service.html", guide=guide_of(visit, visit.sent.params["service"]))


def guide_of(visit: Visit, code: str) -> services.Guide:
    """An item's guide with the departments' names."""
    named = {one: Words(*visit.sharing.department_words(one)) for one in visit.sharing.departments}
    return services.guide(services.items(visit.session), code, named)


def found_of(visit: Visit, path: str) -> Mapping[str, Any]:
    """What a page of the catalogue shows: the search, one page of what fits, and where the next one is."""
    query = visit.sent.query
    skip = int(query["skip"]) if query.get("skip", "").isdigit() and len(query["skip"]) < 6 else 0
    asked = {name: query.get(name, "")[:60] for name in ("q", "level", "department", "kind", "life")}
    items = services.items(visit.session)
    search = services.Search(asked["q"], asked["level"], asked["department"], asked["kind"], asked["life"], skip, MOST)
    found, total = services.search(items, search)
    further = {**{name: value for name, value in asked.items() if value}, "skip": str(skip + MOST)}
    led = services.leading(items)
    departments = sorted((code, f"{visit.department(code)} ({number})") for code, number in led.items())
    return {
        "found": found,
        "total": total,
        "asked": asked,
        "following": f"{path}?{urlencode(further)}" if skip + MOST < total else "",
        "first": f"{path}?{urlencode({**further, 'skip': '0'})}" if skip else "",
        "levels": [(level, services.LEVEL_WORDS[level], number) for level, number in services.counts(items).items()],
        "departments": departments,
        "kinds": services.KIND_WORDS,
        "lives": services.LIFE_WORDS,
        "path": path,
    }
