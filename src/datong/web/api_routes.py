"""Every operation of the API: method, path, function, permission, and what its description says. `routes.py` lists them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from datong import share
from datong.web.api import (
    address_schemas,
    ask,
    cases,
    door_schemas,
    doors,
    feeds,
    open_data,
    province,
    receipts,
    schemas,
    sharing,
    sharing_schemas,
    verify,
)
from datong.web.api import consents as consent_door
from datong.web.api.licence_routes import FORMS, LICENCE_API, MEDIA, REFUSALS


@dataclass(frozen=True)
class Api:
    """One row of the API: method, path, function, permission, and what the description says of it."""

    method: str
    path: str
    do: Callable[..., Response | Awaitable[Response]]
    permission: str
    summary: str
    tag: str
    answer: type[BaseModel] | Any = None
    problems: tuple[str, ...] = ()
    status: int = 200
    """What it answers when all is well."""
    media: tuple[str, ...] = ()
    """The content types of an answer that is no JSON."""
    filters: tuple[str, ...] = ()
    """Parameters of its address beside those of its function."""

    beside: tuple[str, ...] = ()
    """Content types that it answers by beside JSON."""
    sent: dict[str, Any] | None = None
    """What is sent where no model says it: content type → schema."""
    oauth: tuple[int, ...] = ()
    """Statuses by which it refuses in OAuth's own JSON."""

    @property
    def may_answer(self) -> tuple[str, ...]:
        """Every problem it may answer: those named, and those that any such call meets."""
        signed = ("bad-signature", "forbidden", "busy") if self.permission == "key" else ()
        sent = ("bad-request", "too-large") if self.method == "POST" else ()
        return tuple(dict.fromkeys((*self.problems, *signed, *sent, "too-many")))


@dataclass(frozen=True)
class Plain:
    """A hot route that FastAPI's parameter handling would double in cost."""

    method: str
    path: str
    make: Callable[[FastAPI], Callable[[Request], Awaitable[Response]]]
    permission: str


ASKING = ("not-signed-in", "refused", "bad-value", "too-many")

HOT: tuple[Plain, ...] = (
    Plain("POST", "/api/v1/verify", verify.make, "key"),
    Plain("POST", "/api/v1/cases", cases.make_begin, "key"),
)
"""First in the table, because matching an address costs time for each one before it."""

EXTRACT, SUBSCRIPTION = "/api/v1/extracts/{extract_id}", "/api/v1/subscriptions/{subscription_id}"
FOUND = ("not-signed-in", "bad-value", "not-found")
DOORS: tuple[Api, ...] = (
    Api(
        "POST",
        "/api/v1/verify/batch",
        doors.verify_batch,
        "key",
        "Compare claims for many",
        "doors",
        door_schemas.BatchOut,
        (*ASKING, "bad-json"),
    ),
    Api(
        "POST",
        "/api/v1/extracts",
        doors.ask_extract,
        "key",
        "Ask for an extract",
        "doors",
        door_schemas.ExtractOut,
        (*ASKING, "bad-json"),
        201,
    ),
    Api("GET", EXTRACT, doors.extract, "key", "How an extract stands", "doors", door_schemas.ExtractOut, FOUND),
    Api(
        "GET",
        f"{EXTRACT}/file",
        doors.extract_file,
        "key",
        "Take a copy",
        "doors",
        None,
        (*FOUND, "forbidden", "refused"),
        media=tuple(share.doors.FORMS.values()),
    ),
    Api(
        "POST",
        "/api/v1/subscriptions",
        doors.subscribe,
        "key",
        "Be told of changes",
        "doors",
        door_schemas.SubscriptionOut,
        ("not-signed-in", "bad-value", "bad-json", "forbidden"),
        201,
    ),
    Api(
        "GET",
        "/api/v1/subscriptions",
        doors.subscriptions,
        "key",
        "Your subscriptions",
        "doors",
        list[door_schemas.SubscriptionOut],
        ("not-signed-in",),
    ),
    Api("DELETE", SUBSCRIPTION, doors.end_subscription, "key", "End a subscription", "doors", None, FOUND, 204),
    Api("GET", "/api/v1/keys", doors.door_keys, "public", "The city's public keys", "doors", media=("application/jwk-set+json",)),
)

CONSENT_REQUEST = "/api/v1/consent-requests/{request_id}"
CONSENTS: tuple[Api, ...] = (
    Api(
        "POST",
        "/api/v1/consent-requests",
        consent_door.ask_consent,
        "key",
        "Ask a person for her consent",
        "consent",
        consent_door.ConsentRequestOut,
        (*ASKING, "bad-json"),
        201,
    ),
    Api("GET", CONSENT_REQUEST, consent_door.consent_request, "key", "How it stands", "consent", consent_door.ConsentRequestOut, FOUND),
)

ONE_CASE = "/api/v1/cases/{case_id}"
CASES: tuple[Api, ...] = (
    Api("GET", "/api/v1/services", cases.list_items, "key", "Items people can apply for", "cases", list[cases.ItemOut], FOUND[:2]),
    Api("GET", "/api/v1/services/{service}", cases.guide, "key", "The guide of an item", "cases", list[cases.SectionOut], FOUND),
    Api("GET", ONE_CASE, cases.case, "key", "How a case stands", "cases", cases.CaseOut, FOUND),
    Api("POST", f"{ONE_CASE}/acts", cases.act, "key", "Act on a case", "cases", cases.CaseOut, (*FOUND, "forbidden", "bad-json")),
)

