"""Licences issued, changed and ended by the systems of the departments that issue them. Every request is signed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from datong import licences
from datong.domain.codes import read_code
from datong.web import clock
from datong.web.api.keys import SignedHolder
from datong.web.api.schemas import FieldName, Strict

LicenceId = Annotated[str, Path(pattern=r"^L[A-Z2-7]{16}$")]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./-]{0,79}$", description="Your own number; the same one is done once.")]
Day = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
Facts = dict[FieldName, Annotated[str, Field(max_length=2000)] | bool | int]


class NewLicenceIn(Strict):
    """One licence to be issued to a permanent code. `parts`: for a composite licence, the ids of those it holds together."""

    reference: Reference
    type: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    holder: str = Field(min_length=10, max_length=20)
    facts: Facts = Field(max_length=60)
    valid_from: Day = ""
    valid_until: Day = ""
    case: str = Field(default="", max_length=60)
    parts: list[Annotated[str, Field(pattern=r"^L[A-Z2-7]{16}$")]] = Field(default_factory=list, max_length=40)


class LicencesIn(Strict):
    """What is to be issued, all or none."""

    licences: list[NewLicenceIn] = Field(min_length=1, max_length=licences.MOST_ORDERED)


class LicenceActIn(Strict):
    """One act: renew, change, suspend, resume, withdraw, revoke or cancel. All but the first two and `resume` need their reason."""

    reference: Reference
    act: str = Field(pattern=r"^(renew|change|suspend|resume|withdraw|revoke|cancel)$")
    reason: str = Field(default="", max_length=200)
    case: str = Field(default="", max_length=60)
    facts: Facts = Field(default_factory=dict, max_length=60)
    valid_until: Day = ""


class LicenceOut(BaseModel):
    """A licence as its issuer's system sees it: nothing of what it states."""

    licence_id: str
    identifier: str
    type: str
    version: int
    state: str
    valid_from: str
    valid_until: str = Field(description="The last day; empty without end.")
    digest: str = Field(description="SHA-256 of its signed text, as the ledger holds it.")


class OrderedOut(LicenceOut):
    """What came of an order."""

    reference: str
    again: bool = Field(description="Whether it had been done before, and was not done again.")


class OrderedLicencesOut(BaseModel):
    """The licences in the order that they were asked for."""

    licences: list[OrderedOut]


def issue_licences(request: Request, body: LicencesIn, holder: SignedHolder) -> Response:
    """Issue licences of your department's types. Durable when it is answered; sent again it is not done again."""
    orders = [licences.Order(one.reference, _wanted(one)) for one in body.licences]
    with request.app.state.store.session() as session:
        done = licences.order(session, holder, orders, now=clock.now())
    return JSONResponse({"licences": [_ordered_json(one) for one in done]}, 201)


def act_on_licence(request: Request, body: LicenceActIn, holder: SignedHolder, licence_id: LicenceId) -> Response:
    """Renew, change, suspend, resume, withdraw, revoke or cancel a licence of your department's."""
    doing = licences.Doing(body.act, body.reason, body.case, dict(body.facts), body.valid_until)
    with request.app.state.store.session() as session:
        done = licences.order_act(session, holder, licence_id, doing, body.reference, now=clock.now())
    return JSONResponse(_ordered_json(done))


def licence_state(request: Request, holder: SignedHolder, licence_id: LicenceId) -> Response:
    """How a licence of your department's stands."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(_json(licences.state_of(session, holder, licence_id, now=clock.now())))


def _wanted(one: NewLicenceIn) -> licences.NewLicence:
    code = read_code(one.holder).value
    return licences.NewLicence(one.type, code, dict(one.facts), one.valid_until, one.case, one.valid_from, tuple(one.parts))


def _json(found: licences.Licence) -> dict[str, Any]:
    named = {name: getattr(found, name) for name in ("licence_id", "identifier", "type", "version", "state", "valid_from", "digest")}
    return {**named, "valid_until": "" if found.valid_until == licences.END else found.valid_until}


def _ordered_json(done: licences.Ordered) -> dict[str, Any]:
    return {**_json(done.licence), "reference": done.reference, "again": done.again}
