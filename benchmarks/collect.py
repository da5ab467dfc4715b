"""What collecting costs: a large GB 18030 CSV taken in whole, beside what well-known readers need merely to read it.

    python benchmarks/collect.py [--rows 5000000] [--folder FOLDER]

Every way runs in a process of its own, one after another; peak memory is that process's, and its time begins before
it loads what it needs. The city's home stands beforehand. The file is invented, and the same for the same number of rows. For datong
alone a byte in every hundred thousandth row is then broken (others stop there): just those rows must wait, by their numbers. Then the
next day's full delivery comes: 1 % of the rows changed, one in a thousand gone, as many new.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from datong.settings import Settings

PACK = """
resource: bench_resident
title: {zh: 常住人口, en: Residents}
department: police
file: "bench_resident-{date}.csv"
format: {kind: csv, encoding: gb18030}
delivery: full
key: [record_no]
update_cycle: daily
sharing_class: conditional
level: 3
precedence: authority
columns:
  人员编号: {field: record_no, type: text, required: true}
  公民身份号码: {field: citizen_id, type: citizen_id}
  姓名: {field: name, type: name, required: true}
  性别: {field: sex, type: code, list: sex}
  出生日期: {field: birth_date, type: date}
  联系电话: {field: phone, type: phone}
  住址: {field: address, type: address}
  登记日期: {field: since, type: date}
