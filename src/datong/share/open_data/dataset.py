"""A dataset opened to the public, as kept: what it holds, under which licence, its versions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from datong.domain.access import Actor
from datong.domain.errors import Missing
from datong.share.agreement import PUBLIC
from datong.share.freshness import Freshness, fresh_by
from datong.share.open_data import queries
from datong.store import Row, Session

PURPOSE = "open_data"
SHAPES = ("rows", "counts")
"""Each subject in a row of its own, or how many there are of each group."""


@dataclass(frozen=True)
class Version:
    """One published version: made at, from data as of, how many rows, and its two files by their SHA-256 and size in bytes."""

    version: int
    at: str
    as_of: str
    rows: int
    csv_sha256: str
    csv_size: int
    json_sha256: str
    json_size: int


@dataclass(frozen=True)
class Dataset:
    """What is opened, or about to be. `code` is also the code of the agreement with the public under which it is read."""

    code: str
    resource: str
    department: str
    title: str
    title_en: str
    summary: str
    shape: str
    register: str
    fields: tuple[str, ...]
    licence: str
    condition: str
    cycle: str
    state: str
    why: str
    version: int
    proposed_by: str
    proposed_at: str
    signed_by: str
    opened_at: str
    withdrawn_at: str

    @property
    def asked(self) -> bool:
        """Whether its department has asked for the next version, which the worker makes."""
        return self.state == "opened" and self.why == "asked"

    @property
    def title_pair(self) -> tuple[str, str]:
        """The title in 中文 and English."""
        return self.title, self.title_en


def the_public(code: str) -> Actor:
    """Everybody, as the one who asks under an agreement with the public."""
    return Actor(PUBLIC, "社会公众", "system", PUBLIC, jurisdiction=("",), agreements=(code,))


def find_dataset(session: Session, code: str) -> Dataset:
    """One dataset in any state. Raises Missing."""
    row = session.one(queries.DATASET, {"code": code})
    if row is None:
        raise Missing("没有这个开放数据集 (there is no such open dataset)")
    return dataset_of(row)


def dataset_of(row: Row) -> Dataset:
    """A dataset from its row."""
    values: tuple[Any, ...] = (*row[:8], tuple(json.loads(row[8])), *row[9:14], int(row[14]), *row[15:])
    return Dataset(*values)


def versions_of(session: Session, code: str) -> tuple[Version, ...]:
    """Its versions, the newest first."""
    found = session.all(queries.VERSIONS, {"code": code})
    return tuple(Version(int(row[0]), row[1], row[2], int(row[3]), row[4], int(row[5]), row[6], int(row[7])) for row in found)


def fresh(version: Version | None, cycle: str, today: date) -> Freshness:
    """How fresh the newest version is, by the cycle that was promised."""
    return fresh_by(version.as_of if version else "", cycle, today)
