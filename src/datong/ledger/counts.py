"""What an asker has taken under an agreement, counted with the lines in their own transaction: no process gives what another has given.

A question counts in its minute, its rows in its day. The counts stand in one row an asker and agreement, which only whoever
holds the log's lock changes, so that they are in step with the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from datong.store import Query, Row, Session, Step, array_step

Span = Literal["day", "minute"]
Who = tuple[str, str]
"""An asker and an agreement."""
READ = "SELECT day, taken, minute, questions FROM share_count WHERE actor = :actor AND agreement = :agreement"
_COLUMNS = ("actor", "agreement", "day", "taken", "minute", "questions")
_UPSERT = """ON CONFLICT (actor, agreement) DO UPDATE
SET day = excluded.day, taken = excluded.taken, minute = excluded.minute, questions = excluded.questions"""
_ONE = f"INSERT INTO share_count ({', '.join(_COLUMNS)}) VALUES (:actor, :agreement, :day, :taken, :minute, :questions) {_UPSERT}"  # noqa: S608 - our own columns


class OverCountError(Exception):
    """The lines were not written, because their asker has used up what the agreement allows in a day or a minute."""

    def __init__(self, span: Span) -> None:
        super().__init__(f"used up for this {span}")
        self.span = span


@dataclass(frozen=True)
class Count:
    """What a caller's lines count as: one question, so many rows; and what is allowed. `day` is the city's, `minute` since 1970."""

    actor: str
    agreement: str
    day: str
    minute: int
    rows: int
    per_day: int
    per_minute: int

    @property
    def who(self) -> Who:
        """Whose count it is."""
        return self.actor, self.agreement

    @property
    def query(self) -> Query:
        """What reads the count as it stands."""
        return READ, {"actor": self.actor, "agreement": self.agreement}


@dataclass(slots=True)
class Taken:
    """A count as it stands, and as it is carried on."""

    day: str = ""
    taken: int = 0
    minute: int = 0
    questions: int = 0

    def take(self, count: Count) -> Span | None:
        """Count one question more; or why it may not be asked. One that comes late counts on the day and in the minute of the others."""
        if count.day > self.day:
            self.day, self.taken = count.day, 0
        if count.minute > self.minute:
            self.minute, self.questions = count.minute, 0
        if self.questions >= count.per_minute:
            return "minute"
        if self.taken >= count.per_day:
            return "day"
        self.taken += count.rows
        self.questions += 1
        return None


def taken_of(rows: Sequence[Row]) -> Taken:
    """The count that `READ` found."""
    return Taken(*rows[0]) if rows else Taken()


def admit(taken: dict[Who, Taken], counts: Iterable[Count | None]) -> list[Span | None]:
    """Count one after another, as far as it is allowed: for each why not, or nothing. `taken` is brought up to it."""
    return [taken[count.who].take(count) if count is not None else None for count in counts]


def keep_step(taken: dict[Who, Taken]) -> Step:
    """Counts as they now stand, as a step of a journey."""
    return array_step("share_count", _COLUMNS, [_row(who, one) for who, one in taken.items()], _UPSERT)


def take(session: Session, count: Count) -> None:
    """Count one question in a transaction that holds the log's lock. Raises OverCountError when it may not be asked."""
    taken = {count.who: taken_of(session.all(*count.query))}
    if (span := admit(taken, [count])[0]) is not None:
        raise OverCountError(span)
    session.run(_ONE, dict(zip(_COLUMNS, _row(count.who, taken[count.who]), strict=True)))


def _row(who: Who, one: Taken) -> tuple[Any, ...]:
    return (*who, one.day, one.taken, one.minute, one.questions)
