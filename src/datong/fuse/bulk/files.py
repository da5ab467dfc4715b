"""Delivered files → batches of keys: the same function in a thread of this process and in a Spark task."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from datong.collect import utf8_blocks
from datong.domain.errors import BadDelivery, BadValue, Missing
from datong.domain.number_keys import NumberColumn
from datong.fuse.bulk.identify import KEY_SCHEMA, identify

ROWS_OF_KEYS = pa.schema([("file_no", pa.int32()), ("row_no", pa.int64()), *KEY_SCHEMA])
"""A delivered row as a key: which file (from 0, in the order given), which row of it (from 1), and what `identify` says."""
PIECE_OF_SCHEMA = pa.schema(
    [
        *(("file_no", pa.int32()), ("path", pa.string()), ("column", pa.string()), ("holds", pa.string()), ("encoding", pa.string())),
        *(("first_group", pa.int32()), ("groups", pa.int32()), ("first_row", pa.int64()), ("rows", pa.int64())),
    ]
)
_ROWS_A_PIECE = 10_000_000
_ROWS_A_BATCH = 1 << 18
_CSV_BLOCK = 1 << 23
_DECODED = ("gb18030", "gbk", "gb2312")
"""Encodings that the compiled loop reads: the later ones are parts of the first."""
_LOST = "\ufffd".encode()
"""What stands where a byte could not be decoded; or what somebody before could not decode, and no better for it."""


@dataclass(frozen=True)
class Piece:
    """What one task reads: some row groups of a Parquet file, or a CSV file whole (`groups` is 0)."""

    file_no: int
    path: str
    column: str
    holds: NumberColumn
    encoding: str = "utf-8"
    first_group: int = 0
    groups: int = 0
    first_row: int = 1
    rows: int = 0
    """How many rows it has; 0 where that is not known before it is read (CSV)."""

    @property
    def name(self) -> str:
        """What its keys are kept under."""
        return f"{self.file_no:06}-{self.first_group:06}"


def pieces_of(paths: Sequence[Path], columns: Sequence[str], holds: NumberColumn, encoding: str = "utf-8") -> list[Piece]:
    """The tasks that reading these files makes. `columns` are names the key's column may have; each file has one of them.

    Raises `Missing` for a file that is not there, `BadDelivery` for one without such a column or that is neither CSV nor Parquet.
    """
    if not columns:
        raise BadValue("column", "is not given", "name the column that holds the number")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise BadValue("encoding", f"{encoding!r} is not known", "write utf-8 or gb18030") from None
    pieces: list[Piece] = []
    for number, path in enumerate(paths):
        if not path.is_file():
            raise Missing(f"{path}: there is no such file")
        if path.suffix == ".parquet":
            pieces += _parquet_pieces(number, path.absolute(), columns, holds)
        elif path.suffix in (".csv", ".txt"):
            pieces.append(Piece(number, str(path.absolute()), _column_of(path, _csv_header(path, encoding), columns), holds, encoding))
        else:
            raise BadDelivery("format", f"{path.name}: write the file as .parquet or .csv")
    return pieces


def _parquet_pieces(number: int, path: Path, columns: Sequence[str], holds: NumberColumn) -> Iterator[Piece]:
    try:
        kept = pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadDelivery("format", f"{path.name}: not a Parquet file") from error
    column = _column_of(path, kept.schema.to_arrow_schema().names, columns)
    first, rows, start = 0, 0, 1
    for group in range(kept.num_row_groups):
        rows += kept.row_group(group).num_rows
        if rows >= _ROWS_A_PIECE or group == kept.num_row_groups - 1:
            yield Piece(number, str(path), column, holds, first_group=first, groups=group + 1 - first, first_row=start, rows=rows)
            first, start, rows = group + 1, start + rows, 0


def _csv_header(path: Path, encoding: str) -> list[str]:
    with path.open("rb") as file:
        line = file.readline()
    try:
        text = line.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError:
        raise BadDelivery("encoding", f"{path.name}: the first line is not {encoding}; name the file's encoding") from None
    return [name.strip().strip('"') for name in text.rstrip("\r\n").split(",")]


def _column_of(path: Path, names: Sequence[str], columns: Sequence[str]) -> str:
    found = next((column for column in columns if column in names), "")
    if not found:
        raise BadDelivery("columns", f"{path.name}: a column {' or '.join(columns)} is needed; found {', '.join(names)}")
    return found


def keys_of(piece: Piece, batches: Iterator[pa.RecordBatch] | None = None) -> Iterator[pa.RecordBatch]:
    """The keys of a piece, batch after batch (`ROWS_OF_KEYS`): a row for every delivered row, in the file's order.

    `batches` are the piece's own where something else reads them too; else the key's column is read here.
    """
    row_no = piece.first_row
    for batch in columns_of(piece, [piece.column]) if batches is None else batches:
        keys = identify(batch.column(piece.column), piece.holds)
        rows = np.arange(row_no, row_no + batch.num_rows, dtype=np.int64)
        files = pa.array(np.full(batch.num_rows, piece.file_no, np.int32))
        yield pa.RecordBatch.from_arrays([files, pa.array(rows), *keys.columns], schema=ROWS_OF_KEYS)
        row_no += batch.num_rows


def columns_of(piece: Piece, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """These columns of a piece (None: all of them), batch after batch; a CSV's are text as it stands."""
    if piece.groups:
        groups = list(range(piece.first_group, piece.first_group + piece.groups))
        with pq.ParquetFile(piece.path) as file:
            yield from file.iter_batches(_ROWS_A_BATCH, groups, columns, use_threads=False)
    elif not piece.path.endswith(".parquet"):
        yield from _csv_batches(piece, columns)


