"""The walk of the cascade: the province's catalogue, papers broken down to data items, a request, and looks at what was agreed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.share.province import CATALOGUE, Province, running_province
from tests.walks.conftest import NOW, City, actor

from datong.domain.access import Actor, Key
from datong.domain.errors import BadValue, Busy, Forbidden, Missing
from datong.settings import Settings
from datong.share import cascade

AT = datetime.fromisoformat(NOW)
DEGREES, SKILLS, SECRET = (one["code"] for one in CATALOGUE["resources"])
MANAGER = actor("officer", "data", roles=frozenset({"sharing_manager"}), jurisdiction=("",))
OFFICER = actor("officer", "education", roles=frozenset({"officer"}), jurisdiction=("3703",))
WHY = "教师资格认定要核对学历，不再让申请人交证书"
SYSTEM = actor("system", "education", id="key_teachers", agreements=("teacher_qualification_person",), jurisdiction=("3703",))


@pytest.fixture
def joined(city: City) -> Iterator[tuple[City, Settings, Province]]:
    """A city that has taken over the province's catalogue."""
    with running_province(city.settings) as province:
        with city.store.session() as session:
            assert cascade.import_offers(session, MANAGER, json.dumps(CATALOGUE).encode(), now=AT) == 3
        yield city, replace(city.settings, province_url=province.address), province


def person(city: City) -> tuple[str, str]:
    return city.one(
        "SELECT e.code, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'citizen_id' ORDER BY e.code"
    )


def ask(city: City, items: tuple[str, ...] = ("education", "college"), who: Actor = OFFICER, code: str = DEGREES) -> str:
    with city.store.session() as session:
        return cascade.request_of_province(session, who, code, ("teacher_qualification", items, WHY), now=AT).request_id


def test_the_catalogue_is_taken_over_and_what_left_it_is_withdrawn(joined: tuple[City, Settings, Province]) -> None:
    city, _, _ = joined
    with city.store.session() as session:
        found = cascade.offers(session, OFFICER)
        assert [one.code for one in found] == [DEGREES, SKILLS, SECRET] and found[0].condition and found[0].items["college"] == "毕业院校"
        assert [one.code for one in cascade.offers(session, OFFICER, "技能")] == [SKILLS]
        with pytest.raises(Forbidden):
            cascade.import_offers(session, OFFICER, b"{}", now=AT)
        for wrong, told in ((b"x", "no catalogue"), (b'{"resources": [{"code": "a", "title": "t"}]}', "a has no provider")):
            with pytest.raises(BadValue, match=told):
                cascade.import_offers(session, MANAGER, wrong, now=AT)
        less = {"resources": CATALOGUE["resources"][1:]}
        cascade.import_offers(session, MANAGER, json.dumps(less).encode(), now=AT)
        assert [one.code for one in cascade.offers(session, OFFICER)] == [SKILLS, SECRET]


def test_every_paper_of_the_pilot_items_is_broken_down_to_data_items(joined: tuple[City, Settings, Province]) -> None:
    city, _, _ = joined
    with city.store.session() as session:
        items, counts = cascade.broken_down(session, OFFICER)
    assert counts.items == len(items) == 20 and counts.licences >= 12 and counts.offers == 3
    assert counts.data_items == sum(one.count() for one in items) and counts.shared < counts.data_items
    assert counts.data_items >= 400 and counts.shared / counts.data_items > 0.9
    teachers = next(one for one in items if one.item.code == "teacher_qualification")
    papers = {paper.title: {one.title: one.where for one in parts} for paper, parts in teachers.papers}
    assert papers["学历学位证书"] == {
        "学历层次": "province", "毕业院校": "province", "毕业日期": "province", "学位名称": "nowhere", "证书编号": "nowhere",
    }  # fmt: skip
    assert papers["无犯罪记录证明"]["有无犯罪记录"] == "nowhere", "what the province withholds is not had there"
    assert set(papers["居民户口簿"].values()) == {"own"}


