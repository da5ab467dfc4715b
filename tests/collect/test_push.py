"""A pushed message is UTF-8 JSON, whatever its source's files look like."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.collect.small import SmallCity

from datong.spec import Format


@pytest.mark.parametrize(
    "kept_as",
    [
        Format("csv", encoding="gb18030"),
        Format("csv", encoding="utf-16", delimiter="\t"),
        Format("csv", header=False),
        Format("fixed", encoding="gb18030"),
    ],
    ids=["gb18030", "utf-16", "headerless", "fixed"],
)
def test_a_push_does_not_depend_on_how_the_source_writes_files(city: SmallCity, kept_as: Format) -> None:
    city.source = replace(city.source, format=kept_as)
    receipt = city.push({"编号": "R0001", "姓名": "𠮷桂芳", "住址": "柳泉路1号"})
    assert receipt.counts.accepted == 1, receipt
    (record,) = city.records()
    assert (record["record_no"], record["name"]) == ("R0001", "𠮷桂芳")
