"""Identifiers: text as people write it → sound numbers as whole-number keys, beside the best plain SQL for it.

    python benchmarks/identifiers.py [--rows 10000000] [--times 3]

`datong` folds, converts 15 digits, checks both kinds of check characters, dates, provinces and registering departments,
and makes keys of people and organisations. The SQL statements (DuckDB) check citizen numbers only; both read the same Arrow column in
memory and must find the same people. Rows: 3 % missing, 1.5 % a wrong digit, 0.5 % two neighbours swapped, 3 % of 15 digits,
4 % full width, 2 % with blanks, lower-case x, 8 % organisations. The figure to compare by is processor seconds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.identifiers import CITIZEN_CHECKS, CITIZEN_WEIGHTS, CREDIT_ALPHABET, CREDIT_WEIGHTS, PROVINCES
from datong.fuse import bulk

BATCH = 1 << 18
DISTINCT = 8 * BATCH
WEIGHTS = np.array(CITIZEN_WEIGHTS)
CHECKS = np.frombuffer(CITIZEN_CHECKS.encode(), np.uint8)
ALPHABET = np.frombuffer(CREDIT_ALPHABET.encode(), np.uint8)


def make_column(rows: int) -> pa.ChunkedArray:
    """The rows, in batches; beyond `DISTINCT` rows the same batches come again."""
    made = [_batch(start, BATCH) for start in range(0, min(rows, DISTINCT), BATCH)]
    batches = [made[at % len(made)] for at in range(-(-rows // BATCH))]
    return pa.chunked_array(batches).slice(0, rows)


def _batch(start: int, count: int) -> pa.Array:
    draw = np.random.default_rng([3, start])
    days = np.datetime_as_string(np.datetime64("1935-01-01") + draw.integers(0, 32_000, count))
    regions = np.array(["370303", "370302", "370304", "110101", "330106", "510104"])[draw.integers(0, 6, count)]
    serials = np.char.zfill(draw.integers(1, 990, count).astype("U3"), 3)
    first = np.char.add(np.char.add(regions, np.char.replace(days, "-", "")), serials)
    digits = first.astype("S17").view(np.uint8).reshape(count, 17)
    checks = CHECKS[(digits.astype(np.int64) - 48) @ WEIGHTS % 11]
    text = np.concatenate([digits, checks[:, None]], axis=1)
    chance = draw.random(count)
    _put_organisations(text, np.flatnonzero(chance > 0.92), draw)
    wrong = np.flatnonzero(chance < 0.015)
    text[wrong, 16] = 48 + (text[wrong, 16] - 47) % 10
    swapped = np.flatnonzero((chance >= 0.015) & (chance < 0.02))
    text[swapped, 15], text[swapped, 16] = text[swapped, 16].copy(), text[swapped, 15].copy()
    return _dirty(np.ascontiguousarray(text).view("S18").ravel().astype("U18"), chance)


def _put_organisations(text: Any, rows: Any, draw: Any) -> None:
    values = np.concatenate([np.tile([9, 1, 3, 7, 0, 3, 0, 3], (rows.size, 1)), draw.integers(0, 31, (rows.size, 9))], axis=1)
    last = (31 - values @ np.array(CREDIT_WEIGHTS) % 31) % 31
    text[rows] = ALPHABET[np.concatenate([values, last[:, None]], axis=1)]


def _dirty(texts: Any, chance: Any) -> pa.Array:
    rows = texts.tolist()
    wide = {code: code + 0xFEE0 for code in range(33, 127)}
    for at in np.flatnonzero((chance >= 0.02) & (chance < 0.15)).tolist():
        one = chance[at]
        if one < 0.05:
            rows[at] = ""
        elif one < 0.08:
            rows[at] = rows[at][:6] + rows[at][8:17]
        elif one < 0.12:
            rows[at] = rows[at].translate(wide)
        elif one < 0.14:
            rows[at] = f"{rows[at][:6]} {rows[at][6:14]} {rows[at][14:]}"
        else:
            rows[at] = rows[at].lower()
    return pa.array(rows)


def by_datong(column: pa.ChunkedArray) -> tuple[int, int]:
    """Both kinds, two threads: how many sound people, and the sum of their keys (to compare by)."""

    def one(batch: pa.Array) -> tuple[int, int]:
        keys = bulk.identify(batch, "number")
        kinds, values, problems = (keys.column(at).to_numpy() for at in range(3))
        person = (kinds == 1) & (problems == 0)
        return int(person.sum()), int((values[person] % 1_000_003).sum())

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(one, column.chunks))
    return sum(count for count, _ in found), sum(total for _, total in found)


FOLDED = """
WITH folded AS (
  SELECT CASE WHEN strlen(s) = 18 AND length(s) = 18 THEN upper(s)
    ELSE upper(translate(replace(s, ' ', ''), '０１２３４５６７８９Ｘｘ', '0123456789XX')) END AS s FROM given
), numbers AS (
  SELECT s, try_cast(substr(s, 1, 17) AS BIGINT) AS n FROM folded WHERE length(s) = 18 AND regexp_full_match(s, '[0-9]{17}[0-9X]')
)
"""
PROVINCE_LIST = ", ".join(str(int(code)) for code in sorted(PROVINCES))
SOUND = f"""
SELECT count(*), sum(n % 1000003)::BIGINT FROM checked
WHERE substr(s, 18, 1) = substr('10X98765432', remainder + 1, 1) AND n // 1000000000000000 IN ({PROVINCE_LIST})
  AND try_strptime(substr(s, 7, 8), '%Y%m%d') IS NOT NULL
