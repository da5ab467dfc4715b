"""What the city knows of a citizen: every value with its source, a copy to keep, and the businesses she stands for."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import Any

from starlette.responses import Response

from datong import share
from datong.domain.access import Answer, Key, Question, Reason, SharedEntry, SharedFact, SharedLink
from datong.domain.codes import show_code
from datong.web.labels import FIELDS, label
from datong.web.pages.citizen_homes import no_answer
from datong.web.render import grouped
from datong.web.visit import Visit

GROUPS = {
    "identity": ("citizen_id", "name", "former_name", "sex", "birth_date", "ethnicity"),
    "contact": ("phone", "address", "registered_address", "household_no", "account_no"),
    "family": ("marital_status", "education", "school"),
    "work": ("workplace", "insurance_no", "housing_fund_no", "disability_level", "allowance"),
}
"""Group → its fields, in the order shown; what is in none comes last."""
FIRMS = ("legal_representative_of", "works_for")
FAMILY = ("married_to", "child_of", "ward_of")
COPY_REASON = Reason("own", text="本人下载数据副本")
SHOW_REASON = Reason("own", text="本人查看完整号码")


def show(visit: Visit) -> Response:
    """Her data, her number masked against a look over the shoulder."""
    return _page(visit, share.my_data(visit.session, visit.actor, now=visit.now))


def show_whole(visit: Visit) -> Response:
    """The same with her number whole."""
    return _page(visit, _whole(visit, SHOW_REASON))


def copy_to_print(visit: Visit) -> Response:
    """A copy on paper."""
    answer = _whole(visit, COPY_REASON)
    if answer.outcome != "found":
        return no_answer(visit, answer)
    homes = share.my_homes(visit.session, visit.actor, now=visit.now)
    return visit.page("citizen/copy.html", entry=answer.entries[0], homes=homes)


def copy_to_keep(visit: Visit) -> Response:
    """A copy as a file that a program can read."""
    answer = _whole(visit, COPY_REASON)
    if answer.outcome != "found":
        return no_answer(visit, answer)
    homes = share.my_homes(visit.session, visit.actor, now=visit.now)
    body = {"made_at": visit.at, "person": _entry_json(answer.entries[0]), "homes": [_home_json(one) for one in homes]}
    text = json.dumps(body, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(text, media_type="application/json", headers=headers)


def company(visit: Visit) -> Response:
    """What the law has a business publish."""
    question = Question("enterprise_publicity", "look_up", "organisation", Key("code", visit.sent.params["code"]))
    answer = share.ask(visit.session, visit.actor, question, now=visit.now)
    return visit.page("citizen/company.html", entry=answer.entries[0]) if answer.outcome == "found" else no_answer(visit, answer)


def in_groups(entry: SharedEntry) -> list[tuple[str, list[tuple[str, list[SharedFact]]]]]:
    """The facts by group and field; empty groups are left out."""
    by_field = dict(grouped(entry.facts))
    known = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "other": tuple(name for name in by_field if name not in known)}
    found = [(group, [(name, by_field[name]) for name in names if name in by_field]) for group, names in groups.items()]
    return [(group, facts) for group, facts in found if facts]


def _page(visit: Visit, answer: Answer) -> Response:
    if answer.outcome != "found":
        return no_answer(visit, answer)
    entry = answer.entries[0]
    masked = any(fact.masked for fact in entry.facts if fact.field == "citizen_id")
    return visit.page(
        "citizen/data.html",
        entry=entry,
        groups=in_groups(entry),
        firms=_links(entry, FIRMS, "organisation"),
        family=_links(entry, FAMILY, "person"),
        homes=[(address, list(links)) for address, links in groupby(sorted(_links(entry, (), "premises"), key=_place), _place)],
        masked=masked,
    )


def _links(entry: SharedEntry, types: tuple[str, ...], register: str) -> list[SharedLink]:
    return [link for link in entry.links if link.register == register and (not types or link.type in types) and not link.until]


def _place(link: SharedLink) -> str:
    return link.label or show_code(link.code)


def _whole(visit: Visit, reason: Reason) -> Answer:
    key = Key("code", visit.actor.subject)
    question = Question("own_data", "look_up", "person", key, unmask=("citizen_id",), reason=reason)
    return share.ask(visit.session, visit.actor, question, now=visit.now)


def _entry_json(entry: SharedEntry) -> dict[str, Any]:
    facts = [{**_fact_json(fact), "title": label("zh", fact.field, FIELDS)} for fact in entry.facts]
    links = [
        {"relation": link.type, "direction": link.direction, "register": link.register, "label": link.label, "masked": link.masked,
         "since": link.since, "until": link.until, "source": link.source, "department": link.department}
        for link in entry.links
    ]  # fmt: skip
    return {"code": entry.code, "marks": list(entry.marks), "facts": facts, "links": links}


def _fact_json(fact: SharedFact) -> dict[str, Any]:
    names = ("field", "value", "masked", "source", "department", "as_of", "conflict")
    return {**{name: getattr(fact, name) for name in names}, "marks": list(fact.marks)}


def _home_json(home: share.Home) -> dict[str, Any]:
    return {**_entry_json(home.entry), "state": home.state, "because": [asdict(one) for one in home.sources]}
