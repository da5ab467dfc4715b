"""A licence for paper people: the signed PDF or OFD, taken by its holder or printed for her at the issuer's counter; and checking one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import BadValue
from datong.licences import library
from datong.licences.flow import may_issue
from datong.licences.keys import issuer_name, signing_key
from datong.licences.licence import Licence, Verdict
from datong.licences.paper import FORMS, PaperError, Signed, credential_in, sheet_of, write
from datong.licences.trust import Statuses
from datong.licences.uses import NewUse, record_use
from datong.licences.verify import State, ground, verify
from datong.store import Session


@dataclass(frozen=True)
class Paper:
    """A file: its bytes, a name for it, its media type."""

    content: bytes
    name: str
    media_type: str


def paper(session: Session, actor: Actor, licence_id: str, form: str, *, now: datetime | None = None) -> Paper:
    """The whole licence as a file of a form (pdf, ofd): the holder's own; or one of the issuer's, printed for her at its counter.

    The use is on record; what the counter prints is told to the holder. Raises Missing, Forbidden, BadValue.
    """
    at = share.moment(now)
    if form not in FORMS:
        raise BadValue("form", "is not known", f"write one of {', '.join(FORMS)}")
    if actor.kind == "citizen":
        licence = library.own(session, actor, licence_id, at)
    else:
        licence = library.newest(session, licence_id, share.city_day(at).isoformat())
        may_issue(session, actor, library.type_of(session, licence.type))
        licence = library.with_facts(session, licence)
    if licence.state != "valid":
        raise BadValue("licence", f"is {licence.state}", "a licence that does not hold is not printed")
    content = _written(session, licence, form, at)
    use = NewUse("copy" if actor.kind == "citizen" else "paper", actor, "", tuple(licence.facts), licence.state)
    record_use(session, licence, use, at, told=actor.kind != "citizen")
    return Paper(content, f"{licence.identifier}.{form}", FORMS[form])


def check_file(content: bytes, statuses: Statuses, *, now: datetime, state: State | None = None) -> tuple[Verdict, str]:
    """Whether a PDF or OFD of a licence may be relied on, and the licence's own text inside it ("" when the file is bent)."""
    try:
        text, department = credential_in(content, statuses.keys, statuses.national)
    except PaperError:
        return Verdict("forged", (ground("paper_bent"),)), ""
    verdict = verify(text, statuses, now=now, state=state)
    if verdict.department and verdict.department != department:
        return Verdict("forged", (ground("wrong_issuer"),)), ""
    if verdict.outcome == "forged":
        return verdict, ""
    return replace(verdict, reasons=(ground("paper"), *verdict.reasons)), text


def _written(session: Session, licence: Licence, form: str, at: datetime) -> bytes:
    here = share.installed(session)
    kind = library.type_of(session, licence.type)
    department = here.sharing.department_words(licence.department)[0] or licence.department
    sheet = sheet_of(licence, kind, department, f"{issuer_name(here.settings)}/verify-licence", at)
    national = ledger.national_signer(here.settings.home) if form == "ofd" else None
    return write(sheet, form, Signed(signing_key(session, licence.department, at), national))
