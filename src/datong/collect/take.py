"""Streams a delivery through reading, cleaning and writing, each beside the others."""

from __future__ import annotations

import json
import queue
import tempfile
import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.collect.clean import Cleaner
from datong.collect.match_columns import ColumnPlan
from datong.collect.rows import BrokenRow, Opened, Rows, named_cells
from datong.domain.errors import BadDelivery
from datong.store import LakeWriter

Item = TypeVar("Item")
_AHEAD = 4
_MOST_REJECTED = 0.5
_LOOK_AFTER = 20_000
_FEW = 10
_IN_MEMORY = 8 << 20


class QuarantineRows:
    """Rows that wait, kept out of memory until the delivery is settled."""

    def __init__(self, delivery_id: str, resource: str) -> None:
        self._start = (delivery_id, resource)
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self.reasons: Counter[str] = Counter()
        self.received = 0

    def __enter__(self) -> QuarantineRows:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: BrokenRow, column: str = "") -> None:
        """Set a row apart."""
        self.reasons[row.reason] += 1
        cells = json.dumps(dict(row.cells), ensure_ascii=False)
        self._file.write(json.dumps([row.row_no, column, row.reason, row.message, cells], ensure_ascii=False) + "\n")

    def stored(self) -> Iterator[tuple[Any, ...]]:
        """The rows in the quarantine table's columns."""
        self._file.seek(0)
        delivery_id, resource = self._start
        for line in self._file:
            row_no, column, reason, message, cells = json.loads(line)
            yield delivery_id, row_no, resource, column, reason, message.replace("\0", ""), cells.replace("\\u0000", ""), "waiting", "", ""


@dataclass
class Tally:
    """What was counted while a delivery streamed by."""

    received: int = 0
    accepted: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    halves: list[Any] = field(default_factory=list)


def take_rows(
    opened: Opened, plan: ColumnPlan, cleaner: Cleaner, writer: LakeWriter, waiting: QuarantineRows, *, waive: bool = False
) -> Tally:
    """Read, clean and write every batch. Raises BadDelivery when most rows are wrong (unless waived), or the file is cut off."""
    tally = Tally()
    with ThreadPoolExecutor(max_workers=1) as pool:
        writing: deque[Future[None]] = deque()
        for rows in read_ahead(opened.batches):
            records = _take_batch(rows, opened, plan, cleaner, (tally, waiting))
            writing.append(pool.submit(writer.write, records))
            if len(writing) > _AHEAD:
                writing.popleft().result()
            if tally.received > _LOOK_AFTER and not waive:
                _check_share(tally, waiting)
        while writing:
            writing.popleft().result()
    if not waive:
        _check_share(tally, waiting)
    if opened.ending == "truncated":
        message = (
            f"最后一行不完整（共读到 {tally.received} 行），文件可能被截断，请重新传送 · the last row is broken off: send the file again"
        )
        raise BadDelivery("truncated", message)
    return tally


def _take_batch(rows: Rows, opened: Opened, plan: ColumnPlan, cleaner: Cleaner, into: tuple[Tally, QuarantineRows]) -> Any:
    tally, waiting = into
    tally.received += len(rows.row_nos) + len(rows.broken)
    waiting.received = tally.received
    for broken in rows.broken:
        waiting.add(broken)
    rows = _without_strays(rows, opened.names, plan, waiting)
    arrays = {name: rows.columns[place] for name, place in plan.fields.items()}
    batch = cleaner.rows(arrays, rows.row_nos)
    for place, rejection in batch.rejected.items():
        cells = named_cells(opened.names, [column[place].as_py() for column in rows.columns])
        waiting.add(BrokenRow(int(rows.row_nos[place]), rejection.reason, rejection.message, cells), rejection.column)
    tally.accepted += batch.records.num_rows
    tally.problems.update(batch.problems)
    tally.halves.append(batch.id_half)
    for name in cleaner.source.assertions.filled:
        tally.filled[name] += batch.records.num_rows - _empty(batch.records.column(name))
    return batch.records


def _without_strays(rows: Rows, names: tuple[str, ...], plan: ColumnPlan, waiting: QuarantineRows) -> Rows:
    """Set apart rows that have a value under an unnamed column."""
    if not plan.empty:
        return rows
    stray = np.zeros(len(rows.row_nos), np.bool_)
    for place in plan.empty:
        stray |= pc.not_equal(pc.utf8_trim_whitespace(rows.columns[place]), "").to_numpy(zero_copy_only=False)
    message = "无列名的列中有内容，请为该列命名或清空 · a value stands under no column name: name the column or clear it"
    for place in np.flatnonzero(stray).tolist():
        cells = named_cells(names, [column[place].as_py() for column in rows.columns])
        waiting.add(BrokenRow(int(rows.row_nos[place]), "unnamed_column", message, cells))
    keep = pa.array(~stray)
    return Rows([column.filter(keep) for column in rows.columns], rows.row_nos[~stray]) if stray.any() else rows


def _empty(column: Any) -> int:
    return int(pc.sum(pc.equal(column, "")).as_py() or 0)


def _check_share(tally: Tally, waiting: QuarantineRows) -> None:
    wrong = sum(waiting.reasons.values())
    if tally.received >= _FEW and wrong > tally.received * _MOST_REJECTED:
        reason, count = waiting.reasons.most_common(1)[0]
        said = f"已读 {tally.received} 行，其中 {wrong} 行不合格，主要原因 {reason}（{count} 行）"
        raise BadDelivery(
            "mostly_rejected", f"{said}，请核对格式后重报 · more than half of the rows are wrong, mostly {reason}: check the export"
        )


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, made in a thread of their own a few ahead; its error is raised here."""
    waiting: queue.Queue[tuple[str, Any]] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def put(kind: str, value: Any) -> None:
        while not stopped.is_set():
            try:
                waiting.put((kind, value), timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put("item", item)
                if stopped.is_set():
                    return
            put("end", None)
        except BaseException as error:
            put("error", error)

    thread = threading.Thread(target=work, name="collect-read", daemon=True)
    thread.start()
    try:
        while True:
            kind, value = waiting.get()
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        stopped.set()
        thread.join()


def shares(filled: Mapping[str, int], accepted: int) -> dict[str, float]:
    """Which share of the accepted rows has each field."""
    return {name: count / accepted for name, count in filled.items()} if accepted else {}
