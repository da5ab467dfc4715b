"""A company's account: there from the moment its licence is issued, found by whoever represents it, without anybody asking for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datong import ledger, share
from datong.domain.access import Actor
from datong.domain.codes import kind_of
from datong.licences import queries
from datong.licences.licence import Licence
from datong.spec import LicenceType
from datong.store import Session


@dataclass(frozen=True)
class CompanyAccount:
    """An organisation's account: its permanent code, the licence that opened it, since when."""

    organisation: str
    licence_id: str
    opened_at: str


def open_accounts(session: Session, made: Sequence[tuple[Licence, LicenceType]], at: datetime) -> tuple[ledger.Line, ...]:
    """Open the accounts that these licences give, tell their representatives; a line for each that was not there before."""
    lines, told, moment = [], [], share.moment_text(at)
    for licence, kind in made:
        params = {"organisation": licence.holder, "licence_id": licence.licence_id, "at": moment}
        if not kind.account or not session.run(queries.OPEN_ACCOUNT, params):
            continue
        body = {"act": "opened", "licence": licence.licence_id}
        lines.append(ledger.Line("company_account", moment, licence.holder, "licences", licence.department, body=body))
        name = str(licence.facts.get("holder_name", licence.holder))
        text = (
            f"“{name}”的企业账户已随《{kind.title_zh}》开通，您作为代表人登录后即可使用，无需另行注册。",
            f"The account of “{name}” was opened with its “{kind.title_en}”. You represent it: sign in as yourself, and it is there.",
        )
        message = share.Message(
            "company_account", ("企业账户已开通", "A company account was opened"), text, (("licence", licence.licence_id),)
        )
        told += [(code, message) for code in share.representatives(session, licence.holder, share.city_day(at))]
    share.notify_all(session, told, moment)
    return tuple(lines)


def company_accounts(session: Session, actor: Actor, *, now: datetime | None = None) -> tuple[CompanyAccount, ...]:
    """The accounts of the organisations that a citizen represents today."""
    day = share.city_day(share.moment(now))
    codes = [code for code in share.represented(session, actor.subject, day) if kind_of(code) == "organisation"]
    rows = (session.one(queries.ACCOUNT, {"organisation": code}) for code in codes)
    return tuple(CompanyAccount(*row) for row in rows if row)
