"""Checking at the source: a text, a file or a one-time code, by anybody; at a counter by ID card alone where the holder agreed.

What fails because somebody tried it on is written down, and issuer and holder learn of it, once a day for each kind of failure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from datong import ledger, share
from datong.domain.access import Actor, Ground, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences import library, queries, show, tell
from datong.licences.flow import list_uri
from datong.licences.jose import ForgedError, open_jws, read_json
from datong.licences.licence import Licence, Verdict
from datong.licences.printed import check_file
from datong.licences.status import INVALID, SUSPENDED, VALID
from datong.licences.trust import statuses
from datong.licences.uses import PURPOSE, NewUse, record_use
from datong.licences.verify import Expect, State, verify
from datong.store import Session

AUDIENCE = "counter"
LONGEST_AGREED = timedelta(days=366 * 2)
_WORDS = {
    "code_unknown": ("没有这个出示码，或已过期", "There is no such code, or its time is over"),
    "code_used": ("出示码已经使用过，请持有人重新出示", "The code has been used: ask for the licence to be shown again"),
    "code_elsewhere": ("这个出示码是出示给其他部门的", "The code was made for another department"),
    "not_agreed": (
        "持有人没有同意凭身份证使用这种证照，请其在手机上出示",
        "The holder has not agreed to use by ID card: ask her to show it",
    ),
    "no_licence": ("没有这种证照", "She has no licence of this type"),
    "person_refused": ("不能按身份证查到持证人", "The ID card leads to nobody, or your agreements do not allow it"),
}
SHOWN_FRAUD = ("revoked", "suspended", "forged")


@dataclass(frozen=True)
class Checked:
    """What a check came to: the verdict, what it was shown for, and the ledger's line when one was written."""

    verdict: Verdict
    purpose: str = ""
    line: str = ""


@dataclass(frozen=True)
class Agreed:
    """A holder's word that a department's counters may use her licences of a type by her ID card alone."""

    agreed_id: str
    type: str
    department: str
    given_at: str
    until: str
    withdrawn_at: str

    def live(self, at: str) -> bool:
        """Whether it holds at a moment."""
        return not self.withdrawn_at and self.until > at


def check_text(session: Session, actor: Actor | None, text: str, expect: Expect | None = None, *, now: datetime | None = None) -> Checked:
    """Verify a shown text or file against the library as it is now. Who tried a bent or ended licence on is told of to whom it concerns."""
    at = share.moment(now)
    shown = text.strip()
    if shown.startswith(show.PREFIX):
        return redeem(session, actor, shown, now=now)
    verdict = verify(text, statuses(session), now=at, expect=expect, state=live_state(session))
    identifier = verdict.identifier or _claimed(text)
    licence = library.by_identifier(session, identifier, share.city_day(at).isoformat()) if identifier else None
    if licence is None:
        return Checked(verdict)
    if verdict.outcome in SHOWN_FRAUD:
        return Checked(verdict, "", _tried(session, actor, licence, verdict, at))
    fields = tuple(verdict.claims)
    return Checked(verdict, "", record_use(session, licence, NewUse("presentation", actor, "", fields, verdict.outcome), at))


def check_paper(session: Session, actor: Actor | None, content: bytes, *, now: datetime | None = None) -> Checked:
    """Verify a PDF or OFD of a licence against the library as it is now; on record as `check_text` has it."""
    at = share.moment(now)
    verdict, _ = check_file(content, statuses(session), now=at, state=live_state(session))
    licence = library.by_identifier(session, verdict.identifier, share.city_day(at).isoformat()) if verdict.identifier else None
    if licence is None:
        return Checked(verdict)
    if verdict.outcome in SHOWN_FRAUD:
        return Checked(verdict, "", _tried(session, actor, licence, verdict, at))
    use = NewUse("presentation", actor, "", tuple(verdict.claims), verdict.outcome)
    return Checked(verdict, "", record_use(session, licence, use, at))


def redeem(session: Session, actor: Actor | None, code: str, *, now: datetime | None = None) -> Checked:
    """Redeem a one-time code: the licence as its holder chose to show it, proved and verified. A code is good once."""
    at = share.moment(now)
    secret = code.strip().removeprefix(show.PREFIX).replace(" ", "")
    params = {"ticket_hash": show.hash_of(secret), "kind": "show"}
    row = session.one(queries.TICKET, params)
    moment = share.moment_text(at)
    if row is None or (row[5] <= moment and not row[6]):
        return Checked(_no("code_unknown"))
    licence_id, _, department, purpose, body, _, used_at = row
    licence = library.newest(session, licence_id, share.city_day(at).isoformat())
    if used_at:
        return Checked(_no("code_used"), "", _tried(session, actor, licence, _no("code_used"), at))
    if department and (actor is None or actor.department != department):
        return Checked(_no("code_elsewhere"))
    used = {"at": moment, "by": actor.id if actor else "", "body": body, "ticket_hash": params["ticket_hash"]}
    if not session.run(queries.USE_TICKET, used):
        return Checked(_no("code_used"))
    fields = tuple(json.loads(body)["fields"])
    text = show.proved(session, licence, fields, AUDIENCE, nonce=params["ticket_hash"], at=at)
    verdict = verify(text, statuses(session), now=at, expect=Expect(AUDIENCE, params["ticket_hash"]), state=live_state(session))
    line = record_use(session, licence, NewUse("code", actor, purpose, fields, verdict.outcome), at)
    return Checked(verdict, purpose, line)


