"""Codes by the column are the codes that are issued one by one."""

from __future__ import annotations

from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from datong.domain.codes import LETTERS, issue, read_code
from datong.fuse.bulk import issue_codes


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(sorted(LETTERS)),
    after=st.integers(-1, 2**40 - 2000),
    count=st.integers(0, 300),
    key=st.binary(min_size=1, max_size=80),
)
def test_a_column_of_codes_is_what_is_issued_one_by_one(kind, after: int, count: int, key: bytes) -> None:
    serials, codes = issue_codes(kind, after, count, key)
    assert list(zip(serials.tolist(), codes.to_pylist(), strict=True)) == list(islice(issue(kind, after, key), count))


def test_many_codes_are_sound_and_distinct() -> None:
    _, codes = issue_codes("person", -1, 20_000, b"k" * 32)
    texts = codes.to_pylist()
    assert len(set(texts)) == 20_000 and all(read_code(text).sound for text in texts[::101])
    assert issue_codes("person", 9_999, 50, b"k" * 32)[0][0] >= 10_000
