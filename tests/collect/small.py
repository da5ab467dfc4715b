"""A small source and a small city for the collecting tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from datong import collect, spec, store
from datong.collect import Receipt
from datong.settings import Settings, load_settings
from datong.spec import Faults, Node, Source, load_yaml
from datong.spec.read_source import read_source

AT = "2026-03-01T08:00:00Z"
HEADER = "编号,姓名,身份证号,性别,电话,住址,登记日期,备注"
RESIDENT = """
resource: resident
title: {zh: 居民登记, en: Residents}
department: police
file: "resident-{date}.csv"
format: {kind: csv}
delivery: full
key: [record_no]
update_cycle: daily
sharing_class: conditional
level: 3
precedence: authority
columns:
  编号: {field: record_no, type: text, required: true}
  姓名: {field: name, type: name, required: true}
  身份证号: {field: citizen_id, type: citizen_id}
  性别: {field: sex, type: code, list: sex}
  电话: {field: phone, type: phone}
  住址: {field: address, type: address}
  登记日期: {field: since, type: date}
ignored: [备注]
codes: {sex: {男: male, 女: female, "1": male, "2": female}}
fixes: {since: {"1900-01-00": ""}}
assertions: {rows: {min: 1}, filled: {name: 0.9}, change: 0.5}
subjects: {person: {kind: person, fields: {citizen_id: citizen_id, name: name}}}
"""
GOOD_IDS = ("370303199001010017", "370303198505052320", "370302197712120030", "370304200003033214")
NAMES = ("张三丰", "李小龙", "王重阳", "赵敏", "周芷若", "杨过", "黄药师", "郭靖", "欧阳锋", "洪七公", "段誉", "虚竹")


def source_from(text: str, folder: Path, **changes: Any) -> Source:
    """A source from its YAML, with parts changed."""
    path = folder / "resident.yml"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    node: Node = load_yaml(path, faults)
    source = read_source(node, faults)
    faults.raise_any()
    return replace(source, **changes)


def row(number: int, **cells: str) -> list[str]:
    """One good row; cells by column name change it."""
    values = {
        "编号": f"R{number:04d}",
        "姓名": NAMES[number % len(NAMES)],
        "身份证号": GOOD_IDS[number % len(GOOD_IDS)],
        "性别": "男",
        "电话": f"1380533{number:04d}",
        "住址": f"山东省淄博市张店区柳泉路{number}号",
        "登记日期": "2020-01-02",
        "备注": "",
    }
    return list((values | cells).values())


def csv_text(rows: Sequence[Sequence[str]], header: str = HEADER) -> str:
    """Rows as CSV text."""
    return "\n".join([header, *(",".join(cells) for cells in rows)]) + "\n"


@dataclass
class SmallCity:
    """A city with one source."""

    settings: Settings
    store: store.Store
    source: Source
    folder: Path

    def receive(self, content: str | bytes, name: str = "resident-20260301.csv", source: Source | None = None, **more: Any) -> Receipt:
        """Send a file and get its receipt."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        chosen = source or self.source
        return collect.receive(self.store, self.settings, chosen, path, received_at=AT, received_from="tester", **more)

    def records(self, source: Source | None = None, deliveries: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The current records."""
        with self.store.session(read_only=True) as session:
            batches = collect.scan(session, self.settings, source or self.source, deliveries)
        return [record for batch in batches for record in batch.to_pylist()]

    def waiting(self) -> list[collect.WaitingRow]:
        """The rows that wait."""
        with self.store.session(read_only=True) as session:
            return collect.waiting_rows(session)

    def push(self, *rows: Mapping[str, Any], at: str = AT) -> Receipt:
        """Push records."""
        with self.store.session() as session:
            return collect.push(session, self.settings, self.source, rows, received_at=at, received_from="system:test")

    def lines(self) -> list[dict[str, Any]]:
        """What the ledger says of deliveries."""
        with self.store.session(read_only=True) as session:
            return [json.loads(body) for (body,) in session.all("SELECT body FROM ledger_line ORDER BY leaf_index")]


def small_city(folder: Path, opened: store.Store) -> SmallCity:
    """A city on an open store."""
    settings = load_settings(folder / "home", environ={})
    return SmallCity(settings, opened, source_from(RESIDENT, folder), folder)


__all__ = ["AT", "GOOD_IDS", "HEADER", "RESIDENT", "SmallCity", "csv_text", "row", "small_city", "source_from", "spec"]
