"""What a case saved people: the item's old way less what the case took, for granted cases only, worth what a trip cost in its month."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.town import NOW, accept, finish, officer, restaurant
from tests.share.city import FIRM_CREDIT, WANG_ID, citizen, fill

from datong import services, spec
from datong.domain.access import Actor, Key
from datong.domain.errors import Forbidden
from datong.services.terms import read_terms, terms
from datong.store import Session

LEADER = Actor("leader", "主任", "officer", "data", "", frozenset({"leader"}), ("",))
LATER = NOW + timedelta(hours=1)


def granted(session: Session, number: str) -> None:
    accept(session, number)
    services.act(session, officer("ecology"), number, services.Doing("claim", "environment"), now=NOW)
    services.act(session, officer("ecology"), number, services.Doing("finish", "environment", "", {"outcome": "agree"}), now=NOW)
    for task in ("food", "fire", "sign", "tobacco"):
        finish(session, number, task)


def test_a_granted_case_saves_what_the_old_way_took_less_what_it_took(any_session: Session) -> None:
    city = fill(any_session)
    granted(any_session, restaurant(any_session, city=city).case.case_id)
    refused = restaurant(any_session, city=city).case.case_id
    services.act(any_session, citizen(city["wang"]), refused, services.Doing("withdraw"), now=NOW)
    assert services.count_benefits(any_session, now=NOW) == 0, "who commits late is waited for"
    assert services.count_benefits(any_session, now=LATER) == 2 and services.count_benefits(any_session, now=LATER) == 0
    board = services.benefits(any_session, LEADER, "2026-01", "2026-12")
    (row,) = board.rows
    assert (row.cases, row.granted, row.online) == (2, 1, 2), "the denominators"
    assert (row.visits, row.papers, row.days) == (7 - 0, 17 - 1, 40 - 0), "one paper was handed in, nobody came"
    assert row.fen == 7 * 20000 + 16 * 50 == board.total.fen
    assert {one.what for one in board.costs} == {"visit", "paper"} and all(one.reference for one in board.costs)
    assert services.benefits(any_session, LEADER, "2025-01", "2025-12").rows == ()


def test_what_a_case_saved_is_taken_back_at_once_when_it_is_opened_again(any_session: Session) -> None:
    city = fill(any_session)
    number = restaurant(any_session, city=city).case.case_id
    granted(any_session, number)
    kept = restaurant(any_session, city=city).case.case_id
    services.act(any_session, citizen(city["wang"]), kept, services.Doing("withdraw"), now=NOW)
    services.count_benefits(any_session, now=LATER)
    again = services.Doing("reopen", "", "消防复查", {"tasks": ["fire"]})
    services.act(any_session, officer("approval"), number, again, now=LATER)
    board = services.benefits(any_session, LEADER, "2026-01", "2026-12")
    assert (board.total.cases, board.total.granted, board.total.fen) == (1, 0, 0), "at once, without a count"
    assert services.count_benefits(any_session, now=LATER + timedelta(hours=1)) == 0, "it has not ended"
    finish(any_session, number, "fire", now=LATER)
    assert services.count_benefits(any_session, now=LATER + timedelta(hours=1)) == 1
    board = services.benefits(any_session, LEADER, "2026-01", "2026-12")
    assert (board.total.cases, board.total.granted, board.total.visits) == (2, 1, 7), "counted once, when it was granted again"


def test_a_case_begun_at_a_counter_took_one_trip(session: Session) -> None:
    fill(session)
    clerk = Actor("clerk", "窗口", "officer", "approval", "大厅", frozenset({"window_clerk"}), ("",))
    form = {"credit_code": FIRM_CREDIT, "premises": "370303008001GB00001F00010001", "shop_name": "面馆", "area": "80", "dishes": "hot"}
    form |= {"seats": "10", "phone": "13900001111", "address": "柳泉路1号"}
    wanted = services.NewCase(
        "restaurant_opening",
        Key("citizen_id", WANG_ID),
        {"tobacco": "no", "sign": "no"},
        form,
        {"layout": "图"},
        name="王小明",
    )
    number = services.begin(session, clerk, wanted, now=NOW).case.case_id
    accept(session, number)
    services.act(session, officer("ecology"), number, services.Doing("claim", "environment"), now=NOW)
    services.act(session, officer("ecology"), number, services.Doing("finish", "environment", "", {"outcome": "agree"}), now=NOW)
    for task in ("food", "fire"):
        finish(session, number, task)
    services.count_benefits(session, now=LATER)
    (row,) = services.benefits(session, LEADER, "2026-11", "2026-11").rows
    assert (row.online, row.visits) == (0, 6)


def test_only_who_reads_boards_sees_it(session: Session) -> None:
    with pytest.raises(Forbidden):
        services.benefits(session, officer("approval"), "2026-01", "2026-12")


def test_costs_hold_from_their_day_and_a_fault_has_its_line(session: Session, tmp_path: Path) -> None:
    held = terms(session)
    assert held.cost("visit", "2016-12") is None and held.cost("visit", "2026-11") is not None
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "benefits.yml").write_text('unit_costs:\n  - {what: coffee, fen: many, from: "soon"}\n', encoding="utf-8")
    faults = spec.Faults()
    packs = spec.load_packs(Path(__file__).parents[2] / "packs")
    read_terms(spec.Packs(**{**vars(packs), "folder": tmp_path}), faults)
    said = " ".join(str(one) for one in faults.found)
    assert "benefits.yml:2" in said and "coffee" in said and "soon" in said and "reference" in said and "fen" in said
