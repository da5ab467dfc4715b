"""Through the door: what leaves it, behind which masks, and the line every read leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.share.city import LI_ID, NOW, TITLE, WANG_ID, ZHAO_ID, City, citizen, clerk, steward

from datong import ledger, share
from datong.domain.access import Answer, Key, Question, Reason
from datong.store import Session, Store


def lines_on(session: Session, code: str) -> list[ledger.Line]:
    return [one.line for one in ledger.lines_of_subject(session, code).lines]


def verify(session: Session, city: City, *claims: tuple[str, str], key: Key | None = None) -> Answer:
    question = Question("address_at_registration", "verify", "premises", key or Key("code", city["flat"]), claims=claims)
    return share.ask(session, clerk(), question, now=NOW)


def grounds(answer: Answer) -> list[str]:
    return [one.code for one in answer.grounds]


# ---- verify ----------------------------------------------------------------------------------------------------------


def test_a_verification_gives_outcomes_and_reasons_but_no_value(session: Session, city: City) -> None:
    answer = verify(
        session, city, ("applicant_citizen_id", WANG_ID), ("use", "办公"), ("standard_address", "淄博市高新区柳泉路1号3号楼2单元1501室")
    )
    assert answer.outcome == "partly"
    assert answer.compared == (("applicant_citizen_id", "same"), ("use", "different"), ("standard_address", "same"))
    assert grounds(answer) == ["owner", "different", "same"]
    assert "房屋用途：与" in answer.grounds[1].zh
    assert "residential" not in repr(answer)
    assert WANG_ID not in repr(answer)


def test_any_of_three_keys_leads_to_the_same_premises(session: Session, city: City) -> None:
    made = share.issue_pass(session, citizen(city["wang"]), share.NewPass(city["flat"], "address_at_registration"), now=NOW)
    for key in (Key("code", city["flat"]), Key("title_no", TITLE), Key("pass", made.qr)):
        answer = verify(session, city, ("owner_citizen_id", WANG_ID), key=key)
        assert answer.outcome == "same"
        assert answer.entries[0].code == city["flat"]


@pytest.mark.parametrize(
    ("number", "outcome", "ground"), [(WANG_ID, "same", "owner"), (LI_ID, "same", "tenant"), (ZHAO_ID, "different", "not_entitled")]
)
def test_an_applicant_must_own_or_rent_the_premises(session: Session, city: City, number: str, outcome: str, ground: str) -> None:
    answer = verify(session, city, ("applicant_citizen_id", number))
    assert answer.outcome == outcome
    assert grounds(answer) == [ground]


def test_a_tenant_is_no_owner(session: Session, city: City) -> None:
    assert verify(session, city, ("owner_citizen_id", LI_ID)).outcome == "different"


def test_an_ended_tie_no_longer_counts(session: Session, city: City) -> None:
    session.run("UPDATE relation SET until = '2026-01-01' WHERE from_code = :code", {"code": city["wang"]})
    assert verify(session, city, ("owner_citizen_id", WANG_ID)).outcome == "different"


def test_a_claim_that_agrees_with_another_source_says_so(session: Session, city: City) -> None:
    answer = verify(session, city, ("use", "商铺"))
    assert answer.outcome == "different"
    assert grounds(answer) == ["other_source"]


def test_a_former_name_is_explained(session: Session, city: City) -> None:
    question = Question("address_at_registration", "verify", "person", Key("citizen_id", ZHAO_ID), claims=(("name", "赵力"),))
    answer = share.ask(session, clerk(), question, now=NOW)
    assert answer.outcome == "different"
    assert grounds(answer) == ["former"]


def test_what_the_register_does_not_hold_is_missing_not_different(session: Session, city: City) -> None:
    answer = verify(session, city, ("structure", "砖混"))
    assert answer.compared == (("structure", "missing"),)
    assert answer.outcome == "not_found"


def test_an_unsound_number_is_named_as_such(session: Session, city: City) -> None:
    answer = verify(session, city, ("applicant_citizen_id", WANG_ID[:-1] + ("0" if WANG_ID[-1] != "0" else "1")))
    assert grounds(answer) == ["unsound"]


def test_a_claim_without_a_grant_is_not_compared_beside_others(session: Session, city: City) -> None:
    answer = verify(session, city, ("use", "住宅"), ("contact", "13812341234"))
    assert dict(answer.compared) == {"use": "same", "contact": "not_granted"}


# ---- look up ---------------------------------------------------------------------------------------------------------


def test_a_look_up_masks_what_the_agreement_masks(session: Session, city: City) -> None:
    question = Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID))
    answer = share.ask(session, clerk("approval"), question, now=NOW)
    shown = {one.field: (one.value, one.masked) for one in answer.entries[0].facts}
    assert shown["name"] == ("王**", True)
    assert shown["citizen_id"] == (WANG_ID[:6] + "********" + WANG_ID[-4:], True)
    assert shown["phone"] == ("138****1234", True)
    assert shown["birth_date"] == ("1985-**-**", True)
    assert shown["sex"] == ("male", False)
    assert answer.entries[0].label == "王**"
    assert {(one.type, one.code) for one in answer.entries[0].links} == {("owns", city["flat"])}


def test_a_value_carries_its_source_date_and_conflict(session: Session, city: City) -> None:
    question = Question("address_at_registration", "look_up", "premises", Key("code", city["flat"]), fields=("use",))
    fact = share.ask(session, clerk(), question, now=NOW).entries[0].facts[0]
    assert (fact.value, fact.source, fact.department, fact.as_of, fact.conflict) == (
        "residential", "real_estate_title", "natural_resources", "2026-09-30", True,
    )  # fmt: skip


def test_only_stewards_see_every_sources_value(session: Session, city: City) -> None:
    question = Question("data_steward_review", "look_up", "premises", Key("code", city["flat"]), fields=("use",))
    facts = share.ask(session, steward(), question, now=NOW).entries[0].facts
    assert [(one.value, one.state) for one in facts] == [("residential", "won"), ("commercial", "conflict")]


def test_unmasking_shows_one_field_and_leaves_a_line_of_its_own(session: Session, city: City) -> None:
    reason = Reason("unmask", text="电话通知领证")
    question = Question(
        "window_service", "look_up", "person", Key("citizen_id", WANG_ID), fields=("name", "phone"), unmask=("phone",), reason=reason
    )
    answer = share.ask(session, clerk("approval"), question, now=NOW)
    assert {one.field: one.value for one in answer.entries[0].facts} == {"name": "王**", "phone": "13812341234"}
    line = lines_on(session, city["wang"])[0]
    assert line.type == "unmask"
    assert line.body["unmasked"] == ["phone"]
    assert line.body["reason"]["text"] == "电话通知领证"


def test_each_person_a_card_names_gets_a_line_too(session: Session, city: City) -> None:
    question = Question("window_service", "look_up", "premises", Key("code", city["flat"]))
    answer = share.ask(session, clerk("approval"), question, now=NOW)
    labels = {(one.type, one.label) for one in answer.entries[0].links}
    assert labels == {("owns", "王**"), ("rents", "李**"), ("lives_at", "李**"), ("registered_at", "淄博明月商贸有限公司")}
    assert len(answer.lines) == 3
    assert [one.body["via"] for one in lines_on(session, city["li"])] == [city["flat"]]


# ---- jurisdiction ----------------------------------------------------------------------------------------------------


def test_outside_the_jurisdiction_and_nowhere_look_the_same(session: Session, city: City) -> None:
    unknown = city["far_flat"]
    outside = verify(session, city, ("use", "住宅"), key=Key("code", unknown))
    session.run("DELETE FROM entry WHERE code = :code", {"code": unknown})
    nowhere = verify(session, city, ("use", "住宅"), key=Key("code", unknown))
    assert replace(outside, lines=()) == replace(nowhere, lines=())
    assert len(outside.lines) == len(nowhere.lines) == 1
    assert outside.outcome == "not_found"


def test_the_one_who_was_not_shown_sees_the_attempt(session: Session, city: City) -> None:
    verify(session, city, ("use", "住宅"), key=Key("code", city["far_flat"]))
    assert [one.body["outcome"] for one in lines_on(session, city["far_flat"])] == ["not_found"]


def test_a_badly_typed_key_is_explained(session: Session, city: City) -> None:
    answer = verify(session, city, ("use", "住宅"), key=Key("title_no", TITLE[:-1]))
    assert grounds(answer) == ["key_unsound", "not_here"]


def test_row_conditions_hide_closed_businesses_from_inspection(session: Session, city: City) -> None:
    inspector = clerk(roles=frozenset({"inspector"}))
    for name, outcome in (("firm", "found"), ("closed_firm", "not_found")):
        question = Question("inspection", "look_up", "organisation", Key("code", city[name]))
        assert share.ask(session, inspector, question, now=NOW).outcome == outcome
    listed = share.ask(session, inspector, Question("inspection", "list", "organisation"), now=NOW)
    assert [one.code for one in listed.entries] == [city["firm"]]


# ---- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_goes_on_by_cursor_and_leaves_one_line_a_subject(session: Session, city: City) -> None:
    question = Question("window_service", "list", "premises", fields=("standard_address",), limit=1)
    first = share.ask(session, clerk("approval"), question, now=NOW)
    second = share.ask(session, clerk("approval"), replace(question, cursor=first.next_cursor), now=NOW)
    codes = {first.entries[0].code, second.entries[0].code}
    assert codes == {city["flat"], city["next_door"]}
    assert second.next_cursor == ""
    assert [len(lines_on(session, code)) for code in codes] == [1, 1]


def test_a_list_is_limited_by_ties_marks_and_values(session: Session, city: City) -> None:
    police = clerk("police", roles=frozenset({"officer"}))
    question = Question("residence_registration", "list", "person", where=(("lives_at", city["flat"]),))
    assert [one.code for one in share.ask(session, police, question, now=NOW).entries] == [city["li"]]
    homes = Question("residence_registration", "list", "premises", where=(("room", "1502"),))
    assert [one.code for one in share.ask(session, police, homes, now=NOW).entries] == [city["next_door"]]
    marked = replace(homes, where=(("mark", "any"),))
    assert share.ask(session, police, marked, now=NOW).outcome == "not_found"


# ---- lines -----------------------------------------------------------------------------------------------------------


def test_a_refusal_leaves_one_line_with_its_reason(session: Session, city: City) -> None:
    question = Question("school_enrolment", "look_up", "premises", Key("code", city["flat"]))
    answer = share.ask(session, clerk(), question, now=NOW)
    assert answer.outcome == "refused"
    line = ledger.find_line(session, answer.lines[0])
    assert line is not None
    assert (line.line.type, line.line.body["grounds"], line.line.subject) == ("refusal", ["purpose_not_yours"], "")


def test_an_ask_that_is_rolled_back_leaves_no_line(opened: Store) -> None:
    with pytest.raises(RuntimeError), opened.session() as session:
        from tests.share.city import fill

        made = fill(session)
        verify(session, made, ("use", "住宅"))
        raise RuntimeError
    with opened.session() as session:
        assert ledger.size(session) == 0


def test_a_line_holds_names_of_fields_and_never_their_values(session: Session, city: City) -> None:
    verify(session, city, ("applicant_citizen_id", WANG_ID), ("use", "住宅"))
    share.ask(session, clerk("approval"), Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID)), now=NOW)
    bodies = json.dumps([dict(one.body) for one in lines_on(session, city["flat"]) + lines_on(session, city["wang"])], ensure_ascii=False)
    for value in (WANG_ID, "王小明", "residential", "13812341234", "柳泉路"):
        assert value not in bodies
    assert "applicant_citizen_id" in bodies


def test_an_unknown_purpose_is_written_down_without_its_text(session: Session, city: City) -> None:
    question = Question("某 purpose!", "look_up", "premises", Key("code", city["flat"]))
    answer = share.ask(session, clerk(), question, now=NOW)
    assert grounds(answer) == ["purpose_unknown"]
    assert len(answer.lines) == 1


def test_an_answer_can_be_prepared_without_writing(opened: Store) -> None:
    from tests.share.city import fill

    with opened.session() as session:
        made = fill(session)
    question = Question("address_at_registration", "verify", "premises", Key("code", made["flat"]), claims=(("use", "住宅"),))
    with opened.session(read_only=True) as session:
        prepared = share.prepare(session, clerk(), question, now=NOW)
    assert prepared.answer.outcome == "same"
    assert prepared.answer.lines == ()
    assert [one.subject for one in prepared.lines] == [made["flat"]]
    assert prepared.changes == ()


# ---- quota and consent -----------------------------------------------------------------------------------------------


def test_too_many_questions_a_minute_are_refused(session: Session, city: City) -> None:
    court = clerk("courts", roles=frozenset({"officer"}), jurisdiction=("",))
    question = Question("disciplinary_review", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "执2026-1"))
    outcomes = [share.ask(session, court, question, now=NOW).outcome for _ in range(11)]
    assert outcomes == ["found"] * 10 + ["refused"]
    assert share.ask(session, court, question, now=NOW + timedelta(minutes=1)).outcome == "found"


def test_the_days_quota_is_counted_in_the_ledger(session: Session, city: City) -> None:
    court = clerk("courts", roles=frozenset({"officer"}), jurisdiction=("",))
    question = Question("disciplinary_review", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "执2026-1"))
    body = {"agreement": "court_person"}
    ledger.append(session, *[ledger.Line("read", "2026-11-03T01:00:00Z", "P1", court.id, "courts", "", "disciplinary_review", body)] * 200)
    assert grounds(share.ask(session, court, question, now=NOW)) == ["quota_day"]
    assert share.ask(session, court, question, now=NOW + timedelta(days=1)).outcome == "found"


def test_the_count_of_the_day_is_brought_up_by_what_others_wrote_since(session: Session, city: City) -> None:
    court = clerk("courts", roles=frozenset({"officer"}), jurisdiction=("",))
    question = Question("disciplinary_review", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "执2026-1"))
    assert share.ask(session, court, question, now=NOW).outcome == "found"
    body, at = {"agreement": "court_person"}, "2026-11-03T02:00:10Z"
    ledger.append(session, *[ledger.Line("read", at, "P1", court.id, "courts", "", "disciplinary_review", body)] * 120)
    assert share.ask(session, court, question, now=NOW + timedelta(minutes=1)).outcome == "found"
    ledger.append(session, *[ledger.Line("read", at, "P1", court.id, "courts", "", "disciplinary_review", body)] * 78)
    assert grounds(share.ask(session, court, question, now=NOW + timedelta(minutes=2))) == ["quota_day"], "1 + 120 + 1 + 78"


def test_without_the_persons_consent_nothing_is_shown(session: Session, city: City) -> None:
    officer = clerk("civil_affairs", roles=frozenset({"officer"}), domains=("welfare",))
    question = Question("means_test", "look_up", "person", Key("citizen_id", LI_ID), reason=Reason("case", "救2026-8"))
    assert grounds(share.ask(session, officer, question, now=NOW)) == ["consent_missing"]
    given = share.give_consent(session, citizen(city["li"], "li"), "civil_affairs", "means_test", timedelta(days=30), now=NOW)
    assert share.ask(session, officer, question, now=NOW).outcome == "found"
    share.withdraw_consent(session, citizen(city["li"], "li"), given.consent_id, now=NOW)
    assert grounds(share.ask(session, officer, question, now=NOW)) == ["consent_missing"]
    assert [one.state for one in share.my_consents(session, citizen(city["li"], "li"), now=NOW)] == ["withdrawn"]


def test_a_coded_value_is_compared_as_departments_write_it(session: Session, city: City) -> None:
    assert [verify(session, city, ("use", text)).outcome for text in ("住宅", "residential", "商铺")] == ["same", "same", "different"]
