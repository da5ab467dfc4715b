"""A lake file packed by several threads is one plain Parquet file: the same rows to every reader, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datong.store import LakeWriter, lake

SCHEMA = pa.schema([("record_id", pa.string()), ("row_no", pa.int64()), ("note", pa.string()), ("kind", pa.string())])
ROW = st.tuples(
    st.text("0123456789abcdef", min_size=4, max_size=4),
    st.integers(-(2**40), 2**40),
    st.none() | st.text(max_size=8),
    st.sampled_from("ab"),
)


def written(place: Path, batches: list[pa.RecordBatch]) -> Path:
    with LakeWriter(place, SCHEMA, ["kind"], ["record_id"]) as writer:
        for batch in batches:
            writer.write(batch)
        writer.finish()
        writer.place()
    return place


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ROW, max_size=30), max_size=60), st.integers(1, 40))
def test_many_row_groups_are_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[list[tuple[object, ...]]], size: int
) -> None:
    monkeypatch.setattr(lake, "ROW_GROUP", size)
    batches = [
        pa.RecordBatch.from_arrays(
            [pa.array(list(column), field.type) for column, field in zip(zip(*one, strict=True), SCHEMA, strict=True)], schema=SCHEMA
        )
        for one in rows
        if one
    ]
    path = written(tmp_path / "one.parquet", batches)
    whole = pa.Table.from_batches(batches, SCHEMA)
    assert pq.read_table(path).equals(whole)
    file = pq.ParquetFile(path)
    assert file.metadata.num_rows == whole.num_rows and file.schema_arrow.equals(SCHEMA)
    assert [file.read_row_group(at).num_rows for at in range(file.num_row_groups)] == [
        file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)
    ]
    assert duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall() == [tuple(row.values()) for row in whole.to_pylist()]
    assert path.read_bytes() == written(tmp_path / "again.parquet", batches).read_bytes()


def test_an_error_in_packing_is_raised_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: LakeWriter, table: pa.Table) -> None:
        raise OSError("no room")

    monkeypatch.setattr(LakeWriter, "_packed", broken)
    batch = pa.RecordBatch.from_pylist([{"record_id": "aaaa", "row_no": 1, "note": None, "kind": "a"}], schema=SCHEMA)
    with pytest.raises(OSError, match="no room"):
        written(tmp_path / "one.parquet", [batch])
    assert list(tmp_path.iterdir()) == []
