"""One subject's answer: claims compared, or granted fields collected behind their masks; and the lines it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from datong.domain.access import Answer, Ground, Outcome, SharedEntry, VerifiedOnce
from datong.domain.changed import changed
from datong.domain.identifiers import read_citizen_id
from datong.ledger import Line
from datong.share import queries
from datong.share.collectors import shared_entry, shared_links
from datong.share.compare import Compared, Comparing, compare, outcome_of
from datong.share.confirm import confirmed
from datong.share.events import events_of
from datong.share.prepared import Asking, Prepared, line
from datong.share.subjects import Subject, merged_from, open_kinds, ties, told_marks
from datong.share.verified import KIND as VERIFIED_ONCE
from datong.share.verified import verified
from datong.share.words import CLAIM_ONLY, EVENT, ground
from datong.share.workdays import city_day


def verify(asking: Asking, subject: Subject, pass_presented: bool) -> Prepared:
    """Each claim the agreement lets be compared: same, different or missing, with reasons; no value leaves."""
    granted = frozenset(asking.decision.fields)
    comparing = Comparing(asking.session, asking.parts.sharing, subject, pass_presented, city_day(asking.now))
    kinds = open_kinds(asking.session, subject.code)
    marks = told_marks(asking.session, kinds)
    found: list[Compared] = []
    grounds: list[Ground] = []
    for claim, value in asking.question.claims:
        one = _compare_one(asking, comparing, claim, value) if claim in granted else _not_granted(asking, claim)
        found.append(one)
        grounds.append(one.ground)
    grounds += [ground("marked", field=name) for name, kinds in marks.items() if "under_investigation" in kinds]
    sure = confirmed(asking.session, subject.code, city_day(asking.now), kinds) if subject.register == "premises" else None
    if sure is not None:
        day = sure.at[:10]
        shown = (f"{day}，有效期至{sure.until}", f"{day}, until {sure.until}")
        grounds.append(ground("confirmed", what=asking.parts.sharing.department_words(sure.department), shown=shown))
    outcome = cast(Outcome, outcome_of(found) if found else "found")
    compared = tuple((one.claim, one.outcome) for one in found)
    first = line(asking, "read", subject.code, outcome, fields=[one.claim for one in found], results=[one.outcome for one in found])
    records = tuple((one.claim, one.resource, one.record, one.as_of) for one in found if one.resource)
    written = (first, *_lines_of_named(asking, subject, found))
    entry = SharedEntry(subject.code, subject.register, marks=marks.get("", ()), confirmed=sure)
    answer = Answer(outcome, asking.decision, tuple(grounds), (entry,), compared, extra=(("records", records),))
    return Prepared(answer, written)


def _verified(asking: Asking, subject: Subject, kinds: Sequence[tuple[str, str]]) -> tuple[VerifiedOnce, ...]:
    """What another counter has verified of her already. `kinds`: her open marks."""
    if subject.register == "premises" or all(kind != VERIFIED_ONCE for _, kind in kinds):
        return ()
    return verified(asking.session, subject.code, asking.agreement, city_day(asking.now).isoformat())


def _lines_of_named(asking: Asking, subject: Subject, found: list[Compared]) -> list[Line]:
    """A line for each person of whom it was learnt that these premises are not hers: whoever tries home after home with
    her number leaves his trace with her, though no home of hers was read."""
    typed = dict(asking.question.claims)
    lines: dict[str, Line] = {}
    for one in found:
        if one.claim in CLAIM_ONLY and one.ground.code in ("not_owner", "not_entitled"):
            params = {"key_type": "citizen_id", "value": read_citizen_id(typed[one.claim]).value, "kind": "person"}
            for (code,) in asking.session.all(queries.CODES_BY_KEY, params):
                lines[code] = line(asking, "read", code, "different", fields=[one.claim], via=subject.code)
    lines.pop(asking.actor.subject, None)
    return list(lines.values())


def _compare_one(asking: Asking, comparing: Comparing, claim: str, value: str) -> Compared:
    if claim == "applicant_citizen_id" and asking.actor.kind == "citizen" and not _is_self(asking, value):
        return Compared(claim, "different", ground("claim_not_you", field=claim))
    return compare(comparing, claim, value)


def _is_self(asking: Asking, number: str) -> bool:
    """A citizen applies under her own number only: otherwise the gate would tell who owns what."""
    params = {"key_type": "citizen_id", "value": read_citizen_id(number).value, "kind": "person"}
    return (asking.actor.subject,) in asking.session.all(queries.CODES_BY_KEY, params)


def _not_granted(asking: Asking, claim: str) -> Compared:
    agreement = asking.agreement
    return Compared(claim, "not_granted", ground("not_granted", field=claim, rule=agreement.code))


def look_up(asking: Asking, subject: Subject, pass_presented: bool) -> Prepared:
    """The granted fields behind their masks, with sources, marks and links; a line for the subject and each person named by a link."""
    agreement, decision = asking.agreement, asking.decision
    kinds = open_kinds(asking.session, subject.code)
    marks = told_marks(asking.session, kinds)
    links = shared_links(ties(asking.session, subject.code), agreement, marks) if agreement.links else ()
    entry = shared_entry(subject, decision, agreement, marks, links)
    earlier = merged_from(asking.session, subject.code)
    sure = confirmed(asking.session, subject.code, city_day(asking.now), kinds) if subject.register == "premises" else None
    events = events_of(asking.session, asking.parts.packs, agreement, (subject.code,)).get(subject.code, ())
    entry = changed(entry, merged_from=earlier, confirmed=sure, events=events, verified=_verified(asking, subject, kinds))
    unmasked = asking.question.unmask
    kind = "unmask" if unmasked else "read"
    body = {"fields": [*decision.fields, *([EVENT] if agreement.events else [])], **({"unmasked": list(unmasked)} if unmasked else {})}
    lines = [line(asking, kind, subject.code, "found", **body)]
    named = {link.code: link.type for link in links if link.register == "person" and link.label and link.code != asking.actor.subject}
    lines += [line(asking, "read", code, "found", fields=["name"], via=subject.code, tie=tie) for code, tie in named.items()]
    return Prepared(Answer("found", decision, decision.grounds, (entry,)), tuple(lines))
