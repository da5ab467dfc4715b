"""The walk of a consent: asked at the counter, given on the phone, used, withdrawn; refused without harm; a parent for her child."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.walks.conftest import NOW, City, citizen, clerk

from datong import share
from datong.domain.access import Actor, Answer, Key, Question, Reason
from datong.domain.errors import BadValue, Missing

AT = datetime.fromisoformat(NOW)
PURPOSE = "means_test"
CASE = Reason("case", "救2026-17", "低保家庭核对")
PEOPLE = """SELECT e.code, k.key_value FROM entry e JOIN entry_key k ON k.code = e.code AND k.key_type = 'citizen_id'
WHERE e.kind = 'person' AND e.division LIKE '3703%' AND length(k.key_value) = 18 AND substr(k.key_value, 7, 4) < '1990'
AND EXISTS (SELECT 1 FROM relation r WHERE r.from_code = e.code AND r.type = 'married_to' AND r.until = '') ORDER BY e.code LIMIT 4"""
CHILD = """SELECT r.from_code, r.to_code, k.key_value FROM relation r JOIN entry e ON e.code = r.from_code
JOIN entry_key k ON k.code = r.from_code AND k.key_type = 'citizen_id'
WHERE r.type = 'child_of' AND r.until = '' AND e.division LIKE '3703%' AND length(k.key_value) = 18
AND substr(k.key_value, 7, 4) BETWEEN '2014' AND '2024' ORDER BY r.from_code LIMIT 1"""


def officer() -> Actor:
    return replace(clerk("civil_affairs", "officer"), domains=("welfare",))


def look(city: City, number: str, at: datetime, **more: tuple[str, ...]) -> Answer:
    with city.store.session() as session:
        question = Question(PURPOSE, "look_up", "person", Key("citizen_id", number), reason=CASE, **more)  # type: ignore[arg-type]
        return share.ask(session, officer(), question, now=at)


def asked(city: City, number: str, at: datetime, *, once: bool = True, fields: tuple[str, ...] = ()) -> share.ConsentRequest:
    wanted = share.WantedConsent(PURPOSE, Key("citizen_id", number), once=once, days=30, fields=fields, reason=CASE)
    with city.store.session() as session:
        found = share.ask_consent(session, officer(), wanted, now=at)
    assert found.request is not None, found.grounds
    return found.request


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.grounds]


def state(city: City, request_id: str, at: datetime) -> str:
    with city.store.session() as session:
        return share.consent_request(session, officer(), request_id, now=at).state


def test_asked_at_the_counter_given_on_the_phone_used_once(city: City) -> None:
    code, number = city.all(PEOPLE)[0]
    assert codes(look(city, number, AT)) == ["consent_missing"]
    made = asked(city, number, AT)
    assert state(city, made.request_id, AT) == "asked"
    assert codes(look(city, number, AT)) == ["consent_missing"], "asking opens nothing"
    with city.store.session() as session:
        (waiting,) = share.consent_requests(session, citizen(code), now=AT)
        told = [one for one in share.notices(session, citizen(code)) if one.kind == "consent_asked"]
        assert waiting.request_id == made.request_id and "纸质" in told[0].text_zh
        share.give_asked(session, citizen(code), made.request_id, now=AT)
        assert share.consent_requests(session, citizen(code), now=AT) == ()
    answer = look(city, number, AT)
    assert answer.outcome == "found" and "consent_view" in codes(answer)
    assert "married_to" not in {link.type for link in answer.entries[0].links}, "a marriage needs a consent of its own"
    assert "insurance_no" in answer.decision.refused_fields
    assert state(city, made.request_id, AT) == "used"
    assert codes(look(city, number, AT)) == ["consent_missing"], "a one-off is used up by one look"


def test_until_a_day_with_the_sensitive_part_withdrawn_in_one_tap(city: City) -> None:
    code, number = city.all(PEOPLE)[1]
    made = asked(city, number, AT, once=False, fields=("name", "citizen_id", "married_to"))
    assert made.ordinary == ("name", "citizen_id") and made.separate == ("married_to",)
    with city.store.session() as session:
        given = share.give_asked(session, citizen(code), made.request_id, separate=True, now=AT)
    for _ in range(2):
        answer = look(city, number, AT)
        assert {fact.field for fact in answer.entries[0].facts} == {"name", "citizen_id"}, "what was not asked for is not shown"
        assert {link.type for link in answer.entries[0].links} == {"married_to"}
    assert look(city, number, AT, fields=("phone",)).outcome == "refused"
    assert codes(look(city, number, AT + timedelta(days=31))) == ["consent_missing"]
    with city.store.session() as session:
        share.withdraw_consent(session, citizen(code), given.consent_id, now=AT)
        with pytest.raises(Missing):
            share.withdraw_consent(session, citizen(code), given.consent_id, now=AT)
    assert codes(look(city, number, AT)) == ["consent_missing"]
    assert state(city, made.request_id, AT) == "withdrawn"


def test_refused_and_lapsed_open_nothing_and_nobody_is_worn_down(city: City) -> None:
    code, number = city.all(PEOPLE)[2]
    first = asked(city, number, AT)
    assert asked(city, number, AT).request_id == first.request_id, "the same request twice is one"
    with city.store.session() as session:
        share.refuse_asked(session, citizen(code), first.request_id, now=AT)
        with pytest.raises(Missing):
            share.give_asked(session, citizen(code), first.request_id, now=AT)
    assert state(city, first.request_id, AT) == "refused"
    assert codes(look(city, number, AT)) == ["consent_missing"]
    second = asked(city, number, AT + timedelta(days=1))
    later = AT + timedelta(days=5)
    assert state(city, second.request_id, later) == "lapsed"
    with city.store.session() as session:
        assert share.consent_requests(session, citizen(code), now=later) == ()
        with pytest.raises(Missing):
            share.give_asked(session, citizen(code), second.request_id, now=later)
    asked(city, number, later)
    with city.store.session() as session:
        again = share.ask_consent(
            session, officer(), share.WantedConsent(PURPOSE, Key("citizen_id", number), reason=CASE), now=later + timedelta(days=4)
        )
    assert [one.code for one in again.grounds] == ["consent_often"]


def test_a_parent_answers_for_her_child(city: City) -> None:
    child, parent, number = city.one(CHILD)
    stranger = city.all(PEOPLE)[3][0]
    made = asked(city, number, AT, once=False)
    with city.store.session() as session:
        for other in (stranger, child):
            with pytest.raises(Missing):
                share.give_asked(session, citizen(other), made.request_id, now=AT)
        (waiting,) = [one for one in share.consent_requests(session, citizen(parent), now=AT) if one.subject == child]
        share.give_asked(session, citizen(parent), waiting.request_id, now=AT)
    assert look(city, number, AT).outcome == "found"
    with city.store.session() as session:
        (consent,) = [one for one in share.my_consents(session, citizen(parent), now=AT) if one.subject == child]
        assert consent.given_by == parent
        with pytest.raises(Missing):
            share.withdraw_consent(session, citizen(stranger), consent.consent_id, now=AT)
        share.withdraw_consent(session, citizen(parent), consent.consent_id, now=AT)
    assert codes(look(city, number, AT)) == ["consent_missing"]


def test_nobody_is_found_outside_the_area_and_no_other_purpose_asks(city: City) -> None:
    _, number = city.all(PEOPLE)[3]
    elsewhere = replace(officer(), jurisdiction=("370399",))
    with city.store.session() as session:
        none = share.ask_consent(session, elsewhere, share.WantedConsent(PURPOSE, Key("citizen_id", number), reason=CASE), now=AT)
        assert none.request is None and [one.code for one in none.grounds] == ["not_here"]
        other = share.ask_consent(session, clerk("approval"), share.WantedConsent("window_service", Key("citizen_id", number)), now=AT)
        assert [one.code for one in other.grounds] == ["consent_not_asked"]
        with pytest.raises(BadValue, match="days"):
            share.ask_consent(session, officer(), share.WantedConsent(PURPOSE, Key("citizen_id", number), days=999), now=AT)


def test_every_step_is_in_the_record_without_personal_data(city: City) -> None:
    code, number = city.all(PEOPLE)[3]
    made = asked(city, number, AT)
    with city.store.session() as session:
        share.give_asked(session, citizen(code), made.request_id, now=AT)
    look(city, number, AT)
    rows = city.all("SELECT body FROM ledger_line WHERE subject = :code AND type IN ('consent', 'read') ORDER BY leaf_index", code=code)
    bodies = [json.loads(row[0]) for row in rows]
    assert [one["act"] for one in bodies if "act" in one][-2:] == ["asked", "given"]
    assert bodies[-1]["consent"].startswith("S"), "the look names the consent it stood on"
    assert number not in repr(rows)
