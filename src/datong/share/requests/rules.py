"""The regulation's clockwork as data: `requests.yml` read and checked. States, acts and days are the pack's, not the code's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from datong.domain.registers import REGISTER_FIELDS
from datong.share.requests.watching import Watching, read_watching
from datong.spec import Faults, Node, Packs, Shape

PARTIES = ("requesting", "providing", "requesting_responsible", "providing_responsible", "manager", "rule")
NEXT = ("requesting", "providing", "both", "manager", "nobody")
NEEDS = ("note", "days", "fields", "reasons")
KINDS = ("unconditional", "conditional", "withheld")
WITHHOLDING = ("law", "regulation", "council_decision")
"""What alone may withhold data: a law, an administrative regulation, a decision of the State Council."""
BASES = (*WITHHOLDING, "rule")
ANSWER = "answer"
"""In an act: the clock of the request's own sharing class."""
AGREEMENT_STATES = ("live", "suspended", "expired", "terminated")

Words = tuple[str, str]
"""中文 and English."""


@dataclass(frozen=True)
class Clock:
    """So many working days; `extension`: by how many it may be lengthened, once."""

    code: str
    title: Words
    days: int
    extension: int
    basis: str


@dataclass(frozen=True)
class State:
    """Where a request stands; `next`: who is to act."""

    code: str
    title: Words
    next: str
    step: int


@dataclass(frozen=True)
class Act:
    """What may be done in which states, by whom, and what it needs and sets going."""

    code: str
    title: Words
    sources: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    needs: tuple[str, ...]
    starts: str
    stops: str
    extends: str
    after: str
    once: bool
    basis: str


@dataclass(frozen=True)
class Paper:
    """One thing a request must say, in at least so many characters; `registers`: only where one of these is asked for."""

    code: str
    title: Words
    hint: Words
    least: int
    registers: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class SharingClass:
    """The sharing class of a resource or of a register's fields, with its legal basis."""

    kind: str
    basis: str
    basis_kind: str
    register: str = ""
    fields: tuple[str, ...] = ()
    resource: str = ""
    why: Words = ("", "")


@dataclass(frozen=True)
class RuleConflict:
    """Two rules that pull in different ways about the same items, and what is done meanwhile. Each rule: basis, 中文, English."""

    register: str
    fields: tuple[str, ...]
    one: tuple[str, str, str]
    other: tuple[str, str, str]
    held: Words


@dataclass(frozen=True)
class RequestRules:
    """Everything requests.yml says."""

    basis: str = ""
    warn: int = 2
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    acts: Mapping[str, Act] = field(default_factory=dict)
    mediation: tuple[Words, ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)
    reasons: Mapping[str, Words] = field(default_factory=dict)
    by_rule: frozenset[str] = frozenset()
    """Reasons that only a rule gives."""
    classes: tuple[SharingClass, ...] = ()
    conflicts: tuple[RuleConflict, ...] = ()
    agreement_acts: Mapping[str, Act] = field(default_factory=dict)
    watching: Watching = field(default_factory=Watching)

    def conflicts_of(self, register: str, fields: tuple[str, ...]) -> tuple[RuleConflict, ...]:
        """The rules that disagree about what is asked for or shared."""
        return tuple(one for one in self.conflicts if one.register == register and set(one.fields) & set(fields))


def read_request_rules(packs: Packs, faults: Faults) -> RequestRules:
    """requests.yml; everything that contradicts itself is noted. Without the file nothing can be requested."""
    root = packs.raw("requests", faults)
    if root is None:
        return RequestRules()
    shape = Shape(root, "requests.yml", faults)
    shape.only(
        ("basis", "warn", "clocks", "states", "acts", "mediation", "papers", "reasons", "classes", "conflicts", "agreement_acts", "use")
    )
    clocks = {code: _clock(code, Shape(node, f"clock {code!r}", faults)) for code, node in _entries(root, "clocks")}
    states = {code: _state(code, Shape(node, f"state {code!r}", faults)) for code, node in _entries(root, "states")}
    acts = {code: _act(code, Shape(node, f"act {code!r}", faults), states, clocks) for code, node in _entries(root, "acts")}
    on_agreements = {
        code: _act(code, Shape(node, f"act {code!r}", faults), AGREEMENT_STATES, clocks) for code, node in _entries(root, "agreement_acts")
    }
    _check_reach(root, states, acts, faults)
    reasons = {code: _words(Shape(node, f"reason {code!r}", faults)) for code, node in _entries(root, "reasons")}
    return RequestRules(
        basis=shape.text("basis", required=True),
        warn=shape.number("warn", 2),
        clocks=clocks,
        states=states,
        acts=acts,
        mediation=tuple(_words(Shape(node, "a step of mediation", faults)) for node in _items(root, "mediation")),
        papers={code: _paper(code, Shape(node, f"paper {code!r}", faults)) for code, node in _entries(root, "papers")},
        reasons=reasons,
        by_rule=frozenset(code for code, node in _entries(root, "reasons") if Shape(node, code, faults).flag("rule")),
        classes=tuple(_class(Shape(node, "a sharing class", faults), packs) for node in _items(root, "classes")),
        conflicts=tuple(_conflict(Shape(node, "a conflict of rules", faults)) for node in _items(root, "conflicts")),
        agreement_acts=on_agreements,
        watching=read_watching(shape.part("use")),
    )