codes: {sex: {男: male, 女: female}}
subjects: {person: {kind: person, fields: {citizen_id: citizen_id, name: name}}}
"""
HEADER = "人员编号,公民身份号码,姓名,性别,出生日期,联系电话,住址,登记日期\n"
SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文斌红鑫宇浩然子涵梓萱雨桐欣怡")
STREETS = ["柳泉路", "金晶大道", "人民西路", "华光路", "中润大道", "鲁泰大道", "新村西路", "共青团路"]
REGIONS = np.array([370303, 370302, 370304, 370305, 370306, 370321, 370322, 370323])
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHUNK = 100_000
CHANGED_EVERY, GONE_EVERY = 100, 1000


def make_files(path: Path, next_day: Path, rows: int) -> list[int]:
    """Write both files: 3 % of the rows carry a trouble (wrong check digit, blanks, full width, other date forms). Where each
    hundred thousandth row begins."""
    begins = []
    with path.open("wb") as file, next_day.open("wb") as later:
        for one in (file, later):
            one.write(HEADER.encode("gb18030"))
        for start in range(0, rows, CHUNK):
            columns = _columns(start, min(CHUNK, rows - start))
            begins.append(file.tell())
            file.write(_lines(columns))
            later.write(_lines(_a_day_later(columns, start, rows)))
    return begins


def damage(path: Path, begins: list[int]) -> None:
    """Break the first byte of the name in the rows that begin there."""
    with path.open("r+b") as file:
        for begin in begins:
            file.seek(begin)
            line = file.read(200)
            file.seek(begin + line.index(b",", line.index(b",") + 1) + 1)
            file.write(b"\xff")


def damaged_rows(rows: int) -> list[int]:
    """The numbers of the rows with a broken byte, as a spreadsheet counts: the header is row 1."""
    return [start + 2 for start in range(0, rows, CHUNK)]


def _lines(columns: list[pa.Array]) -> bytes:
    return ("\n".join(pc.binary_join_element_wise(*columns, ",").to_pylist()) + "\n").encode("gb18030")


def _a_day_later(columns: list[pa.Array], start: int, rows: int) -> list[pa.Array]:
    """Every hundredth row has another telephone; of every thousand one is gone and stands under a new number."""
    places = np.arange(start, start + len(columns[0]))
    numbers = pa.array(np.where(places % GONE_EVERY == 1, places + rows, places).astype(str), pa.string())
    phones = pc.if_else(pa.array(places % CHANGED_EVERY == 0), "13900000001", columns[5])
    return [numbers, *columns[1:5], phones, *columns[6:]]


def _columns(start: int, count: int) -> list[pa.Array]:
    draw = np.random.default_rng([7, start])
    numbers = np.arange(start, start + count)
    days = np.datetime64("1935-01-01") + draw.integers(0, 32_000, count)
    born = np.datetime_as_string(days)
    ids = _citizen_ids(draw, born)
    names = [
        SURNAMES[a] + GIVEN[b] + (GIVEN[c] if c < len(GIVEN) else "")
        for a, b, c in _picks(draw, count, len(SURNAMES), len(GIVEN), len(GIVEN) + 9)
    ]
    since = np.datetime_as_string(np.datetime64("1995-01-01") + draw.integers(0, 11_000, count)).astype(object)
    since[draw.random(count) < 0.01] = "2020/1/2"
    trouble = draw.random(count)
    ids[trouble < 0.01] = [f"{text[:6]} {text[6:]}" for text in ids[trouble < 0.01]]
    ids[(trouble > 0.01) & (trouble < 0.02)] = [text[:16] + "00" for text in ids[(trouble > 0.01) & (trouble < 0.02)]]
    phones = (13_000_000_000 + draw.integers(0, 6_999_999_999, count)).astype(str).astype(object)
    phones[draw.random(count) < 0.2] = ""
    addresses = [
        f"山东省淄博市张店区{STREETS[a]}{b + 1}号{c + 1}号楼{d + 1}单元{e // 2 + 1}0{e % 2 + 1}室"
        for a, b, c, d, e in _picks(draw, count, len(STREETS), 300, 40, 4, 12)
    ]
    sexes = np.where(draw.random(count) < 0.5, "男", "女")
    texts = [numbers.astype(str), ids, names, sexes, born, phones, addresses, since]
    return [pa.array(column, pa.string()) for column in texts]


def _picks(draw: np.random.Generator, count: int, *sizes: int) -> zip[tuple[int, ...]]:
    return zip(*(draw.integers(0, size, count).tolist() for size in sizes), strict=True)


def _citizen_ids(draw: np.random.Generator, born: np.ndarray) -> np.ndarray:
    regions = REGIONS[draw.integers(0, len(REGIONS), len(born))]
    serials = draw.integers(1, 1000, len(born))
    first = np.char.add(np.char.add(regions.astype(str), np.char.replace(born, "-", "")), np.char.zfill(serials.astype(str), 3))
    digits = np.frombuffer("".join(first).encode(), np.uint8).reshape(-1, 17).astype(np.int64) - 48
    checks = np.array(list("10X98765432"))[(digits @ WEIGHTS) % 11]
    return np.char.add(first, checks).astype(object)


def make_home(folder: Path) -> None:
    """The home of a city with one source."""
    from datong import store

    packs = folder / "packs" / "registers"
    (packs / "sources").mkdir(parents=True)
    (packs / "sources" / "bench_resident.yml").write_text(PACK, encoding="utf-8")
    (packs / "departments.yml").write_text("police: {title: {zh: 公安局, en: Police}}\n", encoding="utf-8")
    opened = store.open_store(_settings(folder))
    store.migrate(opened)
    opened.close()


def _settings(folder: Path) -> Settings:
    from datong.settings import load_settings

    return load_settings(folder / "city", environ={}, packs=str(folder / "packs"))


def by_datong(path: Path, folder: Path) -> int:
    """The whole stage: keep, decode, split, clean, check, hash, write, compare, receipt, ledger line. Rows with broken bytes wait."""
    counts, waiting = _collected(path, folder)
    wanted = damaged_rows(counts["received"])
    assert waiting == wanted and counts["new"] == counts["accepted"] == counts["received"] - len(wanted), counts
    return counts["received"]


def by_datong_again(path: Path, folder: Path) -> int:
    """The next day's full delivery, in the city that the first one left; told apart row by row."""
    counts, waiting = _collected(path.with_suffix(".next.csv"), folder)
    rows = counts["received"]
    gone, mended = len(range(1, rows, GONE_EVERY)), len(damaged_rows(rows))
    changed = len(range(0, rows, CHANGED_EVERY)) - mended
    assert not waiting and (counts["new"], counts["ended"]) == (gone + mended, gone), counts
    assert counts["changed"] == changed and counts["unchanged"] == rows - gone - mended - changed, counts
    return rows


