"""Agreements compiled: one decision in microseconds.

`Policy.decide` is pure: it looks at the actor, the question and the day, never at data. Which rows the agreement lets be
seen is compiled in `rows.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datong.domain.access import Actor, Decision, Ground, Question
from datong.share.agreement import CITIZEN, PUBLIC, Agreement, Sharing
from datong.share.masks import PLAIN
from datong.share.words import ASKED_WORDS, EVENT, KEY_WORDS, ground, words_of

SHORTEST_REASON = 5
BY_PURPOSE = "purpose:"
"""Before a purpose among a key's agreements: whatever is in force for it between its department and others, today and once newly signed."""
FREE_FILTERS = ("division", "mark")
"""What any list may be limited by: where the subject is, and which open marks it has."""

RESOURCE = "resource"
"""What data opened to the public is limited by: who is known to its resource. Others are not told that a department knows somebody."""
_MOST_SHAPES = 4096
_BY_KEY = ("verify", "look_up")
Decide = Callable[[Actor, Question, str], Decision]
_Asked = tuple[Any, ...]
"""The way of asking: operation and fields, and what else a question names; no values."""


@dataclass(frozen=True)
class _Shape:
    """What an agreement says to a question's fields; worked out once for each different set of fields."""

    fields: tuple[str, ...]
    masks: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]
    grounds: tuple[Ground, ...]
    allowed: bool


class Policy:
    """Every agreement, indexed by what a question names."""

    def __init__(self, sharing: Sharing, posts: Mapping[str, tuple[str, str]] | None = None) -> None:
        self.sharing = sharing
        self._posts = posts or {}
        self._cells: dict[tuple[str, str, str, str], Decide] = {}
        self._registers: dict[tuple[str, str], set[str]] = {}
        self._of: dict[str, list[Agreement]] = {}
        self._compile()

    def _compile(self) -> None:
        members: dict[tuple[str, str, str, str], list[Compiled]] = {}
        common = Common()
        for agreement in self.sharing.agreements.values():
            compiled = Compiled(agreement, self.sharing, self._posts, common)
            for department in agreement.requesting:
                self._of.setdefault(department, []).append(agreement)
                self._registers.setdefault((department, agreement.purpose), set()).add(agreement.register)
                for operation in agreement.operations:
                    members.setdefault((department, agreement.purpose, agreement.register, operation), []).append(compiled)
        for found in self._of.values():
            found.sort(key=lambda one: one.code)
        self._granted = {purpose for _, purpose in self._registers}
        self._cells = {cell: found[0].decide if len(found) == 1 else _first_of(found) for cell, found in members.items()}

    def decide(self, actor: Actor, question: Question, today: str) -> Decision:
        """What the agreements say to a question. `today` is an ISO date. A refusal names the rule that is missing."""
        cell = self._cells.get((asking_for(actor), question.purpose, question.register, question.operation))
        return cell(actor, question, today) if cell else self._why_not(actor, question)

    def agreement(self, code: str) -> Agreement:
        """The agreement that gave a decision."""
        return self.sharing.agreements[code]

    def agreements_of(self, actor: Actor) -> list[Agreement]:
        """The agreements that stand for the actor's department, in order of code."""
        return self._of.get(asking_for(actor), [])

    def _why_not(self, actor: Actor, question: Question) -> Decision:
        purpose = self.sharing.purposes.get(question.purpose)
        if purpose is None:
            return _refused(ground("purpose_unknown", what=question.purpose[:40], rule="purposes.yml"))
        words = (purpose.title_zh, purpose.title_en)
        if purpose.profit:
            return _refused(ground("profit", what=words, rule=purpose.basis))
        mine = self._registers.get((asking_for(actor), question.purpose))
        if not mine:
            others = question.purpose in self._granted
            return _refused(ground("purpose_not_yours" if others else "no_agreement", what=words, rule=question.purpose))
        if question.register not in mine:
            return _refused(
                ground("register_not_granted", what=words, shown=words_of((question.register,), ASKED_WORDS), rule=question.purpose)
            )
        return _refused(
            ground("operation_not_granted", what=words, shown=words_of((question.operation,), ASKED_WORDS), rule=question.purpose)
        )


def asking_for(actor: Actor) -> str:
    """The department the actor asks for; citizens ask for themselves."""
    return CITIZEN if actor.kind == "citizen" else actor.department


def roles_of(actor: Actor) -> frozenset[str]:
    """The actor's roles; every citizen has the role of a citizen."""
    return actor.roles | {CITIZEN} if actor.kind == "citizen" else actor.roles


def compile_agreement(agreement: Agreement, sharing: Sharing, posts: Mapping[str, tuple[str, str]]) -> Decide:
    """One agreement as a pure function of actor, question and day. `posts`: what the city calls each role."""
    return Compiled(agreement, sharing, posts, Common()).decide


