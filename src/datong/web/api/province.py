"""What systems ask of the province, through the city: by an agreed request, after the city's own door."""

from __future__ import annotations

from fastapi import Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from datong.share import cascade
from datong.web import clock
from datong.web.api.keys import Holder
from datong.web.api.schemas import KeyIn, Name, ReasonIn, Strict
from datong.web.api.verify import refusal


class ProvinceIn(Strict):
    """Ask the province of one subject."""

    code: str = Field(min_length=1, max_length=80, description="The province's code of the resource.")
    purpose: str = Name
    key: KeyIn
    reason: ReasonIn = ReasonIn()


class ProvinceOut(Strict):
    """What the province said: agreed data items by name, and what they are called."""

    found: bool
    items: dict[str, str]
    titles: dict[str, str]
    agreement: str
    lines: list[str]


def look_up_at_province(request: Request, body: ProvinceIn, holder: Holder) -> Response:
    """Read the agreed data items of one subject at the province.

    The city's agreement for the purpose must open this very subject first; the lines are durable before anything is asked of the province.
    `found` is false where nobody knows the subject.
    """
    state = request.app.state
    asked = (body.code, body.purpose, body.key.value_of())
    found = cascade.look_at_province(state.store, state.settings, holder, asked, reason=body.reason.value_of(), now=clock.now())
    if found.answer.outcome == "refused":
        raise refusal(found.answer, found.answer.lines)
    said = {"found": found.found, "items": dict(found.items), "titles": dict(found.titles)}
    return JSONResponse(said | {"agreement": found.answer.decision.agreement, "lines": list(found.answer.lines)})
