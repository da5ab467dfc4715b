"""Files → register and links, on one machine: right, resumable, and with codes that stay."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.fuse.bulk.deliveries import delivered_rows, expected_links, made_links, numbers, write_files

from datong.cli.app import main
from datong.domain.codes import read_code
from datong.domain.errors import BadDelivery, BadValue, Missing
from datong.fuse import bulk
from datong.settings import load_settings


def linked(paths: list[Path], out: Path, engine: bulk.Local | None = None, told: bulk.Told = lambda *_: None) -> bulk.BulkReport:
    out.mkdir(exist_ok=True)
    chosen = engine or bulk.Local(load_settings(out, environ={}, memory="200MB"))
    try:
        return bulk.link_numbers(chosen, bulk.pieces_of(paths, ["id_no", "号码"], "number", "gb18030"), out, told)
    finally:
        chosen.close()


def codes(out: Path) -> dict[int, str]:
    register = pq.read_table(out / "register.parquet")
    return dict(zip(register.column("key").to_pylist(), register.column("code").to_pylist(), strict=True))


def test_every_row_comes_to_its_subject(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "in", 6_000)
    report = linked(paths, tmp_path / "out")
    wanted = expected_links(paths)
    assert made_links(tmp_path / "out") == wanted
    assert (report.files, report.rows, report.subjects, report.new_subjects) == (3, 6_000, len(wanted), len(wanted))
    assert report.linked == sum(map(len, wanted.values())) == report.rows - sum(report.problems.values())
    assert {"missing", "length", "check_digit", "old15"} <= set(report.problems)
    assert json.loads((tmp_path / "out/report.json").read_text())["rows"] == 6_000
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.name != "tmp") == [
        "code.key",
        "links",
        "register.parquet",
        "report.json",
    ]
    assert all(read_code(code).sound for code in codes(tmp_path / "out").values())


def test_more_parts_than_one_are_one_order(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "in", 3_000)
    engine = bulk.Local(load_settings(tmp_path / "spill", environ={}))
    engine.rows_a_part = 250
    linked(paths, tmp_path / "out", engine)
    assert len(list((tmp_path / "out/links").iterdir())) > 5
    assert made_links(tmp_path / "out") == expected_links(paths)


def test_codes_stay_when_more_files_come_and_when_some_go(tmp_path: Path) -> None:
    paths, out = write_files(tmp_path / "in", 3_000, files=4), tmp_path / "out"
    linked(paths[1:2], out)
    first = codes(out)
    report = linked(paths, out)
    second = codes(out)
    assert first.items() <= second.items() and len(set(second.values())) == len(second)
    assert report.new_subjects == len(second) - len(first) > 0
    assert linked(list(reversed(paths)), out).new_subjects == 0
    assert linked(paths[:1], out).new_subjects == 0
    assert codes(out) == second, "a subject without records keeps its code"


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    paths, out = write_files(tmp_path / "in", 3_000), tmp_path / "out"
    for stop_at in ("keys", "distinct keys", "codes", "links", "sort"):

        def stop(step: str, done: int, of: int, stop_at: str = stop_at) -> None:
            if step == stop_at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            linked(paths, out, told=stop)
        assert not (out / "register.parquet").exists()
    seen: list[str] = []
    linked(paths, out, told=lambda step, done, of: seen.append(step))
    assert "distinct keys" not in seen and "codes" not in seen
    assert made_links(out) == expected_links(paths)


def test_work_on_other_files_is_not_taken_for_work_on_these(tmp_path: Path) -> None:
    paths, out = write_files(tmp_path / "in", 3_000), tmp_path / "out"

    def stop(step: str, done: int, of: int) -> None:
        if step == "sort":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        linked(paths[:1], out, told=stop)
    linked(paths, out)
    assert made_links(out) == expected_links(paths)


def test_the_command_links_files_and_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths, out = write_files(tmp_path / "in", 1_200), tmp_path / "out"
    words = ["fuse", "bulk", *map(str, paths), "--out", str(out), "--column", "号码", "--encoding", "gb18030"]
    with pytest.raises(SystemExit) as left:
        main(words)
    assert not left.value.code
    assert "1,200 rows of 3 files" in " ".join(capsys.readouterr().err.split())
    assert made_links(out) == expected_links(paths)
    assert not (out / "tmp").exists()


def test_what_cannot_be_read_is_said_with_the_mend(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "in", 300)
    with pytest.raises(BadDelivery, match="a column id is needed; found"):
        bulk.pieces_of(paths, ["id"], "number", "gb18030")
    with pytest.raises(BadDelivery, match="the first line is not utf-8"):
        bulk.pieces_of(paths, ["号码"], "number")
    with pytest.raises(BadValue, match="write utf-8 or gb18030"):
        bulk.pieces_of(paths, ["号码"], "number", "klingon")
    with pytest.raises(Missing):
        bulk.pieces_of([tmp_path / "none.csv"], ["号码"], "number")
    (tmp_path / "short.csv").write_text("号码,备注\n1,2\n3\n")
    with pytest.raises(BadDelivery, match="another number of columns"):
        list(bulk.keys_of(bulk.pieces_of([tmp_path / "short.csv"], ["号码"], "number")[0]))
    (tmp_path / "bytes.csv").write_bytes("号码,备注\n".encode() + b"\xff\xfe,1\n")
    with pytest.raises(BadDelivery, match="a byte is not utf-8"):
        list(bulk.keys_of(bulk.pieces_of([tmp_path / "bytes.csv"], ["号码"], "number")[0]))
    with pytest.raises(BadDelivery, match="not a Parquet file"):
        (tmp_path / "x.parquet").write_bytes(b"nothing")
        bulk.pieces_of([tmp_path / "x.parquet"], ["号码"], "number")


def test_whole_rows_come_in_order_of_subject(tmp_path: Path) -> None:
    paths, out = write_files(tmp_path / "in", 3_000, files=4), tmp_path / "out"
    other = pa.table({"号码": numbers(500, seed=5), "row_no": list(range(500)), "only_here": ["x"] * 500})
    pq.write_table(other, tmp_path / "in/other.parquet")
    paths.append(tmp_path / "in/other.parquet")
    out.mkdir()
    engine = bulk.Local(load_settings(out, environ={}), staged=out / "staged")
    report = bulk.link_numbers(engine, bulk.pieces_of(paths, ["号码"], "number", "gb18030"), out)
    assert engine.sort_records(out) == report.rows == 3_500
    engine.close()
    rows = [row for path in sorted((out / "records").iterdir()) for row in pq.read_table(path).to_pylist()]
    whole = [(row["subject"], row["file_no"], row["row_no"]) for row in rows if row["subject"] is not None]
    links = pq.read_table(out / "links").select(["subject", "file_no", "row_no"]).to_pylist()
    assert whole == [tuple(link.values()) for link in links]
    rest = [(row["file_no"], row["row_no"]) for row in rows if row["subject"] is None]
    assert rest == sorted(rest) and rows[-1]["subject"] is None and len(rest) == report.rows - report.linked
    delivered = {(at, place): row for at, path in enumerate(paths) for place, row in enumerate(delivered_rows(path), start=1)}
    for row in rows:
        assert {"号码": row["号码"], "备注": row.get("备注")} == delivered[row["file_no"], row["row_no"]]
    assert {row["given_row_no"] for row in rows if row["file_no"] == 4} == set(range(500))
    assert not (out / "staged").exists()


def test_an_engine_that_does_not_exist_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_files(tmp_path / "in", 30)
    with pytest.raises(SystemExit):
        main(["fuse", "bulk", str(paths[0]), "--out", str(tmp_path / "out"), "--column", "号码", "--engine", "flink"])
    assert "write local, spark://HOST:PORT" in " ".join(capsys.readouterr().err.split())


def test_nothing_to_link_is_an_empty_register(tmp_path: Path) -> None:
    pq.write_table(pa.table({"号码": ["无", None, numbers(1)[0][:5]]}), tmp_path / "a.parquet")
    report = linked([tmp_path / "a.parquet"], tmp_path / "out")
    assert (report.rows, report.linked, report.subjects) == (3, 0, 0)
    assert made_links(tmp_path / "out") == {}