class Common:
    """What many agreements say alike, kept once: a processor has it at hand whichever of them is asked."""

    def __init__(self) -> None:
        self.sets: dict[frozenset[str], frozenset[str]] = {}
        self.prefixes: dict[object, dict[tuple[str, ...], tuple[str, ...]]] = {}
        self.shapes: dict[object, dict[_Asked, _Shape]] = {}

    def set_of(self, names: Iterable[str]) -> frozenset[str]:
        """These names as one set, the same object for all that name the same."""
        found = frozenset(names)
        return self.sets.setdefault(found, found)

    def prefixes_of(self, agreement: Agreement) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The remembered `prefixes_for` of all agreements with the same rule about places, by jurisdiction."""
        return self.prefixes.setdefault(agreement.rows.jurisdiction, {})

    def shapes_of(self, agreement: Agreement) -> dict[_Asked, _Shape]:
        """The remembered shapes without any ground, of all agreements that grant the same."""
        terms = (tuple(agreement.fields.items()), agreement.comparable, agreement.unmask, tuple(agreement.links))
        return self.shapes.setdefault(terms, {})


class Compiled:
    """One agreement, laid flat: whoever asks for what it grants passes a handful of tests on values that lie together."""

    __slots__ = (
        "_agreement", "_code", "_keys", "_live", "_own_shapes", "_plain", "_posts", "_prefixes", "_roles", "_shapes", "_valid_from",
        "_valid_to", "_zones",
    )  # fmt: skip

    def __init__(self, agreement: Agreement, sharing: Sharing, posts: Mapping[str, tuple[str, str]], common: Common) -> None:
        self._agreement, self._posts, self._zones = agreement, posts, sharing.zones
        self._code, self._valid_from, self._valid_to = agreement.code, agreement.valid_from, agreement.valid_to
        self._live = agreement.state == "live"
        self._roles, self._keys = common.set_of(agreement.roles), common.set_of(agreement.keys)
        self._plain = not agreement.rows.domain and not agreement.reason_required
        self._prefixes, self._shapes = common.prefixes_of(agreement), common.shapes_of(agreement)
        self._own_shapes: dict[_Asked, _Shape] = {}

    def decide(self, actor: Actor, question: Question, today: str) -> Decision:
        """What the agreement says to a question on a day."""
        if not self._clearly_admits(actor, question, today):
            missing = _admission(self._agreement, self._posts, (actor, question, today))
            if missing is not None:
                return Decision(False, self._code, grounds=(missing,))
        prefixes = self._prefixes.get(actor.jurisdiction)
        if prefixes is None:
            prefixes = prefixes_for(self._agreement, actor, self._zones)
            _keep(self._prefixes, actor.jurisdiction, prefixes)
        if not prefixes:
            return Decision(False, self._code, grounds=(ground("no_jurisdiction", rule=self._code),))
        shape = self._shape_for(question)
        return Decision(shape.allowed, self._code, shape.fields, shape.masks, shape.refused, prefixes, shape.grounds)

    def may_admit(self, actor: Actor) -> bool:
        """Whether the actor's roles do not already speak against it."""
        return actor.kind != "officer" or not self._roles.isdisjoint(actor.roles)

    def _clearly_admits(self, actor: Actor, question: Question, today: str) -> bool:
        """The tests that an officer's everyday look-up passes; who fails one of them is looked at by `_admission`, which names the rule."""
        key = question.key
        return (
            self._plain
            and self._live
            and self._valid_from <= today <= self._valid_to
            and actor.kind == "officer"
            and not self._roles.isdisjoint(actor.roles)
            and key is not None
            and question.operation in _BY_KEY
            and key.type in self._keys
            and not question.unmask
            and not key.value.isspace()
            and key.value != ""
        )

    def _shape_for(self, question: Question) -> _Shape:
        """What is granted of what is asked, remembered by the way of asking."""
        if question.claims or question.where or question.unmask:
            claims = tuple([name for name, _ in question.claims])
            where = tuple([(name, bool(value)) for name, value in question.where])
            asked: _Asked = (question.operation, question.fields, claims, question.unmask, where)
        else:
            asked = (question.operation, question.fields)
        shape = self._shapes.get(asked) or self._own_shapes.get(asked)
        if shape is None:
            shape = _shape(self._agreement, question)
            _keep(self._own_shapes if shape.grounds else self._shapes, asked, shape)
        return shape


def _keep(memory: dict[Any, Any], name: object, kept: object) -> None:
    """Remember something, within bounds."""
    if len(memory) >= _MOST_SHAPES:
        memory.clear()
    memory[name] = kept


def _first_of(members: list[Compiled]) -> Decide:
    """Agreements for other roles or times behind one index entry: the one that allows, else the last refusal that got furthest."""

    def decide(actor: Actor, question: Question, today: str) -> Decision:
        for member in members:
            if member.may_admit(actor) and (decision := member.decide(actor, question, today)).allowed:
                return decision
        refusals = [member.decide(actor, question, today) for member in members]
        return max(refusals, key=lambda one: bool(one.jurisdiction))

    return decide


