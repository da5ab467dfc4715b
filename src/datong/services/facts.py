"""What sharing knows of an applicant and her case: asked through the one door under the item's own agreement, with source and state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from datong import share
from datong.domain.access import Actor, Answer, Key, Question, Reason, Register
from datong.domain.identifiers import read_citizen_id
from datong.services.household import adults_of
from datong.services.known import Known, from_snapshot, read_answer, snapshot
from datong.services.store_case import Kept
from datong.services.taken_back import taken_back
from datong.spec import ADULT, ADULTS, FOUND, Fact, Service
from datong.store import Session

APPLICANT = "applicant"
ASKERS = "services.askers"
OWN = "applicant_citizen_id"
"""The claim that something is the applicant's: her own, leased to her, or opened to her by a pass."""
NOT_HERS = ("未核实到您与它的关系，请自行填写", "nothing shows that it is yours to use; write it yourself")
NOT_HER_CHILD = ("记录没有证明这是您的子女，未调取", "no record shows that this is your child; it was not asked")
LACKS = ("比对所需的信息缺失，未能核对", "what it is compared with is not known")
SEVERAL = ("您名下有{n}处房屋，请写明房屋编码", "{n} premises are in your name: write the code of the one you mean")
NONE_OWNED = ("登记簿上您名下没有房屋，请写房屋编码或出示产权人的房码", "the register has none in your name: write a code or show a pass")
NOT_YOUR_NUMBER = ("只能用本人的号码查找本人的房屋", "premises are found by your own number only")


@dataclass(frozen=True)
class Applicant:
    """Whom a case is for: her permanent code, or another key a system has for her."""

    key: Key
    code: str = ""


@dataclass(frozen=True)
class Asking:
    """What a case's facts are asked with: the service, its case number, the applicant, what the form says so far, the moment, and
    who has agreed that facts about her are asked (seats), and who sat there."""

    service: Service
    case_id: str
    applicant: Applicant
    form: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    agreed: frozenset[str] = frozenset()
    sat: Mapping[str, str] = field(default_factory=dict)
    """Seat → the person to whom it belongs. What a fact leads to later, to somebody else, is not what she agreed to."""


@dataclass(frozen=True)
class _Untold:
    """Why a question is not put: in both languages."""

    words: tuple[str, str]


def asking_for(service: Service, kept: Kept, now: datetime, agreed: frozenset[str] = frozenset()) -> Asking:
    """What the facts of a case that was begun are asked with."""
    applicant = Applicant(Key("code", kept.case.applicant), kept.case.applicant)
    return Asking(service, kept.case.case_id, applicant, dict(kept.form), now, agreed, kept.case.parties)


def asking_actor(session: Session, service: Service) -> Actor:
    """The item itself asks, as its department's system under its department's agreements for its purpose; it can ask nothing else."""
    sharing = share.installed(session).sharing
    known: _Askers = session.store.parts.get(ASKERS) or _Askers(sharing)
    if known.sharing is not sharing:
        known = _Askers(sharing)  # an agreement has changed
    session.store.parts[ASKERS] = known
    if (actor := known.actors.get(service.digest)) is None:
        mine = tuple(
            one.code for one in sharing.agreements.values() if service.department in one.requesting and one.purpose == service.purpose
        )
        actor = Actor(f"service:{service.code}", service.title.zh, "system", service.department, jurisdiction=("",), agreements=mine)
        known.actors[service.digest] = actor
    return actor


@dataclass(frozen=True)
class _Askers:
    """The items that have asked, by their digest, under the agreements as they stand in `sharing`."""

    sharing: share.Sharing
    actors: dict[str, Actor] = field(default_factory=dict)


def gather(
    session: Session, asking: Asking, only: Iterable[str] | None = None, known: Mapping[str, Known] | None = None
) -> dict[str, Known]:
    """Every fact of a service that can be asked now (`only`: these), with those already `known`. A fact whose key is still to be
    written is left out.

    Where a fact compares whether something is the applicant's, what it is like is told her only when it is: nobody learns of a home
    by typing its code. What would tell of another person waits until she has agreed, and again once she took that back.
    """
    found = dict(known or {})
    if asking.agreed:
        asking = replace(asking, agreed=asking.agreed - taken_back(session, asking.case_id))
    gathering = _Gathering(session, asking, found)
    wanted = None if only is None else set(only)
    for group in sorted(_together(asking, wanted, found), key=_turn):
        gathering.group(group)
    return found


