"""Random field checks: how right the registers are, measured on a sample that nobody could choose.

First the hash of a random seed is committed to the record, then the sample is drawn by it: the subjects with the smallest
sha256("seed|line of the commitment|code"). Seed, line and population are told, so that anybody can draw it again.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Literal

from datong import ledger, registers
from datong.domain.access import Actor, Question
from datong.domain.errors import BadValue, Missing
from datong.share import queries
from datong.share.collectors import shared_entry
from datong.share.disputes import OFFICE
from datong.share.installed import installed, moment
from datong.share.notices import next_serial
from datong.share.policy import expand
from datong.share.prepared import line
from datong.share.problems import PURPOSE, asking_for
from datong.share.subjects import Subject
from datong.share.workdays import city_day, moment_text
from datong.store import Row, Session

DRAW, CHECK, READ = "quality.draw", "quality.check", "quality.read"
Measure = Literal["address", "domicile"]
MEASURES: Mapping[str, tuple[str, str]] = {"address": ("premises", "standard_address"), "domicile": ("organisation", "registered_address")}
"""What is measured → the register, and the field that is checked at the door."""
RESULTS = ("right", "wrong", "unknown")
SMALLEST, LARGEST = 5, 5000
LONGEST = 300
_PAGE = 2000
_COLUMNS = (
    *("sample_id", "measure", "division", "digits", "size", "seed_hash", "seed", "commit_line", "state"),
    *("committed_at", "drawn_at", "by", "strata"),
)


@dataclass(frozen=True)
class Sample:
    """One sample. `strata` maps a division (or "" for all) to the size of its population."""

    sample_id: str
    measure: str
    division: str
    digits: int
    size: int
    seed_hash: str
    seed: str
    commit_line: str
    state: str
    committed_at: str
    drawn_at: str
    by: str
    strata: Mapping[str, int]


@dataclass(frozen=True)
class Check:
    """One subject to look at: what the register says, masked as the agreement says."""

    sample_id: str
    number: int
    code: str
    division: str
    measure: str
    label: str
    claimed: str
    """What the register says of the field that is checked."""


@dataclass(frozen=True)
class Estimate:
    """What a sample says: the share that is right with its interval (95 %), and how many were looked at.

    `right`, `wrong`, `unknown` and `waiting` count the sample; `population` is what it was drawn from. Without a single
    finding `share` is nothing.
    """

    sample: Sample
    right: int
    wrong: int
    unknown: int
    waiting: int
    population: int
    share: float | None
    low: float
    high: float


def commit_sample(
    session: Session, actor: Actor, measure: str, size: int, *, seed: str, division: str = "", digits: int = 0, now: datetime | None = None
) -> Sample:
    """Commit to a seed: its hash stands in the record before anything is drawn. The seed is random and stays hidden till the draw.

    `digits` cuts the population into strata by so many digits of the division (6: districts). Raises Forbidden, BadValue.
    """
    installed(session).must(actor, DRAW)
    if measure not in MEASURES:
        raise BadValue("measure", "is not known", f"write one of {', '.join(MEASURES)}")
    if not SMALLEST <= size <= LARGEST:
        raise BadValue("size", "is too small or too large", f"write {SMALLEST} to {LARGEST}")
    if division and not division.isdigit():
        raise BadValue("division", "is no division code", "write its digits")
    if digits not in (0, 6, 9, 12):
        raise BadValue("digits", "is no level of divisions", "write 0, 6, 9 or 12")
    at_moment = moment(now)
    at = moment_text(at_moment)
    number = f"Q{city_day(at_moment):%Y%m%d}-{next_serial(session, f'sample:{city_day(at_moment)}'):03d}"
    seed_hash = hashlib.sha256(seed.encode()).hexdigest()
    what = {"measure": measure, "size": size, "division": division, "digits": digits, "seed_hash": seed_hash}
    what = {"measure": measure, "size": size, "division": division, "digits": digits, "seed_hash": seed_hash}
    body = {"act": "committed", "sample": number, **what}
    (committed,) = ledger.append(session, ledger.Line("sample", at, "", actor.id, actor.department, actor.unit, "", body))
    session.run(
        queries.ADD_SAMPLE, {"sample_id": number, **what, "seed": seed, "commit_line": committed, "committed_at": at, "by_whom": actor.id}
    )
    return _sample(session, number)


def draw_sample(session: Session, actor: Actor, sample_id: str, *, now: datetime | None = None) -> int:
    """Draw a committed sample; how many subjects it holds. The seed is now in the record too. Raises BadValue when it is drawn already."""
    installed(session).must(actor, DRAW)
    found = _sample(session, sample_id)
    if found.state != "committed":
        raise BadValue("sample", "is drawn already")
    strata: dict[str, list[tuple[str, str, str]]] = {}
    for code, division in _population(session, found):
        strata.setdefault(division[: found.digits], []).append((rank(found.seed, found.commit_line, code), code, division))
    sizes = {stratum: len(rows) for stratum, rows in strata.items()}
    chosen = [
        (stratum, code, division)
        for stratum, wanted in sorted(allot(sizes, found.size).items())
        for _, code, division in heapq.nsmallest(wanted, strata[stratum])
    ]
    at = moment_text(moment(now))
    empty = {"result": "", "found": "", "checked_by": "", "department": "", "checked_at": ""}
    columns = ("sample_id", "number", "code", "stratum", "division", *empty)
    rows = ((sample_id, number, code, stratum, division, *empty.values()) for number, (stratum, code, division) in enumerate(chosen, 1))
    session.load("quality_check", columns, rows)
    session.run(queries.DRAWN_SAMPLE, {"sample_id": sample_id, "at": at, "strata": json.dumps(sizes, sort_keys=True)})
    body = {"act": "drawn", "sample": sample_id, "seed": found.seed, "commitment": found.commit_line, "population": sum(sizes.values())}
    ledger.append(session, ledger.Line("sample", at, "", actor.id, actor.department, actor.unit, "", body))
    return len(chosen)


def rank(seed: str, commit_line: str, code: str) -> str:
    """Where a subject stands in the draw: those with the smallest are chosen."""
    return hashlib.sha256(f"{seed}|{commit_line}|{code}".encode()).hexdigest()


def allot(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many to draw from each stratum: in proportion, at least one each, never more than there are."""
    total = sum(sizes.values())
    return {stratum: min(size, max(1, round(wanted * size / total))) for stratum, size in sizes.items()} if total else {}


