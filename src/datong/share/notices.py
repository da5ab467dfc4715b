"""Notices: what a citizen, an account or a department is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from datong.domain.access import Actor
from datong.domain.json_text import compact
from datong.share import queries
from datong.store import Row, Series, Session

SERIALS = Series("share_serial", "name")


@dataclass(frozen=True)
class Notice:
    """One notice. `title` and `text` are in both languages; `about` names premises, dispute or pass by id."""

    notice_id: str
    at: str
    kind: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    about: Mapping[str, str]
    read_at: str = ""


@dataclass(frozen=True)
class Message:
    """What a notice will say."""

    kind: str
    title: tuple[str, str]
    text: tuple[str, str]
    about: tuple[tuple[str, str], ...] = ()


def next_serial(session: Session, name: str, amount: int = 1) -> int:
    """The next number of a series, in the caller's transaction; of an `amount` of them the last."""
    return session.next_number(SERIALS, name, amount)


def dated_number(session: Session, letter: str, series: str, day: date) -> str:
    """The next number of a day's series as people read it: its letter, the day, a stroke and the number in it."""
    iso = day.isoformat()
    return f"{letter}{iso.replace('-', '')}-{next_serial(session, f'{series}:{iso}'):04d}"


def notify(session: Session, subject: str, message: Message, at: str) -> str:
    """Tell someone: a person code, "account:<id>" or "department:<code>". The notice's number."""
    return notify_all(session, ((subject, message),), at)[0]


def notify_all(session: Session, told: Sequence[tuple[str, Message]], at: str) -> tuple[str, ...]:
    """Tell many, in one go; the notices' numbers in the same order."""
    if not told:
        return ()
    last = next_serial(session, "notice", len(told))
    ids = tuple(f"N{number:09d}" for number in range(last - len(told) + 1, last + 1))
    rows = []
    for notice_id, (subject, message) in zip(ids, told, strict=True):
        body = {"title": list(message.title), "text": list(message.text), "about": dict(message.about)}
        rows.append((notice_id, subject, at, message.kind, compact(body), ""))
    session.load("share_notice", queries.NOTICE_COLUMNS, rows)
    return ids


def notices(session: Session, actor: Actor, limit: int = 50) -> tuple[Notice, ...]:
    """What the actor has been told, newest first: a citizen by her code, an officer by her account."""
    rows = session.all(queries.NOTICES_OF, {"subject": mailbox(actor), "limit": max(1, min(limit, 200))})
    return tuple(_notice(row) for row in rows)


def department_notices(session: Session, actor: Actor, limit: int = 50) -> tuple[Notice, ...]:
    """What the actor's department has been told, newest first."""
    rows = session.all(queries.NOTICES_OF, {"subject": f"department:{actor.department}", "limit": max(1, min(limit, 200))})
    return tuple(_notice(row) for row in rows) if actor.department else ()


def unread(session: Session, actor: Actor) -> int:
    """How many notices the actor has not opened."""
    row = session.one(queries.UNREAD, {"subject": mailbox(actor)})
    return int(row[0]) if row else 0


def read_notice(session: Session, actor: Actor, notice_id: str, at: str) -> bool:
    """Mark one of the actor's own notices as read; false when it is not hers or was read before."""
    return session.run(queries.READ_NOTICE, {"notice_id": notice_id, "subject": mailbox(actor), "at": at}) == 1


def mailbox(actor: Actor) -> str:
    """Where the actor's notices lie."""
    return actor.subject or f"account:{actor.id}"


def _notice(row: Row) -> Notice:
    body = json.loads(row[3])
    (title_zh, title_en), (text_zh, text_en) = body["title"], body["text"]
    return Notice(row[0], row[1], row[2], title_zh, title_en, text_zh, text_en, body["about"], row[4])
