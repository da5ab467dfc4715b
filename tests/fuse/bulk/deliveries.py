"""Invented files of numbers, and what plain Python makes of them."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from datong.domain.identifiers import citizen_check, credit_check, organisation_check
from datong.domain.number_keys import read_number

Link = tuple[int, int]
"""File number, row number."""


def numbers(rows: int, seed: int = 5) -> list[str]:
    """As a column holds them: people and organisations, repeated, some dirty, some wrong."""
    draw = random.Random(seed)
    people = [_citizen(draw) for _ in range(max(rows // 12, 1))]
    firms = [_credit(draw) for _ in range(max(rows // 60, 1))]
    return [_dirty(draw, draw.choice(people if draw.random() < 0.8 else firms)) for _ in range(rows)]


def _citizen(draw: random.Random) -> str:
    day = f"{draw.randint(1935, 2020)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    first = draw.choice(["370303", "370302", "110101", "330106"]) + day + f"{draw.randint(1, 990):03}"
    return first + citizen_check(first)


def _credit(draw: random.Random) -> str:
    body = "".join(draw.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
    first = "91370303" + body + organisation_check(body)
    return first + credit_check(first)


def _dirty(draw: random.Random, text: str) -> str:
    chance = draw.random()
    if chance < 0.04:
        return text.translate({code: code + 0xFEE0 for code in range(33, 127)})
    if chance < 0.08:
        return f"{text[:6]} {text[6:].lower()}"
    if chance < 0.10:
        return text[:16] + draw.choice("0123456789") + text[17:]
    return draw.choice(["", "无", "不详", text[:17], text[:6] + text[8:17]]) if chance < 0.14 else text


def write_files(folder: Path, rows: int, files: int = 3) -> list[Path]:
    """Parquet files of several row groups, and one CSV in GB 18030 with a quoted comma and an empty line in its text."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(files):
        column = numbers(rows // files, seed=5 + number // 2)
        paths.append(folder / f"delivery[{number}].{'csv' if number == files - 1 else 'parquet'}")
        if number == files - 1:
            with paths[-1].open("w", encoding="gb18030", newline="") as lines:
                csv.writer(lines).writerows([["备注", "号码"], *([f'张, "{at}"\n𠮷', text] for at, text in enumerate(column))])
        else:
            table = pa.table({"号码": column, "备注": [str(at) for at in range(len(column))]})
            pq.write_table(table, paths[-1], row_group_size=max(len(column) // 3, 1))
    return paths


def expected_links(paths: list[Path]) -> dict[tuple[str, int], list[Link]]:
    """Kind and key → its rows, by reading value after value."""
    found: dict[tuple[str, int], list[Link]] = {}
    for file_no, path in enumerate(paths):
        for row_no, row in enumerate(delivered_rows(path), start=1):
            key = read_number(row["号码"] or "")
            if key.sound:
                found.setdefault((key.kind, key.key), []).append((file_no, row_no))
    return found


def delivered_rows(path: Path) -> list[dict[str, str | None]]:
    """The rows of a file, as plain Python reads them."""
    if path.suffix == ".parquet":
        return [{"号码": row["号码"], "备注": row.get("备注")} for row in pq.read_table(path).to_pylist()]
    with path.open(encoding="gb18030", newline="") as lines:
        return list(csv.DictReader(lines))


def made_links(out: Path) -> dict[tuple[str, int], list[Link]]:
    """The same as `expected_links`, from what a run wrote; that the links are in order is asserted."""
    register = {row["subject"]: row for row in pq.read_table(out / "register.parquet").to_pylist()}
    links = [row for path in sorted((out / "links").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    order = [(row["subject"], row["file_no"], row["row_no"]) for row in links]
    assert order == sorted(order)
    found: dict[tuple[str, int], list[Link]] = {}
    for subject, file_no, row_no in order:
        one = register[subject]
        found.setdefault((("", "person", "organisation")[one["kind"]], one["key"]), []).append((file_no, row_no))
    assert all(
        len(found.get((("", "person", "organisation")[one["kind"]], one["key"]), [])) == one["mentions"] for one in register.values()
    )
    return found