def _csv_batches(piece: Piece, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    names = columns or _csv_header(Path(piece.path), piece.encoding)
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, include_columns=columns or []
    )
    decoded = piece.encoding.lower() in _DECODED
    read = pa_csv.ReadOptions(encoding="utf-8" if decoded else piece.encoding, block_size=_CSV_BLOCK)
    try:
        given = pa.PythonFile(_Decoded(Path(piece.path)), "r") if decoded else piece.path
        with pa_csv.open_csv(given, read, pa_csv.ParseOptions(newlines_in_values=True), convert) as lines:
            yield from lines
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        reason = "encoding" if isinstance(error, UnicodeDecodeError) or "UTF8" in str(error) else "columns"
        name = Path(piece.path).name
        told = f"a byte is not {piece.encoding}" if reason == "encoding" else "a line has another number of columns than the first"
        raise BadDelivery(reason, f"{name}: {told}; take it in with datong collect, which reports such lines one by one") from None


class _Decoded:
    """A GB 18030 file as the UTF-8 bytes of its text: decoded by a compiled loop that lets other threads run, where the
    interpreter's own codec would make them wait."""

    closed = False

    def __init__(self, path: Path) -> None:
        self._blocks = utf8_blocks(path, "gb18030")
        self._held = memoryview(b"")

    def read(self, size: int) -> memoryview:
        """At most so many bytes; none at the end. Raises UnicodeDecodeError where a byte is no GB 18030."""
        while not self._held:
            block = next(self._blocks, None)
            if block is None:
                break
            self._held = memoryview(block)
            if (at := bytes(block).find(_LOST)) >= 0:
                raise UnicodeDecodeError("gb18030", b"", at, at, "a damaged byte")
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def close(self) -> None:
        """Nothing is held open between blocks."""


def piece_rows(pieces: Sequence[Piece]) -> pa.Table:
    """Pieces as a table, to be sent to tasks."""
    return pa.Table.from_pylist([asdict(piece) for piece in pieces], schema=PIECE_OF_SCHEMA)


def keys_of_pieces(batches: Iterator[Any]) -> Iterator[pa.RecordBatch]:
    """What Spark's `mapInArrow` runs: rows that name pieces → the keys of these pieces."""
    for batch in batches:
        for row in batch.to_pylist():
            yield from keys_of(Piece(**row))
