"""A licence's life: issued, then renewed, changed, suspended, resumed, withdrawn, revoked or cancelled; in reading order.

Each act is a change of the library and one line of the ledger in the caller's transaction; the line holds the digest of the signed
text, the case and the type, and never what the licence states.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import product
from operator import attrgetter
from types import MappingProxyType

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.changed import changed
from datong.domain.codes import kind_of, read_code
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.licences import credential, library, queries, tell
from datong.licences.accounts import open_accounts
from datong.licences.credential import Face, Place
from datong.licences.jose import SigningKey
from datong.licences.keys import issuer_name, seal, signing_key
from datong.licences.licence import ACTS, Doing, FactValue, Licence, NewLicence
from datong.licences.numbers import Identifier
from datong.licences.status import LIST_BITS, LIST_SIZE
from datong.settings import Settings
from datong.spec import LicenceType
from datong.store import Session

_row = attrgetter(*queries.LICENCE_FIELDS)
_PAIRS = ["".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)]
"""Ten bits each, as base32 writes them."""
Lines = list[ledger.Line]
"""Lines that the caller appends herself, together with her own, at the end of her transaction."""


def issue(
    session: Session, actor: Actor, wanted: NewLicence, *, now: datetime | None = None, later: Lines | None = None, told: bool = True
) -> Licence:
    """Issue a licence to a permanent code, in the caller's transaction; the licence with its ledger line.

    The actor is an officer or system of the department that issues the type. `later`: put the line there instead of appending it.
    Raises BadValue for facts that do not fit the type, Forbidden for another department, Missing for an unknown type.
    """
    return issue_all(session, actor, (wanted,), now=now, later=later, told=told)[0]


def issue_all(
    session: Session,
    actor: Actor,
    wanted: Sequence[NewLicence],
    *,
    now: datetime | None = None,
    later: Lines | None = None,
    told: bool = True,
) -> tuple[Licence, ...]:
    """Issue many licences at once, all or none: rows, lines and notices are written set-wise. As `issue` otherwise."""
    at = share.moment(now)
    new = [_new_version(session, actor, one, at) for one in wanted]
    made = _write_all(_Doer(session, actor, at, later), new, "issued")
    issued = [(one, version.kind) for one, version in zip(made, new, strict=True)]
    if told:
        tell.issued(session, issued, at)
    opened = open_accounts(session, issued, at) if any(version.kind.account for version in new) else ()
    if later is not None:
        later.extend(opened)
    elif opened:
        ledger.append(session, *opened)
    return made


class Together:
    """Licences that come of one case, issued by several departments: each is checked and signed when it is asked for, and may hold
    others of the same case; `write` keeps all of them at once."""

    def __init__(self, session: Session, now: datetime, later: Lines) -> None:
        """`later` gets the lines, which the caller appends together with her own. Nobody is told: that is the caller's."""
        self._session, self._at, self._later = session, now, later
        self._made: dict[str, tuple[Licence, _Version, SigningKey]] = {}

    def issue(self, actor: Actor, wanted: NewLicence) -> Licence:
        """Issue one to a permanent code; it is not kept yet. Raises as `issue`, and then nothing of this one was done."""
        new = _new_version(self._session, actor, wanted, self._at, {code: one for code, (one, _, _) in self._made.items()})
        made, key = _signed(_Doer(self._session, actor, self._at), new, self._session.next_number(queries.SERIES, new.kind.code))
        self._made[made.licence_id] = (made, new, key)
        _record(_Doer(self._session, actor, self._at, self._later), (made,), "issued")
        return made

    def write(self) -> None:
        """Keep everything that was issued, with the companies' accounts that come of it."""
        kept = tuple(self._made.values())
        if not kept:
            return
        _keep(self._session, kept)
        if any(new.kind.account for _, new, _ in kept):
            self._later.extend(open_accounts(self._session, [(made, new.kind) for made, new, _ in kept], self._at))


def _new_version(
    session: Session, actor: Actor, wanted: NewLicence, at: datetime, beside: Mapping[str, Licence] = MappingProxyType({})
) -> _Version:
    """What is to be signed. `beside`: licences issued in the same breath, which are not kept yet."""
    kind = library.type_of(session, wanted.type)
    may_issue(session, actor, kind)
    facts = credential.checked_facts(kind, wanted.facts)
    _must_be_holder(kind, wanted.holder)
    first = wanted.valid_from or share.city_day(at).isoformat()
    if not credential.is_day(first):
        raise BadValue("valid_from", "is not a day", "write it like 2026-01-31")
    parts = _parts(session, kind, wanted, beside)
    return _Version(kind, wanted.holder, facts, first, credential.last_day(kind, first, wanted.valid_until), wanted.case, parts)


