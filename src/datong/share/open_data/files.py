"""The files of a version: written as a stream in the order of their rows, and read in pieces by an index of where each row begins.

No more than a run of rows is ever held: runs are sorted one by one, kept on disk and merged as the files are written.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any

from datong.settings import Settings
from datong.share.csv_text import BYTE_ORDER, csv_lines
from datong.store import DraftFile, KeptFile, raw_file

ROOM = "open"
"""The folder of the home where the files of versions lie, by their hash."""
RUN = 10_000
"""Rows that are sorted, and written, at a time."""
_PLACE = Struct(">Q")
"""One entry of the index: at which byte of the JSON file a row begins."""

Cells = tuple[str, ...]


class SortedRows:
    """Rows that come in any order and are read in their own, without holding them all."""

    def __init__(self, draft: DraftFile) -> None:
        self._draft = draft
        self._waiting: list[Cells] = []
        self._runs: list[tuple[int, int]] = []

    def add(self, rows: Iterable[Cells]) -> None:
        """Take more rows."""
        self._waiting += rows
        if len(self._waiting) >= RUN:
            self._write()

    def __iter__(self) -> Iterator[Cells]:
        self._write()
        return heapq.merge(*(self._read(*run) for run in self._runs))

    def _write(self) -> None:
        if self._waiting:
            self._runs.append((self._draft.size, len(self._waiting)))
            for row in sorted(self._waiting):
                self._draft.write(json.dumps(row).encode() + b"\n")
            self._waiting = []
        self._draft.flush()

    def _read(self, begins: int, rows: int) -> Iterator[Cells]:
        with self._draft.path.open("rb") as source:
            source.seek(begins)
            for _ in range(rows):
                yield tuple(json.loads(source.readline()))


class VersionFiles:
    """The files of one version on their way: `sorted` takes its rows, `write` makes CSV, JSON and index, `keep` puts them in their places.

    Left without `keep`, nothing remains of them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._drafts = settings, ExitStack()
        self._csv, self._json, self._index, runs = (self._drafts.enter_context(DraftFile(settings, ROOM)) for _ in range(4))
        self.sorted = SortedRows(runs)
        self.rows = 0

    def __enter__(self) -> VersionFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._drafts.__exit__(kind, error, trace)

    def write(self, heads: Sequence[tuple[str, str]], about: Mapping[str, object], rows: Iterable[Cells]) -> None:
        """Write rows as they come. `heads`: name and title of each column; `about`: what stands before the rows in the JSON."""
        names = [name for name, _ in heads]
        self._csv.write((BYTE_ORDER + csv_lines([[title for _, title in heads]])).encode())
        self._json.write(_head(about))
        coming = iter(rows)
        while some := tuple(islice(coming, RUN)):
            self._csv.write(csv_lines(some).encode())
            for row in some:
                self._json.write(b"," if self.rows else b"")
                self._index.write(_PLACE.pack(self._json.size))
                self._json.write(_text(dict(zip(names, row, strict=True))))
                self.rows += 1
        self._index.write(_PLACE.pack(self._json.size + 1))
        self._json.write(b"]}")

    def keep(self) -> tuple[KeptFile, KeptFile]:
        """Put them into their places: the CSV and the JSON as they are kept."""
        kept = self._csv.keep(), self._json.keep()
        self._index.keep_as(_index_of(self._settings, kept[1].sha256))
        return kept


def read_piece(settings: Settings, sha256: str, skip: int, limit: int) -> dict[str, Any]:
    """A version's JSON with only the rows from `skip` on, at most `limit`: no more of the file is read than that.

    A version that was made without an index gets one here.
    """
    index = _index_of(settings, sha256)
    if not index.is_file():
        _add_index(settings, sha256)
    with index.open("rb") as places, raw_file(settings, sha256, ROOM).open("rb") as source:
        rows = index.stat().st_size // _PLACE.size - 1
        first, last = min(skip, rows), min(skip + limit, rows)
        head = source.read(_place(places, 0) if rows else -1)
        whole: dict[str, Any] = json.loads(head + b"]}" if rows else head)
        if first < last:
            begins, ends = _place(places, first), _place(places, last) - 1
            source.seek(begins)
            whole["rows"] = json.loads(b"[" + source.read(ends - begins) + b"]")
        return whole


def _place(places: Any, row: int) -> int:
    places.seek(row * _PLACE.size)
    (found,) = _PLACE.unpack(places.read(_PLACE.size))
    return int(found)


def _add_index(settings: Settings, sha256: str) -> None:
    whole = json.loads(raw_file(settings, sha256, ROOM).read_bytes())
    rows = whole.pop("rows")
    at = len(_head(whole))
    with DraftFile(settings, ROOM) as draft:
        for row in rows:
            draft.write(_PLACE.pack(at))
            at += len(_text(row)) + 1
        draft.write(_PLACE.pack(at))
        draft.keep_as(_index_of(settings, sha256))


def _index_of(settings: Settings, sha256: str) -> Path:
    return raw_file(settings, sha256, ROOM).with_suffix(".rows")


def _head(about: Mapping[str, object]) -> bytes:
    return _text(about)[:-1] + b',"rows":['


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
