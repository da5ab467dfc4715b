"""A person signs documents on her phone, each time with her password; anybody verifies a signature beside its document."""

from __future__ import annotations

from hashlib import sha256

from starlette.responses import Response

from datong import licences
from datong.domain.errors import BadValue
from datong.web.accounts import try_password
from datong.web.i18n import say
from datong.web.visit import Visit

WRONG = "密码不对，没有签署。"
NO_FILE = "请选择文件"


def show_all(visit: Visit) -> Response:
    """What waits for her signature, and what she has signed."""
    return visit.page("citizen/signatures.html", found=licences.signatures(visit.session, visit.actor))


def add(visit: Visit) -> Response:
    """A document of her own: its digest is kept, the document itself is not."""
    upload = visit.upload("file")
    if upload is None or not upload.content:
        raise BadValue("file", say(visit.language, NO_FILE))
    digest, title = sha256(upload.content).hexdigest(), visit.optional("title", 120) or upload.name[:120]
    made = licences.ask_signature(visit.session, visit.actor, visit.actor.subject, digest, title, now=visit.now)
    return visit.go(f"/me/signatures/{made.signature_id}")


def show(visit: Visit) -> Response:
    """One document: what is signed, for whom, and the form that signs."""
    return _one(visit, "")


def sign(visit: Visit) -> Response:
    """Sign, with the password given just now. It writes in a session of its own, as checking a password does."""
    signature_id = visit.sent.params["signature_id"]
    licences.own_signature(visit.session, visit.actor, signature_id)
    attempt = try_password(visit.store, visit.settings, visit.actor.id, visit.sent.form.get("password", "")[:200], visit.now)
    if attempt.actor is None:
        return _one(visit, say(visit.language, WRONG))
    with visit.store.session() as session:
        licences.sign_document(session, visit.actor, signature_id, confirmed=True, now=visit.now)
    return visit.go(f"/me/signatures/{signature_id}", "document-signed")


def refuse(visit: Visit) -> Response:
    """She does not sign; who asked is told."""
    licences.refuse_signature(visit.session, visit.actor, visit.sent.params["signature_id"], now=visit.now)
    return visit.go("/me/signatures", "document-refused")


def file(visit: Visit) -> Response:
    """The signature as a file, to be sent beside the document."""
    found = licences.own_signature(visit.session, visit.actor, visit.sent.params["signature_id"])
    text = licences.signature_file(visit.session, found)
    return visit.file(text.encode(), f"{found.signature_id}.signature.json", "application/json")


def verify_form(visit: Visit) -> Response:
    """The document and its signature."""
    return visit.page("verify_signature.html", verdict=None)


def verify(visit: Visit) -> Response:
    """Whether the signature was given for just this document. Nothing of either is kept."""
    given = [visit.upload(name) for name in ("document", "signature")]
    if given[0] is None or given[1] is None:
        raise BadValue("document", say(visit.language, NO_FILE))
    text = given[1].content[:200_000].decode("utf-8", "replace")
    return visit.page("verify_signature.html", verdict=licences.verify_signature(text, given[0].content, visit.session))


def _one(visit: Visit, error: str) -> Response:
    found = licences.own_signature(visit.session, visit.actor, visit.sent.params["signature_id"])
    return visit.page("citizen/signature.html", found=found, error=error)
