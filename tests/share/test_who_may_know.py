"""What the record of looks, the feed of changes and the reading of addresses tell, and whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.share.city import NOW, WANG_ID, City, citizen, clerk

from datong import share
from datong.domain.access import Actor, Key, Question, Reason
from datong.domain.errors import Forbidden, Missing
from datong.store import Session


@pytest.fixture
def wang(city: City) -> Actor:
    return citizen(city["wang"])


def looks(session: Session, number: int, purpose: str = "window_service", **how: str) -> None:
    asker = (
        clerk("approval") if purpose == "window_service" else clerk("police", roles=frozenset({"officer"}), domains=("public_security",))
    )
    for minute in range(number):
        question = Question(purpose, "look_up", "person", Key("citizen_id", WANG_ID), reason=Reason("case", "案2026-1"))
        answer = share.ask(
            session, asker, question, now=NOW + timedelta(minutes=minute, **{name: int(value) for name, value in how.items()})
        )
        assert answer.outcome == "found", answer.grounds


def pages(session: Session, wang: Actor, limit: int) -> list[tuple[int, str]]:
    found, cursor = [], ""
    while True:
        page = share.who_looked(session, wang, share.Wanted(limit=limit, cursor=cursor), now=NOW + timedelta(days=1))
        found.append((len(page.looks), page.next_cursor.partition("_")[0]))
        cursor = page.next_cursor
        if not cursor:
            return found


def test_pages_of_looks_are_cut_alike_whether_or_not_the_police_enquired(session: Session, city: City, wang: Actor) -> None:
    looks(session, 7)
    without = pages(session, wang, 3)
    looks(session, 5, "police_enquiry", seconds="30")
    assert pages(session, wang, 3) == without
    assert [number for number, _ in without] == [3, 3, 1]


def test_looks_at_a_home_from_before_it_was_hers_are_not_hers_to_see(session: Session, city: City, wang: Actor) -> None:
    home = Question("window_service", "look_up", "premises", Key("code", city["flat"]))
    earlier = share.ask(session, clerk("approval"), home, now=NOW)
    session.run("UPDATE relation SET since = '2026-11-10' WHERE from_code = :wang", {"wang": wang.subject})
    share.ask(session, clerk("approval"), home, now=NOW + timedelta(days=10))
    seen = share.who_looked(session, wang, share.Wanted(subject=city["flat"]), now=NOW + timedelta(days=11)).looks
    assert [one.at[:10] for one in seen] == ["2026-11-13"]
    assert share.count_looks(session, wang, "", city["flat"]) == {"approval": 1}
    assert earlier.lines[0] not in [one.line_id for one in seen]
    with pytest.raises(Missing):
        share.find_look(session, wang, earlier.lines[0])


def test_the_reason_for_a_value_shown_whole_is_hers_to_read(session: Session, city: City, wang: Actor) -> None:
    question = Question(
        "window_service",
        "look_up",
        "person",
        Key("citizen_id", WANG_ID),
        unmask=("phone",),
        reason=Reason("unmask", text="电话通知补交材料"),
    )
    share.ask(session, clerk("approval"), question, now=NOW)
    seen = share.who_looked(session, wang, now=NOW).looks[0]
    assert (seen.unmasked, seen.said) == (True, "电话通知补交材料")


def test_changes_are_told_under_agreements_in_force_only(session: Session, city: City) -> None:
    session.run(
        "INSERT INTO change (seq, at, code, kind, what, detail) VALUES (1, :at, :code, 'person', 'changed', '{}')",
        {"at": "2026-11-03T00:00:00Z", "code": city["wang"]},
    )
    police = clerk("police", roles=frozenset({"officer"}))
    assert [one.code for one in share.changes(session, police, now=NOW)[0]] == [city["wang"]]
    with pytest.raises(Forbidden):
        share.changes(session, police, now=NOW + timedelta(days=2000))
    with pytest.raises(Forbidden):
        share.changes(session, clerk("police", roles=frozenset()), now=NOW)
