"""What sharing knows of an applicant and her case: asked through the one door under the item's own agreement, with source and state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from datong import share
from datong.domain.access import Actor, Answer, Key, Question, Reason, Register, SharedEntry, SharedFact
from datong.spec import Fact, Service
from datong.store import Session

State = Literal["verified", "empty", "down", "disputed"]
DISPUTED = ("under_investigation", "disputed")
APPLICANT = "applicant"
MUTUAL = ("married_to",)
"""Relations that hold both ways, whichever way a source wrote them."""
OWN = "applicant_citizen_id"
"""The claim that something is the applicant's: her own, leased to her, or opened to her by a pass."""
NOT_HERS = ("未核实到您与它的关系，请自行填写", "nothing shows that it is yours to use; write it yourself")


@dataclass(frozen=True)
class Known:
    """One fact: its value, who says so, of which day, and how it stands.

    `verified`: as the source says, not to be changed here. `empty`: the source has nothing, write it yourself. `down`: the
    source did not answer, write it now, it is checked later. `disputed`: somebody says it is wrong and it is being checked.
    """

    code: str
    state: State
    value: str = ""
    department: str = ""
    resource: str = ""
    as_of: str = ""
    outcome: str = ""
    why_zh: str = ""
    why_en: str = ""
    subject: str = ""
    """The permanent code of whom it is about."""
    confirmed: str = ""
    """For premises: until which day they stand confirmed and need not be examined again."""
    line: str = ""
    """The ledger line of the read."""


@dataclass(frozen=True)
class Applicant:
    """Whom a case is for: her permanent code, or another key a system has for her."""

    key: Key
    code: str = ""


@dataclass(frozen=True)
class Asking:
    """What a case's facts are asked with: the service, its case number, the applicant, what the form says so far, the moment."""

    service: Service
    case_id: str
    applicant: Applicant
    form: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None


def asking_actor(session: Session, service: Service) -> Actor:
    """The item itself asks, as its department's system under its department's agreements for its purpose; it can ask nothing else."""
    sharing = share.installed(session).sharing
    mine = tuple(one.code for one in sharing.agreements.values() if service.department in one.requesting and one.purpose == service.purpose)
    return Actor(f"service:{service.code}", service.title.zh, "system", service.department, jurisdiction=("",), agreements=mine)


def gather(session: Session, asking: Asking, only: frozenset[str] | None = None) -> dict[str, Known]:
    """Every fact of a service that can be asked now (`only`: these). A fact whose key is still to be written is left out.

    Where a fact compares whether something is the applicant's, what it is like is told her only when it is: nobody learns of a home
    by typing its code.
    """
    actor = asking_actor(session, asking.service)
    found: dict[str, Known] = {}
    answers: dict[Question, Answer | None] = {}
    shown: dict[str, str] = {}
    strangers: set[tuple[str, str]] = set()
    for group in sorted(_together(asking, only), key=_turn):
        question = _question(asking, group, found)
        if question is None:
            continue
        where = (question.register, group[0].key)
        if not group[0].claims and where in strangers:
            found |= {one.code: Known(one.code, "empty", why_zh=NOT_HERS[0], why_en=NOT_HERS[1]) for one in group}
            continue
        if question.key is not None and question.key.value in shown:
            question = replace(question, key=Key("code", shown[question.key.value]))
        answer = answers.get(question) or _ask(session, actor, question, asking.now)
        answers[question] = answer
        if question.key is not None and question.key.type == "pass" and answer is not None and answer.entries:
            shown[question.key.value] = answer.entries[0].code
        for fact in group:
            found[fact.code] = _known(session, fact, answer, found)
            if OWN in fact.claims and found[fact.code].value != "same":
                strangers.add(where)
    return found


def _turn(group: list[Fact]) -> int:
    """Who she is first, then what is compared, then what is looked up: an owner's pass is shown for the comparison, once, and
    what it opened is afterwards asked by its code."""
    if any(one.to for one in group):
        return 3
    return 0 if group[0].key == APPLICANT and not group[0].claims else 1 if group[0].claims else 2


