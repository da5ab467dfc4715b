"""What agreements cost: a decision with 4,000 of them loaded, taking a change up, and an agreement's rows as SQL over a million entries.

    .venv/bin/python benchmarks/decide.py [--agreements 4000] [--rows 1000000] [--home var/bench-decide]

Bars: 5 µs a decision; the filtered count within twice the unfiltered count of the same register, on the same file, in the
same run. CPU seconds are printed beside wall seconds, for they hardly move with the machine's load.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from datong import registers, share
from datong.domain.access import Actor, Key, Question
from datong.settings import load_settings
from datong.share import Agreement, Policy, Quota, Rows, row_filter
from datong.share.agreement import Condition, Sharing
from datong.share.requests.stored import changed
from datong.share.row_indexes import index_of
from datong.spec import load_packs
from datong.store import Store, migrate, open_store

PACKS = Path(__file__).parent.parent / "packs"
FIELDS = ("org_name", "credit_code", "status", "industry", "registered_address", "legal_representative")
QUESTIONS = 200_000
WAYS = ((), ("org_name", "status"), ("legal_representative",))
"""What fields are asked for together: a program asks in a few ways, again and again."""
SQL = "SELECT count(*) FROM entry e WHERE e.kind = 'organisation'"


def agreements(number: int, departments: list[str], purposes: list[str]) -> list[Agreement]:
    """So many agreements, no two of which answer the same question."""
    found = []
    for one in range(number):
        department, rest = departments[one % len(departments)], one // len(departments)
        found.append(
            Agreement(
                code=f"A2026-{one:04d}",
                title_zh=f"协议{one}",
                title_en=f"Agreement {one}",
                basis="《某条例》第三条",
                claims=("phone",),
                unmask=(),
                links={},
                consent=False,
                all_values=False,
                systems=True,
                requesting=(department,),
                providing=("market_regulation",),
                purpose=purposes[rest % len(purposes)],
                register="organisation",
                operations=("verify", "look_up", "list"),
                rows=Rows("own", "", (Condition("status", "not_in", ("cancelled", "revoked")),)),
                fields=dict.fromkeys(FIELDS, "plain"),
                keys=("code", "credit_code"),
                roles=("officer",) if rest < len(purposes) else ("inspector",),
                reason_required=False,
                quota=Quota(),
                valid_from="2026-01-01",
                valid_to="2028-12-31",
            )
        )
    return found


def took(name: str, times: int, work: Callable[[], None]) -> float:
    """Do it and print what one time cost; CPU seconds of one."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    wall, cpu = (time.perf_counter() - begun) / times, (time.process_time() - used) / times
    unit, factor = ("µs", 1e6) if wall < 1e-3 else ("ms", 1e3)
    print(f"{name:58} {wall * factor:9.2f} {unit} wall {cpu * factor:9.2f} {unit} cpu", flush=True)
    return cpu


def decisions(number: int) -> None:
    """A decision for each of many different questions, allowed and refused, with so many agreements loaded."""
    packs = share.load_sharing(load_packs(PACKS))
    departments = [f"d{one}" for one in range(100)]
    purposes = [code for code, one in packs.purposes.items() if not one.profit]
    made = agreements(number, departments, purposes)
    held: list[Policy] = []
    took(f"compile {number:,} agreements", 1, lambda: held.append(Policy(Sharing(packs.purposes, {one.code: one for one in made}))))
    policy, chance = held[0], random.Random(4)
    asked = []
    for _ in range(QUESTIONS):
        one = made[chance.randrange(len(made))]
        actor = Actor("a", "", "officer", one.requesting[0], roles=frozenset(one.roles), jurisdiction=(f"3703{chance.randrange(9):02d}",))
        fields = WAYS[chance.randrange(len(WAYS))]
        asked.append((actor, Question(one.purpose, "look_up", "organisation", Key("code", "O1"), fields=fields), one))
    for allowed in (True, False):
        questions = [
            (actor, question if allowed else Question(question.purpose, "extract", "organisation")) for actor, question, _ in asked
        ]
        outcomes = {policy.decide(*one, "2026-11-20").allowed for one in questions[:2000]}
        assert outcomes == {allowed}

        def ask(questions: list[tuple[Actor, Question]] = questions) -> None:
            for actor, question in questions:
                policy.decide(actor, question, "2026-11-20")

        for name in ("the first time", "again") if allowed else ("for want of an agreement",):
            took(f"  one decision, {'allowed' if allowed else 'refused'}, {name}", QUESTIONS, ask)


