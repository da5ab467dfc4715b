"""10,000 random questions about random rows under random agreements: the closure, the SQL filter and Cedar say the same."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import cedarpy
from tests.share import cedar
from tests.share.conftest import packs

from datong import registers, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.share.agreement import Agreement, Condition, Quota, Rows, Sharing
from datong.share.load import overlap
from datong.share.policy import Policy
from datong.share.rows import RowView, row_filter, row_test
from datong.store import Session

QUESTIONS, AGREEMENTS, ROWS = 10_000, 60, 250
DEPARTMENTS = ("police", "housing", "tax", "citizen")
PURPOSES = ("window_service", "inspection", "means_test")
ROLES = ("officer", "window_clerk", "steward", "citizen")
DIVISIONS = ("370303008001", "370303008002", "370303009001", "370304001001", "370304001009", "370399001001", "3703")
AREAS = (("",), ("3703",), (), ("370303",), ("370304", "370303008"), ("370303008001",), ("370391",), ("3703", "370304"), ("3",))
ZONES = {"370391": ("370303008", "370399")}
FIELDS = {
    "use": ("residential", "commercial", "office", ""),
    "floor": ("1", "12", "3", ""),
    "built_year": ("1999-01-01", "2010-06-30", "2020-12-31", ""),
    "estate": ("柳泉花园", "柳泉新村", "明月苑", ""),
}
OPS = ("eq", "ne", "in", "not_in", "prefix", "present", "absent", "from", "to")
OWN = ("PA", "PB")


def agreement_of(random: Random, number: int) -> Agreement:
    fields = random.sample(sorted(FIELDS), random.randint(0, 3))
    jurisdiction: Any = random.choice(("own", "own", "city", "city", ("370303",), ("370391", "370304")))
    rows = Rows(
        jurisdiction,
        random.choice(("", "", "housing")),
        tuple(condition_of(random) for _ in range(random.choice((0, 0, 1, 2)))),
        random.choice(("",) * 8 + ("owner", "tied")),
    )
    return Agreement(
        code=f"a{number}",
        title_zh="甲",
        title_en="A",
        basis="《某法》",
        providing=("police",),
        all_values=False,
        requesting=tuple(random.sample(DEPARTMENTS, random.randint(1, 2))),
        purpose=random.choice(PURPOSES),
        register="premises",
        operations=tuple(random.sample(("verify", "look_up", "list"), random.randint(1, 3))),
        rows=rows,
        fields={name: random.choice(("plain", "name")) for name in fields},
        claims=tuple(random.sample(("owner_name", "area"), random.randint(0, 2))),
        unmask=tuple(fields[:1]),
        links=dict.fromkeys(random.sample(("owns", "rents"), random.randint(0, 1)), "plain"),
        keys=tuple(random.sample(("code", "title_no", "address"), random.randint(1, 2))),
        roles=tuple(random.sample(ROLES, random.randint(1, 2))),
        systems=random.random() < 0.7,
        reason_required=random.random() < 0.2,
        consent=False,
        quota=Quota(100, 10, random.choice((1, 50))),
        valid_from=random.choice(("2026-01-01", "2026-11-10")),
        valid_to=random.choice(("2026-11-20", "2027-12-31")),
        state=random.choice(("live",) * 9 + ("suspended",)),
    )


def condition_of(random: Random) -> Condition:
    op = random.choice(OPS)
    if op in ("from", "to"):
        return Condition("built_year", op, (random.choice(("1999-01-01", "2005-05-05", "2020-12-31")),))
    field = random.choice(sorted(FIELDS))
    known = [value for value in FIELDS[field] if value]
    if op in ("present", "absent"):
        return Condition(field, op)
    if op == "prefix":
        return Condition(field, op, (random.choice(known)[: random.randint(1, 2)],))
    return Condition(field, op, tuple(random.sample(known, 2 if op in ("in", "not_in") else 1)))


def policy_of(random: Random) -> Policy:
    """Agreements of which no two answer the same question, as the packs' check wants it."""
    found: list[Agreement] = []
    for number in range(AGREEMENTS * 6):
        made = agreement_of(random, number)
        if len(found) < AGREEMENTS and not any(_both_answer(made, one) for one in found):
            found.append(made)
    purposes = share.load_sharing(packs()).purposes
    return Policy(Sharing(purposes, {one.code: one for one in found}, ZONES))


def _both_answer(left: Agreement, right: Agreement) -> bool:
    """Agreements for different posts may stand side by side; a key may be issued for both where both are for systems."""
    return overlap(left, replace(right, roles=left.roles) if left.systems and right.systems else right)


def rows_of(random: Random, session: Session) -> list[RowView]:
    found = []
    for number in range(ROWS):
        values = {name: value for name in FIELDS if (value := random.choice(FIELDS[name]))}
        past = {name: values.pop(name) for name in list(values) if random.random() < 0.1}
        code, division = f"H{number:04d}", random.choice(DIVISIONS)
        owners = frozenset(one for one in OWN if random.random() < 0.2)
        facts = {name: [{"value": value, "state": "won"}] for name, value in values.items()}
        facts |= {name: [{"value": value, "state": "past"}] for name, value in past.items()}
        session.run(
            "INSERT INTO entry (code, kind, division, label, body) VALUES (:code, 'premises', :division, '', :body)",
            {"code": code, "division": division, "body": registers.write_facts(facts)},
        )
        for one in owners:
            session.run(
                "INSERT INTO relation (from_code, type, to_code, resource, record_id, since, until, as_of, delivery_id, detail, department) "
                "VALUES (:f, 'owns', :t, 'r', 'r', '', '', '', 'd', '{}', '')",
                {"f": one, "t": code},
            )
        found.append(RowView(code, division, values, owners))
    return found


