"""A citizen claims her homes, sees them with their state, and who is registered or lives at those she owns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from datong import ledger
from datong.domain.access import Actor, Answer, Ground, Key, Question, Reason, SharedEntry
from datong.domain.errors import Forbidden
from datong.domain.identifiers import read_citizen_id
from datong.share import queries
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.meter import day_start
from datong.share.notices import Message, next_serial, notify
from datong.share.passes import my_passes
from datong.share.subjects import find, open_marks
from datong.share.words import ground
from datong.share.workdays import city_day, moment_text
from datong.store import Session

CLAIM_KEYS = ("citizen_id", "title_no", "certificate_no", "code")
MOST_REFUSED_A_DAY = 10
_OWN = Reason("own")


@dataclass(frozen=True)
class Claimed:
    """How a claim ended: "confirmed" or "refused", with its reasons, and the premises that are now claimed."""

    outcome: str
    grounds: tuple[Ground, ...]
    premises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tied:
    """One source's word for how a home is the citizen's: which relation, since when, as of when."""

    type: str
    resource: str
    department: str
    since: str
    as_of: str


@dataclass(frozen=True)
class Home:
    """One home of a citizen. `ties` are her relations to it; `state`: claimed, to_claim, tenant, resident or disputed."""

    code: str
    ties: tuple[str, ...]
    state: str
    entry: SharedEntry
    live_passes: int = 0
    sources: tuple[Tied, ...] = ()
    """Who says that it is hers, one a relation and source."""

    @property
    def owned(self) -> bool:
        """Whether she is its registered owner: only then can she make passes and see who is registered there."""
        return "owns" in self.ties


def claim_home(session: Session, actor: Actor, key: Key, *, now: datetime | None = None) -> Claimed:
    """Claim a home by own citizen number (all homes), title number, certificate number or premises code.

    The registers decide: only a registered owner is confirmed. Whether a refused home exists is not said, but its
    owner is told that somebody tried. Raises Forbidden for anyone but a citizen.
    """
    if actor.kind != "citizen" or not actor.subject:
        raise Forbidden("只有实名认证的市民可以认领房屋 (only a citizen who is signed in can claim a home)")
    at_moment = moment(now)
    if key.type not in CLAIM_KEYS:
        return _refuse(session, actor, _Attempt("", key.type, at_moment), ground("claim_key"))
    if _often(session, actor, at_moment):
        return _refuse(session, actor, _Attempt("", key.type, at_moment), ground("claim_often"))
    if key.type == "citizen_id":
        return _claim_all(session, actor, key, at_moment)
    codes = find(session, key, "premises")
    owned = [code for code in codes if _owns(session, actor.subject, code)]
    if not owned:
        _warn_owners(session, codes, moment_text(at_moment))
        meant = codes[0] if len(codes) == 1 else ""
        return _refuse(session, actor, _Attempt(meant, key.type, at_moment), ground("claim_not_owner", rule="owns"))
    return _confirm(session, actor, owned, key, at_moment)


def _claim_all(session: Session, actor: Actor, key: Key, now: datetime) -> Claimed:
    params = {"key_type": "citizen_id", "value": read_citizen_id(key.value).value, "kind": "person"}
    if (actor.subject,) not in session.all(queries.CODES_BY_KEY, params):
        return _refuse(session, actor, _Attempt("", key.type, now), ground("claim_not_you"))
    owned = [row[0] for row in session.all(queries.HOMES, {"person": actor.subject}) if row[1] == "owns"]
    if not owned:
        return _refuse(session, actor, _Attempt("", key.type, now), ground("claim_none"))
    return _confirm(session, actor, list(dict.fromkeys(owned)), key, now)


@dataclass(frozen=True)
class _Attempt:
    """One claim being made: of which premises, by which kind of key, when."""

    premises: str
    key_type: str
    now: datetime


def _confirm(session: Session, actor: Actor, owned: list[str], key: Key, now: datetime) -> Claimed:
    attempts = [_Attempt(code, key.type, now) for code in owned]
    for attempt in attempts:
        if session.one(queries.CLAIM_OF, {"holder": actor.subject, "premises": attempt.premises}) is None:
            _write(session, actor, attempt, "confirmed")
    ledger.append(session, *[_line(actor, attempt, "confirmed") for attempt in attempts])
    return Claimed("confirmed", (ground("claim_confirmed", rule="owns"),), tuple(owned))


def _refuse(session: Session, actor: Actor, attempt: _Attempt, why: Ground) -> Claimed:
    _write(session, actor, attempt, "refused")
    ledger.append(session, _line(actor, attempt, "refused"))
    return Claimed("refused", (why,))


def _write(session: Session, actor: Actor, attempt: _Attempt, state: str) -> None:
    day = city_day(attempt.now)
    params = {
        "claim_id": f"C{day:%Y%m%d}-{next_serial(session, f'claim:{day}'):04d}",
        "holder": actor.subject,
        "premises": attempt.premises,
        "by_key": attempt.key_type,
        "state": state,
        "claimed_at": moment_text(attempt.now),
    }
    session.run(queries.ADD_CLAIM, params)


def _line(actor: Actor, attempt: _Attempt, outcome: str) -> ledger.Line:
    body = {"operation": "claim", "register": "premises", "key": attempt.key_type, "outcome": outcome, "automatic": False}
    return ledger.Line("claim", moment_text(attempt.now), attempt.premises, actor.id, "", "", "own_data", body)


def _warn_owners(session: Session, codes: list[str], at: str) -> None:
    """The owner of the one home that was meant learns that somebody else tried to claim it."""
    text = (
        "有人尝试认领您名下的房屋，未通过。如非您的家人，请留意。",
        "Somebody tried to claim a home of yours and was refused. If it was no relative, take note.",
    )
    for code in codes[:1]:
        message = Message("claim_refused", ("有人尝试认领您的房屋", "Somebody tried to claim your home"), text, (("premises", code),))
        for (owner,) in session.all(queries.OWNERS, {"code": code}):
            notify(session, owner, message, at)


def _often(session: Session, actor: Actor, now: datetime) -> bool:
    """Whether she was refused too often today: nobody tries numbers all day, or fills owners' letter boxes."""
    row = session.one(queries.REFUSED_CLAIMS, {"holder": actor.subject, "since": day_start(now)})
    return row is not None and int(row[0]) >= MOST_REFUSED_A_DAY


