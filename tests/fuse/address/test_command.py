"""`datong address`: lines in, JSON lines out; two CSV files in, one out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from datong.cli.app import main


def feed(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    class Standard:
        buffer = io.BytesIO(raw)

    monkeypatch.setattr("datong.cli.address.sys.stdin", Standard)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["address", *words])
    return int(left.value.code or 0)


def test_parse_writes_one_object_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    feed(monkeypatch, "浙江省杭州市文一西路12号\n\n柳泉路\r\n".encode())
    assert run("parse", "--labels", "ncap") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["浙江省杭州市文一西路12号", "", "柳泉路"]
    assert lines[0]["spans"] == [[0, 3, "prov"], [3, 6, "city"], [6, 10, "road"], [10, 13, "roadno"]]


def test_parse_says_which_line_is_not_utf8(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    feed(monkeypatch, "柳泉路\n".encode() + "柳泉路\n".encode("gb18030"))
    assert run("parse") == 1
    assert "line 2" in capsys.readouterr().err


def test_match_needs_nothing_but_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register, queries, out = tmp_path / "units.csv", tmp_path / "q.csv", tmp_path / "r.csv"
    register.write_bytes(
        "code,address,aliases\nU1,淄博市张店区柳泉路12号金信花园2号楼1单元302室,机床厂宿舍\nU2,淄博市张店区柳泉路12号金信花园2号楼1单元301室,\n".encode(
            "gb18030"
        )
    )
    queries.write_text("id,address\n1,张店金信花园2-1-302\n2,机床厂宿舍2号楼1单元301\n3,金信花园2号楼1单元999\n", encoding="utf-8")
    assert run("match", "--register", str(register), "--queries", str(queries), "--out", str(out)) == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [(row["id"], row["code"], row["verdict"]) for row in rows] == [
        ("1", "U1", "exact"),
        ("2", "U2", "exact"),
        ("3", "", "impossible"),
    ]
    assert "2 doors, 3 addresses" in capsys.readouterr().err


def test_match_says_which_columns_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("编号,地点\n1,柳泉路\n", encoding="utf-8")
    assert run("match", "--register", str(wrong), "--queries", str(wrong), "--out", str(tmp_path / "o.csv")) == 1
    assert "code and address are needed" in capsys.readouterr().err
