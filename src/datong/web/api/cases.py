"""Items and cases by API: what can be applied for, a case begun by a department's own system, and how it stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.responses import JSONResponse, Response

from datong import services
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.domain.json_text import compact
from datong.spec import Words
from datong.store import Session
from datong.web import clock
from datong.web.api.keys import Holder, Known, admitted, secret_in
from datong.web.api.schemas import FieldName, KeyIn, Strict, Value
from datong.web.api.verify import read_body

T = TypeVar("T")
CaseId = Annotated[str, Path(pattern=r"^C[0-9]{8}-[0-9]{4,9}$")]
ServiceCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


class CaseIn(Strict):
    """A case to be begun. What sharing knows need not be sent; what is verified cannot be overwritten."""

    service: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)
    applicant: KeyIn
    answers: dict[FieldName, Value] = Field(default_factory=dict, max_length=40)
    form: dict[FieldName, Value] = Field(default_factory=dict, max_length=80)
    documents: dict[FieldName, Value] = Field(default_factory=dict, max_length=40)


class ActIn(Strict):
    """What the applicant does: withdraw, urge, or give_supplement with what she mends of the form."""

    act: str = Field(pattern=r"^(withdraw|urge|give_supplement)$")
    note: str = Field(default="", max_length=500)
    form: dict[FieldName, Value] = Field(default_factory=dict, max_length=80)


class TaskOut(BaseModel):
    """One part of a case: whose it is, how it stands, its last day while the clock runs."""

    task: str
    kind: str
    title_zh: str
    title_en: str
    department: str
    state: str
    outcome: str
    due: str
    paused_because: str


class CaseOut(BaseModel):
    """A case as it stands. `invitations` are told at the beginning, and never again."""

    case_id: str
    service: str
    version: str
    state: str
    decision: str
    tasks: list[TaskOut]
    told: list[str] = Field(description="What the applicant was told that lacks.")
    licences: list[str] = Field(description="Numbers of the licences that came of it.")
    invitations: dict[str, str]


class ItemOut(BaseModel):
    """An item of the catalogue."""

    code: str
    title_zh: str
    title_en: str
    kind: str
    department: str
    levels: list[str]
    online: bool
    days: int
    papers: int


class SectionOut(BaseModel):
    """One part of a guide."""

    title_zh: str
    title_en: str
    lines_zh: list[str]
    lines_en: list[str]


def list_items(
    request: Request,
    holder: Holder,
    *,
    q: Annotated[str, Query(max_length=60, description="Words; all must occur.")] = "",
    level: Annotated[str, Query(pattern="^(city|district|town|village)?$")] = "",
) -> Response:
    """Items people can apply for, at most 200."""
    with request.app.state.store.session(read_only=True) as session:
        found = services.find(services.items(session), q, level=level, most=200)
    return JSONResponse([_item_json(one) for one in found])


def guide(request: Request, holder: Holder, service: ServiceCode) -> Response:
    """The guide of an item, made from its pack."""
    with request.app.state.store.session(read_only=True) as session:
        items = services.items(session)
        named = {one: Words(*words) for one, words in services.department_words(session).items()}
        found = services.guide(items, service, named)
    return JSONResponse([_section_json(one) for one in found.sections])


def make_begin(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that begins a case of an item of a department's own, with a key issued for the item's agreements; durable when it is
    answered. A plain route: instant approvals come by the thousand."""
    state = app.state

    async def begin(request: Request) -> Response:
        body = await request.body()
        secret = secret_in(request.headers.get("authorization", ""))
        known = state.key_ring.remembered(secret) or await run_in_threadpool(_known, state, secret)
        holder = await admitted(request, known, body)
        if request.query_params:
            raise BadValue("query", "holds a parameter that is not described", "leave it out")
        return await _begin(request, read_body(request, body, CaseIn), holder)

    return begin


def _known(state: State, secret: str) -> Known:
    with state.store.session(read_only=True) as session:
        known: Known = state.key_ring.known(session, secret)
    return known


async def _begin(request: Request, body: CaseIn, holder: Actor) -> Response:
    wanted = services.NewCase(body.service, body.applicant.value_of(), body.answers, body.form, body.documents)
    case_id, sent = await _together(request, Beginning(holder, wanted))
    return Response(sent, 201, {"Location": f"/api/v1/cases/{case_id}"}, "application/json")


@dataclass(frozen=True)
class Beginning:
    """A case to be begun, as work that can go to another process: its number and what is answered."""

    holder: Actor
    wanted: services.NewCase

    def __call__(self, session: Session) -> tuple[str, bytes]:
        """Begin it."""
        now = clock.now()
        begun = services.begin(session, self.holder, self.wanted, now=now)
        one = services.begun_case(session, self.holder, begun, now=now)
        return one.case.case_id, compact(case_json(one, dict(begun.invitations))).encode()


@dataclass(frozen=True)
class Acting:
    """An act upon a case, as work that can go to another process: what is answered."""

    holder: Actor
    case_id: str
    doing: services.Doing

    def __call__(self, session: Session) -> bytes:
        """Do it."""
        now = clock.now()
        services.act(session, self.holder, self.case_id, self.doing, now=now)
        return compact(case_json(services.case_in_brief(session, self.holder, self.case_id, now=now), {})).encode()


def case(request: Request, holder: Holder, case_id: CaseId) -> Response:
    """How a case that your system began stands."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(case_json(services.case_in_brief(session, holder, case_id, now=clock.now()), {}))


async def act(request: Request, body: ActIn, holder: Holder, case_id: CaseId) -> Response:
    """Withdraw a case, ask to hurry, or hand in what lacked."""
    task = "supplement" if body.act == "give_supplement" else ""
    doing = services.Doing(body.act, task, body.note, {"form": body.form})
    return Response(await _together(request, Acting(holder, case_id, doing)), media_type="application/json")


async def _together(request: Request, work: Callable[[Session], T]) -> T:
    """Work upon a case in the next of the transactions that many callers share; its result once that is durable."""
    state = request.app.state
    done: T = await state.arrivals.result(state.case_commit.submit(work))
    return done


def case_json(one: services.Brief, invitations: dict[str, str]) -> dict[str, Any]:
    """A case as the API gives it: nothing of the form."""
    return {
        "case_id": one.case.case_id,
        "service": one.service.code,
        "version": one.service.version,
        "state": one.case.state,
        "decision": one.case.decision,
        "tasks": [_task_json(part) for part in one.parts],
        "told": list(one.told),
        "licences": [str(event.data["number"]) for event in one.timeline if event.kind == "licensed"],
        "invitations": invitations,
    }


def _task_json(part: services.Part) -> dict[str, str]:
    task = part.task
    named = {"task": task.code, "kind": task.kind, "title_zh": part.title.zh, "title_en": part.title.en, "department": task.department}
    return {**named, "state": task.state, "outcome": task.outcome, "due": task.clock.due, "paused_because": task.clock.why}


def _item_json(one: services.Found) -> dict[str, Any]:
    item = one.service
    named = {"code": item.code, "title_zh": item.title.zh, "title_en": item.title.en, "kind": item.kind, "department": item.department}
    return {**named, "levels": list(item.levels), "online": item.online, "days": one.days, "papers": one.papers}


def _section_json(one: services.Section) -> dict[str, Any]:
    lines = {"lines_zh": [line.zh for line in one.lines], "lines_en": [line.en for line in one.lines]}
    return {"title_zh": one.title.zh, "title_en": one.title.en, **lines}
