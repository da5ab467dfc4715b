"""What must hold of every case, whatever is done to it in whatever order: random services, random commands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from datong import services
from datong.domain.errors import BadValue
from datong.services.written import case_text, read_case
from datong.share import Calendar
from datong.spec import Faults, Service, node_of, read_service

WORKING = services.Working(Calendar(off=frozenset({"2026-11-12"}), on=frozenset({"2026-11-14"}), years=frozenset({2026})))
W = {"zh": "一", "en": "one"}
OPEN_STATES = {"awaiting", "deciding", "submitted", "supplement", "accepted", "undoing"}


def tasks(draw: Any, stage: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        code = f"t{stage}{number}"
        task: dict[str, Any] = {"title": W, "days": draw(st.integers(0, 5)), "optional": draw(st.booleans())}
        if draw(st.booleans()):
            task["undo"] = W
        if draw(st.booleans()):
            task["when"] = {"q": draw(st.sampled_from(["yes", "no"]))}
        if draw(st.booleans()):
            task["at_end"] = "agree"
        if found and draw(st.booleans()):
            task["after"] = [draw(st.sampled_from(sorted(found)))]
        if draw(st.booleans()):
            task["unless_confirmed"] = "home"
        found[code] = task
    return found


@st.composite
def some_service(draw: Any) -> Service:
    body: dict[str, Any] = {
        "title": W,
        "department": "lead",
        "basis": "x",
        "kind": draw(st.sampled_from(["ordinary", "one_thing", "instant"])),
        "accept_days": draw(st.sampled_from([0, 5])),
        "on_refusal": draw(st.sampled_from(["stop", "continue"])),
        "at_least": draw(st.integers(0, 1)),
        "stages": {f"s{stage}": {"title": W, "tasks": tasks(draw, stage)} for stage in range(draw(st.integers(1, 3)))},
    }
    seats = draw(st.integers(0, 3))
    if seats:
        chain = draw(st.booleans())
        named = {
            f"p{number}": {"title": W, "consequence": W, **({"after": [f"p{number - 1}"]} if chain and number else {})}
            for number in range(seats)
        }
        body["confirming"] = {"seats": named, "need": draw(st.integers(0, seats)), "days": 3}
    faults = Faults()
    found = read_service("thing", node_of(body), "pack", "1", faults)
    assert not faults.found
    return found


def commands(draw: Any, case: services.Case, service: Service) -> tuple[str, str, dict[str, Any]]:
    """Something that somebody might try: mostly what fits the state, sometimes anything."""
    code = draw(st.sampled_from(sorted(case.tasks) or ["none"]))
    outcome = {"outcome": draw(st.sampled_from(["agree", "agree", "refuse"])), "reasons": ["because"]}
    fitting = {
        "awaiting": ["confirm", "confirm", "decline", "tick", "withdraw"],
        "deciding": ["rule"],
        "submitted": ["accept", "accept", "not_accept", "ask_supplement", "tick"],
        "supplement": ["give_supplement", "tick", "withdraw"],
        "accepted": ["finish", "finish", "finish", "pause", "resume", "extend", "claim", "hand_over", "tick", "withdraw", "urge"],
        "undoing": ["finish", "finish", "tick"],
    }.get(case.state, ["reopen", "withdraw", "finish"])
    kind = draw(st.sampled_from([*fitting, *fitting, draw(st.sampled_from(services.COMMANDS))]))
    data: dict[str, Any] = {**outcome, "days": 3, "lacking": ["a"], "to": "her", "who": draw(st.sampled_from(["", "w1", "w2", "w3"]))}
    if kind == "rule":
        data = {"outcome": "yes", "favourable": draw(st.booleans())}
    if kind == "reopen":
        data["tasks"] = [one.code for one in service.tasks if one.code in case.tasks][:1]
    return kind, code, data


@st.composite
def some_life(draw: Any) -> tuple[Service, list[services.Event], services.Case]:
    service = draw(some_service())
    now = datetime(2026, 11, 2, 1, tzinfo=UTC)
    data = {"case": "C1", "applicant": "P1", "answers": {"q": draw(st.sampled_from(["yes", "no"]))}}
    data["confirmed"] = {"home": "2027"} if draw(st.booleans()) else {}
    events: list[services.Event] = []
    case: services.Case | None = None

    def do(kind: str, task: str, data: dict[str, Any]) -> None:
        nonlocal case
        command = services.Command(kind, now.isoformat(), now.date().isoformat(), "x", task, "note", data)
        try:
            happened = services.decide(service, case, command, WORKING)
        except BadValue:
            return
        for event in happened:
            case = services.fold(case, event)
            events.append(event)

    do("submit", "", data)
    assert case is not None
    for _ in range(draw(st.integers(0, 25))):
        now += timedelta(days=draw(st.sampled_from([0, 0, 1, 2, 9])))
        do(*commands(draw, case, service))
    assert case is not None
    return service, events, case


@settings(max_examples=400, deadline=None)
@given(some_life())
def test_whatever_is_done_a_case_stays_sound(life: tuple[Service, list[services.Event], services.Case]) -> None:
    service, events, case = life
    assert services.replay(events) == case, "a case is the fold of its events"
    assert read_case(case_text(case)) == case, "what the store keeps is the case"
    assert case.seq == len(events)
    for task in case.tasks.values():
        clock = task.clock
        assert clock.used >= 0 and clock.days >= 0, "no clock runs backwards"
        assert bool(clock.since) == bool(clock.due) == (task.state == "open"), "a clock runs exactly while its task is open"
    if case.ended:
        assert not case.open_tasks, "nothing stays open after the end"
        if case.state in ("refused", "withdrawn", "lapsed"):
            left = [
                one.code for one in service.tasks if one.undo.zh and case.tasks.get(one.code) and case.tasks[one.code].outcome == "agree"
            ]
            assert all(case.tasks[code].state in ("undone", "cancelled") for code in left), "what was given is taken back"
    elif case.state != "deciding":
        assert case.open_tasks, f"a case that has not ended waits for somebody: {case.state}"
    if case.state == "granted" and not case.decision:
        binding = [one.code for one in service.tasks if not one.optional and all(case.answers[q] == a for q, a in one.when.items())]
        agreed = sum(code in case.tasks and case.tasks[code].outcome == "agree" for code in binding)
        assert agreed >= min(service.at_least or len(binding), len(binding))


@settings(max_examples=150, deadline=None)
@given(some_life())
def test_time_alone_ends_or_reports_every_wait(life: tuple[Service, list[services.Event], services.Case]) -> None:
    """After years of ticks nothing is left that only time could move: each open task is reported overdue, or its clock stands."""
    service, _, case = life
    day = date(2031, 1, 6)
    for _ in range(40):
        command = services.Command("tick", f"{day}T00:00:00", day.isoformat(), "rule")
        for event in services.decide(service, case, command, WORKING):
            case = services.fold(case, event)
        day += timedelta(days=30)
    assert case.state not in ("awaiting", "supplement")
    for task in case.open_tasks:
        assert task.overdue or task.state == "paused"
        assert task.kind in ("task", "undo") or task.state == "paused"


def test_working_days_are_counted_past_holidays_and_kept_in_a_pause() -> None:
    assert WORKING.due("2026-11-11", 2) == "2026-11-14", "the 12th is off, the 14th a Saturday at work"
    clock = services.Clock(5, used=2)
    assert WORKING.resumed(clock, "2026-11-16") == "2026-11-19"
    assert WORKING.gone("2026-11-16", "2026-11-10") == 0
