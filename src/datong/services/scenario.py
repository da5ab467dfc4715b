"""A pack's scenarios, run by the product: given these facts, when this is done, then the case stands so. Nothing is stored or asked.

They go through the same form checks, the same rules and the same reducer as real cases; what sharing would say is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from datong import rules
from datong.domain.errors import BadValue, Missing
from datong.services.clocks import Days, Working
from datong.services.decide import COMMANDS, decide
from datong.services.deciding import Ruling, ruling_of
from datong.services.fold import fold
from datong.services.forms import check_answers, check_form
from datong.services.known import Known, snapshot
from datong.services.sources import facts_of
from datong.services.state import Case, Command, Event
from datong.services.store_case import Kept
from datong.services.waits import AGAIN, CAME, DOWN, GAVE_UP, came, waits_for
from datong.spec import FOUND, Faults, Node, Packs, SeatSpec, Service, load_services, load_yaml

Rule = Callable[[Service, Kept, date], Ruling]
SCENARIO_KEYS = ("name", "service", "given", "when", "then")
GIVEN_KEYS = ("on", "facts", "applicant", "parties")
THEN_KEYS = (
    "state",
    "open",
    "closed",
    "outcomes",
    "undone",
    "overdue",
    "decision",
    "lead",
    "refused",
    "because",
    "answers",
    "told",
    "ruled",
    "events",
)
APPLICANT = "applicant"


@dataclass(frozen=True)
class Result:
    """How one scenario went: nothing wrong, or where and what."""

    name: str
    file: str
    line: int
    wrong: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything stood as the scenario says."""
        return not self.wrong


@dataclass
class _Run:
    """One scenario on its way."""

    service: Service
    working: Working
    rule: Rule | None
    day: date
    facts: dict[str, Known]
    applicant: str
    parties: Mapping[str, str]
    case: Case | None = None
    kept: Kept | None = None
    events: list[Event] = field(default_factory=list)
    refused: str = ""
    because: str = ""
    ruled: str = ""
    """The rule that decided, by its id."""
    until: date | None = None
    """While the decision waits for a source: the day of the last try."""
    gave_up: bool = False
    tick: int = 0


def run_scenarios(folder: Path, services: Mapping[str, Service], working: Working, rule: Rule | None = None) -> tuple[Result, ...]:
    """Every scenario of a pack's `tests/`. Raises BadPack when a file cannot be read as scenarios."""
    faults = Faults()
    found: list[Result] = []
    for path in sorted((folder / "tests").glob("*.yml")):
        root = load_yaml(path, faults, f"{folder.name}/tests/{path.name}")
        for node in (root.get("scenarios") or Node([], root.file, root.line)).items():
            found.append(_run_one(node, services, working, rule))
    faults.raise_any()
    return tuple(found)


def _run_one(node: Node, services: Mapping[str, Service], working: Working, rule: Rule | None) -> Result:
    name = _text(node, "name") or "?"
    wrong = _unknown(node, SCENARIO_KEYS)
    service = services.get(_text(node, "service"))
    if service is None:
        return Result(name, node.file, node.line, (*wrong, f"there is no service {_text(node, 'service')!r}"))
    run = _given(node, service, working, rule)
    for step in (node.get("when") or node).items():
        for act, child in step.entries():
            told = _then(run, child) if act == "then" else _step(run, act, child.plain() or {})
            wrong += tuple(f"line {child.line or step.line}: {one}" for one in told)
    if (then := node.get("then")) is not None:
        wrong += tuple(f"line {then.line}: {one}" for one in _then(run, then))
    elif not any(step.get("then") for step in (node.get("when") or node).items()):
        wrong += ("a scenario says 'then', else it proves nothing",)
    return Result(name, node.file, node.line, wrong)


def _given(node: Node, service: Service, working: Working, rule: Rule | None) -> _Run:
    given = (node.get("given") or Node({}, node.file, node.line)).plain() or {}
    facts = {code: _known(code, value) for code, value in dict(given.get("facts", {})).items()}
    day = date.fromisoformat(str(given.get("on", "2026-11-03")))
    parties = {f"seat:{seat}": who for seat, who in dict(given.get("parties", {})).items()}
    return _Run(service, working, rule, day, facts, str(given.get("applicant", APPLICANT)), parties)


def _known(code: str, value: Any) -> Known:
    """A fact as a scenario gives it: a value, or a mapping with its state."""
    if isinstance(value, Mapping):
        return Known(
            code,
            value.get("state", "verified"),
            str(value.get("value", "")),
            outcome=str(value.get("outcome", "")),
            confirmed=str(value.get("confirmed", "")),
            subject=code,
        )
    return Known(code, "verified", str(value), subject=code)


