"""A restaurant's case through every kind of end, in a small city: who may do what, what each may see, what is left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.services.town import ANSWERS, DEPARTMENTS, DOCUMENTS, FORM, NOW, accept, finish, officer, restaurant
from tests.share.city import citizen, fill

from datong import ledger, services, share
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.services.store_case import events_of, kept_case
from datong.store import Session


def test_one_thing_is_split_and_packed_back(any_session: Session) -> None:
    begun = restaurant(any_session)
    number = begun.case.case_id
    assert begun.case.state == "submitted" and begun.case.answers == {**ANSWERS, "own": "yes"}, "what is known is not asked"
    assert accept(any_session, number).state == "accepted"
    case = services.act(any_session, officer("ecology"), number, services.Doing("claim", "environment"), now=NOW)
    assert {one.code for one in case.open_tasks} == set(DEPARTMENTS)
    case = services.act(any_session, officer("ecology"), number, services.Doing("finish", "environment", "", {"outcome": "agree"}), now=NOW)
    for task in ("food", "fire", "sign"):
        case = finish(any_session, number, task)
    assert case.state == "accepted", "tobacco is still at work"
    case = finish(any_session, number, "tobacco", "refuse", note="距学校不足五十米")
    assert case.state == "granted", "the whole does not fail for a part that may be missing"
    assert services.replay(events_of(any_session, number)) == case
    issued = kept_case(any_session, number).facts["licences"]
    assert set(issued) == {"food_business", "fire_safety", "environment_filing", "restaurant_composite"}, "no tobacco"
    rows = any_session.all("SELECT type, state, case_ref FROM licence WHERE case_ref = :n", {"n": number})
    assert {row[0] for row in rows} == set(issued) and {row[1] for row in rows} == {"valid"}
    told = [one.text_zh for one in share.notices(any_session, citizen(begun.case.applicant))]
    assert any("已办结，准予" in one for one in told)
    lines = [one.line for one in ledger.lines_by(any_session, actor="officer_approval", limit=10).lines]
    body = next(one.body for one in lines if one.type == "case")
    assert body["case"] == number and set(body) == {"case", "act", "state", "events", "digest"}, "the ledger holds no word of the form"


def test_a_refusal_takes_back_what_was_given(session: Session) -> None:
    number = restaurant(session).case.case_id
    accept(session, number)
    finish(session, number, "food")
    case = finish(session, number, "fire", "refuse", note="疏散通道不足")
    assert case.state == "undoing" and [one.code for one in case.open_tasks] == ["undo:food"]
    case = finish(session, number, "undo:food")
    assert case.state == "refused" and not case.open_tasks and case.tasks["food"].state == "undone"
    with pytest.raises(BadValue, match="原因"):
        services.act(session, officer("approval"), number, services.Doing("reopen"), now=NOW)
    case = services.act(session, officer("approval"), number, services.Doing("reopen", note="通道已改造"), now=NOW)
    assert case.state == "accepted" and {"food", "fire"} <= {one.code for one in case.open_tasks}


def test_what_lacks_is_told_once_and_silence_is_acceptance(session: Session) -> None:
    number = restaurant(session).case.case_id
    lead = officer("approval")
    services.act(session, lead, number, services.Doing("ask_supplement", data={"lacking": ["平面图缺后厨"]}), now=NOW)
    wang = citizen(kept_case(session, number).case.applicant)
    later = NOW + timedelta(days=6)
    assert services.tick(session, now=later) == 0, "the clock stands while she mends it"
    given = services.Doing("give_supplement", data={"form": {"seats": "30"}})
    case = services.act(session, wang, number, given, now=later)
    assert case.state == "submitted" and kept_case(session, number).form["seats"] == "30"
    with pytest.raises(BadValue, match="一次性"):
        services.act(session, lead, number, services.Doing("ask_supplement", data={"lacking": ["还缺"]}), now=later)
    assert services.tick(session, now=later + timedelta(days=20)) == 1
    case = kept_case(session, number).case
    assert case.state == "accepted" and case.tasks["acceptance"].reasons == ("deemed",)
    assert services.tick(session, now=later + timedelta(days=20)) == 0, "a tick twice does nothing more"
    services.tick(session, now=later + timedelta(days=60))
    case = kept_case(session, number).case
    assert case.tasks["environment"].outcome == "agree", "the law deems the filing done"
    assert case.tasks["food"].overdue and case.tasks["food"].is_open


def test_a_supplement_never_given_ends_the_case(session: Session) -> None:
    number = restaurant(session).case.case_id
    services.act(session, officer("approval"), number, services.Doing("ask_supplement", data={"lacking": ["平面图"]}), now=NOW)
    services.tick(session, now=NOW + timedelta(days=60))
    assert kept_case(session, number).case.state == "lapsed"


def test_pauses_extensions_and_hand_overs_are_told_with_their_reasons(session: Session) -> None:
    number = restaurant(session).case.case_id
    accept(session, number)
    food, wang = officer("market_regulation"), citizen(kept_case(session, number).case.applicant)
    with pytest.raises(Missing):
        services.act(session, officer("fire_rescue"), number, services.Doing("claim", "food"), now=NOW)
    services.act(session, food, number, services.Doing("claim", "food"), now=NOW)
    with pytest.raises(BadValue, match="原因"):
        services.act(session, food, number, services.Doing("pause", "food"), now=NOW)
    case = services.act(session, food, number, services.Doing("pause", "food", "现场检验"), now=NOW + timedelta(days=1))
    assert case.tasks["food"].clock.used == 1 and not case.tasks["food"].clock.due
    case = services.act(session, food, number, services.Doing("resume", "food"), now=NOW + timedelta(days=30))
    assert case.tasks["food"].clock.due == services.items(session).working.due("2026-12-03", 9)
    with pytest.raises(BadValue, match="延长"):
        services.act(session, food, number, services.Doing("extend", "food", "复杂", {"days": 30}), now=NOW + timedelta(days=31))
    case = services.act(session, food, number, services.Doing("extend", "food", "需专家评审", {"days": 10}), now=NOW + timedelta(days=31))
    assert case.tasks["food"].extended == 10
    other = officer("market_regulation", "another")
    with pytest.raises(Forbidden):
        services.act(session, other, number, services.Doing("finish", "food", "", {"outcome": "agree"}), now=NOW + timedelta(days=31))
    services.act(session, other, number, services.Doing("hand_over", "food", "休假", {"to": "another"}), now=NOW + timedelta(days=31))
    done = services.Doing("finish", "food", "", {"outcome": "agree"})
    assert services.act(session, other, number, done, now=NOW + timedelta(days=31)).tasks["food"].outcome == "agree"
    told = "".join(one.text_zh for one in share.notices(session, wang))
    assert "现场检验" in told and "需专家评审" in told


def test_each_sees_its_own_part_only(session: Session) -> None:
    begun = restaurant(session)
    number = begun.case.case_id
    accept(session, number)
    wang, li = citizen(begun.case.applicant), citizen("PZZZZZZZZZ")
    hers = services.case_of(session, wang, number, now=NOW)
    assert hers.role == "applicant" and len(hers.timeline) == begun.case.seq + 7
    sign = services.case_of(session, officer("urban_management"), number, now=NOW)
    assert {one.field.code for one in sign.written} == {"address", "shop_name", "sign_text"} and not sign.timeline
    for stranger in (li, officer("education"), officer("water")):
        with pytest.raises(Missing):
            services.case_of(session, stranger, number, now=NOW)
    rows = services.queue(session, officer("fire_rescue"), now=NOW)
    assert [(one.case_id, one.task, one.light) for one in rows] == [(number, "fire", "green")]
    assert services.queue_counts(session, officer("fire_rescue"), now=NOW + timedelta(days=40)) == {"red": 1, "open": 1, "paused": 0}
    assert [one.case_id for one, _ in services.my_cases(session, wang)] == [number]


def test_the_owner_confirms_at_his_own_time(session: Session) -> None:
    city = fill(session)
    begun = restaurant(session, who="zhao", city=city)
    number, code = begun.case.case_id, begun.invitations["owner"]
    assert begun.case.state == "awaiting" and begun.case.answers["own"] == "no" and code not in str(kept_case(session, number))
    wang, zhao = citizen(city["wang"]), citizen(city["zhao"], "zhao")
    with pytest.raises(BadValue, match="申请人"):
        services.act(session, zhao, number, services.Doing("confirm", "seat:owner", data={"code": code}), now=NOW)
    with pytest.raises(Missing):
        services.act(session, wang, number, services.Doing("confirm", "seat:owner", data={"code": "ABCDEFGHJK"}), now=NOW)
    assert services.open_invitation(session, code.lower()) == (number, "seat:owner")
    case = services.act(session, wang, number, services.Doing("confirm", "seat:owner", data={"code": code}), now=NOW)
    assert case.state == "submitted" and case.tasks["seat:owner"].by == city["wang"]


def test_an_owner_who_refuses_ends_it_and_raises_a_lead(session: Session) -> None:
    city = fill(session)
    begun = restaurant(session, who="zhao", city=city)
    no = services.Doing("decline", "seat:owner", "我没有同意", {"code": begun.invitations["owner"]})
    case = services.act(session, citizen(city["wang"]), begun.case.case_id, no, now=NOW)
    assert case.state == "refused" and case.lead
    told = share.department_notices(session, officer("approval"))
    assert any("冒用" in one.text_zh for one in told)


def test_an_owner_who_never_answers(session: Session) -> None:
    begun = restaurant(session, who="zhao", city=fill(session))
    services.tick(session, now=NOW + timedelta(days=40))
    assert kept_case(session, begun.case.case_id).case.state == "lapsed"


def test_what_was_confirmed_is_not_examined_again(session: Session) -> None:
    city = fill(session)
    share.confirm(session, officer("market_regulation"), city["flat"], "on_site", 365, now=NOW)
    number = restaurant(session, city=city).case.case_id
    case = accept(session, number)
    assert case.tasks["fire"].outcome == "agree" and case.tasks["fire"].reasons[0].startswith("confirmed_until:")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": {**FORM, "area": "很大"}}, "area"),
        ({"form": {**FORM, "dishes": "fugu"}}, "dishes"),
        ({"form": {**FORM, "colour": "red"}}, "colour"),
        ({"form": {name: value for name, value in FORM.items() if name != "shop_name"}}, "shop_name"),
        ({"answers": {"tobacco": "yes"}}, "sign"),
        ({"answers": {**ANSWERS, "tobacco": "perhaps"}}, "tobacco"),
        ({"documents": {}}, "layout"),
        ({"documents": {**DOCUMENTS, "diploma": "x"}}, "diploma"),
    ],
)
def test_what_does_not_fit_is_named(session: Session, changes: dict, field: str) -> None:
    with pytest.raises(BadValue) as told:
        restaurant(session, **changes)
    assert told.value.field == field


def test_facts_come_with_their_source_and_are_not_written_over(session: Session) -> None:
    begun = restaurant(session, form={**FORM, "name": "别人"})
    number = begun.case.case_id
    hers = {one.field.code: one for one in services.case_of(session, citizen(begun.case.applicant), number, now=NOW).written}
    assert hers["name"].value == "王小明" and hers["name"].known is not None and hers["name"].known.state == "verified"
    assert hers["name"].known.department and hers["name"].known.as_of
    session.run("UPDATE entry SET body = replace(body, '王小明', '王晓明') WHERE code = :code", {"code": begun.case.applicant})
    changes = services.changes_since(session, officer("approval"), number, now=NOW)
    accept(session, number)
    assert [(one.code, one.before.value, one.now.value) for one in changes] == [("name", "王小明", "王晓明")]
    assert services.changes_since(session, officer("urban_management"), number, now=NOW) == ()


def test_a_case_keeps_the_version_it_began_under(session: Session) -> None:
    begun = restaurant(session)
    session.store.parts.pop("services.definitions", None)
    kept = services.definition(session, begun.case.digest)
    assert kept == services.items(session).of("restaurant_opening") and kept.version == "2026.1"


def test_two_at_once_do_not_both_act(session: Session) -> None:
    number = restaurant(session).case.case_id
    kept = kept_case(session, number)
    accept(session, number)
    from datong.services.store_case import move_case

    with pytest.raises(Busy):
        move_case(session, kept.case, kept, ())


def test_many_cases_in_one_commit_fail_alone(opened) -> None:
    with opened.session() as session:
        city = fill(session)
    together = services.CaseCommit(opened)
    good = [together.submit(lambda session: restaurant(session, city=city)) for _ in range(5)]
    bad = together.submit(lambda session: restaurant(session, city=city, form={}))
    numbers = {one.result().case.case_id for one in good}
    with pytest.raises(BadValue):
        bad.result()
    together.close()
    with opened.session() as session:
        assert len(numbers) == 5 == session.one("SELECT count(*) FROM service_case")[0]


def test_form_facts_and_decision_stay_as_they_were_written_until_a_step_changes_them(session: Session) -> None:
    number = restaurant(session).case.case_id
    (written,) = session.all("SELECT form, facts, decision FROM service_case WHERE case_id = :one", {"one": number})
    kept = kept_case(session, number)
    accept(session, number)
    assert session.all("SELECT form, facts, decision FROM service_case WHERE case_id = :one", {"one": number}) == [written]
    read = kept_case(session, number)
    assert "facts" not in vars(kept) and (kept.form, kept.facts, kept.decision) == (read.form, read.facts, {})
    assert kept.facts["facts"]["name"]["value"] == "王小明" and kept.facts is kept.facts
    with pytest.raises(AttributeError):
        kept.nothing  # type: ignore[attr-defined]  # noqa: B018
