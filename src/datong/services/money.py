"""The line from treasury to bank: a task that a pack gives to it is sent by the worker, and its receipt ends the task.

An order is kept before it is sent, and sent with the same number until there is a receipt, so that a machine that stops in between pays
nothing twice and forgets nothing. What fails is tried again after a while that doubles; what fails too often is a dead letter that a person
looks at. A city puts its own line behind `Line`: `HttpLine` calls one, `SimulatedLine` plays one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import DatongError, Missing
from datong.services import money_queries as queries
from datong.services.flow import Doing, act
from datong.services.installed import items
from datong.services.parties import LINE, WORK
from datong.services.store_case import definition, kept_case
from datong.services.told import about_case
from datong.settings import Settings
from datong.share import cascade
from datong.spec import Service, TaskSpec
from datong.store import Row, Session, Store

MONEY = "money"
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
ASK_AFTER = timedelta(minutes=1)
"""After how long a step that was sent is asked after."""
MOST_TRIES = 8
"""So many failures in a row make a dead letter: after about three hours."""
SIMULATED = "simulated"


@dataclass(frozen=True)
class Order:
    """One step of money: of which case, which step, how much in yuan, to which account. `number` is the same each time it is sent."""

    case_id: str
    step: str
    amount: Decimal
    account: str
    number: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Receipt:
    """What came back: done with a number, or sent back with the reason, or nothing yet."""

    state: str
    """done, back or waiting."""
    number: str = ""
    why: str = ""


class Line(Protocol):
    """Another system's line that money goes by. Asked twice for the same order it does it once."""

    def send(self, order: Order) -> Receipt:
        """Send a step on, or ask how it stands. Raises DatongError or OSError when the line does not answer."""
        ...


class SimulatedLine:
    """A line that pays at once: the receipt is made of the order, so the same order always has the same number. An account whose digits are
    all the same is unknown to the bank, and its money comes back."""

    def send(self, order: Order) -> Receipt:
        """Pay, or send back."""
        if len(set(order.account.strip())) <= 1:
            return Receipt("back", why="收款账号不存在，款项退回国库")
        digest = hashlib.sha256(f"{order.number}|{order.amount}|{order.account}".encode()).hexdigest()
        return Receipt("done", f"{order.step[:1].upper()}{int(digest[:10], 16):012d}")


class HttpLine:
    """A line behind an address: each order is a signed POST of JSON (RFC 9421, the city's key), answered by state, number and reason."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, order: Order) -> Receipt:
        """Send it. Raises Busy when the line cannot be reached or says something else than a receipt."""
        body = {"order": order.number, "step": order.step, "amount": str(order.amount), "account": order.account, "branch": order.branch}
        told = cascade.signed_call(self._settings, self._settings.money_line, "POST", "/orders", body)
        return receipt_of(told)


def receipt_of(told: Any) -> Receipt:
    """A line's answer as a receipt. Raises Missing for anything that is none."""
    state = str(told.get("state", "")) if isinstance(told, dict) else ""
    number = str(told.get("number") or "")[:60] if isinstance(told, dict) else ""
    if state not in ("done", "back", "waiting") or (state == "done" and not number):
        raise Missing("线路没有给出回执 (the line gave no receipt)")
    return Receipt(state, number, str(told.get("why") or "")[:200])


def line_of(settings: Settings) -> Line | None:
    """The line the city has set: an address, the simulated one, or none; then steps of money wait for people."""
    if settings.money_line == SIMULATED or (settings.demo and not settings.money_line):
        return SimulatedLine()
    return HttpLine(settings) if settings.money_line else None


@dataclass(frozen=True)
class Sent:
    """One order as it is kept: waiting, done, back, dead or void (ended without it); how often it failed, when it is tried next, its
    receipt or why not."""

    case_id: str
    step: str
    round: int
    tries: int
    department: str
    service: str
    state: str
    amount: str
    next_at: str
    number: str
    why: str
    began_at: str
    at: str


def move_money(store: Store, line: Line, *, now: datetime, most: int = 500) -> tuple[Sent, ...]:
    """The worker's turn: keep an order for every step that waits, send what is due, end tasks with their receipts. What was sent."""
    with store.session() as session:
        keep_orders(session, now=now, most=most)
        due = [_sent(row) for row in session.all(queries.DUE_ORDERS, {"at": share.moment_text(now), "most": most})]
        orders = [(one, _order(session, one)) for one in due if _still_wanted(session, one, now)]
    moved = []
    for one, order in orders:
        try:
            receipt: Receipt | str = line.send(order)
        except (DatongError, OSError, ValueError) as error:
            receipt = error.message if isinstance(error, DatongError) else type(error).__name__
        with store.session() as session:
            if settle_order(session, one, receipt, now=now):
                moved.append(one)
    return tuple(moved)


def keep_orders(session: Session, *, now: datetime, most: int = 500) -> int:
    """An order for every open step that packs give to the line and nobody has taken; how many were kept."""
    departments = {task.department for one in items(session).services.values() for task in one.tasks if task.line == MONEY}
    kept = 0
    for department in sorted(departments):
        for case_id, code in session.all(queries.OPEN_STEPS, {"department": department, "most": most}):
            case = kept_case(session, str(case_id))
            service = definition(session, case.case.digest)
            if (spec := _on_line(service, str(code))) is not None:
                kept += _keep(session, service, str(case_id), spec, amount=str(case.form.get("amount", "0")), now=now)
    return kept


def _keep(session: Session, service: Service, case_id: str, spec: TaskSpec, *, amount: str, now: datetime) -> int:
    earlier = session.one(queries.ROUNDS, {"case_id": case_id, "step": spec.code})
    params = {"case_id": case_id, "step": spec.code, "round": int(earlier[0]) + 1 if earlier else 1, "department": spec.department}
    return session.run(queries.ADD_ORDER, {**params, "service": service.code, "amount": amount, "at": share.moment_text(now)})


