"""Checking many at once: a list of keys with claims goes in, outcomes come out, each through the one door with a line of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from datong.collect import read_any
from datong.domain.access import KEY_TYPES, Actor, Answer, Key, Question, Reason, Register
from datong.domain.errors import BadValue
from datong.domain.registers import REGISTER_FIELDS
from datong.share.csv_text import csv_text
from datong.share.flow import ask
from datong.share.installed import installed, moment
from datong.share.words import CLAIM_ONLY, FIELDS, KEY_WORDS, field_words
from datong.share.workdays import city_day
from datong.store import Session

MOST_ROWS = 1000
_LARGEST = 4 << 20
_KEY_HEADS = {**{zh: code for code, (zh, _) in KEY_WORDS.items()}, **{code: code for code in KEY_TYPES}, "身份证号码": "citizen_id"}
_CLAIM_HEADS = {**{zh: code for code, (zh, _) in FIELDS.items()}, **{code: code for code in FIELDS}}


@dataclass(frozen=True)
class BatchRow:
    """One row to be checked: its number in the list, the key, and the claims that are filled."""

    number: int
    key: Key
    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BatchAsked:
    """What all rows have in common."""

    purpose: str
    register: Register
    reason: Reason = field(default_factory=Reason)
    automatic: bool = False


@dataclass(frozen=True)
class BatchAnswer:
    """One row's answer."""

    number: int
    answer: Answer


def check_many(
    session: Session, actor: Actor, asked: BatchAsked, rows: Sequence[BatchRow], *, now: datetime | None = None
) -> tuple[BatchAnswer, ...]:
    """Verify every row; each is one question, counted against the agreement's rate and quota, with one line for its subject.

    Raises BadValue for no rows, or for more than the agreement gives at a time.
    """
    if not rows:
        raise BadValue("rows", "is empty", "give at least one")
    most = _most(session, actor, asked, rows[0], now)
    if len(rows) > most:
        raise BadValue("rows", f"holds {len(rows)} rows", f"the agreement gives at most {most} at a time: send it in parts")
    return tuple(BatchAnswer(row.number, ask(session, actor, _question(asked, row), now=now)) for row in rows)


def _question(asked: BatchAsked, row: BatchRow) -> Question:
    return Question(
        asked.purpose, "verify", asked.register, row.key, claims=row.claims, reason=asked.reason, automatic=asked.automatic
    )  # fmt: skip


def _most(session: Session, actor: Actor, asked: BatchAsked, first: BatchRow, now: datetime | None) -> int:
    policy = installed(session).policy
    decision = policy.decide(actor, _question(asked, first), city_day(moment(now)).isoformat())
    return min(policy.agreement(decision.agreement).quota.per_call, MOST_ROWS) if decision.agreement else MOST_ROWS


def read_checks(content: bytes, name: str, register: Register) -> tuple[BatchRow, ...]:
    """The rows of an uploaded table (CSV in any usual encoding, or a workbook). The first column that names a kind of key is
    the key; every other column must be a field that can be claimed; empty cells claim nothing.

    Raises BadValue naming what does not fit, and BadDelivery for a file that is no table.
    """
    if len(content) > _LARGEST:
        raise BadValue("file", "is too large", f"at most {_LARGEST >> 20} MB; send it in parts")
    suffix = Path(name).suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix if suffix in (".csv", ".xlsx", ".txt") else ".csv") as file:
        file.write(content)
        file.flush()
        table = read_any(Path(file.name))
    heads = [head.strip() for head in table.columns.column_names]
    key_at = next((at for at, head in enumerate(heads) if head in _KEY_HEADS and _KEY_HEADS[head] != "pass"), -1)
    if key_at < 0:
        raise BadValue("file", "has no column that names whom or what", f"call one column {'、'.join(zh for zh, _ in KEY_WORDS.values())}")
    claims = [(at, _claim(head, register)) for at, head in enumerate(heads) if at != key_at]
    kind = _KEY_HEADS[heads[key_at]]
    rows = []
    for number, row in zip(
        table.row_nos.tolist(), zip(*(column.to_pylist() for column in table.columns.columns), strict=True), strict=True
    ):
        filled = tuple((name, row[at].strip()) for at, name in claims if row[at].strip())
        if row[key_at].strip():
            extra = tuple(one for one in filled if kind == "name_birth" and one[0] == "birth_date")
            rows.append(BatchRow(number, Key(kind, row[key_at].strip(), extra), tuple(one for one in filled if one not in extra)))
    return tuple(rows)


def _claim(head: str, register: Register) -> str:
    name = _CLAIM_HEADS.get(head, "")
    if name in REGISTER_FIELDS[register] or name in CLAIM_ONLY:
        return name
    raise BadValue(
        "file", f"has a column {head[:40]!r} that is no field of this register", "take it out, or call it as the field is called"
    )


def outcome_sheet(answers: Sequence[BatchAnswer], words: dict[str, str]) -> bytes:
    """The outcomes as CSV: row number, outcome, each claim's outcome, reasons in words. Nothing of what was sent comes back.

    `words`: what each outcome is called.
    """
    claims = list(dict.fromkeys(name for one in answers for name, _ in one.answer.compared))
    rows = [("行号", "结果", *(field_words(name)[0] for name in claims), "说明")]
    for one in answers:
        found = dict(one.answer.compared)
        said = " ".join(ground.zh for ground in one.answer.grounds or one.answer.decision.grounds)
        cells = [words.get(found.get(name, ""), found.get(name, "")) for name in claims]
        rows.append((str(one.number), words.get(one.answer.outcome, one.answer.outcome), *cells, said))
    return csv_text(rows).encode()
