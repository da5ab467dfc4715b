"""Consent by API: ask a person for it, and see what became of the request."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from datong import share
from datong.web import clock
from datong.web.api.keys import Holder
from datong.web.api.schemas import FieldName, KeyIn, Name, ReasonIn, Strict, ground_json
from datong.web.errors import ProblemError

RequestId = Annotated[str, Path(pattern=r"^A[0-9]{8}-[0-9]{4,6}$")]


class ConsentRequestIn(Strict):
    """What is asked of whom."""

    purpose: str = Name
    key: KeyIn
    once: bool = Field(default=True, description="For one look; otherwise for `days`.")
    days: int = Field(default=30, ge=1, le=365)
    keep: Literal["view", "keep"] = "view"
    fields: list[FieldName] = Field(default_factory=list, max_length=60, description="Empty: everything the agreement grants.")
    reason: ReasonIn = ReasonIn()


class ConsentRequestOut(BaseModel):
    """How a request stands. Nothing of the person is told."""

    request_id: str
    state: Literal["asked", "given", "refused", "lapsed", "withdrawn", "used", "expired"]
    agreement: str
    asked_at: str
    lapses_at: str
    answered_at: str
    consent_id: str
    separate: list[str]


def ask_consent(request: Request, body: ConsentRequestIn, holder: Holder) -> Response:
    """Ask a person for her consent. She answers on her phone; ask `Location` what became of it. Refusing harms nothing."""
    fields = tuple(body.fields)
    key, reason = body.key.value_of(), body.reason.value_of()
    wanted = share.WantedConsent(body.purpose, key, body.once, body.days, body.keep, fields, reason)
    with request.app.state.store.session() as session:
        asked = share.ask_consent(session, holder, wanted, now=clock.now())
    if asked.request is None:
        shown = [ground_json(one) for one in asked.grounds]
        raise ProblemError("refused", " ".join(one["en"] or one["code"] for one in shown), grounds=shown)
    return JSONResponse(request_json(asked.request), 201, {"Location": f"/api/v1/consent-requests/{asked.request.request_id}"})


def consent_request(request: Request, holder: Holder, request_id: RequestId) -> Response:
    """How a request of yours stands."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(request_json(share.consent_request(session, holder, request_id, now=clock.now())))


def request_json(one: share.ConsentRequest) -> dict[str, object]:
    """A request as the API gives it."""
    names = ("request_id", "state", "agreement", "asked_at", "lapses_at", "answered_at", "consent_id")
    return {name: getattr(one, name) for name in names} | {"separate": list(one.separate)}
