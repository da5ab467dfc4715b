"""What the doors for systems take and give."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from datong.domain.access import Register
from datong.web.api.schemas import LARGEST, FieldName, GroundOut, KeyIn, Name, ReasonIn, Strict, Value

ABOUT = "Which register: person, organisation or premises."


class BatchRowIn(Strict):
    """One row to be checked."""

    key: KeyIn
    claims: dict[FieldName, Value] = Field(min_length=1, max_length=30)


class BatchIn(Strict):
    """Many checks for one purpose; the agreement says how many at a time."""

    purpose: str = Name
    about: Register = Field(alias="register", description=ABOUT)
    rows: list[BatchRowIn] = Field(min_length=1, max_length=1000)
    reason: ReasonIn = ReasonIn()


class BatchRowOut(BaseModel):
    """One row's answer. A refused row says why; the others stand."""

    row: int
    outcome: Literal["same", "different", "partly", "found", "not_found", "ambiguous", "refused"]
    agreement: str
    compared: dict[str, str]
    grounds: list[GroundOut]
    lines: list[str]


class BatchOut(BaseModel):
    """Every row's answer, in the order they were sent."""

    rows: list[BatchRowOut]


class ExtractIn(Strict):
    """What a file of many subjects is to hold."""

    purpose: str = Name
    about: Register = Field(alias="register", description=ABOUT)
    fields: list[FieldName] = Field(default_factory=list, max_length=60, description="Empty: every field the agreement grants.")
    where: dict[FieldName, Value] = Field(default_factory=dict, max_length=10, description="As the filters of a list.")
    reason: str = Field(min_length=5, max_length=300, description="What it is for; whoever approves it reads this.")
    form: Literal["xlsx", "csv"] = "csv"


class ExtractOut(BaseModel):
    """How an extract stands."""

    extract_id: str
    state: Literal["asked", "approved", "refused", "lapsed"]
    agreement: str
    asked_at: str
    decided_at: str
    said: str
    expires_at: str
    takes: int
    rows: int
    sha256: str


class SubscriptionIn(Strict):
    """Where changes are to be told."""

    url: str = Field(min_length=9, max_length=500, description="https, without user, query and fragment.")
    since: int | None = Field(default=None, ge=0, le=LARGEST, description="The last change you have seen; without it, from now on.")


class SubscriptionOut(BaseModel):
    """A subscription and how far it has come."""

    subscription_id: str
    url: str
    since: int
    state: Literal["active", "halted", "ended"]
    made_at: str
    attempts: int
    failing_since: str
    due_at: str
    error: str
    told_at: str
