"""The rows of the API about licences; `routes.py` joins them to the one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datong.web.api import licences as issuing
from datong.web.api import openid

_TEXT = {"type": "string", "maxLength": 20000}
FORMS: dict[str, dict[str, Any]] = {
    "/api/v1/openid/token": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type", "pre-authorized_code"],
                "properties": {"grant_type": _TEXT, "pre-authorized_code": _TEXT, "tx_code": _TEXT},
            }
        }
    },
    "/api/v1/openid/credential": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["credential_configuration_id", "proofs"],
                "properties": {"credential_configuration_id": _TEXT, "proofs": {"type": "object"}},
            }
        }
    },
    "/api/v1/openid/responses/{number}": {
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["vp_token"], "properties": {"vp_token": _TEXT}}}
    },
}
"""What wallets send: forms, and one object, that the protocols describe."""
MEDIA: dict[str, tuple[str, ...]] = {
    "/api/v1/licences/statuses/{list_id}": ("application/statuslist+jwt",),
    "/api/v1/openid/requests/{number}": ("application/oauth-authz-req+jwt",),
}
"""What is answered as a signed text."""
REFUSALS: dict[str, tuple[int, ...]] = {
    "/api/v1/openid/token": (400,),
    "/api/v1/openid/credential": (400, 401),
    "/api/v1/openid/responses/{number}": (400,),
}
"""Where wallets are refused in OAuth's own JSON (RFC 6749, 5.2), and by which status."""
FOUND = ("bad-value", "not-found")
ACTED = ("not-signed-in", "bad-json", "bad-value", "not-found")
LICENCE_API: tuple[tuple[str, str, Callable[..., Any], str, str, Any, tuple[str, ...], int], ...] = (
    ("GET", "/api/v1/licences/keys", openid.licence_keys, "public", "Issuers' public keys", None, (), 200),
    ("GET", "/api/v1/licences/statuses", openid.status_bundle, "public", "Keys and lists to carry", None, (), 200),
    ("GET", "/api/v1/licences/statuses/{list_id}", openid.status_list, "public", "A list of states", None, FOUND, 200),
    ("POST", "/api/v1/licences", issuing.issue_licences, "key", "Issue licences of yours", issuing.OrderedLicencesOut, ACTED, 201),
    (
        "GET",
        "/api/v1/licences/{licence_id}",
        issuing.licence_state,
        "key",
        "How one stands",
        issuing.LicenceOut,
        ("not-signed-in", *FOUND),
        200,
    ),
    ("POST", "/api/v1/licences/{licence_id}/acts", issuing.act_on_licence, "key", "Change or end one", issuing.OrderedOut, ACTED, 200),
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