def open_checks(session: Session, actor: Actor, limit: int = 50, *, now: datetime | None = None) -> tuple[Check, ...]:
    """What the actor still has to look at in her own divisions. Each subject listed leaves its line. Raises Forbidden."""
    installed(session).must(actor, CHECK)
    at_moment = moment(now)
    found: list[Check] = []
    for measure, (register, field) in MEASURES.items():
        asking = asking_for(session, actor, Question(PURPOSE, "list", register, limit=1), at_moment)  # type: ignore[arg-type]
        if asking is None:
            continue
        where, params = _within(actor, session)
        rows = session.all(queries.OPEN_CHECKS.format(where=where), {**params, "measure": measure, "most": limit})
        shown = []
        for sample_id, number, code, division, label, body in rows:
            subject = Subject(code, register, division, label, body)  # type: ignore[arg-type]
            entry = shared_entry(subject, asking.decision, asking.agreement, {})
            claimed = next((fact.value for fact in entry.facts if fact.field == field and fact.state == "won"), "")
            found.append(Check(sample_id, number, code, division, measure, entry.label, claimed or entry.label))
            shown.append(line(asking, "read", code, "found", fields=[field]))
        if shown:
            ledger.append(session, *shown)
    return tuple(found)


def record_check(
    session: Session, actor: Actor, place: tuple[str, int], result: str, found: str = "", *, now: datetime | None = None
) -> None:
    """Enter what was found at the door: right, wrong (and what it is), or unknown. What is wrong is marked for its department.

    Raises Missing when it is not the actor's to look at or was entered already, BadValue when a wrong one says nothing.
    """
    installed(session).must(actor, CHECK)
    if result not in RESULTS:
        raise BadValue("result", "is not known", f"write one of {', '.join(RESULTS)}")
    said = found.strip()
    if len(said) > LONGEST or (result == "wrong" and len(said) < 2):
        raise BadValue("found", "must say what was found", f"write up to {LONGEST} characters")
    where, params = _within(actor, session)
    row = session.one(queries.ONE_CHECK.format(where=where), {**params, "sample_id": place[0], "number": place[1]})
    if row is None:
        raise Missing("没有这项核查任务，或已填报 (there is no such check, or it was entered already)")
    code, measure = row
    at = moment_text(moment(now))
    values = {"result": result, "found": said, "by": actor.id, "department": actor.department, "at": at}
    session.run(queries.ENTER_CHECK, {**values, "sample_id": place[0], "number": place[1]})
    body = {"act": "checked", "sample": place[0], "number": place[1], "result": result}
    ledger.append(session, ledger.Line("sample", at, code, actor.id, actor.department, actor.unit, PURPOSE, body))
    if result == "wrong":
        _mark_wrong(session, actor, code, MEASURES[measure], (place, at))


