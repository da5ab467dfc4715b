"""A small invented table about people, and a spec for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from datong.domain.identifiers import citizen_check
from datong.fuse.tables import LinkSpec, read_spec

SPEC = """\
id: row
columns:
  name: {kind: chinese_name}
  citizen_id: {kind: identifier, scheme: citizen_id}
  birth_date: {kind: date}
  phone: {kind: phone}
comparisons:
  name:
  citizen_id:
  birth_date:
  phone:
same:
  - [citizen_id, name]
never: [citizen_id]
blocks:
  - [citizen_id]
  - [name, birth_date]
  - ["sound(name)", phone]
  - [birth_date, phone]
random_pairs: 5000
"""
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉兰红梅宇轩"


def spec_of(folder: Path, text: str = SPEC) -> LinkSpec:
    """A spec from its text."""
    path = folder / "link.yml"
    path.write_text(text, encoding="utf-8")
    return read_spec(path)


def number(draw: np.random.Generator, born: str) -> str:
    """A sound citizen number."""
    first = f"3703{draw.integers(2, 7):02}{born.replace('-', '')}{draw.integers(1, 900):03}"
    return first + citizen_check(first)


def people(seed: int, count: int = 60) -> tuple[pa.Table, list[int]]:
    """Two to four rows about each of so many people, with missing numbers and mistyped phones; and who each row is about."""
    draw = np.random.default_rng(seed)
    rows, truth = [], []
    for person in range(count):
        born = str(np.datetime64("1950-01-01") + draw.integers(0, 20_000))
        name = draw.choice(list(FAMILY)) + "".join(draw.choice(list(GIVEN), 2))
        citizen, phone = number(draw, born), str(draw.integers(13_000_000_000, 19_900_000_000))
        for _ in range(int(draw.integers(2, 5))):
            typed = phone[:5] + str(draw.integers(10)) + phone[6:] if draw.random() < 0.15 else phone
            rows.append((str(len(rows)), name, citizen if draw.random() < 0.6 else "", born, typed))
            truth.append(person)
    return pa.table(dict(zip(("row", "name", "citizen_id", "birth_date", "phone"), map(list, zip(*rows, strict=True)), strict=True))), truth
