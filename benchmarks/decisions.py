"""What a decision costs: a table of thirty-one rules over nine facts, one by one in Python and a million at a time in SQL.

    .venv/bin/python benchmarks/decisions.py [--rows 1000000] [--json FILE]

Bars: 2 µs a decision for the generated function; 1,000,000 a second in SQL; ten times zen-engine's cached evaluate, in the
same run (zen-engine is in the `bench` extra; without it the peer is left out and said so). All must give the same answers.
CPU seconds are what is told: they hardly move with the machine's load.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from datong import rules
from datong.rules.model import TableBox
from datong.settings import load_settings
from datong.store import open_duck

TABLE = Path(__file__).parent / "decisions.yml"
DAY = date(2026, 5, 31)
GUANGZHOU = 142_673
"""Persons whose means a city re-examines."""
FACTS = ("kind", "members", "income", "deposits", "homes", "cars", "firms", "disabled", "student")
TYPES = ("VARCHAR", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "BOOLEAN", "BOOLEAN")


def family(rng: random.Random) -> dict[str, Any]:
    """An invented family's facts; most own little, so that rules all along the table apply."""
    return {
        "kind": rng.choices(["local", "permit", "other"], [90, 8, 2])[0],
        "members": rng.choices([0, 1, 2, 3, 4, 5, 16], [1, 20, 30, 30, 12, 6, 1])[0],
        "income": rng.choice([-1, *range(0, 5000, 10)]),
        "deposits": rng.choice([0, 0, 5000, 20000, 30001, 45000, 70000, 150000]),
        "homes": rng.choices([0, 1, 2, 3], [50, 44, 5, 1])[0],
        "cars": rng.choices([0, 1, 2], [93, 6, 1])[0],
        "firms": rng.choices([0, 1, 2], [96, 3, 1])[0],
        "disabled": rng.random() < 0.1,
        "student": rng.random() < 0.3,
    }


def cpu(work: Callable[[], object], rounds: int = 3) -> float:
    """CPU seconds of a work, the least of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def in_python(model: rules.Model, families: list[dict[str, Any]]) -> dict[str, float]:
    """Microseconds a decision: by the generated function, and with everything explained."""
    quick = model.quick("verdict")
    assert quick.generated

    def fast() -> None:
        for one in families:
            quick(one)

    def explained() -> None:
        for one in families[:2000]:
            model.decide("verdict", one, DAY)

    return {
        "generated_us": cpu(fast) / len(families) * 1e6,
        "explained_us": cpu(explained) / min(2000, len(families)) * 1e6,
    }


def in_sql(model: rules.Model, families: list[dict[str, Any]], rows: int) -> tuple[dict[str, Any], list[str]]:
    """Decisions a second in DuckDB, with the rule kept; and the rules of the first families, to compare."""
    outcome = model.sql("verdict", {name: name for name in FACTS}, "outcome")
    rule = model.sql("verdict", {name: name for name in FACTS}, "rule")
    declared = ", ".join(f"{name} {type_}" for name, type_ in zip(FACTS, TYPES, strict=True))
    found: dict[str, Any] = {"rows": rows}
    with tempfile.TemporaryDirectory() as home, open_duck(load_settings(home=Path(home), environ={})) as con:
        con.execute("SET threads = 1")
        con.execute(f"CREATE TABLE seed (place INTEGER, {declared})")
        marks = ", ".join("?" * (len(FACTS) + 1))
        con.executemany(
            f"INSERT INTO seed VALUES ({marks})", [[at, *(one[name] for name in FACTS)] for at, one in enumerate(families[:5000])]
        )
        copies = -(-rows // min(5000, len(families)))
        con.execute(f"CREATE TABLE family AS SELECT seed.* FROM seed, range({copies}) LIMIT {rows}")
        for name, query in {
            "outcome": f"SELECT {outcome} AS told, count(*) FROM family GROUP BY told",
            "outcome_and_rule": f"SELECT {outcome} AS told, {rule} AS why, count(*) FROM family GROUP BY told, why",
        }.items():
            seconds = cpu(lambda query=query: con.execute(query).fetchall())
            found[f"{name}_per_second"] = rows / seconds
        seconds = cpu(
            lambda: con.execute(
                f"CREATE OR REPLACE TABLE kept AS SELECT place, {outcome} AS told, {rule} AS why FROM family LIMIT {GUANGZHOU}"
            ).fetchall()
        )
        found["retest_142673_kept_s"] = seconds
        told = [row[0] for row in con.execute(f"SELECT {rule} FROM seed ORDER BY place").fetchall()]
    return found, told


def as_zen(model: rules.Model) -> dict[str, Any]:
    """The same table as the peer writes it."""
    box = model.definitions.decisions[0].box
    assert isinstance(box, TableBox)
    inputs = [{"id": f"i{at}", "name": one.expression, "field": one.expression} for at, one in enumerate(box.inputs)]
    outputs = [{"id": f"o{at}", "name": one.name, "field": one.name} for at, one in enumerate(box.outputs)]
    outputs.append({"id": "rule", "name": "rule", "field": "rule"})
    listed = [
        {
            "_id": one.id,
            **{f"i{at}": "" if text == "-" else text for at, text in enumerate(one.tests)},
            **{f"o{at}": text for at, text in enumerate(one.results)},
            "rule": f'"{one.id}"',
        }
        for one in box.rules
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "table",
            "type": "decisionTableNode",
            "name": "table",
            "position": {"x": 200, "y": 0},
            "content": {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": listed},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 400, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def in_zen(model: rules.Model, families: list[dict[str, Any]]) -> tuple[float, list[str]] | None:
    """Microseconds a decision of zen-engine with its table loaded once, and its rules of the first families; nothing without it."""
    try:
        import zen
    except ImportError:
        return None
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": as_zen(model)}}})
    told = [engine.evaluate("table", one)["result"]["rule"] for one in families[:5000]]
    part = families[:20_000]

    def run() -> None:
        for one in part:
            engine.evaluate("table", one)

    return cpu(run) / len(part) * 1e6, told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = random.Random(7)
    model = rules.read_rules(TABLE)
    families = [family(rng) for _ in range(100_000)]
    figures: dict[str, Any] = in_python(model, families)
    quick = model.quick("verdict")
    own = [quick(one)[1][0].rule for one in families[:5000]]
    sql, told = in_sql(model, families, options.rows)
    figures.update(sql)
    figures["answers_alike_sql"] = told == own
    peer = in_zen(model, families)
    if peer is not None:
        figures["zen_us"], figures["answers_alike_zen"] = peer[0], peer[1] == own
        figures["times_zen"] = peer[0] / figures["generated_us"]
    figures["rules_that_applied"] = len(set(own))
    for name, value in figures.items():
        print(f"{name:28} {value:,.2f}" if isinstance(value, float) else f"{name:28} {value}")
    if peer is None:
        print("zen-engine is not installed: pip install '.[bench]' to measure against it")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
