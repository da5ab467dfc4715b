"""Decisions: each refusal names the rule that is missing; the row closure and the row SQL are one condition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.share.city import citizen, clerk, fact
from tests.share.conftest import packs

from datong import share
from datong.domain.access import Actor, Decision, Key, Question, Reason
from datong.registers import write_facts
from datong.share.agreement import OPERATORS, Condition
from datong.share.rows import RowView, condition_holds
from datong.store import Session

TODAY = "2026-11-03"
POLICY = share.Policy(share.load_sharing(packs()))
VERIFY = Question("address_at_registration", "verify", "premises", Key("code", "H000000000"), claims=(("owner_name", "王小明"),))


def decide(question: Question, actor: Actor | None = None, today: str = TODAY) -> Decision:
    return POLICY.decide(actor or clerk(), question, today)


def reason_of(decision: Decision) -> str:
    assert not decision.allowed
    return decision.grounds[0].code


def test_a_granted_question_names_its_agreement_fields_and_jurisdiction() -> None:
    decision = decide(VERIFY)
    assert decision.allowed
    assert decision.agreement == "registration_premises"
    assert decision.fields == ("owner_name",)
    assert decision.jurisdiction == ("370303",)


@pytest.mark.parametrize(
    ("question", "actor", "code"),
    [
        (replace(VERIFY, purpose="fun"), clerk(), "purpose_unknown"),
        (replace(VERIFY, purpose="commercial_marketing"), clerk(), "profit"),
        (VERIFY, clerk("education"), "purpose_not_yours"),
        (replace(VERIFY, purpose="audit"), clerk(), "no_agreement"),
        (replace(VERIFY, purpose="food_safety"), clerk(), "register_not_granted"),
        (replace(VERIFY, operation="extract"), clerk(), "operation_not_granted"),
        (VERIFY, clerk(roles=frozenset({"leader"})), "role_missing"),
        (replace(VERIFY, key=Key("plate", "鲁C12345")), clerk(), "key_not_allowed"),
        (replace(VERIFY, key=None), clerk(), "key_missing"),
        (replace(VERIFY, key=Key("code", "  ")), clerk(), "key_missing"),
        (VERIFY, clerk(jurisdiction=()), "no_jurisdiction"),
        (replace(VERIFY, claims=(("contact", "1"),)), clerk(), "field_not_granted"),
        (replace(VERIFY, fields=("use",)), clerk(), "operation_not_granted"),
        (VERIFY, Actor("key_1", "系统", "system", "market_regulation", jurisdiction=("",)), "people_only"),
    ],
)
def test_each_refusal_names_the_missing_rule(question: Question, actor: Actor, code: str) -> None:
    assert reason_of(decide(question, actor)) == code


def test_a_refused_field_is_named() -> None:
    question = Question("address_at_registration", "look_up", "premises", Key("code", "H1"), fields=("contact",))
    decision = decide(question)
    assert decision.refused_fields == ("contact",)
    assert decision.grounds[0].field == "contact"
    assert "联系方式" in decision.grounds[0].zh


def test_granted_fields_are_given_though_another_is_refused() -> None:
    question = Question("address_at_registration", "look_up", "premises", Key("code", "H1"), fields=("use", "contact"))
    decision = decide(question)
    assert decision.allowed
    assert decision.fields == ("use",)
    assert decision.refused_fields == ("contact",)


@pytest.mark.parametrize(("today", "code"), [("2025-12-31", "not_yet"), ("2029-01-01", "expired")])
def test_an_agreement_holds_between_its_days(today: str, code: str) -> None:
    assert reason_of(decide(VERIFY, today=today)) == code
    assert decide(VERIFY, today="2026-01-01").allowed
    assert decide(VERIFY, today="2028-12-31").allowed


def test_a_system_needs_a_key_issued_for_the_agreement() -> None:
    question = Question("gate_registration", "verify", "premises", Key("code", "H1"), claims=(("use", "住宅"),))
    system = Actor("key_1", "登记系统", "system", "market_regulation", jurisdiction=("",), agreements=("registration_premises",))
    assert reason_of(decide(question, system)) == "key_not_issued"
    assert decide(question, replace(system, agreements=("gate_registrar_system",))).allowed


def test_a_domain_that_is_not_the_askers_is_refused() -> None:
    question = Question("school_enrolment", "verify", "premises", Key("code", "H1"), claims=(("use", "住宅"),))
    assert reason_of(decide(question, clerk("education", domains=("welfare",)))) == "domain_missing"
    assert decide(question, clerk("education", domains=("education",))).allowed
    assert decide(question, clerk("education")).allowed


def test_unmasking_needs_the_grant_and_a_reason_of_five_characters() -> None:
    question = Question("address_at_registration", "look_up", "person", Key("code", "P1"), fields=("phone",), unmask=("phone",))
    assert reason_of(decide(question)) == "reason_missing"
    assert reason_of(decide(replace(question, reason=Reason("unmask", text="核对")))) == "reason_missing"
    decision = decide(replace(question, reason=Reason("unmask", text="当面核对电话")))
    assert decision.masks == (("phone", "plain"),)
    other = replace(question, register="premises", fields=("use",), unmask=("use",), reason=Reason("unmask", text="当面核对电话"))
    assert reason_of(decide(other)) == "unmask_not_granted"


def test_a_case_is_needed_where_the_agreement_says_so() -> None:
    police = clerk("police", roles=frozenset({"officer"}), domains=("public_security",))
    question = Question("police_enquiry", "look_up", "person", Key("citizen_id", "1"))
    assert reason_of(decide(question, police)) == "reason_missing"
    assert decide(replace(question, reason=Reason("case", "案2026-17")), police).allowed


def test_a_list_asks_for_no_more_than_the_agreement_gives_at_once() -> None:
    question = Question("address_at_registration", "list", "organisation", limit=201)
    assert reason_of(decide(question)) == "too_many"
    assert decide(replace(question, limit=200)).allowed


def test_a_list_may_not_be_limited_by_what_is_hidden() -> None:
    grid = clerk("sub_district", roles=frozenset({"grid_worker"}), domains=("grid",))
    question = Question("household_visit", "list", "person", where=(("phone", "13812341234"),))
    assert reason_of(decide(question, grid)) == "filter_not_granted"
    assert decide(replace(question, where=(("sex", "male"), ("division", "370303"), ("lives_at", "H1"))), grid).allowed


def test_only_citizens_ask_for_themselves() -> None:
    question = Question("own_data", "look_up", "person", Key("code", "P1"))
    assert decide(question, citizen("P1")).allowed
    assert reason_of(decide(question)) == "purpose_not_yours"


def test_a_functional_zone_stands_for_its_streets() -> None:
    decision = decide(VERIFY, clerk(jurisdiction=("370371",)))
    assert "370303008" in decision.jurisdiction
    assert "370371" in decision.jurisdiction


def test_every_department_of_the_city_that_needs_premises_has_its_agreement() -> None:
    wanted = ("approval", "market_regulation", "police", "civil_affairs", "urban_management", "natural_resources")
    for department in (*wanted, "water", "power", "gas", "heat", "education", "housing", "sub_district"):
        found = [one for one in POLICY.sharing.agreements.values() if department in one.requesting and one.register == "premises"]
        assert found, department
        assert any({"code", "pass"} <= set(one.keys) for one in found), department


# ---- the closure and the SQL are one condition ---------------------------------------------------------------------

DIVISIONS = ("", "370303", "370303008", "370303008001", "370304", "3703", "370399", "379999")
USES = ("", "住宅", "商业", "办公", "2020-01-01")
rows = st.fixed_dictionaries(
    {"division": st.sampled_from(DIVISIONS), "use": st.sampled_from(USES), "owned": st.booleans(), "won": st.booleans()}
)
conditions = st.builds(
    lambda op, values: Condition("use", op, tuple(values[:1] if op in ("eq", "ne", "prefix", "from", "to") else values)),
    st.sampled_from(OPERATORS),
    st.lists(st.sampled_from((*USES[1:], "住")), min_size=1, max_size=3),
)
row_rules = st.builds(
    share.Rows,
    jurisdiction=st.just("own"),
    where=st.lists(conditions, max_size=2).map(tuple),
    own=st.sampled_from(("", "tied", "owner")),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row_rules, st.lists(rows, min_size=1, max_size=8), st.lists(st.sampled_from(DIVISIONS[1:]), min_size=1, max_size=3), st.booleans())
def test_one_row_and_a_list_never_disagree(
    any_session: Session, rules: share.Rows, made: list[dict[str, Any]], prefixes: list[str], everywhere: bool
) -> None:
    agreement = replace(POLICY.agreement("own_premises"), rows=rules)
    chosen = ("",) if everywhere else tuple(prefixes)
    for table in ("entry", "relation"):
        any_session.run(f"DELETE FROM {table}")
    seen = set()
    test = share.row_test(agreement, chosen, "P1")
    for number, row in enumerate(made):
        code = f"H{number}"
        facts = {"use": [fact(row["use"], state="won" if row["won"] else "past")]} if row["use"] else {}
        _insert(any_session, code, row, write_facts(facts))
        values = {"use": row["use"]} if row["use"] and row["won"] else {}
        if test(RowView(code, row["division"], values, frozenset({"P1"} if row["owned"] else ()))):
            seen.add(code)
    found = share.row_filter(agreement, chosen, "P1", any_session.dialect)
    assert {one[0] for one in any_session.all(f"SELECT e.code FROM entry e WHERE {found.sql}", found.params)} == seen


def _insert(session: Session, code: str, row: dict[str, Any], body: str) -> None:
    params = {"code": code, "division": row["division"], "body": body}
    session.run("INSERT INTO entry (code, kind, division, label, body) VALUES (:code, 'premises', :division, '', :body)", params)
    if row["owned"]:
        session.run(
            "INSERT INTO relation (from_code, type, to_code, resource, record_id, since, until, as_of, delivery_id, detail, department) "
            "VALUES ('P1', 'owns', :code, 'x', 'r', '', '', '', 'd', '{}', '')",
            {"code": code},
        )


def test_a_missing_value_satisfies_only_what_speaks_of_absence() -> None:
    empty = RowView("H1", "370303", {})
    holds = {op for op in OPERATORS if condition_holds(Condition("use", op, ("住宅",)), empty)}
    assert holds == {"absent", "ne", "not_in"}
