"""A means test of 142,673 people in 63,816 families, all in one query with the rule kept for each; beside it, deciding one by one.

    .venv/bin/python benchmarks/means_test.py [--people 142673] [--home var/bench-means]

Bar: one run under 60 s with reasons kept. The rules are those of packs/means_test as they stand; a sample is decided by the
interpreter too, and must agree. CPU seconds are printed beside wall seconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from datong import rules, services
from datong.settings import load_settings

RULES = Path(__file__).parent.parent / "packs" / "means_test" / "means.yml"
DAY = date(2026, 11, 20)
FAMILIES_OF = 142_673 / 63_816
"""People a family in the year that the account tells of."""
COMPARED = 3_000


def families(people: int) -> list[tuple[str, dict[str, Any]]]:
    """Invented families with so many members in all; about one in six is not entitled for one reason or another."""
    chance, found, left = random.Random(16), [], people
    while left > 0:
        members = min(left, 1 + min(5, int(chance.expovariate(1 / (FAMILIES_OF - 1)) + 0.5)))
        left -= members
        married = members > 1 and chance.random() < 0.6
        found.append((f"C20261120-{len(found):06d}", _family(chance, members, married)))
    return found


def _family(chance: random.Random, members: int, married: bool) -> dict[str, Any]:
    """What registers and declaration say of one."""
    car = "鲁C12345" if chance.random() < 0.03 else None
    given: dict[str, Any] = {
        "members": members,
        "monthly_income": round(chance.betavariate(2, 3) * 1400 * members, 2),
        "deposits": round(chance.expovariate(1 / 9000), 2),
        "car": car,
        "business": "yes" if chance.random() < 0.02 else "no",
        "level": chance.choice("1234") if chance.random() < 0.15 else None,
        "married": "yes" if married else "no",
        "homes": int(chance.random() < 0.4) + int(chance.random() < 0.02),
        "spouse": None,
        "spouse_car": None,
        "spouse_business": None,
        "spouse_homes": None,
        "adults": (others := max(0, members - 1 - int(married)) if chance.random() < 0.4 else 0),
        "adults_car": "鲁C67890" if others and chance.random() < 0.05 else None,
        "adults_business": ("yes" if chance.random() < 0.02 else "no") if others else None,
        "adults_homes": int(chance.random() < 0.2) if others else None,
    }
    if married and chance.random() < 0.99:
        given |= {
            "spouse": "某某",
            "spouse_homes": int(chance.random() < 0.1),
            "spouse_business": "yes" if chance.random() < 0.01 else "no",
        }
        given["spouse_car"] = "鲁C54321" if chance.random() < 0.03 else None
    return given


def main() -> int:
    """Print the figures; 1 when the two ways differ or the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=142_673)
    parser.add_argument("--home", type=Path, default=Path("var/bench-means"))
    asked = parser.parse_args()
    model, rows = rules.read_rules(RULES), families(asked.people)
    settings = load_settings(asked.home, environ={})
    begun, used = time.perf_counter(), time.process_time()
    found = services.decide_all(settings, model, "verdict", rows, on=DAY)
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    print(f"{asked.people:,} people in {len(rows):,} families: one query with the rule kept {wall:.2f} s wall, {cpu:.2f} s cpu")
    begun, used = time.perf_counter(), time.process_time()
    differ = 0
    for (case, given), (again, told, _) in list(zip(rows, found, strict=True))[:COMPARED]:
        one = model.decide("verdict", {name: value for name, value in given.items() if value is not None}, on=DAY)
        differ += case != again or one.outcome["outcome"] != told
    each = (time.process_time() - used) / min(COMPARED, len(rows))
    print(f"one by one with everything explained: {each * 1e6:,.0f} µs cpu a family; {differ} of {min(COMPARED, len(rows)):,} differ")
    above = {case for case, told, _ in found if told == "above"}
    people = sum(given["members"] for case, given in rows if case in above)
    print(f"not entitled: {len(above):,} of {len(rows):,} families ({len(above) / len(rows):.2%}), {people:,} of {asked.people:,} people")
    by_rule: dict[str, int] = {}
    for _, _, rule in found:
        by_rule[rule] = by_rule.get(rule, 0) + 1
    print("by rule: " + ", ".join(f"{name} {count:,}" for name, count in sorted(by_rule.items())))
    return 1 if differ or wall > 60 else 0


if __name__ == "__main__":
    raise SystemExit(main())
