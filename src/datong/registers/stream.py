"""Read members from the store, subject by subject, and build each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from datong.registers import queries
from datong.registers.build import Built, Member, Other, build
from datong.registers.fold import Weights
from datong.spec import Packs
from datong.store import Session

PAGE = 2000
"""How many subjects are held in memory at once."""


def built_subjects(session: Session, packs: Packs, codes: Sequence[str] | None = None) -> Iterator[Built]:
    """Every subject that has records (or just these), built, in order of code."""
    weights = Weights(packs)
    if codes is not None:
        yield from _built(session, weights, *_among(codes), _places(session, codes))
        return
    places = {code: (division, wording) for code, division, wording in session.all(queries.PLACES)}
    for low, high in pages(session, queries.MEMBER_CODES):
        yield from _built(session, weights, "AND {code} > :low AND {code} <= :high", {"low": low, "high": high}, places)


def pages(session: Session, sql: str) -> Iterator[tuple[str, str]]:
    """Ranges of codes (after, up to), of bounded size; `sql` gives the codes after :after in order."""
    low = ""
    while rows := session.all(sql, {"after": low, "limit": PAGE}):
        yield low, rows[-1][0]
        low = rows[-1][0]


def _built(
    session: Session, weights: Weights, only: str, params: Mapping[str, str], places: Mapping[str, tuple[str, str]]
) -> Iterator[Built]:
    ties = _Ties(session.all(queries.TIES.format(only=only.format(code="m.code")), params))
    rows = session.all(queries.MEMBERS.format(only=only.format(code="code")), params)
    for code, members in groupby(rows, key=lambda row: row[0]):
        yield build(code, [_member(row) for row in members], ties.of(code), places, weights)


class _Ties:
    """The other sides of each subject's ties."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._of: dict[str, dict[tuple[str, str, str], Other]] = {}
        for code, resource, record, role, other, rule in rows:
            self._of.setdefault(code, {})[resource, record, role] = Other(other, rule)

    def of(self, code: str) -> dict[tuple[str, str, str], Other]:
        return self._of.get(code, {})


def _places(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Premises code → division and wording, of all that these subjects may lie in."""
    only, params = _among(codes)
    wanted = {code for code in codes if code.startswith("H")}
    wanted |= {row[4] for row in session.all(queries.TIES.format(only=only.format(code="m.code")), params) if row[4].startswith("H")}
    bodies = session.all(queries.PLACED_BODIES.format(only=only.format(code="code")), params)
    wanted |= {place for row in bodies for place in json.loads(row[0]).get("p", {}).values()}
    rows = [row for chunk in in_chunks(wanted) for row in session.all(queries.PLACES_OF.format(marks=marks(chunk)), chunk)]
    return {code: (division, wording) for code, division, wording in rows}


def _among(codes: Sequence[str]) -> tuple[str, dict[str, str]]:
    params = {f"c{at}": code for at, code in enumerate(codes)}
    return "AND {code} IN (" + ", ".join(f":{name}" for name in params) + ")", params


def _member(row: tuple[Any, ...]) -> Member:
    _, resource, record, role, delivery, as_of, rule, body = row
    return Member(resource, record, role, delivery, as_of, rule, json.loads(body))


def in_chunks(values: set[str], size: int = 500) -> Iterator[dict[str, str]]:
    """Parameters for `IN` lists of a bounded length."""
    ordered = sorted(values)
    for start in range(0, len(ordered), size):
        yield {f"v{at}": value for at, value in enumerate(ordered[start : start + size])}


def marks(chunk: dict[str, str]) -> str:
    """The `:v0, :v1` that go with a chunk of parameters."""
    return ", ".join(f":{name}" for name in chunk)
