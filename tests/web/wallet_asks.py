"""How somebody could abuse the routes of licences and wallets: requests with made-up codes, tokens and queries."""

from __future__ import annotations

from typing import Any

_QUERY = {"credentials": [{"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["x"]}}]}
_GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
WALLETS: dict[str, list[dict[str, Any]]] = {
    "/api/v1/licences/keys": [{}],
    "/api/v1/licences/statuses": [{}],
    "/api/v1/licences/statuses/{list_id}": [{}],
    "/api/v1/licences": [
        {"json": {"licences": [{"reference": "1", "type": kind, "holder": "P000000000", "facts": {"holder_name": "某人"}}]}}
        for kind in ("disability_card", "business_licence", "no_such")
    ],
    "/api/v1/licences/{licence_id}": [{}],
    "/api/v1/licences/{licence_id}/acts": [
        {"json": {"reference": "1", "act": act, "reason": "看看"}} for act in ("revoke", "suspend", "change", "renew")
    ],
    "/.well-known/openid-credential-issuer": [{}],
    "/.well-known/jwt-vc-issuer": [{}],
    "/api/v1/openid/token": [{"data": {"grant_type": _GRANT, "pre-authorized_code": "x", "tx_code": "0"}}],
    "/api/v1/openid/nonce": [{}],
    "/api/v1/openid/credential": [{"json": {"credential_configuration_id": "disability_card", "proofs": {"jwt": ["a.b.c"]}}}],
    "/api/v1/openid/requests": [{"json": {"purpose": "看看", "dcql_query": _QUERY}}],
    "/api/v1/openid/requests/{number}": [{}],
    "/api/v1/openid/responses/{number}": [{"data": {"vp_token": '{"a": ["x~"]}'}}],
    "/api/v1/openid/results/{number}": [{}],
}
