"""Agreements compiled: one decision in microseconds, and the same rows as one SQL filter.

`Policy.decide` is pure: it looks at the actor, the question and the day, never at data. What rows the agreement lets be
seen is compiled twice from the same `Rows`, once as a closure over one row and once as SQL over the register, so that a
list and a single look can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from datong import registers
from datong.domain.access import Actor, Decision, Ground, Question
from datong.share.agreement import CITIZEN, OWN_TYPES, Agreement, Condition, Sharing
from datong.share.masks import PLAIN
from datong.share.words import ASKED_WORDS, KEY_WORDS, ground, words_of

SHORTEST_REASON = 5
FREE_FILTERS = ("division", "mark")
"""What any list may be limited by: where the subject is, and which open marks it has."""

_MOST_SHAPES = 4096
Decide = Callable[[Actor, Question, str], Decision]


class Values(Protocol):
    """Winning values by field: a mapping, or a subject itself."""

    def get(self, field: str, default: str, /) -> str:
        """The value that holds for a field, or `default`."""
        ...


@dataclass(frozen=True)
class RowView:
    """One row of a register as a row condition sees it."""

    code: str
    division: str
    values: Values
    """Field → its winning value; a field without one is absent."""
    owners: frozenset[str] = frozenset()
    """The persons to whom it is "own" as the agreement means it: by a live tie of OWN_TYPES."""


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
        members: dict[tuple[str, str, str, str], list[Decide]] = {}
        for agreement in self.sharing.agreements.values():
            decide = compile_agreement(agreement, self.sharing, self._posts)
            for department in agreement.requesting:
                self._of.setdefault(department, []).append(agreement)
                self._registers.setdefault((department, agreement.purpose), set()).add(agreement.register)
                for operation in agreement.operations:
                    members.setdefault((department, agreement.purpose, agreement.register, operation), []).append(decide)
        for found in self._of.values():
            found.sort(key=lambda one: one.code)
        self._granted = {purpose for _, purpose in self._registers}
        self._cells = {cell: found[0] if len(found) == 1 else _first_of(found) for cell, found in members.items()}

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


def compile_agreement(agreement: Agreement, sharing: Sharing, posts: Mapping[str, tuple[str, str]] | None = None) -> Decide:
    """The agreement as a pure function of actor, question and day. `posts`: what the city calls each role."""
    admits = _admission(agreement, posts or {})
    prefixes_of = _prefixes(agreement, sharing)
    shapes: dict[tuple[object, ...], _Shape] = {}
    code = agreement.code

    def decide(actor: Actor, question: Question, today: str) -> Decision:
        if (missing := admits(actor, question, today)) is not None:
            return Decision(False, code, grounds=(missing,))
        prefixes = prefixes_of(actor)
        if not prefixes:
            return Decision(False, code, grounds=(ground("no_jurisdiction", rule=code),))
        asked = (
            question.fields,
            tuple([name for name, _ in question.claims]),
            question.unmask,
            tuple([(name, bool(value)) for name, value in question.where]),
            question.operation,
        )
        shape = shapes.get(asked)
        if shape is None:
            if len(shapes) >= _MOST_SHAPES:
                shapes.clear()
            shape = shapes[asked] = _shape(agreement, question)
        return Decision(shape.allowed, code, shape.fields, shape.masks, shape.refused, prefixes, shape.grounds)

    return decide


def _first_of(members: list[Decide]) -> Decide:
    """Agreements for other roles or times behind one index entry: the one that allows, else the last refusal that got furthest."""

    def decide(actor: Actor, question: Question, today: str) -> Decision:
        refusals = []
        for member in members:
            decision = member(actor, question, today)
            if decision.allowed:
                return decision
            refusals.append(decision)
        return max(refusals, key=lambda one: bool(one.jurisdiction))

    return decide


def _admission(agreement: Agreement, posts: Mapping[str, tuple[str, str]]) -> Callable[[Actor, Question, str], Ground | None]:
    """Everything about who asks, when and how: the first rule that is missing, or nothing."""
    title = (agreement.title_zh, agreement.title_en)
    roles, keys, code = frozenset(agreement.roles), frozenset(agreement.keys), agreement.code

    suspended = agreement.state != "live"

    def admit(actor: Actor, question: Question, today: str) -> Ground | None:
        if suspended:
            return ground("suspended", what=title, rule=code)
        if today < agreement.valid_from:
            return ground("not_yet", what=title, rule=code)
        if today > agreement.valid_to:
            return ground("expired", what=title, rule=code)
        if actor.kind == "system":
            if not agreement.systems:
                return ground("people_only", what=title, rule=code)
            if code not in actor.agreements:
                return ground("key_not_issued", what=title, rule=code)
        elif not roles & roles_of(actor):
            return ground("role_missing", what=title, shown=words_of(agreement.roles, posts), rule=code)
        if agreement.rows.domain and actor.domains and agreement.rows.domain not in actor.domains:
            return ground("domain_missing", what=title, shown=words_of((agreement.rows.domain,), ASKED_WORDS), rule=code)
        return _how(agreement, question, keys, title)

    return admit


def _how(agreement: Agreement, question: Question, keys: frozenset[str], title: tuple[str, str]) -> Ground | None:
    """What is wrong with the way the question is put: its key, its size, its reason."""
    if question.operation in ("verify", "look_up"):
        if question.key is None or not question.key.value.strip():
            return ground("key_missing", rule=agreement.code)
        if question.key.type not in keys:
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
    return name in FREE_FILTERS or agreement.fields.get(name) == PLAIN or name in agreement.links


def _prefixes(agreement: Agreement, sharing: Sharing) -> Callable[[Actor], tuple[str, ...]]:
    """`prefixes_for` one agreement, remembered for each jurisdiction."""
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}

    def of(actor: Actor) -> tuple[str, ...]:
        found = kept.get(actor.jurisdiction)
        if found is None:
            found = kept[actor.jurisdiction] = prefixes_for(agreement, actor, sharing.zones)
        return found

    return of


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


# ---- rows: the same condition as a closure and as SQL ------------------------------------------------------------


def row_test(agreement: Agreement, prefixes: tuple[str, ...], subject: str) -> Callable[[RowView], bool]:
    """Whether the agreement lets one row be seen, for an actor with these prefixes (`subject`: the citizen's own code)."""
    rows = agreement.rows
    everywhere = "" in prefixes

    def holds(row: RowView) -> bool:
        if not everywhere and not row.division.startswith(prefixes):
            return False
        if rows.own and not (subject and (row.code == subject or subject in row.owners)):
            return False
        return all(condition_holds(one, row) for one in rows.where)

    return holds


def condition_holds(condition: Condition, row: RowView) -> bool:
    """One condition on one row; a missing value satisfies only `absent`, `ne` and `not_in`."""
    value = row.division if condition.field == "division" else row.values.get(condition.field, "")
    wanted = condition.value
    match condition.op:
        case "present":
            return value != ""
        case "absent":
            return value == ""
        case "eq" | "in":
            return value != "" and value in wanted
        case "ne" | "not_in":
            return value not in wanted
        case "prefix":
            return value != "" and value.startswith(wanted[0])
        case "from":
            return value != "" and value >= wanted[0]
        case _:
            return value != "" and value <= wanted[0]


@dataclass(frozen=True)
class SqlFilter:
    """A condition over `entry e` and its parameters."""

    sql: str
    params: dict[str, str | int]


def row_filter(
    agreement: Agreement, prefixes: tuple[str, ...], subject: str, dialect: Literal["sqlite", "postgresql"], *, resumed: bool = False
) -> SqlFilter:
    """The rows that `row_test` lets be seen, as SQL over `entry e`. `resumed` leaves out the lower ends of divisions, which changes
    no row: with them SQLite would begin at the first row again and pass over all earlier pages, not at the cursor."""
    parts: list[str] = []
    params: dict[str, str | int] = {}
    if "" not in prefixes:
        parts.append("(" + " OR ".join(_prefix_sql(f"p{i}", one, params, (dialect, resumed)) for i, one in enumerate(prefixes)) + ")")
    if agreement.rows.own:
        parts.append(_own_sql(agreement.rows.own, subject, params))
    for number, condition in enumerate(agreement.rows.where):
        parts.append(_condition_sql(condition, f"w{number}", params, dialect))
    return SqlFilter(" AND ".join(parts) or "1 = 1", params)


def value_sql(field: str, dialect: Literal["sqlite", "postgresql"]) -> str:
    """A field's winning value as SQL over `entry e`; absent is ''. `field` is a register's own field name, never typed text."""
    if field == "division":
        return "e.division"
    state, value = (part("e.body", field, dialect) for part in (registers.state_sql, registers.value_sql))
    return f"CASE WHEN {state} = 'won' THEN coalesce({value}, '') ELSE '' END"


def _prefix_sql(name: str, prefix: str, params: dict[str, str | int], how: tuple[Literal["sqlite", "postgresql"], bool]) -> str:
    """A division prefix as a range, for an index, and as itself where the range alone is not exact. `how`: the dialect, `resumed`."""
    (dialect, resumed), end = how, f"{name}_end"
    params[name], params[f"{name}_n"] = prefix, len(prefix)
    lower = "" if resumed else f"e.division >= :{name} AND "
    if dialect == "sqlite" and not resumed:
        params[end] = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({lower}e.division < :{end})"
    exact = f"substr(e.division, 1, :{name}_n) = :{name}"
    if not prefix.isdigit() or not prefix.strip("9"):
        return exact
    params[end] = str(int(prefix) + 1).zfill(len(prefix))
    return f"({lower}e.division < :{end} AND {exact})"


def _own_sql(kind: str, subject: str, params: dict[str, str | int]) -> str:
    params["own"] = subject or "-"
    types = ", ".join(f"'{one}'" for one in OWN_TYPES[kind])
    return (
        "(e.code = :own OR EXISTS (SELECT 1 FROM relation r WHERE r.from_code = :own AND r.to_code = e.code "  # noqa: S608
        f"AND r.type IN ({types}) AND r.until = ''))"
    )


def _condition_sql(condition: Condition, name: str, params: dict[str, str | int], dialect: Literal["sqlite", "postgresql"]) -> str:
    value = value_sql(condition.field, dialect)
    byte_order = ' COLLATE "C"' if dialect == "postgresql" else ""
    names = []
    for number, wanted in enumerate(condition.value):
        params[f"{name}_{number}"] = wanted
        names.append(f":{name}_{number}")
    match condition.op:
        case "present":
            return f"({value}) <> ''"
        case "absent":
            return f"({value}) = ''"
        case "eq" | "in":
            return f"({value}) <> '' AND ({value}) IN ({', '.join(names)})"
        case "ne" | "not_in":
            return f"({value}) NOT IN ({', '.join(names)})"
        case "prefix":
            params[f"{name}_n"] = len(condition.value[0])
            return f"({value}) <> '' AND substr({value}, 1, :{name}_n) = {names[0]}"
        case "from":
            return f"({value}) <> '' AND ({value}){byte_order} >= {names[0]}"
        case _:
            return f"({value}) <> '' AND ({value}){byte_order} <= {names[0]}"
