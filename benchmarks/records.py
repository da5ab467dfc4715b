"""From CSV to records sorted by subject: delivered text → keys → register with codes → links, and the whole rows in subject order.

    python benchmarks/records.py [--rows 50000000] [--files 5] [--folder FOLDER] [--encoding gb18030]

Six columns (sequence number, citizen number, name, phone, address, date), invented; every subject has about seven rows; 3 % of the numbers are missing
or wrong. Everything is counted from opening the CSV files to the last Parquet file in its place. Beside it what pyarrow needs merely to
read the same files.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from datong.domain.identifiers import CITIZEN_CHECKS, CITIZEN_WEIGHTS
from datong.fuse import bulk
from datong.settings import load_settings

HEADER = "序号,公民身份号码,姓名,联系电话,住址,登记日期\n"
SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文斌红鑫宇浩然子涵梓萱雨桐欣怡")
STREETS = ["柳泉路", "金晶大道", "人民西路", "华光路", "中润大道", "鲁泰大道", "新村西路", "共青团路"]
BATCH = 500_000


def make_files(folder: Path, rows: int, files: int, encoding: str) -> list[Path]:
    """The CSV files, of equal length."""
    draw = np.random.default_rng(17)
    pools = {"id": _ids(draw, max(rows // 7, 10)), "name": _names(draw), "address": _addresses(draw)}
    paths = []
    for number in range(files):
        paths.append(folder / f"delivery-{number}.csv")
        with paths[-1].open("wb") as file:
            file.write(HEADER.encode(encoding))
            wanted = rows // files
            for start in range(0, wanted, BATCH):
                file.write(_lines(draw, number * wanted + start, min(BATCH, wanted - start), pools).decode().encode(encoding))
    return paths


def _ids(draw: Any, count: int) -> pa.Array:
    days = np.char.replace(np.datetime_as_string(np.datetime64("1935-01-01") + draw.integers(0, 32_000, count)), "-", "")
    regions = np.array(["370303", "370302", "370304", "110101"])[draw.integers(0, 4, count)]
    first = np.char.add(np.char.add(regions, days), np.char.zfill(draw.integers(1, 990, count).astype("U3"), 3))
    digits = first.astype("S17").view(np.uint8).reshape(count, 17)
    checks = np.frombuffer(CITIZEN_CHECKS.encode(), np.uint8)[(digits.astype(np.int64) - 48) @ np.array(CITIZEN_WEIGHTS) % 11]
    text = np.ascontiguousarray(np.concatenate([digits, checks[:, None]], axis=1))
    offsets = np.arange(0, 18 * count + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text))


def _names(draw: Any) -> pa.Array:
    picks = (draw.integers(0, size, 50_000).tolist() for size in (len(SURNAMES), len(GIVEN), len(GIVEN)))
    return pa.array([SURNAMES[a] + GIVEN[b] + GIVEN[c] for a, b, c in zip(*picks, strict=True)])


def _addresses(draw: Any) -> pa.Array:
    picks = (draw.integers(0, size, 100_000).tolist() for size in (len(STREETS), 300, 30, 4, 30))
    return pa.array([f"山东省淄博市高新区{STREETS[s]}{n}号{b}号楼{e}单元{f}01室" for s, n, b, e, f in zip(*picks, strict=True)])


def _lines(draw: Any, start: int, count: int, pools: dict[str, pa.Array]) -> bytes:
    ids, names, addresses = (pool.take(pa.array(draw.integers(0, len(pool), count))) for pool in pools.values())
    ids = pc.if_else(pa.array(draw.random(count) < 0.03), pa.scalar("无"), ids)
    phones = pa.array(draw.integers(13_000_000_000, 20_000_000_000, count)).cast(pa.string())
    days = pa.array(np.datetime64("1995-01-01") + draw.integers(0, 11_000, count)).cast(pa.string())
    numbers = pa.array(np.arange(start, start + count)).cast(pa.string())
    ends = pc.binary_join_element_wise(days, "", "\n")
    lines = pc.binary_join_element_wise(numbers, ids, names, phones, addresses, ends, ",")
    return lines.buffers()[2].to_pybytes()


def read_only(paths: list[Path], encoding: str) -> int:
    """What pyarrow needs to read every column of every file."""
    rows = 0
    for path in paths:
        with pa_csv.open_csv(path, pa_csv.ReadOptions(encoding=encoding, block_size=1 << 23)) as lines:
            rows += sum(batch.num_rows for batch in lines)
    return rows


def check(out: Path, rows: int) -> None:
    """Every row is there, in order of subject, and under the subject its number has in the register."""
    register = pq.read_table(out / "register.parquet", columns=["subject", "key"])
    last, seen = -1, 0
    for path in sorted((out / "records").glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(1 << 20):
            seen += batch.num_rows
            subjects = batch.column("subject")
            if subjects.null_count == batch.num_rows:
                continue
            values = subjects.to_numpy()
            assert values[0] >= last and np.all(np.diff(values) >= 0)
            last = int(values[-1])
            keys = bulk.identify(batch.column("公民身份号码"), "citizen_id").column("key")
            places = np.searchsorted(register.column("subject").to_numpy(), values)
            assert np.array_equal(register.column("key").to_numpy()[places], keys.to_numpy())
    assert seen == rows, f"{seen} of {rows}"


def main() -> None:
    """Make the files, link and sort them, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--files", type=int, default=5)
    parser.add_argument("--encoding", default="gb18030")
    parser.add_argument("--memory", default="3GB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of the table")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench_records_", dir=given.folder))
    try:
        found = run(given, folder)
    finally:
        shutil.rmtree(folder)
    if given.json:
        print(json.dumps(found))
        return
    print(
        f"{found['rows']:,} rows, {found['bytes'] / 1e9:.2f} GB of {given.encoding} in {given.files} files, {found['subjects']:,} subjects"
    )
    for way in ("datong", "read only"):
        wall, cpu = found[way]
        print(f"{way:12} {wall:8.1f} s wall {cpu:8.1f} s processor {found['rows'] / wall:12,.0f} rows/s")
    print(f"peak memory {found['peak_gib']:.2f} GiB; records {found['records_gib']:.2f} GiB")


def run(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One measurement."""
    paths = make_files(folder, given.rows, given.files, given.encoding)
    out = folder / "out"
    out.mkdir()
    bulk.issue_codes("person", -1, 10, b"k")  # compiled code is loaded before the clock runs
    bulk.identify(pa.array([""]))
    spent = {}
    wall, cpu = time.perf_counter(), time.process_time()
    engine = bulk.Local(load_settings(out, environ={}, memory=given.memory), staged=out / "staged")
    report = bulk.link_numbers(engine, bulk.pieces_of(paths, ["公民身份号码"], "citizen_id", given.encoding), out)
    rows = engine.sort_records(out)
    engine.close()
    spent["datong"] = (time.perf_counter() - wall, time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    assert rows == report.rows
    check(out, rows)
    wall, cpu = time.perf_counter(), time.process_time()
    assert read_only(paths, given.encoding) == rows
    spent["read only"] = (time.perf_counter() - wall, time.process_time() - cpu)
    sizes = {name: sum(path.stat().st_size for path in files) for name, files in (("csv", paths), ("out", (out / "records").iterdir()))}
    return {
        "rows": rows,
        "subjects": report.subjects,
        "bytes": sizes["csv"],
        "records_gib": sizes["out"] / 2**30,
        "peak_gib": peak,
        **spent,
    }


if __name__ == "__main__":
    main()
