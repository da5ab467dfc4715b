"""A request as it stands: read from the store, for those who are a party to it or see all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.share.installed import Installed
from datong.share.requests import queries
from datong.share.requests.clocks import days_left, light_of
from datong.share.requests.parties import sees_all
from datong.store import Row, Session

MOST = 500


@dataclass(frozen=True)
class Lack:
    """One thing a request lacks: a paper, a part of the terms, or what the providing department wrote besides."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Request:
    """One request. `due` is the ISO date of the last working day of `clock`; `light` is green, yellow, red or grey."""

    request_id: str
    requesting: str
    providing: str
    title: str
    purpose: str
    resource: str
    terms: Mapping[str, Any]
    papers: Mapping[str, str]
    sharing_class: str
    state: str
    clock: str
    due: str
    lacking: tuple[Lack, ...]
    answer: Mapping[str, Any]
    mediation: int
    agreement: str
    made_by: str
    made_at: str
    days_left: int = 0
    light: str = "grey"


@dataclass(frozen=True)
class Step:
    """One thing that was done: with a request, or with an agreement's version."""

    number: int
    act: str
    state: str
    version: int
    at: str
    by: str
    department: str
    note: str
    clock: str
    due: str
    days: int


@dataclass(frozen=True)
class Asked:
    """What a request asks for and says for itself. `terms` is the agreement as a pack would write it, without its departments."""

    title: str
    providing: str
    purpose: str
    terms: Mapping[str, Any]
    papers: Mapping[str, str] = field(default_factory=dict)
    resource: str = ""


def read_request(parts: Installed, row: Row, today: date) -> Request:
    """A row of the request queries as a request."""
    values = list(row)
    values[6], values[7] = json.loads(values[6]), json.loads(values[7])
    values[12] = tuple(Lack(*one) for one in json.loads(values[12]))
    values[13] = json.loads(values[13])
    due = str(row[11])
    return replace(Request(*values), days_left=days_left(parts, due, today), light=light_of(parts, due, today))


def find_request(session: Session, parts: Installed, actor: Actor, request_id: str, today: date) -> Request:
    """One request. Raises Missing when there is none, or none that is the actor's to see: the two are told alike."""
    row = session.one(queries.REQUEST, {"request_id": request_id})
    if row is None or not (sees_all(parts, actor) or actor.department in (row[1], row[2])):
        raise Missing("没有这个申请 (there is no such request)")
    return read_request(parts, row, today)


def list_requests(session: Session, parts: Installed, actor: Actor, state: str, today: date) -> tuple[Request, ...]:
    """The requests the actor may see, the most urgent first. `state`: one of the pack's, "open", or "" for all."""
    parts_of, params = ["1 = 1"], dict[str, Any](most=MOST)
    if not sees_all(parts, actor):
        parts_of.append("(requesting = :department OR providing = :department)")
        params["department"] = actor.department
    wanted = [code for code, one in parts.requests.states.items() if one.next != "nobody"] if state == "open" else [state] if state else []
    if wanted:
        names = {f"s{number}": code for number, code in enumerate(wanted)}
        parts_of.append(f"state IN ({', '.join(':' + name for name in names)})")
        params.update(names)
    rows = session.all(queries.REQUESTS.format(where=" AND ".join(parts_of)), params)
    return tuple(read_request(parts, row, today) for row in rows)


def steps_of(session: Session, about: str) -> tuple[Step, ...]:
    """Everything that was done with a request or an agreement, in order."""
    return tuple(Step(*row) for row in session.all(queries.STEPS, {"about": about}))
