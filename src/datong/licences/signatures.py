"""People sign documents: the digest of a document, with a key that the city's signing service keeps for each person alone.

Each signature is confirmed by the person with her password at that moment (the door sees to it). What comes out is a detached JWS
over the digest that anybody verifies with the person's public key, and a line of the ledger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor, Ground
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import queries
from datong.licences.jose import ForgedError, PublicKey, SigningKey, compact_json, open_jws, read_json, sign_jws
from datong.licences.keys import issuer_name, seal, unseal
from datong.store import Session

TYP = "document-signature+jws"
FORM = "datong-signature-1"
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Signature:
    """One signature asked for or given. `state`: asked, signed, refused; `digest` is SHA-256 of the document in hexadecimal."""

    signature_id: str
    holder: str
    digest: str
    title: str
    kid: str
    asked_by: str
    case: str
    state: str
    asked_at: str
    signed_at: str
    jws: str
    line_id: str


@dataclass(frozen=True)
class SignatureVerdict:
    """Whether a signature holds. `outcome`: valid, different (another document), forged."""

    outcome: str
    reasons: tuple[Ground, ...]
    signed_at: str = ""
    title: str = ""
    signer: str = ""
    """The key that signed: who it belongs to is the city's to say."""

    @property
    def good(self) -> bool:
        """Whether it may be relied on."""
        return self.outcome == "valid"


_WORDS = {
    "genuine": ("签名有效，文件与签署时一致", "The signature is good, and the document is the one that was signed"),
    "on_record": ("签名已存证，签署时间可查", "The signature is on record with its time"),
    "different": ("签名有效，但签署的不是这个文件", "The signature is good, but it was given for another document"),
    "forged": ("签名不符，或不是本市签名服务作出的", "The signature does not fit, or was not made by this city's service"),
}


def ask_signature(
    session: Session, actor: Actor, holder: str, digest: str, title: str, *, case: str = "", now: datetime | None = None
) -> Signature:
    """Ask a person to sign a document, by a department; or she herself, of her own accord. Raises BadValue, Forbidden."""
    at = share.moment(now)
    if len(digest) != 64 or not set(digest) <= _HEX:
        raise BadValue("digest", "is no SHA-256 digest", "write 64 hexadecimal characters")
    if not title.strip() or len(title) > 120:
        raise BadValue("title", "is missing or too long", "say in 120 characters what is signed")
    if actor.kind == "citizen" and actor.subject != holder:
        raise Forbidden("只能为本人签署 (a citizen signs for herself)")
    number = share.dated_number(session, "Q", "signature", share.city_day(at))
    moment, asked_by = share.moment_text(at), "" if actor.kind == "citizen" else actor.department
    params = {"signature_id": number, "holder": holder, "digest": digest, "title": title.strip(), "asked_by": asked_by}
    session.run(queries.ADD_SIGNATURE, params | {"case_ref": case, "asked_at": moment})
    if asked_by:
        words = share.installed(session).sharing.department_words(asked_by)
        text = (f"{words[0]}请您签署《{title.strip()}》。", f"{words[1]} asks you to sign “{title.strip()}”.")
        message = share.Message("signature_asked", ("有文件待签署", "A document waits for your signature"), text, (("signature", number),))
        share.notify(session, holder, message, moment)
    return Signature(number, holder, digest, title.strip(), "", asked_by, case, "asked", moment, "", "", "")


def sign_document(session: Session, actor: Actor, signature_id: str, *, confirmed: bool, now: datetime | None = None) -> Signature:
    """The person signs. `confirmed`: she has just given her password again; without it nothing is signed. Raises Missing, Forbidden."""
    at = share.moment(now)
    waiting = own_signature(session, actor, signature_id)
    if not confirmed:
        raise Forbidden("签署须再次确认本人身份 (signing needs your password again)")
    if waiting.state != "asked":
        raise BadValue("signature", f"is {waiting.state} already")
    key = _key_of(session, actor, at)
    moment = share.moment_text(at)
    said = {
        "iss": issuer_name(share.installed(session).settings),
        "iat": int(at.timestamp()),
        "sha256": waiting.digest,
        "title": waiting.title,
    }
    jws = sign_jws(key, {"typ": TYP}, compact_json(said))
    body = {"act": "signed", "signature": signature_id, "digest": sha256(jws.encode()).hexdigest(), "case": waiting.case}
    line = ledger.Line("signature", moment, waiting.holder, actor.id, waiting.asked_by, body=body)
    line_id = ledger.append(session, line)[0]
    params = {"kid": key.kid, "jws": jws, "at": moment, "line_id": line_id, "signature_id": signature_id}
    if not session.run(queries.SIGN, params):
        raise BadValue("signature", "is answered already")
    return own_signature(session, actor, signature_id)


