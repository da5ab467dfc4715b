"""The hot call: one verification, answered when its ledger line is durable. A plain route, because it must be cheap.

The question is read and decided on a read session held in the event loop (point look-ups of microseconds); the line
goes into the group commit, and the answer waits for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import FastAPI
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from datong import share
from datong.domain.access import Actor, Answer, Question
from datong.ledger import OverCountError
from datong.store import Reads, Session, Store
from datong.web import clock
from datong.web.api.keys import admitted, secret_in
from datong.web.api.schemas import VerifyIn, answer_json, ground_json
from datong.web.errors import ProblemError, validation_problem

M = TypeVar("M", bound=BaseModel)


def make(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of one application."""
    store, state = app.state.store, app.state

    async def verify(request: Request) -> Response:
        body = await request.body()
        with store.session(read_only=True) as session:
            known = state.key_ring.known(session, secret_in(request.headers.get("authorization", "")))
            prepared = prepare(session, request, known.holder, body) if known.free and not state.reads.travels else None
        if prepared is None:
            holder = await admitted(request, known, body)
            prepared = await prepare_ahead(store, state.reads, holder, read_body(request, body, VerifyIn).question())
        if prepared.changes:  # a pass was shown: its use and the owner's notice belong to the answer's own transaction
            answer = await run_in_threadpool(_settle, store, prepared)
            return answered(answer, answer.lines)
        try:
            lines = await state.group_commit.commit(prepared.lines, prepared.count)
        except OverCountError as error:
            prepared = share.instead(prepared, error)
            lines = await state.group_commit.commit(prepared.lines)
        return answered(prepared.answer, lines)

    return verify


def prepare(session: Session, request: Request, holder: Actor, body: bytes) -> share.Prepared:
    """The answer to a body, worked out and not yet given."""
    return share.prepare(session, holder, read_body(request, body, VerifyIn).question(), now=clock.now())


async def prepare_ahead(store: Store, reads: Reads, holder: Actor, question: Question) -> share.Prepared:
    """As `prepare`, after what it reads was read with what others read at this moment."""
    now = clock.now()
    with store.session(read_only=True) as session:
        wanted = share.wanted(session, holder, question, now=now)
    found = await reads.read(wanted)
    with store.session(read_only=True) as session:
        session.know(found)
        return share.prepare(session, holder, question, now=now)


def _settle(store: Store, prepared: share.Prepared) -> Answer:
    with store.session() as session:
        return share.settle(session, prepared)


def read_body(request: Request, body: bytes, model: type[M]) -> M:
    """The body of a plain route as what it should be. Raises a problem that names what does not fit, never the values sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError("bad-media-type", "Send the body with Content-Type: application/json.")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problem = validation_problem([{**one, "loc": ("body", *one["loc"])} for one in found])
        raise ProblemError(problem.kind.slug, problem.detail, **problem.members) from None


def answered(answer: Answer, lines: tuple[str, ...]) -> Response:
    """The answer as JSON. A refusal is a problem that names each field and the rule that is missing."""
    if answer.outcome == "refused":
        raise refusal(answer, lines)
    return JSONResponse(answer_json(answer, lines))


def refusal(answer: Answer, lines: tuple[str, ...]) -> ProblemError:
    """A refused answer as a problem; its ledger line is written already."""
    grounds = [ground_json(ground) for ground in answer.grounds or answer.decision.grounds]
    detail = " ".join(ground["en"] or ground["code"] for ground in grounds)
    return ProblemError(
        "refused",
        detail,
        agreement=answer.decision.agreement,
        refused_fields=list(answer.decision.refused_fields),
        grounds=grounds,
        lines=list(lines),
    )
