"""Who somebody is to a request or an agreement: of the requesting or the providing department, answering for it, or the sharing office."""

from __future__ import annotations

from collections.abc import Collection

from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share.installed import Installed
from datong.share.requests.rules import Act

WRITE, SIGN, MANAGE, ALL = "requests.write", "requests.sign", "requests.manage", "requests.all"


def parties(parts: Installed, actor: Actor, requesting: Collection[str], providing: Collection[str]) -> frozenset[str]:
    """What the actor is to a matter between these departments; empty: no party to it."""
    may = parts.permissions(actor) if actor.kind == "officer" else frozenset[str]()
    found = set[str]()
    for side, departments in (("requesting", requesting), ("providing", providing)):
        if actor.department and actor.department in departments:
            found |= {side} if WRITE in may else set()
            found |= {f"{side}_responsible"} if SIGN in may else set()
    return frozenset(found | ({"manager"} if MANAGE in may else set()))


def sees_all(parts: Installed, actor: Actor) -> bool:
    """Whether the actor sees every department's requests and agreements."""
    return actor.kind == "officer" and parts.may(actor, ALL)


def must_be(act: Act, found: frozenset[str]) -> None:
    """Raises Forbidden when none of what the actor is may do the act."""
    if not found & set(act.by):
        zh = f"“{act.title[0]}”不由您办理"
        raise Forbidden(f"{zh} (this act is for: {', '.join(act.by)})")
