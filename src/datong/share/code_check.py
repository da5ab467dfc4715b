"""Anybody signed in may check a code she was shown: is it real and in force, and which building, never whose and which door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from datong import ledger
from datong.domain.access import Actor, Ground, Key, Question, SharedEntry
from datong.domain.identifiers import compact, fold
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.keys import PASS_PREFIX, read_key
from datong.share.passes import Pass, find_pass, why_invalid
from datong.share.words import ground
from datong.share.workdays import moment_text
from datong.store import Session

PURPOSE = "code_check"
_SECRET = re.compile(r"[0-9A-HJ-NP-TV-Z]{26}", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """What a checked code is. `state`: valid, expired, revoked, used, unknown or refused; `purpose` and `expires_at` are a pass's."""

    kind: Literal["pass", "code", ""]
    state: str
    grounds: tuple[Ground, ...]
    entry: SharedEntry | None = None
    purpose: str = ""
    expires_at: str = ""
    once: bool = False


def check_code(session: Session, actor: Actor, text: str, *, now: datetime | None = None) -> Checked:
    """Check a pass (scanned or its 26 characters typed) or the permanent code of premises. A pass is not used up by it.

    The owner finds the check in the record of her home. An unknown code and a wrong one are told alike.
    """
    installed(session)
    at_moment = moment(now)
    number = compact(text)
    if fold(text).startswith(PASS_PREFIX) or _SECRET.fullmatch(number):
        secret = fold(text).strip() if fold(text).startswith(PASS_PREFIX) else number.upper()
        return _check_pass(session, actor, Key("pass", secret), at_moment)
    key = read_key(text)
    if key.type == "code" and key.value.startswith("H"):
        return _premises(session, actor, key.value, Checked("code", "valid", ()), at_moment)
    return Checked("", "unknown", (ground("code_unknown", rule=PURPOSE),))


def _check_pass(session: Session, actor: Actor, key: Key, now: datetime) -> Checked:
    at = moment_text(now)
    found = find_pass(session, key, at)
    invalid = why_invalid(session, found, found.purpose if found else "")
    if found is None or invalid is not None:
        _record(session, actor, found, at)
        state = "unknown" if found is None else found.state if found.state != "valid" else "unknown"
        return Checked("pass", state, (invalid or ground("pass_unknown"),), None, found.purpose if found else "")
    held = Checked("pass", "valid", (ground("pass_valid", rule=found.pass_id),), None, found.purpose, found.expires_at, found.once)
    return _premises(session, actor, found.premises, held, now)


def _premises(session: Session, actor: Actor, code: str, checked: Checked, now: datetime) -> Checked:
    answer = ask(session, actor, Question(PURPOSE, "look_up", "premises", Key("code", code)), now=now)
    if answer.outcome == "found":
        entry = answer.entries[0]
        return Checked(checked.kind, "valid", checked.grounds, entry, checked.purpose, checked.expires_at, checked.once)
    state = "refused" if answer.outcome == "refused" else "unknown"
    grounds = answer.grounds or answer.decision.grounds if state == "refused" else (ground("code_unknown", rule=PURPOSE),)
    return Checked(checked.kind, state, grounds)


def _record(session: Session, actor: Actor, found: Pass | None, at: str) -> None:
    """A check that led nowhere is written down too; a pass's owner sees that it was shown."""
    body = {"operation": "look_up", "register": "premises", "outcome": "refused", "agreement": "", "automatic": False, "key": "pass"}
    ledger.append(session, ledger.Line("refusal", at, found.premises if found else "", actor.id, "", "", PURPOSE, body))
