"""Mandates between people and guardians of adults: named, accepted, used, ended; whoever is not named gets nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.web.small_city import ACCOUNTS, CHILD, CHILD_ID, OWNER, OWNER_ID, TENANT, TENANT_ID, fill

from datong import share
from datong.domain.access import Actor, Answer, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.registers import read_body, write_facts
from datong.settings import load_settings
from datong.store import Session, Store, migrate, open_store
from datong.web import create_account
from datong.web.accounts import find_actor

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CASE = Reason("case", "救2026-1")
RELIEF = Actor("relief", "某人", "officer", "civil_affairs", roles=frozenset({"officer"}), jurisdiction=("3703",), domains=("welfare",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = load_settings(tmp_path_factory.mktemp("mandates"), {}, demo="1")
    opened = open_store(settings)
    migrate(opened)
    fill(opened, settings)
    with opened.session() as session:
        one = next(one for one in ACCOUNTS if one.account_id == "steward")
        create_account(session, replace(one, account_id="steward2"))
    yield opened
    opened.close()


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """A session whose changes are gone afterwards."""

    class Undone(Exception):
        """Only to roll back."""

    try:
        with store.session() as found:
            yield found
            raise Undone
    except Undone:
        pass


def who(session: Session, account: str) -> Actor:
    found = find_actor(session, account)
    assert found is not None
    return found


def wanted(**more: Any) -> share.mandates.NewMandate:
    said: dict[str, Any] = {"name": "李四", "citizen_id": TENANT_ID, "acts": ("consent",), "purposes": (), "until": TODAY + timedelta(30)}
    return share.mandates.NewMandate(**(said | more))


def named(session: Session, *, accept: bool = True, **more: Any) -> str:
    made = share.mandates.name_agent(session, who(session, "owner"), wanted(**more), now=AT).mandate
    assert made is not None
    if accept:
        share.mandates.answer_mandate(session, who(session, "tenant"), made.mandate_id, True, now=AT)
    return made.mandate_id


def ask(session: Session, number: str, at: datetime = AT) -> str:
    asked = share.ask_consent(
        session, RELIEF, share.WantedConsent("means_test", Key("citizen_id", number), once=False, reason=CASE), now=at
    )
    assert asked.request is not None, asked.grounds
    return asked.request.request_id


def look(session: Session, number: str, at: datetime = AT) -> Answer:
    return share.ask(session, RELIEF, Question("means_test", "look_up", "person", Key("citizen_id", number), reason=CASE), now=at)


def test_nothing_is_allowed_before_the_other_has_accepted(session: Session):
    tenant = who(session, "tenant")
    number = named(session, accept=False)
    request = ask(session, OWNER_ID)
    assert share.consent_requests(session, tenant, now=AT) == ()
    assert [one.kind for one in share.notices(session, tenant)] == ["mandate_offered"], "she is told of the mandate, not of the request"
    share.mandates.answer_mandate(session, tenant, number, True, now=AT)
    assert [one.request_id for one in share.consent_requests(session, tenant, now=AT)] == [request]


def test_an_agent_gives_a_consent_which_ends_with_her_mandate_and_which_the_principal_takes_back(session: Session):
    owner, tenant = who(session, "owner"), who(session, "tenant")
    named(session, until=TODAY + timedelta(3))
    share.give_asked(session, tenant, ask(session, OWNER_ID), now=AT)
    assert look(session, OWNER_ID).outcome == "found"
    (given,) = share.my_consents(session, owner, now=AT)
    assert given.given_by == TENANT and given.until <= "2026-11-25T16:00:00.000Z"
    assert [one.consent_id for one in share.my_consents(session, tenant, now=AT)] == [given.consent_id]
    share.withdraw_consent(session, owner, given.consent_id, now=AT)
    assert look(session, OWNER_ID).outcome == "refused"


@pytest.mark.parametrize(
    ("more", "later"),
    [
        ({"acts": ("looked",)}, timedelta()),
        ({"purposes": ("means_test",), "until": TODAY}, timedelta(days=1)),
    ],
)
def test_beyond_its_matters_and_its_day_a_mandate_opens_nothing(session: Session, more: dict[str, Any], later: timedelta):
    named(session, **more)
    request = ask(session, OWNER_ID, AT + later)
    tenant = who(session, "tenant")
    assert share.consent_requests(session, tenant, now=AT + later) == ()
    with pytest.raises(Missing):
        share.give_asked(session, tenant, request, now=AT + later)


def test_either_side_ends_it_at_once_and_the_other_is_told(session: Session):
    for ends, told in (("owner", "tenant"), ("tenant", "owner")):
        number = named(session)
        request = ask(session, OWNER_ID)
        with pytest.raises(Missing):
            share.mandates.end_mandate(session, RELIEF, number, now=AT)
        share.mandates.end_mandate(session, who(session, ends), number, now=AT)
        assert share.notices(session, who(session, told))[0].kind == "mandate_ended"
        with pytest.raises(Missing):
            share.give_asked(session, who(session, "tenant"), request, now=AT)
        with pytest.raises(Missing):
            share.mandates.end_mandate(session, who(session, ends), number, now=AT)


def test_an_agent_sees_who_looked_only_when_named_for_it(session: Session):
    tenant = who(session, "tenant")
    number = named(session)
    with pytest.raises(Forbidden):
        share.who_looked(session, tenant, share.Wanted(subject=OWNER), now=AT)
    share.mandates.end_mandate(session, tenant, number, now=AT)
    named(session, acts=("looked",))
    assert share.who_looked(session, tenant, share.Wanted(subject=OWNER), now=AT).looks == ()


def test_a_name_and_number_that_do_not_fit_tell_nothing_and_are_counted(session: Session):
    owner = who(session, "owner")
    for more in ({"name": "王五"}, {"citizen_id": OWNER_ID}, {"name": "张小三", "citizen_id": "37030319850505232X"}, {"name": "张三"}):
        assert [one.code for one in share.mandates.name_agent(session, owner, wanted(**more), now=AT).grounds] == ["mandate_nobody"]
    own = share.mandates.name_agent(session, owner, wanted(name="张三", citizen_id=OWNER_ID), now=AT)
    assert [one.code for one in own.grounds] == ["mandate_self"]
    assert [one.code for one in share.mandates.name_agent(session, owner, wanted(), now=AT).grounds] == ["mandate_often"]
    assert share.mandates.my_mandates(session, owner, now=AT) == ()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"acts": ()}, "acts"),
        ({"acts": ("all",)}, "acts"),
        ({"purposes": ("tax_service",)}, "purposes"),
        ({"until": TODAY - timedelta(1)}, "until"),
        ({"until": TODAY + timedelta(2000)}, "until"),
    ],
)
def test_what_is_out_of_bounds_is_named(session: Session, more: dict[str, Any], field: str):
    with pytest.raises(BadValue) as error:
        share.mandates.name_agent(session, who(session, "owner"), wanted(**more), now=AT)
    assert error.value.field == field


def guardian(**more: Any) -> share.mandates.NewGuardian:
    said: dict[str, Any] = {"ward_name": "李四", "ward_id": TENANT_ID, "guardian_name": "张三", "guardian_id": OWNER_ID, "basis": "court"}
    said |= {"paper": "（2026）鲁0303民特12号", "until": TODAY + timedelta(900)}
    return share.mandates.NewGuardian(**(said | more))


def test_a_guardian_answers_once_a_second_steward_has_confirmed_the_paper(session: Session):
    first, second, owner, tenant = (who(session, one) for one in ("steward", "steward2", "owner", "tenant"))
    made = share.mandates.enter_guardian(session, first, guardian(alone=True), now=AT).mandate
    assert made is not None and made.state == "offered"
    request = ask(session, TENANT_ID)
    assert share.consent_requests(session, owner, now=AT) == () and len(share.consent_requests(session, tenant, now=AT)) == 1
    with pytest.raises(Forbidden, match="another"):
        share.mandates.confirm_guardian(session, first, made.mandate_id, True, now=AT)
    share.mandates.confirm_guardian(session, second, made.mandate_id, True, now=AT)
    assert share.consent_requests(session, tenant, now=AT) == (), "a ward without capacity does not answer for herself"
    with pytest.raises(Forbidden):
        share.mandates.name_agent(session, tenant, wanted(), now=AT)
    share.give_asked(session, owner, request, now=AT)
    assert look(session, TENANT_ID).outcome == "found"
    assert share.who_looked(session, owner, share.Wanted(subject=TENANT), now=AT).looks
    with pytest.raises(Missing):
        share.mandates.end_mandate(session, owner, made.mandate_id, now=AT)
    share.mandates.end_guardian(session, second, made.mandate_id, now=AT)
    with pytest.raises(Forbidden):
        share.who_looked(session, owner, share.Wanted(subject=TENANT), now=AT)


def test_a_guardianship_is_refused_for_a_child_elsewhere_and_without_the_post(session: Session):
    steward = who(session, "steward")
    session.run("UPDATE entry SET body = replace(body, '1985-05-05', '2012-05-05') WHERE code = :code", {"code": TENANT})
    assert [one.code for one in share.mandates.enter_guardian(session, steward, guardian(), now=AT).grounds] == ["guardian_child"]
    far = replace(steward, jurisdiction=("370304",))
    for asker, more in ((far, {}), (steward, {"ward_name": "王五"}), (steward, {"guardian_name": "李四", "guardian_id": TENANT_ID})):
        assert [one.code for one in share.mandates.enter_guardian(session, asker, guardian(**more), now=AT).grounds] == ["guardian_nobody"]
    with pytest.raises(Forbidden):
        share.mandates.enter_guardian(session, RELIEF, guardian(), now=AT)
    with pytest.raises(BadValue):
        share.mandates.enter_guardian(session, steward, guardian(paper=""), now=AT)


def record(session: Session, *, since: str = "2026-01-01", until: str = "", capacity: str = "limited") -> None:
    """A court's judgment as the registers hold it: the owner is the tenant's guardian."""
    session.run("DELETE FROM relation WHERE type = 'ward_of'")
    session.run(
        "INSERT INTO relation (from_code, type, to_code, resource, record_id, department, since, until, as_of, delivery_id, detail) "
        "VALUES (:ward, 'ward_of', :guardian, 'court_guardianship', 'r1', 'courts', :since, :until, '2026-11-01', 'd1', :detail)",
        {"ward": TENANT, "guardian": OWNER, "since": since, "until": until, "detail": json.dumps({"capacity": capacity})},
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [("2026-11-22", "", True), ("2026-11-23", "", False), ("", "2026-11-23", True), ("2020-01-01", "2026-11-22", False)],
)
def test_a_guardianship_on_record_holds_from_its_first_day_to_the_day_before_its_end(session: Session, since: str, until: str, holds: bool):
    record(session, since=since, until=until)
    owner = who(session, "owner")
    assert (TENANT in {one.subject for one in share.mandates.i_answer_for(session, owner, now=AT)}) == holds
    assert share.may_act_for(session, OWNER, TENANT, TODAY) == holds
    assert (TENANT in share.represented(session, OWNER, TODAY)) == holds
    assert (OWNER in share.representatives(session, TENANT, TODAY)) == holds
    request = ask(session, TENANT_ID)
    if not holds:
        with pytest.raises(Missing):
            share.give_asked(session, owner, request, now=AT)
        return
    share.give_asked(session, owner, request, now=AT)
    (given,) = share.my_consents(session, who(session, "tenant"), now=AT)
    assert given.given_by == OWNER and (not until or given.until <= "2026-11-22T16:00:00.000Z"), "no longer than the guardianship"


def test_a_ward_without_capacity_does_not_answer_for_herself_and_one_with_some_does(session: Session):
    tenant = who(session, "tenant")
    for capacity, answers in (("none", False), ("limited", True)):
        record(session, capacity=capacity)
        ask(session, TENANT_ID)
        assert bool(share.consent_requests(session, tenant, now=AT)) == answers
    assert [one.guardian for one in share.mandates.my_guardianships(session, tenant)] == [OWNER]


def test_a_death_ends_what_was_by_record_by_paper_and_by_word(session: Session):
    record(session)
    named(session, acts=("act",))
    assert share.may_act_for(session, OWNER, TENANT, TODAY) and share.may_act_for(session, TENANT, OWNER, TODAY)
    row = session.one("SELECT body FROM entry WHERE code = :code", {"code": OWNER})
    assert row is not None
    facts = {name: [dict(one) for one in found] for name, found in read_body(row[0]).items()}
    facts["death_date"] = [facts["name"][0] | {"value": "2026-11-22"}]
    session.run("UPDATE entry SET body = :body WHERE code = :code", {"code": OWNER, "body": write_facts(facts, {})})
    assert share.may_act_for(session, OWNER, TENANT, TODAY - timedelta(1)), "not before the day"
    assert not share.may_act_for(session, OWNER, TENANT, TODAY) and not share.may_act_for(session, TENANT, OWNER, TODAY)
    assert share.mandates.i_answer_for(session, who(session, "tenant"), now=AT) == ()


def test_a_paper_is_not_entered_for_what_a_source_knows_and_ends_with_the_record_of_its_end(session: Session):
    first, second, owner = (who(session, one) for one in ("steward", "steward2", "owner"))
    record(session)
    assert [one.code for one in share.mandates.enter_guardian(session, first, guardian(), now=AT).grounds] == ["guardian_recorded"]
    record(session, until="2026-10-01")
    made = share.mandates.enter_guardian(session, first, guardian(), now=AT).mandate
    assert made is not None
    share.mandates.confirm_guardian(session, second, made.mandate_id, True, now=AT)
    assert share.may_act_for(session, OWNER, TENANT, TODAY), "a newer paper than the end on record holds"
    record(session, until="2026-11-23")
    assert [one.kind for one in share.mandates.i_answer_for(session, owner, now=AT) if one.subject == TENANT] == ["guardian"], "once"
    assert share.may_act_for(session, OWNER, TENANT, TODAY)
    assert not share.may_act_for(session, OWNER, TENANT, TODAY + timedelta(1)), "the source came to know its end: the paper holds no more"


def test_a_parent_still_answers_for_her_child_and_the_child_not_for_itself(session: Session):
    session.run("UPDATE entry SET body = :body WHERE code = :code", {"code": CHILD, "body": _born(session, "2015-03-03")})
    ask(session, CHILD_ID)
    assert [one.subject for one in share.consent_requests(session, who(session, "owner"), now=AT)] == [CHILD]
    assert [(one.subject, one.kind) for one in share.mandates.i_answer_for(session, who(session, "owner"), now=AT)] == [(CHILD, "child")]


def _born(session: Session, day: str) -> str:
    row = session.one("SELECT body FROM entry WHERE code = :code", {"code": OWNER})
    assert row is not None
    return str(row[0]).replace("1990-01-01", day)


def test_every_step_is_in_both_records_and_names_nobody(session: Session):
    number = named(session)
    share.mandates.end_mandate(session, who(session, "tenant"), number, now=AT)
    rows = session.all("SELECT subject, body FROM ledger_line WHERE type = 'mandate' ORDER BY leaf_index")
    acts = [(subject, json.loads(body)["act"]) for subject, body in rows]
    assert acts == [(one, act) for act in ("named", "accepted", "ended") for one in (OWNER, TENANT)]
    assert "张三" not in repr(rows) and TENANT_ID not in repr(rows)


def test_who_is_told_for_many_at_once_is_who_is_told_for_each(session: Session):
    session.run("UPDATE entry SET body = :body WHERE code = :code", {"code": CHILD, "body": _born(session, "2015-03-03")})
    named(session, acts=("act", "consent"))
    firms = [str(row[0]) for row in session.all("SELECT code FROM entry WHERE kind = 'organisation'")]
    codes = [OWNER, TENANT, CHILD, *firms]
    each = {one: share.representatives(session, one, TODAY) for one in codes}
    assert share.representatives_of_all(session, codes, TODAY) == each
    assert OWNER in each[CHILD] and set(each[OWNER]) == {OWNER, TENANT} and each[TENANT] == (TENANT,) and firms
