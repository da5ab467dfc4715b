"""Cases: `python -m benchmarks.cases [--cases 2000] [--listed 1000000]`, on a small city in a store of its own, every step durable.

1. One thing with five branches, to the end: facts through `share.ask`, acceptance, five departments, licences, ledger lines; many at once share a commit.
2. The same five branches without registers and licences, beside SpiffWorkflow (LGPL; install it beside this for the comparison) which loads,
   steps and saves its state at each step.
3. Instant approvals: facts through `share.ask`, decision by rules, case, licence, ledger lines; the time each caller waits.
4. A department's list of what to do next among many cases, 16 users at once.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.services.town import ANSWERS, DEPARTMENTS, DOCUMENTS, FORM, officer
from tests.share.city import WANG_ID, City, citizen, fact, fill

from benchmarks import spiff
from datong import services, share
from datong.cli.serve import YOUNG
from datong.registers import write_facts
from datong.services.clocks import Working
from datong.services.decide import decided
from datong.services.store_case import Kept, add_case, case_line, definition, keep_definition, kept_case, move_case
from datong.settings import load_settings
from datong.spec import Faults, Service, load_packs, node_of, read_service
from datong.store import Session, Store, migrate, open_store

PACKS = Path(__file__).parents[1] / "packs"
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
WAITING = 64
USERS, LOOKS = 16, 40
DEPARTMENTS_LISTED = 40


def main() -> None:
    """Run what was asked for and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--listed", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder))
        with store.session() as session:
            city = fill(session)
            services.items(session)
        gc.set_threshold(YOUNG, 10, 10)
        gc.collect()
        gc.freeze()  # both as `datong serve` does
        one_thing(store, city, wanted.cases // 4)
        ours = branches(store, wanted.cases)
        theirs = spiff.measure(Path(folder) / "spiff.db", max(20, wanted.cases // 40))
        if theirs:
            print(f"   ours is {ours[0] / theirs[0]:.0f} times as fast by the clock, {theirs[1] / ours[1]:.0f} times by the processor")
        insure(store, city)
        instant(store, city, wanted.cases)
        listed(store, wanted.listed)
        store.close()


def opened(folder: Path) -> Store:
    """A migrated store with sharing installed and a home for keys."""
    settings = load_settings(folder / "home", environ={}, packs=str(PACKS), store=f"sqlite:///{folder / 'store.db'}")
    store = open_store(settings)
    migrate(store)
    share.install(store, settings, load_packs(settings.packs))
    return store


def cpu() -> float:
    """Processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def all_at_once(group: services.CaseCommit, works: list[Callable[[Session], Any]]) -> list[Any]:
    """Everything through the group commit, with so many waiting at a time."""
    found: list[Any] = []
    for start in range(0, len(works), WAITING):
        futures: list[Future[Any]] = [group.submit(one) for one in works[start : start + WAITING]]
        found += [one.result() for one in futures]
    return found


def one_thing(store: Store, city: City, count: int) -> None:
    """The restaurant of the packs, whole."""
    wanted = services.NewCase("restaurant_opening", answers=ANSWERS, form=FORM, documents=DOCUMENTS)
    group, began, used = services.CaseCommit(store), time.perf_counter(), cpu()
    begun = all_at_once(group, [lambda session: services.begin(session, citizen(city["wang"]), wanted, now=NOW)] * count)
    numbers = [one.case.case_id for one in begun]
    act(group, numbers, officer("approval"), services.Doing("accept"))
    for task, department in DEPARTMENTS.items():
        last = act(group, numbers, officer(department), services.Doing("finish", task, "", {"outcome": "agree"}))
    assert {one.state for one in last} == {"granted"}
    told("one thing, five branches, facts and five licences", count, began, used)
    group.close()


def act(group: services.CaseCommit, numbers: list[str], actor: Any, doing: services.Doing) -> list[services.Case]:
    """The same act upon many cases."""
    return all_at_once(group, [lambda session, number=number: services.act(session, actor, number, doing, now=NOW) for number in numbers])


def told(what: str, count: int, began: float, used: float) -> tuple[float, float]:
    """Print and give cases a second and processor seconds a case."""
    wall, processor = time.perf_counter() - began, cpu() - used
    print(f"{what}: {count} cases, {count / wall:.0f}/s, {1000 * processor / count:.2f} ms cpu a case")
    return count / wall, processor / count


def five_branches() -> Service:
    """Five departments side by side, and nothing else."""
    words = {"zh": "一", "en": "one"}
    tasks = {f"t{number}": {"title": words, "days": 10} for number in range(5)}
    body = {"title": words, "department": "approval", "basis": "x", "accept_days": 0, "stages": {"s": {"title": words, "tasks": tasks}}}
    return read_service("five", node_of(body), "bench", "1", Faults())


def branches(store: Store, count: int) -> tuple[float, float]:
    """Split, five tasks, join, close: six commands a case, each with its events, rows and ledger line."""
    service, working = five_branches(), Working(share.Calendar())
    clerk = officer("approval")
    group, began, used = services.CaseCommit(store), time.perf_counter(), cpu()

    def begin(session: Session, number: str) -> None:
        data = {"case": number, "applicant": "P1", "answers": {}}
        command = services.Command("submit", "2026-11-03T02:00:00.000Z", "2026-11-03", "c", data=data)
        case, events = decided(service, None, command, working)
        keep_definition(session, service, service.text, case.last)
        add_case(session, service, Kept(case, "approval", begun_by="c"), events, {})
        services_line(session, clerk, service, case, events)

    def finish(session: Session, number: str, task: str) -> str:
        kept = kept_case(session, number)
        command = services.Command("finish", "2026-11-03T02:00:00.000Z", "2026-11-03", "c", task, data={"outcome": "agree"})
        case, events = decided(definition(session, kept.case.digest), kept.case, command, working)
        move_case(session, kept.case, Kept(case, kept.department, begun_by="c"), events)
        services_line(session, clerk, service, case, events)
        return case.state

    numbers = [f"B{number}" for number in range(count)]
    all_at_once(group, [lambda session, number=number: begin(session, number) for number in numbers])
    for task in range(5):
        last = all_at_once(group, [lambda session, number=number: finish(session, number, f"t{task}") for number in numbers])  # noqa: B023
    assert set(last) == {"granted"}
    found = told("five branches, no registers", count, began, used)
    group.close()
    return found


def services_line(session: Session, actor: Any, service: Service, case: services.Case, events: Any) -> None:
    """The ledger's line of a command."""
    from datong import ledger

    ledger.append(session, case_line(actor, service, case, events, "act"))


def insure(store: Store, city: City) -> None:
    """Wang is insured from now on."""
    insured = fact("S0001", "hr_insured_person", department="human_resources")
    with store.session() as session:
        body = write_facts({"name": [fact("王小明")], "citizen_id": [fact(WANG_ID)], "insurance_no": [insured]})
        session.run("UPDATE entry SET body = :body WHERE code = :code", {"body": body, "code": city["wang"]})


def instant(store: Store, city: City, count: int) -> None:
    """Statements of insurance, 32 callers at once, without HTTP (`benchmarks.instant` has it); the wait of each."""
    group, waits, lock = services.CaseCommit(store), [], threading.Lock()
    actor, wanted = citizen(city["wang"]), services.NewCase("insurance_statement")

    def ask(_: int) -> None:
        began = time.perf_counter()
        begun = group.do(lambda session: services.begin(session, actor, wanted, now=NOW))
        assert begun.case.state == "granted"
        with lock:
            waits.append(time.perf_counter() - began)

    began, used = time.perf_counter(), cpu()
    with ThreadPoolExecutor(32) as callers:
        list(callers.map(ask, range(count)))
    told("instant approvals, 32 callers", count, began, used)
    print(f"   wait p50 {1000 * statistics.median(waits):.0f} ms, p99 {1000 * statistics.quantiles(waits, n=100)[98]:.0f} ms")
    group.close()


CASE_COLUMNS = (
    "case_id", "service", "digest", "state", "applicant", "department", "seq", "body", "form", "facts", "decision", "begun_by",
    "begun_at", "changed_at", "ended_at",
)  # fmt: skip
TASK_COLUMNS = ("case_id", "code", "kind", "department", "state", "who", "secret", "due", "wake")


def departments(store: Store) -> list[str]:
    """Forty departments of the packs."""
    with store.session(read_only=True) as session:
        return sorted(services.department_words(session))[:DEPARTMENTS_LISTED]


def fill_lists(store: Store, count: int) -> None:
    """Fill the store with cases of forty departments."""
    names = departments(store)
    at = "2026-11-03T02:00:00.000Z"
    with store.session() as session:
        service = services.items(session).of("restaurant_opening")
        keep_definition(session, service, service.text, at)
        begun = ("accepted", "approval", 3, "{}", "{}", "{}", "", "x", at, at, "")
        cases = ((f"L{n}", service.code, service.digest, begun[0], f"P{n % 700_000}", *begun[1:]) for n in range(count))
        session.load("service_case", CASE_COLUMNS, cases)
        days = [f"2026-{month:02}-{day:02}" for month in (10, 11, 12) for day in range(1, 29)]
        states = ("open", "done", "done", "done")
        rows = ((f"L{n}", "food", "task", names[n % 40], states[n // 40 % 4], "", "", days[n % 84], "") for n in range(count))
        session.load("service_task", TASK_COLUMNS, rows)


def listed(store: Store, count: int) -> None:
    """Let 16 officers look at their lists among so many cases."""
    fill_lists(store, count)
    names = departments(store)
    waits, lock = [], threading.Lock()

    def look(user: int) -> None:
        actor = officer(names[user])
        for _ in range(LOOKS):
            began = time.perf_counter()
            with store.session(read_only=True) as session:
                rows = services.queue(session, actor, now=NOW)
                services.queue_counts(session, actor, now=NOW)
            assert len(rows) == 50
            with lock:
                waits.append(time.perf_counter() - began)

    used = cpu()
    with ThreadPoolExecutor(USERS) as users:
        list(users.map(look, range(USERS)))
    p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=100)[94]
    print(
        f"list among {count:,} cases, {USERS} users: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, {1000 * (cpu() - used) / len(waits):.2f} ms cpu a list"
    )


if __name__ == "__main__":
    main()
