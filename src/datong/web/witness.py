"""The HTTP door of a witness (c2sp.org/tlog-witness): one address to submit to, two to look at. A server of its own, beside no city.

It needs no sign-in: a request counts only if a log the witness follows has signed it.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from datong import ledger
from datong.web import clock
from datong.web.shields import SafeHeaders


def create_witness_app(witness: ledger.Witness) -> Starlette:
    """The application of one witness."""
    app = Starlette(
        routes=[
            Route("/add-checkpoint", _add, methods=["POST"]),
            Route("/checkpoint", _checkpoint, methods=["GET"]),
            Route("/key", _key, methods=["GET"]),
        ]
    )
    app.add_middleware(SafeHeaders, secure=False)
    app.state.witness = witness
    return app


async def _add(request: Request) -> Response:
    """Cosign a checkpoint that continues what was seen."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > ledger.MOST_REQUEST:
            break
    now = int(clock.now().timestamp())
    reply = await run_in_threadpool(request.app.state.witness.add_checkpoint, body, now)
    return Response(reply.body, reply.status, headers={"content-type": reply.content_type})


def _checkpoint(request: Request) -> Response:
    """The last checkpoint cosigned of a log (`?origin=`), with the witness's signature: what a monitor holds against the city's."""
    note = request.app.state.witness.newest(request.query_params.get("origin", ""))
    return PlainTextResponse(note) if note else PlainTextResponse("This witness has seen no such log.\n", 404)


def _key(request: Request) -> Response:
    """The witness's public key, as a policy file wants it."""
    return PlainTextResponse(f"{request.app.state.witness.cosigner.key}\n")
