"""One definition, two executions: batches and single records come out the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collect.small import GOOD_IDS, source_from

from datong.collect.clean import Cleaner
from datong.collect.identity import hex_text, murmur
from datong.collect.values import PLACEHOLDERS, PROBLEM_WORDS, read_value
from datong.domain.identifiers import fold
from datong.domain.registers import COLUMN_TYPES
from datong.spec import Source

TYPES = list(COLUMN_TYPES)
EVERY_TYPE = """
resource: resident
title: {zh: 各类, en: Every type}
department: police
file: "x-{date}.csv"
format: {kind: csv}
delivery: full
key: [c_text, c_name]
update_cycle: daily
sharing_class: open
level: 1
precedence: official
columns:
""" + "".join(f"  列{kind}: {{field: c_{kind}, type: {kind}{', list: yes_no' if kind == 'code' else ''}}}\n" for kind in TYPES)
EVERY_TYPE += 'codes: {yes_no: {是: "1", 否: "0"}}\nfixes: {c_date: {"2020-02-30": "2020-02-28"}, c_text: {甲: 乙}}\n'

STORED_FOR_EVER = ("21617681498f50e0cef82e1a56860df8", "1608bcb779d75005a621c13f1c34940c")
FRAGMENTS = [
    *("张三丰", "无", "不详", "-", "N/A", "甲", "乙", "张 三", "阿卜杜拉·买买提", "阿卜杜拉•买买提"),
    *("淄博宏达（集团）有限公司", "Ａ１２", "\u200b张三", "无名氏", "不二", "none of these", "*", "...", "nan"),
    *("2020-01-02", "2020-02-30", "2020/1/2", "20200102", "1800-01-01", "2020年1月2日", "长期"),
    *("13800000001", "138 0000 0001", "11111111111", "0533-1234567", "鲁C12345", "鲁c12345"),
    *("1.20", "1,234.5元", "3万元", "0.5", "007", "1e5", "3.70303E+17", "-5", "是", "否", "Y", "√"),
    *("91370300MA3C0FY08T", "913703001641123457", "370303601234567", "９１３７", "440309001001GB00001F00010001"),
    *("\ufffd坏", "  ", "山东省 淄博市 张店区", "柳泉路1号", "a  b", "㐂", "𠮷野家", *GOOD_IDS),
]
TEXTS = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.text(max_size=12),
    st.text(alphabet="0123456789X.-/ ", max_size=20),
    st.builds("".join, st.lists(st.sampled_from(FRAGMENTS), max_size=2)),
).map(lambda text: text.replace("\ud800", ""))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return source_from(EVERY_TYPE, tmp_path_factory.mktemp("every"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(TEXTS, min_size=len(TYPES), max_size=len(TYPES)), min_size=1, max_size=8), strict=st.booleans())
def test_a_batch_and_a_single_record_are_cleaned_alike(source: Source, rows: list[list[str]], strict: bool) -> None:
    chosen = replace(source, columns=tuple(replace(column, strict=strict, required=column.field == "c_name") for column in source.columns))
    rows = [[text.encode("utf-8", "replace").decode() for text in cells] for cells in rows]
    arrays = {field: pa.array([cells[place] for cells in rows], pa.string()) for place, field in enumerate(chosen.fields)}
    batch = Cleaner(chosen).rows(arrays, np.arange(1, len(rows) + 1))
    records = {record["row_no"]: record for record in batch.records.to_pylist()}
    single = Cleaner(chosen)
    for number, cells in enumerate(rows, start=1):
        one = single.row(dict(zip(chosen.fields, cells, strict=True)))
        assert batch.rejected.get(number - 1) == one.rejection
        if one.rejection is None:
            record = records[number]
            assert (record["record_id"], record["row_hash"], record["problems"]) == (one.record_id, one.row_hash, one.problems)
            assert {field: record[field] for field in chosen.fields} == dict(one.values)
            assert {field: record[f"{field}__raw"] for field in chosen.fields if record[f"{field}__raw"] is not None} == dict(one.raws)


@given(kind=st.sampled_from(COLUMN_TYPES), text=TEXTS)
def test_cleaning_twice_changes_nothing_and_every_problem_is_a_known_word(kind: str, text: str) -> None:
    codes = {"是": "1", "1": "1"}
    once = read_value(kind, text, codes)
    assert once.problem in PROBLEM_WORDS
    if not once.problem:
        again = read_value(kind, once.value, codes)
        assert (again.value, again.problem) == (once.value, "")


@pytest.mark.parametrize("word", sorted(PLACEHOLDERS))
def test_a_placeholder_is_an_empty_value_in_batches_too(word: str, source: Source) -> None:
    arrays = {field: pa.array([word], pa.string()) for field in source.fields}
    (record,) = Cleaner(source).rows(arrays, np.array([1])).records.to_pylist()
    for kind in ("text", "name", "org_name", "address", "citizen_id", "phone", "date", "amount"):
        assert (record[f"c_{kind}"], record[f"c_{kind}__raw"]) == ("", word), kind
    assert fold(word).lower() == word, "placeholders are listed folded"


@pytest.mark.parametrize(
    ("kind", "raw", "value", "problem"),
    [
        ("name", " 张  三 ", "张三", ""),
        ("name", "阿卜杜拉．买买提", "阿卜杜拉·买买提", ""),
        ("name", "John  Smith", "John Smith", ""),
        ("name", "370303199001010017", "370303199001010017", "digits"),
        ("name", "张*", "张*", "masked"),
        ("org_name", "淄博宏达（集团）有限公司", "淄博宏达(集团)有限公司", ""),
        ("citizen_id", "３７０３０３１９９００１０１００１７", "370303199001010017", ""),
        ("citizen_id", "3.70303E+17", "3.70303E+17", "scientific"),
        ("amount", "1,234.50", "1234.5", ""),
        ("amount", "￥3.5万元", "35000", ""),
        ("amount", "120.50㎡", "120.5", ""),
        ("amount", "约五万", "约五万", "form"),
        ("integer", "12.0", "12", ""),
        ("integer", "12.5", "12.5", "form"),
        ("date", "2020年1月2日", "2020-01-02", ""),
        ("date", "长期", "", "open_ended"),
        ("date", "2020-13-01", "2020-13-01", "impossible"),
        ("flag", "√", "yes", ""),
        ("flag", "无", "no", ""),
        ("flag", "也许", "也许", "unknown_flag"),
        ("code", "１", "男", ""),
        ("code", "第三", "第三", "unknown_code"),
        ("address", "山东省 淄博市　张店区", "山东省淄博市张店区", ""),
        ("text", "a\n\n b", "a b", ""),
        ("text", "坏\ufffd字", "坏\ufffd字", "damaged_bytes"),
    ],
)
def test_values_are_read_as_departments_write_them(kind: str, raw: str, value: str, problem: str) -> None:
    reading = read_value(kind, raw, {"1": "男", "男": "男"})
    assert (reading.value, reading.problem) == (value, problem)


def test_the_stable_hash_is_murmur3_with_its_published_values() -> None:
    assert hex_text(murmur(b"")) == "0" * 32
    assert hex_text(murmur(b"hello")) == "cbd8a7b341bd9b025b1e906a48ae1d19"
    assert hex_text(murmur(b"The quick brown fox jumps over the lazy dog")) == "e34bbc7bbc071b6c7a433ca9c49a9347"


def test_hashes_never_change(source: Source) -> None:
    """These are stored for ever: a change of these constants would end and renew every record of a city."""
    one = Cleaner(source).row({"c_text": "甲乙", "c_name": "张三丰", "c_date": "2020-01-02"})
    assert (one.record_id, one.row_hash) == STORED_FOR_EVER