def actor_of(random: Random, codes: list[str]) -> Actor:
    kind: Any = random.choice(("officer", "officer", "citizen", "system"))
    return Actor(
        "somebody",
        "",
        kind,
        "" if kind == "citizen" else random.choice(DEPARTMENTS[:3]),
        roles=frozenset(random.sample(ROLES[:3], random.randint(0, 1))) if kind == "officer" else frozenset(),
        jurisdiction=random.choice(AREAS),
        domains=random.choice(((), (), ("housing",), ("welfare",))),
        subject=random.choice(("", *OWN)) if kind == "citizen" else "",
        agreements=tuple(random.sample(codes, min(len(codes), 30))) if kind == "system" else (),
    )


def question_of(random: Random) -> Question:
    operation: Any = random.choice(("verify", "look_up", "list"))
    names = [*FIELDS, "owner_name", "area"]
    return Question(
        purpose=random.choice(PURPOSES),
        operation=operation,
        register="premises",
        key=None if operation == "list" else Key(random.choice(("code", "title_no", "address")), "x"),
        fields=tuple(random.sample(names, random.choice((0, 0, 1, 2)))) if operation != "verify" or random.random() < 0.1 else (),
        claims=tuple((name, "x") for name in random.sample(names, random.randint(0, 2))) if operation == "verify" else (),
        unmask=tuple(random.sample(sorted(FIELDS), 1)) if random.random() < 0.1 else (),
        where=((random.choice(("use", "division", "owns")), "x"),) if operation == "list" and random.random() < 0.3 else (),
        limit=random.choice((1, 20)),
        reason=Reason("case", "A-1", "核对当事人情况") if random.random() < 0.8 else Reason(),
    )


def aimed(random: Random, one: Agreement, actor: Actor, question: Question) -> tuple[Actor, Question]:
    """A question that this agreement could answer, with something else about it left to chance."""
    operation: Any = random.choice(one.operations)
    listing, verifying = operation == "list", operation == "verify"
    question = replace(
        question,
        purpose=one.purpose,
        operation=operation,
        key=None if listing else Key(random.choice(one.keys), "x"),
        claims=tuple((name, "x") for name in sorted(one.comparable)[:1]) if verifying else (),
        fields=() if verifying or random.random() < 0.7 else question.fields,
        where=question.where if listing else (),
        unmask=question.unmask if random.random() < 0.2 else (),
        limit=1 if random.random() < 0.8 else question.limit,
    )
    if actor.kind != "citizen":
        actor = replace(actor, department=random.choice(one.requesting), roles=frozenset(random.sample(one.roles, 1)))
    return actor, question


def test_closure_sql_and_cedar_agree_on_10_000_questions(any_session: Session):
    random, session = Random(809), any_session
    policy, rows = policy_of(random), rows_of(random, any_session)
    codes = list(policy.sharing.agreements)
    filtered: dict[tuple[Any, ...], set[str]] = {}
    asked, closures, sqls = [], [], []
    for number in range(QUESTIONS):
        actor, question, row = actor_of(random, codes), question_of(random), rows[number % ROWS]
        if random.random() < 0.8:
            actor, question = aimed(random, policy.agreement(random.choice(codes)), actor, question)
        today = random.choice(("2025-12-31", "2026-11-15", "2026-11-15", "2026-11-15", "2026-12-01"))
        decision = policy.decide(actor, question, today)
        asked.append(cedar.request(actor, question, today, row, ZONES))
        agreement = policy.agreement(decision.agreement) if decision.allowed else None
        closures.append(agreement is not None and row_test(agreement, decision.jurisdiction, actor.subject)(row))
        sqls.append(agreement is not None and row.code in shown(session, agreement, decision.jurisdiction, actor.subject, kept=filtered))
    written = "\n".join(cedar.policy(one) for one in policy.sharing.agreements.values())
    answers = cedarpy.is_authorized_batch(asked, written, [])
    assert not [one.diagnostics.errors for one in answers if one.diagnostics.errors]
    assert closures == sqls
    assert closures == [one.allowed for one in answers]
    assert len(codes) > 30 and 1000 < sum(closures) < QUESTIONS - 1000, "both answers must be common, or this says little"


def shown(
    session: Session, agreement: Agreement, prefixes: tuple[str, ...], subject: str, *, kept: dict[tuple[Any, ...], set[str]]
) -> set[str]:
    """The codes of the rows that the agreement's SQL lets through."""
    shape = (agreement.code, prefixes, subject)
    if shape not in kept:
        condition = row_filter(agreement, prefixes, subject, session.dialect)
        found = session.all(f"SELECT e.code FROM entry e WHERE e.kind = 'premises' AND {condition.sql}", condition.params)
        kept[shape] = {one[0] for one in found}
    return kept[shape]