def _on_line(service: Service, code: str) -> TaskSpec | None:
    return next((one for one in service.tasks if one.code == code and one.line == MONEY), None)


def _order(session: Session, one: Sent) -> Order:
    form = kept_case(session, one.case_id).form
    number = f"{one.case_id}-{one.step}-{one.round}"
    return Order(one.case_id, one.step, Decimal(one.amount), str(form.get("account", "")), number, str(form.get("branch", "")))


def _still_wanted(session: Session, one: Sent, now: datetime) -> bool:
    """Whether the step still waits for the line: one that has ended is not paid again, one that an officer took is hers."""
    task = kept_case(session, one.case_id).case.tasks.get(one.step)
    if task is not None and task.is_open and not task.by:
        return True
    ended = task is None or not task.is_open
    params = {"tries": one.tries, "next_at": share.moment_text(now + LONGEST_WAIT), "number": one.number, "why": one.why}
    _move(session, one, "void" if ended else one.state, {**params, "at": share.moment_text(now)})
    return False


def settle_order(session: Session, one: Sent, receipt: Receipt | str, *, now: datetime) -> bool:
    """Keep what a sending came to: the receipt, or (a text) why there is none. False when another worker was faster."""
    if isinstance(receipt, str):
        return _failed(session, one, receipt, now)
    at = share.moment_text(now)
    next_at = share.moment_text(now + ASK_AFTER)
    params = {"tries": one.tries if receipt.state == "waiting" else one.tries + 1, "next_at": next_at, "number": receipt.number}
    if not _move(session, one, receipt.state, params | {"why": receipt.why, "at": at}):
        return False
    if receipt.state == "waiting":
        return True
    task = kept_case(session, one.case_id).case.tasks.get(one.step)
    if task is not None and task.is_open and not task.by:
        _end(session, one, receipt, now)
    return True


def _failed(session: Session, one: Sent, why: str, now: datetime) -> bool:
    """Tried again after a while that doubles; after too many failures it is a dead letter, and the departments are told."""
    tries = one.tries + 1
    dead = tries >= MOST_TRIES
    wait = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    params = {"tries": tries, "next_at": share.moment_text(now + wait), "number": "", "why": why[:200], "at": share.moment_text(now)}
    if not _move(session, one, "dead" if dead else "waiting", params):
        return False
    if dead:
        kept = kept_case(session, one.case_id)
        zh, en = (
            f"资金指令{MOST_TRIES}次未送达（{why[:100]}），已停止，请核实后再发。",
            f"An order of money failed {MOST_TRIES} times and stopped.",
        )
        message = about_case(one.case_id, (f"资金未送达：办件{one.case_id}", f"Money did not go: case {one.case_id}"), (zh, en))
        for department in dict.fromkeys((one.department, kept.department)):
            share.notify(session, f"department:{department}", message, share.moment_text(now))
    return True


def _move(session: Session, one: Sent, state: str, params: dict[str, Any]) -> bool:
    named = {"case_id": one.case_id, "step": one.step, "round": one.round, "was": one.state, "before": one.tries}
    return bool(session.run(queries.MOVE_ORDER, {**named, **params, "state": state}))


def _end(session: Session, one: Sent, receipt: Receipt, now: datetime) -> None:
    actor = Actor(LINE, "资金线路", "system", one.department)
    note = f"回执{receipt.number}" if receipt.state == "done" else receipt.why
    data: dict[str, Any] = {"outcome": "agree" if receipt.state == "done" else "refuse"}
    act(session, actor, one.case_id, Doing("claim", one.step), now=now)
    act(session, actor, one.case_id, Doing("finish", one.step, note, data), now=now)


# ---- what people see of it -----------------------------------------------------------------------------------------


def orders_of(session: Session, case_id: str) -> tuple[Sent, ...]:
    """Every order of a case, in order. Who may see the case, `case_of` says."""
    return tuple(_sent(row) for row in session.all(queries.ORDERS_OF, {"case_id": case_id}))


def dead_letters(session: Session, actor: Actor, most: int = 200) -> tuple[Sent, ...]:
    """What did not go and waits for a person: of the actor's department's steps and items. Raises Forbidden."""
    share.installed(session).must(actor, WORK)
    known = items(session).services
    found = (_sent(row) for row in session.all(queries.DEAD_ORDERS, {"most": most}))
    return tuple(one for one in found if actor.department and actor.department in _whose(known, one))


def _whose(known: Any, one: Sent) -> Sequence[str]:
    service = known.get(one.service)
    return (one.department, service.department) if service is not None else (one.department,)


def send_again(session: Session, actor: Actor, case_id: str, step: str, *, now: datetime) -> None:
    """Send a dead letter again, at an officer's word. Raises Missing when there is none of her department's."""
    one = next((each for each in dead_letters(session, actor) if (each.case_id, each.step) == (case_id, step)), None)
    at = share.moment_text(now)
    if one is None or not _move(session, one, "waiting", {"tries": 0, "next_at": at, "number": "", "why": one.why, "at": at}):
        raise Missing("没有这笔未送达的资金 (there is no such dead letter)")
    body = {"case": case_id, "step": step, "act": "send_again"}
    ledger.append(session, ledger.Line("case.money", at, "", actor.id, actor.department, actor.unit, "", body))


def _sent(row: Row) -> Sent:
    texts: list[Any] = [str(one) for one in row[4:]]
    return Sent(str(row[0]), str(row[1]), int(row[2]), int(row[3]), *texts)
