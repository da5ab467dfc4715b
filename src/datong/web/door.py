"""How a page is opened: read what was sent, know who came, check the form token and the permission, run it in one session."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hmac import compare_digest
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from datong.domain.errors import DatongError, Forbidden, NotSignedIn
from datong.settings import Settings
from datong.store import Session, Store
from datong.web import clock, sign_ins
from datong.web.errors import KINDS, Problem, ProblemError, problem_of
from datong.web.i18n import LANGUAGES, choose_language
from datong.web.permissions import granted
from datong.web.scanner import refusal_of
from datong.web.shields import network_of
from datong.web.unforeseen import plain_path, trail
from datong.web.visit import Sent, Upload, Visit

SESSION_COOKIE = "datong_session"
FORM_COOKIE = "datong_form"
LANGUAGE_COOKIE = "datong_lang"
ELDER_COOKIE = "datong_elder"
YEAR = 365 * 24 * 3600
MOST_FIELDS = 200
_log = logging.getLogger("datong.web")


@dataclass(frozen=True)
class Page:
    """One row of the table of pages: method, path, function, permission."""

    method: str
    path: str
    do: Callable[[Visit], Response]
    permission: str
    reads: bool = False
    """It writes nothing, not even a ledger line."""
    needs_purpose: bool = False
    """Without a chosen purpose it sends the visitor to choose one."""


def endpoint(store: Store, settings: Settings, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint of a page."""

    async def serve(request: Request) -> Response:
        sent = await _read(request)
        return await run_in_threadpool(open_page, store, settings, page, await _looked_through(settings, sent))

    serve.__name__ = page.do.__name__
    return serve


async def _looked_through(settings: Settings, sent: Sent) -> Sent:
    """The same with what the scanner says of its files, before any transaction begins: a slow scanner holds up nobody else."""
    if not settings.scanner or not sent.files:
        return sent
    said = {name: await run_in_threadpool(refusal_of, settings, one.content) for name, one in sent.files.items()}
    return replace(sent, files={name: replace(one, refused=said[name]) for name, one in sent.files.items()})


def open_page(store: Store, settings: Settings, page: Page, sent: Sent) -> Response:
    """Run a page in one session; what it wrote is durable before its answer leaves."""
    now = clock.now()
    try:
        with store.session(read_only=page.reads) as session:
            visit = _enter(store, settings, session, sent)
            _check(page, visit)
            response = page.do(visit)
    except (DatongError, ProblemError) as error:
        response = _trouble(store, settings, sent, error)
        _keep_choices(settings, sent, response)
        return response
    if visit.sign_in and visit.sign_in.stale:
        with store.session() as session:
            sign_ins.touch(session, visit.sign_in.token_hash, now)
    _set_cookies(settings, sent, visit, response)
    return response


def safe_path(path: str) -> str:
    """A path of our own to go on to, or the start page: never another host."""
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable() else "/"


def trouble_page(store: Store, settings: Settings, sent: Sent, problem: Problem) -> Response:
    """The friendly page for a problem, with the visitor's language and menu."""
    with store.session(read_only=True) as session:
        return _enter(store, settings, session, sent).trouble(problem)


async def _read(request: Request) -> Sent:
    form: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    if request.method == "POST":
        data = await request.form(max_fields=MOST_FIELDS, max_files=10)
        for name in data:
            values = data.getlist(name)
            texts = tuple(value for value in values if isinstance(value, str))
            if texts:
                form[name], lists[name] = texts[-1], texts
            for value in values:
                if not isinstance(value, str) and value.filename:
                    files[name] = Upload(value.filename, await value.read())
    sent = sent_of(request, form, lists, files)
    if any("\x00" in text for text in (*sent.params.values(), *sent.query.values(), *(one for many in lists.values() for one in many))):
        raise HTTPException(400)  # no name, number or sentence holds one, and PostgreSQL chokes on it
    return sent


