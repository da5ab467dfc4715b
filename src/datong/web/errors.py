"""One table from errors to answers: problem+json (RFC 9457) for systems, a friendly page for people. Never a traceback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import JSONResponse

from datong.domain import errors as domain


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its stable word, HTTP status, title in both languages, and what to do."""

    slug: str
    status: int
    zh: str
    en: str
    mend: str = ""


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("bad-request", 400, "请求无法读懂", "The request cannot be read", "Send what the API description says."),
        Kind("bad-json", 400, "请求体不是有效的 JSON", "The body is not valid JSON", "Send one JSON object in UTF-8."),
        Kind("not-signed-in", 401, "请先登录", "Sign in first", "Send `Authorization: Bearer` with a key that is in use."),
        Kind("bad-signature", 401, "请求签名不符", "The signature does not fit", "Sign the request as the guide says; see the detail."),
        Kind("forbidden", 403, "没有权限", "You may not do this", "Ask the data office for the rule named in the answer."),
        Kind(
            "refused",
            403,
            "按共享协议不予提供",
            "Refused by the sharing agreements",
            "Each ground names the field and the missing rule.",
        ),
        Kind("bad-form", 403, "页面已过期", "The form has expired", "Go back, reload the page and send it again."),
        Kind("not-found", 404, "没有这个页面或记录", "There is no such page or record"),
        Kind("bad-method", 405, "不支持这种请求方法", "This method is not served here", "See the Allow header."),
        Kind("busy", 409, "有人正在办理同一件事", "Somebody else is doing just this", "Try again in a moment."),
        Kind("too-large", 413, "内容太大", "The request is too large", "Send less at a time."),
        Kind("bad-media-type", 415, "不支持这种内容类型", "This content type is not taken", "Send application/json."),
        Kind("bad-value", 422, "填写的内容不符合要求", "A value does not fit", "Each error names the field and what is wrong with it."),
        Kind("bad-delivery", 422, "批次不能接收", "The delivery cannot be taken", "Mend what the reason names and send it again."),
        Kind("too-many", 429, "请求太频繁", "Too many requests", "Wait for the seconds of Retry-After."),
        Kind("broken", 500, "系统出错了", "Something broke on our side", "Nothing was changed. Tell the data office the reference."),
        Kind("broken-ledger", 500, "存证核对不通过", "The ledger does not prove what it claims", "Stop, and tell the data office."),
        Kind("not-ready", 503, "系统正在准备", "Not ready yet", "Try again in a moment."),
    )
}
BY_ERROR: tuple[tuple[type[domain.DatongError], str], ...] = (
    (domain.BadValue, "bad-value"),
    (domain.BadDelivery, "bad-delivery"),
    (domain.NotSignedIn, "not-signed-in"),
    (domain.Forbidden, "forbidden"),
    (domain.Missing, "not-found"),
    (domain.Busy, "busy"),
    (domain.BrokenLedger, "broken-ledger"),
    (domain.DatongError, "broken"),
)
BY_STATUS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "bad-method",
    413: "too-large",
    415: "bad-media-type",
    422: "bad-value",
    429: "too-many",
    503: "not-ready",
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, ready to be told: the kind, a sentence for just this time, and further members."""

    kind: Kind
    detail: str = ""
    members: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class ProblemError(Exception):
    """Raised inside the web room to answer with a problem at once."""

    def __init__(self, slug: str, detail: str = "", *, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(slug)
        self.problem = Problem(KINDS[slug], detail, members, headers or {})


def problem_of(error: domain.DatongError) -> Problem:
    """The problem an error on purpose stands for."""
    slug = next(slug for kind, slug in BY_ERROR if isinstance(error, kind))
    members: dict[str, Any] = {}
    if isinstance(error, domain.BadValue):
        members["errors"] = [{"field": error.field, "reason": error.reason, "mend": error.mend}]
    if isinstance(error, domain.BadDelivery):
        members["reason"] = error.reason
    return Problem(KINDS[slug], "" if slug == "broken" else error.message, members)


def problem_json(problem: Problem) -> JSONResponse:
    """The problem as RFC 9457 wants it; `type` is the address of a page that explains the kind."""
    body: dict[str, Any] = {
        "type": f"/api/problems/{problem.kind.slug}",
        "title": problem.kind.en,
        "title_zh": problem.kind.zh,
        "status": problem.kind.status,
        "detail": problem.detail or problem.kind.mend or problem.kind.en,
        **problem.members,
    }
    return JSONResponse(body, problem.kind.status, headers=problem.headers, media_type="application/problem+json")


def validation_problem(errors: list[Any]) -> Problem:
    """FastAPI's findings in our shape. The values sent are left out: they may be personal data."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(KINDS["bad-json"])
    said = [{"field": ".".join(str(part) for part in error["loc"]), "reason": error["msg"]} for error in errors]
    return Problem(KINDS["bad-value"], "; ".join(f"{one['field']}: {one['reason']}" for one in said), {"errors": said})