"""


def _by_digits() -> str:
    total = " + ".join(f"(n // {10 ** (16 - at)} % 10) * {weight}" for at, weight in enumerate(CITIZEN_WEIGHTS))
    return f"{FOLDED}, checked AS (SELECT s, n, ({total}) % 11 AS remainder FROM numbers) {SOUND}"


def _by_lists() -> str:
    """Six look-up lists of up to 1,000 weighted sums, by groups of three digits: the fastest statement we know."""
    parts = []
    for at in range(0, 17, 3):
        places = CITIZEN_WEIGHTS[at : at + 3]
        size = 10 ** len(places)
        sums = [sum(int(char) * weight for char, weight in zip(f"{number:0{len(places)}}", places, strict=True)) for number in range(size)]
        parts.append(f"{sums}[n // {10 ** (17 - at - len(places))} % {size} + 1]")
    return f"{FOLDED}, checked AS (SELECT s, n, ({' + '.join(parts)}) % 11 AS remainder FROM numbers) {SOUND}"


def _by_sql(sql: str) -> Callable[[pa.ChunkedArray], tuple[int, int]]:
    def run(column: pa.ChunkedArray) -> tuple[int, int]:
        with duckdb.connect(config={"threads": "2"}) as con:
            con.register("given", pa.table({"s": column}))
            count, total = con.execute(sql).fetchall()[0]
        return int(count), int(total)

    return run


WAYS: dict[str, Callable[[pa.ChunkedArray], tuple[int, int]]] = {
    "datong identify, people and organisations": by_datong,
    "SQL, digits by // and %, people only": _by_sql(_by_digits()),
    "SQL, look-up lists, people only": _by_sql(_by_lists()),
}


def main() -> None:
    """Make the rows, run each way in turns, print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    column = make_column(given.rows)
    by_datong(column.slice(0, 1000))
    spent: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    found: dict[str, tuple[int, int]] = {}
    for _ in range(given.times):
        for way, run in WAYS.items():
            wall, cpu = time.perf_counter(), time.process_time()
            found[way] = run(column)
            spent[way].append((time.perf_counter() - wall, time.process_time() - cpu))
    assert len(set(found.values())) == 1, f"they disagree: {found}"
    share = 100 * next(iter(found.values()))[0] / given.rows
    print(f"{given.rows:,} rows, {pc.sum(pc.binary_length(column)).as_py() / 1e6:,.0f} MB of text, {share:.1f} % sound citizen numbers")
    print(f"{'way':45} {'wall s':>8} {'CPU s':>8} {'M rows/s':>9} {'M rows per CPU s':>17} {'times the CPU':>14}")
    own = statistics.median(cpu for _, cpu in spent["datong identify, people and organisations"])
    for way, runs in spent.items():
        wall, cpu = (statistics.median(run[at] for run in runs) for at in (0, 1))
        print(f"{way:45} {wall:8.2f} {cpu:8.2f} {given.rows / wall / 1e6:9.1f} {given.rows / cpu / 1e6:17.1f} {cpu / own:14.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB, the column included")


if __name__ == "__main__":
    main()
