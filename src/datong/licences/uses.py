"""Every use of a licence, written down and told to its holder: who saw what of it, for what, with which outcome."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.errors import Forbidden
from datong.licences import library, queries
from datong.licences.licence import Licence
from datong.store import Row, Session

PURPOSE = "licence_use"
"""Under this purpose of purposes.yml uses stand in the ledger, and at "who looked"."""
HOWS = {
    "code": ("扫一次性码", "by one-time code"),
    "presentation": ("电子出示", "shown electronically"),
    "card": ("凭身份证", "by ID card alone"),
    "protocol": ("经钱包协议", "by wallet protocol"),
    "copy": ("下载", "taken as a file"),
    "paper": ("打印纸质件", "printed on paper"),
    "attempt": ("未通过的出示", "shown, and did not pass"),
}


@dataclass(frozen=True)
class Use:
    """One use as its holder sees it. `fields` are names, never values."""

    use_id: str
    licence_id: str
    at: str
    how: str
    department: str
    unit: str
    purpose: str
    fields: tuple[str, ...]
    outcome: str
    line_id: str

    @property
    def words(self) -> tuple[str, str]:
        """How it was used, in both languages."""
        return HOWS[self.how]


@dataclass(frozen=True)
class NewUse:
    """What is to be written down: how, by whom (nothing: somebody who did not sign in), for what, what was seen."""

    how: str
    by: Actor | None
    purpose: str
    fields: tuple[str, ...]
    outcome: str


def record_use(session: Session, licence: Licence, use: NewUse, at: datetime, *, told: bool = True) -> str:
    """Write a use down in the ledger and in the library, and tell the holder; the line's id."""
    moment, by = share.moment_text(at), use.by
    body = {
        "act": "used",
        "licence": licence.licence_id,
        "kind": licence.type,
        "how": use.how,
        "shown": list(use.fields),
        "outcome": "found" if use.outcome == "valid" else "refused",
        "verdict": use.outcome,
    }
    department, unit = (by.department, by.unit) if by else ("", "")
    line = ledger.Line("licence_use", moment, licence.holder, by.id if by else "", department, unit, PURPOSE, body)
    line_id = ledger.append(session, line)[0]
    params = {"use_id": os.urandom(12).hex(), "licence_id": licence.licence_id, "holder": licence.holder, "at": moment, "how": use.how}
    rest = {"department": department, "unit": unit, "purpose": use.purpose, "fields": json.dumps(use.fields), "outcome": use.outcome}
    session.run(queries.ADD_USE, params | rest | {"line_id": line_id})
    if told:
        _tell(session, licence, use, at)
    return line_id


def uses(session: Session, actor: Actor, licence_id: str = "", *, now: datetime | None = None, limit: int = 50) -> tuple[Use, ...]:
    """Who used the citizen's licences (or one of them, her firm's too), the newest first. Raises Missing, Forbidden."""
    at, bound = share.moment(now), max(1, min(limit, 200))
    if actor.kind != "citizen" or not actor.subject:
        raise Forbidden("只有持有人可以查看 (only the holder sees who used her licences)")
    if licence_id:
        library.own(session, actor, licence_id, at)
        rows = session.all(queries.USES_OF_LICENCE, {"licence_id": licence_id, "limit": bound})
    else:
        codes = share.represented(session, actor.subject, share.city_day(at))
        rows = [row for code in codes for row in session.all(queries.USES_OF_HOLDER, {"holder": code, "limit": bound})]
    return tuple(sorted((_use(row) for row in rows), key=lambda one: one.at, reverse=True)[:bound])


def _use(row: Row) -> Use:
    values: list[Any] = list(row)
    values[7] = tuple(json.loads(values[7]))
    return Use(*values)


def _tell(session: Session, licence: Licence, use: NewUse, at: datetime) -> None:
    kind = library.type_of(session, licence.type)
    words = share.installed(session).sharing.department_words(use.by.department) if use.by and use.by.department else ("", "")
    who = (words[0] or "核验人", words[1] or "A verifier")
    why = (f"，用途：{use.purpose}", f", for: {use.purpose}") if use.purpose else ("", "")
    zh, en = HOWS[use.how]
    text = (f"{who[0]}{zh}核验了您的《{kind.title_zh}》{why[0]}。", f"{who[1]} has checked your “{kind.title_en}” {en}{why[1]}.")
    if use.how == "paper":
        text = (f"{who[0]}打印了您的《{kind.title_zh}》纸质件。", f"{who[1]} has printed your “{kind.title_en}” on paper.")
    message = share.Message("licence_used", ("证照被使用", "A licence was used"), text, (("licence", licence.licence_id),))
    for code in share.representatives(session, licence.holder, share.city_day(at)):
        share.notify(session, code, message, share.moment_text(at))