def _step(run: _Run, act: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Do one step; what it refuses is kept for `then`."""
    run.refused = run.because = ""
    try:
        if act == "apply":
            _apply(run, data)
        elif act == "finish_all":
            _finish_all(run, data)
        elif act == "ask_again":
            _ask_again(run)
        elif act == "wait":
            _wait(run, int(data.get("days", 1)))
        elif act == "facts":
            run.facts |= {code: _known(code, value) for code, value in data.items()}
        elif act in COMMANDS:
            _do(run, act, data)
        else:
            return (f"nothing is called {act!r}; write apply, wait, ask_again, finish_all, facts, then or one of {', '.join(COMMANDS)}",)
    except BadValue as error:
        run.refused, run.because = error.field, error.reason
    return ()


def _apply(run: _Run, data: Mapping[str, Any]) -> None:
    service = run.service
    facts = _told(run)
    answers = check_answers(service, facts, {name: str(value) for name, value in dict(data.get("answers", {})).items()})
    form = check_form(service, facts, answers, {name: str(value) for name, value in dict(data.get("form", {})).items()})
    missing = [one for one in service.documents if not one.optional and one.code not in data.get("documents", ())]
    if missing:
        raise BadValue(missing[0].code, f"请提交{missing[0].title.zh} (is missing)")
    confirmed = {code: f"confirmed_until:{one.confirmed}" for code, one in facts.items() if one.confirmed}
    led = {f"seat:{one.code}": facts[one.who.removeprefix(FOUND)].subject for one in service.confirming.seats if _is_led(one, run.facts)}
    given = {"case": "C", "applicant": run.applicant, "answers": answers, "confirmed": confirmed, "parties": {**led, **run.parties}}
    _command(run, "submit", "", "", given)
    assert run.case is not None
    run.kept = Kept(run.case, service.department, form, {"facts": snapshot(facts)}, {}, run.applicant, run.case.begun)
    _rule(run)


def _is_led(seat: SeatSpec, facts: Mapping[str, Known]) -> bool:
    """Whether a seat that stands only for somebody has somebody."""
    known = facts.get(seat.who.removeprefix(FOUND))
    return seat.if_any and known is not None and bool(known.value)


def _do(run: _Run, act: str, data: Mapping[str, Any]) -> None:
    task = f"seat:{data['seat']}" if "seat" in data else str(data.get("task", ""))
    if act == "finish" and run.case is not None and task in run.case.tasks and not run.case.tasks[task].by:
        _command(run, "claim", task, "", {})
    _command(run, act, task, str(data.get("note", "")), dict(data))
    if act == "confirm" and run.case is not None and run.kept is not None:
        run.kept = replace(run.kept, facts={**run.kept.facts, "facts": snapshot(_told(run))})
    _rule(run)


def _finish_all(run: _Run, data: Mapping[str, Any]) -> None:
    """Every open task is answered alike, but those named in `but`."""
    but = data.get("but", ())
    for task in [one for one in (run.case.open_tasks if run.case else ()) if one.kind == "task" and one.code not in but]:
        _do(run, "finish", {"outcome": "agree", **data, "task": task.code})


def _told(run: _Run) -> dict[str, Known]:
    """The scenario's facts as far as they may be known now: what is about another person waits for her word."""
    tasks = run.case.tasks.values() if run.case is not None else ()
    agreed = {one.code.partition(":")[2] for one in tasks if one.outcome == "confirm"}
    waits = {one.who for one in run.service.confirming.seats if one.code not in agreed}
    held = {one.code for one in run.service.facts if one.is_of_another and one.key in waits}
    return {code: Known(code, "waiting") if code in held else one for code, one in run.facts.items()}


def _rule(run: _Run) -> None:
    """Let the rules speak, when it is their turn."""
    if run.case is None or run.kept is None or run.case.state != "deciding":
        return
    if run.rule is None:
        raise BadValue("rules", "the scenario needs the pack's rules")
    down = waits_for(run.service, facts_of(run.kept)) if not run.gave_up else ()
    if down:
        if run.until is None and run.service.deciding is not None:
            run.until = run.day + timedelta(hours=run.service.deciding.down_hours)
            _command(run, "source", "", "", {"what": DOWN, "facts": list(down), "next": "", "until": run.until.isoformat()})
        return
    ruling = run.rule(run.service, replace(run.kept, case=run.case), run.day)
    run.ruled = " ".join(str(one["rule"]).rpartition("/")[2] for one in ruling.decided.get("rules", ()))
    _command(run, "rule", "", "", {"outcome": ruling.outcome, "favourable": ruling.favourable, "why": ruling.shown()})


def _ask_again(run: _Run) -> None:
    """A source that was down is asked again, if the decision waits for it."""
    if run.until is None or run.kept is None or run.case is None or run.case.state != "deciding":
        return
    run.kept = came(run.service, replace(run.kept, case=run.case), _told(run))
    down = waits_for(run.service, facts_of(run.kept))
    run.gave_up = bool(down) and run.day >= run.until
    what = GAVE_UP if run.gave_up else AGAIN if down else CAME
    _command(run, "source", "", "", {"what": what, "facts": list(down)})
    if what != AGAIN:
        run.until = None
    _rule(run)


def _wait(run: _Run, days: int) -> None:
    """Days go by, and each begins with the clock and with what is asked again."""
    for _ in range(days):
        run.day += timedelta(days=1)
        _command(run, "tick", "", "", {})
        _ask_again(run)
        _rule(run)


def _command(run: _Run, kind: str, task: str, note: str, data: Mapping[str, Any]) -> None:
    run.tick += 1
    at = f"{run.day.isoformat()}T08:{run.tick // 60 % 60:02}:{run.tick % 60:02}.000Z"
    command = Command(kind, at, run.day.isoformat(), str(data.get("by", data.get("who", run.applicant))), task, note, data)
    for event in decide(run.service, run.case, command, run.working):
        run.case = fold(run.case, event)
        run.events.append(event)


def _then(run: _Run, node: Node) -> tuple[str, ...]:
    """What is not as the scenario says."""
    wrong = list(_unknown(node, THEN_KEYS))
    found = _standing(run)
    for name, wanted in (node.plain() or {}).items():
        if name not in found:
            continue
        have = found[name]
        if isinstance(wanted, Mapping):
            wrong += [f"{name} {key}: {have.get(key)!r}, not {value!r}" for key, value in wanted.items() if have.get(key) != value]
        elif name == "because":
            wrong += [] if str(wanted) in have else [f"because: {have!r} does not say {wanted!r}"]
        elif name == "events":
            wrong += [f"events: no {one!r} happened" for one in wanted if one not in have]
        elif (sorted(wanted) if isinstance(wanted, list) else wanted) != have:
            wrong.append(f"{name}: {have!r}, not {wanted!r}")
    return tuple(wrong)


def _standing(run: _Run) -> dict[str, Any]:
    case = run.case
    tasks = case.tasks.values() if case is not None else ()
    return {
        "state": case.state if case else "",
        "open": sorted(one.code for one in tasks if one.is_open),
        "closed": sorted(one.code for one in tasks if not one.is_open),
        "undone": sorted(one.code for one in tasks if one.state == "undone"),
        "overdue": sorted(one.code for one in tasks if one.overdue),
        "outcomes": {one.code: one.outcome for one in tasks},
        "decision": case.decision if case else "",
        "lead": case.lead if case else False,
        "answers": dict(case.answers) if case else {},
        "told": case.told if case else False,
        "ruled": run.ruled,
        "refused": run.refused,
        "because": run.because,
        "events": [one.kind for one in run.events],
    }


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return found.text if found is not None else ""


def _unknown(node: Node, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"unknown key {key!r}; known are {', '.join(known)}" for key, _ in node.entries() if key not in known)


class _Rules:
    """The rules of services, each file read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._models: dict[Path, rules.Model] = {}

    def __call__(self, service: Service, kept: Kept, day: date) -> Ruling:
        """What a service's rules say of a case."""
        assert service.deciding is not None
        path = self._folder / service.pack / service.deciding.rules
        if path not in self._models:
            self._models[path] = rules.read_rules(path)
        return ruling_of(service, kept, self._models[path], day)


def test_packs(packs: Packs, calendar: Days, only: str = "") -> tuple[Result, ...]:
    """Run the scenarios of every pack, or of one, with the rules each service names. Raises Missing for an unknown pack, BadPack."""
    faults = Faults()
    found = load_services(packs, faults)
    faults.raise_any()
    folders = [one for one in sorted(packs.folder.iterdir()) if (one / "tests").is_dir() and (not only or one.name == only)]
    if only and not folders:
        raise Missing(f"there is no pack {only!r} with scenarios")
    working = Working(calendar)
    return tuple(result for folder in folders for result in run_scenarios(folder, found, working, _Rules(packs.folder)))