def _owns(session: Session, person: str, code: str) -> bool:
    return session.one(queries.OWNS, {"person": person, "code": code}) is not None


def give_up_claim(session: Session, actor: Actor, premises: str, *, now: datetime | None = None) -> bool:
    """Take a confirmed claim back; false when there was none. Ownership itself is not touched."""
    if not session.run(queries.WITHDRAW_CLAIM, {"holder": actor.subject or "-", "premises": premises}):
        return False
    ledger.append(session, _line(actor, _Attempt(premises, "code", moment(now)), "withdrawn"))
    return True


def my_homes(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[Home, ...]:
    """The homes a citizen owns, rents or lives at, with what she may know of them and their state."""
    at_moment = moment(now)
    installed(session)
    answer = ask(session, actor, Question("own_data", "list", "premises", limit=100, reason=_OWN), now=at_moment)
    homes = _homes(session, actor, answer, at_moment)
    return tuple(sorted(homes, key=lambda home: (not home.owned, home.code)))


def my_home(session: Session, actor: Actor, premises: str, *, now: datetime | None = None) -> tuple[Home | None, Answer]:
    """One home of the citizen's own, and the answer it came in; no home when it is not hers, or is none: the same either way."""
    at_moment = moment(now)
    answer = ask(session, actor, Question("own_data", "look_up", "premises", Key("code", premises), reason=_OWN), now=at_moment)
    found = _homes(session, actor, answer, at_moment) if answer.outcome == "found" else []
    return (found[0] if found else None), answer


def _homes(session: Session, actor: Actor, answer: Answer, now: datetime) -> list[Home]:
    sources: dict[str, list[Tied]] = {}
    for code, kind, resource, since, department, as_of in session.all(queries.HOMES, {"person": actor.subject or "-"}):
        sources.setdefault(code, []).append(Tied(kind, resource, department, since, as_of))
    claimed = {row[1] for row in session.all(queries.CLAIMS_OF, {"holder": actor.subject or "-"}) if row[3] == "confirmed"}
    passes = [one.premises for one in my_passes(session, actor, now=now) if one.state == "valid"]
    return [
        _home(session, entry, tuple(sources.get(entry.code, ())), entry.code in claimed, passes.count(entry.code))
        for entry in answer.entries
    ]


def _home(session: Session, entry: SharedEntry, sources: tuple[Tied, ...], claimed: bool, live: int) -> Home:
    ties = tuple(dict.fromkeys(one.type for one in sources))
    disputed = any("under_investigation" in kinds for kinds in open_marks(session, entry.code).values())
    if disputed:
        state = "disputed"
    elif "owns" in ties:
        state = "claimed" if claimed else "to_claim"
    else:
        state = "tenant" if "rents" in ties else "resident"
    return Home(entry.code, ties, state, entry, live, sources)


def at_my_home(session: Session, actor: Actor, premises: str, *, now: datetime | None = None) -> Answer:
    """Who owns, rents, lives or is registered at a home the citizen owns: people masked, companies by name.

    Each person named gets a line."""
    return ask(session, actor, Question("own_home", "look_up", "premises", Key("code", premises), reason=_OWN), now=now)


def my_data(session: Session, actor: Actor, *, now: datetime | None = None) -> Answer:
    """The citizen's own entry: every field with its source, date and marks, and what it is linked to."""
    return ask(session, actor, Question("own_data", "look_up", "person", Key("code", actor.subject), reason=_OWN), now=now)
