"""Receipts by API: what the record holds of a department's own reads, and the proof of each as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from datong import share
from datong.web import clock
from datong.web.api.keys import Holder

LineId = Annotated[str, Path(pattern=r"^[0-9a-f]{22}$")]
PROOF = "text/plain; charset=utf-8"
When = Annotated[str, Query(max_length=40, description="A date or a time in UTC: 2026-01-31 or 2026-01-31T08:00:00Z.")]


class ReceiptLineOut(BaseModel):
    """One line of your department. `receipt` is the log's signed promise, `place` the line's index, for `datong ledger monitor`."""

    line: str
    at: str
    type: str
    by: str
    purpose: str
    agreement: str
    place: int
    receipt: str


class ReceiptsOut(BaseModel):
    """Lines newest first; ask again with `cursor` = `next_cursor` until it is empty."""

    receipts: list[ReceiptLineOut]
    next_cursor: str


def receipts(
    request: Request,
    holder: Holder,
    *,
    since: When = "",
    until: When = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """What the record holds of your department: each line with its receipt. Whom a line is about is not told here."""
    with request.app.state.store.session() as session:
        found, following = share.receipts(session, holder, since, until, cursor=cursor, limit=limit, now=clock.now())
    return JSONResponse({"receipts": [asdict(one) for one in found], "next_cursor": following})


def receipt_proof(request: Request, holder: Holder, line_id: LineId) -> Response:
    """The proof that a line of your department stands in the log, as a C2SP tlog-proof: `datong ledger check FILE` checks it offline."""
    with request.app.state.store.session(read_only=True) as session:
        made = share.receipt_proof(session, holder, line_id)
    return PlainTextResponse(str(made), headers={"Content-Disposition": f'attachment; filename="{line_id}.tlog-proof"'})
