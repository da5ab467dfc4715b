"""Finding in the catalogue, what installation brings, lineage and freshness."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.share.catalogue.makers import AUTHORITY, READER, STEWARD, item, officer
from tests.share.city import NOW
from tests.share.conftest import packs

from datong import share
from datong.domain.errors import BadPack, BadValue, Forbidden
from datong.domain.secrecy import marking_in
from datong.settings import load_settings
from datong.share import catalogue
from datong.share.catalogue.bring import lead_department, of_source
from datong.spec import Faults
from datong.store import Session

ROOT = Path(__file__).parents[3]


@pytest.fixture
def filled(session: Session) -> Session:
    catalogue.bring_in(session, NOW)
    return session


def test_every_source_of_the_packs_stands_in_the_catalogue_without_fault(filled: Session) -> None:
    found = catalogue.find(filled, READER, {}, size=500)
    assert {one.resource for one in found.items} == set(packs().sources) and found.total == len(packs().sources)
    known = catalogue.Known(packs().departments, catalogue.rules_of(filled))
    for one in found.items:
        opened = catalogue.open_item(filled, READER, one.resource, now=NOW)
        assert catalogue.judge(opened.item, known) == ()
        assert opened.item.code and opened.fresh.light == "grey"
    assert len({one.code for one in found.items}) == found.total
    assert {row[1] for row in catalogue.systems(filled, READER)} == {source.department for source in packs().sources.values()}


def test_bringing_in_again_changes_nothing_and_a_changed_pack_makes_a_version(session: Session) -> None:
    assert catalogue.bring_in(session, NOW) == len(packs().sources)
    lines = session.one("SELECT count(*) FROM ledger_line")
    assert catalogue.bring_in(session, NOW) == 0 and session.one("SELECT count(*) FROM ledger_line") == lines
    source = packs().sources["water_reading"]
    changed = replace(packs(), sources={**packs().sources, "water_reading": replace(source, update_cycle="daily")})
    share.install(session.store, load_settings(environ={}, packs=str(ROOT / "packs")), changed)
    assert catalogue.bring_in(session, NOW) == 1
    opened = catalogue.open_item(session, READER, "water_reading", now=NOW)
    assert opened.entry.version == 2 and [one.field for one in opened.versions[0].changes or ()] == ["cycle"]


def test_pages_by_cursor_hold_everything_once_and_in_the_same_order(filled: Session) -> None:
    for wanted in ({}, {"q": "证"}, {"department": "police"}, {"sharing_class": "open", "q": "名称"}):
        whole = [one.resource for one in catalogue.find(filled, READER, wanted, size=500).items]
        seen, cursor = [], ""
        while True:
            page = catalogue.find(filled, READER, wanted, cursor=cursor, size=3)
            seen += [one.resource for one in page.items]
            if not (cursor := page.next_cursor):
                break
        assert seen == whole and len(set(seen)) == len(seen) and page.total == len(whole)
    assert whole


def test_it_is_found_by_any_word_of_names_items_departments_and_codes(filled: Session) -> None:
    for words in ("户籍", "公安 身份", "police_household", "不动产 权利人", "公积金", "1010"):
        found = catalogue.find(filled, READER, {"q": words})
        assert found.total, words
    assert catalogue.find(filled, READER, {"q": "100%_!"}).total == 0
    first = catalogue.find(filled, READER, {"q": "户口"}).items
    assert not first or "户口" in first[0].title or all("户口" not in one.title for one in first)


@settings(max_examples=50, deadline=None)
@given(words=st.text(max_size=12))
def test_no_typed_word_breaks_the_search(filled_once: Session, words: str) -> None:
    found = catalogue.find(filled_once, READER, {"q": words.replace("\x00", "")})
    assert 0 <= len(found.items) <= found.total


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory):
    from datong.store import migrate, open_store

    path = tmp_path_factory.mktemp("found") / "store.db"
    made = open_store(load_settings(store=f"sqlite:///{path}", environ={}))
    migrate(made)
    share.install(made, load_settings(environ={}, packs=str(ROOT / "packs")), packs())
    with made.session() as session:
        catalogue.bring_in(session, NOW)
        yield session
    made.close()


def test_a_wrong_cursor_or_state_is_told(filled: Session) -> None:
    for cursor in ("x", "2.1", "1.-1", "1." + "9" * 30):
        with pytest.raises(BadValue):
            catalogue.find(filled, READER, {}, cursor=cursor)
    with pytest.raises(BadValue):
        catalogue.find(filled, READER, {"state": "all"})
    with pytest.raises(Forbidden):
        catalogue.find(filled, officer("police", "citizen"), {})


def test_drafts_are_seen_by_their_department_and_the_authority_alone(session: Session) -> None:
    catalogue.enter(session, STEWARD, item(), now=NOW)
    assert catalogue.find(session, STEWARD, {"state": "draft"}).total == catalogue.find(session, AUTHORITY, {"state": "draft"}).total == 1
    assert catalogue.find(session, READER, {"state": "draft"}).total == catalogue.find(session, READER, {}).total == 0


def test_the_way_of_an_item_from_delivery_to_use(filled: Session) -> None:
    filled.run(
        "INSERT INTO delivery (delivery_id, resource, sha256, size, file_name, form, mode, as_of, received_at, received_from, state, reason, message, receipt) "
        "VALUES ('d000001', 'police_household', 'x', 1, 'a.csv', 'file', 'full', '2026-11-01', '2026-11-01T00:00:00Z', 'cli', 'collected', '', '', '{}')"
    )
    way = catalogue.lineage(filled, READER, "police_household")
    assert way.deliveries[0][:2] == ("d000001", "2026-11-01")
    flow = next(one for one in way.flows if one.register_field == "citizen_id")
    assert (flow.register, flow.place) == ("person", 1) and flow.uses
    assert "window_service" in way.purposes
    assert {use.purpose for one in way.flows for use in one.uses} <= set(share.installed(filled).sharing.purposes)
    fresh = catalogue.open_item(filled, READER, "police_household", now=NOW).fresh
    assert (fresh.newest, fresh.days, fresh.light, fresh.deliveries) == ("2026-11-01", 2, "green", 1)
    assert catalogue.lineage(filled, READER, "civil_adoption").flows is not None


def test_each_item_names_the_department_whose_word_holds(filled: Session) -> None:
    assert lead_department(packs(), "premises", "title_unit_no") == "natural_resources"
    item = of_source(packs().sources["housing_property_premises"], packs(), catalogue.rules_of(filled))
    owners = {one.code: one.source_department for one in item.fields}
    assert owners["certificate_no"] == "natural_resources" and owners["manager_credit_code"] == "market_regulation"
    assert owners["record_no"] == "housing"


def rules_of(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "registers").mkdir(parents=True)
    (tmp_path / "registers/catalogue.yml").write_text(text, encoding="utf-8")
    faults = Faults()
    catalogue.read_rules(replace(packs(), folder=tmp_path), faults)
    return [str(one) for one in faults.found]


def test_a_city_may_be_quicker_than_the_regulation_never_slower(tmp_path: Path) -> None:
    assert rules_of(tmp_path / "a", "authority: data\nclocks: {update: 5, extension: 0, review: 1}\n") == []
    (told,) = rules_of(tmp_path / "b", "authority: data\nclocks: {update: 15}\n")
    assert "catalogue.yml:2" in told and "at most 10 working days" in told


def test_faults_of_the_rules_name_file_line_and_mend(tmp_path: Path) -> None:
    told = rules_of(
        tmp_path,
        "authority: nobody\nacts: {《甲》: statute}\nbases:\n  nothing: [{act: 《乙》, says: open}]\n"
        "obtainable:\n  x: {title: 证, resources: [no]}\nresponsibilities:\n  nobody: [{duty: a, article: b}]\ncode: '['\n",
    )
    assert len(told) >= 7 and all("catalogue.yml:" in one for one in told)


def test_an_act_is_cited_with_its_rank() -> None:
    faults = Faults()
    rules = catalogue.read_rules(packs(), faults)
    assert faults.found == []
    cited = rules.cited("《中华人民共和国民法典》第一千零四十九条、《婚姻登记条例》", "conditional")
    assert [(one.act, one.article, one.kind) for one in cited] == [
        ("《中华人民共和国民法典》", "第一千零四十九条", "law"),
        ("《婚姻登记条例》", "", "regulation"),
    ]


@pytest.mark.parametrize("text", ["机密★1年.xlsx", "（绝密）名单", "秘密级文件", "工作秘密清单.csv", "会议纪要-秘密", "国家秘密载体"])
def test_a_marking_of_secrecy_is_seen(text: str) -> None:
    assert marking_in(text)


@pytest.mark.parametrize("text", ["商业秘密保护", "个人秘密", "保守国家机关名录", "机密性要求", "密码管理局", "身份证号"])
def test_what_is_no_marking_is_passed(text: str) -> None:
    assert marking_in(text) == ""


def test_rules_that_cannot_stand_are_a_fault_of_the_packs(session: Session, tmp_path: Path) -> None:
    bad = replace(packs(), folder=tmp_path)
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers/catalogue.yml").write_text("authority: nobody\n")
    session.store.parts["share.policy"] = replace(share.installed(session), packs=bad)
    with pytest.raises(BadPack):
        catalogue.find(session, READER, {"state": "draft"})
