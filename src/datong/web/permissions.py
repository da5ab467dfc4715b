"""What each page wants of its visitor. What data she then sees, the agreements decide behind the one door."""

from __future__ import annotations

from collections.abc import Callable

from datong.domain.access import Actor


def _role(*roles: str) -> Callable[[Actor | None], bool]:
    return lambda actor: actor is not None and actor.kind == "officer" and bool(actor.roles & set(roles))


PERMISSIONS: dict[str, Callable[[Actor | None], bool]] = {
    "public": lambda actor: True,
    "signed_in": lambda actor: actor is not None,
    "citizen": lambda actor: actor is not None and actor.kind == "citizen",
    "office": lambda actor: actor is not None and actor.kind == "officer",
    "verify": _role("window_clerk", "officer", "inspector"),
    "look_up": _role("window_clerk", "officer", "inspector", "steward"),
    "report_wrong": _role("window_clerk", "officer", "inspector", "steward", "grid_worker"),
    "steward": _role("steward"),
    "audit": _role("auditor"),
    "lead": _role("leader"),
    "key": lambda actor: actor is not None and actor.kind == "system",
}
"""Permission → who has it. Every route names one of these."""


def allowed(permission: str, actor: Actor | None) -> bool:
    """Whether the visitor has a permission."""
    return PERMISSIONS[permission](actor)
