"""A record pushed by a department's system stands in the registers at once, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.share.city import FIRM_CREDIT, NOW, clerk
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
