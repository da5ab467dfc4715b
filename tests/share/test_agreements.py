"""Agreements in the store: signed by both, in force for every process, versioned, suspended, ended; a pack's stay as they are."""

from __future__ import annotations

import json
import time

import pytest
from tests.share.asking import ASKS_HEAD, GIVES, GIVES_HEAD, MANAGER, STRANGER, agreed, day, do, reviewed, somebody
from tests.share.city import NOW, TITLE, City, fill
from tests.share.conftest import PACKS, packs

from datong import share
from datong.domain.access import Actor, Answer, Key, Question
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.settings import load_settings
from datong.store import Session, Store, open_store

OFFICER = somebody("fund_window", "housing_fund", "officer")


def ask(session: Session, who: Actor = OFFICER, now=NOW, **changes) -> Answer:
    values = {"purpose": "rental_registration", "operation": "look_up", "register": "premises", "key": Key("title_no", TITLE), **changes}
    return share.ask(session, who, Question(**values), now=now)


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.grounds]


def test_it_is_in_force_with_the_second_signature_and_not_before(city: City):
    session = city.session
    assert codes(ask(session)) == ["purpose_not_yours"]
    request = do(session, GIVES_HEAD, reviewed(session), "accept")
    share.sign_agreement(session, ASKS_HEAD, request.agreement, 1, now=NOW)
    assert codes(ask(session)) == ["purpose_not_yours"]
    share.sign_agreement(session, GIVES_HEAD, request.agreement, 1, now=NOW)
    answer = ask(session)
    assert answer.outcome == "found" and answer.decision.agreement == request.agreement
    assert [one.field for one in answer.entries[0].facts] == ["standard_address", "use", "area"]
    verified = ask(session, operation="verify", claims=(("owner_name", "王小明"),))
    assert verified.outcome == "same"


def test_only_the_two_responsible_persons_sign_and_not_one_for_both(city: City):
    session = city.session
    code = do(session, GIVES_HEAD, reviewed(session), "accept").agreement
    for who in (GIVES, MANAGER, OFFICER):
        with pytest.raises(Forbidden):
            share.sign_agreement(session, who, code, 1, now=NOW)
    with pytest.raises(Missing):
        share.sign_agreement(session, STRANGER, code, 1, now=NOW)
    share.sign_agreement(session, GIVES_HEAD, code, 1, now=NOW)
    with pytest.raises(Forbidden):
        share.sign_agreement(session, GIVES_HEAD, code, 1, now=NOW)
    with pytest.raises(Forbidden, match="同一人"):
        share.sign_agreement(session, somebody("estate_head", "housing_fund", "sharing_officer"), code, 1, now=NOW)


def test_every_other_process_follows_within_a_second(opened: Store, monkeypatch: pytest.MonkeyPatch):
    other = open_store(load_settings(store=opened.url, environ={}))
    share.install(other, load_settings(environ={}, packs=str(PACKS)), packs())
    seconds = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    with opened.session() as session:
        fill(session)
    with other.session() as session:
        assert codes(ask(session)) == ["purpose_not_yours"]
    with opened.session() as session:
        code = agreed(session)
    with other.session() as session:
        assert codes(ask(session)) == ["purpose_not_yours"]  # it has not looked again yet
    seconds[0] += 0.6
    with other.session() as session:
        assert ask(session).outcome == "found"
    with opened.session() as session:
        share.act_on_agreement(session, MANAGER, code, "suspend", "超范围使用，限期整改", now=NOW)
    seconds[0] += 0.6
    with other.session() as session:
        assert codes(ask(session)) == ["suspended"]
    other.close()


def test_a_change_that_was_rolled_back_is_never_in_force(opened: Store):
    with opened.session() as session:
        code = agreed(session)
    with pytest.raises(RuntimeError), opened.session() as session:
        share.act_on_agreement(session, MANAGER, code, "terminate", "超范围使用，终止", now=NOW)
        assert share.agreement_of(session, MANAGER, code, now=NOW).standing.state == "terminated"
        raise RuntimeError
    with opened.session() as session:
        share.act_on_agreement(session, MANAGER, code, "suspend", "超范围使用，暂停", now=NOW)
        assert share.installed(session).stored.holds == {code: "suspended"}
        assert share.agreement_of(session, MANAGER, code, now=NOW).standing.state == "suspended"


def test_a_field_is_given_up_and_the_versions_say_what_changed(city: City):
    session = city.session
    code = agreed(session)
    with pytest.raises(Forbidden):
        share.give_up_fields(session, OFFICER, code, ("area",), "九十天没有使用过", now=NOW)
    version = share.give_up_fields(session, GIVES_HEAD, code, ("area",), "九十天没有使用过", now=NOW)
    assert version.version == 2 and version.providing_by == "estate_head" and version.requesting_by == ""
    assert "area" in [one.field for one in ask(session).entries[0].facts]
    share.sign_agreement(session, ASKS_HEAD, code, 2, now=NOW)
    assert "area" not in [one.field for one in ask(session).entries[0].facts]
    refused = ask(session, fields=("area",))
    assert refused.outcome == "refused" and refused.grounds[0].field == "area" and refused.grounds[0].rule == code
    standing = share.agreement_of(session, ASKS_HEAD, code, now=NOW).standing
    assert [(one.version, one.state) for one in standing.versions] == [(2, "live"), (1, "superseded")]
    assert [(one.part, one.name, one.before, one.after) for one in standing.versions[0].differs] == [("fields", "area", "plain", "")]