def by_card(session: Session, actor: Actor, citizen_id: str, type_code: str, *, purpose: str, now: datetime | None = None) -> Checked:
    """At a counter, by the number of her ID card alone: her licence of a type, where she has agreed to that.

    The person is found through the one door, under a purpose and agreement of its own. Raises Forbidden, Missing.
    """
    at, kind = share.moment(now), library.type_of(session, type_code)
    share.installed(session).must(actor, "licences.verify")
    question = Question(PURPOSE, "look_up", "person", Key("citizen_id", citizen_id), ("name",), reason=Reason("case", "", purpose))
    answer = share.ask(session, actor, question, now=at)
    if answer.outcome != "found":
        return Checked(replace(_no("person_refused"), reasons=(*_no("person_refused").reasons, *answer.grounds)))
    holder = answer.entries[0].code
    params = {"holder": holder, "type": kind.code, "department": actor.department, "at": share.moment_text(at)}
    if not kind.counter or session.one(queries.AGREED, params) is None:
        return Checked(_no("not_agreed"))
    row = session.one(queries.IN_FORCE_OF, {"holder": holder, "type": kind.code})
    if row is None:
        return Checked(_no("no_licence"))
    licence = library.with_facts(session, library.read_row(row, share.city_day(at).isoformat()))
    fields = tuple(licence.facts)
    nonce = show.hash_of(f"{licence.licence_id}/{share.moment_text(at)}/{actor.id}")
    text = show.proved(session, licence, fields, AUDIENCE, nonce=nonce, at=at)
    verdict = verify(text, statuses(session), now=at, expect=Expect(AUDIENCE, nonce), state=live_state(session))
    return Checked(verdict, purpose, record_use(session, licence, NewUse("card", actor, purpose, fields, verdict.outcome), at))


def agree(session: Session, actor: Actor, type_code: str, department: str, lasts: timedelta, *, now: datetime | None = None) -> Agreed:
    """The citizen agrees that a department's counters use her licences of a type by her ID card alone. Raises BadValue, Forbidden."""
    at, kind = share.moment(now), library.type_of(session, type_code)
    if actor.kind != "citizen" or not actor.subject:
        raise Forbidden("授权须由本人作出 (only the holder herself can agree)")
    if not kind.counter:
        raise BadValue("type", "is not used by ID card alone", "show it on your phone")
    if department not in share.installed(session).packs.departments:
        raise BadValue("department", "is no department of this city")
    if not timedelta(days=1) <= lasts <= LONGEST_AGREED:
        raise BadValue("lasts", "out of bounds", "from a day to two years")
    number = share.dated_number(session, "K", "licence_agreed", share.city_day(at))
    made = Agreed(number, type_code, department, share.moment_text(at), share.moment_text(at + lasts), "")
    params = {name: getattr(made, name) for name in ("agreed_id", "type", "department", "given_at", "until")}
    session.run(queries.ADD_AGREED, params | {"holder": actor.subject})
    _record_agreed(session, actor, made, "agreed", at)
    return made


def withdraw_agreed(session: Session, actor: Actor, agreed_id: str, *, now: datetime | None = None) -> None:
    """Take it back, from now on. Raises Missing."""
    at = share.moment(now)
    params = {"agreed_id": agreed_id, "holder": actor.subject or "-", "at": share.moment_text(at)}
    found = next((one for one in agreed(session, actor) if one.agreed_id == agreed_id), None)
    if found is None or not session.run(queries.WITHDRAW_AGREED, params):
        raise Missing("没有这项有效的同意 (you have not agreed to this, or took it back)")
    _record_agreed(session, actor, found, "withdrawn", at)


def agreed(session: Session, actor: Actor) -> tuple[Agreed, ...]:
    """What the citizen has agreed to, the newest first."""
    return tuple(Agreed(*row) for row in session.all(queries.AGREED_OF, {"holder": actor.subject or "-"}))


def live_state(session: Session) -> State:
    """States looked up in the library itself: what was done a moment ago counts."""
    settings = share.installed(session).settings

    def state(uri: str, index: int, identifier: str) -> int | None:
        licence = library.by_identifier(session, identifier, "")
        if licence is None or (list_uri(settings, licence.list_id), licence.list_index) != (uri, index):
            return None
        return {"valid": VALID, "suspended": SUSPENDED}.get(licence.state, INVALID)

    return state


def _no(code: str) -> Verdict:
    zh, en = _WORDS[code]
    return Verdict("refused", (Ground(code, "", zh, en, "licence"),))


def _claimed(text: str) -> str:
    """The number that a text which did not verify claims to have."""
    try:
        said = read_json(open_jws("".join(text.split()).split("~", 1)[0])[1])
        return str(said.get("identifier", "")) if isinstance(said, dict) else ""
    except (ForgedError, AttributeError):
        return ""


def _tried(session: Session, actor: Actor | None, licence: Licence, verdict: Verdict, at: datetime) -> str:
    """Somebody tried a licence on: on record, and told to issuer and holder once a day for each kind of failure."""
    since = share.day_begins(share.city_day(at))
    params = {"licence_id": licence.licence_id, "outcome": verdict.outcome, "since": since}
    known = session.one(queries.TOLD_TODAY, params) is not None
    line = record_use(session, licence, NewUse("attempt", actor, "", (), verdict.outcome), at, told=False)
    if not known:
        why = verdict.reasons[-1]
        tell.tampered(session, licence, library.type_of(session, licence.type), (why.zh, why.en), at)
    return line


def _record_agreed(session: Session, actor: Actor, made: Agreed, act: str, at: datetime) -> None:
    body = {"act": act, "agreed": made.agreed_id, "kind": made.type, "department": made.department}
    ledger.append(session, ledger.Line("licence_agreed", share.moment_text(at), actor.subject, actor.id, body=body))