def _mark_wrong(session: Session, actor: Actor, code: str, what: tuple[str, str], when: tuple[tuple[str, int], str]) -> None:
    """A wrong value found at the door is work for the department answerable; every reader sees that it is being looked into."""
    parts = installed(session)
    (sample_id, number), at = when
    row = session.one(queries.ENTRY, {"code": code})
    held = (Subject(*row).won(what[1]) if row else None) or {}
    due = parts.calendar.due(datetime.fromisoformat(at).date(), 10).isoformat()
    owner = registers.Owner(held.get("department", "") or OFFICE, due, held.get("resource", ""))
    detail = {"sample": f"{sample_id}/{number}"}
    registers.raise_mark(session, code, registers.INVESTIGATION, by=actor.id, at=at, field=what[1], detail=detail, owner=owner)


def samples(session: Session, actor: Actor) -> tuple[Estimate, ...]:
    """Every sample with what it says so far, newest first. Raises Forbidden without `quality.read`."""
    installed(session).must(actor, READ)
    return tuple(_estimate(session, _read(row)) for row in session.all(queries.SAMPLES))


def _estimate(session: Session, sample: Sample) -> Estimate:
    counts: dict[str, dict[str, int]] = {}
    for stratum, result, number in session.all(queries.CHECK_COUNTS, {"sample_id": sample.sample_id}):
        counts.setdefault(stratum, {})[result] = int(number)
    total = {word: sum(of.get(word, 0) for of in counts.values()) for word in ("right", "wrong", "unknown", "")}
    told = {s: (of.get("right", 0), of.get("right", 0) + of.get("wrong", 0)) for s, of in counts.items()}
    share, low, high = stratified(told, sample.strata)
    population = sum(sample.strata.values())
    return Estimate(sample, total["right"], total["wrong"], total["unknown"], total[""], population, share, low, high)


def stratified(found: Mapping[str, tuple[int, int]], sizes: Mapping[str, int]) -> tuple[float | None, float, float]:
    """(share right, low, high): strata (right, looked at) weighed by their populations; the interval is Wilson's, 95 %.

    With several strata it is Wilson's for the number of looks that would vary as much; strata without a look are left out
    of the weights.
    """
    known = {stratum: pair for stratum, pair in found.items() if pair[1]}
    weight = sum(sizes.get(stratum, 0) for stratum in known)
    if not known or not weight:
        return None, 0.0, 1.0
    parts = [(sizes.get(stratum, 0) / weight, right / looked, looked) for stratum, (right, looked) in known.items()]
    share = sum(part * rate for part, rate, _ in parts)
    spread = sum(part * part * rate * (1 - rate) / looked for part, rate, looked in parts)
    looks = share * (1 - share) / spread if spread > 0 else 1 / sum(part * part / looked for part, _, looked in parts)
    return (share, *wilson(share, looks))


def wilson(share: float, looks: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's interval of a share seen in so many looks."""
    middle = (share + z * z / (2 * looks)) / (1 + z * z / looks)
    half = z * sqrt(share * (1 - share) / looks + z * z / (4 * looks * looks)) / (1 + z * z / looks)
    return max(0.0, middle - half), min(1.0, middle + half)


def _population(session: Session, sample: Sample) -> Iterator[tuple[str, str]]:
    sql = queries.PREMISES_POPULATION if sample.measure == "address" else queries.FIRM_POPULATION
    after = ""
    while rows := session.all(sql, {"after": after, "most": _PAGE, "n": len(sample.division), "division": sample.division}):
        after = rows[-1][0]
        for code, division, body in rows:
            subject = Subject(code, "premises" if sample.measure == "address" else "organisation", division, "", body)
            if sample.measure == "address" or subject.get("status") == "active":
                yield code, division


def _within(actor: Actor, session: Session) -> tuple[str, dict[str, str | int]]:
    """The actor's own divisions as SQL over a check."""
    tests: list[str] = []
    params: dict[str, str | int] = {}
    for at, prefix in enumerate(expand(actor.jurisdiction, installed(session).sharing.zones)):
        tests.append(f"substr(k.division, 1, :n{at}) = :p{at}")
        params |= {f"n{at}": len(prefix), f"p{at}": prefix}
    return (f"({' OR '.join(tests)})", params) if tests else ("1 = 0", {})


def _sample(session: Session, sample_id: str) -> Sample:
    row = session.one(queries.SAMPLE, {"sample_id": sample_id})
    if row is None:
        raise Missing("没有这个样本 (there is no such sample)")
    return _read(row)


def _read(row: Row) -> Sample:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Sample(**{**values, "strata": json.loads(values["strata"] or "{}")})