def test_it_ends_with_its_term_and_is_renewed_by_both(city: City):
    session = city.session
    code = agreed(session)
    after = day(500)
    assert codes(ask(session, now=after)) == ["expired"]
    assert share.agreement_of(session, MANAGER, code, now=after).standing.state == "expired"
    with pytest.raises(BadValue):
        share.renew_agreement(session, ASKS_HEAD, code, "2026-12-31", "继续办理备案", now=after)
    share.renew_agreement(session, ASKS_HEAD, code, "2029-12-31", "继续办理备案", now=after)
    share.sign_agreement(session, GIVES_HEAD, code, 2, now=after)
    assert ask(session, now=after).outcome == "found"


def test_suspended_resumed_and_ended_with_its_data_disposed_of(city: City):
    session = city.session
    code = agreed(session)
    with pytest.raises(Forbidden):
        share.act_on_agreement(session, ASKS_HEAD, code, "suspend", "想停一停用一用", now=NOW)
    with pytest.raises(BadValue):
        share.act_on_agreement(session, MANAGER, code, "suspend", "", now=NOW)
    share.act_on_agreement(session, GIVES_HEAD, code, "suspend", "非工作时间大量查询", now=NOW)
    assert codes(ask(session)) == ["suspended"]
    entitled = share.entitlements(session, OFFICER, "rental_registration", now=NOW)
    assert [(one.agreement, one.state) for one in entitled] == [(code, "suspended")]
    share.act_on_agreement(session, MANAGER, code, "resume", "整改完成，恢复", now=NOW)
    assert ask(session).outcome == "found"
    ended = share.act_on_agreement(session, MANAGER, code, "terminate", "用途已经实现", now=NOW)
    assert (ended.state, ended.due) == ("terminated", "2026-11-17")
    assert codes(ask(session)) == ["purpose_not_yours"]
    assert share.agreement_of(session, ASKS_HEAD, code, now=day(20)).standing.light == "red"
    with pytest.raises(Forbidden):
        share.act_on_agreement(session, MANAGER, code, "dispose", "已全部删除，无副本", now=NOW)
    assert share.act_on_agreement(session, ASKS_HEAD, code, "dispose", "已全部删除，无副本", now=NOW).disposed_at
    with pytest.raises(BadValue):
        share.act_on_agreement(session, ASKS_HEAD, code, "dispose", "已全部删除，无副本", now=NOW)
    assert share.installed(session).sharing.known(code) is not None, "an old line still has words for its agreement"


def test_a_packs_agreement_is_not_rewritten_but_may_be_suspended(city: City):
    session = city.session
    mine = next(one for one in share.agreements(session, MANAGER, now=NOW) if "housing" in one.agreement.requesting)
    assert mine.versions == () and mine.state == "live"
    head = somebody("housing_head", "housing", "sharing_officer")
    with pytest.raises(BadValue, match="pack"):
        share.renew_agreement(session, head, mine.code, "2039-12-31", "继续办理备案", now=NOW)
    share.act_on_agreement(session, MANAGER, mine.code, "suspend", "超范围使用，限期整改", now=NOW)
    standing = share.agreement_of(session, head, mine.code, now=NOW).standing
    assert standing.state == "suspended" and [one.act for one in standing.steps] == ["suspend"]


def test_two_agreements_never_answer_the_same_question(city: City):
    session = city.session
    first = agreed(session)
    number = reviewed(session)
    with pytest.raises(BadValue, match=first):
        do(session, GIVES_HEAD, number, "accept")


def test_its_parties_see_it_and_nobody_else(city: City):
    session = city.session
    code = agreed(session)
    for who in (ASKS_HEAD, GIVES_HEAD, MANAGER):
        assert share.agreement_of(session, who, code, now=NOW).standing.state == "live"
    for missing in (code, "A2026-9999"):
        with pytest.raises(Missing) as told:
            share.agreement_of(session, STRANGER, missing, now=NOW)
        assert code not in told.value.message
    assert code not in {one.code for one in share.agreements(session, STRANGER, now=NOW)}


def test_every_act_is_in_the_record_with_the_terms_digest(city: City):
    session = city.session
    code = agreed(session)
    share.act_on_agreement(session, MANAGER, code, "suspend", "请张三说明情况", now=NOW)
    rows = session.all("SELECT body FROM ledger_line WHERE type = 'agreement' ORDER BY leaf_index")
    bodies = [json.loads(row[0]) for row in rows]
    assert [one["act"] for one in bodies] == ["propose", "sign_requesting", "sign_providing", "suspend"]
    assert len({one["terms"] for one in bodies[:3]}) == 1 and "张三" not in repr(rows)


def test_an_agreement_the_packs_no_longer_carry_closes_only_itself(opened: Store, caplog: pytest.LogCaptureFixture):
    with opened.session() as session:
        code = agreed(session)
        session.run("UPDATE share_agreement SET terms = replace(terms, '\"standard_address\"', '\"no_such_field\"')")
    share.install(opened, load_settings(environ={}, packs=str(PACKS)), packs())
    with opened.session() as session:
        assert codes(ask(session)) == ["purpose_not_yours"]
        assert share.installed(session).sharing.agreements and code in caplog.text
        assert share.agreement_of(session, MANAGER, code, now=NOW).standing.agreement.fields