def test_a_request_goes_out_signed_is_answered_and_then_looked_at_under_the_citys_own_agreement(
    joined: tuple[City, Settings, Province],
) -> None:
    city, settings, province = joined
    code, number = person(city)
    key, asked = Key("citizen_id", number), (DEGREES, "teacher_qualification", Key("citizen_id", number))
    request = ask(city, ("education", "college", "graduated_on"))
    with pytest.raises(Missing):
        cascade.look_at_province(city.store, settings, SYSTEM, asked, now=AT)
    assert cascade.dispatch_due(city.store, settings, AT) == 1 and province.bad == []
    (sent,) = province.asked
    assert sent[:2] == ("POST", "/cascade/requests") and sent[2]["code"] == DEGREES and sent[2]["reference"] == request
    province.decision = {"state": "agreed", "items": ["education", "college"], "answer": "同意，毕业日期另行申请"}
    assert cascade.dispatch_due(city.store, settings, AT) == 0, "an answer is asked after a while later"
    assert cascade.dispatch_due(city.store, settings, AT + timedelta(minutes=2)) == 1
    with city.store.session() as session:
        (mine,) = cascade.requests_of_province(session, OFFICER)
    assert (mine.state, mine.items, mine.answer) == ("agreed", ("education", "college"), "同意，毕业日期另行申请")
    province.person = {"education": "本科", "college": "样例大学", "graduated_on": "2012-07-01", "phone": "13800000000"}
    looked = cascade.look_at_province(city.store, settings, SYSTEM, asked, now=AT + timedelta(minutes=3))
    assert dict(looked.items) == {"education": "本科", "college": "样例大学"}, "only what was agreed comes back"
    assert looked.titles["college"] == "毕业院校" and looked.answer.entries[0].code == code
    body = city.one("SELECT body FROM ledger_line WHERE subject = :code AND body LIKE '%province%'", code=code)[0]
    assert DEGREES in body and "college" in body and "样例大学" not in body and number not in body
    assert key.value == number


def test_what_the_citys_own_door_refuses_is_never_sent_to_the_province(joined: tuple[City, Settings, Province]) -> None:
    city, settings, province = joined
    _, number = person(city)
    ask(city)
    province.decision = {"state": "agreed", "items": ["education"]}
    for minutes in (0, 2):
        cascade.dispatch_due(city.store, settings, AT + timedelta(minutes=minutes))
    before, asked = len(province.asked), (DEGREES, "teacher_qualification", Key("citizen_id", number))
    stranger = replace(SYSTEM, agreements=())
    refused = cascade.look_at_province(city.store, settings, stranger, asked, now=AT)
    assert refused.answer.outcome == "refused" and not refused.items
    nobody = (DEGREES, "teacher_qualification", Key("citizen_id", "110101190001010010"))
    assert cascade.look_at_province(city.store, settings, SYSTEM, nobody, now=AT).answer.outcome == "not_found"
    with pytest.raises(Missing):
        cascade.look_at_province(city.store, settings, replace(SYSTEM, department="police"), asked, now=AT)
    with pytest.raises(BadValue):
        cascade.look_at_province(city.store, settings, SYSTEM, (DEGREES, "teacher_qualification", Key("phone", "13800000000")), now=AT)
    with pytest.raises(Missing, match="province_url"):
        cascade.look_at_province(city.store, city.settings, SYSTEM, asked, now=AT)
    assert len(province.asked) == before


def test_a_province_that_does_not_answer_is_tried_again_and_no_bad_request_goes_out(joined: tuple[City, Settings, Province]) -> None:
    city, settings, province = joined
    _, number = person(city)
    for items, code, told in (
        (("offence",), SECRET, "withheld"),
        (("colour",), DEGREES, "none that the resource has"),
        ((), DEGREES, "none"),
    ):
        with pytest.raises(BadValue, match=told):
            ask(city, items, code=code)
    with pytest.raises(Forbidden):
        ask(city, who=replace(OFFICER, roles=frozenset({"window_clerk"})))
    with pytest.raises(BadValue, match="no purpose"):
        ask(city, who=replace(OFFICER, department="water"))
    province.down = True
    ask(city)
    with pytest.raises(BadValue, match="asked for already"):
        ask(city)
    assert cascade.dispatch_due(city.store, settings, AT) == 0
    with city.store.session() as session:
        (mine,) = cascade.requests_of_province(session, OFFICER)
    assert mine.state == "waiting" and mine.attempts == 1 and "503" in mine.error and mine.due_at > mine.asked_at
    province.down = False
    assert cascade.dispatch_due(city.store, settings, AT + timedelta(minutes=5)) == 1
    province.decision = {"state": "refused", "answer": "理由不充分"}
    cascade.dispatch_due(city.store, settings, AT + timedelta(minutes=9))
    with city.store.session() as session:
        assert cascade.requests_of_province(session, OFFICER)[0].state == "refused"
    assert cascade.dispatch_due(city.store, city.settings, AT) == 0, "without a province nothing is sent"
    province.decision, province.person = {"state": "agreed", "items": ["education"]}, {"education": "本科"}
    ask(city)
    for minutes in (10, 12):
        cascade.dispatch_due(city.store, settings, AT + timedelta(minutes=minutes))
    province.down = True
    with pytest.raises(Busy):
        cascade.look_at_province(city.store, settings, SYSTEM, (DEGREES, "teacher_qualification", Key("citizen_id", number)), now=AT)
