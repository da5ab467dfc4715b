"""Subjects as the door sees them before anything is masked: facts, marks, ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from datong import registers
from datong.domain.access import Key, Register
from datong.domain.codes import LETTERS
from datong.share import queries
from datong.share.installed import installed
from datong.share.subject import Fact, Subject
from datong.store import Query, Session

__all__ = ["Fact", "Subject", "Tie", "find", "is_own", "merged_from", "open_marks", "queries_of", "read_subject", "subject_of", "ties"]


@dataclass(frozen=True)
class Tie:
    """A relation of a subject to another, with what the other is called."""

    type: str
    direction: str
    code: str
    register: Register
    label: str
    since: str
    until: str
    resource: str
    as_of: str
    department: str = ""


def find(session: Session, key: Key, register: Register) -> list[str]:
    """The codes in this register that a key leads to, as they hold today (a merged code leads to its survivor)."""
    return [code for code in registers.find(session, key) if LETTERS[register] == code[:1]]


def queries_of(code: str) -> list[Query]:
    """What finding a subject by its code, reading it and its marks asks, so that it can be read ahead."""
    return [registers.query_of(code), (queries.ENTRY, {"code": code}), (queries.OPEN_MARKS, {"code": code})]


def read_subject(session: Session, code: str) -> Subject | None:
    """One entry, or nothing."""
    row = session.one(queries.ENTRY, {"code": code})
    return subject_of(row) if row else None


def subject_of(row: tuple[Any, ...]) -> Subject:
    """A subject from a row of code, kind, division, label, body."""
    return Subject(*row)


def open_marks(session: Session, code: str) -> dict[str, tuple[str, ...]]:
    """Field → kinds of open marks that every reader is told; "" holds the marks on the subject itself."""
    return told_marks(session, open_kinds(session, code))


def open_kinds(session: Session, code: str) -> list[tuple[str, str]]:
    """Field and kind of every open mark, also of those that no reader is warned by."""
    return sorted((str(field), str(kind)) for field, kind in session.all(queries.OPEN_MARKS, {"code": code}))


def told_marks(session: Session, kinds: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Of these, what every reader is told, by field."""
    found: dict[str, tuple[str, ...]] = {}
    quiet = installed(session).quiet
    for field, kind in kinds:
        if kind not in quiet:
            found[field] = (*found.get(field, ()), kind)
    return found


def ties(session: Session, code: str) -> list[Tie]:
    """Every relation of a subject, live and ended, once per relation and source."""
    return [Tie(*row) for row in session.all(queries.TIES, {"code": code})]


def is_own(session: Session, person: str, code: str, kind: str = "tied") -> bool:
    """Whether what a code stands for is a person's own: "tied" (owns, rents, lives at, or is it herself) or "owner"."""
    if not person:
        return False
    tie = queries.OWNS if kind == "owner" else queries.OWN_TIE
    return person == code or session.one(tie, {"person": person, "code": code}) is not None


def merged_from(session: Session, code: str) -> tuple[str, ...]:
    """Earlier codes that lead to this one."""
    return tuple(row[0] for row in session.all(queries.MERGED_FROM, {"code": code}))
