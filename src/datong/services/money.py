"""The line from treasury to bank: a task that a pack gives to it is sent, and its receipt ends the task.

A city puts its own line behind `Line`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from datong.domain.access import Actor
from datong.services import queries
from datong.services.flow import Doing, act
from datong.services.installed import items
from datong.services.parties import LINE
from datong.services.store_case import definition, kept_case
from datong.spec import Service, TaskSpec
from datong.store import Session

MONEY = "money"


@dataclass(frozen=True)
class Order:
    """One step of money: of which case, which step, how much in yuan, to which account."""

    case_id: str
    step: str
    amount: Decimal
    account: str


@dataclass(frozen=True)
class Receipt:
    """What came back: done with a number, or sent back with the reason, or nothing yet."""

    state: str
    """done, back or waiting."""
    number: str = ""
    why: str = ""


class Line(Protocol):
    """Another system's line that money goes by. Asked twice for the same step it does it once."""

    def send(self, order: Order) -> Receipt:
        """Send a step on, or ask how it stands."""
        ...


class SimulatedLine:
    """A line that pays at once: the receipt is made of the order, so the same step always has the same number. An account whose digits are
    all the same is unknown to the bank, and its money comes back."""

    def send(self, order: Order) -> Receipt:
        """Pay, or send back."""
        if len(set(order.account.strip())) <= 1:
            return Receipt("back", why="收款账号不存在，款项退回国库")
        digest = hashlib.sha256(f"{order.case_id}|{order.step}|{order.amount}|{order.account}".encode()).hexdigest()
        return Receipt("done", f"{order.step[:1].upper()}{int(digest[:10], 16):012d}")


def send_money(session: Session, line: Line, *, now: datetime, most: int = 500) -> tuple[tuple[str, str, Receipt], ...]:
    """Send every open step that packs give to the line, and end its task with the receipt. Case, step and receipt of each that ended."""
    departments = {task.department for one in items(session).services.values() for task in one.tasks if task.line == MONEY}
    done: list[tuple[str, str, Receipt]] = []
    for department in sorted(departments):
        done += _send_of(session, line, department, now=now, most=most)
    return tuple(done)


def _send_of(session: Session, line: Line, department: str, *, now: datetime, most: int) -> list[tuple[str, str, Receipt]]:
    done = []
    for case_id, code in session.all(queries.OPEN_TASKS_OF, {"department": department, "most": most}):
        kept = kept_case(session, str(case_id))
        service = definition(session, kept.case.digest)
        spec = _on_line(service, str(code))
        if spec is None:
            continue
        amount = Decimal(str(kept.form.get("amount", "0")))
        receipt = line.send(Order(str(case_id), spec.code, amount, str(kept.form.get("account", ""))))
        if receipt.state == "waiting":
            continue
        _end(session, department, str(case_id), spec, receipt=receipt, now=now)
        done.append((str(case_id), spec.code, receipt))
    return done


def _on_line(service: Service, code: str) -> TaskSpec | None:
    return next((one for one in service.tasks if one.code == code and one.line == MONEY), None)


def _end(session: Session, department: str, case_id: str, spec: TaskSpec, *, receipt: Receipt, now: datetime) -> None:
    actor = Actor(LINE, "资金线路", "system", department)
    note = f"回执{receipt.number}" if receipt.state == "done" else receipt.why
    data: dict[str, Any] = {"outcome": "agree" if receipt.state == "done" else "refuse"}
    act(session, actor, case_id, Doing("claim", spec.code), now=now)
    act(session, actor, case_id, Doing("finish", spec.code, note, data), now=now)
