"""What each page wants of its visitor: permissions from the city's `roles.yml`. What data she then sees, the agreements decide."""

from __future__ import annotations

from datong import share
from datong.domain.access import Actor
from datong.store import Session

PUBLIC = "public"
"""Open to everybody."""
SIGNED_IN = "signed_in"
"""Open to everybody who is signed in."""
KEY = "key"
"""Open to systems that show a key."""
WITHOUT_ROLE = (PUBLIC, SIGNED_IN, KEY)
"""Permissions that no role gives."""


def granted(session: Session, actor: Actor | None) -> frozenset[str]:
    """Everything a visitor may open."""
    if actor is None:
        return frozenset({PUBLIC})
    return share.permissions(session, actor) | {PUBLIC, SIGNED_IN}
