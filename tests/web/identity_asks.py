"""How somebody could abuse the one sign-in: made-up codes and tokens; and what of the stranger's is planted there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from datong.domain.access import Actor
from datong.store import Session
from datong.web import identity

BACK = "https://far.example/signed-in"
IDENTITY: dict[str, list[dict[str, Any]]] = {
    "/.well-known/openid-configuration": [{}],
    "/identity/keys": [{}],
    "/identity/token": [
        {"data": {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": "x" * 43}}
        for code in ("", "x" * 43)
    ],
    "/identity/userinfo": [{}],
}


def her_sign_in(session: Session, actor: Actor) -> dict[str, str]:
    """She signed in to a service far away: the request that she has agreed to, and the service."""
    now = datetime.now(UTC)
    identity.add_service(session, identity.NewService("far-bus", "远方公交", "transport", "citizen", (BACK,)), now)
    wanted = identity.Wanted("far-bus", BACK, scope="openid profile", code_challenge="x" * 43, code_challenge_method="S256")
    number, _ = identity.ask(session, wanted, now)
    identity.agree(session, actor, number, now.isoformat(), now)
    return {"asked_id": number, "system_id": "far-bus"}
