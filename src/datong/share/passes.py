"""Passes: an owner's QR for one of her premises, bound to a purpose and a time, revocable; and what it says when shown.

The QR holds a random secret of 128 bits and nothing else; the store holds the secret's hash.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datong import ledger
from datong.domain.access import Actor, Ground, Key
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share import queries
from datong.share.installed import installed, moment
from datong.share.keys import PASS_PREFIX
from datong.share.notices import next_serial
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Session

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=31)


@dataclass(frozen=True)
class Pass:
    """One pass as its owner sees it. `secret` is there only at the moment of issue, `state` is as of the asking."""

    pass_id: str
    holder: str
    premises: str
    purpose: str
    once: bool
    issued_at: str
    expires_at: str
    revoked_at: str
    used_at: str
    used_by: str
    uses: int
    state: str = "valid"
    """valid, expired, revoked or used."""
    secret: str = ""

    @property
    def qr(self) -> str:
        """What the QR holds."""
        return PASS_PREFIX + self.secret if self.secret else ""


@dataclass(frozen=True)
class NewPass:
    """What an owner asks for: which premises, what for, how long, how often."""

    premises: str
    purpose: str
    lasts: timedelta = timedelta(minutes=15)
    once: bool = True


def issue_pass(session: Session, actor: Actor, wanted: NewPass, *, now: datetime | None = None, secret: bytes | None = None) -> Pass:
    """Make a pass for premises the citizen owns. `secret` is 16 random bytes unless given.

    Raises Forbidden when she is not the registered owner, BadValue when purpose or time do not fit.
    """
    parts, at_moment = installed(session), moment(now)
    if not actor.subject or session.one(queries.OWNS, {"person": actor.subject, "code": wanted.premises}) is None:
        raise Forbidden("只有登记的产权人可以生成房码 (only the registered owner can make a pass for these premises)")
    if not any("pass" in one.keys and one.purpose == wanted.purpose for one in parts.sharing.agreements.values()):
        raise BadValue("purpose", "no agreement takes a pass for this purpose", "choose one of pass_purposes()")
    if not SHORTEST <= wanted.lasts <= LONGEST:
        raise BadValue("lasts", "out of bounds", "a pass lasts from a minute to 31 days")
    random = secrets.token_bytes(16) if secret is None else secret
    shown = _text(random)
    at = moment_text(at_moment)
    number = f"R{city_day(at_moment):%Y%m%d}-{next_serial(session, f'pass:{city_day(at_moment)}'):04d}"
    made = Pass(
        number,
        actor.subject,
        wanted.premises,
        wanted.purpose,
        wanted.once,
        at,
        moment_text(at_moment + wanted.lasts),
        "",
        "",
        "",
        0,
        "valid",
        shown,
    )
    session.run(
        queries.ADD_QR,
        {
            "pass_id": made.pass_id,
            "secret_hash": hash_of(shown),
            "holder": made.holder,
            "premises": made.premises,
            "purpose": made.purpose,
            "once": int(made.once),
            "issued_at": made.issued_at,
            "expires_at": made.expires_at,
        },
    )
    _record(session, actor, made, "issued", at)
    return made


def revoke_pass(session: Session, actor: Actor, pass_id: str, *, now: datetime | None = None) -> Pass:
    """Take a pass back. Raises Missing when it is not the actor's; revoking twice changes nothing."""
    at = moment_text(moment(now))
    row = session.one(queries.PASS_BY_ID, {"pass_id": pass_id})
    if row is None or row[1] != actor.subject or not actor.subject:
        raise Missing("没有这个房码 (you have no such pass)")
    if session.run(queries.REVOKE_QR, {"pass_id": pass_id, "holder": actor.subject, "at": at}):
        _record(session, actor, _pass(row, at), "revoked", at)
        row = session.one(queries.PASS_BY_ID, {"pass_id": pass_id}) or row
    return _pass(row, at)


def my_passes(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Pass, ...]:
    """The actor's passes with their states, newest first."""
    at = moment_text(moment(now))
    return tuple(_pass(row, at) for row in session.all(queries.PASSES_OF, {"holder": actor.subject or "-"}))


def pass_purposes(session: Session) -> tuple[str, ...]:
    """The purposes for which some department or the applicant herself may present a pass."""
    agreements = installed(session).sharing.agreements.values()
    return tuple(sorted({one.purpose for one in agreements if "pass" in one.keys and one.purpose != "own_data"}))


def find_pass(session: Session, key: Key, at: str) -> Pass | None:
    """The pass behind a scanned QR or the secret typed from it, with its state; nothing when it was never issued."""
    secret = key.value.strip().removeprefix(PASS_PREFIX)
    row = session.one(queries.PASS_BY_SECRET, {"secret_hash": hash_of(secret)})
    return _pass(row, at) if row else None


def why_invalid(session: Session, found: Pass | None, purpose: str) -> Ground | None:
    """Why a pass does not open its premises for this purpose; nothing when it does."""
    if found is None:
        return ground("pass_unknown", rule="pass")
    if found.state != "valid":
        return ground(f"pass_{found.state}", rule=found.pass_id)
    if found.purpose != purpose:
        return ground("pass_purpose", what=installed(session).sharing.purpose_words(found.purpose), rule=found.pass_id)
    if session.one(queries.OWNS, {"person": found.holder, "code": found.premises}) is None:
        return ground("pass_holder", rule=found.pass_id)
    return None


def use_pass(session: Session, pass_id: str, used_by: str, at: str) -> bool:
    """Record a use; false when it has meanwhile been used up, revoked or has expired."""
    return session.run(queries.USE_QR, {"pass_id": pass_id, "used_by": used_by, "at": at}) == 1


def hash_of(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _text(random: bytes) -> str:
    """The secret as 26 characters that a person can also type."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(random, "big")
    return "".join(alphabet[(number >> shift) & 31] for shift in range(125, -1, -5))


def _pass(row: tuple[object, ...], at: str) -> Pass:
    pass_id, holder, premises, purpose, once, issued_at, expires_at, revoked_at, used_at, used_by, uses = row
    made = Pass(
        str(pass_id), str(holder), str(premises), str(purpose), bool(once), str(issued_at), str(expires_at),
        str(revoked_at), str(used_at), str(used_by), int(str(uses)),
    )  # fmt: skip
    if made.revoked_at:
        return replace(made, state="revoked")
    if made.once and made.uses:
        return replace(made, state="used")
    return replace(made, state="expired" if at >= made.expires_at else "valid")


def _record(session: Session, actor: Actor, made: Pass, act: str, at: str) -> None:
    body = {"act": act, "pass": made.pass_id, "once": made.once, "until": made.expires_at}
    ledger.append(session, ledger.Line("pass", at, made.premises, actor.id, actor.department, actor.unit, made.purpose, body))