def _collected(path: Path, folder: Path) -> tuple[dict[str, int], list[int]]:
    from datong import collect, spec, store

    settings = _settings(folder)
    opened = store.open_store(settings)
    source = spec.load_packs(settings.packs).source("bench_resident")
    receipt = collect.receive(opened, settings, source, path, received_at="2026-01-02T03:04:05Z", file_name=path.name)
    assert receipt.collected, receipt.message
    with opened.session(read_only=True) as session:
        waiting = collect.waiting_rows(session, delivery_id=receipt.delivery_id, limit=1_000_000)
    assert {row.reason for row in waiting} <= {"damaged_bytes"}
    told = ("received", "accepted", "new", "changed", "unchanged", "ended")
    return {name: getattr(receipt.counts, name) for name in told}, [row.row_no for row in waiting]


def by_iconv(path: Path, folder: Path) -> int:
    """The bare decoder: iconv, its output thrown away."""
    with Path(os.devnull).open("wb") as nothing:
        subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8", str(path)], stdout=nothing, check=True)
    return int(path.stem.rsplit("-", 1)[1])


def by_pyarrow(path: Path, folder: Path) -> int:
    """pyarrow.csv, streaming, decoding included; nothing kept."""
    import pyarrow.csv

    options = pyarrow.csv.ReadOptions(encoding="gb18030", block_size=4 << 20)
    names = HEADER.strip().split(",")
    convert = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return sum(batch.num_rows for batch in pyarrow.csv.open_csv(path, read_options=options, convert_options=convert))


def by_polars(path: Path, folder: Path) -> int:
    """polars.read_csv with an encoding: the whole file in memory."""
    import polars

    return polars.read_csv(path, encoding="gb18030", infer_schema=False).height


def by_iconv_and_duckdb(path: Path, folder: Path) -> int:
    """iconv to a UTF-8 file, then DuckDB reads every column (DuckDB alone cannot read GB 18030)."""
    import duckdb

    decoded = folder / "decoded.csv"
    with decoded.open("wb") as target:
        subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8", str(path)], stdout=target, check=True)
    sizes = ", ".join(f'sum(strlen("{name}"))' for name in HEADER.strip().split(","))
    sql = f"SELECT count(*), {sizes} FROM read_csv('{decoded}', all_varchar = true, header = true)"
    rows = duckdb.connect(config={"threads": "2"}).execute(sql).fetchall()[0][0]
    decoded.unlink()
    return int(rows)


WAYS: dict[str, Callable[[Path, Path], int]] = {
    "iconv (decode only)": by_iconv,
    "pyarrow.csv (read only)": by_pyarrow,
    "polars read_csv (read only)": by_polars,
    "iconv + DuckDB (read only)": by_iconv_and_duckdb,
    "datong collect (everything)": by_datong,
    "datong collect (the next day)": by_datong_again,
}


def run_one(way: str, path: Path) -> None:
    """In a process of its own: run one way and print what it took."""
    began, cpu = time.perf_counter(), time.process_time()
    rows = WAYS[way](path, path.parent)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu + children.ru_utime + children.ru_stime, "peak_mib": peak}))


def main() -> None:
    """Make the file, run each way, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        run_one(given.way, given.file)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        run_all(Path(folder) / f"bench_resident-20260101-{given.rows}.csv", given.rows)


def run_all(path: Path, rows: int) -> None:
    """Make the files and run each way on them."""
    began = time.perf_counter()
    begins = make_files(path, path.with_suffix(".next.csv"), rows)
    make_home(path.parent)
    size = path.stat().st_size
    print(
        f"{rows:,} rows, {size / 1e6:,.0f} MB of GB 18030, both files made in {time.perf_counter() - began:.0f} s; {os.cpu_count()} cores"
    )
    print(f"{'way':30} {'wall s':>8} {'CPU s':>8} {'rows/s':>12} {'MB/s':>8} {'peak MiB':>9}")
    for way in WAYS:
        if WAYS[way] is by_datong:
            damage(path, begins)
        command = [sys.executable, __file__, "--way", way, "--file", str(path)]
        outcome = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        found = json.loads(outcome.stdout.strip().splitlines()[-1])
        rate, speed = found["rows"] / found["wall"], size / 1e6 / found["wall"]
        print(f"{way:30} {found['wall']:8.1f} {found['cpu']:8.1f} {rate:12,.0f} {speed:8.0f} {found['peak_mib']:9.0f}", flush=True)


if __name__ == "__main__":
    main()