def refuse_signature(session: Session, actor: Actor, signature_id: str, *, now: datetime | None = None) -> None:
    """The person does not sign; who asked is told."""
    at = share.moment_text(share.moment(now))
    waiting = own_signature(session, actor, signature_id)
    if not session.run(queries.REFUSE, {"signature_id": signature_id, "at": at}):
        raise BadValue("signature", "is answered already")
    if waiting.asked_by:
        text = (f"《{waiting.title}》未被签署（{signature_id}）。", f"“{waiting.title}” was not signed ({signature_id}).")
        message = share.Message("signature_refused", ("文件未被签署", "A document was not signed"), text, (("signature", signature_id),))
        share.notify(session, f"department:{waiting.asked_by}", message, at)


def own_signature(session: Session, actor: Actor, signature_id: str) -> Signature:
    """One signature of the citizen's own. Raises Missing."""
    row = session.one(queries.SIGNATURE, {"signature_id": signature_id})
    if row is None or actor.kind != "citizen" or not actor.subject or row[1] != actor.subject:
        raise Missing("没有这份待签文件 (there is no such document of yours)")
    return Signature(*row)


def signatures(session: Session, actor: Actor) -> tuple[Signature, ...]:
    """The citizen's signatures, asked for and given, the newest first."""
    return tuple(Signature(*row) for row in session.all(queries.SIGNATURES_OF, {"holder": actor.subject or "-"}))


def end_signing_key(session: Session, actor: Actor, *, now: datetime | None = None) -> int:
    """The citizen ends her key (her phone was lost); the next signature makes a new one, earlier ones still verify."""
    at = share.moment_text(share.moment(now))
    ended = session.run(queries.END_SIGNING_KEY, {"holder": actor.subject or "-", "at": at})
    if ended:
        ledger.append(session, ledger.Line("signature", at, actor.subject, actor.id, body={"act": "key_ended"}))
    return ended


def signature_file(session: Session, signature: Signature) -> str:
    """What a signer keeps and sends beside the document: the signature and the key to verify it with, as JSON."""
    row = session.one(queries.KEY_BY_KID, {"kid": signature.kid})
    if row is None or not signature.jws:
        raise Missing("这份文件还没有签署 (this document has not been signed)")
    return json.dumps(
        {"form": FORM, "jws": signature.jws, "key": json.loads(row[1]) | {"kid": signature.kid}}, ensure_ascii=False, indent=1
    )


def verify_signature(text: str, document: bytes, session: Session | None = None) -> SignatureVerdict:
    """Whether a signature file was given for this document. With a session: whether key and signature are the city's own on record."""
    try:
        found = json.loads(text)
        jws, jwk = found["jws"], found["key"]
        header, raw, signing_input, signature = open_jws(jws)
        if header.get("typ") != TYP or header.get("kid") != jwk["kid"]:
            raise ForgedError("type")
        PublicKey.from_jwk(jwk).check(signing_input, signature)
        said = read_json(raw)
        at = datetime.fromtimestamp(said["iat"], UTC)
    except (ForgedError, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return SignatureVerdict("forged", (_ground("forged"),))
    if session is not None and not _on_record(session, jws, jwk):
        return SignatureVerdict("forged", (_ground("forged"),))
    facts = {"signed_at": share.moment_text(at), "title": str(said.get("title", "")), "signer": str(header["kid"])}
    if said.get("sha256") != sha256(document).hexdigest():
        return SignatureVerdict("different", (_ground("different"),), **facts)
    reasons = (_ground("genuine"), *((_ground("on_record"),) if session is not None else ()))
    return SignatureVerdict("valid", reasons, **facts)


def _on_record(session: Session, jws: str, jwk: dict[str, Any]) -> bool:
    row = session.one(queries.SIGNATURE_BY_JWS, {"jws": jws})
    key = session.one(queries.KEY_BY_KID, {"kid": str(jwk.get("kid", ""))})
    return row is not None and key is not None and PublicKey.from_jwk(json.loads(key[1])) == PublicKey.from_jwk(jwk)


def _ground(code: str) -> Ground:
    zh, en = _WORDS[code]
    return Ground(code, "", zh, en, "signature")


def _key_of(session: Session, actor: Actor, at: datetime) -> SigningKey:
    """The person's own key; made, sealed for the service alone and put on record when she signs for the first time."""
    row = session.one(queries.SIGNING_KEY, {"holder": actor.subject})
    if row is not None:
        return SigningKey.from_der(unseal(session, row[2], row[0]), row[0])
    fresh = SigningKey.new()
    kid = fresh.public.thumbprint()
    moment = share.moment_text(at)
    params = {"kid": kid, "holder": actor.subject, "jwk": json.dumps(fresh.public.jwk()), "sealed": seal(session, fresh.der(), kid)}
    session.run(queries.ADD_SIGNING_KEY, params | {"made_at": moment})
    ledger.append(session, ledger.Line("signature", moment, actor.subject, actor.id, body={"act": "key", "thumbprint": kid}))
    return SigningKey(fresh.key, kid)
