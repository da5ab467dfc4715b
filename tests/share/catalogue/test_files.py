"""The catalogue as files: what is written is read back the same, in all three forms; faults are told all at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.share.catalogue.makers import KEEPER, PARKING, READER, STEWARD, item, items
from tests.share.city import NOW
from tests.share.conftest import packs

from datong.domain.errors import Forbidden
from datong.share import catalogue
from datong.share.catalogue import Field, files
from datong.share.catalogue.words import HEADINGS
from datong.store import Session

CAST = files.Cast(
    {code: one.title_zh for code, one in packs().departments.items()},
    {code: (one.title_zh, one.credit_code) for code, one in packs().departments.items()},
)


@pytest.mark.parametrize("form", files.FORMS)
@settings(max_examples=60, deadline=None)
@given(made=st.lists(items(), min_size=1, max_size=3, unique_by=lambda one: (one.title, one.department)))
def test_every_item_comes_back_as_it_went(form: str, made: list[catalogue.Resource]) -> None:
    read, faults = files.read(files.write(made, form, CAST), f"目录.{form}", CAST)
    assert faults == []
    assert [one.item for one in read] == made


def test_a_spreadsheet_takes_no_cell_for_a_formula_and_sees_chinese() -> None:
    text = files.write([item(title="=cmd|' /C calc'!A0", summary="@sum")], "csv", CAST).decode()
    assert text.startswith("\ufeff目录编号") and ",'=cmd" in text and ",'@sum" in text


def test_a_sorted_table_and_one_in_gb18030_are_read_alike() -> None:
    lines = files.write([PARKING, item(title="路内泊位")], "csv", CAST).decode().lstrip("\ufeff").splitlines()
    shuffled = "\r\n".join([lines[0], *sorted(lines[1:])])
    read, faults = files.read(shuffled.encode("gb18030"), "目录.csv", CAST)
    assert faults == [] and {one.item.title for one in read} == {"公共停车场泊位信息", "路内泊位"}
    assert {one.item.summary for one in read} == {PARKING.summary}


def table(*rows: dict[str, str]) -> bytes:
    lines = [",".join(HEADINGS), *(",".join(row.get(name, "") for name in HEADINGS) for row in rows)]
    return "\n".join(lines).encode()


def row(**changes: str) -> dict[str, str]:
    found = dict(zip(HEADINGS, next(iter(files.rows_of([PARKING], CAST.titles))), strict=True))
    return found | {{"title": "信息资源名称", "level": "数据分级", "cycle": "更新周期", "bases": "法律依据", "of": "提供方", "secret": "涉密标识",
                     "share": "共享类型", "why": "不予共享理由", "code": "信息项代码", "name": "信息项名称"}[key]: text for key, text in changes.items()}  # fmt: skip


def test_every_fault_of_a_file_is_told_with_its_row_and_nothing_is_kept(session: Session) -> None:
    content = table(
        row(title="甲", cycle="偶尔", level="九"),
        row(title="乙", of="市水利局"),
        row(title="丙", bases="地方政府规章"),
        row(title="丁", code="1x"),
        row(title="戊"),
    )
    told = catalogue.take_in(session, KEEPER, content, "目录.csv", now=NOW)
    assert told.entered == ()
    places = [(one.row, one.field) for one in told.faults]
    assert {(2, "cycle"), (2, "level"), (3, "department"), (4, "bases"), (5, "fields.1x.code")} <= set(places)
    assert not [place for place in places if place[0] == 6] and places == sorted(places, key=lambda one: one[0])
    assert all(one.mend for one in told.faults)
    assert session.one("SELECT count(*) FROM catalogue_item") == (0,)


def test_a_sound_file_becomes_drafts_and_a_second_time_changes_nothing(session: Session) -> None:
    content = files.write([PARKING, item(title="路内泊位")], "xlsx", CAST)
    told = catalogue.take_in(session, STEWARD, content, "目录.xlsx", now=NOW)
    assert told.faults == () and len(told.entered) == 2
    kept = session.all("SELECT resource, draft FROM catalogue_item ORDER BY number")
    again = catalogue.take_in(session, STEWARD, content, "目录.xlsx", now=NOW)
    assert again.entered == told.entered
    assert session.all("SELECT resource, draft FROM catalogue_item ORDER BY number") == kept
    assert session.one("SELECT count(*) FROM catalogue_step") == (2,)


@pytest.mark.parametrize("form", files.FORMS)
def test_the_whole_installed_catalogue_can_be_exported_and_read_back(session: Session, form: str) -> None:
    catalogue.bring_in(session, NOW)
    content = catalogue.export(session, READER, form)
    told = catalogue.take_in(session, KEEPER, content, f"全部.{form}", now=NOW)
    assert told.faults == () and told.entered == () and told.unchanged == len(packs().sources)


def test_a_secret_in_a_file_refuses_the_whole_file_and_leaves_a_line(session: Session) -> None:
    for content, name in (
        (table(row(title="甲"), row(title="乙", secret="机密")), "目录.csv"),
        (table(row(title="甲"), row(title="值班表（秘密★一年）")), "目录.csv"),
        (table(row(title="甲")), "【绝密】目录.csv"),
    ):
        told = catalogue.take_in(session, STEWARD, content, name, now=NOW)
        assert told.entered == () and any("涉密" in one.reason for one in told.faults), name
    assert session.one("SELECT count(*) FROM catalogue_item") == (0,)
    assert session.one("SELECT count(*) FROM ledger_line WHERE body LIKE '%refused_secret%'") == (3,)
    assert catalogue.take_in(session, STEWARD, table(row(title="商业秘密保护名录")), "目录.csv", now=NOW).faults == ()


def test_what_is_no_table_is_told_by_its_fault(session: Session) -> None:
    for content, name in (
        (b"\x00\x01", "x.xlsx"),
        (b"\xff\xff\xfe", "x.csv"),
        (b"{", "x.jsonld"),
        (b"a", "x.pdf"),
        (b"a,b\n1,2", "x.csv"),
        (b"", "x.csv"),
    ):
        told = catalogue.take_in(session, STEWARD, content, name, now=NOW)
        assert told.faults and not told.entered, name
    odd = {"dcat:dataset": [{"datong:fields": 3}, 7, {"dct:title": "甲", "datong:level": "x"}]}
    told = catalogue.take_in(session, STEWARD, json.dumps(odd).encode(), "x.jsonld", now=NOW)
    assert {one.row for one in told.faults} == {1, 2, 3}


def test_plain_dcat_of_others_is_read_as_far_as_it_goes(session: Session) -> None:
    credit = packs().departments["urban_management"].credit_code
    plain = {"dcat:dataset": [{"dct:title": "路灯", "dct:description": "全市路灯", "dct:publisher": {"dct:identifier": credit},
                               "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/WEEKLY"}}]}  # fmt: skip
    (read,), faults = files.read(json.dumps(plain).encode(), "a.jsonld", CAST)
    assert faults == [] and (read.item.title, read.item.department, read.item.cycle) == ("路灯", "urban_management", "weekly")
    told = catalogue.take_in(session, STEWARD, json.dumps(plain).encode(), "a.jsonld", now=NOW)
    assert {"fields", "bases", "classification", "system"} <= {one.field for one in told.faults}


def test_dcat_says_in_its_own_words_what_it_has_words_for() -> None:
    (one,) = json.loads(files.write([PARKING], "jsonld", CAST))["dcat:dataset"]
    assert one["@type"] == "dcat:Dataset" and one["dct:accrualPeriodicity"]["@id"].endswith("/DAILY")
    assert one["dct:accessRights"]["@id"].endswith("NON_PUBLIC") and one["dct:publisher"]["dct:identifier"].startswith("11370300")
    assert one["dcatap:applicableLegislation"] == [{"rdfs:label": "《政务数据共享条例》第十四条"}]


def test_only_stewards_of_the_department_import(session: Session) -> None:
    with pytest.raises(Forbidden):
        catalogue.take_in(session, READER, b"", "x.csv", now=NOW)
    told = catalogue.take_in(session, STEWARD, table(row(title="甲", of="市公安局")), "x.csv", now=NOW)
    assert [one.field for one in told.faults] == ["department"]
    assert Field("a", "a").secrecy == "none"
