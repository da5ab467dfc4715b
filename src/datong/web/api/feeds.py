"""What systems bring and follow: push records, follow changes, check the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.web import clock
from datong.web.api.keys import Holder
from datong.web.api.schemas import LARGEST, PushIn
from datong.web.errors import KINDS

MOST_TOGETHER = 1000
LEDGER_FOLDER = "ledger"
"""Where in the city's home the static files of the ledger are published."""


async def push_records(
    request: Request, body: PushIn, holder: Holder, resource: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*$")]
) -> Response:
    """Push records of a resource as its department names them; they stand in the registers when the answer comes."""
    taken = await request.app.state.intake.take_in(share.Push(holder, resource, body.rows), clock.now())
    waiting = await run_in_threadpool(_waiting, request, holder, taken, len(body.rows)) if taken.receipt.rejected else ()
    return JSONResponse(
        {
            "delivery": taken.receipt.delivery_id,
            "already_received": taken.receipt.already_received,
            "accepted": taken.receipt.counts.accepted,
            "rejected": taken.receipt.rejected,
            "codes": list(taken.codes),
            "changed": list(taken.changed),
            "problems": [{"row": row.row_no, "column": row.column, "reason": row.reason, "message": row.message} for row in waiting],
            "line": taken.line,
        }
    )


def _waiting(request: Request, holder: Actor, taken: share.TakenIn, rows: int) -> Sequence[share.Waiting]:
    """The rows of a push that wait in quarantine."""
    with request.app.state.store.session() as session:
        found = share.delivery(session, holder, taken.receipt.delivery_id, taken.first_row + MOST_TOGETHER)[1]
    own = range(taken.first_row, taken.first_row + rows)
    return [replace(row, row_no=row.row_no - taken.first_row + 1) for row in found if row.row_no in own]


def changes(
    request: Request,
    holder: Holder,
    since: Annotated[int, Query(ge=0, le=LARGEST, description="The last sequence number you have seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """What changed in the registers after `since`: codes only. Ask for the content with your own rights."""
    with request.app.state.store.session(read_only=True) as session:
        found, following = share.changes(session, holder, since, limit, now=clock.now())
    told = [{"seq": one.seq, "at": one.at, "code": one.code, "register": one.register, "what": one.what} for one in found]
    return JSONResponse({"changes": told, "next": following})


def checkpoint(request: Request) -> Response:
    """The newest published checkpoint of the ledger, as a C2SP note, with its witnesses' cosignatures. Public: it holds no data
    of anybody."""
    file = request.app.state.settings.home / LEDGER_FOLDER / "checkpoint"
    if file.is_file():
        return FileResponse(file, media_type="text/plain; charset=utf-8")
    with request.app.state.store.session(read_only=True) as session:
        note = ledger.newest_published(session) or ledger.newest_checkpoint(session)
    if note is None:
        raise Missing("No checkpoint is signed yet.")
    return PlainTextResponse(note)


def tile(request: Request, path: Annotated[str, Path(pattern=r"^(entries|[0-7])(/x[0-9]{3})*/[0-9]{3}(\.p/[0-9]{1,3})?$")]) -> Response:
    """A tile of the ledger (C2SP tlog-tiles), as published last. Public: entries carry digests only."""
    file = request.app.state.settings.home / LEDGER_FOLDER / "tile" / path
    if not file.is_file():
        raise Missing("There is no such tile yet; read the checkpoint again.")
    return FileResponse(file, media_type="application/octet-stream")


def problem_page(slug: Annotated[str, Path(pattern=r"^[a-z-]+$")]) -> Response:
    """What a kind of problem means and what to do about it: where the `type` of a problem leads."""
    kind = KINDS.get(slug)
    if kind is None:
        raise Missing(f"There is no kind of problem {slug!r}. Known are: {', '.join(KINDS)}.")
    return JSONResponse({"slug": kind.slug, "status": kind.status, "title": kind.en, "title_zh": kind.zh, "mend": kind.mend})


def health() -> Response:
    """Whether the server answers."""
    return JSONResponse({"status": "ok"})
