"""What may leave the door without an agreement, because it says nothing of anybody: the wording of places, and that something changed."""

from __future__ import annotations

from datong import registers
from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.share.installed import installed
from datong.share.policy import roles_of
from datong.share.roles import permissions_of
from datong.store import Session

MOST_CHANGES = 1000
SHORTEST_TEXT = 2


def suggest(session: Session, actor: Actor, text: str, limit: int = 10) -> tuple[registers.Suggestion, ...]:
    """Complete a half-typed address for somebody whose post looks places up (a system: for any). Raises Forbidden for others."""
    if actor.kind != "system" and "office.look_up" not in permissions_of(installed(session).roles, roles_of(actor)):
        raise Forbidden("您的岗位不能查询地址 (your post lacks office.look_up)")
    return tuple(registers.suggest(session, text, limit)) if len(text.strip()) >= SHORTEST_TEXT else ()


def changes(session: Session, actor: Actor, since: int = 0, limit: int = 200) -> tuple[tuple[registers.Change, ...], int]:
    """The changes after a number, in the registers that the asker's agreements open: codes, never content. And where to go on.

    Raises Forbidden when no agreement opens a register to the asker.
    """
    agreements = installed(session).policy.agreements_of(actor)
    open_to = {one.register for one in agreements if actor.kind != "system" or one.code in actor.agreements}
    if not open_to:
        raise Forbidden("没有共享协议可依 (no agreement opens a register to you)")
    found = registers.changes(session, since, min(limit, MOST_CHANGES))
    return tuple(one for one in found if one.register in open_to), found[-1].seq if found else since
