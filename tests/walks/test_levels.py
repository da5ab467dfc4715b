"""The walk of levels: a village's system, a town's and the province's join by the same doors, each within its own division."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.walks.conftest import NOW, City, actor

from datong import share
from datong.domain.access import Actor, Question
from datong.domain.errors import BadValue, Forbidden
from datong.share import boards, catalogue
from datong.spec import BODY_LEVELS
from datong.store import Session
from datong.web import NewKey, create_api_key
from datong.web.accounts import key_actor

AT = datetime.fromisoformat(NOW)
VILLAGE, TOWN = "370303008002", "370303008"
MANAGER = actor("officer", "data", roles=frozenset({"sharing_manager"}), jurisdiction=("",))


def joined(session: Session, name: str, department: str, *resources: str) -> Actor:
    """A system with a key of its own, issued without saying how far it reaches."""
    secret = create_api_key(session, NewKey(name, department, ("smart_community_premises",), resources), NOW)
    found = key_actor(session, secret)
    assert found is not None
    return found


def yard(number: str, division: str, community: str) -> dict[str, str]:
    return {
        "房屋编号": f"村报-{number}", "社区区划代码": division, "街道": "四宝山街道", "社区": community, "村": community, "院号": f"{number}号",
        "位置": f"张店区四宝山街道{community}{number}号", "性质": "居住", "所属网格": f"{division}01",
    }  # fmt: skip


def test_a_village_and_a_town_send_and_read_what_lies_in_their_own_division(city: City) -> None:
    with city.store.session() as session:
        village = joined(session, "宝山社区管理系统", "baoshan_community", "grid_premises")
        town = joined(session, "四宝山综合平台", "sibaoshan_office", "grid_premises")
    assert (village.jurisdiction, town.jurisdiction) == ((VILLAGE,), (TOWN,)), "no wider than their own division"
    with city.store.session() as session:
        taken = share.take_in(session, village, "grid_premises", [yard("91", VILLAGE, "宝山社区")], now=AT)
        assert taken.receipt.counts.accepted == 1 and len(taken.codes) == 1
        taken_too = share.take_in(session, town, "grid_premises", [yard("92", "370303008003", "华瑞园")], now=AT)
        assert taken_too.receipt.counts.accepted == 1
        with pytest.raises(BadValue, match="rows 2 name no place within 370303008002") as wrong:
            rows = [yard("93", VILLAGE, "宝山社区"), yard("94", "370303008003", "华瑞园")]
            share.take_in(session, village, "grid_premises", rows, now=AT)
        assert "华瑞园" not in str(wrong.value), "an error names rows, not what they say"
    question = Question("smart_community", "list", "premises", fields=("standard_address", "division"), limit=200)
    with city.store.session() as session:
        seen = {one.code for one in share.ask(session, village, question, now=AT).entries}
        seen_by_town = {one.code for one in share.ask(session, town, question, now=AT).entries}
        assert taken.codes[0] in seen and taken_too.codes[0] not in seen, "the next community is none of its business"
        assert {taken.codes[0], taken_too.codes[0]} <= seen_by_town
        for code in seen_by_town:
            (division,) = (
                city.one("SELECT division FROM entry WHERE code = :code", code=code)
                if code not in taken.codes + taken_too.codes
                else (TOWN,)
            )
            assert division.startswith(TOWN)


def test_nobody_below_the_city_reaches_beyond_by_a_key_a_resource_or_an_agreement(city: City) -> None:
    with city.store.session() as session:
        with pytest.raises(BadValue, match="lies outside the division of baoshan_community"):
            create_api_key(session, NewKey("x", "baoshan_community", (), (), ("370303",)), NOW)
        village = joined(session, "宝山社区管理系统", "baoshan_community", "grid_premises", "police_resident")
        with pytest.raises(BadValue, match="to which baoshan_community does not belong"):
            share.take_in(session, village, "police_resident", [{"姓名": "某人"}], now=AT)
        with pytest.raises(Forbidden):
            share.take_in(session, village, "tax_paid", [{"x": "y"}], now=AT)


def test_an_agreement_that_opens_the_city_to_a_village_is_a_fault_of_its_pack(city: City, tmp_path) -> None:
    import shutil

    shutil.copytree(city.packs.folder, tmp_path / "packs")
    path = tmp_path / "packs" / "registers" / "agreements.yml"
    text = path.read_text(encoding="utf-8")
    at = text.index("  smart_community_premises:")
    path.write_text(text[:at] + text[at:].replace("jurisdiction: own", "jurisdiction: city", 1), encoding="utf-8")
    faults = [str(one) for one in share.check_sharing(replace(city.packs, folder=tmp_path / "packs"))]
    assert any("baoshan_community" in one and VILLAGE in one for one in faults), faults


def test_the_directory_and_the_board_count_by_level_and_keep_slots_for_the_rest(city: City) -> None:
    with city.store.session() as session:
        catalogue.bring_in(session, AT)
        village = joined(session, "宝山社区管理系统", "baoshan_community", "grid_premises")
        joined(session, "四宝山综合平台", "sibaoshan_office", "grid_premises")
        share.take_in(session, village, "grid_premises", [yard("91", VILLAGE, "宝山社区")], now=AT)
    with city.store.session() as session:
        counts, bodies = boards.directory(session, MANAGER, now=AT)
        figures, _ = boards.sharing_board(session, MANAGER, now=AT)
        assert boards.by_level(session, figures.parts) == counts
    by = {one.level: one for one in counts}
    assert tuple(by) == BODY_LEVELS
    state = {one.department.code: one.state for one in bodies}
    assert (state["baoshan_community"], state["sibaoshan_office"]) == ("joined", "ready")
    assert all(state[f"{name}_data"] == "slot" for name in ("zichuan", "boshan", "linzi", "zhoucun", "huantai", "gaoqing", "yiyuan"))
    assert by["village"].joined == 1 and by["village"].sent == 2 and by["city"].resources >= 90 and by["city"].rows > 1000
    assert by["county"].bodies >= 8 and sum(one.bodies for one in counts) == len(city.packs.departments)
