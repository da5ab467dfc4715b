"""Use is counted from the record, once; what nobody read is proposed for withdrawal; what is out of the ordinary is raised."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from tests.share.asking import ASKS_HEAD, MANAGER, agreed, day, somebody
from tests.share.city import NOW, TITLE, City

from datong import ledger, share
from datong.domain.access import Key, Question
from datong.domain.errors import BadValue, Missing
from datong.share.workdays import moment_text
from datong.store import Session

OFFICER = somebody("fund_window", "housing_fund", "officer")
_SUBJECTS = count()


def look(session: Session, at: datetime, fields: tuple[str, ...] = ()) -> None:
    question = Question("rental_registration", "look_up", "premises", Key("title_no", TITLE), fields=fields)
    assert share.ask(session, OFFICER, question, now=at).outcome == "found"


def lines(session: Session, number: int, at: datetime, actor: str = "fund_window", agreement: str = "a1", **more: object) -> None:
    body = {"agreement": agreement, "fields": ["use"], "automatic": False, **more}
    for _ in range(number):
        line = ledger.Line("read", moment_text(at), f"H{next(_SUBJECTS)}", actor, "housing_fund", "", "rental_registration", body)
        ledger.append(session, line)


def test_a_field_nobody_read_is_proposed_for_withdrawal_when_the_period_is_over(city: City):
    session = city.session
    code = agreed(session)
    look(session, day(1), ("standard_address", "use"))
    look(session, day(60), ("use",))
    share.count_use(session, now=day(60))
    young = share.usage(session, share.agreement_of(session, MANAGER, code, now=day(60)).standing, now=day(60))
    assert young.unused == () and young.lines == 2
    found = share.usage(session, share.agreement_of(session, MANAGER, code, now=day(95)).standing, now=day(95))
    assert found.unused == ("standard_address", "area", "owner_name", "owner_citizen_id")  # the address was read, but before the period
    assert [(one.field, one.lines) for one in found.fields if one.lines] == [("use", 1)]


def test_counting_in_pieces_counts_the_same_as_at_once(city: City):
    session, random = city.session, Random(7)
    for number in range(200):
        lines(session, 1, day(random.randrange(5)), f"officer{number % 3}", f"a{number % 4}", fields=["use", "area"][: random.randrange(3)])
    while share.count_use(session, most=random.randrange(1, 30)):
        pass
    pieces = session.all("SELECT agreement, field, day, lines FROM share_use ORDER BY 1, 2, 3")
    by = session.all("SELECT agreement, actor, day, lines FROM share_use_by ORDER BY 1, 2, 3")
    for table in ("share_use", "share_use_by"):
        session.run(f"DELETE FROM {table}")
    session.run("DELETE FROM share_state WHERE name = 'use'")
    share.count_use(session)
    assert session.all("SELECT agreement, field, day, lines FROM share_use ORDER BY 1, 2, 3") == pieces
    assert session.all("SELECT agreement, actor, day, lines FROM share_use_by ORDER BY 1, 2, 3") == by
    assert sum(row[3] for row in by) == 200 and share.count_use(session) == 0


def kinds(session: Session) -> list[tuple[str, int, int]]:
    return [(one.kind, one.found, one.usual) for one in share.alerts(session, MANAGER)]


def test_far_more_than_ones_own_history_is_raised_once(city: City):
    session = city.session
    for number in range(4):
        lines(session, 10, day(number))
    lines(session, 49, day(4), "new_one")
    share.count_use(session)
    assert kinds(session) == []
    lines(session, 50, day(5))
    share.count_use(session)
    lines(session, 10, day(5))
    share.count_use(session)
    assert kinds(session) == [("rate", 60, 10)]


def test_reads_out_of_hours_are_raised_for_people_and_not_for_systems(city: City):
    session, night = city.session, NOW.replace(hour=18)  # two in the morning where the city is
    lines(session, 20, night, "system", automatic=True)
    share.count_use(session)
    assert kinds(session) == []
    lines(session, 19, night)
    share.count_use(session)
    assert kinds(session) == []
    lines(session, 1, night + timedelta(minutes=1))
    share.count_use(session)
    assert kinds(session) == [("hours", 20, 20)]


def test_too_many_subjects_by_one_person_are_raised_however_many_agreements(city: City):
    session = city.session
    for number in range(3):
        lines(session, 100, NOW, agreement=f"a{number}")
    share.count_use(session)
    assert kinds(session) == [("subjects", 300, 300)]


def test_an_alert_is_answered_by_those_who_watch(city: City):
    session = city.session
    lines(session, 300, NOW)
    share.count_use(session)
    (alert,) = share.alerts(session, MANAGER)
    assert share.alerts(session, ASKS_HEAD) == ()
    with pytest.raises(Missing):
        share.answer_alert(session, ASKS_HEAD, alert.alert_id, "explained", "普查，已报备", now=NOW)
    with pytest.raises(BadValue):
        share.answer_alert(session, MANAGER, alert.alert_id, "fine", "普查，已报备", now=NOW)
    share.answer_alert(session, MANAGER, alert.alert_id, "explained", "普查，已报备", now=NOW)
    assert share.alerts(session, MANAGER) == ()
    assert [one.state for one in share.alerts(session, MANAGER, "")] == ["explained"]
    with pytest.raises(Missing):
        share.answer_alert(session, MANAGER, alert.alert_id, "misuse", "再改一次看看", now=NOW)
