"""What the OpenAPI document says beyond the handlers: problems, and the plain route that FastAPI does not see."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from datong.web.api.cases import CaseIn, CaseOut
from datong.web.api.schemas import AnswerOut, VerifyIn
from datong.web.errors import KINDS

TITLE = "datong 打通"
TEXT = """The city's registers of people, organisations and premises, shared on stated conditions.

Every question names a **purpose**; one agreement decides rows, fields, masks and quota; every read leaves a ledger line that the person
concerned can see. Errors are `application/problem+json` (RFC 9457); a refusal names the field and the rule that is missing.
Values that identify people are sent in bodies, never in addresses.
"""
KEY_SET, LINKED, JSON = "application/jwk-set+json", "application/ld+json", "application/json"
_FILE, _OBJECT = {"type": "string", "format": "binary"}, {"type": "object"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "title_zh", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Address of a page that explains the kind of problem."},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong this time. Never a value that was sent."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}, "mend": {"type": "string"}},
            },
        },
        "grounds": {"type": "array", "items": {"$ref": "#/components/schemas/GroundOut"}},
        "reference": {"type": "string"},
    },
}
OAUTH_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
VERIFY_PROBLEMS = (
    "bad-request",
    "bad-json",
    "not-signed-in",
    "bad-signature",
    "refused",
    "busy",
    "too-large",
    "bad-media-type",
    "bad-value",
    "too-many",
)


def problems(slugs: tuple[str, ...]) -> dict[int | str, dict[str, Any]]:
    """The problems of a route as OpenAPI responses, one for each status."""
    found: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        kind = KINDS[slug]
        said = found.get(kind.status, {}).get("description")
        found[kind.status] = {
            "description": f"{said}; {kind.en}" if said else kind.en,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return found


def responses(
    answer: Any,
    slugs: tuple[str, ...],
    status: int = 200,
    media: tuple[str, ...] = (),
    *,
    oauth: tuple[int, ...] = (),
    beside: tuple[str, ...] = (),
) -> dict[int | str, dict[str, Any]]:
    """What a route may answer: its model, or the content types of what is no JSON; its problems; OAuth's own refusals."""
    good: dict[str, Any] = {"model": answer} if answer else {}
    if beside:
        good["content"] = {one: {"schema": {"type": "string"}} for one in beside}
    if media:
        good = {
            "description": "The file",
            "content": {one: {"schema": _OBJECT if one in (KEY_SET, LINKED, JSON) else _FILE} for one in media},
        }
    told = problems(slugs)
    for refused in oauth:
        one = told.setdefault(refused, {"description": "Refused as OAuth has it", "content": {}})
        one["content"]["application/json"] = {"schema": OAUTH_ERROR}
    return {**({status: good} if good else {}), **told}


def unseen(names: tuple[str, ...], sent: dict[str, Any] | None) -> dict[str, Any] | None:
    """What FastAPI does not see of a route: parameters of a list, and a body that is read by hand."""
    found: dict[str, Any] = {"parameters": filters(names)} if names else {}
    if sent:
        found["requestBody"] = {"required": True, "content": sent}
    return found or None


def filters(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """What a list may be limited by, as parameters of the document."""
    return [{"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in names]


def complete(app: FastAPI) -> None:
    """Make the application's OpenAPI document whole."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = PROBLEM
            for model in (VerifyIn, AnswerOut, CaseIn, CaseOut):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(schema.pop("$defs", {}))
                schemas[model.__name__] = schema
            document["paths"]["/api/v1/verify"] = {"post": _verify()}
            document["paths"].setdefault("/api/v1/cases", {})["post"] = _begin_case()
            _drop_framework_errors(document)
            _drop_json_of_files(document)
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _verify() -> dict[str, Any]:
    said = "Only the outcome leaves, with the reasons for it: which claims agree, which differ, and by which source."
    told = {"tags": ["registers"], "summary": "Compare claims with a register", "description": said, "operationId": "verify"}
    return told | _body_and_answers("VerifyIn", "200", "Outcome and reasons", "AnswerOut", VERIFY_PROBLEMS)


def _begin_case() -> dict[str, Any]:
    said = "Begin a case of an item of your own department, with a key issued for the item's agreements. Durable when it is answered."
    told = {"tags": ["cases"], "summary": "Begin a case", "description": said, "operationId": "begin"}
    return told | _body_and_answers("CaseIn", "201", "The case as it stands", "CaseOut", (*VERIFY_PROBLEMS, "forbidden", "not-found"))


def _body_and_answers(body: str, status: str, what: str, answer: str, may_answer: tuple[str, ...]) -> dict[str, Any]:
    """What a plain route takes and answers, with the names of the models in the document."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    answers: dict[str, Any] = {status: {"description": what, "content": content}}
    answers.update({str(one): told for one, told in problems(may_answer).items()})
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}},
        "responses": answers,
        "security": [{"HTTPBearer": []}],
    }


def _drop_framework_errors(document: dict[str, Any]) -> None:
    """FastAPI documents its own 422; ours is a problem like every other."""
    for path in document["paths"].values():
        for operation in path.values():
            answer = operation["responses"].get("422")
            if answer and "application/json" in answer.get("content", {}):
                operation["responses"]["422"] = problems(("bad-value",))[422]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _drop_json_of_files(document: dict[str, Any]) -> None:
    """FastAPI says JSON of every answer; a file has its own content types alone."""
    for path in document["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                told = answer.get("content", {})
                if len(told) > 1 and told.get("application/json") in ({}, {"schema": {}}):
                    del told["application/json"]
