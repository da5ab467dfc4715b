"""Arrow batch → Arrow batch: written numbers as kind, whole-number key and problem."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from datong.domain.number_keys import KINDS, PROBLEMS, NumberColumn, read_number
from datong.fuse.bulk.number_loops import ASK, CITIZEN, CREDIT, EITHER, MISSING, read_numbers

KEY_SCHEMA = pa.schema([("kind", pa.int8()), ("key", pa.int64()), ("problem", pa.int8())])
"""`kind` is an index into `domain.number_keys.KINDS`, `problem` into `PROBLEMS`; `key` is 0 where `kind` is 0."""
_COLUMNS: dict[NumberColumn, int] = {"citizen_id": CITIZEN, "credit_code": CREDIT, "number": EITHER}


def identify(texts: Any, column: NumberColumn = "number") -> pa.RecordBatch:
    """The keys of a column of text (an Array or ChunkedArray of any type that can be written as text), a row each.

    What `read_number` says of each value. Runs without the interpreter's lock: give threads a batch each.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks() if texts.num_chunks != 1 else texts.chunk(0)
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        texts = texts.cast(pa.string())
    kinds, keys, problems = (np.empty(len(texts), kind) for kind in (np.int8, np.int64, np.int8))
    if read_numbers(*text_buffers(texts), _COLUMNS[column], (kinds, keys, problems)):
        _ask(texts, column, kinds, keys, problems)
    if texts.null_count:
        empty = texts.is_null().to_numpy(zero_copy_only=False)
        kinds[empty], keys[empty], problems[empty] = 0, 0, MISSING
    return pa.RecordBatch.from_arrays([pa.array(values) for values in (kinds, keys, problems)], schema=KEY_SCHEMA)


def text_buffers(texts: Any) -> tuple[Any, Any]:
    """The offsets and the bytes of an Arrow string array, not copied."""
    _, offsets, data = texts.buffers()
    width = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    if offsets is None:
        return np.zeros(1, width), np.zeros(1, np.uint8)
    starts = np.frombuffer(offsets, width)[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)


def _ask(texts: Any, column: NumberColumn, kinds: Any, keys: Any, problems: Any) -> None:
    """Let the definition read the rows with rare characters, each distinct text once."""
    rows = np.flatnonzero(problems == ASK)
    known: dict[str, tuple[int, int, int]] = {}
    for row, text in zip(rows, texts.take(pa.array(rows)).to_pylist(), strict=True):
        if text is None:
            continue
        if text not in known:
            found = read_number(text, column)
            known[text] = (KINDS.index(found.kind), found.key, PROBLEMS.index(found.problem))
        kinds[row], keys[row], problems[row] = known[text]
