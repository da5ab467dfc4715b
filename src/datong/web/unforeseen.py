"""What nobody foresaw: answered as a problem with a reference, and logged without a value anybody sent or anything holds.

An exception's message often quotes what it choked on: a citizen number, a row of a table. The log gets the kinds of the
errors and the places in the code, which is what mending needs.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datong.web.errors import KINDS, Problem, problem_json

_log = logging.getLogger("datong.web")
MOST_PLACES = 15
"""The last places of a trail: those before are the framework's."""
Answer = Callable[[Request, Problem], Awaitable[Response]]


class Unforeseen:
    """The last catch: nothing goes on to the server, whose log would hold the message."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer what breaks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            reference = secrets.token_hex(4)
            _log.error("%s %s failed, reference %s: %s", scope["method"], plain_path(scope["path"]), reference, trail(error))
            if not begun:
                response = await self._said(scope, Problem(KINDS["broken"], "", {"reference": reference}))
                await response(scope, receive, send)

    async def _said(self, scope: Scope, problem: Problem) -> Response:
        try:
            return await self.answer(Request(scope), problem)
        except Exception as error:  # what broke the page may break the page about it: then the bare problem must do
            _log.error("no page for the problem: %s", trail(error))
            return problem_json(problem)


def trail(error: BaseException) -> str:
    """The kinds of an error and of those behind it, each with the places it passed; never a message."""
    told: list[str] = []
    following: BaseException | None = error
    while following is not None and len(told) < 5:
        frames = traceback.extract_tb(following.__traceback__)[-MOST_PLACES:]
        places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        told.append(f"{type(following).__qualname__} at {' > '.join(places) or 'nowhere'}")
        following = following.__cause__ or following.__context__
    return "; after ".join(told)


def plain_path(path: str) -> str:
    """An address without the codes and numbers in it."""
    return "/".join(
        part if part.replace("-", "").isalpha() and part.islower() and part.isascii() else "…" * bool(part) for part in path.split("/")
    )