class _Gathering:
    """One gathering on its way: what was found, what was already asked, whose homes they are."""

    def __init__(self, session: Session, asking: Asking, found: dict[str, Known]) -> None:
        self.session, self.asking, self.found = session, asking, found
        self.actor = asking_actor(session, asking.service)
        self.answers: dict[Question, Answer | None] = {}
        self.shown: dict[str, str] = {}
        self.homes: tuple[str, ...] = ()
        compared = (one for one in asking.service.facts if OWN in one.claims and one.code in found)
        self.strangers = {(one.register, one.key): _strange(found[one.code]) for one in compared if found[one.code].value != "same"}

    def group(self, group: list[Fact]) -> None:
        """Ask for facts that one look gives."""
        first = group[0]
        if (held := _held_back(self.asking, first, self.found)) is not None:
            self.found |= {one.code: replace(held, code=one.code) for one in group}
            return
        question = self._question(group)
        if question is None:
            return
        if isinstance(question, _Untold):
            self.found |= {one.code: Known(one.code, "empty", why_zh=question.words[0], why_en=question.words[1]) for one in group}
            return
        where = (question.register, first.key)
        if not first.claims and where in self.strangers:
            self.found |= {one.code: replace(self.strangers[where], code=one.code) for one in group}
            return
        self._put(group, question, where)

    def _put(self, group: list[Fact], question: Question, where: tuple[str, str]) -> None:
        key = question.key
        if key is not None and key.value in self.shown:
            question = replace(question, key=Key("code", self.shown[key.value]))
        if question not in self.answers:
            self.answers[question] = self._ask(question)
        answer = self.answers[question]
        if answer is not None and answer.entries:
            if key is not None and key.type == "pass":
                self.shown[key.value] = answer.entries[0].code
            if group[0].key == APPLICANT:
                self.homes += tuple(one.code for one in answer.entries[0].links if one.type == "owns" and not one.until)
        household = self.asking.service.household
        if household is not None and group[0].gives in (ADULT, ADULTS):
            case = self.asking.case_id
            self.found |= adults_of(group, household, answer, self.found, ask=self._ask, purpose=question.purpose, case=case)
            return
        for fact in group:
            self.found[fact.code] = read_answer(self.session, self.actor, fact, key, answer=answer, found=self.found)
            if OWN in fact.claims and self.found[fact.code].value != "same":
                self.strangers[where] = _strange(self.found[fact.code])

    def _ask(self, question: Question) -> Answer | None:
        return _ask(self.session, self.actor, question, self.asking.now)

    def _question(self, group: list[Fact]) -> Question | _Untold | None:
        first, asking = group[0], self.asking
        key = self._key(first)
        if key is None or isinstance(key, _Untold):
            return key
        claims = []
        for claim, source in first.claims.items():
            is_hers = source.startswith(f"{APPLICANT}.")
            value = applicant_value(asking, source, self.found) if is_hers else str(asking.form.get(source.removeprefix("form."), ""))
            if not value:
                return _Untold(LACKS) if is_hers else None
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

    def _key(self, fact: Fact) -> Key | _Untold | None:
        """By what the one that a fact is about is found; nothing while it is not written."""
        if fact.key == APPLICANT:
            return self.asking.applicant.key
        if fact.key.startswith(FOUND):
            led = self.found.get(fact.key.removeprefix(FOUND))
            return Key("code", led.subject) if led is not None and led.subject else None
        typed = str(self.asking.form.get(fact.key, "")).strip()
        if not typed:
            return None
        key = share.read_key(typed) if fact.key_type == "any" else Key(fact.key_type, typed)
        return self._own_home(key) if key.type == "citizen_id" and fact.register == "premises" else key

    def _own_home(self, key: Key) -> Key | _Untold:
        """Premises by a citizen number: the only ones in the applicant's own name."""
        if read_citizen_id(key.value).value != applicant_value(self.asking, f"{APPLICANT}.citizen_id", self.found):
            return _Untold(NOT_YOUR_NUMBER)
        homes = dict.fromkeys(self.homes)
        if len(homes) == 1:
            return Key("code", next(iter(homes)))
        zh, en = SEVERAL if homes else NONE_OWNED
        return _Untold((zh.format(n=len(homes)), en.format(n=len(homes))))


def _strange(compared: Known) -> Known:
    """What is told of something that is not shown to be hers: where it was not even found, why; else no more than that."""
    if compared.value == "different" or not compared.why_zh:
        return Known("", "empty", why_zh=NOT_HERS[0], why_en=NOT_HERS[1])
    return Known("", compared.state, outcome=compared.outcome, why_zh=compared.why_zh, why_en=compared.why_en)