def act(
    session: Session, actor: Actor, licence_id: str, doing: Doing, *, now: datetime | None = None, later: Lines | None = None
) -> Licence:
    """Renew, change, suspend, resume, withdraw, revoke or cancel a licence; the licence as it then stands.

    Composite licences that hold it are written anew, so that they point at the part as it now is. Raises Missing, Forbidden, and
    BadValue when the act is unknown, lacks its reason, or is not possible in the licence's state.
    """
    at = share.moment(now)
    before = library.newest(session, licence_id, share.city_day(at).isoformat())
    kind = library.type_of(session, before.type)
    may_issue(session, actor, kind)
    if doing.act not in ACTS:
        raise BadValue("act", "is not known", f"write one of {', '.join(ACTS)}")
    state, possible = ACTS[doing.act]
    if before.state not in possible:
        raise BadValue("act", f"{doing.act} is not possible for a licence that is {before.state}")
    if doing.act not in ("renew", "change", "resume") and not doing.reason.strip():
        raise BadValue("reason", "is missing", "say why; the holder will read it")
    doer = _Doer(session, actor, at, later)
    if doing.act in ("renew", "change"):
        after = _anew(doer, before, doing)
    else:
        _set_state(session, before, state, doing.reason.strip(), at)
        after = replace(before, state=state, state_at=share.moment_text(at), reason=doing.reason.strip())
        _record(doer, (after,), doing.act, doing.case)
    tell.changed(session, after, kind, doing, at)
    return after


@dataclass(frozen=True)
class _Doer:
    """Who does it, when, and where the line goes."""

    session: Session
    actor: Actor
    at: datetime
    later: Lines | None = None


@dataclass(frozen=True)
class _Version:
    """What is to be signed, and what it follows."""

    kind: LicenceType
    holder: str
    facts: dict[str, FactValue]
    valid_from: str
    valid_until: str
    case: str
    parts: tuple[Licence, ...] = ()
    before: Licence | None = None


def _write_all(doer: _Doer, wanted: Sequence[_Version], act_name: str) -> tuple[Licence, ...]:
    """Number, sign and keep versions, and put them on record."""
    session = doer.session
    numbers = _numbers(session, wanted)
    kept = []
    for new in wanted:
        one, holder_key = _signed(doer, new, next(numbers[new.kind.code]))
        kept.append((one, new, holder_key))
    _keep(session, kept)
    made = [one for one, _, _ in kept]
    lines = _record(doer, made, act_name)
    return tuple(changed(one, line=line) for one, line in zip(made, lines, strict=True)) if lines else tuple(made)


def _keep(session: Session, kept: Sequence[tuple[Licence, _Version, SigningKey]]) -> None:
    """Put signed versions into the library, each with its holder's key, and say which holds which."""
    rows = [(*_row(one), seal(session, key.der(), f"{one.licence_id}/{one.version}")) for one, _, key in kept]
    session.load("licence", (*queries.LICENCE_COLUMNS, "holder_key"), rows)
    parts = [{"composite_id": one.licence_id, "part_id": part.licence_id} for one, new, _ in kept for part in new.parts]
    if parts:
        session.many(queries.ADD_PART, parts)


def _numbers(session: Session, wanted: Sequence[_Version]) -> dict[str, Iterator[int]]:
    """Type → the numbers that follow in its series, as many as are wanted."""
    found = {}
    for code, amount in Counter(one.kind.code for one in wanted).items():
        last = session.next_number(queries.SERIES, code, amount)
        found[code] = iter(range(last - amount + 1, last + 1))
    return found


def _signed(doer: _Doer, new: _Version, number: int) -> tuple[Licence, SigningKey]:
    """One version signed by its department, and the key that is its holder's."""
    session, at = doer.session, doer.at
    settings = share.installed(session).settings
    issuer = share.installed(session).packs.departments[new.kind.department].credit_code
    list_id, index = f"{new.kind.code}-{number >> LIST_BITS}", number % LIST_SIZE
    before, moment = new.before, share.moment_text(at)
    serial = before.identifier.split(".")[-3] if before else f"{moment[:4]}{number:08d}"
    version = before.version + 1 if before else 1
    licence_id = before.licence_id if before else _new_id()
    identifier = str(Identifier(new.kind.type_code, issuer, serial, version))
    holder_key = SigningKey.new()
    place = Place(list_uri(settings, list_id), index)
    parts = [(one.type, one.identifier, Place(list_uri(settings, one.list_id), one.list_index)) for one in new.parts]
    face = Face(issuer_name(settings), new.kind, identifier, new.facts, place, int(at.timestamp()), new.valid_from, new.valid_until, parts)
    text = credential.sign(face, signing_key(session, new.kind.department, at), holder_key.public)
    made = Licence(
        licence_id, version, identifier, new.kind.code, new.holder, new.kind.department, "valid", moment, "", moment,
        new.valid_from, new.valid_until, new.case, list_id, index, digest_of(text), before.identifier if before else "", text, new.facts,
    )  # fmt: skip
    return made, holder_key


def _new_id() -> str:
    """A licence's own name: L and 80 random bits in the letters of base32."""
    drawn = int.from_bytes(os.urandom(10))
    return "L" + "".join([_PAIRS[drawn >> shift & 1023] for shift in range(70, -1, -10)])


