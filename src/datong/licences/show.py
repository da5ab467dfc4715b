"""The holder shows a licence: what she chooses of it, to whom she names, for what she says; by a one-time code or as a file.

A code is a random secret that its QR alone holds; the store holds its hash. It is good once and for a few minutes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.licences import library, queries, sdjwt
from datong.licences.jose import SigningKey
from datong.licences.keys import unseal
from datong.licences.licence import Licence
from datong.licences.sdjwt import Proof
from datong.licences.sdjwt import present as present_text
from datong.licences.uses import NewUse, record_use
from datong.store import Session

PREFIX = "datong:licence:"
LIFE = timedelta(minutes=5)
LONGEST_PURPOSE = 60


@dataclass(frozen=True)
class Showing:
    """What is shown: the names of the hidden facts, what for in her words, to whom, and on whose challenge (for a file)."""

    fields: tuple[str, ...]
    purpose: str
    audience: str = ""
    """For a code: the department that alone may redeem it, or empty. For a file: the verifier's name."""
    nonce: str = ""


@dataclass(frozen=True)
class Code:
    """A one-time code, at the moment it was made."""

    secret: str
    expires_at: str
    licence: Licence

    @property
    def qr(self) -> str:
        """What the QR holds."""
        return PREFIX + self.secret


def show_code(
    session: Session, actor: Actor, licence_id: str, showing: Showing, *, now: datetime | None = None, secret: bytes | None = None
) -> Code:
    """Make a one-time code that shows these facts for this purpose. Raises Missing, BadValue.

    `secret`: 16 random bytes unless given.
    """
    at = share.moment(now)
    licence = library.own(session, actor, licence_id, at)
    fields = _chosen(session, licence, showing)
    if licence.state != "valid":
        raise BadValue("licence", f"is {licence.state}", "a licence that does not hold cannot be shown")
    if showing.audience and showing.audience not in share.installed(session).packs.departments:
        raise BadValue("audience", "is no department of this city")
    text = secrets.token_hex(16) if secret is None else secret.hex()
    expires = share.moment_text(at + LIFE)
    keep_ticket(session, text, Ticket("show", licence, showing.audience, showing.purpose.strip(), {"fields": list(fields)}), at)
    return Code(text, expires, licence)


def present(session: Session, actor: Actor, licence_id: str, showing: Showing, *, now: datetime | None = None) -> str:
    """The licence as a text that shows these facts, with the holder's proof for this audience and challenge; the use is on record.

    Raises Missing when it is not the citizen's own, BadValue when audience or challenge is missing.
    """
    at = share.moment(now)
    licence = library.own(session, actor, licence_id, at)
    fields = _chosen(session, licence, showing)
    for name in ("audience", "nonce"):
        if not getattr(showing, name).strip():
            raise BadValue(name, "is missing", "the verifier names herself and gives a challenge")
    text = proved(session, licence, fields, showing.audience, nonce=showing.nonce, at=at)
    record_use(session, licence, NewUse("presentation", actor, showing.purpose.strip(), fields, licence.state), at, told=False)
    return text


def proved(session: Session, licence: Licence, fields: tuple[str, ...], audience: str, *, nonce: str, at: datetime) -> str:
    """The text with only these facts and the holder's proof, by the key that the wallet keeps for her."""
    row = session.one(queries.HOLDER_KEY, {"licence_id": licence.licence_id, "version": licence.version})
    assert row is not None
    key = SigningKey.from_der(unseal(session, row[0], f"{licence.licence_id}/{licence.version}"))
    _, disclosures = sdjwt.disclosures_of(licence.credential)
    return present_text(licence.credential, sdjwt.named(disclosures, fields), key, Proof(audience, nonce, int(at.timestamp())))


@dataclass(frozen=True)
class Ticket:
    """What a code stands for: its kind, the licence, the department it is for ("" any), the purpose, and what is to be shown."""

    kind: str
    licence: Licence
    department: str
    purpose: str
    body: dict[str, object]


def keep_ticket(session: Session, secret: str, ticket: Ticket, at: datetime) -> None:
    """Keep a code's hash with what it stands for."""
    session.run(queries.SWEEP_TICKETS, {"before": share.moment_text(at - timedelta(days=1))})
    params = {"ticket_hash": hash_of(secret), "kind": ticket.kind, "licence_id": ticket.licence.licence_id}
    params |= {"holder": ticket.licence.holder, "department": ticket.department, "purpose": ticket.purpose}
    times = {"made_at": share.moment_text(at), "expires_at": share.moment_text(at + LIFE)}
    session.run(queries.ADD_TICKET, params | times | {"body": json.dumps(ticket.body)})


def hash_of(secret: str) -> str:
    """What the store keeps of a code."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _chosen(session: Session, licence: Licence, showing: Showing) -> tuple[str, ...]:
    """The chosen facts in the order of the face. Raises BadValue for one the licence does not state, or without a purpose."""
    purpose = showing.purpose.strip()
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise BadValue("purpose", "is missing or too long", f"say what it is shown for, in {LONGEST_PURPOSE} characters")
    kind = library.type_of(session, licence.type)
    for name in showing.fields:
        if name not in licence.facts:
            raise BadValue("fields", "names what the licence does not state", f"choose among {', '.join(licence.facts)}")
    return tuple(name for name in kind.names if name in showing.fields or (name in licence.facts and _open(session, licence, name)))


def _open(session: Session, licence: Licence, name: str) -> bool:
    fact = library.type_of(session, licence.type).fact(name)
    return fact is not None and fact.open
