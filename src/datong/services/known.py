"""What one answer of sharing says of a fact: verified, empty, down, disputed, or waiting for another person's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from datong import share
from datong.domain.access import Actor, Answer, Key, SharedEntry, SharedFact, SharedLink
from datong.domain.changed import changed
from datong.spec import Fact
from datong.store import Session

State = Literal["verified", "empty", "down", "disputed", "waiting"]
DISPUTED = ("under_investigation", "disputed")
MUTUAL = ("married_to",)
"""Relations that hold both ways, whichever way a source wrote them."""
NOT_FOUND = ("refused", "not_found", "ambiguous")


@dataclass(frozen=True)
class Known:
    """One fact: its value, who says so, of which day, and how it stands.

    `verified`: as the source says, not to be changed here. `empty`: the source has nothing, write it yourself. `down`: the
    source did not answer, write it now, it is checked later. `disputed`: somebody says it is wrong and it is being checked.
    `waiting`: it is about another person, and is asked when she has agreed.
    """

    code: str
    state: State
    value: str = ""
    department: str = ""
    resource: str = ""
    as_of: str = ""
    outcome: str = ""
    """How asking went: as the answer says, or what is wrong with the address that was written (vague, impossible, …)."""
    why_zh: str = ""
    why_en: str = ""
    subject: str = ""
    """The permanent code of whom it is about, or of the one it leads to."""
    confirmed: str = ""
    """For premises: until which day they stand confirmed and need not be examined again."""
    line: str = ""
    """The ledger line of the read."""
    listed: tuple[tuple[str, str], ...] = ()
    """Of a fact that lists events: the number and place of each."""


_NOTHING = Known("", "empty")


def snapshot(facts: Mapping[str, Known]) -> dict[str, dict[str, Any]]:
    """Facts as the case keeps them at submission."""
    return {code: _said(one) for code, one in facts.items()}


def _said(known: Known) -> dict[str, Any]:
    """A fact as plain values; only one that lists anything has its list."""
    said = dict(vars(known))
    if not known.listed:
        del said["listed"]
    return said


def from_snapshot(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Known]:
    """Facts as they were kept."""
    return {code: changed(_NOTHING, **one) for code, one in kept.items()}


def read_answer(session: Session, actor: Actor, fact: Fact, key: Key | None, *, answer: Answer | None, found: Mapping[str, Known]) -> Known:
    """What an answer says of a fact; no answer is a source that is down. `found`: what is known of the others."""
    if answer is None:
        return Known(fact.code, "down", why_zh="数据来源暂时无法访问", why_en="the source cannot be reached at the moment")
    entry = answer.entries[0] if answer.entries else None
    line = answer.lines[0] if answer.lines else ""
    if entry is None or answer.outcome in NOT_FOUND:
        outcome, zh, en = _why_not(session, actor, key, answer)
        return Known(fact.code, "empty", outcome=outcome, why_zh=zh, why_en=en, line=line)
    until = entry.confirmed.until if entry.confirmed is not None else ""
    base = changed(_NOTHING, code=fact.code, outcome=answer.outcome, subject=entry.code, line=line, confirmed=until)
    if fact.claims:
        return _compared(fact, answer, base)
    if fact.event:
        return _events(fact, entry, base)
    if fact.link:
        return _linked(fact, entry, base, found)
    return _field(fact, entry, base)


def _why_not(session: Session, actor: Actor, key: Key | None, answer: Answer) -> tuple[str, str, str]:
    """Why nothing was found: of an address, what is wrong with it."""
    zh, en = _why(answer)
    if key is None or key.type != "address" or answer.outcome == "refused":
        return answer.outcome, zh, en
    read = share.read_address(session, actor, key.value)
    if read.verdict == "exact":
        return answer.outcome, zh, en
    reasons = [(one[1], one[2]) for one in read.reasons if one[1]] or [(zh, en)]
    return read.verdict, "；".join(one[0] for one in reasons), "; ".join(one[1] for one in reasons)


def _compared(fact: Fact, answer: Answer, base: Known) -> Known:
    zh, en = _why(answer)
    outcome = dict(answer.compared)
    value = "same" if all(outcome.get(claim) == "same" for claim in fact.claims) else "different"
    if any(outcome.get(claim) in ("missing", "not_granted") for claim in fact.claims):
        return changed(base, why_zh=zh, why_en=en)
    marked = any(one.code == "marked" for one in answer.grounds)
    return changed(base, state="disputed" if marked else "verified", value=value, why_zh=zh, why_en=en)


def _events(fact: Fact, entry: SharedEntry, base: Known) -> Known:
    """The events of a kind, each once: what it is called and where; the value is how many."""
    listed = {one.number: one for one in entry.events if one.kind == fact.event}
    last = next(iter(listed.values()), None)
    base = changed(base, state="verified", value=str(len(listed)), listed=tuple((one.number, one.item) for one in listed.values()))
    return changed(base, department=last.department, resource=last.source) if last else base


def _field(fact: Fact, entry: SharedEntry, base: Known) -> Known:
    found: SharedFact | None = next((one for one in entry.facts if one.field == fact.field and one.state == "won"), None)
    if found is None or not found.value:
        return changed(base, why_zh="来源部门没有这项信息，请自行填写", why_en="no department has it; write it yourself")
    disputed = found.conflict or any(mark in DISPUTED for mark in (*found.marks, *entry.marks))
    return changed(
        base,
        state="disputed" if disputed else "verified",
        value=found.value,
        department=found.department,
        resource=found.source,
        as_of=found.as_of,
    )


def _linked(fact: Fact, entry: SharedEntry, base: Known, found: Mapping[str, Known]) -> Known:
    """Whether a live relation exists, how many, or to whom; with `to`, whether it leads to the subject of that fact. One that
    somebody doubts is disputed."""
    live = [one for one in entry.links if one.type == fact.link and not one.until and fact.towards in ("any", one.direction)]
    if fact.to:
        other = found.get(fact.to)
        if other is None or not other.subject:
            state: State = other.state if other is not None and other.state in ("down", "waiting") else "empty"
            return changed(base, state=state, why_zh="没有找到另一方", why_en="the other one was not found")
        live = [one for one in live if one.code == other.subject and (one.direction == "out" or fact.link in MUTUAL)]
    one_each = {one.code: one for one in live}
    value, led = _given(fact, one_each)
    said = next(iter(one_each.values()), None)
    doubted = any(mark in DISPUTED for one in live for mark in one.marks)
    base = changed(base, state="disputed" if doubted else "verified", value=value, subject=led or base.subject)
    if not value:
        return changed(base, state="empty", subject="", why_zh="记录中没有，或者不止一个", why_en="the records hold none, or more than one")
    return changed(base, department=said.department, resource=said.source) if said else base


def _given(fact: Fact, live: Mapping[str, SharedLink]) -> tuple[str, str]:
    """What a link says as the fact wants it, and whom it leads to."""
    if fact.gives == "count":
        return str(len(live)), ""
    if fact.gives == "name":
        return (next(iter(live.values())).label, next(iter(live))) if len(live) == 1 else ("", "")
    return "yes" if live else "no", ""


def _why(answer: Answer) -> tuple[str, str]:
    return "；".join(one.zh for one in answer.grounds if one.zh), "; ".join(one.en for one in answer.grounds if one.en)
