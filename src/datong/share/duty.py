"""Who watches over security is told in her own messages."""

from __future__ import annotations

from datong.share.installed import installed
from datong.share.notices import Message, notify
from datong.store import Session

WATCH = "security.watch"
"""The permission to see the page of security; whoever has it by one of her posts is on duty."""
_ACCOUNTS = "SELECT account_id, roles FROM account WHERE state = 'active' AND roles <> '[]' ORDER BY account_id"


def tell_duty(session: Session, message: Message, at: str) -> None:
    """Tell everybody who watches over security."""
    watching = [f'"{code}"' for code, role in installed(session).roles.items() if WATCH in role.may]
    for account, held in session.all(_ACCOUNTS):
        if any(role in held for role in watching):
            notify(session, f"account:{account}", message, at)
