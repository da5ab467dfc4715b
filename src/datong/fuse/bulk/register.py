"""Distinct keys → the register: which subject each is, its permanent code, and the ranges that work is cut into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datong.domain.access import Register
from datong.fuse.bulk.codes import issue_codes

REGISTER_SCHEMA = pa.schema(
    [("subject", pa.int64()), ("kind", pa.int8()), ("key", pa.int64()), ("code", pa.string()), ("mentions", pa.int64())]
)
"""A subject a row, in order of kind and key. `subject` is its number in every table: the kind's index times 2**40 and the serial."""
RANGES_SCHEMA = pa.schema([("key", pa.int64()), ("subject", pa.int64()), ("part", pa.int32())])
_SERIAL_BITS = 40
_SERIALS = (1 << _SERIAL_BITS) - 1
_REGISTERS: dict[int, Register] = {1: "person", 2: "organisation"}


def number_keys(found: pa.Table, key: bytes) -> pa.Table:
    """Give the keys that have none a subject and code, in order of key; `found` is what the query REGISTER returns."""
    kinds = found.column("kind").to_numpy()
    subjects = found.column("subject").fill_null(-1).to_numpy().copy()
    fresh_codes: list[pa.Array] = []
    fresh_rows: list[Any] = []
    for kind, register in _REGISTERS.items():
        of_kind = kinds == kind
        last = int(subjects[of_kind].max(initial=-1))
        rows = np.flatnonzero(of_kind & (subjects < 0))
        serials, codes = issue_codes(register, last & _SERIALS if last >= 0 else -1, rows.size, key)
        subjects[rows] = serials + (kind << _SERIAL_BITS)
        fresh_codes.append(codes)
        fresh_rows.append(rows)
    codes = _filled(found.column("code"), np.concatenate(fresh_rows), fresh_codes)
    columns = [pa.array(subjects), found.column("kind"), found.column("key"), codes, found.column("mentions")]
    return pa.table(columns, names=REGISTER_SCHEMA.names).cast(REGISTER_SCHEMA)


def _filled(codes: Any, rows: Any, fresh: list[pa.Array]) -> Any:
    """The codes with the fresh ones put into these rows (ascending)."""
    places = np.arange(len(codes), dtype=np.int64)
    places[rows] = len(codes) + np.arange(rows.size)
    return pa.chunked_array([*codes.chunks, *fresh], pa.string()).take(pa.array(places))


def cut(register: pa.Table, rows_a_part: int) -> pa.Table:
    """Key → subject and part: parts are ranges of subjects that hold about `rows_a_part` mentions each (`RANGES_SCHEMA`)."""
    subjects = register.column("subject").to_numpy()
    mentions = register.column("mentions").to_numpy()
    order = np.argsort(subjects, kind="stable")
    before = np.cumsum(mentions[order]) - mentions[order]
    parts = np.empty(subjects.size, np.int32)
    parts[order] = before // max(rows_a_part, 1)
    _, dense = np.unique(parts, return_inverse=True)
    held = pa.table([register.column("key"), register.column("subject"), pa.array(dense.astype(np.int32))], schema=RANGES_SCHEMA)
    return held.filter(pc.greater(register.column("mentions"), 0))
