"""A request's way: told once what lacks, reviewed on the clock, answered, agreed, delivered; disputed; refused by rule."""

from __future__ import annotations

import json

import pytest
from tests.share.asking import ASKS, ASKS_HEAD, GIVES, GIVES_HEAD, MANAGER, STRANGER, day, do, drafted, reviewed, somebody, wanted
from tests.share.city import NOW

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.share.requests import flow
from datong.store import Session


def of(session: Session, number: str, at=NOW) -> share.Request:
    return share.request_of(session, ASKS, number, now=at).request


def test_the_way_from_a_draft_to_the_delivery_with_every_clock(session: Session):
    number = drafted(session)
    assert of(session, number).state == "drafted" and of(session, number).due == ""
    submitted = do(session, ASKS_HEAD, number, "submit")
    assert (submitted.state, submitted.clock, submitted.due) == ("submitted", "completeness", "2026-11-04")
    review = do(session, GIVES, number, "complete", day(1))
    assert (review.clock, review.due, review.light) == ("answer_conditional", "2026-11-18", "green")
    assert of(session, number, day(13)).light == "yellow"
    late = of(session, number, day(17))
    assert (late.light, late.days_left) == ("red", -2)
    accepted = do(session, GIVES_HEAD, number, "accept", day(2))
    assert (accepted.clock, accepted.due) == ("delivery", "2026-12-03")
    for who in (ASKS_HEAD, GIVES_HEAD):
        share.sign_agreement(session, who, accepted.agreement, 1, now=day(3))
    assert of(session, number).state == "agreed"
    done = do(session, ASKS, number, "deliver", day(4))
    assert (done.state, done.clock, done.light) == ("delivered", "", "grey")
    acts = [one.act for one in share.request_of(session, ASKS, number).steps]
    assert acts == ["draft", "submit", "complete", "accept", "agree", "deliver"]


def test_what_lacks_is_told_once_and_as_one_list(session: Session):
    number = drafted(session, papers={"scene": "", "safety": "有"})
    shown = share.request_of(session, ASKS, number).lacking
    assert {one.code for one in shown} == {"scene", "safety"}
    do(session, ASKS_HEAD, number, "submit")
    with pytest.raises(BadValue, match="还缺"):
        do(session, GIVES, number, "complete")
    told = do(session, GIVES, number, "lacking", note="请附上三定方案\n请写明系统名称")
    assert told.state == "incomplete" and told.due == ""
    assert [one.code for one in told.lacking] == ["scene", "safety", "note", "note"]
    share.redraft_request(session, ASKS, number, wanted(papers={"safety": "有"}))
    do(session, ASKS_HEAD, number, "submit")
    with pytest.raises(BadValue, match="只能办理一次"):
        do(session, GIVES, number, "lacking", note="又想起一件事情")
    assert do(session, GIVES, number, "complete").state == "review"  # what was told and is still lacking is answered with reasons
    refused = do(session, GIVES_HEAD, number, "refuse", reasons=("unsafe",), note="安全措施仍未写明")
    assert refused.state == "refused" and refused.answer["reasons"] == ["unsafe"]


def test_a_complete_request_is_not_sent_back_for_nothing(session: Session):
    number = drafted(session)
    do(session, ASKS_HEAD, number, "submit")
    with pytest.raises(BadValue, match="材料齐全"):
        do(session, GIVES, number, "lacking")


def test_an_impact_assessment_is_wanted_only_for_people(session: Session):
    terms = {"register": "person", "fields": {"name": "name"}, "claims": [], "keys": ["citizen_id"], "unmask": []}
    number = drafted(session, terms=terms, papers={"impact": ""})
    assert [one.code for one in share.request_of(session, ASKS, number).lacking] == ["impact"]
    assert share.request_of(session, ASKS, drafted(session, papers={"impact": ""})).lacking == ()


def test_terms_that_the_agreements_check_refuses_are_among_what_lacks(session: Session):
    number = drafted(session, terms={"fields": {"standard_address": "upside_down"}})
    lack = share.request_of(session, ASKS, number).lacking
    assert [one.code for one in lack] == ["terms"] and "upside_down" in lack[0].en


def test_an_answer_may_be_put_off_once_with_the_sharing_offices_word(session: Session):
    number = reviewed(session)
    with pytest.raises(BadValue, match="须先提出申请"):
        do(session, MANAGER, number, "extend")
    with pytest.raises(BadValue, match="10"):
        do(session, GIVES, number, "ask_extension", days=11, note="需要核对历史档案")
    asked = do(session, GIVES, number, "ask_extension", days=7, note="需要核对历史档案")
    assert asked.due == "2026-11-17"
    with pytest.raises(Forbidden):
        do(session, GIVES_HEAD, number, "extend")
    assert do(session, MANAGER, number, "extend").due == "2026-11-26"
    with pytest.raises(BadValue, match="只能办理一次"):
        do(session, MANAGER, number, "extend")


