"""Questions to the registers: look one subject up, list many, see what you may ask."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import JSONResponse, Response

from datong import share
from datong.domain.access import Answer, Question, Reason, Register
from datong.web import clock
from datong.web.api.address_schemas import AddressIn, LocateIn, address_json, located_json
from datong.web.api.keys import Holder
from datong.web.api.schemas import LookUpIn, entitlement_json
from datong.web.api.verify import answered

FILTERS = ("division", "mark", "status", "use", "street", "community", "estate", "building", "grid_cell", "industry", "org_type", "event")
"""What a list may be limited by in an address line: nothing that names a person."""


def look_up(request: Request, body: LookUpIn, holder: Holder) -> Response:
    """Read the granted fields of one subject. Every look leaves a ledger line that the person concerned can read.

    With `encrypt_to` the answer is a JWE for that key; some agreements give nothing otherwise.
    """
    if body.encrypt_to is None:
        return _answer(request, holder, body.question())
    key = share.EncryptionKey.read(body.encrypt_to.model_dump())
    answer = _answer(request, holder, body.question())
    return Response(key.encrypt(bytes(answer.body)), media_type=key.media_type, headers={"Cache-Control": "no-store"})


def list_entries(
    request: Request,
    holder: Holder,
    *,
    register: Annotated[Register, Path(description="person, organisation or premises")],
    purpose: Annotated[str, Query(min_length=1, max_length=80)],
    fields: Annotated[str, Query(max_length=1000, description="Field names with commas; empty: every granted field.")] = "",
    reference: Annotated[str, Query(max_length=120, description="The case or task number this list serves.")] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Read many subjects page by page, in the order of their codes. Filters: `division`, `mark`, `status`, `street` and the like."""
    question = Question(
        purpose=purpose,
        operation="list",
        register=register,
        fields=tuple(name.strip() for name in fields.split(",") if name.strip()),
        where=_filters(request),
        cursor=cursor,
        limit=limit,
        reason=Reason("task", reference) if reference else Reason(),
        automatic=True,
    )
    return _answer(request, holder, question)


def entitlements(request: Request, holder: Holder, purpose: Annotated[str, Query(max_length=80)] = "") -> Response:
    """What this key may ask: fields with their masks, keys, claims, a row for each agreement."""
    with request.app.state.store.session(read_only=True) as session:
        found = share.entitlements(session, holder, purpose, now=clock.now())
    return JSONResponse([entitlement_json(one) for one in found])


def purposes(request: Request, holder: Holder) -> Response:
    """The purposes this key may ask for."""
    with request.app.state.store.session(read_only=True) as session:
        found = share.purposes_for(session, holder, now=clock.now())
    names = ("code", "title_zh", "title_en", "plain_zh", "plain_en", "basis", "department")
    return JSONResponse([{name: getattr(one, name) for name in names} for one in found])


def suggest_addresses(request: Request, body: AddressIn, holder: Holder) -> Response:
    """Complete a half-typed address: an estate's name gives street, community and the full wording."""
    with request.app.state.store.session(read_only=True) as session:
        found = share.suggest(session, holder, body.text, body.limit, now=clock.now())
    return JSONResponse([{"text": one.text, "level": one.level, "code": one.code} for one in found])


def read_address(request: Request, body: AddressIn, holder: Holder) -> Response:
    """Read a free address into its parts and find the premises it means, with the reasons."""
    with request.app.state.store.session(read_only=True) as session:
        found = share.read_address(session, holder, body.text, body.division, now=clock.now())
    return JSONResponse(address_json(found))


def locate(request: Request, body: LocateIn, holder: Holder) -> Response:
    """Where an address or premises lie: division, block of the grid, point on the map."""
    with request.app.state.store.session(read_only=True) as session:
        found = share.locate(session, holder, body.text, body.code, body.division, now=clock.now())
    return JSONResponse(located_json(found))


def _filters(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in request.query_params.items() if name in FILTERS)


def _answer(request: Request, holder: Holder, question: Question) -> Response:
    with request.app.state.store.session() as session:
        answer: Answer = share.ask(session, holder, question, now=clock.now())
    return answered(answer, answer.lines)
