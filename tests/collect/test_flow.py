"""From delivery to current records: kept as sent, the same file once, what is new, changed and ended."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collect.small import AT, HEADER, SmallCity, csv_text, row

from datong import collect, store
from datong.collect import Decision
from datong.collect.clean import HASHES
from datong.collect.compare import Told, compare_files
from datong.domain.errors import BadDelivery, BadValue, Missing
from datong.spec import Assertions, Format
from datong.store import LakeWriter

ROWS = [row(number) for number in range(20)]
GOOD = csv_text(ROWS)
BY = Decision("officer:1", "2026-03-02T09:00:00Z")


def names(city: SmallCity) -> dict[str, str]:
    return {record["record_no"]: record["name"] for record in city.records()}


def test_a_delivery_is_kept_byte_for_byte_and_its_receipt_adds_up(any_city: SmallCity) -> None:
    content = csv_text([*ROWS[:10], ROWS[3], row(10, 姓名=""), *ROWS[11:]]).encode("gb18030")
    receipt = any_city.receive(content)
    kept = store.raw_file(any_city.settings, hashlib.sha256(content).hexdigest())
    assert kept.read_bytes() == content
    counts = receipt.counts
    assert (counts.received, counts.accepted, receipt.rejected, counts.duplicates) == (21, 19, 1, 1)
    assert counts.received == counts.accepted + receipt.rejected + counts.duplicates
    assert (counts.new, counts.changed, counts.unchanged, counts.ended) == (19, 0, 0, 0)
    (line,) = any_city.lines()
    assert (line["delivery"], line["sha256"], line["counts"]["accepted"]) == ("d000001", receipt.sha256, 19)
    assert "张三丰" not in str(line), "no personal data in the ledger"
    with any_city.store.session() as session:
        assert collect.receipts(session) == [receipt] == [collect.find_receipt(session, "d000001")]


def test_the_same_file_twice_is_one_delivery(any_city: SmallCity) -> None:
    first = any_city.receive(GOOD)
    again = any_city.receive(GOOD, "resident-20260309.csv")
    assert again.already_received and again.delivery_id == first.delivery_id
    assert len(any_city.records()) == 20 and len(any_city.lines()) == 1


def test_an_old_state_that_comes_back_later_is_news(city: SmallCity) -> None:
    other = csv_text([row(0, 姓名="改名"), *ROWS[1:]])
    city.receive(GOOD, "resident-20260301.csv")
    city.receive(other, "resident-20260302.csv")
    assert city.receive(GOOD, "resident-20260301.csv").already_received, "the old file sent again is still the old delivery"
    assert names(city)["R0000"] == "改名"
    back = city.receive(GOOD, "resident-20260303.csv")
    assert not back.already_received and back.counts.changed == 1
    assert names(city)["R0000"] == "张三丰"


def test_a_full_delivery_tells_new_changed_unchanged_and_ended(any_city: SmallCity) -> None:
    any_city.receive(GOOD)
    following = csv_text([row(1, 姓名="改名"), *ROWS[2:], row(20), row(21)])
    counts = any_city.receive(following, "resident-20260302.csv").counts
    assert (counts.new, counts.changed, counts.unchanged, counts.ended, counts.previous) == (2, 1, 18, 1, "d000001")
    assert len(any_city.records()) == 21 and "R0000" not in names(any_city)
    assert {record["delivery_id"] for record in any_city.records()} == {"d000002"}
    assert {record["as_of"] for record in any_city.records()} == {"2026-03-02"}


def test_a_late_older_delivery_does_not_become_current(city: SmallCity) -> None:
    city.receive(GOOD, "resident-20260305.csv")
    city.receive(csv_text([row(0, 姓名="旧名"), *ROWS[1:]]), "resident-20260301.csv")
    assert names(city)["R0000"] == "张三丰"


def test_of_changes_the_newest_of_each_key_counts(any_city: SmallCity) -> None:
    source = replace(any_city.source, delivery="changes")
    any_city.source = source
    any_city.receive(csv_text([row(0), row(1), row(0, 姓名="二次")]), "resident-20260301.csv")
    counts = any_city.receive(csv_text([row(1, 姓名="三次"), row(2)]), "resident-20260302.csv").counts
    assert (counts.new, counts.changed, counts.ended) == (1, 1, 0)
    any_city.receive(csv_text([row(1, 姓名="迟到")]), "resident-20260228.csv")
    assert names(any_city) == {"R0000": "二次", "R0001": "三次", "R0002": "王重阳"}
    only = any_city.records(deliveries=["d000001"])
    assert {record["record_no"]: record["name"] for record in only} == {"R0000": "二次", "R0001": "李小龙"}


def test_appended_deliveries_add_up_and_a_row_repeated_is_one(city: SmallCity) -> None:
    city.source = replace(city.source, delivery="append", key=(), assertions=Assertions())
    city.receive(csv_text(ROWS[:5]), "resident-20260301.csv")
    counts = city.receive(csv_text([ROWS[4], *ROWS[5:8]]), "resident-20260302.csv").counts
    assert (counts.new, counts.unchanged) == (3, 1)
    assert len(city.records()) == 8


def test_one_key_with_two_contents_keeps_both_whatever_their_order(city: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> None:
    pair = [row(3), row(3, 姓名="同号另一人")]
    counts = city.receive(csv_text([*pair, *ROWS[4:]])).counts
    assert (counts.accepted, counts.duplicates, counts.repeated_keys) == (18, 0, 1)
    forward = {record["name"]: record["record_id"] for record in city.records() if record["record_no"] == "R0003"}
    city.receive(csv_text([*ROWS[4:], *pair[::-1]]), "resident-20260302.csv")
    backward = {record["name"]: record["record_id"] for record in city.records() if record["record_no"] == "R0003"}
    assert len(set(forward.values())) == 2 and forward == backward
    assert sum("key:repeated_key" in record["problems"] for record in city.records()) == 1


def test_rows_without_their_key_are_each_themselves(city: SmallCity) -> None:
    source = replace(city.source, key=("citizen_id",))
    city.receive(csv_text([row(0, 身份证号=""), row(1, 身份证号=""), row(2)]), source=source)
    assert len({record["record_id"] for record in city.records(source)}) == 3


def test_a_fix_of_the_pack_mends_a_known_wrong_value(city: SmallCity) -> None:
    city.receive(csv_text([row(0, 登记日期="1900-01-00"), *ROWS[1:]]))
    first = next(record for record in city.records() if record["record_no"] == "R0000")
    assert (first["since"], first["since__raw"], first["problems"]) == ("", "1900-01-00", "")


def test_a_new_column_in_the_pack_reads_older_deliveries_as_empty(city: SmallCity) -> None:
    city.receive(GOOD)
    grown = replace(city.source, columns=(*city.source.columns, replace(city.source.columns[1], name="备注", field="note")), ignored=())
    assert {record["note"] for record in city.records(grown)} == {""}
    city.source = replace(grown, delivery="changes")
    city.receive(csv_text([row(1, 备注="新")]), "resident-20260302.csv")
    assert sorted(record["note"] for record in city.records()) == [""] * 19 + ["新"]
    back = replace(city.source, columns=grown.columns)
    assert len(city.records(back)) == 20


def test_a_released_row_joins_its_delivery(any_city: SmallCity) -> None:
    city = any_city
    city.receive(csv_text([row(0, 姓名=""), *ROWS[1:]]))
    with city.store.session() as session:
        collect.release_row(session, city.settings, city.source, ("d000001", 2), BY)
    found = {record["record_no"]: record for record in city.records()}
    assert len(found) == 20 and found["R0000"]["delivery_id"] == "d000001" and found["R0000"]["row_no"] == 2
    assert city.waiting() == [] and city.lines()[-1]["state"] == "released"
    with pytest.raises(BadValue), city.store.session() as session:
        collect.release_row(session, city.settings, city.source, ("d000001", 2), BY)


def test_a_replaced_row_must_be_right_now(city: SmallCity) -> None:
    city.receive(csv_text([row(0, 姓名=""), *ROWS[1:]]))
    with pytest.raises(BadValue, match="姓名"), city.store.session() as session:
        collect.replace_row(session, city.settings, city.source, ("d000001", 2), {"电话": "1"}, decision=BY)
    with pytest.raises(BadValue, match="宗教"), city.store.session() as session:
        collect.replace_row(session, city.settings, city.source, ("d000001", 2), {"宗教": "1"}, decision=BY)
    assert len(city.records()) == 19, "what failed left nothing"
    with city.store.session() as session:
        collect.replace_row(session, city.settings, city.source, ("d000001", 2), {"姓名": "补名"}, decision=BY)
    assert names(city)["R0000"] == "补名"
    with pytest.raises(Missing), city.store.session() as session:
        collect.release_row(session, city.settings, city.source, ("d000001", 99), BY)


def test_a_row_let_in_by_a_transaction_that_fails_is_not_seen(city: SmallCity) -> None:
    city.receive(csv_text([row(0, 姓名=""), *ROWS[1:]]))
    with pytest.raises(RuntimeError), city.store.session() as session:
        collect.release_row(session, city.settings, city.source, ("d000001", 2), BY)
        raise RuntimeError
    assert len(city.records()) == 19 and len(city.waiting()) == 1


def test_a_held_delivery_is_released_by_a_person_or_replaced_by_a_mended_file(any_city: SmallCity) -> None:
    city = any_city
    city.receive(GOOD)
    held = city.receive(csv_text(ROWS[:5]), "resident-20260302.csv")
    assert held.reason == "changed_too_much"
    released = collect.release_delivery(city.store, city.settings, city.source, held.delivery_id, by="officer:1", at=BY.at)
    assert released.collected and len(city.records()) == 5
    with pytest.raises(BadValue):
        collect.release_delivery(city.store, city.settings, city.source, held.delivery_id, by="officer:1", at=BY.at)
    cut = city.receive(GOOD[:-40], "resident-20260303.csv")
    assert cut.reason == "truncated"
    assert not collect.release_delivery(city.store, city.settings, city.source, cut.delivery_id, by="officer:1", at=BY.at).collected
    path = city.folder / "mended.csv"
    path.write_text(csv_text(ROWS[:6]), encoding="utf-8")
    mended = collect.replace_delivery(city.store, city.settings, city.source, path, delivery_id=cut.delivery_id, received_at=AT)
    assert mended.collected and mended.as_of == "2026-03-03" and len(city.records()) == 6
    with city.store.session() as session:
        assert collect.find_receipt(session, cut.delivery_id).state == "replaced"


def test_a_delivery_held_for_its_pack_is_taken_when_the_pack_is_mended(city: SmallCity) -> None:
    content = csv_text([[*cells, "x"] for cells in ROWS], HEADER + ",新列")
    assert city.receive(content).reason == "new_column"
    again = city.receive(content, source=replace(city.source, ignored=("备注", "新列")))
    assert again.collected and again.delivery_id == "d000001"


def test_pushed_records_stand_beside_the_newest_full_delivery(any_city: SmallCity) -> None:
    city = any_city
    city.receive(GOOD)
    receipt = city.push({"编号": "R0001", "姓名": "推送"}, {"record_no": "R0099", "name": "新人", "phone": 13800000001})
    assert (receipt.counts.new, receipt.counts.changed, receipt.counts.ended) == (1, 1, 0)
    assert names(city)["R0001"] == "推送" and names(city)["R0099"] == "新人" and len(city.records()) == 21
    assert city.push({"编号": "R0001", "姓名": "推送"}, {"record_no": "R0099", "name": "新人", "phone": 13800000001}).already_received
    city.push({"编号": "R0001", "姓名": "再改"})
    back = city.push({"编号": "R0001", "姓名": "推送"}, {"record_no": "R0099", "name": "新人", "phone": 13800000001})
    assert not back.already_received and names(city)["R0001"] == "推送", "an earlier state pushed again is news"
    city.receive(csv_text([*ROWS, row(20)]), "resident-20260310.csv")
    assert names(city)["R0001"] == "李小龙" and "R0099" not in names(city), "the next full delivery has the last word"


def test_a_pushed_row_that_is_wrong_waits_and_an_unknown_column_is_refused(city: SmallCity) -> None:
    receipt = city.push({"编号": "R0001", "姓名": ""}, {"编号": "R0002", "姓名": "好"})
    assert dict(receipt.counts.rejected) == {"missing": 1} and receipt.counts.accepted == 1
    with pytest.raises(BadDelivery) as raised:
        city.push({"编号": "R0001", "宗教": "x"})
    assert raised.value.reason == "new_column"
    with pytest.raises(BadValue):
        city.push({"编号": ["R0001"]})
    with pytest.raises(BadValue):
        city.push()
    assert len(city.records()) == 1


def test_half_characters_and_control_characters_do_no_harm(any_city: SmallCity) -> None:
    receipt = any_city.push({"编号": "R\x001", "姓名": "张\x00三"}, {"编号": "R2", "姓名": "李\ud800"})
    assert dict(receipt.counts.rejected) == {"damaged_bytes": 1}
    (record,) = any_city.records()
    assert (record["record_no"], record["name"], record["name__raw"]) == ("R1", "张三", "张\x00三")
    source = replace(any_city.source, format=Format("jsonl"))
    content = '{"编号":"R3","姓名":"\\ud800","新\\u0000列":1}\n'
    assert any_city.receive(content, "r.jsonl", source).reason == "new_column"


def test_a_push_whose_transaction_fails_leaves_nothing(city: SmallCity) -> None:
    with pytest.raises(RuntimeError), city.store.session() as session:
        collect.push(session, city.settings, city.source, [{"编号": "R1", "姓名": "甲乙"}], received_at=AT, received_from="x")
        raise RuntimeError
    assert city.records() == [] and city.lines() == []
    assert city.push({"编号": "R2", "姓名": "丙丁"}).collected and names(city) == {"R2": "丙丁"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(st.integers(0, 12), st.integers(0, 2), max_size=12),
    after=st.dictionaries(st.integers(0, 12), st.integers(0, 2), max_size=12),
)
def test_two_files_are_compared_by_numbers_as_by_a_query(tmp_path: Path, before: dict[int, int], after: dict[int, int]) -> None:
    def written(name: str, records: dict[int, int]) -> Path:
        ids = [f"{number * 0x1234567890ABCDEF1234567:032x}" for number in records]
        hashes = [f"{content + 0xFEDCBA9800000000:016x}{content:016x}" for content in records.values()]
        path = tmp_path / name
        with LakeWriter(path, pa.schema([("record_id", pa.string()), ("row_hash", pa.string())]), (), HASHES) as writer:
            writer.write(pa.RecordBatch.from_arrays([pa.array(ids, pa.string()), pa.array(hashes, pa.string())], names=list(HASHES)))
            writer.finish()
            writer.place()
        return path

    both = set(before) & set(after)
    same = sum(before[number] == after[number] for number in both)
    expected = Told(len(set(after) - set(before)), len(both) - same, same, len(before))
    assert compare_files(written("after", after), written("before", before)) == expected


@pytest.mark.parametrize("most_rows", [30_000_000, 0], ids=["numbers", "query"])
def test_a_later_delivery_is_told_alike_by_numbers_and_by_the_query(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch, most_rows: int
) -> None:
    monkeypatch.setattr("datong.collect.compare.MOST_ROWS", most_rows)
    city.receive(GOOD)
    later = [row(number, 姓名="改名") if number % 5 == 0 else row(number) for number in range(3, 27)]
    counts = city.receive(csv_text(later), "resident-20260401.csv").counts
    assert (counts.new, counts.changed, counts.unchanged, counts.ended) == (7, 3, 14, 3)


def test_identities_that_begin_alike_are_left_to_the_query(tmp_path: Path) -> None:
    schema = pa.schema([("record_id", pa.string()), ("row_hash", pa.string())])
    for name, last in (("one", "1"), ("other", "2")):
        pq.write_table(pa.table([["a" * 31 + last], ["b" * 32]], schema=schema), tmp_path / name)
    assert compare_files(tmp_path / "one", tmp_path / "other") is None
    assert compare_files(tmp_path / "one", tmp_path / "one") == Told(0, 0, 1, 1)