def _held_back(asking: Asking, fact: Fact, found: Mapping[str, Known]) -> Known | None:
    """What would tell of another person: waiting for her word, or not asked because the child is not the applicant's. Else nothing."""
    if not fact.is_of_another:
        return None
    seat = next((one for one in asking.service.confirming.seats if one.who == fact.key), None)
    if seat is None:
        ties = (one for one in asking.service.facts if one.key == fact.key and one.link == "child_of" and one.to)
        hers = any(one.code in found and found[one.code].value == "yes" for one in ties)
        return None if hers else Known(fact.code, "empty", why_zh=NOT_HER_CHILD[0], why_en=NOT_HER_CHILD[1])
    if seat.code in asking.agreed and _is_sitter(asking, seat.code, fact, found):
        return None
    if not fact.key.startswith(FOUND) and not str(asking.form.get(fact.key, "")).strip():
        return None
    if fact.key.startswith(FOUND) and not getattr(found.get(fact.key.removeprefix(FOUND)), "subject", ""):
        return None
    zh, en = f"等待{seat.title.zh}同意后调取", f"asked when the {seat.title.en} has agreed"
    return Known(fact.code, "waiting", why_zh=zh, why_en=en)


def _is_sitter(asking: Asking, seat: str, fact: Fact, found: Mapping[str, Known]) -> bool:
    """Whether what a fact is about is still the one who agreed: a new spouse has not."""
    sat = asking.sat.get(f"seat:{seat}", "")
    led = found.get(fact.key.removeprefix(FOUND)) if fact.key.startswith(FOUND) else None
    return not sat or led is None or led.subject in ("", sat)


def _turn(group: list[Fact]) -> int:
    """Who she is first, then what is compared, then what is looked up: an owner's pass is shown for the comparison, once, and
    what it opened is afterwards asked by its code. Ties between two come when both are known; what is another's, last."""
    first = group[0]
    if first.is_of_another or first.key.startswith(FOUND):
        return 4
    if any(one.to for one in group):
        return 3
    return 0 if first.key == APPLICANT and not first.claims else 1 if first.claims else 2


def _together(asking: Asking, only: set[str] | None, known: Mapping[str, Known]) -> list[list[Fact]]:
    """Facts that one look gives: of the same register by the same key. Comparisons go one by one."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in asking.service.facts:
        if fact.code in known if only is None else fact.code not in only:
            continue
        apart = fact.code if fact.claims or fact.to else ADULTS if fact.gives in (ADULT, ADULTS) else ""
        where = (fact.register, fact.key, fact.key_type, apart)
        groups.setdefault(where, []).append(fact)
    return list(groups.values())


def applicant_value(asking: Asking, source: str, found: Mapping[str, Known]) -> str:
    """`applicant.code`, `.name` or `.citizen_id`, as far as it is known: the number and the name by the facts that say so. That a
    source has mistyped her number does not make her somebody else: what holds is what is compared."""
    applicant = asking.applicant
    if source == "applicant.code":
        return applicant.code
    wanted = source.removeprefix(f"{APPLICANT}.")
    if wanted == applicant.key.type:
        return applicant.key.value
    hers = (one.code for one in asking.service.facts if one.key == APPLICANT and one.field == wanted)
    return next((found[code].value for code in hers if code in found and found[code].state in ("verified", "disputed")), "")


def _ask(session: Session, actor: Actor, question: Question, now: datetime | None) -> Answer | None:
    """The answer; nothing when the source cannot be reached: a case does not fail because a department is down."""
    try:
        with session.savepoint():
            return share.ask(session, actor, question, now=now)
    except (OSError, TimeoutError):
        return None


@dataclass(frozen=True)
class Change:
    """A fact that is no longer what it was at submission."""

    code: str
    before: Known
    now: Known


def recheck(session: Session, asking: Asking, kept: Mapping[str, Known]) -> tuple[dict[str, Known], tuple[Change, ...]]:
    """Ask again what was asked at submission: the facts as they are now, and those that differ. A source that is down is no change;
    what nobody has agreed to, or took back, is not asked; what an owner's pass opened is asked by its code: it was shown once."""
    service = asking.service
    led = {one.code for one in service.facts if one.gives == ADULT}
    wanted = {code for code, one in kept.items() if one.state != "waiting" and code not in led}
    form, opened = dict(asking.form), set()
    for fact in service.facts:
        typed = str(form.get(fact.key, ""))
        if typed and share.read_key(typed).type == "pass" and fact.code in kept and kept[fact.code].subject:
            opened.add((fact.key, kept[fact.code].subject))
            wanted -= {fact.code} if fact.claims else set()
    told = {one.key for one in service.facts if one.is_of_another and one.code in wanted}
    agreed = frozenset(seat.code for seat in service.confirming.seats if seat.who in told)
    again = replace(asking, form={**form, **dict(opened)}, agreed=agreed)
    now = gather(session, again, wanted, {code: one for code, one in kept.items() if code not in wanted})
    changes = [
        Change(code, was, now[code])
        for code, was in kept.items()
        if code in now and now[code].state != "down" and (was.value, was.state) != (now[code].value, now[code].state)
    ]
    return {code: now.get(code, was) for code, was in kept.items()}, tuple(changes)


__all__ = ["Applicant", "Asking", "Change", "Known", "asking_for", "from_snapshot", "gather", "recheck", "snapshot"]