def _entries(root: Node, key: str) -> list[tuple[str, Node]]:
    node = root.get(key)
    return list(node.entries()) if node else []


def _items(root: Node, key: str) -> list[Node]:
    node = root.get(key)
    return node.items() if node else []


def _words(shape: Shape) -> Words:
    return shape.text("zh", required=True), shape.text("en", required=True)


def _clock(code: str, shape: Shape) -> Clock:
    shape.only(("title", "days", "most", "extension", "basis"))
    days, most = shape.number("days", 0, 1), shape.number("most", 0, 1)
    if days > most:
        shape.fault("days", f"the clock {code!r} runs {days} working days; the regulation allows {most}: a local rule may only be shorter")
    return Clock(code, _words(shape.part("title")), days, shape.number("extension"), shape.text("basis", required=True))


def _state(code: str, shape: Shape) -> State:
    shape.only(("title", "next", "step"))
    return State(code, _words(shape.part("title")), shape.choice("next", NEXT, "nobody", required=True), shape.number("step"))


def _act(code: str, shape: Shape, states: Mapping[str, State] | tuple[str, ...], clocks: Mapping[str, Clock]) -> Act:
    shape.only(("title", "from", "to", "by", "needs", "starts", "stops", "extends", "after", "once", "basis"))
    named = {"from": states, "by": PARTIES, "needs": NEEDS}
    for key, known in named.items():
        for word in shape.words(key):
            if word not in known:
                shape.fault(key, f"{key} of act {code!r} names {word!r}, which is not known")
    timed = (*clocks, ANSWER) if f"{ANSWER}_conditional" in clocks else tuple(clocks)
    return Act(
        code,
        _words(shape.part("title")),
        shape.words("from"),
        shape.choice("to", tuple(states), required=True),
        shape.words("by"),
        shape.words("needs"),
        shape.choice("starts", timed),
        shape.choice("stops", timed),
        shape.choice("extends", timed),
        shape.text("after"),
        shape.flag("once"),
        shape.text("basis", required=True),
    )


def _paper(code: str, shape: Shape) -> Paper:
    shape.only(("title", "hint", "least", "registers", "basis"))
    return Paper(
        code,
        _words(shape.part("title")),
        _words(shape.part("hint")),
        shape.number("least", 1, 1),
        shape.words("registers"),
        shape.text("basis", required=True),
    )


def _class(shape: Shape, packs: Packs) -> SharingClass:
    shape.only(("register", "fields", "resource", "class", "basis", "kind", "why"))
    found = SharingClass(
        shape.choice("class", KINDS, required=True),
        shape.text("basis", required=True),
        shape.choice("kind", BASES, required=True),
        shape.choice("register", tuple(REGISTER_FIELDS)),
        shape.words("fields"),
        shape.text("resource"),
        _words(shape.part("why")) if shape.node.get("why") else ("", ""),
    )
    if found.kind == "withheld" and found.basis_kind not in WITHHOLDING:
        shape.fault("kind", "data may be withheld by a law, an administrative regulation or a State Council decision only")
    if found.resource and found.resource not in packs.sources:
        shape.fault("resource", f"no source describes the resource {found.resource!r}")
    for name in set(found.fields) - set(REGISTER_FIELDS.get(found.register, ())):
        shape.fault("fields", f"{name!r} is no field of the register {found.register!r}")
    return found


def _conflict(shape: Shape) -> RuleConflict:
    shape.only(("register", "fields", "one", "other", "held"))
    one, other = shape.part("one"), shape.part("other")
    register = shape.choice("register", tuple(REGISTER_FIELDS), required=True)
    for name in set(shape.words("fields")) - set(REGISTER_FIELDS.get(register, ())):
        shape.fault("fields", f"{name!r} is no field of the register {register!r}")
    return RuleConflict(
        register,
        shape.words("fields"),
        (one.text("basis", required=True), *_words(one)),
        (other.text("basis", required=True), *_words(other)),
        _words(shape.part("held")),
    )


def _check_reach(root: Node, states: Mapping[str, State], acts: Mapping[str, Act], faults: Faults) -> None:
    """Every state must be reached from the first, and from each that waits for somebody an act must lead on."""
    if not states:
        return
    reached, waiting = set[str](), [next(iter(states))]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [act.to for act in acts.values() if state in act.sources and act.to in states]
    node = root.get("states") or root
    for code, state_of in states.items():
        if code not in reached:
            faults.add(node.get(code) or node, f"no act leads to the state {code!r}")
        if state_of.next != "nobody" and not any(code in act.sources for act in acts.values()):
            faults.add(node.get(code) or node, f"no act leads on from the state {code!r}, which waits for {state_of.next}")