def _anew(doer: _Doer, before: Licence, doing: Doing) -> Licence:
    """The next version of a licence; the one before is replaced, and composites that hold it follow."""
    session, at = doer.session, doer.at
    kind, today = library.type_of(session, before.type), share.city_day(at)
    if doing.act == "change" and not doing.facts:
        raise BadValue("facts", "are missing", "say what changes")
    facts = credential.checked_facts(kind, {**credential.facts_of(before.credential, kind), **doing.facts})
    first, until = before.valid_from, before.valid_until
    if doing.act == "renew":
        first = max(today.isoformat(), _day_after(until)) if until != credential.END else today.isoformat()
        until = credential.last_day(kind, first, doing.valid_until)
        first = today.isoformat()
    parts = tuple(library.newest(session, row[0], today.isoformat()) for row in session.all(queries.PARTS_OF, _composite(before)))
    session.run(queries.DROP_PARTS, _composite(before))
    _set_state(session, before, "replaced", "", at)
    new = _Version(kind, before.holder, facts, first, until, doing.case or before.case, parts, before)
    (made,) = _write_all(doer, (new,), {"renew": "renewed", "change": "changed"}[doing.act])
    for (composite_id,) in session.all(queries.COMPOSITES_OF, {"part_id": before.licence_id}):
        _follow(doer, composite_id)
    return made


def _follow(doer: _Doer, composite_id: str) -> None:
    """A part has a new version: the composite is written anew with it, as the city's own act."""
    session, at = doer.session, doer.at
    composite = library.newest(session, composite_id, share.city_day(at).isoformat())
    if composite.state != "valid":
        return
    kind = library.type_of(session, composite.type)
    system = Actor("licences", "licences", "system", kind.department)
    facts = credential.facts_of(composite.credential, kind)
    _anew(_Doer(session, system, at, doer.later), composite, Doing("change", facts=facts, case=composite.case))


def _set_state(session: Session, licence: Licence, state: str, reason: str, at: datetime) -> None:
    before = "valid" if licence.state == "expired" else licence.state
    params = {"state": state, "at": share.moment_text(at), "reason": reason, "before": before}
    if not session.run(queries.SET_STATE, params | {"licence_id": licence.licence_id, "version": licence.version}):
        raise Busy("Somebody else is changing this licence at the moment; look at it again.")


def _record(doer: _Doer, made: Sequence[Licence], act_name: str, case: str | None = None) -> tuple[str, ...]:
    """A line for each licence, of the case behind the act; the lines' ids, unless the caller appends them herself."""
    actor, at = doer.actor, share.moment_text(doer.at)
    lines = []
    for one in made:
        body = {"act": act_name, "licence": one.licence_id, "version": one.version, "kind": one.type, "digest": one.digest}
        body["case"] = one.case if case is None else case
        lines.append(ledger.Line("licence", at, one.holder, actor.id, one.department, actor.unit, "", body))
    if doer.later is not None:
        doer.later.extend(lines)
        return ()
    return ledger.append(doer.session, *lines)


def digest_of(text: str) -> str:
    """What the ledger holds of a licence: SHA-256 of its signed part, which is the same whatever is shown of it."""
    return sha256(text.split("~", 1)[0].encode()).hexdigest()


def list_uri(settings: Settings, list_id: str) -> str:
    """The address of a list of states."""
    return f"{issuer_name(settings)}/api/v1/licences/statuses/{list_id}"


def may_issue(session: Session, actor: Actor, kind: LicenceType) -> None:
    """Only the issuing department's officers and systems act on its licences. Raises Forbidden, and BadValue for a type not issued yet."""
    if actor.kind == "officer":
        share.installed(session).must(actor, "licences.issue")
    if actor.kind == "citizen" or actor.department != kind.department:
        raise Forbidden(f"只有发证部门可以办理 (only {kind.department} issues and changes a {kind.code})")
    if not kind.live:
        raise BadValue("type", f"{kind.code} stands in the catalogue only", "give it its facts and live: true in the packs")


def _must_be_holder(kind: LicenceType, holder: str) -> None:
    if not read_code(holder).sound or kind_of(holder) != kind.holder:
        raise BadValue("holder", f"is no permanent code of the register of {kind.holder}")


def _parts(session: Session, kind: LicenceType, wanted: NewLicence, beside: Mapping[str, Licence]) -> tuple[Licence, ...]:
    if bool(wanted.parts) != bool(kind.parts):
        raise BadValue("parts", f"a {kind.code} " + ("holds other licences together: name them" if kind.parts else "has no parts"))
    found = []
    for licence_id in wanted.parts:
        try:
            part = beside.get(licence_id) or library.newest(session, licence_id, wanted.valid_from)
        except Missing:
            raise BadValue("parts", "names a licence that does not exist") from None
        if part.type not in kind.parts or part.holder != wanted.holder or part.state != "valid":
            raise BadValue("parts", "each must be a licence of this holder, in force, of a type that this one holds together")
        found.append(part)
    return tuple(found)


def _composite(licence: Licence) -> dict[str, str]:
    return {"composite_id": licence.licence_id}


def _day_after(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + 1).isoformat()
