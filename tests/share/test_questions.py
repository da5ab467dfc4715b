"""A citizen counts and questions the looks at her; a stranger checks a code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.share.city import NOW, WANG_ID, City, citizen, clerk

from datong import ledger, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.store import Session

A_YEAR_AGO = "2025-11-03T02:00:00Z"


@pytest.fixture
def wang(city: City) -> Actor:
    return citizen(city["wang"])


def look(session: Session) -> str:
    question = Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "办2026-5"))
    return share.ask(session, clerk("approval"), question, now=NOW).lines[0]


def hidden_look(session: Session) -> str:
    police = clerk("police", roles=frozenset({"officer"}))
    question = Question("police_enquiry", "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "案1"))
    return share.ask(session, police, question, now=NOW).lines[0]


# ---- counting and questioning looks -----------------------------------------------------------------------------------


def test_looks_of_others_are_counted_by_department_without_the_hidden_and_her_own(session: Session, city: City, wang: Actor) -> None:
    look(session)
    look(session)
    hidden_look(session)
    share.my_data(session, wang, now=NOW)
    assert share.count_looks(session, wang, A_YEAR_AGO) == {"approval": 2}
    assert share.count_looks(session, wang, (NOW + timedelta(days=1)).isoformat()) == {}


def test_nobody_counts_the_looks_at_another(session: Session, city: City, wang: Actor) -> None:
    with pytest.raises(Forbidden):
        share.count_looks(session, wang, A_YEAR_AGO, city["li"])


def test_her_own_looks_can_be_passed_over(session: Session, city: City, wang: Actor) -> None:
    look(session)
    share.my_data(session, wang, now=NOW)
    everything = share.who_looked(session, wang, now=NOW).looks
    others = share.who_looked(session, wang, share.Wanted(others_only=True), now=NOW).looks
    assert [one.by_self for one in everything] == [True, False]
    assert [one.by_self for one in others] == [False]


def test_a_question_names_the_department_marks_nothing_and_is_one_question(session: Session, city: City, wang: Actor) -> None:
    line = look(session)
    made = share.question_look(session, wang, line, "为什么查看我的信息？", now=NOW)
    assert (made.field, made.department, made.mark_id, made.state) == (f"look:{line}", "approval", "", "raised")
    assert made.due == "2026-11-17"
    assert session.all("SELECT * FROM mark WHERE kind = 'under_investigation'") == []
    assert share.question_look(session, wang, line, "再问一次为什么？", now=NOW).dispute_id == made.dispute_id
    told = share.department_notices(session, clerk("approval"))
    assert [one.kind for one in told] == ["look_questioned"]
    assert line in told[0].text_zh and "王" not in told[0].text_zh


def test_a_question_is_settled_like_any_dispute_and_tells_no_reader_of_a_correction(session: Session, city: City, wang: Actor) -> None:
    made = share.question_look(session, wang, look(session), "为什么查看我的信息？", now=NOW)
    steward = clerk("data", roles=frozenset({"steward"}), jurisdiction=("",))
    share.settle_dispute(session, steward, made.dispute_id, "corrected", "窗口误操作，已提醒。", now=NOW)
    assert share.find_dispute(session, wang, made.dispute_id, now=NOW).state == "corrected"
    assert [one.kind for one in share.notices(session, wang)] == ["dispute_corrected", "dispute_raised"]
    assert "一次查看" in share.notices(session, wang)[0].text_zh
    assert "value_corrected" not in [one.kind for one in share.department_notices(session, clerk("approval"))]


def test_a_hidden_look_and_anothers_cannot_be_questioned(session: Session, city: City, wang: Actor) -> None:
    hidden, seen = hidden_look(session), look(session)
    for who, line in ((wang, hidden), (citizen(city["zhao"], "zhao"), seen), (wang, "no such line"), (clerk(), seen)):
        with pytest.raises(Missing):
            share.question_look(session, who, line, "为什么查看我的信息？", now=NOW)
    with pytest.raises(BadValue):
        share.question_look(session, wang, seen, "?", now=NOW)


# ---- checking a code ---------------------------------------------------------------------------------------------------


def test_a_stranger_sees_the_building_of_a_code_and_the_owner_sees_the_stranger(session: Session, city: City, wang: Actor) -> None:
    zhao = citizen(city["zhao"], "zhao")
    checked = share.check_code(session, zhao, city["flat"], now=NOW)
    assert (checked.kind, checked.state) == ("code", "valid")
    assert checked.entry is not None
    assert {fact.field for fact in checked.entry.facts} <= {"standard_address", "use"}
    assert all(fact.masked for fact in checked.entry.facts if fact.field == "standard_address")
    assert checked.entry.links == ()
    seen = share.who_looked(session, wang, share.Wanted(subject=city["flat"]), now=NOW).looks
    assert "核验了这处房屋的编码" in seen[0].reason[0]


def test_checking_a_pass_does_not_use_it_and_a_dead_one_shows_no_address(session: Session, city: City, wang: Actor) -> None:
    made = share.issue_pass(session, wang, share.NewPass(city["flat"], "gate_registration"), now=NOW)
    zhao = citizen(city["zhao"], "zhao")
    for text in (made.qr, made.secret, made.secret.lower(), f" {made.secret[:13]} {made.secret[13:]} "):
        assert share.check_code(session, zhao, text, now=NOW).state == "valid"
    assert share.my_passes(session, wang, now=NOW)[0].uses == 0
    late = share.check_code(session, zhao, made.qr, now=NOW + timedelta(hours=1))
    assert (late.state, late.entry) == ("expired", None)
    share.revoke_pass(session, wang, made.pass_id, now=NOW)
    assert share.check_code(session, zhao, made.qr, now=NOW).state == "revoked"
    kinds = [one.line.type for one in ledger.lines_of_subject(session, city["flat"], actor=zhao.id).lines]
    assert kinds.count("read") == 4 and kinds.count("refusal") == 2


@pytest.mark.parametrize("text", ["", "0" * 26, "datong:pass:", "datong:pass:;DROP", "H000000000", WANG_ID, "你好"])
def test_what_is_no_code_is_unknown(session: Session, city: City, text: str) -> None:
    checked = share.check_code(session, citizen(city["zhao"], "zhao"), text, now=NOW)
    assert (checked.state, checked.entry) == ("unknown", None)


def test_a_home_is_ones_own_with_its_sources_or_not_at_all(session: Session, city: City, wang: Actor) -> None:
    home, _ = share.my_home(session, wang, city["flat"], now=NOW)
    assert home is not None
    assert [(one.type, one.resource) for one in home.sources if one.type == "owns"] != []
    assert home == share.my_homes(session, wang, now=NOW)[0]
    none, answer = share.my_home(session, wang, city["far_flat"], now=NOW)
    assert (none, answer.outcome) == (None, "not_found")


# ---- children under age, and looks whose time of silence is over ------------------------------------------------------


def test_a_parent_sees_and_questions_looks_at_her_child_until_it_is_of_age(session: Session, city: City, wang: Actor) -> None:
    city.add("child", "person", "370303008", {"name": "王小宝", "birth_date": "2010-11-04"}, {"phone": "13900000001"})
    city.add("grown", "person", "370303008", {"name": "王大宝", "birth_date": "2008-11-03"}, {})
    city.add("undated", "person", "370303008", {"name": "王某", "birth_date": "2012"}, {})
    for name in ("child", "grown", "undated"):
        city.tie(name, "child_of", "wang")
    question = Question("window_service", "look_up", "person", Key("code", city["child"]), reason=Reason("case", "办2026-6"))
    line = share.ask(session, clerk("approval"), question, now=NOW).lines[0]
    assert [one.subject for one in share.watched(session, wang, now=NOW)] == [city["child"]]
    seen = share.who_looked(session, wang, share.Wanted(subject=city["child"]), now=NOW).looks
    assert [(one.line_id, one.case) for one in seen] == [(line, "办2026-6")]
    assert share.count_looks(session, wang, A_YEAR_AGO, city["child"], now=NOW) == {"approval": 1}
    assert share.question_look(session, wang, line, "为什么查看我的孩子？", now=NOW).due
    assert ledger.lines_of_subject(session, city["child"], only=ledger.Only(("log_read",))).lines[0].line.actor == wang.id
    for somebody, child in ((wang, "grown"), (wang, "undated"), (citizen(city["li"], "li"), "child")):
        with pytest.raises(Forbidden):
            share.who_looked(session, somebody, share.Wanted(subject=city[child]), now=NOW)
    of_age = NOW.replace(year=2028, month=11, day=5)
    assert share.watched(session, wang, now=of_age) == ()
    with pytest.raises(Missing):
        share.find_look(session, wang, line, now=of_age)


def test_a_confidential_look_appears_when_its_time_is_up_and_everybody_reads_the_same_sentence(
    session: Session, city: City, wang: Actor
) -> None:
    line = hidden_look(session)
    before, after = NOW + timedelta(days=729), NOW + timedelta(days=731)
    note = share.who_looked(session, wang, now=before).note
    assert "730 天后" in note[0] and note == share.who_looked(session, citizen(city["li"], "li"), now=before).note
    assert share.who_looked(session, wang, share.Wanted(others_only=True), now=before).looks == ()
    assert share.count_looks(session, wang, A_YEAR_AGO, now=before) == {}
    with pytest.raises(Missing):
        share.look_proof(session, wang, line, now=before)
    seen = share.who_looked(session, wang, share.Wanted(others_only=True), now=after).looks
    assert [(one.line_id, one.department_code) for one in seen] == [(line, "police")]
    assert share.count_looks(session, wang, A_YEAR_AGO, now=after) == {"police": 1}
    assert share.find_look(session, wang, line, now=after).line_id == line


def test_a_look_at_her_can_be_proved_by_her_and_by_nobody_else(session: Session, city: City, wang: Actor) -> None:
    line = look(session)
    signer = ledger.Signer("city.example/ledger", b"1" * 32)
    ledger.checkpoint(session, signer, "2026-11-03T03:00:00Z")
    proven = ledger.check_proof(str(share.look_proof(session, wang, line, now=NOW)), signer.verifier)
    assert (proven.entry["type"], proven.entry["department"], proven.line) == ("read", "approval", None)
    with pytest.raises(Missing):
        share.look_proof(session, citizen(city["li"], "li"), line, now=NOW)
