"""Whom a licence's life concerns is told of it: its holder, and who acts for her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from datong import share
from datong.licences.credential import day_of
from datong.licences.licence import Doing, Licence
from datong.spec import LicenceType
from datong.store import Session

_ACTS = {
    "renew": ("已延续", "was renewed"),
    "change": ("已变更", "was changed"),
    "suspend": ("被暂扣", "was suspended"),
    "resume": ("已恢复使用", "is in force again"),
    "withdraw": ("被撤销", "was withdrawn"),
    "revoke": ("被吊销", "was revoked"),
    "cancel": ("已注销", "was cancelled"),
}


def issued(session: Session, made: Sequence[tuple[Licence, LicenceType]], at: datetime) -> None:
    """Holders learn at this moment that they have a licence."""
    told = []
    answering = share.representatives_of_all(session, (licence.holder for licence, _ in made), share.city_day(at))
    for licence, kind in made:
        until = day_of(licence.valid_until)
        text = (
            f"《{kind.title_zh}》已签发，{f'有效期至 {until}' if until else '长期有效'}，在“我的证照”里随时可以出示。",
            f"Your “{kind.title_en}” has been issued{f', valid until {until}' if until else ''}. Show it any time from “My licences”.",
        )
        about = (("licence", licence.licence_id),)
        message = share.Message("licence_issued", ("证照已签发", "A licence was issued"), text, about)
        told += [(code, message) for code in answering[licence.holder]]
    share.notify_all(session, told, share.moment_text(at))


def changed(session: Session, licence: Licence, kind: LicenceType, doing: Doing, at: datetime) -> None:
    """The holder learns what was done to her licence, and why."""
    zh, en = _ACTS[doing.act]
    why = (f"原因：{doing.reason}。", f" Reason: {doing.reason}.") if doing.reason else ("", "")
    text = (f"《{kind.title_zh}》{zh}。{why[0]}", f"Your “{kind.title_en}” {en}.{why[1]}")
    _tell(session, licence, share.Message(f"licence_{doing.act}", (f"证照{zh}", f"A licence {en}"), text), at)


def ending(session: Session, licence: Licence, kind: LicenceType, days: int, at: datetime) -> None:
    """The holder learns in time that her licence ends."""
    text = (
        f"《{kind.title_zh}》将于 {licence.valid_until} 到期，还有 {days} 天。需要继续使用的，请及时办理延续。",
        f"Your “{kind.title_en}” ends on {licence.valid_until}, in {days} days. Renew it in time if you need it.",
    )
    _tell(session, licence, share.Message("licence_ending", ("证照即将到期", "A licence is about to end"), text), at)


def tampered(session: Session, licence: Licence, kind: LicenceType, why: tuple[str, str], at: datetime) -> None:
    """Somebody showed this licence where it does not hold: issuer and holder learn of it."""
    text = (
        f"有人出示了《{kind.title_zh}》，但核验未通过：{why[0]}。如不是您本人出示，请与发证部门联系。",
        f"Somebody showed the licence “{kind.title_en}”, and it did not pass: {why[1]}. If that was not you, speak to the issuer.",
    )
    title = ("证照被不当出示", "A licence was shown wrongly")
    _tell(session, licence, share.Message("licence_fraud", title, text), at)
    office = (
        f"编号 {licence.identifier} 的《{kind.title_zh}》被出示但核验未通过：{why[0]}。",
        f"Licence {licence.identifier} (“{kind.title_en}”) was shown and did not pass: {why[1]}.",
    )
    message = share.Message("licence_fraud", title, office, (("licence", licence.licence_id),))
    share.notify(session, f"department:{licence.department}", message, share.moment_text(at))


def _tell(session: Session, licence: Licence, message: share.Message, at: datetime) -> None:
    about = replace(message, about=(("licence", licence.licence_id),))
    for code in share.representatives(session, licence.holder, share.city_day(at)):
        share.notify(session, code, about, share.moment_text(at))
