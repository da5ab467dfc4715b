"""A city's deliveries: block by block, table by table, row by row; nothing is kept longer than its block."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datong.simulate.deliver.clerk import Clerk
from datong.simulate.deliver.files import RowFile, first_row_no, open_file
from datong.simulate.deliver.rounds import FIRST_DAY, NEW_COLUMN, SECOND_DAY, Amender, resend, truncate
from datong.simulate.deliver.row import Table
from datong.simulate.deliver.spoil import Spoiled, Spoiler
from datong.simulate.deliver.tables import TABLES
from datong.simulate.deliver.troubles import ROW_TROUBLES, TROUBLES
from datong.simulate.deliver.truth import TROUBLE_COLUMNS, CityTruth, RowTruth, TruthFile
from datong.simulate.draw import stream
from datong.simulate.model import Block
from datong.simulate.world import BLOCK_SIZE, blocks
from datong.spec import Source, load_packs

Progress = Callable[[int, int], None]
"""Called after each block with people done and people in all."""
LAST_MONTH = (2026, 10)
MONTHS = 3
"""Months of readings and payments in a delivery, unless more are asked for."""


@dataclass(frozen=True)
class Delivered:
    """One file of the city: where it is and what it is."""

    file: str
    resource: str
    department: str
    rows: int
    as_of: str
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """What was written."""

    people: int
    rows: int
    files: tuple[Delivered, ...]


def simulate(folder: Path, people: int, seed: int, packs: Path, progress: Progress | None = None, *, months: int = MONTHS) -> Summary:
    """Write a city of so many people into `folder`: `deliveries/<department>/<file>`, `truth/` and `manifest.json`.

    The same people, seed,
    months and packs give the same bytes. Sources that only the packs or only the simulation know are left
    out. Raises BadPack when the packs contradict themselves, BadValue when they ask for a format that cannot be written here.
    """
    sources = load_packs(packs).sources
    wanted = _months(months)
    truth, troubles = CityTruth(folder / "truth"), TruthFile(folder / "truth" / "troubles.csv.gz", TROUBLE_COLUMNS)
    desks = [Desk(TABLES[name], sources[name], folder, troubles, wanted) for name in sorted(TABLES) if name in sources]
    for block in blocks(people, seed, packs):
        truth.append(block)
        for desk in desks:
            desk.write(block)
        if progress:
            progress(min((block.index + 1) * BLOCK_SIZE, people), people)
    delivered = [file for desk in desks for file in desk.finish()]
    truth.close()
    troubles.close()
    _write_rates(folder / "truth" / "rates.json", desks)
    _write_manifest(folder / "manifest.json", people, seed, delivered)
    return Summary(people, sum(file.rows for file in delivered), tuple(delivered))


def _months(count: int) -> tuple[str, ...]:
    """The last months up to October 2026, as 202610."""
    last = LAST_MONTH[0] * 12 + LAST_MONTH[1] - 1
    return tuple(f"{month // 12}{month % 12 + 1:02d}" for month in range(last - count + 1, last + 1))


class Desk:
    """Where one table is written: its files of both rounds, its spoiler, its truth."""

    def __init__(self, table: Table, source: Source, folder: Path, troubles: TruthFile, months: tuple[str, ...]) -> None:
        self.table, self.source, self._months = table, source, months
        self._folder = folder / "deliveries" / source.department
        self._names = tuple(source.file.replace("{date}", day).replace("*", "") for day in (FIRST_DAY, SECOND_DAY))
        self._first = open_file(self._folder / self._names[0], source, table, table.columns)
        self._second = self._open_second()
        self._counts = [0, 0]
        self._row_offset = first_row_no(source) - 1
        self._truth = RowTruth(folder / "truth", table.resource, tuple(source.subjects), troubles)
        self.spoiler = Spoiler(table, source)
        self._amender = Amender(table, source)
        self._seen: set[str] = set()

    def _open_second(self) -> RowFile | None:
        if self.table.again not in ("full", "changes", "new_column"):
            return None
        further = (NEW_COLUMN[0],) if self.table.again == "new_column" else ()
        return open_file(self._folder / self._names[1], self.source, self.table, self.table.columns + further)

    def write(self, block: Block) -> None:
        """Write a block's rows."""
        clerk = Clerk(self.table, stream(block.seed, block.index, "table", self.table.resource), block.index, self._months, self._seen)
        chance = stream(block.seed, block.index, "troubles", self.table.resource)
        later = Clerk(self.table, stream(block.seed, block.index, "later", self.table.resource), block.index, self._months)
        for row in self.table.rows(block, clerk):
            for spoiled in self.spoiler.spoil(row, chance):
                self._append(0, self._first, spoiled)
                if self._second:
                    self._write_again(self._second, spoiled, block, later)

    def _write_again(self, second: RowFile, spoiled: Spoiled, block: Block, later: Clerk) -> None:
        amended, changed = self._amender.amend(spoiled, block, later)
        if amended is None or (self.table.again == "changes" and not changed):
            return
        if self.table.again == "new_column":
            amended = amended._replace(values=[*amended.values, later.rng.choice(NEW_COLUMN[1])])
        self._append(1, second, amended)

    def _append(self, round_no: int, file: RowFile, spoiled: Spoiled) -> None:
        file.append(spoiled.values)
        self._counts[round_no] += 1
        self._truth.append(self._names[round_no], self._counts[round_no] + self._row_offset, spoiled)

    def finish(self) -> Iterator[Delivered]:
        """Close the files, and send the second ones that are copies of the first. Who has no row to send sends no file."""
        self._first.close()
        self._truth.close()
        if not self._counts[0]:
            self._withdraw()
            return
        yield self._delivered(0, self._counts[0], FIRST_DAY, "")
        if self._second:
            self._second.close()
            if self._counts[1]:
                yield self._delivered(1, self._counts[1], SECOND_DAY, self.table.again)
            else:
                (self._folder / self._names[1]).unlink()
        elif self.table.again == "truncated":
            truncate(self._folder / self._names[0], self._folder / self._names[1])
            yield self._delivered(1, 0, SECOND_DAY, "truncated")
        elif self.table.again == "resent":
            resend(self._folder / self._names[0], self._folder / self._names[1])
            yield self._delivered(1, self._counts[0], SECOND_DAY, "resent")

    def _withdraw(self) -> None:
        if self._second:
            self._second.close()
            (self._folder / self._names[1]).unlink()
        (self._folder / self._names[0]).unlink()

    def _delivered(self, round_no: int, rows: int, day: str, note: str) -> Delivered:
        name = f"deliveries/{self.source.department}/{self._names[round_no]}"
        return Delivered(name, self.table.resource, self.source.department, rows, f"{day[:4]}-{day[4:6]}-{day[6:]}", note)


def _write_rates(path: Path, desks: list[Desk]) -> None:
    """The rates troubles are drawn at, and how often each came up in each resource."""
    total: Counter[str] = Counter()
    for desk in desks:
        total.update(desk.spoiler.counts)
    content: dict[str, Any] = {
        "rates": {trouble.name: {"column": trouble.kind, "rate": trouble.rate, "by_care": trouble.careless} for trouble in TROUBLES},
        "row_rates": ROW_TROUBLES,
        "care": {desk.table.resource: desk.table.care for desk in desks},
        "counts": dict(sorted(total.items())),
        "by_resource": {desk.table.resource: dict(sorted(desk.spoiler.counts.items())) for desk in desks},
    }
    _write_json(path, content)


def _write_manifest(path: Path, people: int, seed: int, delivered: list[Delivered]) -> None:
    files = [
        {"file": one.file, "resource": one.resource, "department": one.department, "rows": one.rows, "as_of": one.as_of, "note": one.note}
        for one in delivered
    ]
    _write_json(path, {"people": people, "seed": seed, "rows": sum(one.rows for one in delivered), "files": files})


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False) + "\n", encoding="utf-8")
