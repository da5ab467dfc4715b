"""The walk of once only: a counter verifies identity and papers; the next counter is told and asks for none of it again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.walks.conftest import NOW, City, actor, clerk

from datong import share
from datong.domain.access import Actor, Key, Question, VerifiedOnce
from datong.domain.errors import BadValue, Forbidden, Missing

AT = datetime.fromisoformat(NOW)
BASIS = "购房入户"


def window() -> Actor:
    return clerk("approval")


def school() -> Actor:
    return actor("officer", "education", roles=frozenset({"window_clerk"}), jurisdiction=("3703",), domains=("education",))


def owner(city: City) -> str:
    return city.one(
        "SELECT e.code FROM entry e JOIN relation r ON r.from_code = e.code AND r.type = 'owns' AND r.until = '' "
        "WHERE e.kind = 'person' AND e.body LIKE '%household_no%' ORDER BY e.code"
    )[0]


def told(city: City, who: Actor, purpose: str, code: str, *, days: int = 0) -> dict[str, VerifiedOnce]:
    with city.store.session() as session:
        answer = share.ask(session, who, Question(purpose, "look_up", "person", Key("code", code)), now=AT + timedelta(days=days))
        assert answer.outcome == "found", answer.grounds
        return {one.what: one for one in answer.entries[0].verified}


def verify(city: City, who: Actor, code: str, what: str, how: str = "original", days: int = 0) -> VerifiedOnce:
    with city.store.session() as session:
        return share.note_verified(session, who, code, what, (how, BASIS), days=days, now=AT)


def test_what_one_counter_verified_the_next_does_not_ask_again(city: City) -> None:
    code = owner(city)
    assert told(city, school(), "school_enrolment", code) == {}
    verify(city, window(), code, "identity", "card")
    verify(city, window(), code, "title_certificate")
    found = told(city, school(), "school_enrolment", code)
    assert set(found) == {"identity", "title_certificate"}
    one = found["title_certificate"]
    assert (one.department, one.how, one.basis, one.until) == ("approval", "original", BASIS, "2027-11-20")
    assert told(city, school(), "school_enrolment", code, days=400) == {}, "it has run out"
    lines = city.all("SELECT body FROM ledger_line WHERE subject = :code AND type = 'mark'", code=code)
    assert any('"paper":"title_certificate"' in body for (body,) in lines) and not any(BASIS in body for (body,) in lines)


def test_that_a_paper_was_verified_is_told_to_nobody_who_may_not_read_what_it_says(city: City) -> None:
    code = owner(city)
    verify(city, window(), code, "disability_card")
    verify(city, window(), code, "identity", "card")
    assert set(told(city, school(), "school_enrolment", code)) == {"identity"}, (
        "whether somebody is disabled is none of the school's business"
    )
    assert set(told(city, window(), "window_service", code)) == {"identity", "disability_card"}


def test_taken_back_replaced_and_stopped_by_an_investigation(city: City) -> None:
    code = owner(city)
    verify(city, window(), code, "identity", "card", 30)
    verify(city, window(), code, "identity", "licence", 60)
    assert told(city, window(), "window_service", code)["identity"].how == "licence"
    with city.store.session() as session:
        with pytest.raises(Missing):
            share.withdraw_verified(session, school(), code, "identity", now=AT)
        share.withdraw_verified(session, window(), code, "identity", now=AT)
    assert told(city, window(), "window_service", code) == {}
    verify(city, window(), code, "identity")
    with city.store.session() as session:
        share.report_wrong(session, window(), share.Wrong(code, "name", "姓名与身份证上的不一样"), now=AT)
    assert told(city, window(), "window_service", code) == {}, "while something is under investigation everybody looks for himself"
    with pytest.raises(BadValue, match="under investigation"):
        verify(city, window(), code, "identity")


def test_what_cannot_be_verified_so(city: City) -> None:
    code = owner(city)
    for what, how, said in (("diary", "original", "what"), ("identity", "guess", "how")):
        with pytest.raises(BadValue, match=said):
            verify(city, window(), code, what, how)
    with pytest.raises(BadValue, match="days"):
        verify(city, window(), code, "identity", days=99999)
    with city.store.session() as session:
        with pytest.raises(BadValue, match="basis"):
            share.note_verified(session, window(), code, "identity", ("card", " "), now=AT)
        with pytest.raises(Forbidden):
            share.note_verified(
                session, actor("officer", "approval", roles=frozenset({"auditor"})), code, "identity", ("card", BASIS), now=AT
            )
        (home,) = session.one("SELECT code FROM entry WHERE kind = 'premises' ORDER BY code") or ("",)
        with pytest.raises(BadValue, match="premises"):
            share.note_verified(session, window(), home, "identity", ("card", BASIS), now=AT)
