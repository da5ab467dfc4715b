"""What the API says of supervision items, of events, and of what was verified once."""

from __future__ import annotations

from pydantic import BaseModel


class SupervisionItemOut(BaseModel):
    """One supervision item and what there is of it."""

    code: str
    title: str
    department: str
    kind: str
    basis: str
    resource: str
    records: int
    newest: str


class EventOut(BaseModel):
    """Something done or reported that concerns the subject; its kind is one that the agreement names."""

    kind: str
    number: str
    on: str
    until: str
    item: str
    result: str
    amount: str
    source: str
    department: str


class VerifiedOut(BaseModel):
    """An identity or a paper verified by some counter: it need not be asked for again until the day named."""

    what: str
    department: str
    how: str
    basis: str
    at: str
    until: str
