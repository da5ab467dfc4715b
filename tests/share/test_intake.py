"""A record pushed by a department's system stands in the registers at once, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.share.city import FIRM_CREDIT, NOW, clerk, credit_code
from tests.share.conftest import PACKS, packs

from datong import ledger, share
from datong.cli.init import make_city
from datong.domain.access import Actor, Key, Question
from datong.domain.errors import BadValue, Forbidden
from datong.store import Store, open_store

ROW = {
    "主体身份代码": "E1",
    "统一社会信用代码": FIRM_CREDIT,
    "企业名称": "淄博明月商贸有限公司",
    "企业类型": "有限责任公司",
    "登记状态": "存续",
    "住所": "淄博市高新区柳泉路1号3号楼2单元1501室",
    "登记机关": "某局",
}
SYSTEM = Actor("key_1", "登记系统", "system", "market_regulation", jurisdiction=("",), resources=("market_enterprise",))


@pytest.fixture
def city_store(tmp_path: Path) -> Iterator[Store]:
    settings = make_city(tmp_path / "city", {"packs": str(PACKS)})
    opened = open_store(settings)
    share.install(opened, settings, packs())
    yield opened
    opened.close()


def test_a_pushed_record_is_answered_in_the_same_transaction(city_store: Store) -> None:
    with city_store.session() as session:
        taken = share.take_in(session, SYSTEM, "market_enterprise", [_whole(ROW)], now=NOW)
        assert taken.receipt.counts.accepted == 1, taken.receipt
        question = Question(
            "address_at_registration", "look_up", "organisation", Key("credit_code", FIRM_CREDIT), fields=("org_name", "status")
        )
        answer = share.ask(session, clerk(jurisdiction=("",)), question, now=NOW)
        assert answer.entries[0].code in taken.codes
        assert {fact.field: fact.value for fact in answer.entries[0].facts} == {"org_name": "淄博明月商贸有限公司", "status": "active"}
        for code in taken.codes:
            assert [one.line.type for one in ledger.lines_of_subject(session, code, purpose="").lines][-1] == "push"
        line = ledger.find_line(session, taken.line)
        assert line is not None
        assert line.line.body["delivery"] == taken.receipt.delivery_id
        again = share.take_in(session, SYSTEM, "market_enterprise", [_whole(ROW)], now=NOW)
        assert again.receipt.already_received
        assert again.codes == ()


def test_a_row_that_cannot_stand_waits_and_is_counted(city_store: Store) -> None:
    with city_store.session() as session:
        taken = share.take_in(session, SYSTEM, "market_enterprise", [_whole({**ROW, "统一社会信用代码": "不是代码"})], now=NOW)
        assert (taken.receipt.counts.accepted, taken.receipt.rejected, taken.codes) == (0, 1, ())


def test_only_a_key_for_the_resource_may_push(city_store: Store) -> None:
    with city_store.session() as session:
        for actor in (clerk(), Actor("key_2", "别的系统", "system", "police", resources=("police_household",))):
            with pytest.raises(Forbidden):
                share.take_in(session, actor, "market_enterprise", [ROW], now=NOW)
        with pytest.raises(BadValue):
            share.take_in(session, SYSTEM, "market_enterprise", [], now=NOW)
        assert ledger.size(session) == 0


def _whole(row: dict[str, str]) -> dict[str, str]:
    """The row with every column of the resource, as its department names them."""
    source = packs().source("market_enterprise")
    return {**{column.name: "" for column in source.columns}, **dict.fromkeys(source.ignored, ""), **row}


def test_pushes_that_meet_are_taken_in_together_and_answered_apart(city_store: Store) -> None:
    other = {**ROW, "主体身份代码": "E2", "统一社会信用代码": credit_code("91370303MA3CXYW12"), "企业名称": "淄博晨星商贸有限公司"}
    bad = {**ROW, "主体身份代码": "E3", "统一社会信用代码": "不是代码"}
    stranger = Actor("key_2", "别的系统", "system", "police", resources=("police_household",))
    pushes = [
        share.Push(SYSTEM, "market_enterprise", [_whole(ROW)]),
        share.Push(SYSTEM, "market_enterprise", [_whole(bad), _whole(other)]),
        share.Push(stranger, "market_enterprise", [_whole(ROW)]),
        share.Push(SYSTEM, "market_enterprise", []),
    ]
    with city_store.session() as session:
        first, second, third, fourth = share.take_in_all(session, pushes, now=NOW)
        assert isinstance(first, share.TakenIn) and isinstance(second, share.TakenIn)
        assert isinstance(third, Forbidden) and isinstance(fourth, BadValue)
        assert first.receipt.delivery_id == second.receipt.delivery_id, "kept as one message"
        assert (first.receipt.counts.accepted, first.receipt.rejected) == (1, 0)
        assert (second.receipt.counts.accepted, second.receipt.rejected, second.first_row) == (1, 1, 2)
        assert first.codes and second.codes and not set(first.codes) & set(second.codes), "each learns his own"
        assert ledger.find_line(session, first.line) != ledger.find_line(session, second.line)
        again = share.take_in_all(session, [share.Push(SYSTEM, "market_enterprise", [_whole(ROW)])] * 2, now=NOW)
        assert [one.codes for one in again if isinstance(one, share.TakenIn)] == [first.codes, ()], "the second is known by then"


def test_together_and_one_by_one_end_in_the_same_registers(city_store: Store, tmp_path: Path) -> None:
    rows = [
        {**ROW, "主体身份代码": f"E{n}", "统一社会信用代码": credit_code(f"91370303MA3C{n:05}"), "企业名称": f"淄博{n}号商贸有限公司"}
        for n in range(5)
    ]
    settings = make_city(tmp_path / "twin", {"packs": str(PACKS)})
    twin = open_store(settings)
    share.install(twin, settings, packs())
    with city_store.session() as session, twin.session() as other:
        share.take_in_all(session, [share.Push(SYSTEM, "market_enterprise", [_whole(row)]) for row in rows], now=NOW)
        for row in rows:
            share.take_in(other, SYSTEM, "market_enterprise", [_whole(row)], now=NOW)
        labels = "SELECT kind, label, division FROM entry ORDER BY kind, label"
        assert session.all(labels) == other.all(labels) != []
    twin.close()