def _admission(agreement: Agreement, posts: Mapping[str, tuple[str, str]], asking: tuple[Actor, Question, str]) -> Ground | None:
    """Everything about who asks, when and how: the first rule that is missing, or nothing."""
    actor, question, today = asking
    title, code = (agreement.title_zh, agreement.title_en), agreement.code
    if agreement.state != "live":
        return ground("suspended", what=title, rule=code)
    if today < agreement.valid_from:
        return ground("not_yet", what=title, rule=code)
    if today > agreement.valid_to:
        return ground("expired", what=title, rule=code)
    if actor.kind == "system":
        if not agreement.systems:
            return ground("people_only", what=title, rule=code)
        if code not in actor.agreements and f"{BY_PURPOSE}{agreement.purpose}" not in actor.agreements:
            return ground("key_not_issued", what=title, rule=code)
        if agreement.encrypted and not question.encrypted and question.operation != "verify":
            return ground("encryption_missing", what=title, rule=code)
    elif not roles_of(actor) & frozenset(agreement.roles):
        return ground("role_missing", what=title, shown=words_of(agreement.roles, posts), rule=code)
    if agreement.rows.domain and actor.domains and agreement.rows.domain not in actor.domains:
        return ground("domain_missing", what=title, shown=words_of((agreement.rows.domain,), ASKED_WORDS), rule=code)
    return _how(agreement, question, title)


def _how(agreement: Agreement, question: Question, title: tuple[str, str]) -> Ground | None:
    """What is wrong with the way the question is put: its key, its size, its reason."""
    if question.operation in _BY_KEY:
        if question.key is None or not question.key.value.strip():
            return ground("key_missing", rule=agreement.code)
        if question.key.type not in agreement.keys:
            return ground("key_not_allowed", what=title, shown=words_of(agreement.keys, KEY_WORDS), rule=agreement.code)
    elif question.limit > agreement.quota.per_call:
        return ground("too_many", what=title, shown=str(agreement.quota.per_call), rule=agreement.code)
    reason = question.reason
    named = bool(reason.reference.strip()) or len(reason.text.strip()) >= SHORTEST_REASON
    if agreement.reason_required and not named:
        return ground("reason_missing", rule=agreement.code)
    if question.unmask and len(reason.text.strip()) < SHORTEST_REASON:
        return ground("reason_missing", rule=agreement.code)
    return None


def _shape(agreement: Agreement, question: Question) -> _Shape:
    """Which of the asked fields are granted, behind which masks; refused when none is, or when a filter or unmasking is not."""
    title, rule = (agreement.title_zh, agreement.title_en), agreement.code
    verifying = question.operation == "verify"
    granted = agreement.comparable if verifying else frozenset(agreement.fields)
    asked = tuple(dict.fromkeys(name for name, _ in question.claims)) if verifying else tuple(dict.fromkeys(question.fields))
    fields = tuple(name for name in (asked or (() if verifying else agreement.fields)) if name in granted)
    refused = tuple(name for name in asked if name not in granted)
    grounds = [ground("field_not_granted", field=name, what=title, rule=rule) for name in refused]
    stops = bool(asked) and not fields
    if verifying and question.fields:
        grounds.append(ground("operation_not_granted", what=title, shown=ASKED_WORDS["look_up"], rule=rule))
        stops = True
    for name in question.unmask:
        if name not in agreement.unmask or question.operation != "look_up":
            grounds.append(ground("unmask_not_granted", field=name, what=title, rule=rule))
            stops = True
    for name, value in question.where:
        if not may_filter(agreement, name) or not value:
            grounds.append(ground("filter_not_granted", field=name, what=title, rule=rule))
            stops = True
    masks = tuple((name, PLAIN if name in question.unmask else agreement.fields[name]) for name in fields if name in agreement.fields)
    if stops:
        return _Shape((), (), refused or question.unmask, tuple(grounds), False)
    return _Shape(fields, masks, refused, tuple(grounds), True)


def may_filter(agreement: Agreement, name: str) -> bool:
    """A list may be limited by what it may show whole, by the relations it may show, by place and by marks: nothing hidden leaks."""
    known = name in FREE_FILTERS or name in agreement.links or (name == EVENT and agreement.events != ())
    known = known or (name == RESOURCE and PUBLIC in agreement.requesting)
    return known or agreement.fields.get(name) == PLAIN


def prefixes_for(agreement: Agreement, actor: Actor, zones: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The division prefixes whose rows the actor may see under an agreement; ("",) is everywhere, () nowhere."""
    chosen = agreement.rows.jurisdiction
    if chosen == "city":
        return ("",)
    return expand(actor.jurisdiction if chosen == "own" else tuple(chosen), zones)


def expand(prefixes: tuple[str, ...], zones: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Prefixes with each functional zone's divisions beside its own code; a longer prefix inside a shorter one is dropped."""
    if "" in prefixes:
        return ("",)
    wide = {part for prefix in prefixes for part in (prefix, *zones.get(prefix, ()))}
    return tuple(sorted(part for part in wide if not any(part != other and part.startswith(other) for other in wide)))


def _refused(reason: Ground) -> Decision:
    return Decision(False, grounds=(reason,))
