"""A source is down when a case begins: it is asked again by itself, and what it says decides; when it never answers, an officer does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.simulated_city import City
from tests.walks.doors import Doors, doors
from tests.walks.test_pack_instant import INSURED

from datong import share
from datong.cli import worker

__all__ = ["doors"]
ITEM = "insurance_statement"


def clear(doors: Doors, city: City) -> str:
    """Somebody to whom the item is given at once while everything is up."""
    for (code,) in city.all(INSURED):
        made = doors.phone(code).apply(ITEM)
        if "已办结，准予" in doors.phone(code).case(made.case_id):
            return code
    raise AssertionError("nobody's record is clear")


def unreachable(*_: object, **__: object) -> None:
    raise TimeoutError


def waiting(city: City, case_id: str) -> list[tuple[str, ...]]:
    return city.all("SELECT tries, next_at, until FROM service_wait WHERE case_id = :case", case=case_id)


def asked_again(doors: Doors) -> None:
    """What the worker does each minute."""
    worker.ask_sources_again(doors.city.store, doors.city.settings, doors.now.isoformat())


def test_a_source_that_was_down_is_asked_again_and_what_it_says_decides(doors: Doors, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    who, asking = clear(doors, city), share.ask
    phone = doors.phone(who)
    monkeypatch.setattr(share, "ask", unreachable)
    made = phone.apply(ITEM, f_purpose_of_use="购房")
    page = phone.case(made.case_id)
    assert "数据来源暂时无法访问，系统会再次询问" in page and "将于 2026-11-23 09:05 再次询问，最迟到 2026-11-24 09:00" in page
    assert "不用您做什么" in phone.messages()
    asked_again(doors)
    assert waiting(city, made.case_id)[0][0] == 0, "not before its moment"
    for tries, (after, following) in enumerate(((5, "09:15"), (10, "09:35"), (20, "10:15")), 1):
        doors.later(minutes=after)
        asked_again(doors)
        assert waiting(city, made.case_id)[0][0] == tries and f"将于 2026-11-23 {following} 再次询问" in phone.case(made.case_id)
    lines = city.all("SELECT body FROM ledger_line WHERE type = 'case' AND body LIKE :case ORDER BY leaf_index", case=f"%{made.case_id}%")
    assert [json.loads(body)["act"] for (body,) in lines] == ["submit", "source", "source", "source"], "each try has its line"
    monkeypatch.setattr(share, "ask", asking)
    doors.later(minutes=40)
    asked_again(doors)
    page = phone.case(made.case_id)
    assert "已办结，准予" in page and "数据来源已答复" in page and waiting(city, made.case_id) == []
    assert "数据来源已答复，办件继续办理" in phone.messages()
    (looked,) = city.all("SELECT count(*) FROM ledger_line WHERE subject = :who AND body LIKE :case", who=who, case=f"%{made.case_id}%")
    assert int(looked[0]) >= 1, "what was asked at last stands in her record"
    assert city.all("SELECT 1 FROM licence WHERE case_ref = :case AND type = 'insurance_statement'", case=made.case_id)


def test_a_source_that_never_answers_leaves_it_to_an_officer(doors: Doors, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = doors.phone(clear(doors, city))
    with monkeypatch.context() as patched:
        patched.setattr(share, "ask", unreachable)
        made, left = phone.apply(ITEM), phone.apply(ITEM)
        phone.do(left.case_id, "withdraw")
        for _ in range(40):
            doors.now += timedelta(hours=1)
            asked_again(doors)
    assert waiting(city, left.case_id) == [], "who withdrew waits no more"
    doors.later(minutes=1)
    officer = doors.window("human_resources")
    page = officer.case(made.case_id)
    assert "数据来源到期未答复，转人工凭材料办理" in page and "再次询问，来源仍无法访问" in page
    officer.finish(made.case_id, "check")
    assert "已办结，准予" in phone.case(made.case_id) and "由工作人员凭材料办理" in phone.messages()