def taking_up(home: Path, number: int) -> None:
    """How long a process needs to take up a change of one agreement among many that live in the store."""
    store = _store(home / "agreements.db")
    packs = load_packs(PACKS)
    share.install(store, load_settings(environ={}, packs=str(PACKS)), packs)
    made = agreements(number, [f"d{one}" for one in range(100)], ["inspection", "statistics"])
    departments = [code for code in packs.departments if code != "market_regulation"]
    with store.session() as session:
        for at, one in enumerate(made):
            terms = {
                "title": {"zh": one.title_zh, "en": one.title_en},
                "requesting": [departments[at % len(departments)]],
                "providing": ["market_regulation"],
                "purpose": "credit_index",
                "basis": one.basis,
                "register": one.register,
                "operations": ["look_up"],
                "fields": dict(one.fields),
                "keys": ["code"],
                "roles": ["officer"],
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
            }
            session.run(
                "INSERT INTO share_agreement VALUES (:code, 1, 'live', :terms, '', '', '', '', '', '', '', '', '')",
                {"code": one.code, "terms": json.dumps(terms, ensure_ascii=False)},
            )
        changed(session)
    for name in ("take up all of them (a process that starts)", "take up one change"):
        with store.session() as session:
            session.run("UPDATE share_agreement SET version = version + 1 WHERE code = 'A2026-0007'")
            changed(session)
        with store.session(read_only=True) as session:
            store.parts["share.policy"].watch.looked = float("-inf")
            took(f"  {name}, {number:,} in the store", 1, lambda session=session: share.installed(session))  # type: ignore[misc]
    store.close()


def filters(home: Path, rows: int) -> None:
    """An agreement's rows as SQL over so many entries, beside the count without it."""
    store = _store(home / "rows.db")
    chance = random.Random(5)
    states = ("active",) * 7 + ("cancelled", "revoked", "abnormal")

    def entries() -> list[tuple[str, str, str, str, str]]:
        found = []
        for number in range(rows):
            fact = {"resource": "market_enterprise", "department": "market_regulation", "as_of": "2026-09-30"}
            facts = {name: [{"value": chance.choice(states) if name == "status" else "x", **fact}] for name in FIELDS[:4]}
            division = f"3703{chance.randrange(1, 9):02d}{chance.randrange(30):03d}{chance.randrange(9):03d}"
            found.append((f"O{number:09d}", "organisation", division, "x", registers.write_facts(facts)))
        return found

    with store.session() as session:
        session.load("entry", ("code", "kind", "division", "label", "body"), entries())
    one = agreements(1, ["d0"], ["inspection"])[0]
    plain = Agreement(**{**one.__dict__, "rows": Rows("own")})
    with store.session() as session:
        took("index the rows of a condition", 1, lambda: session.make_index(index_of(one, "sqlite")))
        session.analyze("entry")
    with store.session(read_only=True) as session:
        session.one(SQL)
        bare = min(took("count of a register, no agreement", 1, lambda: session.one(SQL)) for _ in range(3))
        for name, agreement, area in (
            ("own area: the whole city", plain, ("3703",)),
            ("own area: a district", plain, ("370303",)),
            ("own area: four sub-districts", plain, ("370303001", "370303002", "370304001", "370304002")),
            ("a district, with a condition on the status", one, ("370303",)),
            ("the whole city, with a condition on the status", one, ("3703",)),
        ):
            condition = row_filter(agreement, area, "", "sqlite")
            sql = f"{SQL} AND {condition.sql}"
            cost = min(took(f"  {name}", 1, lambda sql=sql, params=condition.params: session.one(sql, params)) for _ in range(3))  # type: ignore[misc]
            print(f"{'':60} {cost / bare:.2f} times the unfiltered count")
    store.close()


def _store(path: Path) -> Store:
    path.unlink(missing_ok=True)
    store = open_store(load_settings(store=f"sqlite:///{path}", environ={}))
    migrate(store)
    return store


def main() -> None:
    """Run all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agreements", type=int, default=4_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, default=Path("var/bench-decide"))
    chosen = parser.parse_args()
    chosen.home.mkdir(parents=True, exist_ok=True)
    decisions(chosen.agreements)
    taking_up(chosen.home, chosen.agreements)
    filters(chosen.home, chosen.rows)
    shutil.rmtree(chosen.home)


if __name__ == "__main__":
    main()
