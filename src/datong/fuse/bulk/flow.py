"""Linking by numbers in reading order: files → keys → distinct keys → register with codes → links sorted by subject.

Everything lies in one folder: `register.parquet`, `links/part-…parquet`, `report.json`, `code.key`, and while it works
`work/`. An interrupted run goes on where it stopped. Another run over more files keeps every code.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from datong.domain.number_keys import PROBLEMS
from datong.fuse.bulk import queries
from datong.fuse.bulk.engine import Engine, Told
from datong.fuse.bulk.files import Piece
from datong.fuse.bulk.register import REGISTER_SCHEMA, cut, number_keys


@dataclass(frozen=True)
class BulkReport:
    """What a run did, in counts."""

    files: int
    rows: int
    linked: int
    """Rows whose number is sound, and that are in the links."""
    subjects: int
    new_subjects: int
    problems: dict[str, int]
    """Rows that are in no link, by what is wrong with their number (`old15`: sound, but weak; the name must agree)."""


def link_numbers(engine: Engine, pieces: Sequence[Piece], out: Path, progress: Told = lambda *_: None) -> BulkReport:
    """Make or extend the register and the links of these pieces in the folder `out`."""
    work = _work_folder(out, pieces)
    engine.keys(pieces, work / "keys", progress)
    return link_keys(engine, engine.groups(work / "keys"), out, progress)


def link_keys(engine: Engine, groups: Sequence[Sequence[str]], out: Path, progress: Told = lambda *_: None) -> BulkReport:
    """The set-wise part: files of keys in groups → register and links. The folder `work` in `out` goes when all is written."""
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    names = [f"keys_{number}" for number in range(len(groups))]
    for name, group in zip(names, groups, strict=True):
        engine.see(name, group)
    register, fresh = _register(engine, work, names, out, progress)
    pq.write_table(cut(register, engine.rows_a_part), work / "ranges.parquet")
    engine.see("ranges", [str(work / "ranges.parquet")])
    engine.links(names, work, work / "sorted", progress)
    report = _report(engine, names, register.num_rows, fresh)
    _place(work, out, report)
    return report


def _register(engine: Engine, work: Path, names: Sequence[str], out: Path, progress: Told) -> tuple[pa.Table, int]:
    """The register of all keys at hand and all known before; how many subjects are new."""
    made, known = work / "register.parquet", work / "known.parquet"
    if not known.exists():
        before = out / "register.parquet"
        _write(pq.read_table(before) if before.exists() else REGISTER_SCHEMA.empty_table(), known)
    if not made.exists():
        for number, name in enumerate(names):
            progress("distinct keys", number, len(names))
            if not _finished(work / f"counts-{number:05}"):
                engine.write(queries.KEY_COUNTS.format(keys=name), work / f"counts-{number:05}")
        engine.see("key_counts", [str(file) for file in sorted(work.glob("counts-*/*.parquet"))])
        engine.see("known", [str(known)])
        progress("codes", 0, 1)
        _write(number_keys(engine.query(queries.REGISTER.format(all_keys=queries.ALL_KEYS)), code_key_of(out)), made)
    register = pq.read_table(made)
    return register, register.num_rows - pq.read_metadata(known).num_rows


def _report(engine: Engine, names: Sequence[str], subjects: int, fresh: int) -> BulkReport:
    counts: dict[str, int] = {}
    files: set[int] = set()
    for name in names:
        for row in engine.query(queries.PROBLEMS.format(keys=name)).to_pylist():
            files.add(row["file_no"])
            problem = PROBLEMS[row["problem"]]
            counts[problem] = counts.get(problem, 0) + row["mentions"]
    rows, linked = sum(counts.values()), counts.pop("", 0)
    return BulkReport(len(files), rows, linked, subjects, fresh, dict(sorted(counts.items())))


def _place(work: Path, out: Path, report: BulkReport) -> None:
    """Put the finished tables in their place: register, then links, then the report; the working folder goes."""
    links = work / "links"
    shutil.rmtree(links, ignore_errors=True)
    links.mkdir()
    for folder in sorted((work / "sorted").glob("part=*")):
        number = int(folder.name.removeprefix("part="))
        for file in folder.glob("*.parquet"):
            file.rename(links / f"part-{number:05}.parquet")
    (work / "register.parquet").replace(out / "register.parquet")
    shutil.rmtree(out / "links", ignore_errors=True)
    links.rename(out / "links")
    (out / "report.json").write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(work)


def _work_folder(out: Path, pieces: Sequence[Piece]) -> Path:
    """The working folder of just these pieces of files as they are now; that of another run is thrown away."""
    told = [[asdict(piece), Path(piece.path).stat().st_size, Path(piece.path).stat().st_mtime_ns] for piece in pieces]
    mark = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    work = out / "work"
    noted = work / "run"
    if not noted.exists() or noted.read_text(encoding="ascii") != mark:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        noted.write_text(mark, encoding="ascii")
    return work


def _finished(folder: Path) -> bool:
    """Whether a folder of Parquet files was written whole: DuckDB's is moved there then, Spark's is marked."""
    return folder.exists() and any((folder / name).exists() for name in ("part-0.parquet", "_SUCCESS"))


def _write(table: pa.Table, target: Path) -> None:
    beside = target.with_name(f".{target.name}.tmp")
    pq.write_table(table, beside, compression="zstd")
    beside.rename(target)


def code_key_of(out: Path) -> bytes:
    """The secret key of this folder's codes, from `code.key`; made there on first use, readable by its owner only.

    Not the city's own key: a folder hands out its serials by itself, and two books with one key would give one code twice.
    """
    path = out / "code.key"
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