def test_unconditional_data_is_answered_within_a_day(session: Session):
    terms = {
        "register": "organisation",
        "fields": {"org_name": "plain", "status": "plain"},
        "claims": [],
        "keys": ["credit_code"],
    }
    number = reviewed(session, terms=terms)
    found = of(session, number)
    assert (found.sharing_class, found.clock, found.due) == ("unconditional", "answer_unconditional", "2026-11-04")
    more = reviewed(session, terms={**terms, "fields": {"org_name": "plain", "phone": "phone"}})
    assert of(session, more).sharing_class == "conditional"


def test_profit_is_refused_at_the_request_by_rule(session: Session):
    number = drafted(session, purpose="commercial_marketing")
    assert share.request_of(session, ASKS, number).refusal.reason == "profit"
    refused = do(session, ASKS_HEAD, number, "submit")
    assert refused.state == "refused" and refused.answer["reasons"] == ["profit"]
    assert "第二十五条" in refused.answer["basis"]
    assert share.request_of(session, ASKS, number).steps[-1].act == "refuse_by_rule"


def test_what_a_law_withholds_is_refused_with_the_law(session: Session):
    number = drafted(session, resource="civil_adoption")
    assert of(session, number).sharing_class == "withheld"
    refused = do(session, ASKS_HEAD, number, "submit")
    assert refused.answer["reasons"] == ["withheld"] and "民法典" in refused.answer["basis"]
    with pytest.raises(BadValue):
        do(session, GIVES, number, "complete")


def test_a_part_is_granted_with_reasons(session: Session):
    number = reviewed(session)
    with pytest.raises(BadValue, match="一部分"):
        do(session, GIVES_HEAD, number, "accept_partly", reasons=("not_necessary",), note="建筑面积非必需")
    partly = do(
        session,
        GIVES_HEAD,
        number,
        "accept_partly",
        fields=("standard_address", "owner_citizen_id"),
        reasons=("not_necessary",),
        note="其余非必需",
    )
    agreement = share.agreement_of(session, ASKS_HEAD, partly.agreement).standing.agreement
    assert dict(agreement.fields) == {"standard_address": "plain"} and agreement.claims == ("owner_citizen_id",)


def test_mediation_has_four_steps_and_an_end(session: Session):
    number = reviewed(session)
    do(session, GIVES_HEAD, number, "refuse", reasons=("no_basis",), note="使用依据不成立")
    found = do(session, ASKS_HEAD, number, "dispute", note="依据是行政法规，应当成立")
    assert (found.state, found.mediation) == ("mediation", 1)
    for step in (2, 3, 4):
        assert do(session, MANAGER, number, "escalate", note="协商没有结果").mediation == step
    with pytest.raises(BadValue, match="最后一步"):
        do(session, MANAGER, number, "escalate", note="协商没有结果")
    again = do(session, MANAGER, number, "reopen", day(10), note="政府决定应当共享")
    assert (again.state, again.clock, again.due) == ("review", "answer_conditional", "2026-11-27")


def test_each_act_is_for_its_own_people_and_nobody_else_sees_the_request(session: Session):
    number = drafted(session)
    with pytest.raises(Forbidden):
        do(session, ASKS, number, "submit")  # the responsible person consents, not whoever wrote it
    with pytest.raises(Forbidden):
        do(session, GIVES_HEAD, number, "submit")
    with pytest.raises(Missing):
        share.request_of(session, STRANGER, number)
    with pytest.raises(Missing):
        do(session, STRANGER, number, "submit")
    assert share.data_requests(session, STRANGER, "") == ()
    assert [one.request_id for one in share.data_requests(session, MANAGER, "")] == [number]
    clerk = somebody("clerk", "water", "window_clerk")
    with pytest.raises(Forbidden):
        share.draft_request(session, clerk, wanted())
    with pytest.raises(Forbidden):
        share.draft_request(session, Actor("zhang", "张三", "citizen", subject="P0"), wanted())


def test_two_at_once_do_not_both_answer(session: Session, monkeypatch: pytest.MonkeyPatch):
    number = reviewed(session)
    stale = of(session, number)
    do(session, GIVES_HEAD, number, "refuse", reasons=("no_basis",), note="使用依据不成立")
    monkeypatch.setattr(flow, "find_request", lambda *_, **__: stale)
    with pytest.raises(Busy):
        do(session, GIVES_HEAD, number, "accept")


def test_every_act_leaves_a_line_without_a_word_of_what_was_written(session: Session):
    number = drafted(session, papers={"scene": ""})
    do(session, ASKS_HEAD, number, "submit")
    do(session, GIVES, number, "lacking", note="请张三提供说明")
    rows = session.all("SELECT body, subject, actor FROM ledger_line WHERE type = 'request' ORDER BY leaf_index")
    bodies = [json.loads(row[0]) for row in rows]
    assert [one["act"] for one in bodies] == ["draft", "submit", "lacking"]
    assert bodies[2]["lacking"] == ["scene", "note"] and len(bodies[2]["terms"]) == 64
    assert {row[1] for row in rows} == {""} and "张三" not in repr(rows)


def test_the_department_that_is_next_is_told(session: Session):
    number = drafted(session)
    do(session, ASKS_HEAD, number, "submit")
    told = share.department_notices(session, GIVES_HEAD)
    assert told[0].kind == "request" and number in told[0].text_zh
    assert share.department_notices(session, STRANGER) == ()
