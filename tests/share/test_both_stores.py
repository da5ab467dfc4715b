"""The whole door on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.share.asking import ASKS_HEAD, GIVES_HEAD, MANAGER, agreed, somebody
from tests.share.city import LI_ID, NOW, WANG_ID, ZHAO_ID, citizen, clerk, fill, steward

from datong import share
from datong.domain.access import Key, Question
from datong.domain.errors import BadValue
from datong.store import Session


def test_one_day_at_the_door(any_session: Session) -> None:
    session = any_session
    city = fill(session)
    wang, zhao = citizen(city["wang"]), citizen(city["zhao"], "zhao")
    assert share.claim_home(session, wang, Key("citizen_id", WANG_ID), now=NOW).premises == (city["flat"],)
    made = share.issue_pass(session, wang, share.NewPass(city["flat"], "gate_registration"), now=NOW)
    gate = Question("gate_registration", "verify", "premises", Key("pass", made.qr), claims=(("applicant_citizen_id", ZHAO_ID),))
    outcomes = [share.ask(session, zhao, gate, now=NOW).outcome for _ in range(2)]
    assert outcomes == ["same", "refused"]
    assert [one.kind for one in share.notices(session, wang)] == ["pass_used"]

    owner = Question("address_at_registration", "verify", "premises", Key("code", city["flat"]), claims=(("owner_citizen_id", WANG_ID),))
    assert share.ask(session, clerk(), owner, now=NOW).outcome == "same"
    card = share.ask(session, clerk("approval"), Question("window_service", "look_up", "premises", Key("code", city["flat"])), now=NOW)
    assert len(card.entries[0].links) == 4
    page = Question("window_service", "list", "premises", fields=("use",), where=(("division", "370303"), ("use", "住宅")), limit=1)
    first = share.ask(session, clerk("approval"), page, now=NOW)
    assert first.next_cursor
    assert (
        share.open_package(session, clerk("approval"), "window_service", Key("citizen_id", LI_ID), now=NOW)[1].entries[0].code
        == city["flat"]
    )

    raised = share.report_wrong(session, wang, share.Wrong(city["flat"], "use", "用途写错了吧"), now=NOW)
    assert share.settle_dispute(session, steward(), raised.dispute_id, "corrected", "登记簿已更正", now=NOW).state == "corrected"
    assert {one.kind for one in share.department_notices(session, clerk())} == {"value_corrected"}
    given = share.give_consent(session, wang, "civil_affairs", "means_test", timedelta(days=1), now=NOW)
    share.withdraw_consent(session, wang, given.consent_id, now=NOW)
    assert [home.state for home in share.my_homes(session, wang, now=NOW)] == ["claimed"]
    reasons = [one.type for one in share.who_looked(session, wang, share.Wanted(subject=city["flat"], limit=100), now=NOW).looks]
    assert reasons.count("pass") == 1
    assert len(reasons) >= 6


@pytest.mark.parametrize(
    "question",
    [
        Question("window_service", "look_up", "organisation", Key("org_name", "明月\x00商贸")),
        Question("window_service", "look_up", "premises", Key("account_no", "12\x0034567")),
        Question("window_service", "list", "premises", where=(("use", "resi\x00dential"),)),
    ],
)
def test_a_character_that_no_text_holds_is_refused_alike(any_session: Session, question: Question) -> None:
    with pytest.raises(BadValue, match="NUL"):
        share.ask(any_session, clerk("approval"), question, now=NOW)


def test_reports_from_elsewhere_push_none_of_ones_own_off_the_list(any_session: Session) -> None:
    city = fill(any_session)
    share.report_wrong(any_session, citizen(city["wang"]), share.Wrong(city["flat"], "use", "用途写错了吧"), now=NOW)
    share.report_wrong(any_session, citizen(city["zhao"], "zhao"), share.Wrong(city["far_flat"], "use", "用途写错了吧"), now=NOW)
    here, nowhere = replace(steward(), jurisdiction=("370303",)), replace(steward(), jurisdiction=())
    assert [one.code for one in share.disputes(any_session, here, limit=1, now=NOW)] == [city["flat"]]
    assert len(share.disputes(any_session, steward(), now=NOW)) == 2
    assert share.disputes(any_session, nowhere, now=NOW) == ()


def test_a_request_becomes_an_agreement_alike(any_session: Session) -> None:
    session = any_session
    city = fill(session)
    code = agreed(session)
    officer = somebody("fund_window", "housing_fund", "officer")
    question = Question("rental_registration", "verify", "premises", Key("code", city["flat"]), claims=(("owner_citizen_id", WANG_ID),))
    assert share.ask(session, officer, question, now=NOW).outcome == "same"
    share.give_up_fields(session, GIVES_HEAD, code, ("use", "area"), "从来没有使用过", now=NOW)
    share.sign_agreement(session, ASKS_HEAD, code, 2, now=NOW)
    assert share.count_use(session, now=NOW) and share.count_use(session, now=NOW) == 0
    standing = share.agreement_of(session, MANAGER, code, now=NOW).standing
    assert [one.field for one in share.usage(session, standing, now=NOW).fields if one.lines] == ["owner_citizen_id"]
    share.act_on_agreement(session, MANAGER, code, "terminate", "用途已经实现", now=NOW)
    assert share.ask(session, officer, question, now=NOW).outcome == "refused"
    assert [one.state for one in share.data_requests(session, ASKS_HEAD, now=NOW)] == ["agreed"]
