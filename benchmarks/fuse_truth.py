"""What linking found against what is true, set-wise: a city of a million people has thirty million mentions, too many to hold as Python values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from datong import collect
from datong.settings import Settings
from datong.spec import Packs
from datong.store import Session

KINDS = {"person": "P", "organisation": "F", "premises": "U"}
BY_NUMBER = ("citizen_id", "credit_code", "registration_no", "place", "title_unit_no", "certificate_no")
_PAGE = 500_000

TRUE_OF_FILE = """
INSERT INTO truth SELECT '{resource}', r.record_id, '{role}', t."{role}"
FROM record r JOIN read_csv('{path}', all_varchar = true, header = true) t ON t.file = r.file AND t.row_no = r.row_no
WHERE coalesce(t."{role}", '') <> ''"""
ROWS = """
CREATE OR REPLACE TABLE rows AS SELECT l.resource, l.record_id, l.role, t.subject, l.code, l.rule
FROM linked l JOIN truth t USING (resource, record_id, role) WHERE l.kind = '{kind}' AND t.subject[1] = '{letter}'"""
PAIRS = "SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM (SELECT count(*) AS n FROM rows WHERE {where} GROUP BY {what})"
MAIN = """
CREATE OR REPLACE TABLE main_code AS SELECT subject, code FROM (SELECT subject, code, count(*) AS n FROM rows WHERE code <> '' GROUP BY ALL)
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC, code) = 1"""
OPEN = """
CREATE OR REPLACE TABLE open_rows AS SELECT r.*, coalesce(m.code, '') AS main,
CASE WHEN r.code = '' THEN 'none' WHEN r.code = m.code THEN 'right' ELSE 'other' END AS outcome
FROM rows r LEFT JOIN main_code m USING (subject) WHERE r.rule NOT IN {by_number}"""
CODES = """
SELECT count(*), sum(CASE WHEN n > 1 THEN 1 ELSE 0 END)::BIGINT FROM
(SELECT code, count(DISTINCT subject) AS n FROM rows WHERE code <> '' GROUP BY code)"""


@dataclass(frozen=True)
class Scores:
    """One register against the truth."""

    mentions: int
    precision: float
    recall: float
    open: dict[str, int]
    codes: int
    subjects: int
    mixed: int
    """Codes under which more than one subject stands."""
    wrong: list[tuple[Any, ...]]
    missed: list[tuple[str, str, int]]


def read(folder: Path, session: Session, settings: Settings, packs: Packs, simulated: Path) -> duckdb.DuckDBPyConnection:
    """Tables `truth` and `linked` in a database of their own in `folder`."""
    con = duckdb.connect(str(folder / "compare.duckdb"))
    con.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = false")
    con.execute("CREATE TABLE truth (resource VARCHAR, record_id VARCHAR, role VARCHAR, subject VARCHAR)")
    names = dict(session.all("SELECT delivery_id, file_name FROM delivery"))
    for path in sorted((simulated / "truth" / "rows").glob("*.csv.gz")):
        resource = path.name.removesuffix(".csv.gz")
        con.execute("CREATE OR REPLACE TABLE record (record_id VARCHAR, file VARCHAR, row_no VARCHAR)")
        for batch in collect.scan(session, settings, packs.source(resource)):
            given = pa.table(
                {
                    "record_id": batch.column("record_id"),
                    "file": pa.array([names[one] for one in batch.column("delivery_id").to_pylist()], pa.string()),
                    "row_no": batch.column("row_no"),
                }
            )
            con.register("given", given)
            con.execute("INSERT INTO record SELECT record_id, file, row_no::VARCHAR FROM given")
            con.unregister("given")
        header = con.execute(f"DESCRIBE SELECT * FROM read_csv('{path}', all_varchar = true, header = true)").fetchall()
        for role in (row[0] for row in header if row[0] not in ("file", "row_no")):
            con.execute(TRUE_OF_FILE.format(resource=resource, role=role, path=path))
    _read_links(con, session)
    return con


def _read_links(con: duckdb.DuckDBPyConnection, session: Session) -> None:
    names = ("resource", "record_id", "role", "kind", "code", "rule")
    con.execute(f"CREATE TABLE linked ({', '.join(f'{name} VARCHAR' for name in names)})")
    for rows in _pages(session.stream(f"SELECT {', '.join(names)} FROM member")):
        columns = list(zip(*rows, strict=True))
        con.register("given", pa.table({name: pa.array(columns[at], pa.string()) for at, name in enumerate(names)}))
        con.execute("INSERT INTO linked SELECT * FROM given")
        con.unregister("given")


def _pages(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    held: list[tuple[Any, ...]] = []
    for row in rows:
        held.append(tuple(row))
        if len(held) == _PAGE:
            yield held
            held = []
    if held:
        yield held


def score(con: duckdb.DuckDBPyConnection, kind: str, wrong: int, missed: int) -> Scores:
    """One register's scores; so many wrong links by reference, and so many places where missed ones lie."""
    for sql in (ROWS.format(kind=kind, letter=KINDS[kind]), MAIN, OPEN.format(by_number=BY_NUMBER)):
        con.execute(sql)
    true_pairs = _number(con, PAIRS.format(where="true", what="subject"))
    made_pairs = _number(con, PAIRS.format(where="code <> ''", what="code"))
    right = _number(con, PAIRS.format(where="code <> ''", what="subject, code"))
    codes, mixed = con.execute(CODES).fetchall()[0]
    return Scores(
        mentions=_number(con, "SELECT count(*) FROM rows"),
        precision=right / max(made_pairs, 1),
        recall=right / max(true_pairs, 1),
        open=dict(con.execute("SELECT outcome, count(*) FROM open_rows GROUP BY outcome ORDER BY outcome").fetchall()),
        codes=codes,
        subjects=_number(con, "SELECT count(DISTINCT subject) FROM rows WHERE code <> ''"),
        mixed=mixed or 0,
        wrong=con.execute(
            "SELECT resource, record_id, role, rule, code, main FROM open_rows WHERE outcome = 'other' ORDER BY ALL LIMIT ?", [wrong]
        ).fetchall(),
        missed=con.execute(
            "SELECT resource, rule, count(*) AS n FROM open_rows WHERE outcome <> 'right' GROUP BY ALL ORDER BY n DESC, resource LIMIT ?",
            [missed],
        ).fetchall(),
    )


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
