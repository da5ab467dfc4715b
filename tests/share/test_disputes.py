"""Disputes: reported, marked for every reader, settled, told; and the working days they take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.share.city import NOW, WANG_ID, City, citizen, clerk, steward

from datong import ledger, registers, share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share.installed import installed
from datong.store import Session


@pytest.fixture
def wang(city: City) -> Actor:
    return citizen(city["wang"])


@pytest.fixture
def raised(session: Session, city: City, wang: Actor) -> share.Dispute:
    return share.report_wrong(session, wang, share.Wrong(city["flat"], "use", "这里是住宅，不是商业"), now=NOW)


def test_a_report_has_a_number_and_ten_working_days(raised: share.Dispute) -> None:
    assert raised.dispute_id == "Y20261103-0001"
    assert raised.due == "2026-11-17"
    assert (raised.state, raised.days_left, raised.light) == ("raised", 10, "green")
    assert raised.department == "natural_resources"


def test_every_later_reader_sees_that_it_is_being_checked(session: Session, city: City, raised: share.Dispute) -> None:
    look_up = Question("address_at_registration", "look_up", "premises", Key("code", city["flat"]), fields=("use", "area"))
    marks = {fact.field: fact.marks for fact in share.ask(session, clerk(), look_up, now=NOW).entries[0].facts}
    assert marks == {"use": ("under_investigation",), "area": ()}
    verify = Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("use", "住宅"),))
    assert [one.code for one in share.ask(session, clerk(), verify, now=NOW).grounds] == ["same", "marked"]
    listed = share.ask(
        session, steward(), Question("data_steward_review", "list", "premises", where=(("mark", "under_investigation"),)), now=NOW
    )
    assert [one.code for one in listed.entries] == [city["flat"]]
    assert share.my_homes(session, citizen(city["wang"]), now=NOW)[0].state == "disputed"


@pytest.mark.parametrize("decision", ["corrected", "upheld"])
def test_settling_takes_the_mark_away_and_tells_the_reporter(
    session: Session, city: City, wang: Actor, raised: share.Dispute, decision: str
) -> None:
    assert share.start_check(session, steward(), raised.dispute_id, now=NOW).state == "checking"
    settled = share.settle_dispute(session, steward(), raised.dispute_id, decision, "已与登记簿核对", now=NOW)
    assert (settled.state, settled.light, settled.answer) == (decision, "done", "已与登记簿核对")
    assert registers.open_marks(session, city["flat"]) == []
    assert [one.kind for one in share.notices(session, wang)] == [f"dispute_{decision}", "dispute_checking", "dispute_raised"]
    assert [one.state for one in share.my_disputes(session, wang, now=NOW)] == [decision]
    with pytest.raises(BadValue):
        share.settle_dispute(session, steward(), raised.dispute_id, decision, "已与登记簿核对", now=NOW)


def test_whoever_read_the_value_is_told_that_it_was_corrected(session: Session, city: City, raised: share.Dispute) -> None:
    share.ask(session, clerk(), Question("address_at_registration", "verify", "premises", Key("code", city["flat"])), now=NOW)
    share.settle_dispute(session, steward(), raised.dispute_id, "corrected", "登记簿已更正", now=NOW)
    assert [one.kind for one in share.department_notices(session, clerk())] == ["value_corrected"]
    assert share.department_notices(session, clerk("police")) == ()


def test_who_was_shown_other_fields_only_is_not_told(session: Session, city: City, wang: Actor) -> None:
    named = Question("window_service", "look_up", "person", Key("citizen_id", WANG_ID), ("name",), reason=Reason("case", "办2026-5"))
    share.ask(session, clerk("approval"), named, now=NOW)
    of_phone = share.report_wrong(session, wang, share.Wrong(city["wang"], "phone", "电话早已换了"), now=NOW)
    share.settle_dispute(session, steward(), of_phone.dispute_id, "corrected", "已按来源更正", now=NOW)
    assert share.department_notices(session, clerk("approval")) == ()
    of_name = share.report_wrong(session, wang, share.Wrong(city["wang"], "name", "名字写错了一个字"), now=NOW)
    share.settle_dispute(session, steward(), of_name.dispute_id, "corrected", "已按来源更正", now=NOW)
    assert [one.kind for one in share.department_notices(session, clerk("approval"))] == ["value_corrected"]


def test_reporting_the_same_again_gives_the_first_report(session: Session, city: City, wang: Actor, raised: share.Dispute) -> None:
    again = share.report_wrong(session, wang, share.Wrong(city["flat"], "use", "再说一遍，不是商业"), now=NOW)
    assert again.dispute_id == raised.dispute_id
    assert len(registers.open_marks(session, city["flat"])) == 1


def test_two_reports_of_one_field_are_two_marks(session: Session, city: City, raised: share.Dispute) -> None:
    share.report_wrong(session, clerk(), share.Wrong(city["flat"], "use", "现场看是商业"), now=NOW)
    share.settle_dispute(session, steward(), raised.dispute_id, "upheld", "登记簿写明是住宅", now=NOW)
    assert len(registers.open_marks(session, city["flat"])) == 1


def test_a_link_can_be_wrong_too(session: Session, city: City, wang: Actor) -> None:
    field = f"link:registered_at:{city['firm']}"
    share.report_wrong(session, wang, share.Wrong(city["flat"], field, "这家公司不是我同意的"), now=NOW)
    links = share.at_my_home(session, wang, city["flat"], now=NOW).entries[0].links
    assert [one.marks for one in links if one.type == "registered_at"] == [("under_investigation",)]


@pytest.mark.parametrize(("field", "what"), [("shoe_size", "尺码完全不对"), ("use", "错"), ("link:likes:H1", "这个关系不对")])
def test_a_report_names_a_field_and_says_something(session: Session, city: City, wang: Actor, field: str, what: str) -> None:
    with pytest.raises(BadValue):
        share.report_wrong(session, wang, share.Wrong(city["flat"], field, what), now=NOW)


def test_nobody_reports_on_what_she_may_not_know_of(session: Session, city: City, wang: Actor) -> None:
    with pytest.raises(Missing):
        share.report_wrong(session, wang, share.Wrong(city["li"], "name", "名字写错了吧"), now=NOW)
    with pytest.raises(Missing):
        share.report_wrong(session, clerk(), share.Wrong(city["far_flat"], "use", "用途写错了吧"), now=NOW)
    with pytest.raises(Forbidden):
        share.report_wrong(session, clerk(roles=frozenset({"auditor"})), share.Wrong(city["flat"], "use", "用途写错了吧"), now=NOW)


def test_only_a_steward_in_charge_settles(session: Session, city: City, raised: share.Dispute) -> None:
    with pytest.raises(Forbidden):
        share.settle_dispute(session, clerk(), raised.dispute_id, "upheld", "登记簿写明是住宅", now=NOW)
    elsewhere = Actor("s2", "管家乙", "officer", "data", roles=frozenset({"steward"}), jurisdiction=("370304",))
    with pytest.raises(Missing):
        share.settle_dispute(session, elsewhere, raised.dispute_id, "upheld", "登记簿写明是住宅", now=NOW)
    assert share.disputes(session, elsewhere, now=NOW) == ()
    assert [one.dispute_id for one in share.disputes(session, steward(), now=NOW)] == [raised.dispute_id]
    with pytest.raises(Missing):
        share.find_dispute(session, citizen(city["li"], "li"), raised.dispute_id, now=NOW)


def test_lights_follow_the_working_days(session: Session, city: City, wang: Actor, raised: share.Dispute) -> None:
    lights = [share.find_dispute(session, wang, raised.dispute_id, now=NOW + timedelta(days=days)).light for days in (0, 11, 14, 15)]
    assert lights == ["green", "amber", "amber", "red"]


def test_each_step_leaves_a_line(session: Session, city: City, raised: share.Dispute) -> None:
    share.settle_dispute(session, steward(), raised.dispute_id, "upheld", "登记簿写明是住宅", now=NOW)
    lines = [one.line for one in ledger.lines_of_subject(session, city["flat"]).lines if one.line.type == "dispute"]
    assert [one.body["act"] for one in lines] == ["upheld", "raised"]
    assert WANG_ID not in repr(lines)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # the national holiday lasts to the 7th
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 11, 6), 1, date(2026, 11, 9)),  # over a weekend
        (date(2026, 11, 3), 10, date(2026, 11, 17)),
        (date(2031, 4, 30), 1, date(2031, 5, 5)),  # no list for that year: fixed days and weekends
    ],
)
def test_working_days_skip_holidays_and_count_make_up_days(session: Session, start: date, days: int, due: date) -> None:
    calendar = installed(session).calendar
    assert calendar.due(start, days) == due
    assert calendar.left(start, due) == days
