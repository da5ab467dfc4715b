"""Every address the city answers to: method, path, function, permission. One table, read by the application and by the tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from datong import share
from datong.web.api import address_schemas, ask, door_schemas, doors, feeds, receipts, schemas, sharing, sharing_schemas, verify
from datong.web.api import consents as consent_door
from datong.web.door import Page
from datong.web.pages import (
    address,
    agreements,
    area,
    audit,
    conflicts,
    consents,
    deliveries,
    desk,
    disputes,
    find,
    guardians,
    problems,
    quality,
    requests,
    review,
    review_paths,
    sign_in,
)
from datong.web.pages import doors as door_pages
from datong.web.pages import verify as verify_page
from datong.web.pages.citizen_routes import CITIZEN_PAGES
from datong.web.pages.sharing_routes import SHARING_PAGES


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

    @property
    def may_answer(self) -> tuple[str, ...]:
        """Every problem it may answer: those named, and those that any such call meets."""
        signed = ("bad-signature", "busy") if self.permission == "key" else ()
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

PAGES: tuple[Page, ...] = (
    Page("GET", "/", sign_in.start, "public", reads=True),
    Page("GET", "/sign-in", sign_in.show, "public", reads=True),
    Page("POST", "/sign-in", sign_in.sign_in, "public", reads=True),
    Page("POST", "/sign-out", sign_in.sign_out, "public"),
    *CITIZEN_PAGES,
    Page("GET", "/office", desk.show, "office.home", reads=True),
    Page("GET", "/office/purpose", desk.purposes, "office.home", reads=True),
    Page("POST", "/office/purpose", desk.choose_purpose, "office.home"),
    Page("GET", "/office/verify", verify_page.show, "office.verify", reads=True, needs_purpose=True),
    Page("POST", "/office/verify", verify_page.check, "office.verify", needs_purpose=True),
    Page("GET", "/office/verify/{lookup_id}", verify_page.result, "office.verify", needs_purpose=True),
    Page("GET", "/office/find", find.show, "office.look_up", reads=True, needs_purpose=True),
    Page("POST", "/office/find", find.search, "office.look_up", needs_purpose=True),
    Page("GET", "/office/find/{lookup_id}", find.result, "office.look_up", needs_purpose=True),
    Page("GET", "/office/subject/{code}", find.subject, "office.card", needs_purpose=True),
    Page("POST", "/office/subject/{code}/unmask", find.unmask, "office.unmask", needs_purpose=True),
    Page("GET", "/office/subject/{code}/wrong", disputes.form, "dispute.report", reads=True),
    Page("POST", "/office/subject/{code}/wrong", disputes.report, "dispute.report"),
    Page("GET", "/office/disputes", disputes.show, "dispute.report", reads=True),
    Page("POST", "/office/disputes/{dispute_id}/start", disputes.start, "dispute.settle"),
    Page("POST", "/office/disputes/{dispute_id}/settle", disputes.settle, "dispute.settle"),
    Page("GET", "/office/consents", consents.show, "office.look_up", reads=True, needs_purpose=True),
    Page("POST", "/office/consents", consents.ask, "office.look_up", needs_purpose=True),
    Page("GET", "/office/guardians", guardians.show, "guardians.enter", reads=True),
    Page("POST", "/office/guardians", guardians.enter, "guardians.enter"),
    Page("POST", "/office/guardians/{mandate_id}", guardians.act, "guardians.enter"),
    Page("GET", "/office/address", address.show, "office.look_up", reads=True),
    Page("POST", "/office/address", address.suggest, "office.look_up", reads=True),
    Page("GET", "/office/address/read", address.show_reading, "office.look_up", reads=True),
    Page("POST", "/office/address/read", address.read, "office.look_up", reads=True),
    Page("GET", "/office/deliveries", deliveries.show_all, "steward.deliveries", reads=True),
    Page("GET", "/office/deliveries/{delivery_id}", deliveries.show, "steward.deliveries", reads=True),
    Page("POST", "/office/deliveries/{delivery_id}/release", deliveries.release, "steward.quarantine", reads=True),
    Page("POST", "/office/deliveries/{delivery_id}/rows/{row_no}", deliveries.release_row, "steward.quarantine"),
    Page("GET", "/office/conflicts", conflicts.show, "steward.conflicts"),
    Page("GET", "/office/problems", problems.show, "marks.list"),
    Page("POST", "/office/problems/answer", problems.answer_many, "marks.answer"),
    Page("POST", "/office/problems/export", problems.export, "marks.list"),
    Page("GET", "/office/problems/{mark_id}", problems.one, "marks.list"),
    Page("POST", "/office/problems/{mark_id}/answer", problems.answer, "marks.answer"),
    Page("POST", "/office/problems/{mark_id}/seen", problems.seen, "field.report"),
    Page("GET", "/office/quality", quality.show, "quality.read", reads=True),
    Page("POST", "/office/quality/samples", quality.commit, "quality.draw"),
    Page("POST", "/office/quality/samples/{sample_id}/draw", quality.draw, "quality.draw"),
    Page("GET", "/office/checks", quality.checks, "quality.check"),
    Page("POST", "/office/checks/{sample_id}/{number}", quality.enter, "quality.check"),
    Page("GET", "/office/changes", quality.changes, "steward.changes", reads=True),
    Page("GET", "/office/index", quality.index, "index.read", reads=True),
    Page("POST", "/office/index", quality.ask_index, "index.read"),
    Page("GET", "/office/index/{lookup_id}", quality.in_index, "index.read"),
    Page("GET", "/office/subject/{code}/registrations", quality.registrations, "office.card", needs_purpose=True),
    Page("POST", "/office/subject/{code}/registrations", quality.complain, "dispute.report"),
    Page("POST", "/office/subject/{code}/confirm", problems.confirm, "premises.confirm"),
    Page("POST", "/office/subject/{code}/unconfirm", problems.withdraw, "premises.confirm"),
    Page("GET", "/office/reviews", review.show, "steward.reviews"),
    Page("POST", "/office/reviews/next", review.take_next, "steward.reviews"),
    Page("GET", "/office/reviews/{pair_id}", review.case, "steward.reviews"),
    Page("POST", "/office/reviews/{pair_id}", review.judge, "steward.reviews"),
    Page("POST", "/office/judgements/{judgement_id}/undo", review.undo, "steward.reviews"),
    Page("GET", "/office/links", review_paths.show, "steward.reviews"),
    Page("GET", "/office/links/{code}", review_paths.story, "steward.reviews"),
    Page("GET", "/office/clusters", review_paths.clusters, "steward.reviews"),
    *SHARING_PAGES,
    Page("GET", "/office/batch", door_pages.batch, "office.verify", reads=True, needs_purpose=True),
    Page("POST", "/office/batch", door_pages.check_batch, "office.verify", needs_purpose=True),
    Page("GET", "/office/extracts", door_pages.extracts, "office.extract", reads=True, needs_purpose=True),
    Page("POST", "/office/extracts", door_pages.ask_extract, "office.extract", needs_purpose=True),
    Page("POST", "/office/extracts/{extract_id}/file", door_pages.take_extract, "office.extract", needs_purpose=True),
    Page("GET", "/office/approvals", door_pages.approvals, "sharing.extracts", reads=True),
    Page("POST", "/office/approvals/{extract_id}", door_pages.decide, "sharing.extracts"),
    Page("GET", "/office/subscriptions", door_pages.subscriptions, "sharing.subscriptions", reads=True),
    Page("POST", "/office/letters/{letter_id}", door_pages.settle_letter, "sharing.subscriptions"),
    Page("GET", "/office/requests", requests.show, "requests.read", reads=True),
    Page("POST", "/office/requests", requests.add, "requests.write"),
    Page("GET", "/office/requests/new", requests.new, "requests.write", reads=True),
    Page("GET", "/office/requests/{request_id}", requests.one, "requests.read", reads=True),
    Page("POST", "/office/requests/{request_id}", requests.change, "requests.write"),
    Page("GET", "/office/requests/{request_id}/edit", requests.edit, "requests.write", reads=True),
    Page("POST", "/office/requests/{request_id}/act", requests.act, "requests.read"),
    Page("GET", "/office/agreements", agreements.show, "sharing.agreements", reads=True),
    Page("GET", "/office/agreements/{agreement}", agreements.one, "sharing.agreements", reads=True),
    Page("POST", "/office/agreements/{agreement}/sign", agreements.sign, "requests.sign"),
    Page("POST", "/office/agreements/{agreement}/act", agreements.act, "sharing.agreements"),
    Page("POST", "/office/agreements/{agreement}/propose", agreements.propose, "requests.sign"),
    Page("POST", "/office/alerts/{alert_id}", agreements.answer, "sharing.usage"),
    Page("GET", "/office/what-if", agreements.what_if, "sharing.what_if", reads=True),
    Page("GET", "/office/bases", agreements.bases, "sharing.agreements", reads=True),
    Page("GET", "/office/area", area.show, "stats.read", reads=True),
    Page("GET", "/office/looks", audit.looks, "audit.lines", reads=True),
    Page("POST", "/office/looks", audit.search, "audit.lines"),
    Page("GET", "/office/looks/{lookup_id}", audit.found, "audit.lines", reads=True),
    Page("POST", "/office/looks/{lookup_id}/export", audit.export, "audit.lines"),
    Page("GET", "/office/ledger", audit.record, "audit.verify", reads=True),
    Page("POST", "/office/ledger", audit.check, "audit.verify", reads=True),
    Page("GET", "/office/ledger/proof", audit.proof, "audit.verify", reads=True),
)

HOT: tuple[Plain, ...] = (Plain("POST", "/api/v1/verify", verify.make, "key"),)
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

API: tuple[Api, ...] = (
    Api("POST", "/api/v1/look-up", ask.look_up, "key", "Read one subject", "registers", schemas.AnswerOut, (*ASKING, "bad-json")),
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
    Api("GET", "/api/problems/{slug}", feeds.problem_page, "public", "What a problem means", "help", None, ("not-found",)),
    Api("GET", "/api/health", feeds.health, "public", "Whether the server answers", "help"),
)

ROUTES: tuple[Page | Api | Plain, ...] = (*HOT, *PAGES, *API)