API: tuple[Api, ...] = (
    *CASES,
    Api(
        "POST",
        "/api/v1/look-up",
        ask.look_up,
        "key",
        "Read one subject",
        "registers",
        schemas.AnswerOut,
        (*ASKING, "bad-json"),
        beside=(share.EncryptionKey.media_type,),
    ),
    Api(
        "GET",
        "/api/v1/registers/{register}",
        ask.list_entries,
        "key",
        "Read many subjects",
        "registers",
        schemas.AnswerOut,
        ASKING,
        filters=ask.FILTERS,
    ),
    Api(
        "POST",
        "/api/v1/addresses/suggest",
        ask.suggest_addresses,
        "key",
        "Complete an address",
        "addresses",
        list[address_schemas.PlaceOut],
        ("not-signed-in", "bad-json", "bad-value", "too-many"),
    ),
    Api(
        "POST",
        "/api/v1/addresses/read",
        ask.read_address,
        "key",
        "Read an address and find its premises",
        "addresses",
        address_schemas.AddressOut,
        ("not-signed-in", "bad-json", "bad-value", "too-many"),
    ),
    Api(
        "POST",
        "/api/v1/addresses/locate",
        ask.locate,
        "key",
        "Find the division, block and point of an address",
        "addresses",
        address_schemas.LocatedOut,
        ("not-signed-in", "forbidden", "not-found", "bad-json", "bad-value", "too-many"),
    ),
    Api(
        "GET",
        "/api/v1/purposes",
        ask.purposes,
        "key",
        "Purposes you may ask for",
        "rights",
        list[schemas.PurposeOut],
        ("not-signed-in", "bad-value"),
    ),
    Api(
        "GET",
        "/api/v1/entitlements",
        ask.entitlements,
        "key",
        "What you may ask",
        "rights",
        list[schemas.EntitlementOut],
        ("not-signed-in",),
    ),
    Api(
        "POST",
        "/api/v1/resources/{resource}/records",
        feeds.push_records,
        "key",
        "Push records",
        "records",
        schemas.ReceiptOut,
        (*ASKING, "bad-json", "not-found", "bad-delivery"),
    ),
    Api("GET", "/api/v1/changes", feeds.changes, "key", "Follow changes", "records", schemas.ChangesOut, ("not-signed-in", "bad-value")),
    *DOORS,
    *CONSENTS,
    *(
        Api(
            method,
            path,
            do,
            who,
            says,
            "licences",
            out,
            told,
            status,
            MEDIA.get(path, ()),
            sent=FORMS.get(path),
            oauth=REFUSALS.get(path, ()),
        )
        for method, path, do, who, says, out, told, status in LICENCE_API
    ),
    Api(
        "GET",
        "/api/v1/sharing/compliance",
        sharing.compliance,
        "key",
        "Who meets the duties of sharing",
        "sharing",
        list[schemas.ComplianceOut],
        ("not-signed-in",),
    ),
    Api(
        "POST",
        "/api/v1/province/look-up",
        province.look_up_at_province,
        "key",
        "Read one subject at the province",
        "sharing",
        province.ProvinceOut,
        (*ASKING, "bad-json", "not-found", "busy"),
    ),
    Api(
        "GET",
        "/api/v1/supervision/coverage",
        sharing.supervision,
        "key",
        "Which supervision items have data",
        "sharing",
        list[sharing_schemas.SupervisionItemOut],
        ("not-signed-in",),
    ),
    Api(
        "GET",
        "/api/v1/receipts",
        receipts.receipts,
        "key",
        "Receipts of your department's lines",
        "ledger",
        receipts.ReceiptsOut,
        ("not-signed-in", "bad-value", "not-ready"),
    ),
    Api(
        "GET",
        "/api/v1/receipts/{line_id}",
        receipts.receipt_proof,
        "key",
        "The proof of one line",
        "ledger",
        None,
        FOUND,
        media=(receipts.PROOF,),
    ),
    Api(
        "GET",
        "/api/v1/ledger/checkpoint",
        feeds.checkpoint,
        "public",
        "Newest checkpoint",
        "ledger",
        None,
        ("not-found",),
        media=("text/plain; charset=utf-8",),
    ),
    Api(
        "GET",
        "/api/v1/ledger/tile/{path:path}",
        feeds.tile,
        "public",
        "A tile",
        "ledger",
        None,
        ("not-found", "bad-value"),
        media=("application/octet-stream",),
    ),
    *(
        Api("GET", f"/api/v1/open{path}", do, "public", f"Open data: {says}", "open data", out, told, media=media)
        for path, do, says, out, told, media in open_data.ROWS
    ),
    Api("GET", "/api/problems/{slug}", feeds.problem_page, "public", "What a problem means", "help", None, ("not-found",)),
    Api("GET", "/api/health", feeds.health, "public", "Whether the server answers", "help"),
)
