"""The rows of the API about licences; `routes.py` joins them to the one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datong.web.api import licences as issuing
from datong.web.api import openid

FOUND = ("bad-value", "not-found")
ACTED = ("not-signed-in", "bad-json", "bad-value", "not-found")
LICENCE_API: tuple[tuple[str, str, Callable[..., Any], str, str, Any, tuple[str, ...], int], ...] = (
    ("GET", "/api/v1/licences/keys", openid.licence_keys, "public", "Issuers' public keys", None, (), 200),
    ("GET", "/api/v1/licences/statuses", openid.status_bundle, "public", "Keys and lists to carry", None, (), 200),
    ("GET", "/api/v1/licences/statuses/{list_id}", openid.status_list, "public", "A list of states", None, FOUND, 200),
    ("POST", "/api/v1/licences", issuing.issue, "key", "Issue licences of yours", issuing.OrderedLicencesOut, ACTED, 201),
    ("GET", "/api/v1/licences/{licence_id}", issuing.state, "key", "How one stands", issuing.LicenceOut, ("not-signed-in", *FOUND), 200),
    ("POST", "/api/v1/licences/{licence_id}/acts", issuing.act, "key", "Change or end one", issuing.OrderedOut, ACTED, 200),
    ("GET", "/.well-known/openid-credential-issuer", openid.issuer_metadata, "public", "What is issued to wallets", None, (), 200),
    ("GET", "/.well-known/jwt-vc-issuer", openid.vc_issuer, "public", "The issuer's keys", None, (), 200),
    ("POST", "/api/v1/openid/token", openid.token, "public", "A code for a token", None, (), 200),
    ("POST", "/api/v1/openid/nonce", openid.nonce, "public", "A challenge", None, (), 200),
    ("POST", "/api/v1/openid/credential", openid.credential, "public", "Hand a licence over", None, ("bad-json",), 200),
    (
        "POST",
        "/api/v1/openid/requests",
        openid.ask_presentation,
        "key",
        "Ask wallets for licences",
        openid.PresentationRequestOut,
        ("not-signed-in", "bad-json", "bad-value"),
        201,
    ),
    ("GET", "/api/v1/openid/requests/{number}", openid.presentation_request, "public", "A signed request", None, FOUND, 200),
    ("POST", "/api/v1/openid/responses/{number}", openid.presentation_response, "public", "A wallet answers", None, FOUND, 200),
    (
        "GET",
        "/api/v1/openid/results/{number}",
        openid.presentation_result,
        "key",
        "What wallets answered",
        openid.PresentationResultOut,
        ("not-signed-in", *FOUND),
        200,
    ),
)
