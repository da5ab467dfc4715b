"""What the API says of how sharing stands: supervision items, counts by level, open data."""

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