def sent_of(
    request: Request, form: dict[str, str], lists: dict[str, tuple[str, ...]] | None = None, files: dict[str, Upload] | None = None
) -> Sent:
    """What the browser sent, free of the framework."""
    return Sent(
        method=request.method,
        path=request.url.path,
        params={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        form=form,
        lists=lists or {},
        files=files or {},
        cookies=request.cookies,
        source=network_of(request.client.host if request.client else ""),
        fragment=request.headers.get("hx-request") == "true",
    )


def _enter(store: Store, settings: Settings, session: Session, sent: Sent) -> Visit:
    now = clock.now()
    token = sent.cookies.get(SESSION_COOKIE, "")
    found = sign_ins.find(session, settings, token, now) if token else None
    return Visit(
        store=store,
        settings=settings,
        session=session,
        sent=sent,
        now=now,
        language=choose_language(sent.query.get("lang"), sent.cookies.get(LANGUAGE_COOKIE), settings.language),
        elder=sent.query.get("elder", sent.cookies.get(ELDER_COOKIE, "0")) == "1",
        form_token=found.csrf if found else sent.cookies.get(FORM_COOKIE, "") or secrets.token_urlsafe(24),
        sign_in=found,
        granted=granted(session, found.actor if found else None),
    )


def _check(page: Page, visit: Visit) -> None:
    if page.permission != "public" and visit.sign_in is None:
        raise NotSignedIn("请先登录 (sign in first)")
    if visit.sent.method == "POST" and not _token_fits(visit):
        raise ProblemError("bad-form", "页面打开太久或从别处提交，请返回刷新后重新提交。")
    if not visit.may(page.permission):
        raise Forbidden(f"您的岗位没有“{page.permission}”权限 (your post lacks the permission {page.permission!r})")
    if page.needs_purpose and not visit.purpose:
        raise NoPurposeError


class NoPurposeError(ProblemError):
    """A page that opens register data was asked for before a purpose was chosen."""

    def __init__(self) -> None:
        super().__init__("forbidden", "请先选择用途。")


def _token_fits(visit: Visit) -> bool:
    sent = visit.sent.form.get("form_token", "")
    kept = visit.sign_in.csrf if visit.sign_in else visit.sent.cookies.get(FORM_COOKIE, "")
    return bool(kept) and compare_digest(sent.encode(), kept.encode())


def _trouble(store: Store, settings: Settings, sent: Sent, error: DatongError | ProblemError) -> Response:
    reached = sent.path if sent.method == "GET" else "/"
    if isinstance(error, NotSignedIn):
        expired = {"done": "expired"} if SESSION_COOKIE in sent.cookies else {}
        return RedirectResponse("/sign-in?" + urlencode({"next": reached, **expired}), 303)
    if isinstance(error, NoPurposeError):
        return RedirectResponse("/office/purpose?" + urlencode({"next": reached}), 303)
    problem = error.problem if isinstance(error, ProblemError) else problem_of(error)
    if problem.kind is KINDS["broken"]:
        _log.error("%s %s failed: %s", sent.method, plain_path(sent.path), trail(error))
    return trouble_page(store, settings, sent, problem)


def _set_cookies(settings: Settings, sent: Sent, visit: Visit, response: Response) -> None:
    _keep_choices(settings, sent, response)
    if visit.sign_in is None and not sent.cookies.get(FORM_COOKIE):
        set_cookie(settings, response, FORM_COOKIE, visit.form_token, None)


def _keep_choices(settings: Settings, sent: Sent, response: Response) -> None:
    """Remember the language and the text size that the address line asked for."""
    if (wished := sent.query.get("lang")) in LANGUAGES:
        set_cookie(settings, response, LANGUAGE_COOKIE, str(wished), YEAR)
    if (elder := sent.query.get("elder")) in ("0", "1"):
        set_cookie(settings, response, ELDER_COOKIE, str(elder), YEAR)


def set_cookie(settings: Settings, response: Response, name: str, value: str, seconds: int | None) -> None:
    """A cookie no script can read, that other sites' forms do not carry."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=settings.secure_cookies, httponly=True, samesite="lax")
