"""What would this officer see of this invented subject? Asked of an agreement before it is signed, or of one in force.

The very decision, row test and masks of the one door, on a subject of `sandbox.yml`. Nothing here takes a code or a key of
the registers, and nothing reads them: there is nobody's data to leak, and nothing to write into the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from datong.domain.access import Actor, Ground, Key, Operation, Question, Reason, Register, SharedEntry
from datong.domain.errors import BadValue
from datong.share.agreement import CITIZEN, PUBLIC, Agreement
from datong.share.collectors import shared_entry
from datong.share.installed import Installed, installed, moment
from datong.share.policy import compile_agreement
from datong.share.requests.asked import find_request
from datong.share.requests.sandbox import Sample
from datong.share.requests.standing import find_standing
from datong.share.requests.terms import read_terms
from datong.share.rows import RowView, row_test
from datong.share.words import ground
from datong.share.workdays import city_day
from datong.store import Session

REASON = Reason("case", "what-if", "先看一看再签")


@dataclass(frozen=True)
class Supposed:
    """Who would ask: an officer with this post, in charge of these division prefixes, about this sample. `about` is an agreement's
    code or a request's number."""

    about: str
    sample: str
    role: str
    jurisdiction: tuple[str, ...]


@dataclass(frozen=True)
class WouldSee:
    """What she would see: the entry, masked; or nothing, with the grounds. `compared`: what she might have compared."""

    agreement: Agreement
    sample: Sample
    entry: SharedEntry | None
    grounds: tuple[Ground, ...]
    compared: tuple[str, ...]


def samples(session: Session, register: str = "") -> tuple[Sample, ...]:
    """The invented subjects, of one register when one is named."""
    return tuple(one for one in installed(session).sandbox.values() if not register or one.subject.register == register)


def what_if(session: Session, actor: Actor, supposed: Supposed, *, now: datetime | None = None) -> WouldSee:
    """What the officer would see. Raises Missing for an agreement or request that is not the actor's to see, BadValue."""
    parts, today = installed(session), city_day(moment(now))
    agreement = _agreement(session, parts, actor, supposed.about, today=today)
    sample = parts.sandbox.get(supposed.sample)
    if sample is None or sample.subject.register != agreement.register:
        raise BadValue("sample", "请选择同一个库的样例 (choose a sample of the same register)")
    if {CITIZEN, PUBLIC} & set(agreement.requesting):
        raise BadValue("about", "市民本人和社会公众的协议不在此试看 (an agreement of citizens or of the public is not tried here)")
    day = min(max(today.isoformat(), agreement.valid_from), agreement.valid_to)
    officer = Actor("what-if", "", "officer", agreement.requesting[0], "", frozenset({supposed.role}), supposed.jurisdiction, ())
    posts = {code: (role.title_zh, role.title_en) for code, role in parts.roles.items()}
    decide = compile_agreement(replace(agreement, state="live"), parts.sharing, posts)
    looks = "look_up" in agreement.operations
    decision = decide(officer, _question(agreement, "look_up" if looks or "verify" not in agreement.operations else "verify"), day)
    compared = tuple(sorted(agreement.comparable)) if "verify" in agreement.operations else ()
    if not decision.allowed:
        return WouldSee(agreement, sample, None, decision.grounds, ())
    row = RowView(sample.code, sample.subject.division, sample.subject)
    if not row_test(agreement, decision.jurisdiction, "")(row):
        return WouldSee(agreement, sample, None, (ground("not_here", rule=agreement.code),), ())
    entry = shared_entry(sample.subject, decision, agreement, {}) if looks or "list" in agreement.operations else None
    return WouldSee(agreement, sample, entry, decision.grounds, compared)


def _question(agreement: Agreement, operation: str) -> Question:
    """The widest question the agreement takes."""
    key = Key(agreement.keys[0] if agreement.keys else "code", "sample")
    claims = tuple((name, "x") for name in sorted(agreement.comparable)) if operation == "verify" else ()
    asked = cast(Operation, operation)
    return Question(agreement.purpose, asked, cast(Register, agreement.register), key, claims=claims, reason=REASON)


def _agreement(session: Session, parts: Installed, actor: Actor, about: str, *, today: date) -> Agreement:
    if about.startswith("R"):
        request = find_request(session, parts, actor, about, today)
        return read_terms(request.agreement or about, request.terms, parts.packs, parts.packed)
    standing = find_standing(session, parts, actor, about, today)
    return standing.proposed.agreement if standing.proposed else standing.agreement
