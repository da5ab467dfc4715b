"""What systems bring and follow: push records, follow changes, check the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from datong import ledger
from datong.domain.errors import Missing
from datong.web.api.keys import Holder
from datong.web.api.schemas import PushIn
from datong.web.errors import KINDS, ProblemError

LEDGER_FOLDER = "ledger"
"""Where in the city's home the static files of the ledger are published."""


def push_records(request: Request, body: PushIn, holder: Holder, resource: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*$")]) -> Response:
    """Push records of a resource as its department names them; they stand in the registers when the answer comes."""
    if resource not in holder.resources:
        raise ProblemError(
            "refused",
            f"This key may not push to the resource {resource}.",
            grounds=[
                {"code": "push_not_granted", "field": "", "zh": "密钥未获推送授权。", "en": "The key may not push here.", "rule": resource}
            ],
        )
    raise NotImplementedError


def changes(
    request: Request,
    holder: Holder,
    since: Annotated[int, Query(ge=0, description="The last sequence number you have seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """What changed in the registers after `since`: codes only. Ask for the content with your own rights."""
    raise NotImplementedError


def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint of the ledger, as a C2SP note. Public: it holds no data of anybody."""
    with request.app.state.store.session(read_only=True) as session:
        note = ledger.newest_checkpoint(session)
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