def _together(asking: Asking, only: frozenset[str] | None) -> list[list[Fact]]:
    """Facts that one look gives: of the same register by the same key. Comparisons go one by one."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in asking.service.facts:
        if only is not None and fact.code not in only:
            continue
        where = (fact.register, fact.key, fact.key_type, fact.code if fact.claims or fact.to else "")
        groups.setdefault(where, []).append(fact)
    return list(groups.values())


def _question(asking: Asking, group: list[Fact], found: Mapping[str, Known]) -> Question | None:
    first = group[0]
    if first.key == APPLICANT:
        key = asking.applicant.key
    else:
        typed = str(asking.form.get(first.key, "")).strip()
        if not typed:
            return None
        key = share.read_key(typed) if first.key_type == "any" else Key(first.key_type, typed)
    claims = []
    for claim, source in first.claims.items():
        is_hers = source.startswith(f"{APPLICANT}.")
        value = applicant_value(asking, source, found) if is_hers else str(asking.form.get(source.removeprefix("form."), ""))
        if not value:
            return None
        claims.append((claim, value))
    return Question(
        purpose=asking.service.purpose,
        operation="verify" if claims else "look_up",
        register=cast(Register, first.register),
        key=key,
        fields=() if claims else tuple(dict.fromkeys(one.field for one in group if one.field)),
        claims=tuple(claims),
        reason=Reason("case", asking.case_id),
        automatic=True,
    )


def applicant_value(asking: Asking, source: str, found: Mapping[str, Known]) -> str:
    """`applicant.code`, `.name` or `.citizen_id`, as far as it is known: the number and the name by the facts that say so."""
    applicant = asking.applicant
    if source == "applicant.code":
        return applicant.code
    wanted = source.removeprefix(f"{APPLICANT}.")
    if wanted == applicant.key.type:
        return applicant.key.value
    hers = (one.code for one in asking.service.facts if one.key == APPLICANT and one.field == wanted)
    known = next((found[code] for code in hers if code in found and found[code].state == "verified"), None)
    return known.value if known else ""


def _ask(session: Session, actor: Actor, question: Question, now: datetime | None) -> Answer | None:
    """The answer; nothing when the source cannot be reached: a case does not fail because a department is down."""
    try:
        with session.savepoint():
            return share.ask(session, actor, question, now=now)
    except (OSError, TimeoutError):
        return None


def _known(session: Session, fact: Fact, answer: Answer | None, found: Mapping[str, Known]) -> Known:
    if answer is None:
        return Known(fact.code, "down", why_zh="数据来源暂时无法访问", why_en="the source cannot be reached at the moment")
    entry = answer.entries[0] if answer.entries else None
    line = answer.lines[0] if answer.lines else ""
    if entry is None or answer.outcome == "refused":
        zh, en = _why(answer)
        return Known(fact.code, "empty", outcome=answer.outcome, why_zh=zh, why_en=en, line=line)
    base = Known(fact.code, "empty", outcome=answer.outcome, subject=entry.code, line=line)
    if entry.confirmed is not None:
        base = replace(base, confirmed=entry.confirmed.until)
    if fact.claims:
        return _compared(fact, answer, base)
    if fact.link:
        return _linked(fact, entry, base, found)
    return _field(session, fact, entry, base)


def _compared(fact: Fact, answer: Answer, base: Known) -> Known:
    zh, en = _why(answer)
    outcome = dict(answer.compared)
    value = "same" if all(outcome.get(claim) == "same" for claim in fact.claims) else "different"
    if any(outcome.get(claim) in ("missing", "not_granted") for claim in fact.claims):
        return replace(base, why_zh=zh, why_en=en)
    marked = any(one.code == "marked" for one in answer.grounds)
    return replace(base, state="disputed" if marked else "verified", value=value, why_zh=zh, why_en=en)


def _field(session: Session, fact: Fact, entry: SharedEntry, base: Known) -> Known:
    found: SharedFact | None = next((one for one in entry.facts if one.field == fact.field and one.state == "won"), None)
    if found is None or not found.value:
        return replace(base, why_zh="来源部门没有这项信息，请自行填写", why_en="no department has it; write it yourself")
    disputed = found.conflict or any(mark in DISPUTED for mark in found.marks)
    return replace(
        base,
        state="disputed" if disputed else "verified",
        value=found.value,
        department=found.department,
        resource=found.source,
        as_of=found.as_of,
    )


def _linked(fact: Fact, entry: SharedEntry, base: Known, found: Mapping[str, Known]) -> Known:
    """Whether a live relation exists; with `to`, whether it leads to the subject of that fact. One that somebody doubts is disputed."""
    live = [one for one in entry.links if one.type == fact.link and not one.until]
    if fact.to:
        other = found.get(fact.to)
        if other is None or not other.subject:
            state: State = "down" if other is not None and other.state == "down" else "empty"
            return replace(base, state=state, why_zh="没有找到另一方", why_en="the other one was not found")
        live = [one for one in live if one.code == other.subject and (one.direction == "out" or fact.link in MUTUAL)]
    link = next(iter(live), None)
    if link is None:
        return replace(base, state="verified", value="no")
    doubted = any(mark in DISPUTED for mark in link.marks)
    return replace(base, state="disputed" if doubted else "verified", value="yes", department=link.department, resource=link.source)


def _why(answer: Answer) -> tuple[str, str]:
    return "；".join(one.zh for one in answer.grounds if one.zh), "; ".join(one.en for one in answer.grounds if one.en)


def snapshot(facts: Mapping[str, Known]) -> dict[str, dict[str, str]]:
    """Facts as the case keeps them at submission."""
    return {code: asdict(one) for code, one in facts.items()}


def from_snapshot(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Known]:
    """Facts as they were kept."""
    return {code: Known(**one) for code, one in kept.items()}


@dataclass(frozen=True)
class Change:
    """A fact that is no longer what it was at submission."""

    code: str
    before: Known
    now: Known


def recheck(session: Session, asking: Asking, kept: Mapping[str, Known]) -> tuple[dict[str, Known], tuple[Change, ...]]:
    """Ask again what was asked at submission: the facts as they are now, and those that differ. A source that is down is no change."""
    now = gather(session, asking, frozenset(kept))
    changes = [
        Change(code, was, now[code])
        for code, was in kept.items()
        if code in now and now[code].state != "down" and (was.value, was.state) != (now[code].value, now[code].state)
    ]
    return {code: now.get(code, was) for code, was in kept.items()}, tuple(changes)
